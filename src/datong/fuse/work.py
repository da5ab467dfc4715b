"""What the steps of one run share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from datong.domain.access import Register
from datong.fuse import store_queries as stored
from datong.fuse.judge import judgements
from datong.fuse.model import Model
from datong.fuse.place_changes import Changed
from datong.settings import Settings
from datong.spec import Packs
from datong.store import Session, in_chunks, marks

if TYPE_CHECKING:
    from datong.fuse.open import Profile


@dataclass
class Work:
    """One run of fusion: the set-wise tables, the store, the declared models, and what is counted."""

    con: Any
    session: Session
    settings: Settings
    packs: Packs
    models: Mapping[Register, Model]
    key: bytes
    """The city's secret key of the codes."""
    now: str
    whole: bool = True
    """Whether this run sees every record (False: some pushed records and what they touch)."""
    first_event: int = 0
    """The number of the last event of a code before this run."""
    counts: dict[str, int] = field(default_factory=dict)
    open_premises: list[Profile] = field(default_factory=list)
    changed: Changed = field(default_factory=Changed)
    """What the changes of places came to."""
    new_places: set[str] = field(default_factory=set)
    """Places a small run added to the tree or refreshed."""
    moved: set[str] = field(default_factory=set)
    """Codes of the doors that a change of a place moved or ended, in a small run."""
    fresh: set[str] = field(default_factory=set)
    """References of the pushed mentions, in a small run."""
    fresh_records: set[str] = field(default_factory=set)
    """`resource/record_id` of the pushed records."""
    stored: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Reference → (code, rule) of the stored mentions a small run brought in."""
    held: set[str] = field(default_factory=set)
    """References of mentions that a small run only reads: they keep their subject."""
    loaded: dict[str, int] = field(default_factory=dict)
    """Reference → number of the stored mentions a small run brought in."""
    unsure: list[tuple[str, str, str, float, str]] = field(default_factory=list)
    """Rows for the `unsure` table."""

    def table(self, name: str, columns: Mapping[str, list[Any]], types: Mapping[str, pa.DataType] | None = None) -> None:
        """Make (or replace) a working table from columns of Python values."""
        kinds = types or {}
        arrays = {column: pa.array(values, type=kinds.get(column, pa.string())) for column, values in columns.items()}
        self.con.register("given", pa.table(arrays))
        self.con.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM given")  # noqa: S608  names are ours
        self.con.unregister("given")

    def append(self, name: str, columns: Mapping[str, list[Any]], types: Mapping[str, pa.DataType] | None = None) -> None:
        """Add columns of Python values to a working table that has just these."""
        kinds = types or {}
        arrays = {column: pa.array(values, type=kinds.get(column, pa.string())) for column, values in columns.items()}
        self.con.register("given", pa.table(arrays))
        self.con.execute(f"INSERT INTO {name} SELECT * FROM given")  # noqa: S608  names are ours
        self.con.unregister("given")

    def stream(self, sql: str, size: int = 20_000) -> Iterator[tuple[Any, ...]]:
        """The rows of a set-wise query, some at a time; other statements may run meanwhile."""
        cursor = self.con.cursor()
        try:
            cursor.execute(sql)
            while some := cursor.fetchmany(size):
                yield from some
        finally:
            cursor.close()

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Every row of a set-wise query."""
        found: list[tuple[Any, ...]] = self.con.execute(sql).fetchall()
        return found

    def count(self, name: str, number: int) -> None:
        """Add to one of the run's counts."""
        self.counts[name] = self.counts.get(name, 0) + number

    def judged(self, kind: Register) -> list[tuple[str, str, str]]:
        """People's verdicts in force on a kind; makes the table `judged` of the references in them."""
        found = judgements(self.session, kind)
        self.table("judged", {"ref": sorted({ref for left, right, _ in found for ref in (left, right)})})
        self.con.execute("INSERT INTO judged_ref SELECT ref FROM judged")
        return found

    def known_numbers(self, kind: Register, keys: Iterable[str]) -> dict[str, str]:
        """What the register knows of secondary numbers: key → the anchor of the subject it leads to."""
        codes: dict[str, str] = {}
        for chunk in in_chunks(keys):
            for sql in (stored.CODES_OF_BLOCKS, stored.CODES_OF_ANCHORS):
                codes.update((row[0], row[1]) for row in self.session.all(sql.format(marks=marks(chunk)), {"kind": kind, **chunk}))
        anchors: dict[str, str] = {}
        for chunk in in_chunks(codes.values()):
            for anchor, code in self.session.all(stored.ANCHORS_OF_CODES.format(marks=marks(chunk)), chunk):
                anchors[code] = min(anchors.get(code, anchor), anchor)
        return {key: anchors[code] for key, code in codes.items() if code in anchors}
