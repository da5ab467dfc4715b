"""The one definition of every column type: what someone wrote → the canonical value and what is wrong with it.

Pure functions of one value. `clean.py` runs them over the distinct values of a batch, or over one row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation

from datong.domain.identifiers import (
    Reading,
    compact,
    fold,
    read_citizen_id,
    read_credit_code,
    read_date,
    read_phone,
    read_plate,
    read_registration_no,
    read_title_unit,
)

PROBLEM_WORDS = (
    *("", "missing", "length", "characters", "province", "birth_date", "check_digit", "old15", "placeholder", "impossible", "form"),
    *("damaged_bytes", "scientific", "digits", "masked", "unknown_code", "unknown_flag", "open_ended", "repeated_key"),
)
"""Every problem a value can have; the index is what batches carry."""

NAME_TYPES = frozenset(("name", "org_name"))
NUMBER_TYPES = frozenset(("citizen_id", "credit_code", "registration_no", "phone"))
PLACEHOLDERS = frozenset(
    [
        "无",
        "-",
        "--",
        "---",
        "/",
        "//",
        "\\",
        "不详",
        "未知",
        "不明",
        "暂无",
        "空",
        "没有",
        "未登记",
        "未填",
        "未填写",
        "未提供",
        "无数据",
        "暂未登记",
        "null",
        "none",
        "n/a",
        "nan",
        "*",
        "**",
        "***",
        ".",
        "..",
        "...",
        "?",
        "??",
        "???",
    ]
)
"""What people write into a cell they leave empty (compared folded and in lower case)."""

_OPEN_ENDED = frozenset(("长期", "永久", "至今", "无固定期限", "长期有效"))
_YES = frozenset(["是", "有", "y", "yes", "true", "t", "1", "√", "✓", "对", "在"])
_NO = frozenset(["否", "无", "没有", "n", "no", "false", "f", "0", "×", "✗", "x", "非", "不是", "不在"])
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")
_SPACES = re.compile(r"\s+")
_HAN = r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]"
_HAN_SPACES = re.compile(rf"(?<={_HAN})\s+(?={_HAN})")
_HAN_ANY = re.compile(_HAN)
_NAME_DOTS = re.compile(r"(?<=[^\W\d_])\s*[·•‧∙・.]\s*(?=[^\W\d_])")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+?\d{1,3}")
_LIKE_NUMBER = re.compile(r"\d{6,17}[\dXx]?|[0-9A-Z]{15}|[0-9A-Z]{18}")
_UNIT = re.compile(r"(人民币|CNY|RMB|[¥¥$,\s])|(元整|元|圆|m2|平方米|平米|人)$", re.IGNORECASE)
_SCALES = (("万亿", 12), ("亿", 8), ("万", 4))


def read_value(kind: str, raw: str, codes: Mapping[str, str] | None = None) -> Reading:
    """A value of a column type. An empty value is empty without a problem; nothing raises."""
    raw = _CONTROLS.sub("", raw)
    folded = fold(raw)
    if "\ufffd" in raw:
        return Reading(folded, "damaged_bytes")
    if not folded:
        return Reading("")
    if kind == "code":
        return _read_code(folded, codes or {})
    if kind == "flag":
        return _read_flag(folded)
    if folded.lower() in PLACEHOLDERS:
        return Reading("", "placeholder")
    if kind in NUMBER_TYPES and _SCIENTIFIC.fullmatch(folded):
        return Reading(folded, "scientific")
    reading = _READERS[kind](raw)
    return Reading("") if reading.problem == "missing" else reading


def has_han(raw: str) -> bool:
    """Whether a value holds a Chinese character."""
    return bool(_HAN_ANY.search(raw))


def read_text(raw: str) -> Reading:
    """Any text: folded, with single blanks."""
    return Reading(_SPACES.sub(" ", fold(raw)))


def read_name(raw: str) -> Reading:
    """A person's name: no blanks between Chinese characters, one kind of dot. Problems: digits, masked, characters."""
    value = _tight(fold(raw))
    if has_han(value):
        value = _NAME_DOTS.sub("·", value)
    return Reading(value, _name_problem(value))


def read_org_name(raw: str) -> Reading:
    """An organisation's name, brackets in half width. Problems: digits, masked."""
    value = _tight(fold(raw))
    problem = _name_problem(value)
    return Reading(value, problem if problem in ("digits", "masked") else "")


def read_address(raw: str) -> Reading:
    """An address as text: folded, no blanks between or beside Chinese characters. What it means is read when fusing."""
    value = _SPACES.sub(" ", fold(raw))
    return Reading(value.replace(" ", "") if has_han(value) else value)


def read_amount(raw: str) -> Reading:
    """An amount or a measure as plain decimal text; 万 and 亿 are multiplied out. Problems: form, scientific."""
    folded = fold(raw)
    text = _UNIT.sub("", folded)
    power = 0
    for word, digits in _SCALES:
        if text.endswith(word):
            text, power = text.removesuffix(word), digits
            break
    number = _decimal(text)
    if number is None:
        return Reading(folded, "form")
    exact = format((number.scaleb(power)).normalize(), "f")
    return Reading("0" if exact in ("-0", "0") else exact, "scientific" if "e" in text.lower() else "")


def read_integer(raw: str) -> Reading:
    """A whole number as plain digits. Problems: form, scientific."""
    reading = read_amount(raw)
    if reading.problem == "form" or "." in reading.value:
        return Reading(fold(raw), "form")
    return reading


def read_day(raw: str) -> Reading:
    """A date as ISO text; words for "without end" are empty and say `open_ended`. Problems: form, impossible."""
    folded = fold(raw)
    if folded in _OPEN_ENDED:
        return Reading("", "open_ended")
    return read_date(folded)


def _name_problem(value: str) -> str:
    if _LIKE_NUMBER.fullmatch(compact(value)):
        return "digits"
    if "*" in value:
        return "masked"
    return "" if any(char.isalpha() for char in value) else "characters"


def _tight(text: str) -> str:
    return _HAN_SPACES.sub("", _SPACES.sub(" ", text))


def _decimal(text: str) -> Decimal | None:
    if not re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?", text) or len(text) > 24:
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _read_code(folded: str, codes: Mapping[str, str]) -> Reading:
    found = codes.get(folded)
    if found is not None:
        return Reading(found)
    return Reading("", "placeholder") if folded.lower() in PLACEHOLDERS else Reading(folded, "unknown_code")


def _read_flag(folded: str) -> Reading:
    word = folded.lower()
    if word in _YES:
        return Reading("yes")
    if word in _NO:
        return Reading("no")
    return Reading("", "placeholder") if word in PLACEHOLDERS else Reading(folded, "unknown_flag")


_READERS: Mapping[str, Callable[[str], Reading]] = {
    "text": read_text,
    "name": read_name,
    "org_name": read_org_name,
    "citizen_id": read_citizen_id,
    "credit_code": read_credit_code,
    "registration_no": read_registration_no,
    "title_unit": read_title_unit,
    "phone": read_phone,
    "plate": read_plate,
    "date": read_day,
    "amount": read_amount,
    "integer": read_integer,
    "address": read_address,
}
