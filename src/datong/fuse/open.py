"""Mentions without a usable number: gather them into profiles, compare each with the register, cluster what is left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

import pyarrow as pa

from datong.domain.access import Register
from datong.domain.judgement import Judgement
from datong.fuse import queries
from datong.fuse.block import blocks_of
from datong.fuse.cluster import Edge, cluster
from datong.fuse.model import Model
from datong.fuse.persona import Persona, is_enough, persona
from datong.fuse.score import Choice, choose, score_pair
from datong.fuse.work import Work

JUDGED = 1000.0
"""Weight of the edge from a mention people judged to the number it carries: heavier than any comparison."""
COLUMNS: dict[Register, dict[str, str]] = {
    "person": {
        "name": "m.name",
        "phone": "m.phone",
        "insurance": "m.insurance_no",
        "fund": "m.housing_fund_no",
        "number": "m.citizen_id",
        "birth_date": "m.birth_date",
        "sex": "m.sex",
    },
    "organisation": {
        "org_name": "m.org_name",
        "former": "m.former_name",
        "registration_no": "m.registration_no",
        "credit_code": "m.credit_code",
        "representative": "m.legal_representative",
        "phone": "m.phone",
    },
    "premises": {},
}
"""What the profiles of a kind are made of, as columns of the mention table."""
FACT_OF = {"former": "org_name", "insurance": "account", "fund": "account"}
OF_NUMBER_ITSELF = ("number", "birth_date", "sex", "credit_code")


@dataclass(frozen=True)
class Profile:
    """Mentions that say the very same of a subject: linked once, together."""

    key: str
    mentions: tuple[int, ...]
    refs: tuple[str, ...]
    who: Persona
    borrowed: bool = False
    node: str = ""
    """The node it stood under before people judged it."""


@dataclass
class Linked:
    """What became of the open mentions of a kind."""

    root: dict[str, str] = field(default_factory=dict)
    """Node or profile → its cluster's smallest node, for those in a cluster of more than one."""
    how: dict[str, tuple[str, Judgement | None]] = field(default_factory=dict)
    """Profile → rule and judgement."""
    unsure: dict[str, tuple[tuple[str, Judgement], ...]] = field(default_factory=dict)
    """Profile → the nodes a reviewer should look at."""


@dataclass(frozen=True)
class Verdicts:
    """People's verdicts on references, and the nodes that some of these stand under by their number."""

    judged: tuple[tuple[str, str, str], ...] = ()
    nodes: Mapping[str, str] = field(default_factory=dict)
    held: frozenset[str] = frozenset()
    """References that keep the subject they have."""


@dataclass(frozen=True)
class Heard:
    """What clustering listens to: the nodes with their sound numbers, the edges, people's verdicts."""

    numbers: Mapping[str, frozenset[str]]
    edges: list[Edge]
    judged: list[tuple[str, str, str]]


