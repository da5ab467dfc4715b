"""Numbers as whole-number keys: what a citizen number or credit code joins by, whoever wrote it and however.

A person's key is the first 17 digits of the citizen number. An organisation's is the nine characters of its own
(positions 9 to 17 of the credit code, formerly the organisation code) as a number of base 31, so that codes
of before and after 2015, and of before and after a move to another registrar, meet. The two never overlap.

This is the one definition; `datong.fuse.bulk` runs it over millions of rows and is held to it by a test.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from datong.domain.identifiers import (
    CREDIT_ALPHABET,
    PROVINCES,
    Reading,
    compact,
    read_citizen_id,
    read_credit_code,
    read_organisation_code,
)

NumberColumn = Literal["citizen_id", "credit_code", "number"]
"""What a column holds: citizen numbers, credit codes, or either."""
KeyKind = Literal["", "person", "organisation"]
KINDS: tuple[KeyKind, ...] = ("", "person", "organisation")
"""The index is what compiled batches carry."""
PROBLEMS = ("", "missing", "length", "characters", "province", "birth_date", "check_digit", "old15", "department")
"""Every problem a number can have here; the index is what compiled batches carry."""
DEPARTMENTS = frozenset(
    (
        *("11", "12", "13", "19", "21", "29", "31", "32", "33", "34", "35", "39", "41", "49", "51", "52", "53", "59"),
        *("61", "62", "69", "71", "72", "79", "81", "89", "91", "92", "93", "A1", "A9", "N1", "N2", "N3", "N9", "Y1"),
    )
)
"""Registering department and kind of body, positions 1 and 2 of a credit code (GB 32100 with its amendment)."""
REGISTRARS = PROVINCES | {"10"}
"""Positions 3 and 4: the registrar's province; 10 is the national registrars."""


@dataclass(frozen=True)
class NumberKey:
    """A number as a key. `kind` is empty and `key` 0 when it identifies nobody; `problem` is one of `PROBLEMS`.

    A number of 15 digits has a key and the problem `old15`: it is weak, the name must agree.
    """

    kind: KeyKind
    key: int
    problem: str = ""

    @property
    def sound(self) -> bool:
        """Whether rows may be joined by this key alone."""
        return bool(self.kind) and not self.problem


def read_number(text: str, column: NumberColumn = "number") -> NumberKey:
    """The key of what someone wrote into a column of this type. Nothing here raises on bad data.

    In a column of either kind a mistyped citizen number would pass for a credit code once in 31 times. So there a credit
    code needs an existing registering department and province, and 17 digits with a province and a
    birth date are a person's, whatever their last character says.
    """
    size = len(compact(text))
    if column == "citizen_id":
        return _person(read_citizen_id(text))
    if size == 9:
        return _organisation_code(read_organisation_code(text))
    if column == "credit_code":
        return _organisation(read_credit_code(text))
    return _either(text) if size == 18 else _person(read_citizen_id(text))


def body_key(body: str) -> int:
    """Nine characters of the credit code's alphabet as a number of base 31."""
    key = 0
    for char in body:
        key = key * 31 + CREDIT_ALPHABET.index(char)
    return key


def _person(found: Reading) -> NumberKey:
    if found.problem in ("", "old15"):
        return NumberKey("person", int(found.value[:17]), found.problem)
    return NumberKey("", 0, found.problem)


def _organisation(found: Reading) -> NumberKey:
    return NumberKey("organisation", body_key(found.value[8:17])) if found.sound else NumberKey("", 0, found.problem)


def _organisation_code(found: Reading) -> NumberKey:
    return NumberKey("organisation", body_key(found.value)) if found.sound else NumberKey("", 0, found.problem)


def _either(text: str) -> NumberKey:
    person = read_citizen_id(text)
    if not person.problem or (person.problem == "check_digit" and "1850" <= person.value[6:10] <= "2100"):
        return _person(person)
    code = read_credit_code(text)
    if code.problem == "characters":
        return NumberKey("", 0, "characters")
    if code.value[:2] in DEPARTMENTS and code.value[2:4] in REGISTRARS:
        return _organisation(code)
    if person.problem == "characters":
        return NumberKey("", 0, "department" if code.sound else "check_digit")
    return NumberKey("", 0, person.problem)
