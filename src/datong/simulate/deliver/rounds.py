"""The second round, two weeks later: what changed since, and the deliveries that go wrong as a whole.

A department sends a resource again in one of these ways (`Table.again`): `full` with its changes, `changes` only, with a `new_column`
nobody announced, `truncated` on the way, or the first file `resent` unchanged under a new name.
"""

from __future__ import annotations

import random
import shutil
from pathlib import Path

from datong.simulate.deliver.clerk import Clerk
from datong.simulate.deliver.row import Said, Table
from datong.simulate.deliver.spoil import Note, Spoiled
from datong.simulate.model import Block
from datong.spec import Source

FIRST_DAY, SECOND_DAY = "20261031", "20261115"
NEW_COLUMN = ("是否住校", ("是", "否"))
"""The column that nobody announced, and what stands in it."""
KEPT_BYTES = 0.35
"""What is left of a truncated file."""
_GONE, _PHONE, _MOVED, _RENAMED = 0.004, 0.02, 0.008, 0.006


class Amender:
    """What happens to the rows of one table within two weeks."""

    def __init__(self, table: Table, source: Source) -> None:
        by_field = {column.field: column.name for column in source.columns}
        self._columns = table.columns
        self._phone = self._place(by_field.get("phone", ""))
        self._address = self._place(by_field.get("address", "")) if "person" in source.subjects else None
        self._home = next(
            (role for role, subject in source.subjects.items() if subject.fields.get("address") == "address" and role == "home"), ""
        )
        self._org = self._place(by_field.get("org_name", ""))
        self._former = self._place(by_field.get("former_name", ""))

    def _place(self, column: str) -> int | None:
        return self._columns.index(column) if column in self._columns else None

    def amend(self, spoiled: Spoiled, block: Block, clerk: Clerk) -> tuple[Spoiled | None, bool]:
        """The row two weeks later (None when it has gone), and whether it changed."""
        chance = clerk.rng.random()
        if chance < _GONE:
            return None, True
        if chance < _GONE + _PHONE and self._phone is not None and spoiled.values[self._phone]:
            return self._with(spoiled, self._phone, _new_phone(clerk.rng), "phone_changed"), True
        if chance < _GONE + _PHONE + _MOVED and self._address is not None and self._home:
            unit = clerk.rng.choice(block.units)
            said = clerk.address(unit)
            text = said.text if isinstance(said, Said) else said
            moved = self._with(spoiled, self._address, text, "moved")
            return moved._replace(about={**spoiled.about, self._home: unit.id}), True
        if chance > 1 - _RENAMED and self._org is not None and self._former is not None:
            old = spoiled.values[self._org]
            renamed = self._with(spoiled, self._org, old.replace("淄博", "淄博新", 1) if "淄博" in old else f"新{old}", "renamed")
            renamed.values[self._former] = old
            return renamed, True
        return spoiled, False

    def _with(self, spoiled: Spoiled, place: int, value: str, event: str) -> Spoiled:
        values = spoiled.values.copy()
        note = Note(self._columns[place], event, values[place])
        values[place] = value
        return Spoiled(values, dict(spoiled.about), [note])


def _new_phone(rng: random.Random) -> str:
    return f"19{rng.randrange(8, 10)}{rng.randrange(10**8):08d}"


def truncate(first: Path, second: Path) -> None:
    """Copy the beginning of a file, cut in the middle of a row and, as likely as not, of a character."""
    size = int(first.stat().st_size * KEPT_BYTES)
    with first.open("rb") as source, second.open("wb") as target:
        while size > 0 and (piece := source.read(min(size, 1 << 20))):
            target.write(piece)
            size -= len(piece)


def resend(first: Path, second: Path) -> None:
    """The same bytes under a new name."""
    shutil.copyfile(first, second)
