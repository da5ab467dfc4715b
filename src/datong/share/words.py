"""The sentences people read: why an answer is as it is, and what the fields are called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from datong.domain.access import Ground

EVENT = "event"
"""What the record of reads calls the events shown with a subject, and the filter that limits a list to those who have one."""

FIELDS: dict[str, tuple[str, str]] = {
    "citizen_id": ("公民身份号码", "citizen number"),
    "name": ("姓名", "name"),
    "former_name": ("曾用名", "former name"),
    "sex": ("性别", "sex"),
    "birth_date": ("出生日期", "birth date"),
    "death_date": ("死亡日期", "date of death"),
    "ethnicity": ("民族", "ethnicity"),
    "phone": ("联系电话", "phone"),
    "address": ("地址", "address"),
    "registered_address": ("登记地址", "registered address"),
    "education": ("学历", "education"),
    "workplace": ("工作单位", "workplace"),
    "marital_status": ("婚姻状况", "marital status"),
    "household_no": ("户号", "household number"),
    "disability_level": ("残疾等级", "disability level"),
    "allowance": ("救助待遇", "allowance"),
    "insurance_no": ("社会保险号", "social insurance number"),
    "housing_fund_no": ("公积金账号", "housing fund number"),
    "plate": ("车牌号", "plate"),
    "account_no": ("户表号", "utility account"),
    "school": ("就读学校", "school"),
    "credit_code": ("统一社会信用代码", "unified social credit code"),
    "registration_no": ("注册号", "registration number"),
    "org_name": ("单位名称", "organisation's name"),
    "org_type": ("单位类型", "kind of organisation"),
    "founded_on": ("成立日期", "founded on"),
    "closed_on": ("注销日期", "closed on"),
    "status": ("登记状态", "status"),
    "registered_capital": ("注册资本", "registered capital"),
    "business_scope": ("经营范围", "business scope"),
    "industry": ("行业", "industry"),
    "operating_address": ("经营地址", "operating address"),
    "legal_representative": ("法定代表人", "legal representative"),
    "legal_representative_id": ("法定代表人身份号码", "legal representative's number"),
    "employees": ("从业人数", "employees"),
    "tax_status": ("纳税状态", "tax status"),
    "insurance_status": ("参保状态", "insurance status"),
    "standard_address": ("标准地址", "standard address"),
    "title_unit_no": ("不动产单元号", "title unit number"),
    "certificate_no": ("不动产权证号", "certificate number"),
    "area": ("建筑面积", "area"),
    "use": ("房屋用途", "use"),
    "structure": ("房屋结构", "structure"),
    "floor": ("所在层", "floor"),
    "built_year": ("建成年份", "year built"),
    "longitude": ("经度", "longitude"),
    "latitude": ("纬度", "latitude"),
    "division": ("区划代码", "division"),
    "street": ("街道", "street"),
    "community": ("社区", "community"),
    "estate": ("小区", "estate"),
    "building": ("楼栋", "building"),
    "entrance": ("单元", "entrance"),
    "room": ("房号", "room"),
    "grid_cell": ("网格", "grid cell"),
    "place_change": ("地址变更", "change of place"),
    "place_changed_on": ("地址变更日期", "day of the change"),
    "owner_name": ("产权人", "owner"),
    "contact": ("联系方式", "contact"),
    "owner_citizen_id": ("产权人身份号码", "owner's number"),
    "applicant_citizen_id": ("申请人身份号码", "applicant's number"),
    "of_age": ("是否成年", "of age"),
    "taxed_until": ("纳税所属期止", "taxed until"),
    "used_in": ("用量所属月", "month of the reading"),
    "used_amount": ("月用量", "amount used"),
    "event": ("办件与监管记录", "events"),
}
"""Every field of the three registers and every claim, as people call it: 中文, English."""

PREFIXED = {"link": ("一项关联", "a link"), "look": ("一次查看", "a look")}
"""What a report is about when it is no field: `link:<relation>:<other code>`, `look:<ledger line>`. The codes are not said."""

KEY_WORDS: dict[str, tuple[str, str]] = {
    "code": ("永久编码", "permanent code"),
    "citizen_id": ("身份证号", "citizen number"),
    "credit_code": ("统一社会信用代码", "credit code"),
    "title_no": ("不动产单元代码", "title unit number"),
    "certificate_no": ("不动产权证号", "certificate number"),
    "account_no": ("水电气热户号", "utility account"),
    "phone": ("电话号码", "phone"),
    "plate": ("车牌号", "plate"),
    "name_birth": ("姓名和出生日期", "name and date of birth"),
    "org_name": ("企业名称", "name of the organisation"),
    "address": ("地址", "address"),
    "pass": ("房码", "pass"),
}
"""What people call each kind of key."""

ASKED_WORDS: dict[str, tuple[str, str]] = {
    "person": ("人口", "people"),
    "organisation": ("法人", "organisations"),
    "premises": ("房屋", "premises"),
    "verify": ("核验", "verify"),
    "look_up": ("查询", "look up"),
    "list": ("列出名单", "list"),
    "extract": ("批量提取", "extract"),
    "stop_system": ("该系统", "this system"),
    "stop_department": ("该部门", "this department"),
    "stop_purpose": ("该用途", "this purpose"),
    "stop_all": ("全部对外接口", "all outward doors"),
    "public_security": ("公安", "public security"),
    "welfare": ("社会救助", "welfare"),
    "housing": ("住房", "housing"),
}
"""What people call the registers, the operations and the fields of work that an agreement may be limited to."""

CLAIM_ONLY = ("owner_citizen_id", "applicant_citizen_id")
"""What can be compared with premises though it is no field of theirs: the registers answer from their relations."""
PERSON_CLAIMS = ("of_age",)
"""The same for people: whether she has come of age, and nothing of when she was born."""

SENTENCES: dict[str, tuple[str, str]] = {
    # refused by the agreements
    "stopped": ("{what}已紧急停用：{field}。", "Stopped in an emergency ({what}): {field}."),
    "purpose_unknown": ("没有这个用途：{what}。", "There is no purpose {what}."),
    "profit": ("“{what}”以营利为目的，公共数据不予共享。", "“{what}” serves profit; public data is not shared for it."),
    "purpose_not_yours": ("您所在部门没有“{what}”这一用途的共享协议。", "Your department has no agreement for “{what}”; others have."),
    "no_agreement": ("没有任何部门就“{what}”签订共享协议。", "No agreement exists for “{what}”."),
    "register_not_granted": (
        "“{what}”这一用途不包括{field}库。",
        "The agreements for “{what}” do not cover the register of {field}.",
    ),
    "operation_not_granted": (
        "“{what}”这一用途不能{field}。",
        "The agreements for “{what}” do not let you {field}.",
    ),
    "not_yet": ("协议“{what}”尚未生效。", "Agreement “{what}” is not yet in force."),
    "expired": ("协议“{what}”已到期。", "Agreement “{what}” has expired."),
    "suspended": ("协议“{what}”已被暂停。", "Agreement “{what}” is suspended."),
    "key_not_issued": ("您的接口密钥不属于协议“{what}”。", "Your key was not issued for agreement “{what}”."),
    "encryption_missing": (
        "协议“{what}”的数据只加密提供，请在请求中附上公钥（encrypt_to）。",
        "What agreement “{what}” gives is given encrypted only: send a public key (encrypt_to).",
    ),
    "people_only": ("协议“{what}”只供人员使用，不供系统调用。", "Agreement “{what}” is for people, not for systems."),
    "role_missing": ("协议“{what}”只供{field}使用。", "Agreement “{what}” is for these posts only: {field}."),
    "domain_missing": ("协议“{what}”只供{field}业务领域的人员使用。", "Agreement “{what}” is for those whose field of work is {field}."),
    "key_not_allowed": (
        "协议“{what}”不允许按这种线索查找；可以用：{field}。",
        "Agreement “{what}” does not take this kind of key. It takes: {field}.",
    ),
    "key_missing": ("请给出查找对象。", "Say whom or what you ask about."),
    "field_not_granted": ("协议“{what}”没有授予字段“{field}”。", "Agreement “{what}” does not grant the field {field}."),
    "filter_not_granted": ("协议“{what}”不允许按“{field}”筛选。", "Agreement “{what}” does not let a list be limited by {field}."),
    "unmask_not_granted": ("协议“{what}”不允许显示“{field}”的完整内容。", "Agreement “{what}” does not let {field} be shown whole."),
    "reason_missing": (
        "请写明事由：至少五个字，或填写案件、任务编号。",
        "State the reason: at least five characters, or the case or task.",
    ),
    "too_many": ("协议“{what}”每次最多{field}条。", "Agreement “{what}” gives at most {field} rows at a time."),
    "no_jurisdiction": ("您没有管辖范围，不能按本辖区查看。", "You have no jurisdiction, and this agreement goes by it."),
    "quota_day": ("协议“{what}”今天的额度（{field}条）已用完。", "Today's quota of agreement “{what}” ({field} rows) is used up."),
    "quota_minute": (
        "查询过于频繁：协议“{what}”每分钟{field}次，请稍后再试。",
        "Too fast: agreement “{what}” allows {field} questions a minute.",
    ),
    "consent_missing": ("需要当事人授权：没有找到有效的授权。", "The person's consent is needed, and none is in force."),
    "consent_field": ("{field}：当事人没有授权查看这一项。", "{field}: the person has not consented to this being seen."),
    "consent_not_asked": (
        "贵单位没有须当事人授权的协议用于“{what}”。",
        "Your office has no agreement for “{what}” that needs a person's consent.",
    ),
    "consent_often": (
        "贵单位三十天内已多次向此人请求同一授权，请按纸质材料办理。",
        "Your office has asked this person for the same several times in thirty days; go on with papers.",
    ),
    "consent_view": ("当事人已授权，只可查看，不得留存。", "The person consents: to be seen, not to be kept."),
    "consent_keep": ("当事人已授权，可以查看和留存。", "The person consents: to be seen and kept."),
    "mandate_nobody": ("姓名和身份号码没有对应到一位成年人，请核对。", "Name and citizen number do not lead to one adult. Check them."),
    "mandate_self": ("不能委托自己。", "You cannot name yourself."),
    "mandate_often": ("今天委托的次数太多，请明天再试。", "You have named too many today. Try again tomorrow."),
    "guardian_nobody": (
        "姓名和身份号码没有对应到两位不同的人，或被监护人不在您的辖区，请核对文书。",
        "Names and numbers do not lead to two different persons, or the ward is outside your area. Check the paper.",
    ),
    "guardian_recorded": (
        "来源部门的记录已载明这项监护，不必按文书登记；它随记录开始和终止。",
        "A source's record already says so: it need not be entered, and begins and ends by record.",
    ),
    "guardian_child": (
        "被监护人未成年，父母依登记即为监护人，不必登记。",
        "The ward is under age: by the registers its parents answer for it.",
    ),
    "push_not_granted": ("您的接口密钥不能推送资源“{what}”。", "Your key may not push the resource {what}."),
    # found or not
    "not_here": ("在您的查看范围内没有找到。", "Nothing was found within what you may see."),
    "ambiguous": ("找到{what}个可能的对象，请用更确切的方式查找。", "{what} subjects match; ask in a more exact way."),
    "key_unsound": ("输入的内容不合规范：{what}。", "What was typed is not sound: {what}."),
    # compared
    "same": ("{field}：与{what}一致。", "{field}: the same as in {what}."),
    "different": ("{field}：与{what}不一致。", "{field}: different from {what}."),
    "missing": ("{field}：库中没有可供比对的内容。", "{field}: the register holds nothing to compare with."),
    "not_granted": ("{field}：协议不允许比对。", "{field}: the agreement does not let it be compared."),
    "unsound": ("{field}：填写的内容不合规范，无法比对。", "{field}: what was given is not sound and cannot be compared."),
    "other_source": (
        "{field}：与{what}一致，但与权威来源不一致，该项存在争议。",
        "{field}: agrees with {what}, but not with the authority; the sources differ.",
    ),
    "former": ("{field}：与曾用名一致，已经更名。", "{field}: agrees with the former name; it has been changed."),
    "address_near": ("{field}：同一栋楼，但房号不同。", "{field}: the same building, another door."),
    "owner": ("{field}：经{what}登记为产权人。", "{field}: registered as owner in {what}."),
    "tenant": ("{field}：经{what}登记为承租人。", "{field}: registered as tenant in {what}."),
    "not_owner": ("{field}：登记的产权人不是此人。", "{field}: is not the registered owner."),
    "not_entitled": (
        "{field}：既不是登记的产权人，也不是登记的承租人。使用他人房屋须出示产权人的房码。",
        "{field}: is neither the registered owner nor a registered tenant. For another's premises, show its owner's pass.",
    ),
    "owner_pass": ("{field}：产权人已用房码授权使用。", "{field}: the owner allows it by a pass."),
    "marked": ("{field}：该项正在核查，请谨慎使用。", "{field}: is under investigation; use it with care."),
    "confirmed": (
        "该房屋已由{what}核实确认（{field}），一事不二审。",
        "{what} has examined and confirmed these premises ({field}): no second examination.",
    ),
    # passes
    "pass_valid": ("房码有效。", "The pass is valid."),
    "pass_unknown": ("房码无效：没有签发过这个房码。", "This pass was never issued."),
    "pass_expired": ("房码已过期，请产权人重新生成。", "The pass has expired; ask the owner for a new one."),
    "pass_revoked": ("产权人已撤销这个房码。", "The owner has revoked this pass."),
    "pass_used": ("一次性房码已经使用过。", "This pass was for one use and has been used."),
    "pass_purpose": ("房码只能用于“{what}”。", "This pass is only for “{what}”."),
    "code_unknown": ("没有这个房屋编码或房码，请核对后重新输入。", "There is no such premises code or pass. Check it and type it again."),
    "pass_holder": ("签发房码的人已不是这处房屋的产权人。", "Whoever issued this pass is no longer the owner."),
    # claims
    "claim_confirmed": ("登记信息显示您是产权人，认领成功。", "The registers show you as the owner; the home is yours."),
    "claim_not_owner": (
        "登记信息没有显示您是这处房屋的产权人。如果登记有误，请提出异议或到不动产登记窗口办理。",
        "The registers do not show you as its owner. If they are wrong, report it or go to the real-estate registry.",
    ),
    "claim_not_you": ("填写的身份号码不是您本人的号码。", "This citizen number is not your own."),
    "claim_often": (
        "今天未通过的认领太多，请明天再试，或到不动产登记窗口办理。",
        "Too many claims were refused today. Try again tomorrow, or go to the real-estate registry.",
    ),
    "claim_none": ("没有登记在您名下的房屋。", "No home is registered in your name."),
    "claim_key": (
        "请用身份号码、不动产单元号、不动产权证号或房屋编码认领。",
        "Claim by citizen number, title unit number, certificate number or premises code.",
    ),
}
"""Ground code → sentence, 中文 and English; `{what}` and `{field}` are filled in."""


def field_words(field: str) -> tuple[str, str]:
    """What a field is called: 中文, English. An unknown field is called by its name."""
    return FIELDS.get(field) or PREFIXED.get(field.partition(":")[0], (field, field))


def words_of(codes: Iterable[str], table: Mapping[str, tuple[str, str]]) -> tuple[str, str]:
    """Several code words as people read them: 中文, English. An unknown one is called by its name."""
    pairs = [table.get(code, (code, code)) for code in codes]
    return "、".join(zh for zh, _ in pairs), ", ".join(en for _, en in pairs)


def ground(code: str, *, field: str = "", what: tuple[str, str] | str = "", shown: tuple[str, str] | str = "", rule: str = "") -> Ground:
    """One reason in both languages. `shown` stands for `{field}` when it is no field of a register."""
    zh, en = SENTENCES[code]
    if shown:
        field_zh, field_en = shown if isinstance(shown, tuple) else (shown, shown)
    else:
        field_zh, field_en = field_words(field)
    what_zh, what_en = what if isinstance(what, tuple) else (what, what)
    return Ground(code, field, zh.format(what=what_zh, field=field_zh), en.format(what=what_en, field=field_en), rule)
