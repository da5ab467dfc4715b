"""Whether an item may stand in the catalogue: every fault at once, each with its field and its mend. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from datong.domain.registers import COLUMN_TYPES, DATA_LEVELS, SHARING_CLASSES, UPDATE_CYCLES
from datong.domain.secrecy import SECRECY_WORDS, marking_in
from datong.share.catalogue.item import Basis, Fault, Field, Resource
from datong.share.catalogue.rules import KINDS, WITHHOLDING, Rules

CYCLES = (*UPDATE_CYCLES, "irregular")
FORMATS = ("file", "sheet", "database", "drawing", "media", "self_describing", "service")
METHODS = ("service", "batch", "file")
OPENED = ("no", "conditional", "yes")
DATA_CLASSES = ("general", "important", "core")
PERSONAL = ("none", "personal", "sensitive")
LONGEST = {"title": 200, "title_en": 200, "system": 120, "summary": 1000, "condition": 500, "scope": 500, "used_for": 500}
LONGEST |= {"withheld_because": 500, "opened_condition": 500}
SEPARATORS = re.compile(r"[；|;\n]")
"""What parts several acts in one cell of a table."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_CODE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,79}")
OUTSIDE = "涉密信息不得编目和共享"


@dataclass(frozen=True)
class Known:
    """What an item may name: departments, and the resources there are."""

    departments: Collection[str]
    rules: Rules


def judge(item: Resource, known: Known) -> tuple[Fault, ...]:
    """Everything that keeps an item from standing in the catalogue; nothing when it may."""
    of_acts = _bases(item.bases, "bases", known)
    return (*_secret(item), *_texts(item), *_words(item, known), *_sharing(item), *of_acts, *_fields(item, known))


def is_secret(faults: Collection[Fault]) -> bool:
    """Whether one of the faults is a secret: then nothing of the item may be kept, not even as a draft."""
    return any(one.reason.startswith(OUTSIDE) for one in faults)


def _secret(item: Resource) -> Iterator[Fault]:
    """State and work secrets are refused at the door (政务数据共享条例 第三条)."""
    mend = "从目录中移除，按保密规定管理"
    if item.secrecy != "none":
        yield Fault("secrecy", f"{OUTSIDE}：标为{SECRECY_WORDS.get(item.secrecy, '涉密')}", mend)
    for name in ("title", "summary", "system"):
        if mark := marking_in(getattr(item, name)):
            yield Fault(name, f"{OUTSIDE}：写有“{mark}”", mend)
    for one in item.fields:
        if one.secrecy != "none":
            yield Fault(f"fields.{one.code}.secrecy", f"{OUTSIDE}：标为{SECRECY_WORDS.get(one.secrecy, '涉密')}", mend)
        if mark := marking_in(one.name) or marking_in(one.note):
            yield Fault(f"fields.{one.code}.name", f"{OUTSIDE}：写有“{mark}”", mend)


def _texts(item: Resource) -> Iterator[Fault]:
    for name in ("title", "summary", "system"):
        if not getattr(item, name).strip():
            yield Fault(name, "没有填写", "填写后再提交")
    for name, most in LONGEST.items():
        text = getattr(item, name)
        if len(text) > most:
            yield Fault(name, f"超过 {most} 个字", "写短一些")
        if _CONTROL.search(text):
            yield Fault(name, "含有不可见的控制字符", "删去后重新填写")


def _words(item: Resource, known: Known) -> Iterator[Fault]:
    checks: tuple[tuple[str, str, Collection[str]], ...] = (
        ("department", item.department, known.departments),
        ("format", item.format, FORMATS),
        ("cycle", item.cycle, CYCLES),
        ("sharing_class", item.sharing_class, SHARING_CLASSES),
        ("opened", item.opened, OPENED),
        ("data_class", item.data_class, DATA_CLASSES),
        ("personal", item.personal, PERSONAL),
        ("secrecy", item.secrecy, SECRECY_WORDS),
    )
    for name, value, allowed in checks:
        if value not in allowed:
            yield Fault(name, "没有填写" if not value else "不是列出的取值", "从列出的取值中选择")
    for method in item.methods:
        if method not in METHODS:
            yield Fault("methods", "不是列出的共享方式", "写服务接口、批量交换或文件下载")
    if item.level not in DATA_LEVELS:
        yield Fault("level", "数据级别须为 1 到 4", "按数据分类分级规则填写")
    elif item.level < item.fields_level:
        yield Fault("level", f"低于其信息项的最高级别 {item.fields_level}", "不得低于任何一个信息项")
    if not _classified(item.classification, known.rules):
        yield Fault("classification", "分类码不在目录分类中", "写类 1 位、项 2 位、目 3 位（可再加细目）")
    if item.code and not re.fullmatch(known.rules.code, item.code):
        yield Fault("code", "信息资源代码不合规则", "由系统在发布时赋码，不必填写")


def _classified(text: str, rules: Rules) -> bool:
    items = rules.classes.get(text[:1], ("", {}))[1]
    return bool(re.fullmatch(r"\d{6,12}", text)) and (not rules.classes or text[1:3] in items)


