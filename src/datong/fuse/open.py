"""Mentions without a usable number: gather them into profiles, compare each with the register, cluster what is left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

import pyarrow as pa

from datong.domain.access import Register
from datong.domain.judgement import Judgement
from datong.fuse import queries
from datong.fuse.cluster import Edge, cluster
from datong.fuse.model import Model
from datong.fuse.persona import Persona, is_enough, persona
from datong.fuse.score import choose, score_pair
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
_EVERY = 1 << 62


@dataclass(frozen=True)
class Profile:
    """Mentions that say the very same of a subject: linked once, together."""

    key: str
    number: int
    refs: tuple[str, ...]
    who: Persona
    node: str = ""
    """The node it stood under before people judged it."""


class How(NamedTuple):
    """How a profile was linked: the rule, the score, the comparisons as JSON."""

    rule: str
    score: float = 1.0
    evidence: str = ""


@dataclass
class Linked:
    """What became of the open mentions of a kind."""

    root: dict[str, str] = field(default_factory=dict)
    """Node or profile → its cluster's smallest node, for those that an edge or a verdict speaks of."""
    how: dict[str, How] = field(default_factory=dict)
    """Profile → how it was linked."""
    unsure: dict[str, tuple[tuple[str, Judgement], ...]] = field(default_factory=dict)
    """Profile → the nodes a reviewer should look at."""


@dataclass(frozen=True)
class Verdicts:
    """People's verdicts on references, and the nodes and profiles that hold these."""

    judged: tuple[tuple[str, str, str], ...] = ()
    nodes: Mapping[str, str] = field(default_factory=dict)
    """Reference → the node it stands under by its number, or the profile it is in."""
    held: frozenset[str] = frozenset()
    """References that keep the subject they have."""


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


def lay_out_profiles(work: Work, kind: Register) -> None:
    """Make the table `open_profile`: the open mentions of a kind, those that say the same gathered into one row, numbered in order."""
    columns = COLUMNS[kind]
    values = ", ".join(f"{sql} AS {name}" for name, sql in columns.items()) or "NULL AS nothing"
    work.con.execute(queries.OPEN_PROFILES.format(columns=", ".join(columns) or "nothing", values=values, kind=kind))


def read_profiles(work: Work, kind: Register, low: int = 0, high: int = _EVERY) -> Iterator[Profile]:
    """The open profiles numbered from `low` to before `high`, in order."""
    columns = COLUMNS[kind]
    sql = queries.PROFILES_OF.format(columns=", ".join(columns) or "nothing", low=low, high=high)
    for number, first, refs, *rest in work.stream(sql):
        told, (vouched, borrowed, node) = rest[: len(columns)], rest[-3:]
        facts = _facts(dict(zip(columns, told, strict=True)), vouched)
        sound = _sound(kind, node, facts, bool(borrowed))
        yield Profile(f"rec:{first}", number, tuple(refs), persona(f"rec:{first}", kind, sound, facts), node or "")


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


class Linker:
    """Compares open profiles, some at a time, with the subjects that have a number, then the rest among themselves. Pure.

    References in `verdicts.held` keep the subject they have: they are there to be compared with, not to be judged again.
    """

    def __init__(self, model: Model, verdicts: Verdicts) -> None:
        self._model = model
        self._held = verdicts.held
        holder = verdicts.nodes
        self._judged = [(holder.get(left, left), holder.get(right, right), verdict) for left, right, verdict in verdicts.judged]
        self._named = {right for _, right, _ in self._judged}
        self._apart: dict[str, set[str]] = defaultdict(set)
        for left, right, verdict in self._judged:
            if verdict == "different":
                self._apart[left].add(right)
                self._apart[right].add(left)
        self._numbers: dict[str, frozenset[str]] = {}
        self._edges: list[Edge] = []
        self._words: dict[str, str] = {}
        self.rest: dict[int, Profile] = {}
        """The profiles that no subject with a number took, by number."""
        self._done = Linked()

    def take(self, profile: Profile, candidates: Iterable[Persona]) -> None:
        """Compare one profile with the subjects that share a block with it."""
        self._numbers[profile.key] = profile.who.sound
        if profile.node:
            self._numbers.setdefault(profile.node, profile.who.sound)
            self._edges.append(Edge(profile.key, profile.node, JUDGED + (profile.key in self._named)))
            self._done.how[profile.key] = How("judged")
            return
        if self._held.issuperset(profile.refs):
            self.rest[profile.number] = profile
            return
        apart = self._apart.get(profile.key, set())
        near = {one.key: one for one in candidates if one.key not in apart}
        choice = choose(self._model, profile.who, near.values())
        if choice.key and choice.judgement:
            self._numbers[choice.key] = near[choice.key].sound
            self._edges.append(Edge(profile.key, choice.key, choice.judgement.score))
            self._done.how[profile.key] = self._compared(choice.judgement)
            return
        self.rest[profile.number] = profile
        if choice.unsure:
            self._done.unsure[profile.key] = choice.unsure

    def finish(self, pairs: Iterable[tuple[int, int]], strong: Mapping[str, frozenset[str]]) -> Linked:
        """Join by the edges, those among `pairs` of the rest too. `strong` gives the sound numbers of the subjects that people judged."""
        for one, two in pairs:
            left, right = sorted((self.rest[one], self.rest[two]), key=lambda profile: profile.key)
            judgement = score_pair(self._model, left.who, right.who)
            if judgement.verdict == "same":
                self._edges.append(Edge(left.key, right.key, judgement.score))
                for key in (left.key, right.key):
                    self._done.how.setdefault(key, self._compared(judgement))
        self._numbers.update(strong)
        self._join({profile.key: profile.who for profile in self.rest.values()})
        return self._done

    def _compared(self, judgement: Judgement) -> How:
        evidence = judgement.evidence()
        return How("compared", judgement.score, self._words.setdefault(evidence, evidence))

    def _join(self, rest: Mapping[str, Persona]) -> None:
        """Cluster by the edges; two profiles that contradict each other never end up in one subject through a third."""
        model = self._model

        @cache
        def bearable(one: str, two: str) -> bool:
            return one not in rest or two not in rest or score_pair(model, rest[one], rest[two]).score > -model.unsure

        ends = {end for edge in self._edges for end in (edge.left, edge.right)}
        ends |= {end for left, right, _ in self._judged for end in (left, right)}
        numbers = {key: self._numbers[key] for key in sorted(ends) if key in self._numbers}
        edges = [edge for edge in self._edges if edge.left in numbers and edge.right in numbers]
        clusters = cluster(numbers, edges, self._judged, bearable)
        self._done.root = dict(clusters.root)
        for edge in clusters.refused:
            if edge.left not in rest:
                self._done.how.pop(edge.left, None)
        for key in {end for left, right, verdict in self._judged if verdict == "same" for end in (left, right)}:
            self._done.how[key] = How("judged")
            self._done.unsure.pop(key, None)


def has_own_subject(who: Persona, unsure: bool) -> bool:
    """Whether an unlinked profile becomes a subject of its own. One that waits for a reviewer needs a number or a birth date."""
    if not is_enough(who):
        return False
    return not unsure or who.kind == "organisation" or bool(who.of("number") or who.of("birth_date"))
