"""What is stored of one subject, ready to be compared again: its mentions as personas, those that say the same together."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from datong.domain.access import Register
from datong.domain.judgement import Compared, Reference
from datong.fuse import store_queries as stored
from datong.fuse.open import COLUMNS, FACT_OF, OF_NUMBER_ITSELF
from datong.fuse.persona import Persona, persona
from datong.store import Session, in_chunks, marks

BY_COMPARISON = frozenset(("compared", "alone", "judged", "borrowed", "unsure", "too_little"))
"""Rules of mentions that did not come by a number of their own."""


@dataclass(frozen=True)
class Known:
    """One stored mention: where it stands, how it came, and what it says (nothing when a newer record says the same)."""

    reference: Reference
    code: str
    kind: Register
    rule: str
    score: float
    compared: tuple[Compared, ...]
    facts: Mapping[str, tuple[str, ...]]

    @property
    def by_number(self) -> bool:
        """Whether it is here because of a number it carries."""
        return self.rule not in BY_COMPARISON


def known_mentions(session: Session, code: str) -> list[Known]:
    """Every stored mention of a subject, in the order of its references, with what the rest of its record vouches for."""
    return known_of_codes(session, [code]).get(code, [])


def known_of_codes(session: Session, codes: Iterable[str]) -> dict[str, list[Known]]:
    """The same for several subjects at once."""
    found: dict[str, list[Known]] = defaultdict(list)
    for chunk in in_chunks(codes):
        records: dict[tuple[str, str], list[tuple[Any, ...]]] = defaultdict(list)
        for row in session.all(stored.MEMBERS_BESIDE.format(marks=marks(chunk)), chunk):
            records[row[0], row[1]].append(row)
        wanted = set(chunk.values())
        for company in records.values():
            for row in company:
                if row[4] in wanted:
                    found[row[4]].append(known_of_row(row, company))
    return {code: sorted(mentions, key=lambda one: one.reference) for code, mentions in found.items()}


def known_of_records(session: Session, references: Iterable[tuple[str, str, str]]) -> list[Known]:
    """The stored mentions with these references (resource, record id, role), those that are there."""
    found = []
    for resource, record_id, role in references:
        company = session.all(stored.MEMBERS_OF_RECORD, {"resource": resource, "record_id": record_id})
        found += [known_of_row(row, company) for row in company if row[2] == role]
    return found


def anchors_of(session: Session, code: str) -> list[str]:
    """The numbers a subject goes by (`id:…`, `uscc:…`, `registration:…`), sorted."""
    return sorted(row[0] for row in session.all(stored.ANCHORS_OF_CODES.format(marks=":code"), {"code": code}))


def persona_of_number(kind: Register, anchor: str, mentions: Iterable[Known]) -> Persona:
    """All that the mentions with a number of their own say of the subject."""
    facts: dict[str, set[str | None]] = defaultdict(set)
    for one in mentions:
        for fact, values in one.facts.items():
            if fact not in OF_NUMBER_ITSELF:
                facts[fact].update(values)
    return persona(anchor, kind, [anchor.partition(":")[2]], facts)


def persona_of_mention(one: Known) -> Persona:
    """What one mention without a usable number says."""
    return persona(f"rec:{one.reference}", one.kind, (), one.facts)


def known_of_row(row: tuple[Any, ...], company: list[tuple[Any, ...]]) -> Known:
    """One stored mention (a row of `MEMBER_COLUMNS`) with what the other rows of its record vouch for."""
    evidence = tuple(Compared(*one) for one in json.loads(row[9])) if row[9] else ()
    return Known(Reference(*row[:3]), row[4], row[3], row[7], row[8], evidence, _facts(row, company) if row[10] else {})


def _facts(row: tuple[Any, ...], company: list[tuple[Any, ...]]) -> dict[str, tuple[str, ...]]:
    """A mention's facts as fusion saw them: its fields, its places, and the other subjects of its record that are tied to it."""
    body = json.loads(row[10])
    facts: dict[str, set[str]] = defaultdict(set)
    for name, sql in COLUMNS[row[3]].items() if row[3] != "premises" else ():
        if value := body.get("f", {}).get(sql.removeprefix("m.")):
            facts[FACT_OF.get(name, name)].add(value)
    facts["place"].update(code for code in body.get("p", {}).values() if code)
    tied = {tie[1] for tie in body.get("r", ())}
    for other in company:
        if other[2] in tied:
            _add_tied(facts, other)
        if row[3] == "person" == other[3] and other[10] and row[2] in {tie[1] for tie in json.loads(other[10]).get("r", ())}:
            facts["relative"].add("child:" + json.loads(other[10])["f"].get("name", ""))
    facts["relative"].discard("child:")
    return {fact: tuple(sorted(values)) for fact, values in facts.items() if values}


def _add_tied(facts: dict[str, set[str]], other: tuple[Any, ...]) -> None:
    if other[3] == "premises" and other[4]:
        facts["place"].add(other[4])
    if other[3] == "organisation" and other[4]:
        facts["organisation"].add(other[4])
    if other[3] == "person" and other[10] and (name := json.loads(other[10]).get("f", {}).get("name")):
        facts["relative"].add(name)
