"""Read members from the store, subject by subject, and build each."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from multiprocessing import get_context
from typing import Any

from datong.registers import queries
from datong.registers.build import Built, Member, Other, build
from datong.registers.fold import Weights
from datong.spec import Packs
from datong.store import Session, in_chunks, marks

PAGE = 1000
"""How many subjects are held in memory at once."""
WORTH_IT = 6
"""Pages from which starting processes pays."""
_RANGE = "AND {code} > :low AND {code} <= :high"


@dataclass(frozen=True)
class Page:
    """The rows some subjects are built of: their members, and the other sides of their ties."""

    members: list[tuple[Any, ...]]
    ties: list[tuple[Any, ...]]


def built_subjects(session: Session, packs: Packs, codes: Sequence[str]) -> Iterator[Built]:
    """These subjects, as far as they have records, built in order of code."""
    only, params = _among(codes)
    yield from build_page(Weights(packs), _page(session, only, params), _places(session, codes))


def built_pages(session: Session, packs: Packs, processes: int = 1) -> Iterator[list[Built]]:
    """Every subject that has records, built, page by page in order of code; the same however many processes work at it."""
    weights = Weights(packs)
    places = {code: (division, wording) for code, division, wording in session.all(queries.PLACES)}
    ranges = list(pages(session, queries.MEMBER_CODES))
    found = (_page(session, _RANGE, {"low": low, "high": high}) for low, high in ranges)
    if processes < 2 or len(ranges) < WORTH_IT:
        yield from (build_page(weights, page, places) for page in found)
        return
    # spawned, not forked: the parent holds database connections that a forked child must not inherit
    with ProcessPoolExecutor(processes, get_context("spawn"), _start, (weights, places)) as pool:
        waiting: deque[Future[list[Built]]] = deque()
        for page in found:
            waiting.append(pool.submit(_build_page, page))
            if len(waiting) > processes + 1:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def build_page(weights: Weights, page: Page, places: Mapping[str, tuple[str, str]]) -> list[Built]:
    """Build the subjects of one page."""
    ties = _Ties(page.ties)
    members = groupby(page.members, key=lambda row: row[0])
    return [build(code, [_member(row) for row in rows], ties.of(code), places, weights) for code, rows in members]


_AT_HAND: dict[str, tuple[Weights, Mapping[str, tuple[str, str]]]] = {}


def _start(weights: Weights, places: Mapping[str, tuple[str, str]]) -> None:
    _AT_HAND["city"] = (weights, places)


def _build_page(page: Page) -> list[Built]:
    weights, places = _AT_HAND["city"]
    return build_page(weights, page, places)


def _page(session: Session, only: str, params: Mapping[str, str]) -> Page:
    members = session.all(queries.MEMBERS.format(only=only.format(code="code")), params)
    return Page(members, session.all(queries.TIES.format(only=only.format(code="m.code")), params))


def pages(session: Session, sql: str) -> Iterator[tuple[str, str]]:
    """Ranges of codes (after, up to), of bounded size; `sql` gives the codes after :after in order."""
    low = ""
    while rows := session.all(sql, {"after": low, "limit": PAGE}):
        yield low, rows[-1][0]
        low = rows[-1][0]


class _Ties:
    """The other sides of each subject's ties."""

    def __init__(self, rows: list[tuple[Any, ...]]) -> None:
        self._of: dict[str, dict[tuple[str, str, str], Other]] = {}
        for code, resource, record, role, other, rule in rows:
            self._of.setdefault(code, {})[resource, record, role] = Other(other, rule)

    def of(self, code: str) -> dict[tuple[str, str, str], Other]:
        return self._of.get(code, {})


def _places(session: Session, codes: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Premises code → division and wording, of all that these subjects may lie in."""
    only, params = _among(codes)
    wanted = {code for code in codes if code.startswith("H")}
    wanted |= {row[4] for row in session.all(queries.TIES.format(only=only.format(code="m.code")), params) if row[4].startswith("H")}
    bodies = session.all(queries.PLACED_BODIES.format(only=only.format(code="code")), params)
    wanted |= {place for row in bodies for place in json.loads(row[0]).get("p", {}).values()}
    rows = [row for chunk in in_chunks(wanted) for row in session.all(queries.PLACES_OF.format(marks=marks(chunk)), chunk)]
    return {code: (division, wording) for code, division, wording in rows}


def _among(codes: Sequence[str]) -> tuple[str, dict[str, str]]:
    params = {f"c{at}": code for at, code in enumerate(codes)}
    return "AND {code} IN (" + ", ".join(f":{name}" for name in params) + ")", params


def _member(row: tuple[Any, ...]) -> Member:
    _, resource, record, role, delivery, as_of, rule, body = row
    return Member(resource, record, role, delivery, as_of, rule, json.loads(body))
