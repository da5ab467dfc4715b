"""Read members from the store, subject by subject, and build each."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from datong.registers import queries
from datong.registers.build import Built, Member, Other, build
from datong.registers.fold import Weights
from datong.spec import Packs
from datong.store import Session


def built_subjects(session: Session, packs: Packs, codes: Sequence[str] | None = None) -> Iterator[Built]:
    """Every subject that has records (or just these), built, in order of code."""
    only, params = _only("m.code", codes)
    members_sql = queries.MEMBERS.format(only=only.replace("m.code", "code"))
    rows = groupby(session.all(members_sql, params), key=lambda row: row[0])
    ties = _Ties(session.all(queries.TIES.format(only=only), params))
    weights = Weights(packs)
    places = _places(session, ties, codes)
    for code, members in rows:
        yield build(code, [_member(row) for row in members], ties.of(code), places, weights)


class _Ties:
    """The other sides of each subject's ties."""

    def __init__(self, rows: list[tuple[Any, ...]]) -> None:
        self._of: dict[str, dict[tuple[str, str, str], Other]] = {}
        for code, resource, record, role, other, rule in rows:
            self._of.setdefault(code, {})[resource, record, role] = Other(other, rule)

    def of(self, code: str) -> dict[tuple[str, str, str], Other]:
        return self._of.get(code, {})

    def codes(self) -> set[str]:
        return {other.code for sides in self._of.values() for other in sides.values() if other.code.startswith("H")}


def _places(session: Session, ties: _Ties, codes: Sequence[str] | None) -> dict[str, tuple[str, str]]:
    """Premises code → division and wording: of all, or of those at hand."""
    if codes is None:
        rows = session.all(queries.PLACES)
    else:
        wanted = ties.codes() | {code for code in codes if code.startswith("H")}
        wanted |= {place for row in session.all(*_bodies_of(codes)) for place in json.loads(row[0]).get("p", {}).values()}
        rows = [row for chunk in in_chunks(wanted) for row in session.all(queries.PLACES_OF.format(marks=marks(chunk)), chunk)]
    return {code: (division, wording) for code, division, wording in rows}


def _bodies_of(codes: Sequence[str]) -> tuple[str, dict[str, str]]:
    only, params = _only("code", codes)
    return f"SELECT body FROM member WHERE body LIKE '%\"p\":%' {only}", params  # noqa: S608  names are ours


def _only(column: str, codes: Sequence[str] | None) -> tuple[str, dict[str, str]]:
    if codes is None:
        return "", {}
    params = {f"c{at}": code for at, code in enumerate(codes)}
    return f"AND {column} IN ({', '.join(f':{name}' for name in params)})", params


def _member(row: tuple[Any, ...]) -> Member:
    _, resource, record, role, delivery, as_of, rule, body = row
    return Member(resource, record, role, delivery, as_of, rule, json.loads(body))


def in_chunks(values: set[str], size: int = 500) -> Iterator[dict[str, str]]:
    """Parameters for `IN` lists of a bounded length."""
    ordered = sorted(values)
    for start in range(0, len(ordered), size):
        yield {f"v{at}": value for at, value in enumerate(ordered[start : start + size])}


def marks(chunk: dict[str, str]) -> str:
    """The `:v0, :v1` that go with a chunk of parameters."""
    return ", ".join(f":{name}" for name in chunk)
