"""The words people see for the words the code uses: fields, relations, marks, outcomes, states."""

from __future__ import annotations

from collections.abc import Mapping

from datong import share
from datong.domain.registers import REGISTER_FIELDS
from datong.web import mark_words

FORM_FIELDS = {
    "code": ("永久编码", "Permanent code"),
    "key": ("号码、名称或地址", "Number, name or address"),
    "premises": ("房屋", "Premises"),
    "purpose": ("用途", "Purpose"),
    "reason": ("理由", "Reason"),
    "decision": ("结论", "Decision"),
    "field": ("哪一项", "Field"),
    "password": ("密码", "Password"),
    "account_id": ("账号", "Account"),
    "what": ("说明", "What is wrong"),
    "file": ("名单文件", "File"),
    "said": ("意见", "Opinion"),
    "rows": ("行数", "Rows"),
    "title": ("名称", "Name"),
    "register": ("哪个库", "Register"),
    "providing": ("提供部门", "Providing department"),
    "act": ("办理事项", "Act"),
    "note": ("理由", "Reason"),
    "why": ("理由", "Reason"),
    "days": ("工作日", "Working days"),
    "reasons": ("理由", "Reasons"),
    "fields": ("数据项", "Fields"),
    "terms": ("协议条款", "Terms"),
    "until": ("截止日期", "Last day"),
    "version": ("版本", "Version"),
    "sample": ("样例对象", "Sample"),
    "about": ("协议或申请", "Agreement or request"),
    "answer": ("核实情况", "What was found"),
    "service": ("事项", "Item"),
    "applicant": ("申请人", "Applicant"),
    "task": ("任务", "Task"),
    "lacking": ("需补正的内容", "What lacks"),
    "outcome": ("意见", "Opinion"),
    "seat": ("席位", "Seat"),
    "to": ("移交给", "Handed to"),
    "tasks": ("任务", "Tasks"),
    "at": ("时间", "Time"),
}
"""Fields of forms that are no fields of a register."""
REGISTER_NAMES = {name for fields in REGISTER_FIELDS.values() for name in fields} | {"applicant_citizen_id", "owner_citizen_id"}
FIELDS = {name: (zh, en[:1].upper() + en[1:]) for name in sorted(REGISTER_NAMES) for zh, en in [share.field_words(name)]}
RELATIONS = {
    "owns": ("拥有", "Owns"),
    "rents": ("租住", "Rents"),
    "lives_at": ("居住于", "Lives at"),
    "household_registered_at": ("户籍所在", "Household registered at"),
    "registered_at": ("注册于", "Registered at"),
    "operates_at": ("经营于", "Operates at"),
    "legal_representative_of": ("任法定代表人", "Legal representative of"),
    "works_for": ("就职于", "Works for"),
    "married_to": ("配偶", "Married to"),
    "child_of": ("父母", "Child of"),
    "ward_of": ("监护人", "Ward of"),
    "account_holder_at": ("开户于", "Account holder at"),
    "studies_at": ("就读于", "Studies at"),
}
RELATIONS_BACK = {
    "owns": ("权利人", "Owner"),
    "rents": ("承租人", "Tenant"),
    "lives_at": ("居住人", "Resident"),
    "household_registered_at": ("户籍人员", "Registered household"),
    "registered_at": ("注册企业", "Registered here"),
    "operates_at": ("经营单位", "Operates here"),
    "legal_representative_of": ("法定代表人", "Legal representative"),
    "works_for": ("从业人员", "Employee"),
    "married_to": ("配偶", "Married to"),
    "child_of": ("子女", "Child"),
    "ward_of": ("被监护人", "Ward"),
    "account_holder_at": ("户主（水电气热）", "Utility account holder"),
    "studies_at": ("学生", "Student"),
}
OUTCOMES = {
    "same": ("一致", "Same"),
    "different": ("不一致", "Different"),
    "partly": ("部分一致", "Partly the same"),
    "found": ("已找到", "Found"),
    "not_found": ("未找到", "Not found"),
    "refused": ("不予提供", "Refused"),
    "ambiguous": ("不止一个", "More than one"),
    "missing": ("登记库中没有", "Not in the register"),
    "not_granted": ("未获授权", "Not granted"),
}
REGISTERS = {"person": ("人口", "Person"), "organisation": ("法人", "Organisation"), "premises": ("房屋", "Premises")}
KEYS = {code: (zh, en[:1].upper() + en[1:]) for code, (zh, en) in share.KEY_WORDS.items()}
STATES = {
    "consent_asked": ("待答复", "Waiting for an answer"),
    "consent_given": ("已授权", "Given"),
    "consent_refused": ("已拒绝", "Refused"),
    "consent_lapsed": ("未答复，已失效", "Lapsed unanswered"),
    "consent_withdrawn": ("已撤回", "Withdrawn"),
    "consent_used": ("已使用", "Used"),
    "consent_expired": ("已过期", "Expired"),
    "received": ("已接收", "Received"),
    "collected": ("已归集", "Collected"),
    "held": ("已暂停", "Held"),
    "replaced": ("已替换", "Replaced"),
    "failed": ("失败", "Failed"),
    "waiting": ("待处理", "Waiting"),
    "released": ("已放行", "Released"),
    "raised": ("已提出", "Raised"),
    "checking": ("核查中", "Being checked"),
    "corrected": ("已更正", "Corrected"),
    "upheld": ("维持原记录", "Upheld"),
    "open": ("未处理", "Open"),
    "settled": ("已处理", "Settled"),
    "active": ("有效", "Active"),
    "merged": ("已合并", "Merged"),
    "empty": ("无记录", "Empty"),
    "verify": ("核验", "Verify"),
    "look_up": ("查询", "Look up"),
    "list": ("名单", "List"),
    "extract": ("批量", "Extract"),
}
WAITING = {
    "missing": ("必填项为空", "A required value is missing"),
    "length": ("位数不对", "Wrong length"),
    "characters": ("有不允许的字符", "Characters that cannot stand there"),
    "check_digit": ("校验位不符", "Check digit does not fit"),
    "check_character": ("校验位不符", "Check character does not fit"),
    "birth_date": ("出生日期不存在", "No such birth date"),
    "province": ("地区码不存在", "No such province"),
    "placeholder": ("占位内容", "A placeholder"),
    "impossible": ("不可能的值", "Impossible value"),
    "form": ("写法不对", "Wrong form"),
    "kind": ("类型不对", "Wrong kind"),
    "swapped_columns": ("疑似错列", "Columns look swapped"),
    "column_count": ("列数不对", "Wrong number of columns"),
    "unknown_code": ("代码未登记", "Unknown code"),
    "old15": ("15 位旧号码，已换算", "An old number of 15 digits, converted"),
}
"""Why a row waits in quarantine, and why a value is kept with a note."""

