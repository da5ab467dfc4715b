"""People and organisations: numbers first, then comparison, then codes. The same for a whole run and a small one."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from datong.domain.access import Register
from datong.domain.judgement import Judgement
from datong.fuse import queries
from datong.fuse.code import Cluster
from datong.fuse.codebook import give_codes
from datong.fuse.counting import model_at_hand
from datong.fuse.numbers import find_borrowed
from datong.fuse.open import (
    Linked,
    Profile,
    Verdicts,
    blocks_of_all,
    has_own_subject,
    link_open,
    nodes_of_judged,
    personas_of_nodes,
    profiles_of,
)
from datong.fuse.votes import Ballot, vote
from datong.fuse.work import Work

LINK_COLUMNS = {"n": pa.int64(), "score": pa.float64()}


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
    model = model_at_hand(work, kind)
    judged = work.judged(kind)
    nodes = nodes_of_judged(work, kind, judged)
    strong = personas_of_nodes(work, kind)
    profiles = profiles_of(work, kind)
    blocks = blocks_of_all(model, [*strong.values(), *(one.who for one in profiles)])
    linked = link_open(model, profiles, strong, blocks, Verdicts(tuple(judged), nodes, frozenset(work.held)))
    codes = _codes(work, kind, profiles, linked)
    work.table(
        "node_code",
        {"node": [n for n in codes if not n.startswith("rec:")], "code": [c for n, c in codes.items() if not n.startswith("rec:")]},
    )
    work.con.execute(queries.LINK_NODES.format(kind=kind))
    _link_profiles(work, profiles, linked, codes)
    _note_unsure(work, kind, profiles, linked, codes)
    work.blocks |= {(kind, block, codes[key]) for key, found in blocks.items() if key in codes for block in found}
    waiting = [one for one in profiles if one.key not in codes]
    work.blocks |= {(kind, block, f"rec:{ref}") for one in waiting for ref in one.refs for block in blocks[one.key]}
    for table in ("registration_vote", "account_vote") if kind == "organisation" else ():
        note_numbers(work, kind, table)


def _codes(work: Work, kind: Register, profiles: list[Profile], linked: Linked) -> dict[str, str]:
    """Node or profile → code, for all that make a subject."""
    sizes: dict[str, int] = dict(work.rows(queries.NODE_SIZES.format(kind=kind)))
    open_ones = {one.key: one for one in profiles}
    groups: dict[str, list[str]] = {}
    for key in (*sizes, *open_ones):
        groups.setdefault(linked.root.get(key, key), []).append(key)
    for node in {one.node for one in profiles if one.node} - set(sizes):
        groups.setdefault(linked.root.get(node, node), []).append(node)
    kept = {
        root: keys
        for root, keys in groups.items()
        if any(key not in open_ones or has_own_subject(open_ones[key], key in linked.unsure) for key in keys)
    }
    codes = give_codes(work, kind, [_cluster(root, keys, open_ones, sizes) for root, keys in kept.items()])
    return {key: codes[root] for root, keys in kept.items() for key in keys}


def _cluster(root: str, keys: list[str], open_ones: Mapping[str, Profile], sizes: Mapping[str, int]) -> Cluster:
    numbers = sorted(key for key in keys if key not in open_ones)
    records = sorted(f"rec:{ref}" for key in keys if key in open_ones for ref in open_ones[key].refs)
    size = sum(sizes.get(key, 0) for key in numbers) + len(records)
    strong = bool(numbers)
    return Cluster(root, tuple(numbers or records), strong, size, tuple(records) if strong else ())


def _link_profiles(work: Work, profiles: list[Profile], linked: Linked, codes: Mapping[str, str]) -> None:
    rows: list[tuple[int, str, str, float, str]] = []
    for one in profiles:
        code = codes.get(one.key, "")
        rule, judgement = linked.how.get(one.key, _alone(one, linked, code))
        score = judgement.score if judgement else 1.0
        evidence = judgement.evidence() if judgement else ""
        rows += [(n, code, rule, score, evidence) for n in one.mentions]
    add_links(work, rows)


def _alone(one: Profile, linked: Linked, code: str) -> tuple[str, Judgement | None]:
    """The rule of a profile that joined nobody."""
    if code:
        return "alone", None
    return ("unsure" if one.key in linked.unsure else "too_little"), None


def add_links(work: Work, rows: list[tuple[int, str, str, float, str]]) -> None:
    """Add links of single mentions: number, code, rule, score, evidence."""
    columns = [list(column) for column in zip(*rows, strict=True)] or [[], [], [], [], []]
    names = ("n", "code", "rule", "score", "evidence")
    work.table("more_links", dict(zip(names, columns, strict=True)), LINK_COLUMNS)
    work.con.execute("INSERT INTO link SELECT * FROM more_links")


def _note_unsure(work: Work, kind: Register, profiles: list[Profile], linked: Linked, codes: Mapping[str, str]) -> None:
    for one in profiles:
        for node, judgement in linked.unsure.get(one.key, ()):
            if node in codes and codes[node] != codes.get(one.key):
                work.unsure.append((kind, one.refs[0], codes[node], judgement.score, judgement.evidence()))


def note_numbers(work: Work, kind: Register, table: str) -> None:
    """Remember which subject a secondary number leads to, for records that come one by one."""
    sql = f"SELECT v.key, c.code FROM {table} v JOIN node_code c ON c.node = v.node"  # noqa: S608  names are ours
    work.blocks |= {(kind, key, code) for key, code in work.rows(sql)}
