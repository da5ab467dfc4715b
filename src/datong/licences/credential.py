"""A licence as its signed text: what stands in it, and reading it back from its holder's copy."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from datong.domain.errors import BadValue
from datong.licences import sdjwt
from datong.licences.jose import PublicKey, SigningKey, open_jws, read_json
from datong.licences.licence import FactValue
from datong.spec import LicenceFact, LicenceType

LONGEST_FACT = 2000
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f]")
END = "9999-12-31"
"""The last day of a licence without end, as the store writes it."""


@dataclass(frozen=True)
class Place:
    """Where a licence's state stands: the list's address and the place in it."""

    uri: str
    index: int

    def claim(self) -> dict[str, Any]:
        """As a credential says it."""
        return {"status_list": {"idx": self.index, "uri": self.uri}}


@dataclass(frozen=True)
class Face:
    """Everything a licence says."""

    issuer: str
    type: LicenceType
    identifier: str
    facts: Mapping[str, FactValue]
    place: Place
    issued_at: int
    valid_from: str
    valid_until: str
    parts: Sequence[tuple[str, str, Place]] = ()
    """Of a composite licence: type, number and place of each part."""


def vct(issuer: str, type_code: str) -> str:
    """The name of a type in a credential."""
    return f"{issuer}/licence-types/{type_code}"


def sign(face: Face, key: SigningKey, holder: PublicKey) -> str:
    """The licence signed by its issuer, with all disclosures."""
    said: dict[str, Any] = {
        "iss": face.issuer,
        "vct": vct(face.issuer, face.type.code),
        "iat": face.issued_at,
        "nbf": seconds_at(face.valid_from),
        "cnf": {"jwk": holder.jwk()},
        "status": face.place.claim(),
        "identifier": face.identifier,
        "department": face.type.department,
    }
    if face.valid_until != END:
        said["exp"] = seconds_at(face.valid_until, after=True)
    if face.parts:
        said["parts"] = [{"type": type_code, "identifier": number, "status": at.claim()} for type_code, number, at in face.parts]
    for fact in face.type.facts:
        if (value := face.facts.get(fact.name)) is not None:
            said[fact.name] = value if fact.open else sdjwt.Hidden(value)
    return sdjwt.issue(key, said)


@lru_cache(maxsize=1024)
def seconds_at(day: str, after: bool = False) -> int:
    """The first second of a day of the city's, or (`after`) the one that follows its last."""
    first = date.fromisoformat(day) + timedelta(days=int(after))
    return int((first - date(1970, 1, 1)).total_seconds()) - 8 * 3600


def facts_of(credential: str, kind: LicenceType) -> dict[str, FactValue]:
    """The facts a holder's copy states, in the order of the face."""
    signed, disclosures = sdjwt.disclosures_of(credential)
    plain = read_json(open_jws(signed)[1])
    by_name = {one.name: one.value for one in disclosures}
    found = {name: by_name.get(name, plain.get(name)) for name in kind.names}
    return {name: value for name, value in found.items() if value is not None}


def checked_facts(kind: LicenceType, given: Mapping[str, FactValue]) -> dict[str, FactValue]:
    """The facts of a new licence in the order of its face. Raises BadValue naming the first that does not fit."""
    for name in given:
        if kind.fact(name) is None:
            raise BadValue(name, f"a {kind.code} has no such fact", f"its facts are {', '.join(kind.names)}")
    found: dict[str, FactValue] = {}
    for fact in kind.facts:
        value = given.get(fact.name)
        if value is None or value == "":
            if fact.required:
                raise BadValue(fact.name, "is missing", f"a {kind.code} must state it")
            continue
        found[fact.name] = _fitting(fact, value)
    return found


def _fitting(fact: LicenceFact, value: FactValue) -> FactValue:
    if fact.type == "flag":
        if not isinstance(value, bool):
            raise BadValue(fact.name, "is not true or false")
        return value
    if fact.type == "integer":
        if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 2**53:
            raise BadValue(fact.name, "is not a whole number")
        return value
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_FACT or _CONTROL.search(value):
        raise BadValue(fact.name, "is not a text", f"write 1 to {LONGEST_FACT} characters")
    if fact.type == "date" and not is_day(value):
        raise BadValue(fact.name, "is not a day", "write it like 2026-01-31")
    if fact.values and value not in fact.values:
        raise BadValue(fact.name, "is not one of its words", f"write one of {', '.join(fact.values)}")
    return value.strip()


def is_day(text: str) -> bool:
    """Whether a text is an ISO day."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def last_day(kind: LicenceType, first: str, asked: str) -> str:
    """The last day of a licence from `first`: as asked, but never longer than its type allows. Raises BadValue."""
    longest = kind.last_day(date.fromisoformat(first))
    if not asked:
        return longest.isoformat() if longest else END
    if not is_day(asked) or asked < first:
        raise BadValue("valid_until", "is not a day after the first day", "write it like 2031-01-31")
    if longest and asked > longest.isoformat():
        raise BadValue("valid_until", f"is later than a {kind.code} may last", f"the latest is {longest}")
    return asked


def day_of(text: str) -> str:
    """A last day as people read it; empty without end."""
    return "" if text == END else text