def nodes_of_judged(work: Work, kind: Register, judged: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """The nodes that judged references stand under by their number; one that people told apart from its own node is freed."""
    found = {ref: (n, node) for n, node, ref in work.rows(queries.NODES_OF_JUDGED.format(kind=kind))}
    nodes = {ref: node for ref, (_, node) in found.items()}
    apart = sorted(
        {left for left, right, verdict in judged if verdict == "different" and left in nodes and nodes[left] == nodes.get(right)}
    )
    columns = {"n": [found[ref][0] for ref in apart], "node": [nodes[ref] for ref in apart], "ref": apart}
    work.table("singled", columns, {"n": pa.int64()})
    work.con.execute(queries.FREE_SINGLED.format(kind=kind))
    return {ref: node for ref, node in nodes.items() if ref not in apart}


def profiles_of(work: Work, kind: Register) -> list[Profile]:
    """The open mentions of a kind, those that say the same gathered into one profile."""
    columns = COLUMNS[kind]
    values = ", ".join(f"{sql} AS {name}" for name, sql in columns.items()) or "NULL AS nothing"
    named = ", ".join(columns) or "nothing"
    found = []
    for first, mentions, refs, *rest in work.rows(queries.OPEN_PROFILES.format(columns=named, values=values, kind=kind)):
        told, (vouched, borrowed, node) = rest[: len(columns)], rest[-3:]
        facts = _facts(dict(zip(columns, told, strict=True)), vouched)
        sound = _sound(kind, node, facts, bool(borrowed))
        who = persona(f"rec:{first}", kind, sound, facts)
        found.append(Profile(who.key, tuple(mentions), tuple(refs), who, bool(borrowed), node or ""))
    return found


def _facts(told: Mapping[str, str | None], vouched: str) -> dict[str, list[str | None]]:
    facts: dict[str, list[str | None]] = defaultdict(list)
    for name, value in told.items():
        facts[FACT_OF.get(name, name)].append(value)
    for pair in vouched.split("\x1e") if vouched else ():
        fact, _, value = pair.partition("\x1f")
        facts[fact].append(value)
    return facts


def _sound(kind: Register, node: str | None, facts: Mapping[str, list[str | None]], borrowed: bool) -> list[str]:
    """The sound number a profile carries itself: one that people judged, or a borrowed one."""
    if node and node.partition(":")[0] in ("id", "uscc", "place"):
        return [node.partition(":")[2]]
    return [number for number in facts.get("number", ()) if number] if kind == "person" and borrowed else []


def personas_of_nodes(work: Work, kind: Register) -> dict[str, Persona]:
    """What is known of every subject that has a number, from the mentions that carry it."""
    facts: dict[str, dict[str, list[str | None]]] = defaultdict(lambda: defaultdict(list))
    columns = " UNION ALL ".join(
        queries.FACT_COLUMN.format(kind=kind, fact=FACT_OF.get(name, name), value=sql)
        for name, sql in COLUMNS[kind].items()
        if name not in OF_NUMBER_ITSELF
    )
    for node, fact, values in work.rows(queries.FACTS_OF_NODES.format(kind=kind, columns=columns)):
        facts[node][fact] = values
    nodes = (row[0] for row in work.rows(queries.NODE_SIZES.format(kind=kind)))
    return {node: persona(node, kind, [node.partition(":")[2]], facts.get(node, {})) for node in nodes}


def link_open(
    model: Model,
    profiles: Iterable[Profile],
    strong: Mapping[str, Persona],
    blocks: Mapping[str, list[str]],
    verdicts: Verdicts,
) -> Linked:
    """Compare every profile with the subjects that have a number, then the rest among themselves; pure.

    References in `verdicts.held` keep the subject they have: they are there to be compared with, not to be judged again.
    """
    open_ones = {profile.key: profile for profile in profiles}
    by_block = _index(strong, open_ones, blocks)
    judged = _of_nodes(verdicts, open_ones)
    done = Linked()
    edges = []
    rest = []
    for profile in open_ones.values():
        if profile.node:
            edges.append(Edge(profile.key, profile.node, JUDGED + any(profile.key == right for _, right, _ in judged)))
            done.how[profile.key] = ("judged", None)
            continue
        if verdicts.held.issuperset(profile.refs):
            rest.append(profile)
            continue
        candidates = _candidates(model, profile, by_block, blocks, strong)
        choice = _chosen(model, profile, candidates, judged)
        if choice.key and choice.judgement:
            edges.append(Edge(profile.key, choice.key, choice.judgement.score))
            done.how[profile.key] = ("compared", choice.judgement)
        else:
            rest.append(profile)
            if choice.unsure:
                done.unsure[profile.key] = choice.unsure
    edges += _among_themselves(model, rest, by_block, blocks, done)
    numbers = {key: one.who.sound for key, one in open_ones.items()}
    numbers.update({one.node: one.who.sound for one in open_ones.values() if one.node})
    ends = {end for edge in edges for end in (edge.left, edge.right)} | {end for left, right, _ in judged for end in (left, right)}
    numbers.update({key: strong[key].sound for key in ends if key in strong})
    _join(model, {one.key: one.who for one in rest}, Heard(numbers, edges, judged), done)
    return done


def _index(strong: Mapping[str, Persona], open_ones: Mapping[str, Profile], blocks: Mapping[str, list[str]]) -> dict[str, list[str]]:
    wanted = {block for key in open_ones for block in blocks.get(key, ())}
    index: dict[str, list[str]] = defaultdict(list)
    for key in (*strong, *open_ones):
        for block in blocks.get(key, ()):
            if block in wanted:
                index[block].append(key)
    return index


def _candidates(
    model: Model, profile: Profile, by_block: Mapping[str, list[str]], blocks: Mapping[str, list[str]], strong: Mapping[str, Persona]
) -> list[Persona]:
    found = {
        key
        for block in blocks.get(profile.key, ())
        if len(by_block.get(block, ())) <= model.largest_block
        for key in by_block.get(block, ())
        if key in strong
    }
    return [strong[key] for key in sorted(found)]


def _chosen(model: Model, profile: Profile, candidates: list[Persona], judged: Iterable[tuple[str, str, str]]) -> Choice:
    """The choice among candidates, leaving out those people said it is not."""
    apart = {b if a == profile.key else a for a, b, verdict in judged if verdict == "different" and profile.key in (a, b)}
    return choose(model, profile.who, [one for one in candidates if one.key not in apart])


def _among_themselves(
    model: Model, rest: list[Profile], by_block: Mapping[str, list[str]], blocks: Mapping[str, list[str]], done: Linked
) -> list[Edge]:
    """Edges between profiles that no subject with a number took."""
    left_over = {profile.key: profile for profile in rest}
    pairs = {
        (one, two)
        for profile in rest
        for block in blocks.get(profile.key, ())
        if len(by_block.get(block, ())) <= model.largest_block
        for one, two in ((min(profile.key, other), max(profile.key, other)) for other in by_block[block])
        if one != two and one in left_over and two in left_over
    }
    edges = []
    for one, two in sorted(pairs):
        judgement = score_pair(model, left_over[one].who, left_over[two].who)
        if judgement.verdict == "same":
            edges.append(Edge(one, two, judgement.score))
            for key in (one, two):
                done.how.setdefault(key, ("compared", judgement))
    return edges


def _join(model: Model, rest: Mapping[str, Persona], heard: Heard, done: Linked) -> None:
    """Cluster by the edges; two profiles that contradict each other never end up in one subject through a third."""

    @cache
    def bearable(one: str, two: str) -> bool:
        return one not in rest or two not in rest or score_pair(model, rest[one], rest[two]).score > -model.unsure

    edges = [edge for edge in heard.edges if edge.left in heard.numbers and edge.right in heard.numbers]
    clusters = cluster(heard.numbers, edges, heard.judged, bearable)
    done.root = dict(clusters.root)
    for edge in clusters.refused:
        if edge.left not in rest:
            done.how.pop(edge.left, None)
    for key in {end for left, right, verdict in heard.judged if verdict == "same" for end in (left, right)}:
        done.how[key] = ("judged", None)
        done.unsure.pop(key, None)


def _of_nodes(verdicts: Verdicts, open_ones: Mapping[str, Profile]) -> list[tuple[str, str, str]]:
    """Judgements on references as judgements on the nodes that hold them."""
    holder = {ref: profile.key for profile in open_ones.values() for ref in profile.refs} | dict(verdicts.nodes)
    return [(holder.get(left, left), holder.get(right, right), verdict) for left, right, verdict in verdicts.judged]


def blocks_of_all(model: Model, whos: Iterable[Persona]) -> dict[str, list[str]]:
    """Persona key → its block keys."""
    return {who.key: blocks_of(who, model.blocks) for who in whos}


def has_own_subject(profile: Profile, unsure: bool) -> bool:
    """Whether an unlinked profile becomes a subject of its own. One that waits for a reviewer needs a number or a birth date."""
    if not is_enough(profile.who):
        return False
    return not unsure or profile.who.kind == "organisation" or bool(profile.who.of("number") or profile.who.of("birth_date"))
