"""The words of the catalogue's tables: headings and values as officials write them, and the code words behind them."""

from __future__ import annotations

from collections.abc import Mapping

from datong.domain.secrecy import SECRECY_WORDS

RESOURCE_COLUMNS = {
    "目录编号": "resource",
    "信息资源名称": "title",
    "提供方": "department",
    "信息资源代码": "code",
    "英文名称": "title_en",
    "所属信息系统": "system",
    "信息资源摘要": "summary",
    "信息资源分类码": "classification",
    "信息资源格式": "format",
    "更新周期": "cycle",
    "共享类型": "sharing_class",
    "共享方式": "methods",
    "共享条件": "condition",
    "共享范围": "scope",
    "使用用途": "used_for",
    "不予共享理由": "withheld_because",
    "法律依据": "bases",
    "开放属性": "opened",
    "开放条件": "opened_condition",
    "数据分类": "data_class",
    "数据分级": "level",
    "个人信息": "personal",
    "涉密标识": "secrecy",
    "关联资源": "related",
}
"""Headings of a resource's own cells → its items. The first three stand on every row: a table may be sorted."""
KEY_COLUMNS = ("目录编号", "信息资源名称", "提供方")
FIELD_COLUMNS = {
    "信息项名称": "name",
    "信息项代码": "code",
    "数据类型": "type",
    "数据长度": "length",
    "信息项分级": "level",
    "信息项共享类型": "sharing_class",
    "信息项法律依据": "bases",
    "数源部门": "source_department",
    "信息项涉密标识": "secrecy",
    "信息项说明": "note",
}
"""Headings of an item of information's cells → its parts."""
HEADINGS = (*RESOURCE_COLUMNS, *FIELD_COLUMNS)
FORMATS = {
    "file": "电子文件",
    "sheet": "电子表格",
    "database": "数据库",
    "drawing": "图形图像",
    "media": "流媒体",
    "self_describing": "自描述格式",
    "service": "服务接口",
}
CYCLES = {
    "realtime": "实时",
    "daily": "每日",
    "weekly": "每周",
    "monthly": "每月",
    "quarterly": "每季度",
    "yearly": "每年",
    "irregular": "不定期",
}
SHARING = {"open": "无条件共享", "conditional": "有条件共享", "withheld": "不予共享"}
METHODS = {"service": "服务接口", "batch": "批量交换", "file": "文件下载"}
OPENED = {"no": "不开放", "conditional": "依申请开放", "yes": "无条件开放"}
DATA_CLASSES = {"general": "一般数据", "important": "重要数据", "core": "核心数据"}
PERSONAL = {"none": "不含", "personal": "含个人信息", "sensitive": "含敏感个人信息"}
KINDS = {
    "law": "法律",
    "regulation": "行政法规",
    "state_council": "国务院决定",
    "judicial": "司法解释",
    "local_regulation": "地方性法规",
    "department_rule": "部门规章",
    "local_rule": "地方政府规章",
    "document": "规范性文件",
}
VALUES: Mapping[str, Mapping[str, str]] = {
    "format": FORMATS,
    "cycle": CYCLES,
    "sharing_class": SHARING,
    "opened": OPENED,
    "data_class": DATA_CLASSES,
    "personal": PERSONAL,
    "secrecy": SECRECY_WORDS,
}
"""Items whose values are words of a list."""
BETWEEN, WITHIN = "；", "|"
"""What stands between several values of a cell, and within an act."""


def word_of(values: Mapping[str, str], code: str) -> str:
    """The word of a code; an unknown code is told as it is."""
    return values.get(code, code)


def code_of(values: Mapping[str, str], word: str) -> str:
    """The code of a word as officials write it, or of the code itself; what is neither stays as it is, to be told as a fault."""
    backward = {text: code for code, text in values.items()}
    return backward.get(word.strip(), word.strip())
