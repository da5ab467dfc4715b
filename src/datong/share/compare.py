"""Verification: each claim against the register, with the outcome, the reason in words and the record that gave it.

Only the outcome leaves; the register's own value never does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from datong.domain.access import Ground, Key
from datong.domain.identifiers import (
    Reading,
    fold,
    read_citizen_id,
    read_credit_code,
    read_date,
    read_phone,
    read_plate,
    read_title_unit,
)
from datong.share import queries
from datong.share.agreement import Sharing
from datong.share.guardians import is_of_age
from datong.share.subjects import Fact, Subject, find, read_subject
from datong.share.words import ground
from datong.store import Query, Session

READERS: dict[str, Callable[[str], Reading]] = {
    "citizen_id": read_citizen_id,
    "legal_representative_id": read_citizen_id,
    "credit_code": read_credit_code,
    "title_unit_no": read_title_unit,
    "phone": read_phone,
    "contact": read_phone,
    "plate": read_plate,
    "birth_date": read_date,
    "death_date": read_date,
    "founded_on": read_date,
    "closed_on": read_date,
}
PLACES = {
    ("person", "address"): ("lives_at", "rents"),
    ("person", "registered_address"): ("household_registered_at",),
    ("organisation", "registered_address"): ("registered_at",),
    ("organisation", "operating_address"): ("operates_at",),
}
"""Address fields whose truth is a tie to premises: another wording of the same premises is the same."""

ADDRESSES = ("address", "standard_address", "registered_address", "operating_address")
NUMBERS = ("area", "registered_capital", "longitude", "latitude")
NAMES = ("name", "former_name", "org_name", "owner_name", "legal_representative")
_BLANKS = re.compile(r"\s+")
_NOISE = re.compile(r"[\s·•．.,，、;；:：()\[\]【】“”\"'《》\-—_/]+")
_SEVERAL = re.compile(r"[、,，;；/\s]+")


@dataclass(frozen=True)
class Compared:
    """One claim: "same", "different", "missing" or "not_granted", why, and which record gave it."""

    claim: str
    outcome: str
    ground: Ground
    resource: str = ""
    record: str = ""
    as_of: str = ""


@dataclass(frozen=True)
class Comparing:
    """What a comparison leans on."""

    session: Session
    sharing: Sharing
    subject: Subject
    pass_presented: bool = False
    day: date = date.max
    """The city's day of the question."""


def compare(asking: Comparing, claim: str, value: str) -> Compared:
    """One claim against the register."""
    if claim in ("owner_citizen_id", "applicant_citizen_id"):
        return _compare_tie(asking, claim, value)
    if claim == "owner_name":
        return _compare_owner_name(asking, value)
    if claim == "of_age":
        return _compare_age(asking, value)
    reader = READERS.get(claim)
    if reader is not None:
        reading = reader(value)
        if not reading.value or reading.problem not in ("", "old15"):
            return Compared(claim, "different", ground("unsound", field=claim))
        value = reading.value
    return _compare_field(asking, claim, asking.sharing.coded(asking.subject.register, claim, value))


def outcome_of(compared: list[Compared]) -> str:
    """The whole: same when everything comparable is, different when nothing is, partly in between, not_found without any."""
    outcomes = {one.outcome for one in compared if one.outcome in ("same", "different")}
    if not outcomes:
        return "not_found"
    return outcomes.pop() if len(outcomes) == 1 else "partly"


def plain_name(text: str) -> str:
    """A name as compared: half width, one case, without blanks and punctuation."""
    return _NOISE.sub("", fold(text)).upper()


def plain_text(text: str) -> str:
    """Any other text as compared: half width, one case, without blanks; dashes and points stay, they part numbers."""
    return _BLANKS.sub("", fold(text)).upper()


def _compare_field(asking: Comparing, claim: str, value: str) -> Compared:
    subject = asking.subject
    fact = subject.won(claim)
    for one in subject.facts.get(claim, ()):
        if one.get("state", "won") in ("won", "agrees") and _agrees(claim, value, one["value"]):
            return _result(asking, claim, "same", one)
    if claim in ADDRESSES and (placed := _compare_place(asking, claim, value)) is not None:
        return placed
    if fact is None:
        return Compared(claim, "missing", ground("missing", field=claim))
    return _not_same(asking, claim, value, fact)


def _not_same(asking: Comparing, claim: str, value: str, fact: Fact) -> Compared:
    """A difference, explained: another source says so, or it is the former name."""
    for other in asking.subject.facts.get(claim, ())[1:]:
        if other.get("state") == "conflict" and _agrees(claim, value, other["value"]):
            why = ground("other_source", field=claim, what=_source_words(asking, other), rule=other["resource"])
            return Compared(claim, "different", why, other["resource"], other.get("record", ""), other.get("as_of", ""))
    former = asking.subject.won("former_name")
    if former and claim in ("name", "org_name") and _agrees(claim, value, former["value"]):
        why = ground("former", field=claim, rule=former["resource"])
        return Compared(claim, "different", why, former["resource"], former.get("record", ""), former.get("as_of", ""))
    return _result(asking, claim, "different", fact)


