"""Column names as sent → the pack's columns: each mapped, ignored by name, or the delivery stops."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from datong.domain.errors import BadDelivery
from datong.domain.identifiers import fold
from datong.spec import Source


@dataclass(frozen=True)
class ColumnPlan:
    """Where each field stands in the file, and which unnamed columns must stay empty."""

    fields: Mapping[str, int]
    empty: tuple[int, ...]


def folded_name(name: str) -> str:
    """A column name as it is compared: folded, without blanks, in lower case."""
    return re.sub(r"\s+", "", fold(name)).lower()


def match_columns(source: Source, names: Sequence[str]) -> ColumnPlan:
    """The plan for a file with these columns. Raises BadDelivery for a repeated, new or missing column, naming it."""
    folded = [folded_name(name) for name in names]
    if repeated := sorted({names[place] for place, name in enumerate(folded) if name and folded.index(name) != place}):
        raise BadDelivery(
            "duplicate_column", f"列名重复：{_list(repeated)}，请改名或删去一列 · stands twice in the header: rename or remove one"
        )
    places = {name: place for place, name in enumerate(folded) if name}
    wanted = {folded_name(column.name): column for column in source.columns}
    ignored = {folded_name(name) for name in source.ignored}
    new = [names[place] for name, place in places.items() if name not in wanted and name not in ignored]
    missing = [column.name for name, column in wanted.items() if name not in places]
    if new:
        also = f"；缺少列：{_list(missing)} · missing" if missing else ""
        raise BadDelivery(
            "new_column", f"出现未登记的列：{_list(new)}，请在数据源说明中映射或忽略该列 · not in the pack: map or ignore it{also}"
        )
    if missing:
        raise BadDelivery("missing_column", f"缺少列：{_list(missing)}，请补齐后重报 · missing from the file: add it and send again")
    fields = {column.field: places[name] for name, column in wanted.items()}
    return ColumnPlan(fields, tuple(place for place, name in enumerate(folded) if not name))


def known_share(source: Source, names: Sequence[str]) -> float:
    """Which share of the pack's columns a row names: 1 for a whole header, 0 for a row of data."""
    folded = {folded_name(name) for name in names}
    return sum(folded_name(column.name) in folded for column in source.columns) / max(len(source.columns), 1)


def find_header(source: Source, rows: Sequence[Sequence[str]]) -> int | None:
    """Which of a file's first rows is its header: the first with the most of the pack's columns, at least a third of them."""
    shares = [known_share(source, row) for row in rows]
    best = max(shares, default=0.0)
    return shares.index(best) if best >= 1 / 3 else None


def no_header(source: Source) -> BadDelivery:
    """The answer to a file whose first rows hold no header."""
    some = _list([column.name for column in source.columns[:4]])
    return BadDelivery("no_header", f"找不到表头，应有列：{some}等，请带表头导出 · no header row was found: export with column names")


def _list(names: Sequence[str]) -> str:
    return "、".join(name.strip() or "（空）" for name in names)
