"""What keeps data from being opened, all at once and by name: the class of the resource and of each field, personal data, small counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from datong.domain.registers import REGISTER_FIELDS
from datong.share.catalogue import Fault, Resource
from datong.share.load import IDENTIFYING
from datong.share.open_data.dataset import SHAPES
from datong.spec import Source

PERSONAL_TYPES = frozenset(("citizen_id", "name", "phone", "plate"))
"""Kinds of columns that name a person or reach her, whatever register field they fill."""
HIGHEST_LEVEL = 2
"""The highest level of an item that may be opened."""
ALONE = frozenset(("org_name", "credit_code", "registration_no", "standard_address", "address", "registered_address", "operating_address"))
"""Fields of which nearly every subject has a value of its own: counting by them counts nothing."""
MOST_NAMED = 5


@dataclass(frozen=True)
class Wanted:
    """What a department proposes to open: which fields of a register, of which resource, and how it is told."""

    resource: str
    title: str
    title_en: str
    summary: str
    shape: str
    register: str
    fields: tuple[str, ...]


def judge_opening(wanted: Wanted, item: Resource | None, source: Source | None) -> tuple[Fault, ...]:
    """Everything that speaks against opening it; nothing when it may be opened."""
    if item is None or source is None:
        return (Fault("resource", "目录中没有这个已发布且已归集的资源", "先编目、发布并归集"),)
    return (*_resource(item), *_texts(wanted), *_fields(wanted, item, source))


def openable(item: Resource, source: Source, register: str) -> dict[str, Fault | None]:
    """Each field of a register that the resource gives → what keeps it from being opened, or nothing."""
    return {name: _field(name, item, source, register) for name in _given(source, register)}


def _resource(item: Resource) -> Iterator[Fault]:
    if item.opened not in ("yes", "conditional"):
        yield Fault("resource", "目录中的开放属性是“不开放”", "先修改目录的开放属性，经审核发布后再开放")
    if item.sharing_class == "withheld":
        acts = "、".join(f"{one.act}{one.article}" for one in item.bases if one.says == "withheld") or item.withheld_because
        yield Fault("resource", f"不予共享的资源不能开放（{acts}）", "依据变更后重新编目")
    if item.secrecy != "none":
        yield Fault("resource", "涉密信息不得开放", "按保密规定管理")
    if item.data_class != "general":
        yield Fault("resource", "重要数据和核心数据不得开放", "按数据安全规定管理")


def _texts(wanted: Wanted) -> Iterator[Fault]:
    for name, text, most in (("title", wanted.title, 100), ("title_en", wanted.title_en, 200), ("summary", wanted.summary, 500)):
        if not 2 <= len(text.strip()) <= most:
            yield Fault(name, "过短或过长", f"写 2 到 {most} 个字")
    if wanted.shape not in SHAPES:
        yield Fault("shape", "不是列出的取值", "写 rows 或 counts")


def _fields(wanted: Wanted, item: Resource, source: Source) -> Iterator[Fault]:
    if wanted.register == "person":
        yield Fault("register", "人口库不开放", "开放法人或房屋的数据")
        return
    if wanted.register not in REGISTER_FIELDS:
        yield Fault("register", "不是列出的取值", "写 organisation 或 premises")
        return
    if not wanted.fields:
        yield Fault("fields", "没有选择数据项", "至少选择一项")
    if wanted.register == "premises" and wanted.shape == "rows":
        yield Fault("shape", "房屋逐条开放会指向住户", "改为按分组计数开放")
    given = openable(item, source, wanted.register)
    for name in dict.fromkeys(wanted.fields):
        if name not in given:
            yield Fault(f"fields.{name}", "这个资源不提供这一项", "从列出的数据项中选择")
        elif (fault := given[name]) is not None:
            yield fault
        elif wanted.shape == "counts" and name in ALONE:
            yield Fault(f"fields.{name}", "按这一项分组，几乎每组只有一个", "按类型、行业、区划等分组")


def _given(source: Source, register: str) -> dict[str, str]:
    """Field of a register → the source's own field that fills it."""
    found: dict[str, str] = {}
    for subject in source.subjects.values():
        if subject.kind == register:
            found |= {name: field for name, field in subject.fields.items() if name in REGISTER_FIELDS.get(register, ())}
    return found


def _field(name: str, item: Resource, source: Source, register: str) -> Fault | None:
    own = _given(source, register)[name]
    column = source.by_field.get(own)
    listed = next((one for one in item.fields if one.code == own), None)
    place = f"fields.{name}"
    if name in IDENTIFYING or (column is not None and column.type in PERSONAL_TYPES):
        return Fault(place, "能识别或联系到个人，不得开放", "去掉这一项")
    if listed is None:
        return Fault(place, "目录没有列出这一信息项", "先编目")
    if listed.secrecy != "none":
        return Fault(place, "涉密信息不得开放", "去掉这一项")
    if listed.sharing_class == "withheld":
        acts = "、".join(f"{one.act}{one.article}" for one in listed.bases if one.says == "withheld")
        return Fault(place, f"这一项不予共享，不能开放（{acts}）", "去掉这一项")
    if listed.level > HIGHEST_LEVEL:
        return Fault(place, f"数据级别 {listed.level} 高于 {HIGHEST_LEVEL}，不得开放", "去掉这一项")
    return None


def small_groups(counted: Counter[tuple[str, ...]], fields: Sequence[str], smallest: int) -> tuple[Fault, ...]:
    """A fault for each group of fewer than `smallest`, by name; the first few of many."""
    small = sorted((number, group) for group, number in counted.items() if number < smallest)
    found = [
        Fault(
            "fields", f"“{' · '.join(one or '空' for one in group)}”只有 {number} 个，少于 {smallest} 个", "少选一项分组，或改用更粗的分组"
        )
        for number, group in small[:MOST_NAMED]
    ]
    if len(small) > MOST_NAMED:
        found.append(Fault("fields", f"另有 {len(small) - MOST_NAMED} 组少于 {smallest} 个", "少选一项分组"))
    return tuple(found)
