"""Wordings of a door that its numbers confirm: two departments write an address nobody can place, and both name one door by number.

Such a wording is a further name of that door: whoever writes it means the door, with or without a number. It is derived anew by every
whole run from the records of today, kept with the store beside the tree, and told with the departments it comes from.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from datong.fuse import store_queries as stored
from datong.fuse import wording_queries as queries
from datong.fuse.address import PlaceTree, Reader, Wording, says_number_of, spelled
from datong.fuse.work import Work
from datong.store import Session

DEPARTMENTS = 2
"""So many departments must name one door beside one wording, and none another door."""


@dataclass
class _Told:
    """What records say of one wording: doors by number, the departments that say so, the wording as first written."""

    text: str
    doors: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    departments: set[str] = field(default_factory=set)


def confirm_wordings(work: Work, tree: PlaceTree, reader: Reader) -> None:
    """Find the confirmed wordings of a whole run, let every text that uses one lead to its door, and hang them into the tree."""
    tree.wordings = {key: one for key, one in _confirmed(work) if says_number_of(tree, one.place_id, reader.read(one.text))}
    open_texts = (row[0] for row in work.stream(queries.UNPLACED_TEXTS)) if tree.wordings else ()
    found = [(text, one.place_id) for text in open_texts if (one := tree.wordings.get(spelled(text)))]
    work.table("confirmed_text", {"text": [text for text, _ in found], "place_id": ["place:" + place for _, place in found]})
    for sql in (queries.PLACE_CONFIRMED, queries.TELL_CONFIRMED):
        work.con.execute(sql)
    work.count("wordings_confirmed", len(tree.wordings))


def _confirmed(work: Work) -> Iterator[tuple[str, Wording]]:
    told: dict[str, _Told] = {}
    for text, node, number, department in work.rows(queries.WORDINGS_BY_NUMBER):
        one = told.setdefault(spelled(text), _Told(text))
        one.doors.add(node)
        one.numbers.add(number)
        one.departments.add(department)
    for key, one in told.items():
        if len(one.doors) == 1 and len(one.departments) >= DEPARTMENTS:
            place = one.doors.pop().removeprefix("place:")
            departments = tuple(_named(work, code) for code in sorted(one.departments))
            yield key, Wording(one.text, place, departments, tuple(sorted(one.numbers)))


def _named(work: Work, code: str) -> tuple[str, str, str]:
    """A department with its two names."""
    department = work.packs.departments.get(code)
    return (code, department.title_zh, department.title_en) if department else (code, code, code)


def keep_wordings(session: Session, tree: PlaceTree) -> None:
    """Write the tree's confirmed wordings in place of those of the last whole run."""
    session.run(stored.DROP_WORDINGS)
    rows = (
        (key, one.text, one.place_id, json.dumps(one.departments, ensure_ascii=False), json.dumps(one.numbers))
        for key, one in sorted(tree.wordings.items())
    )
    session.load("place_wording", stored.WORDING_COLUMNS, rows)


def load_wordings(session: Session, tree: PlaceTree) -> None:
    """Hang the stored wordings into a tree that was read from the store."""
    for key, text, place, departments, numbers in session.all(stored.ALL_WORDINGS):
        tree.wordings[key] = _wording(text, place, departments, numbers)


def wordings_of(session: Session, code: str) -> list[Wording]:
    """The confirmed wordings of the door that bears a code today, each with where it comes from."""
    return [_wording(*row) for row in session.all(stored.WORDINGS_OF_CODE, {"code": code})]


def _wording(text: str, place: str, departments: str, numbers: str) -> Wording:
    return Wording(text, place, tuple((one[0], one[1], one[2]) for one in json.loads(departments)), tuple(json.loads(numbers)))
