"""People and organisations: numbers first, then comparison, then codes. The same for a whole run and a small one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from datong.domain.access import Register
from datong.fuse import queries
from datong.fuse.candidates import chunks, lay_out, pairs_among
from datong.fuse.code import Cluster
from datong.fuse.codebook import give_codes_beside
from datong.fuse.counting import model_at_hand
from datong.fuse.numbers import find_borrowed
from datong.fuse.open import (
    How,
    Linked,
    Linker,
    Verdicts,
    has_own_subject,
    lay_out_profiles,
    nodes_of_judged,
)
from datong.fuse.votes import Ballot, vote
from datong.fuse.work import Work

LINK_COLUMNS = {"n": pa.int64(), "score": pa.float64()}
_PROFILE_COLUMNS = {"p": pa.int64(), "score": pa.float64()}
_AT_ONCE = 100_000


@dataclass(frozen=True, slots=True)
class Light:
    """What remains of an open profile once it has been compared."""

    number: int
    refs: tuple[str, ...]
    enough: bool
    """Whether it may be a subject of its own."""
    firm: bool
    """Whether it may even while a reviewer has yet to look at it."""


@dataclass
class Found:
    """The outcome of linking a kind, before codes are given."""

    linked: Linked
    open_ones: dict[str, Light] = field(default_factory=dict)
    nodes: set[str] = field(default_factory=set)
    """Nodes that profiles stood under before people judged them."""


def link_organisations(work: Work) -> None:
    """Link every mention of an organisation."""
    work.con.execute(queries.ORGANISATION_SEEN)
    vote(work, "organisation", Ballot("registration_vote", "registration", "uscc", "organisation_seen"))
    vote(work, "organisation", Ballot("account_vote", "account", "uscc", "organisation_seen"))
    work.con.execute(queries.ORGANISATION_NODES)
    _resolve(work, "organisation")


def link_people(work: Work) -> None:
    """Link every mention of a person."""
    find_borrowed(work)
    work.con.execute(queries.PERSON_NODES)
    work.con.execute(queries.RELATIVES_OF_MENTIONS)
    _resolve(work, "person")


def _resolve(work: Work, kind: Register) -> None:
    found = _compare(work, kind)
    codes = _codes(work, kind, found)
    _link_all(work, kind, found, codes)
    _note_unsure(work, kind, found, codes)
    work.con.execute(queries.BLOCKS_OF_NODES.format(kind=kind))
    work.con.execute(queries.BLOCKS_OF_PROFILES.format(kind=kind))
    work.con.execute(queries.BLOCKS_OF_WAITING.format(kind=kind))
    for table in ("registration_vote", "account_vote") if kind == "organisation" else ():
        note_numbers(work, kind, table)


def _compare(work: Work, kind: Register) -> Found:
    """Compare every open profile with the subjects that share a block with it, then those nobody took among themselves."""
    model = model_at_hand(work, kind)
    judged = work.judged(kind)
    nodes = nodes_of_judged(work, kind, judged)
    lay_out_profiles(work, kind)
    lay_out(work, kind, model)
    holders = {ref: f"rec:{first}" for ref, first in work.rows(queries.HOLDERS_OF_JUDGED)}
    linker = Linker(model, Verdicts(tuple(judged), holders | nodes, frozenset(work.held)))
    found = Found(Linked())
    for profiles, compared in chunks(work, kind):
        for one in profiles:
            linker.take(one, compared.get(one.number, ()))
            found.open_ones[one.key] = Light(one.number, one.refs, has_own_subject(one.who, False), has_own_subject(one.who, True))
            if one.node:
                found.nodes.add(one.node)
    sound = {node: frozenset((node.partition(":")[2],)) for node in nodes.values()}
    found.linked = linker.finish(pairs_among(work, linker.rest), sound)
    return found


def _codes(work: Work, kind: Register, found: Found) -> dict[str, str]:
    """Codes for all that make a subject: gives node or profile → code of those that are more than one number, and makes the
    table `node_code` of every number."""
    root = found.linked.root
    ends = sorted(key for key in {*root, *found.nodes} if key not in found.open_ones)
    work.table("edge_end", {"node": ends})
    sizes: dict[str, int] = dict(work.rows(queries.SIZES_OF_ENDS))
    groups: dict[str, list[str]] = {}
    for key in (*sizes, *found.open_ones):
        groups.setdefault(root.get(key, key), []).append(key)
    for node in sorted(found.nodes - set(sizes)):
        groups.setdefault(root.get(node, node), []).append(node)
    kept = {name: keys for name, keys in groups.items() if any(_makes_subject(key, found) for key in keys)}
    work.con.execute(queries.LONE_NODES)
    codes = give_codes_beside(work, kind, [_cluster(name, keys, found, sizes) for name, keys in kept.items()])
    given = {key: codes[name] for name, keys in kept.items() for key in keys}
    of_nodes = {key: code for key, code in given.items() if key not in found.open_ones}
    work.table("some_code", {"node": list(of_nodes), "code": list(of_nodes.values())})
    work.con.execute(queries.NODE_CODES)
    return given


def _makes_subject(key: str, found: Found) -> bool:
    light = found.open_ones.get(key)
    if light is None:
        return True
    return light.firm if key in found.linked.unsure else light.enough


def _cluster(name: str, keys: list[str], found: Found, sizes: Mapping[str, int]) -> Cluster:
    numbers = sorted(key for key in keys if key not in found.open_ones)
    records = sorted(f"rec:{ref}" for key in keys if key in found.open_ones for ref in found.open_ones[key].refs)
    size = sum(sizes.get(key, 0) for key in numbers) + len(records)
    strong = bool(numbers)
    return Cluster(name, tuple(numbers or records), strong, size, tuple(records) if strong else ())


def _link_all(work: Work, kind: Register, found: Found, codes: Mapping[str, str]) -> None:
    """Make links of every number's mentions, and of every profile's."""
    work.con.execute(queries.LINK_NODES.format(kind=kind))
    work.con.execute(queries.MAKE_PROFILE_LINKS)
    columns: dict[str, list[Any]] = {name: [] for name in ("p", "code", "rule", "score", "evidence")}
    for row in _profile_links(found, codes):
        for values, value in zip(columns.values(), row, strict=True):
            values.append(value)
        if len(columns["p"]) == _AT_ONCE:
            work.append("profile_link", columns, _PROFILE_COLUMNS)
            columns = {name: [] for name in columns}
    work.append("profile_link", columns, _PROFILE_COLUMNS)
    work.con.execute(queries.LINK_PROFILES)


def _profile_links(found: Found, codes: Mapping[str, str]) -> Iterator[tuple[int, str, str, float, str]]:
    linked = found.linked
    for key, light in found.open_ones.items():
        code = codes.get(key, "")
        how = linked.how.get(key)
        if how is None:
            how = How("alone" if code else "unsure" if key in linked.unsure else "too_little")
        yield light.number, code, *how


def add_links(work: Work, rows: list[tuple[int, str, str, float, str]]) -> None:
    """Add links of single mentions: number, code, rule, score, evidence."""
    columns = [list(column) for column in zip(*rows, strict=True)] or [[], [], [], [], []]
    names = ("n", "code", "rule", "score", "evidence")
    work.append("link", dict(zip(names, columns, strict=True)), LINK_COLUMNS)


def _note_unsure(work: Work, kind: Register, found: Found, codes: Mapping[str, str]) -> None:
    code_of = dict(_codes_of_nodes(work, {node for pairs in found.linked.unsure.values() for node, _ in pairs}))
    for key, pairs in found.linked.unsure.items():
        for node, judgement in pairs:
            if node in code_of and code_of[node] != codes.get(key):
                work.unsure.append((kind, found.open_ones[key].refs[0], code_of[node], judgement.score, judgement.evidence()))


def _codes_of_nodes(work: Work, nodes: Iterable[str]) -> list[tuple[Any, ...]]:
    work.table("asked", {"node": sorted(nodes)})
    return work.rows("SELECT c.node, c.code FROM node_code c JOIN asked a ON a.node = c.node")


def note_numbers(work: Work, kind: Register, table: str) -> None:
    """Remember which subject a secondary number leads to, for records that come one by one."""
    work.con.execute(queries.BLOCKS_OF_NUMBERS.format(kind=kind, table=table))
