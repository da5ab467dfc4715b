"""From a clerk's row to the row in the file: dates in the department's style, troubles at their rates, each noted with the true value."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from datong.simulate.deliver.row import DateStyle, Row, Said, Table
from datong.simulate.deliver.troubles import ROW_TROUBLES, TROUBLES, Trouble
from datong.spec import Source

PLANTED = {
    "health_file": ("citizen_id", "name", "phone", "row"),
    "medins_enrolment": ("date",),
    "fire_inspection": ("credit_code", "org_name"),
    "market_enterprise": ("amount",),
    "police_vehicle": ("plate",),
    "housing_unit": ("division",),
}
"""Where every trouble of a kind happens at least once, however small the city is."""


class Note(NamedTuple):
    """One trouble in one cell: the column, the trouble's name and what would have been right."""

    column: str
    trouble: str
    true_value: str


class Spoiled(NamedTuple):
    """A row as it stands in the file, whom it speaks of, and what is wrong with it."""

    values: list[str]
    about: dict[str, str]
    notes: list[Note]


class _Kind:
    """The troubles of one kind of column: `usual` may befall any value, `special` only values of a certain look."""

    def __init__(self, kind: str, care: float) -> None:
        troubles = [trouble for trouble in TROUBLES if trouble.kind == kind]
        self.all = troubles
        self.special = [(trouble, trouble.rate * (care if trouble.careless else 1.0)) for trouble in troubles if trouble.only is not None]
        self.usual: list[tuple[float, Trouble]] = []
        total = 0.0
        for trouble in troubles:
            if trouble.only is None:
                total += trouble.rate * care
                self.usual.append((total, trouble))
        self.total = total


class Spoiler:
    """Spoils the rows of one table; one for the whole city, with a stream of chance a block."""

    def __init__(self, table: Table, source: Source) -> None:
        self.table = table
        by_name = {column.name: column for column in source.columns}
        kinds = [_kind_of(by_name[name].type, by_name[name].field) if name in by_name else "" for name in table.columns]
        self.kinds = kinds
        made = {kind: _Kind(kind, table.care) for kind in set(kinds)}
        self._checked = [(place, made[kind]) for place, kind in enumerate(kinds) if kind and made[kind].all]
        self._dates = [place for place, kind in enumerate(kinds) if kind == "date"] if table.dates != "dash" else []
        self._key = table.columns.index(next(column.name for column in source.columns if column.field == source.key[0]))
        self._swap = self._swapped_places()
        self._row_rates = [(name, rate * min(max(table.care, 0.01), 2.0)) for name, rate in ROW_TROUBLES.items() if self._may(name)]
        self._row_total = sum(rate for _, rate in self._row_rates)
        self._owed = [trouble for kind in PLANTED.get(table.resource, ()) if kind in made for trouble in made[kind].all]
        self._rows_owed = list(ROW_TROUBLES) if "row" in PLANTED.get(table.resource, ()) else []
        self.counts: Counter[str] = Counter()

    def _swapped_places(self) -> tuple[int, int] | None:
        """The places of the first citizen number and the name beside it."""
        if "citizen_id" in self.kinds and "name" in self.kinds and self.table.care > 0.1:
            return self.kinds.index("citizen_id"), self.kinds.index("name")
        return None

    def _may(self, trouble: str) -> bool:
        """Whether a trouble of whole rows can happen in this table."""
        if trouble == "columns_swapped":
            return self._swap is not None
        return trouble != "person_twice" or "citizen_id" in self.kinds

    def spoil(self, row: Row, rng: random.Random) -> Iterator[Spoiled]:
        """The row as one or, where it was entered twice, two rows of the file."""
        values: list[str] = []
        notes: list[Note] = []
        for value in row.values:
            if type(value) is Said:
                notes.append(Note(self.table.columns[len(values)], value.trouble, value.true_value))
                values.append(value.text)
            else:
                values.append(value)  # type: ignore[arg-type]
        for place in self._dates:
            values[place] = styled(values[place], self.table.dates)
        self._spoil_cells(values, notes, rng)
        trouble = self._row_trouble(rng)
        if trouble == "columns_swapped":
            self._swap_cells(values, notes, row)
        spoiled = Spoiled(values, row.about, notes)
        yield self._counted(spoiled)
        if trouble in ("person_twice", "row_repeated"):
            again = values.copy()
            if trouble == "person_twice":
                again[self._key] += "B"
            yield self._counted(Spoiled(again, row.about, [*notes, Note(self.table.columns[self._key], trouble, values[self._key])]))

    def _swap_cells(self, values: list[str], notes: list[Note], row: Row) -> None:
        """Name and number in each other's column."""
        if self._swap and all(values[place] for place in self._swap):
            first, second = self._swap
            values[first], values[second] = values[second], values[first]
            for place in self._swap:
                value = row.values[place]
                notes.append(Note(self.table.columns[place], "columns_swapped", value.true_value if isinstance(value, Said) else value))

    def _counted(self, spoiled: Spoiled) -> Spoiled:
        self.counts["rows"] += 1
        for note in spoiled.notes:
            self.counts[note.trouble] += 1
        return spoiled

    def _row_trouble(self, rng: random.Random) -> str:
        if self._rows_owed:
            return self._rows_owed.pop(0)
        chance = rng.random()
        if chance >= self._row_total:
            return ""
        for name, rate in self._row_rates:
            if chance < rate:
                return name
            chance -= rate
        return ""

    def _spoil_cells(self, values: list[str], notes: list[Note], rng: random.Random) -> None:
        draw, owed = rng.random, self._owed
        for place, kind in self._checked:
            value = values[place]
            if not value:
                continue
            chance = draw()
            if not owed and chance >= kind.total and not kind.special:
                continue
            trouble = (self._owing(kind, value) if owed else None) or _drawn(kind, value, chance, rng)
            if trouble is None:
                continue
            spoiled = trouble.spoil(value, rng)
            if spoiled is None or spoiled == value:
                continue
            values[place] = spoiled
            notes.append(Note(self.table.columns[place], trouble.name, value))
            if trouble in owed:
                owed.remove(trouble)

    def _owing(self, kind: _Kind, value: str) -> Trouble | None:
        """A trouble that still has to happen once and can happen to this value."""
        return next((one for one in self._owed if one in kind.all and (one.only is None or one.only.search(value))), None)


def _drawn(kind: _Kind, value: str, chance: float, rng: random.Random) -> Trouble | None:
    if chance < kind.total:
        return next(trouble for upper, trouble in kind.usual if chance < upper)
    for trouble, rate in kind.special:
        if trouble.only is not None and trouble.only.search(value) and rng.random() < rate:
            return trouble
    return None


def _kind_of(column_type: str, field: str) -> str:
    return "division" if field == "division" else column_type


def styled(day: str, style: DateStyle) -> str:
    """An ISO date in a department's style; anything else as it is."""
    if len(day) != 10 or style == "dash":
        return day
    year, month, date = day[:4], day[5:7], day[8:]
    if style == "plain":
        return year + month + date
    if style == "dots":
        return f"{year}.{month}.{date}"
    if style == "slash":
        return f"{year}/{int(month)}/{int(date)}" if month.isdigit() and date.isdigit() else day
    return f"{year}年{int(month)}月{int(date)}日" if month.isdigit() and date.isdigit() else day