PLACES = {
    "city": ("市", "City"),
    "district": ("区县", "District"),
    "street": ("街道", "Sub-district"),
    "community": ("社区", "Community"),
    "road": ("道路", "Road"),
    "road_no": ("门牌", "Door plate"),
    "estate": ("小区", "Estate"),
    "building": ("楼栋", "Building"),
    "entrance": ("单元", "Entrance"),
    "floor": ("楼层", "Floor"),
    "unit": ("户", "Door"),
    "room": ("户", "Door"),
    "village": ("村", "Village"),
    "prov": ("省", "Province"),
    "zone": ("功能区", "Functional zone"),
    "group": ("村民组", "Villagers' group"),
    "number": ("门牌", "Door plate"),
    "sub_no": ("附号", "Sub-number"),
    "phase": ("期、区", "Phase"),
    "building_kind": ("楼栋写法", "Word for the building"),
    "none": ("没有位置", "Nowhere"),
}
"""Levels of places, and the parts an address is read into."""
ADDRESS_VERDICTS = {
    "exact": ("准确", "Exact"),
    "vague": ("不详", "Vague"),
    "impossible": ("不存在", "Impossible"),
    "suspicious": ("可疑", "Suspicious"),
    "unknown": ("未识别", "Not recognised"),
}
LINES = {
    "read": ("查看", "Read"),
    "unmask": ("显示", "Shown whole"),
    "refusal": ("拒绝", "Refusal"),
    "delivery": ("批次", "Delivery"),
    "codes": ("发码", "Codes issued"),
    "merge": ("合并", "Merge"),
    "split": ("拆分", "Split"),
    "claim": ("认领", "Claim"),
    "pass": ("房码", "Pass"),
    "consent": ("授权", "Consent"),
    "stop": ("紧急停用", "Emergency stops"),
    "mandate": ("委托与监护", "Mandates and guardians"),
    "dispute": ("纠错", "Dispute"),
    "sign_in": ("登录", "Sign-in"),
    "audit": ("审计检索", "Audit search"),
    "mark": ("问题处理", "Work on a mark"),
    "sample": ("抽样核查", "Field check"),
    "push": ("推送", "Push"),
    "request": ("共享申请", "Sharing request"),
    "agreement": ("共享协议", "Sharing agreement"),
    "alert": ("使用预警", "Alert about use"),
    "catalogue": ("数据目录", "Catalogue"),
    "extract": ("批量提取", "Extract"),
    "subscription": ("订阅", "Subscription"),
    "key": ("接口密钥", "Key of a system"),
    "judgement": ("复核判断", "Judgement of a reviewer"),
    "quarantine": ("隔离区处理", "Quarantine"),
    "log_read": ("查看谁看过", "Who looked was read"),
    "erasure": ("依法删除", "Erasure"),
}
WORDS = {**FORM_FIELDS, **LINES, **STATES, **OUTCOMES, **mark_words.WORDS, **REGISTERS, **KEYS, **RELATIONS, **FIELDS}
VALUES = {
    "sex": {"male": ("男", "Male"), "female": ("女", "Female")},
    "use": {
        "residential": ("住宅", "Residential"),
        "commercial": ("商业", "Commercial"),
        "office": ("办公", "Office"),
        "industrial": ("工业", "Industrial"),
        "warehouse": ("仓储", "Warehouse"),
        "dormitory": ("宿舍", "Dormitory"),
        "garage": ("车库", "Garage"),
        "other": ("其他", "Other"),
    },
    "place_change": {
        "renamed": ("更名", "Renamed"),
        "renumbered": ("改号", "Renumbered"),
        "split": ("拆分", "Split"),
        "merged": ("合并", "Merged"),
        "demolished": ("拆除", "Demolished"),
        "new": ("新建", "New"),
    },
    "structure": {
        "reinforced_concrete": ("钢筋混凝土", "Reinforced concrete"),
        "brick_concrete": ("砖混", "Brick and concrete"),
        "brick_wood": ("砖木", "Brick and wood"),
        "steel": ("钢结构", "Steel"),
        "other": ("其他", "Other"),
    },
    "status": {
        "active": ("存续", "Active"),
        "cancelled": ("注销", "Cancelled"),
        "revoked": ("吊销", "Revoked"),
        "abnormal": ("经营异常", "Abnormal"),
        "moved_out": ("迁出", "Moved out"),
    },
    "org_type": {
        "company": ("公司", "Company"),
        "partnership": ("合伙企业", "Partnership"),
        "sole": ("个人独资企业", "Sole proprietorship"),
        "branch": ("分支机构", "Branch"),
        "individual": ("个体工商户", "Individual business"),
        "cooperative": ("农民专业合作社", "Farmers' cooperative"),
        "private_institution": ("民办非企业单位", "Private non-enterprise institution"),
        "association": ("社会组织", "Association"),
        "institution": ("事业单位", "Public institution"),
        "government": ("机关", "Government body"),
    },
    "tax_status": {
        "normal": ("正常", "Normal"),
        "abnormal": ("非正常户", "Irregular"),
        "cancelled": ("已注销", "Cancelled"),
        "suspended": ("停业", "Suspended"),
    },
    "insurance_status": {
        "paying": ("正常缴费", "Paying"),
        "suspended": ("暂停缴费", "Suspended"),
        "stopped": ("终止参保", "Stopped"),
    },
    "disability_level": {level: (f"{zh}级", f"Level {level}") for level, zh in zip("1234", "一二三四", strict=True)},
    "marital_status": {
        "single": ("未婚", "Single"),
        "married": ("已婚", "Married"),
        "divorced": ("离婚", "Divorced"),
        "widowed": ("丧偶", "Widowed"),
    },
    "education": {
        "none": ("未上过学", "None"),
        "primary": ("小学", "Primary school"),
        "junior": ("初中", "Junior secondary"),
        "senior": ("高中", "Senior secondary"),
        "vocational": ("中专", "Vocational school"),
        "college": ("大专", "College"),
        "bachelor": ("本科", "Bachelor"),
        "master": ("硕士", "Master"),
        "doctor": ("博士", "Doctor"),
    },
    "allowance": {
        "urban_allowance": ("城市低保", "Urban minimum living allowance"),
        "rural_allowance": ("农村低保", "Rural minimum living allowance"),
        "special_poverty": ("特困供养", "Support for those in special hardship"),
        "other_hardship": ("其他困难", "Other hardship"),
    },
}
"""Words for the values of coded fields; a value that is not here is shown as the source gave it."""
UNITS = {"area": ("㎡", "m²"), "registered_capital": ("万元", "10,000 yuan"), "employees": ("人", "")}
"""What a number counts."""


