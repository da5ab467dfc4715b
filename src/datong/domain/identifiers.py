"""Numbers that identify: citizens (GB 11643), organisations (GB 32100), title units (GB/T 37346), phones, plates.

Each `read_…` takes what someone wrote and returns a `Reading`: the canonical form and, when it is not
sound, one stable word saying why. Nothing here raises on bad data, and nothing looks a number up: old
and abolished division codes in a citizen number are valid for ever.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from operator import mul

CITIZEN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CITIZEN_CHECKS = "10X98765432"
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
MOD37_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
PROVINCES = frozenset(
    (
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
        "91",
    )
)
_TITLE_UNIT = re.compile(r"[0-9]{12}[GJZ][ABSXCDEFHGWY][0-9]{5}[FLQW][0-9]{8}")
_PLATE = re.compile(r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][A-Z0-9]{5,6}")
_BETWEEN = re.compile(r"[\s.\-·]")
_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\u00ad\u180e\ufe00-\ufe0f\U000e0100-\U000e01ef]")


@dataclass(frozen=True)
class Reading:
    """A value as understood: `value` in canonical form, `problem` one stable word or empty when sound."""

    value: str
    problem: str = ""

    @property
    def sound(self) -> bool:
        """Whether the value may identify somebody."""
        return bool(self.value) and not self.problem


def fold(text: str) -> str:
    """Full width to half, invisible characters out, ends stripped: what every reader starts from."""
    if text.isascii():
        return text.strip()
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).strip()


def compact(text: str) -> str:
    """Folded, upper case, without blanks, dots and dashes: for numbers people space out."""
    if text.isascii() and text.isalnum():
        return text.upper()
    return _BETWEEN.sub("", fold(text)).upper()


def citizen_check(first17: str) -> str:
    """The check character of a citizen number, ISO 7064 MOD 11-2."""
    total = sum(map(mul, map(int, first17), CITIZEN_WEIGHTS))
    return CITIZEN_CHECKS[total % 11]


def read_citizen_id(text: str, today: date | None = None) -> Reading:
    """A citizen number. 15-digit numbers are converted and say `old15`: weak keys, the name must agree.

    Problems: missing, length, characters, province, birth_date, check_digit, old15.
    """
    value = compact(text)
    if not value:
        return Reading("", "missing")
    if len(value) == 15 and value.isascii() and value.isdigit():
        return _read_old_citizen_id(value)
    if len(value) != 18:
        return Reading(value, "length")
    if not (value[:17].isascii() and value[:17].isdigit() and value[17] in "0123456789X"):
        return Reading(value, "characters")
    if value[:2] not in PROVINCES:
        return Reading(value, "province")
    birth = birth_date_of(value)
    if birth is None or (today and birth > today):
        return Reading(value, "birth_date")
    return Reading(value, "" if citizen_check(value[:17]) == value[17] else "check_digit")


def _read_old_citizen_id(value: str) -> Reading:
    century = "18" if value[12:] in ("996", "997", "998", "999") else "19"
    longer = value[:6] + century + value[6:]
    if value[:2] not in PROVINCES or birth_date_of(longer) is None:
        return Reading(value, "birth_date")
    return Reading(longer + citizen_check(longer), "old15")


def birth_date_of(citizen_id: str) -> date | None:
    """The birth date inside an 18-character citizen number (or its first 14 digits)."""
    try:
        return date(int(citizen_id[6:10]), int(citizen_id[10:12]), int(citizen_id[12:14]))
    except ValueError:
        return None


def sex_of(citizen_id: str) -> str:
    """ "male" or "female" from the sequence digit of an 18-character citizen number."""
    return "male" if int(citizen_id[16]) % 2 else "female"


def credit_check(first17: str) -> str:
    """The check character of a unified social credit code."""
    total = sum(CREDIT_ALPHABET.index(char) * weight for char, weight in zip(first17, CREDIT_WEIGHTS, strict=True))
    return CREDIT_ALPHABET[(31 - total % 31) % 31]


def organisation_check(first8: str) -> str:
    """The check character of the old nine-character organisation code (GB 11714)."""
    total = sum(int(char, 36) * weight for char, weight in zip(first8, (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    return "0123456789X0"[11 - total % 11]


def read_credit_code(text: str) -> Reading:
    """A unified social credit code; I and O that people write for 1 and 0 are mended.

    Problems: missing, length, characters, check_digit.
    """
    value = compact(text).replace("O", "0").replace("I", "1")
    if not value:
        return Reading("", "missing")
    if len(value) != 18:
        return Reading(value, "length")
    if any(char not in CREDIT_ALPHABET for char in value):
        return Reading(value, "characters")
    return Reading(value, "" if credit_check(value[:17]) == value[17] else "check_digit")


def read_organisation_code(text: str) -> Reading:
    """The old organisation code of nine characters (GB 11714), today positions 9 to 17 of the credit code.

    Problems: missing, length, characters, check_digit.
    """
    value = compact(text)
    if not value:
        return Reading("", "missing")
    if len(value) != 9:
        return Reading(value, "length")
    if any(char not in CREDIT_ALPHABET for char in value):
        return Reading(value, "characters")
    return Reading(value, "" if organisation_check(value[:8]) == value[8] else "check_digit")


def read_registration_no(text: str) -> Reading:
    """The old 15-digit business registration number. Problems: missing, length, characters, check_digit."""
    value = compact(text)
    if not value:
        return Reading("", "missing")
    if len(value) != 15:
        return Reading(value, "length")
    if not (value.isascii() and value.isdigit()):
        return Reading(value, "characters")
    return Reading(value, "" if registration_check(value[:14]) == value[14] else "check_digit")


def registration_check(first14: str) -> str:
    """The check digit of a 15-digit registration number, ISO 7064 MOD 11,10."""
    rest = 10
    for digit in first14:
        rest = ((rest + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - rest) % 10)


def read_title_unit(text: str) -> Reading:
    """A real-estate unit number of 28 characters (no check digit). Problems: missing, length, characters."""
    value = compact(text)
    if not value:
        return Reading("", "missing")
    if len(value) != 28:
        return Reading(value, "length")
    return Reading(value, "" if _TITLE_UNIT.fullmatch(value) else "characters")


def read_phone(text: str) -> Reading:
    """A phone number; country code dropped; mobiles have 11 digits from 1[3-9]. Problems: missing, length, characters."""
    value = re.sub(r"[\s()（）\-—]", "", fold(text))
    value = re.sub(r"^(\+?86|0086)(?=1[3-9]\d{9}$)", "", value)
    if not value:
        return Reading("", "missing")
    if not (value.isascii() and value.isdigit()):
        return Reading(value, "characters")
    if re.fullmatch(r"1[3-9]\d{9}|0\d{9,11}|\d{7,8}|400\d{7}", value):
        return Reading(value, "placeholder" if len(set(value[-8:])) == 1 else "")
    return Reading(value, "length")


def read_plate(text: str) -> Reading:
    """A vehicle plate. Problems: missing, characters."""
    value = compact(text)
    if not value:
        return Reading("", "missing")
    return Reading(value, "" if _PLATE.fullmatch(value) else "characters")


def read_date(text: str, earliest: int = 1850, latest: int = 2199) -> Reading:
    """A date in any of the wordings departments use, as ISO text. Problems: missing, impossible, form.

    2020-01-02, 2020/1/2, 2020.1.2, 20200102, 2020年1月2日, 2020-01-02 10:11:12, 2020-01 (first of the month).
    """
    value = fold(text)
    if not value:
        return Reading("", "missing")
    found = re.fullmatch(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?|(\d{2})(\d{2}))(?:[T ].*)?", value)
    if not found:
        return Reading(value, "form")
    year, month, day = int(found[1]), int(found[2] or found[4] or 1), int(found[3] or found[5] or 1)
    try:
        parsed = date(year, month, day)
    except ValueError:
        return Reading(value, "impossible")
    return Reading(parsed.isoformat(), "" if earliest <= year <= latest else "impossible")


def mod37_36(body: str) -> str:
    """The check character of ISO 7064 MOD 37,36 over digits and capital letters."""
    product = 36
    for char in body:
        product = _MOD37_STEPS[char][product]
    return MOD37_ALPHABET[(37 - product) % 36]


_MOD37_STEPS = {char: tuple(((product + value) % 36 or 36) * 2 % 37 for product in range(37)) for value, char in enumerate(MOD37_ALPHABET)}
"""Character → what each product becomes by it."""
