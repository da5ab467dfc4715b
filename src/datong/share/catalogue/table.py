"""Items as the rows of one table, one row for each item of information, and back. The same rows go into xlsx and CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from datong.share.catalogue.item import Basis, Fault, Field, Resource
from datong.share.catalogue.words import (
    BETWEEN,
    FIELD_COLUMNS,
    HEADINGS,
    KEY_COLUMNS,
    KINDS,
    METHODS,
    RESOURCE_COLUMNS,
    SHARING,
    VALUES,
    WITHIN,
    code_of,
    word_of,
)

MOST_ROWS = 200_000
NUMBERS = ("level", "length")
DEFAULTS = {"level": "1", "length": "0", "secrecy": "none", "type": "text", "opened": "no", "data_class": "general", "personal": "none"}
"""What an empty cell means."""
Titles = Mapping[str, str]
"""Department → its title; a table may name either."""


def rows_of(items: Iterable[Resource], departments: Titles) -> Iterator[list[str]]:
    """The rows of items, without the headings. A resource's own cells stand on its first row, its three keys on every row."""
    for item in items:
        own = [_cell(item, name, departments) for name in RESOURCE_COLUMNS.values()]
        keys = [text if heading in KEY_COLUMNS else "" for heading, text in zip(RESOURCE_COLUMNS, own, strict=True)]
        for at, one in enumerate(item.fields or (None,)):
            parts = [_field_cell(one, name) for name in FIELD_COLUMNS.values()] if one else [""] * len(FIELD_COLUMNS)
            yield [*(keys if at else own), *parts]


def _cell(item: Resource, name: str, departments: Titles) -> str:
    value = getattr(item, name)
    if name == "department":
        return departments.get(value, value)
    if name == "methods":
        return BETWEEN.join(word_of(METHODS, one) for one in value)
    if name == "related":
        return BETWEEN.join(value)
    return _acts(value) if name == "bases" else word_of(VALUES.get(name, {}), str(value))


def _field_cell(one: Field, name: str) -> str:
    value = getattr(one, name)
    return _acts(value) if name == "bases" else word_of(VALUES.get(name, {}), str(value))


def _acts(bases: Sequence[Basis]) -> str:
    return BETWEEN.join(WITHIN.join((word_of(KINDS, one.kind), word_of(SHARING, one.says), one.act, one.article)) for one in bases)


@dataclass
class _Group:
    """The rows of one resource while a table is read."""

    row: int
    cells: dict[str, str]
    fields: list[tuple[int, dict[str, str]]] = field(default_factory=list)


@dataclass(frozen=True)
class ReadItem:
    """One item as a table gave it, and the row each of its items of information stands on."""

    item: Resource
    row: int
    field_rows: Mapping[str, int]

    def row_of(self, fault: Fault) -> int:
        """The row a fault belongs to."""
        parts = fault.field.split(".")
        return self.field_rows.get(parts[1], self.row) if parts[0] == "fields" and len(parts) > 1 else self.row


def read_rows(rows: Iterable[Sequence[str]], departments: Titles) -> tuple[list[ReadItem], list[Fault]]:
    """Items from the rows of a table whose first row names the columns; with every fault of the table itself."""
    lines = iter(rows)
    headings = [one.strip().lstrip("\ufeff") for one in next(lines, ())]
    faults = [
        Fault(one, "表头没有这一列", "用导出的表作模板，列名保持不变", 1)
        for one in ("信息资源名称", "提供方", "信息项名称", "信息项代码")
        if one not in headings
    ]
    faults += [Fault(one or "空列名", "不认识的列", "删去这一列，或改为模板中的列名", 1) for one in headings if one not in HEADINGS]
    faults += [Fault(one, "列名重复", "每列只写一次", 1) for one in {one for one in headings if headings.count(one) > 1}]
    if faults:
        return [], faults
    groups: dict[tuple[str, str], _Group] = {}
    for number, line in enumerate(lines, start=2):
        cells = {name: text.strip() for name, text in zip(headings, line, strict=False) if text.strip()}
        if number > MOST_ROWS:
            return [], [Fault("table", f"超过 {MOST_ROWS} 行", "分成几个文件导入", number)]
        if cells:
            faults += _take(groups, number, cells)
    read = [_item(group, departments, faults) for group in groups.values()]
    return read, faults


