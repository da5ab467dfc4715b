"""Permanent codes for clusters: keep, merge, split or issue. Pure; the store's side is in `codebook.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Cluster:
    """One subject as linking sees it."""

    key: str
    """Its smallest node, for sorting and look-up."""
    anchors: tuple[str, ...]
    """What it is known by from run to run: sound numbers, places, else its records."""
    strong: bool
    """Whether an anchor is a number or place rather than a record."""
    size: int
    loose: tuple[str, ...] = ()
    """Anchors it may have had before it gained a number: looked up, but not kept on their own."""


@dataclass(frozen=True)
class Event:
    """A dated event of a code: issued, merged (other is the survivor), split (other is where it came from), revived, emptied."""

    event: str
    code: str
    other: str = ""


@dataclass
class Assignment:
    """What came of it: cluster key → code, anchors to write, events in order."""

    codes: dict[str, str] = field(default_factory=dict)
    anchors: dict[str, str] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)


def assign(clusters: Iterable[Cluster], known: Mapping[str, str], age: Callable[[str], int], mint: Callable[[], str]) -> Assignment:
    """Give every cluster its code.

    `known` is anchor → code of earlier runs; `age` a code's serial (smaller is older); `mint` issues the next one.
    A cluster that holds several codes keeps the oldest and the others merge into it. A code that several clusters
    hold stays with the one that has its number, else with the one that holds no other, else the largest; the rest
    get codes of their own. New codes are issued in order of the clusters' smallest anchor.
    """
    ordered = sorted(clusters, key=lambda one: (min(one.anchors, default=one.key), one.key))
    held = {one.key: _held(one, known) for one in ordered}
    winners = _winners(ordered, held, known)
    done = Assignment()
    for one in ordered:
        own = sorted((code for code in held[one.key] if winners[code] == one.key), key=age)
        code = own[0] if own else mint()
        if not own:
            lost = sorted(held[one.key], key=age)
            done.events.append(Event("split", code, lost[0]) if lost else Event("issued", code))
        done.events += [Event("merged", other, code) for other in own[1:]]
        done.codes[one.key] = code
        _note_anchors(done, one, code, known)
    return done


def _held(one: Cluster, known: Mapping[str, str]) -> set[str]:
    return {known[anchor] for anchor in (*one.anchors, *one.loose) if anchor in known}


def _winners(clusters: list[Cluster], held: Mapping[str, set[str]], known: Mapping[str, str]) -> dict[str, str]:
    """Code → the key of the cluster that keeps it."""
    claims: dict[str, list[Cluster]] = {}
    for one in clusters:
        for code in held[one.key]:
            claims.setdefault(code, []).append(one)
    return {code: claimants[0].key if len(claimants) == 1 else _keeper(code, claimants, held, known) for code, claimants in claims.items()}


def _keeper(code: str, claimants: list[Cluster], held: Mapping[str, set[str]], known: Mapping[str, str]) -> str:
    def rank(one: Cluster) -> tuple[bool, bool, int, int]:
        by_number = one.strong and any(known.get(anchor) == code for anchor in one.anchors)
        holding = sum(known.get(anchor) == code for anchor in (*one.anchors, *one.loose))
        return (by_number, held[one.key] == {code}, holding, one.size)

    best = max(map(rank, claimants))
    return min(one.key for one in claimants if rank(one) == best)


def _note_anchors(done: Assignment, one: Cluster, code: str, known: Mapping[str, str]) -> None:
    for anchor in one.anchors:
        if known.get(anchor) != code:
            done.anchors[anchor] = code
    for anchor in one.loose:
        if anchor in known and known[anchor] != code:
            done.anchors[anchor] = code
