"""The second round, two weeks later: what changed since, and the deliveries that go wrong as a whole.

A department sends a resource again in one of these ways (`Table.again`): `full` with its changes, `changes` only, with a `new_column`
nobody announced, `truncated` on the way, or the first file `resent` unchanged under a new name.
"""

from __future__ import annotations

import random
import shutil
from pathlib import Path

from datong.simulate.deliver.clerk import Clerk, age, here
from datong.simulate.deliver.row import Said, Table
from datong.simulate.deliver.spoil import Note, Spoiled, styled
from datong.simulate.model import Block
from datong.spec import Source

FIRST_DAY, SECOND_DAY = "20261031", "20261115"
NEW_COLUMN = ("是否住校", ("是", "否"))
"""The column that nobody announced, and what stands in it."""
KEPT_BYTES = 0.35
"""What is left of a truncated file."""
_TAIL, _BROKEN_BYTES = 4096, 15
_GONE = 0.004
_SHARES = {"phone_changed": 0.016, "moved": 0.008, "renewed": 0.02, "sold": 0.004, "renamed": 0.006}
"""Share of rows that each event befalls, where the table can show it. In the troubles' truth the value before stands as the true one."""


class Amender:
    """What happens to the rows of one table within two weeks: gone, a new phone, moved, renewed, sold, renamed."""

    def __init__(self, table: Table, source: Source) -> None:
        by_field = {column.field: column.name for column in source.columns}

        def place(field: str) -> int | None:
            return table.columns.index(by_field[field]) if field in by_field else None

        self._columns = table.columns
        self._key = table.columns.index(by_field[source.key[0]])
        self._phone = place("phone") if "phone" in by_field else place("contact_phone")
        self._address = place("address") if "home" in source.subjects else None
        self._until = place("until") if table.again == "changes" else None
        self._names = (place("org_name"), place("former_name"))
        self._sale = (place("owner_name"), place("owner_citizen_id"), place("since"))
        self._dates = table.dates
        self._owed = [event for event in ("renamed", "renewed", "sold") if self._can(event)]
        """Each of these happens in every city, however small."""

    def _can(self, event: str) -> bool:
        needed = {"renamed": self._names, "renewed": (self._until,), "sold": self._sale}[event]
        return None not in needed

    def amend(self, spoiled: Spoiled, block: Block, clerk: Clerk) -> tuple[Spoiled | None, bool]:
        """The row two weeks later (None when it has gone), and whether it changed."""
        if self._owed:
            return self._changed(self._owed.pop(0), spoiled, block, clerk), True
        chance = clerk.rng.random()
        if chance < _GONE:
            return None, True
        for event, share in _SHARES.items():
            chance -= share
            if chance < _GONE:
                changed = self._changed(event, spoiled, block, clerk)
                return changed, changed is not spoiled
        return spoiled, False

    def _changed(self, event: str, spoiled: Spoiled, block: Block, clerk: Clerk) -> Spoiled:
        """The row after an event, or the same row where the event cannot happen to it."""
        if event == "phone_changed" and self._phone is not None and spoiled.values[self._phone]:
            return self._with(spoiled, event, {self._phone: _new_phone(clerk.rng)})
        if event == "moved" and self._address is not None:
            unit = clerk.rng.choice(block.units)
            said = clerk.address(unit)
            moved = self._with(spoiled, event, {self._address: said.text if isinstance(said, Said) else said})
            return moved._replace(about={**spoiled.about, "home": unit.id})
        if event == "renewed" and self._until is not None:
            return self._with(spoiled, event, {self._until: styled("2029-11-30", self._dates)})
        if event == "renamed":
            return self._renamed(spoiled)
        if event == "sold":
            return self._sold(spoiled, block, clerk)
        return spoiled

    def _renamed(self, spoiled: Spoiled) -> Spoiled:
        name, former = self._names
        if name is None or former is None:
            return spoiled
        old = spoiled.values[name]
        new = old.replace("淄博", "淄博新", 1) if "淄博" in old else f"新{old}"
        return self._with(spoiled, "renamed", {name: new, former: old})

    def _sold(self, spoiled: Spoiled, block: Block, clerk: Clerk) -> Spoiled:
        """A title goes to somebody else of the block, under a new record of the registry."""
        name, number, since = self._sale
        if name is None or number is None or since is None or "person" not in spoiled.about:
            return spoiled
        buyer = clerk.rng.choice(block.people)
        while not here(buyer) or age(buyer) < 22:
            buyer = clerk.rng.choice(block.people)
        day = styled("2026-11-10", self._dates)
        key = f"{spoiled.values[self._key]}N"
        sold = self._with(spoiled, "sold", {name: buyer.name, number: buyer.citizen_id, since: day, self._key: key})
        return sold._replace(about={**spoiled.about, "person": buyer.id})

    def _with(self, spoiled: Spoiled, event: str, changes: dict[int, str]) -> Spoiled:
        values = spoiled.values.copy()
        notes = []
        for place, value in changes.items():
            notes.append(Note(self._columns[place], event, values[place]))
            values[place] = value
        return Spoiled(values, dict(spoiled.about), notes)


def _new_phone(rng: random.Random) -> str:
    return f"19{rng.randrange(8, 10)}{rng.randrange(10**8):08d}"


def truncate(first: Path, second: Path) -> None:
    """Copy the beginning of a file and break it off early in a row, as likely as not in the middle of a character."""
    size = int(first.stat().st_size * KEPT_BYTES)
    with first.open("rb") as source:
        source.seek(max(0, size - _TAIL))
        row_start = source.read(min(size, _TAIL)).rfind(b"\n") + 1
        left = max(0, size - _TAIL) + row_start + _BROKEN_BYTES
        source.seek(0)
        with second.open("wb") as target:
            while left > 0 and (piece := source.read(min(left, 1 << 20))):
                target.write(piece)
                left -= len(piece)


def resend(first: Path, second: Path) -> None:
    """The same bytes under a new name."""
    shutil.copyfile(first, second)