def _take(groups: dict[tuple[str, str], _Group], number: int, cells: dict[str, str]) -> list[Fault]:
    missing = [name for name in ("信息资源名称", "提供方") if name not in cells]
    if missing:
        return [Fault(name, "没有填写", "每一行都写资源名称和提供方", number) for name in missing]
    own = {name: text for name, text in cells.items() if name in RESOURCE_COLUMNS}
    group = groups.setdefault((cells["信息资源名称"], cells["提供方"]), _Group(number, {}))
    faults = [
        Fault(name, f"与第 {group.row} 行写的不同", "同一资源的内容只写一次，或每行写得一样", number)
        for name, text in own.items()
        if group.cells.setdefault(name, text) != text
    ]
    parts = {name: text for name, text in cells.items() if name in FIELD_COLUMNS}
    if parts:
        group.fields.append((number, parts))
    return faults


def _item(group: _Group, departments: Titles, faults: list[Fault]) -> ReadItem:
    values = {code: group.cells.get(heading, "") for heading, code in RESOURCE_COLUMNS.items()}
    known = {title: code for code, title in departments.items()}
    lists = {
        "methods": tuple(code_of(METHODS, one) for one in _split(values.pop("methods"))),
        "related": tuple(_split(values.pop("related"))),
    }
    bases = _read_acts(values.pop("bases"), "bases", group.row, faults)
    level = _number(values.pop("level"), "level", group.row, faults)
    plain = {name: code_of(VALUES[name], text or DEFAULTS.get(name, "")) if name in VALUES else text for name, text in values.items()}
    plain["department"] = known.get(plain["department"], plain["department"])
    made: list[Field] = []
    at: dict[str, int] = {}
    for row, cells in group.fields:
        one = _field(row, cells, faults)
        made.append(replace(one, source_department=known.get(one.source_department, one.source_department)))
        at.setdefault(one.code, row)
    return ReadItem(Resource(**plain, **lists, bases=bases, level=level, fields=tuple(made)), group.row, at)  # type: ignore[arg-type]


def _field(row: int, cells: Mapping[str, str], faults: list[Fault]) -> Field:
    values = {code: cells.get(heading, "") or DEFAULTS.get(code, "") for heading, code in FIELD_COLUMNS.items()}
    place = f"fields.{values['code']}"
    numbers = {name: _number(values.pop(name), f"{place}.{name}", row, faults) for name in NUMBERS}
    bases = _read_acts(values.pop("bases"), f"{place}.bases", row, faults)
    plain = {name: code_of(VALUES[name], text) if name in VALUES else text for name, text in values.items()}
    return Field(**plain, **numbers, bases=bases)  # type: ignore[arg-type]


def _split(text: str) -> list[str]:
    return [one.strip() for one in text.split(BETWEEN) if one.strip()]


def _number(text: str, name: str, row: int, faults: list[Fault]) -> int:
    """A whole number as a cell holds it; spreadsheets write 3 as 3.0."""
    whole = text.removesuffix(".0") or DEFAULTS[name.rpartition(".")[2]]
    if not whole.isascii() or not whole.isdigit() or len(whole) > 9:
        faults.append(Fault(name, "不是整数", "写一个不小于 0 的整数", row))
        return 1
    return int(whole)


def _read_acts(text: str, name: str, row: int, faults: list[Fault]) -> tuple[Basis, ...]:
    found = []
    for one in _split(text):
        parts = [part.strip() for part in one.split(WITHIN)]
        if len(parts) not in (3, 4):
            faults.append(
                Fault(name, "依据的写法不对", "写成：种类|规定|名称|条款，例如 行政法规|有条件共享|《居住证暂行条例》|第八条", row)
            )
            continue
        kind, says, act, article = (*parts, "")[:4]
        found.append(Basis(act, article, code_of(KINDS, kind), code_of(SHARING, says)))
    return tuple(found)
