"""What is known of one subject, or of one mention without a usable number, when the two are compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from datong.domain.access import Register
from datong.domain.identifiers import birth_date_of, read_citizen_id, sex_of

PERSON_FACTS = ("name", "number", "birth_date", "sex", "phone", "place", "organisation", "relative", "account")
_FEWEST_DIGITS = 3
"""A number of no more different characters (111111111111111111, 000000) is a placeholder and says nothing."""
ORGANISATION_FACTS = ("org_name", "registration_no", "credit_code", "representative", "phone", "place")


@dataclass(frozen=True, slots=True)
class Persona:
    """Everything comparable of one side. `sound` holds the usable numbers, at most one unless people judged otherwise."""

    key: str
    """The anchor, code or reference it stands for."""
    kind: Register
    sound: frozenset[str]
    facts: Mapping[str, tuple[str, ...]]

    def of(self, fact: str) -> tuple[str, ...]:
        """The values of one fact, sorted; empty when nothing is known."""
        return self.facts.get(fact, ())


def persona(key: str, kind: Register, sound: Iterable[str], facts: Mapping[str, Iterable[str | None]]) -> Persona:
    """A persona from raw values: empty ones dropped, sorted, birth date and sex added from a person's number."""
    known = {fact: {value for value in values if value} for fact, values in facts.items()}
    if "number" in known:
        known["number"] = {number for number in known["number"] if len(set(number)) > _FEWEST_DIGITS}
    numbers = frozenset(number for number in sound if number)
    if kind == "person":
        _add_from_numbers(known, numbers)
    if kind == "organisation" and (codes := {number for number in numbers if len(number) == 18}):
        known["credit_code"] = codes
    return Persona(key, kind, numbers, {fact: tuple(sorted(values)) for fact, values in known.items() if values})


def _add_from_numbers(known: dict[str, set[str]], numbers: frozenset[str]) -> None:
    known.setdefault("number", set()).update(numbers)
    if known.get("birth_date"):
        return
    for number in numbers or known["number"]:
        if len(number) == 18 and (birth := birth_date_of(number)):
            known.setdefault("birth_date", set()).add(birth.isoformat())
            if number[16].isdigit():
                known.setdefault("sex", set()).add(sex_of(number))


def is_enough(one: Persona) -> bool:
    """Whether a mention says enough to be a subject of its own: a name and one thing more, or a number with a name."""
    if one.kind == "organisation":
        return bool(one.of("org_name") or one.of("registration_no"))
    if one.sound:
        return True
    return bool(one.of("name")) and any(one.of(fact) for fact in ("number", "birth_date", "phone", "place", "organisation", "account"))


def is_sound_person_number(text: str) -> bool:
    """Whether the text is a citizen number that may identify somebody."""
    return read_citizen_id(text).sound