def _sharing(item: Resource) -> Iterator[Fault]:
    """The three classes: conditions only where there are conditions, reasons and acts where data is withheld."""
    if item.sharing_class == "conditional":
        for name in ("condition", "scope", "used_for"):
            if not getattr(item, name).strip():
                yield Fault(name, "有条件共享须列明共享条件、范围和用途（第十五条）", "填写后再提交")
    elif item.condition or item.scope:
        yield Fault("condition", "只有有条件共享才能列条件（第十五条）", "删去条件和范围，或改为有条件共享")
    if item.sharing_class == "withheld":
        if not item.withheld_because.strip():
            yield Fault("withheld_because", "不予共享须写明理由（第十五条）", "填写理由")
        yield from _withheld(item.bases, "bases")
    elif not item.methods:
        yield Fault("methods", "没有填写共享方式", "写服务接口、批量交换或文件下载")
    if item.sharing_class != "withheld" and item.withheld_because:
        yield Fault("withheld_because", "只有不予共享才写理由", "删去理由，或改为不予共享")
    if item.opened == "yes" and (item.sharing_class == "withheld" or item.personal != "none"):
        yield Fault("opened", "不予共享或含个人信息的资源不能无条件开放", "改为不开放或依申请开放")


def _withheld(bases: tuple[Basis, ...], field: str) -> Iterator[Fault]:
    if not any(one.says == "withheld" and one.kind in WITHHOLDING for one in bases):
        reason = "不予共享只能依据法律、行政法规或者国务院决定（第十四条）"
        yield Fault(field, reason, "写明法律、行政法规或国务院决定的名称和条款，效力写“不予共享”；没有的，改为有条件共享")


def _bases(bases: tuple[Basis, ...], field: str, known: Known) -> Iterator[Fault]:
    if not bases and field == "bases":
        yield Fault(field, "没有填写法律依据", "写明共享所依据的法律、法规或文件")
    for one in bases:
        if not one.act.strip() or SEPARATORS.search(one.act + one.article) or _CONTROL.search(one.act + one.article):
            yield Fault(field, "依据的名称为空，或含有分号、竖线、换行", "一条依据写一个名称和条款")
        if one.kind not in KINDS:
            yield Fault(
                field, "依据的种类不是列出的取值", "写法律、行政法规、国务院决定、司法解释、地方性法规、部门规章、地方政府规章或规范性文件"
            )
        elif (listed := known.rules.kind_of(one.act)) and listed != one.kind:
            yield Fault(field, "依据的种类与目录规则中登记的不同", "改为登记的种类")
        if one.says not in SHARING_CLASSES:
            yield Fault(field, "依据的规定不是列出的取值", "写无条件共享、有条件共享或不予共享")


def _fields(item: Resource, known: Known) -> Iterator[Fault]:
    if not item.fields:
        yield Fault("fields", "没有信息项", "至少写一个信息项")
    names: set[str] = set()
    codes: set[str] = set()
    for one in item.fields:
        place = f"fields.{one.code}"
        if not one.name.strip() or len(one.name) > 120 or _CONTROL.search(one.name):
            yield Fault(f"{place}.name", "信息项名称为空、过长或含控制字符", "写 1 到 120 个字的名称")
        if not _CODE.fullmatch(one.code):
            yield Fault(f"{place}.code", "信息项代码不合规则", "以字母开头，只用字母、数字和下划线")
        if one.code in codes or one.name in names:
            yield Fault(place, "信息项重复", "同一资源中名称和代码各不相同")
        names.add(one.name)
        codes.add(one.code)
        yield from _one_field(one, place, known)


def _one_field(one: Field, place: str, known: Known) -> Iterator[Fault]:
    if one.type not in COLUMN_TYPES:
        yield Fault(f"{place}.type", "数据类型不是列出的取值", f"写 {'、'.join(COLUMN_TYPES)} 之一")
    if one.level not in DATA_LEVELS:
        yield Fault(f"{place}.level", "数据级别须为 1 到 4", "按数据分类分级规则填写")
    if not 0 <= one.length <= 100_000:
        yield Fault(f"{place}.length", "长度须为 0 到 100000", "不定长的写 0")
    if one.sharing_class and one.sharing_class not in SHARING_CLASSES:
        yield Fault(f"{place}.sharing_class", "不是列出的取值", "写无条件共享、有条件共享或不予共享，或不填")
    if one.sharing_class == "withheld":
        yield from _withheld(one.bases, f"{place}.bases")
    if one.source_department and one.source_department not in known.departments:
        yield Fault(f"{place}.source_department", "数源部门不在部门名录中", "写部门名录中的部门")
    if one.secrecy not in SECRECY_WORDS:
        yield Fault(f"{place}.secrecy", "不是列出的取值", "写非涉密")
    if len(one.note) > 500 or _CONTROL.search(one.note):
        yield Fault(f"{place}.note", "超过 500 个字或含控制字符", "写短一些")
    yield from _bases(one.bases, f"{place}.bases", known)


def conflicts(item: Resource) -> tuple[tuple[str, tuple[Basis, ...]], ...]:
    """Where acts differ on what may be shared: the field ("" is the whole resource) and its acts, the highest rank first."""
    found = []
    for name, bases in (("", item.bases), *((one.code, one.bases) for one in item.fields)):
        if len({one.says for one in bases}) > 1:
            found.append((name, tuple(sorted(bases, key=lambda one: KINDS.index(one.kind)))))
    return tuple(found)