def _compare_place(asking: Comparing, claim: str, value: str) -> Compared | None:
    """The premises another wording leads to, against the premises themselves or the subject's tie to them; nothing when undecided."""
    codes = find(asking.session, Key("address", value), "premises")
    if not codes:
        return None
    subject = asking.subject
    if subject.register == "premises":
        if codes == [subject.code]:
            given = subject.won("standard_address") or subject.won("address") or {"resource": "", "as_of": ""}
            return _result(asking, claim, "same", given)
        return _near(asking, claim, codes)
    fact = subject.won(claim)
    if fact is not None and codes == [fact.get("place", "")]:
        return _result(asking, claim, "same", fact)
    for relation in PLACES.get((subject.register, claim), ()):
        for code, resource, as_of in asking.session.all(queries.TARGETS, {"code": subject.code, "type": relation}):
            if codes == [code]:
                return _result(asking, claim, "same", {"resource": resource, "as_of": as_of})
    return None


def _near(asking: Comparing, claim: str, codes: list[str]) -> Compared | None:
    mine = [asking.subject.get(part) for part in ("community", "estate", "building")]
    for code in codes[:3]:
        other = read_subject(asking.session, code)
        if other and any(mine[1:]) and mine == [other.get(part) for part in ("community", "estate", "building")]:
            return Compared(claim, "different", ground("address_near", field=claim))
    return None


def queries_of(code: str, claims: Iterable[tuple[str, str]]) -> list[Query]:
    """What comparing these claims with premises asks, so that it can be read ahead."""
    keys = [_key_of(value) for claim, value in claims if claim in ("owner_citizen_id", "applicant_citizen_id")]
    ties = [(queries.TIE_BY_KEY, {"key_type": key_type, "value": value, "code": code}) for key_type, value in keys if value]
    people = [value for key_type, value in keys if value and key_type == "citizen_id"]
    return [*ties, *((queries.CODES_BY_KEY, {"key_type": "citizen_id", "value": value, "kind": "person"}) for value in people)]


def _key_of(value: str) -> tuple[str, str]:
    """The type and the sound value of a number that names a person or an organisation; an empty value where it is unsound."""
    key_type, reading = "citizen_id", read_citizen_id(value)
    if not reading.sound and reading.problem != "old15" and read_credit_code(value).sound:
        key_type, reading = "credit_code", read_credit_code(value)
    return key_type, reading.value if reading.problem in ("", "old15") else ""


def _compare_tie(asking: Comparing, claim: str, value: str) -> Compared:
    """Owner or applicant: whether the number's holder owns (or, for an applicant, rents) the premises."""
    key_type, number = _key_of(value)
    if not number:
        return Compared(claim, "different", ground("unsound", field=claim))
    row = asking.session.one(queries.TIE_BY_KEY, {"key_type": key_type, "value": number, "code": asking.subject.code})
    applying = claim == "applicant_citizen_id"
    if row and (row[0] == "owns" or applying):
        fact = {"resource": row[1], "as_of": row[2]}
        code = "owner" if row[0] == "owns" else "tenant"
        return Compared(claim, "same", ground(code, field=claim, what=_source_words(asking, fact), rule=row[1]), row[1], "", row[2])
    if applying and asking.pass_presented:
        return Compared(claim, "same", ground("owner_pass", field=claim, rule="pass"))
    return Compared(claim, "different", ground("not_entitled" if applying else "not_owner", field=claim))


def _compare_age(asking: Comparing, value: str) -> Compared:
    """Whether she has come of age ("yes" or "no"): no date of birth leaves, and one that is not known counts as of age."""
    fact = asking.subject.won("birth_date") or {"resource": ""}
    of_age = "yes" if is_of_age(asking.session, asking.subject.code, asking.day) else "no"
    return _result(asking, "of_age", "same" if value == of_age else "different", fact)


def _compare_owner_name(asking: Comparing, value: str) -> Compared:
    owners = asking.session.all(queries.OWNER_LABELS, {"code": asking.subject.code})
    for label, resource, as_of in owners:
        if plain_name(label) == plain_name(value):
            return _result(asking, "owner_name", "same", {"resource": resource, "as_of": as_of})
    fact = asking.subject.won("owner_name")
    if fact is None:
        if owners:
            return Compared("owner_name", "different", ground("not_owner", field="owner_name"), owners[0][1], "", owners[0][2])
        return Compared("owner_name", "missing", ground("missing", field="owner_name"))
    same = any(plain_name(name) == plain_name(value) for name in (*_SEVERAL.split(fact["value"]), fact["value"]) if name)
    return _result(asking, "owner_name", "same" if same else "different", fact)


def _agrees(field: str, claimed: str, held: str) -> bool:
    if field in NUMBERS:
        try:
            return abs(float(claimed) - float(held)) < 0.005
        except ValueError:
            return False
    plain = plain_name if field in NAMES else plain_text
    return plain(claimed) != "" and plain(claimed) == plain(held)


def _result(asking: Comparing, claim: str, outcome: str, fact: Fact) -> Compared:
    why = ground(outcome, field=claim, what=_source_words(asking, fact), rule=fact["resource"])
    return Compared(claim, outcome, why, fact["resource"], fact.get("record", ""), fact.get("as_of", ""))


def _source_words(asking: Comparing, fact: Fact) -> tuple[str, str]:
    """The record that gave it, as people call it: resource and date."""
    zh, en = asking.sharing.resource_words(fact["resource"])
    as_of = fact.get("as_of", "")
    return (f"《{zh}》（{as_of}）", f"“{en}” ({as_of})") if as_of else (f"《{zh}》", f"“{en}”")
