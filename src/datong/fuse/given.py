"""The rows that the resources which build the premises tree give: parts in columns, or a name and a text to be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from datong.fuse.address import (
    Lexicon,
    PlaceRow,
    PlaceTree,
    Reader,
    city_entries,
    districts_of_rows,
    districts_of_tree,
    is_told,
    row_of,
    row_of_told,
    settle_told,
    without_hearsay,
)
from datong.fuse.structure import settle
from datong.spec import Division


def rows_given(values: Sequence[Mapping[str, Any]], divisions: Sequence[Division], city: str) -> list[PlaceRow]:
    """One row a record. A record that gives its place in words only is read, with the divisions alone for a lexicon."""
    if not any(is_told(value) for value in values):
        return [row_of(value) for value in values]
    reader = Reader(Lexicon(city_entries(dict(one.cells) for one in divisions), home=city))
    return [row_of_told(reader, value, city) if is_told(value) else row_of(value) for value in values]


def settled_together(rows: Sequence[PlaceRow], divisions: Sequence[Division]) -> list[PlaceRow | None]:
    """The rows of a whole run, each helped by the others; None for one whose district stays open."""
    rows = without_hearsay(rows)
    return list(settle_told(settle(rows, divisions), districts_of_rows(rows)))


def settled_beside(rows: Sequence[PlaceRow], tree: PlaceTree) -> list[PlaceRow | None]:
    """A few rows helped by the tree that stands; None for one whose district stays open."""
    known = districts_of_tree(tree) if any(row.told for row in rows) else {}
    return list(settle_told(without_hearsay(rows, known), known))
