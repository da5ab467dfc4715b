"""The premises tree between runs: written to the store by a run, kept in memory with its reader by whoever asks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from datong.domain.address import PlaceMatch
from datong.fuse import store_queries as queries
from datong.fuse.address import PlaceTree, Reader, city_entries, match_address, reader_for
from datong.fuse.address import suggest as suggest_in
from datong.fuse.wordings import load_wordings
from datong.spec import Division
from datong.store import Session

PART = "fuse.places"
"""Name under which the store carries (version, tree, reader, names the reader knows)."""


def keep_tree(session: Session, tree: PlaceTree, divisions: Iterable[Division], now: str) -> None:
    """Write the tree in place of what was there, with the divisions its reader needs."""
    session.run(queries.DROP_PLACES)
    session.load("place", queries.PLACE_COLUMNS, (tuple(row[name] for name in queries.PLACE_COLUMNS) for row in tree.to_rows()))
    cells = [dict(division.cells) for division in divisions]
    session.run(queries.SET_STATE_VALUE, {"name": "divisions", "value": json.dumps(cells, ensure_ascii=False)})
    _new_version(session, now)
    session.store.parts.pop(PART, None)


def keep_new_places(session: Session, tree: PlaceTree, places: Iterable[str], now: str) -> None:
    """Write the places that a few records added or refreshed; the tree in memory knows them already."""
    wanted = set(places)
    if not wanted:
        return
    for place_id in sorted(wanted):
        session.run(queries.DROP_PLACE, {"place_id": place_id})
    rows = (row for row in tree.to_rows() if row["place_id"] in wanted)
    session.load("place", queries.PLACE_COLUMNS, (tuple(row[name] for name in queries.PLACE_COLUMNS) for row in rows))
    version = _new_version(session, now)
    session.store.parts[PART] = (version, tree, *session.store.parts[PART][2:])


def places_of(session: Session) -> tuple[PlaceTree, Reader]:
    """The tree and a reader that knows its names: loaded once, and again when a run has written a newer one."""
    row = session.one(queries.STATE, {"name": "places"})
    version = str(row[0]) if row else ""
    held = session.store.parts.get(PART)
    if held is None or held[0] != version:
        tree = PlaceTree.from_rows(session.dicts(queries.ALL_PLACES))
        load_wordings(session, tree)
        held = (version, tree, _reader(session, tree), tree.version)
        session.store.parts[PART] = held
    return held[1], held[2]


def reader_of(session: Session, tree: PlaceTree, reader: Reader) -> Reader:
    """A reader for the tree as it is now: the one at hand unless names have been added since."""
    held = session.store.parts.get(PART)
    if held is not None and held[3] == tree.version:
        return reader
    fresh = _reader(session, tree)
    session.store.parts[PART] = (held[0] if held else "", tree, fresh, tree.version)
    return fresh


def match_text(session: Session, text: str, **wanted: str) -> PlaceMatch:
    """What an address means in the city's premises. `wanted` as for `match_address`: hint_division, purpose_level."""
    tree, reader = places_of(session)
    return match_address(reader, tree, text, **wanted)


def suggest_places(session: Session, text: str, limit: int = 10) -> list[tuple[str, ...]]:
    """Completions of a half-typed address: (wording, place id, level, code when it is a door, name, street, community)."""
    tree, _ = places_of(session)
    found = suggest_in(tree, text, limit)
    return [
        (one.full_text, one.place_id, one.level.value, tree.places[one.place_id].code, one.name, one.street, one.community) for one in found
    ]


def divisions_of(rows: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    """Division rows with the columns the reader asks for."""
    return [{"code": "", "name": "", **row} for row in rows]


def _reader(session: Session, tree: PlaceTree) -> Reader:
    row = session.one(queries.STATE, {"name": "divisions"})
    return reader_for(tree, divisions=city_entries(divisions_of(json.loads(row[0]) if row else [])))


def _new_version(session: Session, now: str) -> str:
    row = session.one(queries.STATE, {"name": "places"})
    number = int(str(row[0]).partition(" ")[0]) + 1 if row else 1
    version = f"{number} {now}"
    session.run(queries.SET_STATE_VALUE, {"name": "places", "value": version})
    return version
