"""The words people see for the catalogue and the boards, in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

FIELDS = {
    "resource": ("目录编号", "Number"),
    "code": ("信息资源代码", "Resource code"),
    "title": ("信息资源名称", "Title"),
    "title_en": ("英文名称", "Title in English"),
    "department": ("提供方", "Provider"),
    "system": ("所属信息系统", "System"),
    "summary": ("信息资源摘要", "Summary"),
    "classification": ("信息资源分类码", "Classification"),
    "format": ("信息资源格式", "Format"),
    "cycle": ("更新周期", "Update cycle"),
    "sharing_class": ("共享类型", "Sharing class"),
    "methods": ("共享方式", "Ways of sharing"),
    "condition": ("共享条件", "Conditions"),
    "scope": ("共享范围", "Shared with"),
    "used_for": ("使用用途", "Used for"),
    "withheld_because": ("不予共享理由", "Why it is withheld"),
    "bases": ("法律依据", "Legal basis"),
    "opened": ("开放属性", "Openness"),
    "opened_condition": ("开放条件", "Conditions of opening"),
    "data_class": ("数据分类", "Data class"),
    "level": ("数据分级", "Data level"),
    "personal": ("个人信息", "Personal information"),
    "secrecy": ("涉密标识", "Secrecy"),
    "related": ("关联资源", "Related resources"),
    "fields": ("信息项", "Items of information"),
    "name": ("信息项名称", "Item"),
    "type": ("数据类型", "Type"),
    "length": ("数据长度", "Length"),
    "source_department": ("数源部门", "Source of truth"),
    "note": ("信息项说明", "Note"),
    "file": ("文件", "File"),
    "table": ("表", "Table"),
    "dcat:dataset": ("数据集", "Dataset"),
}
"""Items of a resource, as its page, its form and its faults name them."""
VALUES = {
    "open": ("无条件共享", "Unconditional"),
    "conditional": ("有条件共享", "Conditional"),
    "withheld": ("不予共享", "Withheld"),
    "file": ("电子文件", "File"),
    "sheet": ("电子表格", "Spreadsheet"),
    "database": ("数据库", "Database"),
    "drawing": ("图形图像", "Drawing or image"),
    "media": ("流媒体", "Streaming media"),
    "self_describing": ("自描述格式", "Self-describing"),
    "service": ("服务接口", "Service interface"),
    "batch": ("批量交换", "Batch exchange"),
    "realtime": ("实时", "In real time"),
    "daily": ("每日", "Daily"),
    "weekly": ("每周", "Weekly"),
    "monthly": ("每月", "Monthly"),
    "quarterly": ("每季度", "Quarterly"),
    "yearly": ("每年", "Yearly"),
    "irregular": ("不定期", "Irregularly"),
    "general": ("一般数据", "General"),
    "important": ("重要数据", "Important"),
    "core": ("核心数据", "Core"),
    "none": ("不含", "None"),
    "personal": ("含个人信息", "Personal"),
    "sensitive": ("含敏感个人信息", "Sensitive personal"),
    "law": ("法律", "Law"),
    "regulation": ("行政法规", "Administrative regulation"),
    "state_council": ("国务院决定", "State Council decision"),
    "judicial": ("司法解释", "Judicial interpretation"),
    "local_regulation": ("地方性法规", "Local regulation"),
    "department_rule": ("部门规章", "Departmental rule"),
    "local_rule": ("地方政府规章", "Local government rule"),
    "document": ("规范性文件", "Normative document"),
    "update": ("更新目录", "Update of the item"),
    "review": ("审核发布", "Review and publication"),
    "claim": ("只比对", "Compared only"),
}
"""Values of the lists."""
OPENED = {"no": ("不开放", "Not open"), "conditional": ("依申请开放", "Open on request"), "yes": ("无条件开放", "Open")}
STEPS = {
    "draft": ("编制中", "Being drafted"),
    "assessed": ("已评估", "Assessed"),
    "submitted": ("待审核", "Submitted"),
    "returned": ("已退回", "Returned"),
    "published": ("已发布", "Published"),
    "withdrawn": ("已撤销", "Withdrawn"),
    "entered": ("录入", "Entered"),
    "update_required": ("要求更新", "Update required"),
    "extended": ("延长期限", "Extended"),
    "installed": ("随数据源配置生成", "Installed"),
    "open": ("待答复", "Open"),
    "planned": ("已列入归集计划", "Planned"),
    "met": ("已满足", "Met"),
    "declined": ("不能提供", "Declined"),
}
"""Where a draft stands, and what was done with it; where a demand stands."""
OPENING = {
    "proposed": ("待签批", "To be signed"),
    "signed": ("待审核", "To be reviewed"),
    "opened": ("已开放", "Open"),
    "returned": ("已退回", "Returned"),
    "withdrawn": ("已撤回", "Withdrawn"),
    "open": ("待答复", "Not answered yet"),
    "planned": ("列入开放计划", "Planned"),
    "declined": ("不予开放", "Not opened"),
    "upheld": ("属实，已更正或将更正", "Right: it is or will be mended"),
    "dismissed": ("经核实无误", "Looked at: nothing is wrong"),
}
"""Where an opened dataset, a wish or a correction of the public stands."""
OPENING_ACTS = {
    "sign": ("签批", "Sign"),
    "open": ("审核并开放", "Review and open"),
    "return": ("退回", "Return"),
    "renew": ("发布新版本", "Publish a new version"),
    "withdraw": ("撤回", "Withdraw"),
}
PARTIES = {"providing": ("提供部门", "Providers"), "requesting": ("需求部门", "Users"), "authority": ("共享主管部门", "Authority")}


def word(language: str, table: Mapping[str, tuple[str, str]], code: str) -> str:
    """What people call a code word of one of the tables; an unknown word is shown as it is."""
    pair = table.get(code)
    return code if pair is None else pair[0 if language == "zh" else 1]


def fault_field(language: str, field: str) -> str:
    """What people call the field of a fault: "fields.owner.level" is the level of the item owner."""
    if not field.startswith("fields."):
        return word(language, FIELDS, field)
    _, code, *part = field.split(".")
    return f"{word(language, FIELDS, 'fields')} {code}" + (f" · {word(language, FIELDS, part[0])}" if part else "")


def globals_of(language: str) -> dict[str, Any]:
    """What the templates call to word the catalogue and the boards."""

    def options(codes: Iterable[str]) -> list[tuple[str, str]]:
        return [(code, word(language, VALUES, code)) for code in codes]

    return {
        "sharing_label": lambda code: word(language, FIELDS, code),
        "sharing_value": lambda code: word(language, VALUES, code),
        "sharing_opened": lambda code: word(language, OPENED, code),
        "sharing_step": lambda code: word(language, STEPS, code),
        "sharing_party": lambda code: word(language, PARTIES, code),
        "open_state": lambda code: word(language, OPENING, code),
        "open_act": lambda code: word(language, OPENING_ACTS, code),
        "sharing_options": options,
        "opened_options": [(code, word(language, OPENED, code)) for code in OPENED],
        "fault_field": lambda field: fault_field(language, field),
    }
