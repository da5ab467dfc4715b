"""Numbers of an address: which part a run like 3-2-301 or 12号3号楼 speaks of, from its words and from what stood before.

A number whose own words say what it is (3号楼) is `said`; one that only its place in a chain explains (3-2-301) is not,
and the register may read it otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from datong.domain.address import Part
from datong.fuse.address import parts
from datong.fuse.address.marks import ADJOINING, ELEMENT, NEXT, SUFFIX


class Token(NamedTuple):
    """One part over the clean text. `said`: its own words name the part."""

    start: int
    end: int
    part: Part
    said: bool = True


@dataclass(slots=True)
class Chain:
    """A run of numbers joined by dashes, with the word that closes it."""

    elements: list[tuple[int, int]]
    end: int
    kind: str
    listed: bool


BIT = {part: 1 << at for at, part in enumerate(Part)}
"""One bit a part, so that the parts seen so far are one number."""

_LADDER = (parts.BUILDING, parts.ENTRANCE, parts.FLOOR, parts.ROOM)
_RANK = {parts.BUILDING: 1, parts.ENTRANCE: 2, parts.FLOOR: 3, parts.ROOM: 4}
_RUNGS = sum(BIT[part] for part in _RANK)
_NUMBERED = BIT[parts.ROAD_NO] | BIT[parts.PHASE] | BIT[parts.LANE_NO]
_ON_A_ROAD = frozenset((parts.ROAD, parts.LANE))
_NUMBERED_LIKE_A_ROAD = frozenset(
    (
        parts.COMMUNITY,
        parts.VILLAGE,
        parts.GROUP,
        parts.STREET,
        parts.DISTRICT,
        parts.CITY,
        parts.PROV,
        parts.ZONE,
        parts.RELATIVE,
        parts.DISTANCE,
        parts.NOISE,
    )
)
_SAID = {"building": parts.BUILDING, "room": parts.ROOM, "entrance": parts.ENTRANCE, "floor": parts.FLOOR}


def read_chain(text: str, at: int) -> Chain | None:
    """The run of numbers that starts here; None when no number does."""
    found = ELEMENT.match(text, at)
    if not found:
        return None
    elements = [found.span()]
    listed = False
    end = found.end()
    while True:
        closing = SUFFIX.match(text, end)
        if closing:
            return Chain(elements, closing.end(), closing.lastgroup or "", listed)
        joint = NEXT.match(text, end) or ADJOINING.match(text, end)
        following = ELEMENT.match(text, joint.end()) if joint else None
        if not joint or not following:
            return Chain(elements, end, "", listed)
        if joint.lastgroup == "list":
            listed = True
            elements[-1] = (elements[-1][0], following.end())
        else:
            elements.append(following.span())
        end = following.end()


def place_chain(chain: Chain, before: Part | None, seen: int, more_follow: bool) -> list[Token]:
    """Tokens of one chain, given the part before it, the parts already seen, and whether numbers follow."""
    first, end = chain.elements[0][0], chain.end
    kind = chain.kind
    if kind == "no":
        return _numbered(chain, before, seen, more_follow)
    if kind == "group":
        return [Token(first, end, parts.GROUP)]
    if kind == "phase":
        return [Token(first, end, parts.PHASE)]
    if kind == "road":
        if before in _RANK or before == parts.PHASE or seen & BIT[parts.FLOOR]:
            return [Token(first, end, parts.ENTRANCE)]  # the inner streets of a market hall
        return [Token(first, end, parts.LANE if before == parts.ROAD else parts.ROAD)]
    if kind == "lane":
        return [Token(first, end, parts.LANE if before in _ON_A_ROAD else parts.ROAD)]
    if kind == "compound":
        return [Token(first, end, _compound(before, seen))]
    if kind == "building":
        return _building(chain, before)
    if kind:
        return _climb(chain, _SAID[kind], before, seen)
    return _bare(chain, before, seen, more_follow)


def _numbered(chain: Chain, before: Part | None, seen: int, more_follow: bool) -> list[Token]:
    """…号: a door number on a road or in a village, else a building, entrance or room as far as one is already named."""
    first, end = chain.elements[0][0], chain.end
    if before in _ON_A_ROAD:
        return [Token(first, end, parts.LANE_NO if before == parts.LANE and seen & BIT[parts.ROAD_NO] else parts.ROAD_NO)]
    rank = _rank(seen)
    if rank == 0 and (before is None or before in _NUMBERED_LIKE_A_ROAD) and not seen & BIT[parts.ROAD_NO]:
        if len(chain.elements) == 2:
            return [Token(*chain.elements[0], parts.ROAD_NO, said=False), Token(chain.elements[1][0], end, parts.BUILDING, said=False)]
        return [Token(first, end, parts.ROAD_NO)]
    if len(chain.elements) > 1:
        if len(chain.elements) == 2 and _digits(chain, 0) == _digits(chain, 1) > 1:
            return [Token(first, end, parts.ROOM, said=False)]
        return _climb(chain, parts.ROOM, before, seen)
    if rank == 0:
        estate_number = before == parts.ESTATE and not seen & _NUMBERED and more_follow
        return [Token(first, end, parts.ROAD_NO if estate_number else parts.BUILDING, said=False)]
    part = parts.ENTRANCE if rank == 1 and (more_follow or _digits(chain, 0) <= 1) else parts.ROOM
    return [Token(first, end, part, said=False)]


def _compound(before: Part | None, seen: int) -> Part:
    """…弄: on a road it is the door number of a compound, whose own 号 are buildings."""
    if before == parts.ROAD:
        return parts.ROAD_NO
    if before == parts.LANE:
        return parts.LANE_NO
    return parts.LANE if seen & BIT[parts.ROAD] else parts.ROAD


def _rank(seen: int) -> int:
    """The deepest rung of the ladder already named."""
    if not seen & _RUNGS:
        return 0
    return max(rank for part, rank in _RANK.items() if seen & BIT[part])


def _building(chain: Chain, before: Part | None) -> list[Token]:
    """3-5号楼: a range of buildings, unless a door number stands first on a road."""
    first, end = chain.elements[0][0], chain.end
    if before in _ON_A_ROAD and len(chain.elements) == 2:
        return [Token(*chain.elements[0], parts.ROAD_NO, said=False), Token(chain.elements[1][0], end, parts.BUILDING)]
    return [Token(first, end, parts.BUILDING)]


def _climb(chain: Chain, last: Part, before: Part | None, seen: int) -> list[Token]:
    """A chain whose last number is known: those before it take the free rungs from the building on."""
    elements = chain.elements
    tokens: list[Token] = []
    start = 0
    if before in _ON_A_ROAD and len(elements) > 1:
        tokens.append(Token(*elements[0], parts.ROAD_NO, said=False))
        start = 1
    rank = _rank(seen)
    free = [part for part in _LADDER if rank < _RANK[part] < _RANK[last]]
    wanted = len(elements) - 1 - start
    if wanted == 1 and free:
        free = free[:1]
    if wanted == 2 and len(free) > 2:
        free = free[:2]
    joined = max(0, wanted - len(free))
    for number, (low, high) in enumerate(elements[start : len(elements) - 1 - joined]):
        tokens.append(Token(low, high, free[number], said=False))
    low = elements[len(elements) - 1 - joined][0]
    return [*tokens, Token(low, chain.end, last, said=bool(chain.kind) and chain.kind != "no")]


def _bare(chain: Chain, before: Part | None, seen: int, more_follow: bool) -> list[Token]:
    """Numbers without any word: their count and what stands before decide."""
    if len(chain.elements) > 1:
        if before in _NUMBERED_LIKE_A_ROAD or before is None:
            first = Token(*chain.elements[0], parts.ROAD_NO, said=False)
            rest = Chain(chain.elements[1:], chain.end, "", chain.listed)
            return [first, *_bare(rest, parts.ROAD_NO, seen | BIT[parts.ROAD_NO], more_follow)]
        if before in _ON_A_ROAD and len(chain.elements) == 2:
            return [
                Token(*chain.elements[0], parts.ROAD_NO, said=False),
                Token(chain.elements[1][0], chain.end, parts.BUILDING, said=False),
            ]
        if more_follow and not seen & _RUNGS:
            return _climb(chain, parts.ENTRANCE, before, seen)
        return _climb(chain, parts.ROOM, before, seen)
    low = chain.elements[0][0]
    return [Token(low, chain.end, _single(chain, before, seen, more_follow), said=False)]


def _single(chain: Chain, before: Part | None, seen: int, more_follow: bool) -> Part:
    if before in _ON_A_ROAD:
        return parts.LANE_NO if before == parts.LANE and seen & BIT[parts.ROAD_NO] else parts.ROAD_NO
    rank = _rank(seen)
    if rank == 0 and (before is None or before in _NUMBERED_LIKE_A_ROAD) and not seen & BIT[parts.ROAD_NO]:
        return parts.ROAD_NO
    if rank == 0:
        return parts.BUILDING if more_follow or _digits(chain, 0) <= 2 else parts.ROOM
    if rank == 1:
        return parts.ENTRANCE if more_follow else parts.ROOM
    return parts.ROOM


def _digits(chain: Chain, number: int) -> int:
    low, high = chain.elements[number]
    return high - low