def label(language: str, word: str, table: dict[str, tuple[str, str]] | None = None) -> str:
    """What people call a code word; an unknown word is shown as it is."""
    pair = (WORDS if table is None else table).get(word)
    return word if pair is None else pair[0 if language == "zh" else 1]


def relation(language: str, kind: str, direction: str) -> str:
    """What people call a relation, seen from the subject shown."""
    return label(language, kind, RELATIONS if direction == "out" else RELATIONS_BACK)


def value(language: str, field: str, kept: str) -> str:
    """A field's value as people read it; a number has its unit."""
    if field in UNITS and kept[-1:].isdigit():
        return f"{kept} {label(language, field, UNITS)}".rstrip()
    return label(language, kept, VALUES[field]) if field in VALUES else kept


def problem(language: str, note: str, columns: Mapping[str, str]) -> str:
    """A note `field:problem` of a receipt as people read it. `columns`: what the department calls each field."""
    field, _, kind = note.partition(":")
    return f"{columns.get(field, field)}{'：' if language == 'zh' else ': '}{label(language, kind, WAITING)}"


def one_language(language: str, text: str) -> str:
    """The reader's half of a message written in both languages, 中文 first."""
    zh, parted, en = text.rpartition(" · ")
    return text if not parted else zh if language == "zh" else en


def reason_words(language: str, text: str) -> str:
    """The reader's half of a reason that ends with its English in brackets."""
    zh, parted, en = text.partition(" (")
    return zh if language == "zh" or not parted else en.removesuffix(")")
