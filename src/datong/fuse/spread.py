"""Match many address texts on several processors: each process gets the tree once, then texts in parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

from datong.domain.address import Level, PlaceMatch, Verdict
from datong.fuse.address import BY_WORDING, PlaceTree, Reader, city_entries, match_many, reader_for

OF_THE_PAST = frozenset(("demolished", "parted"))
"""Reasons of a match with a door that is no more."""
WORTH_IT = 40_000
"""Texts from which starting processes pays."""
_PART = 5_000


@dataclass(frozen=True, slots=True)
class Told:
    """What an address text leads to: a door's place id (and whether a confirmed wording says so), or why it leads to none and the
    division it lies in."""

    door: str = ""
    verdict: str = ""
    reason: str = ""
    division: str = ""


_AT_HAND: dict[str, tuple[PlaceTree, Reader]] = {}


class Teller:
    """Tells what address texts lead to; the same however many processes work at it. They start when there is enough to do."""

    def __init__(self, tree: PlaceTree, reader: Reader, divisions: list[dict[str, str]], processes: int) -> None:
        self._tree, self._reader, self._divisions, self._processes = tree, reader, divisions, processes
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Teller:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool:
            self._pool.shutdown()

    def tell(self, texts: Sequence[str]) -> list[Told]:
        """What each text leads to, in order."""
        if self._pool is None and (self._processes < 2 or len(texts) < WORTH_IT):
            return _tell(self._tree, self._reader, texts)
        if self._pool is None:
            # spawned, not forked: the parent holds database threads and locks that a forked child must not inherit
            given = (list(self._tree.to_rows()), self._divisions)
            self._pool = ProcessPoolExecutor(self._processes, get_context("spawn"), _start, given)
        parts = [texts[start : start + _PART] for start in range(0, len(texts), _PART)]
        return [told for part in self._pool.map(_tell_part, parts) for told in part]


def is_door(tree: PlaceTree, place_id: str) -> bool:
    """Whether the place is a unit: a record speaks of it and nothing lies below it (a room, a yard, a shop)."""
    place = tree.places[place_id]
    deep = place.level.depth >= Level.ESTATE.depth
    return place.door and deep and not tree.has_doors(place_id) and not tree.at_number.get(place_id)


def _start(rows: list[dict[str, Any]], divisions: list[dict[str, str]]) -> None:
    tree = PlaceTree.from_rows(rows)
    _AT_HAND["city"] = (tree, reader_for(tree, divisions=city_entries(divisions)))


def _tell_part(texts: Sequence[str]) -> list[Told]:
    return _tell(*_AT_HAND["city"], texts)


def _tell(tree: PlaceTree, reader: Reader, texts: Sequence[str]) -> list[Told]:
    return list(_told(tree, match_many(reader, tree, texts)))


def _told(tree: PlaceTree, matches: Iterable[PlaceMatch]) -> Iterator[Told]:
    for match in matches:
        exact = match.verdict is Verdict.EXACT or any(one.word in OF_THE_PAST for one in match.reasons)
        if exact and is_door(tree, match.place_id):
            further = "wording_confirmed" if match.rule == BY_WORDING else ""
            yield Told(match.place_id, reason=further)  # a record may be older than the change: its door was there
            continue
        verdict = Verdict.VAGUE if match.verdict is Verdict.EXACT else match.verdict
        division = tree.places[match.place_id].division if match.place_id in tree.places else ""
        yield Told("", verdict.value, match.reasons[0].word if match.reasons else match.level.value, division)
