"""Cleaning by kind: distinct raw texts → canonical values, and which of them may identify.

The definitions are the registers' own (`datong.domain`); compiled recognisers only pass what is canonical already.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from datong import collect
from datong.domain.identifiers import (
    Reading,
    compact,
    fold,
    read_citizen_id,
    read_credit_code,
    read_date,
    read_phone,
    read_registration_no,
)
from datong.domain.names import PLACEHOLDER_NAMES, read_name, read_org_name
from datong.fuse.tables.link_spec import TableColumn
from datong.fuse.tables.values import Column, Values, distinct

PLACEHOLDERS = PLACEHOLDER_NAMES | {"", "-", "--", "/", "n/a", "nan", "na", "nil", "unknown", "暂无", "不明", "未登记", "未填"}
_NOTHING = pa.array(sorted(PLACEHOLDERS))
_HAN = re.compile("[㐀-鿿]")
_BLANKS = re.compile(r"\s+")
Reader = Callable[[str], Reading]


def clean_column(column: TableColumn, array: Any) -> Column:
    """A column of raw texts cleaned: each distinct text is read once."""
    raw, codes = distinct(array)
    cleaned, sound = clean_distinct(column, raw)
    again, places = distinct(cleaned)
    keeps = np.zeros(len(again), np.bool_)
    keeps[places[sound & (places >= 0)]] = True
    codes = np.append(places, np.int32(-1))[codes]
    return Column(Values(column.kind, again, keeps), codes)


def clean_distinct(column: TableColumn, raw: Any) -> tuple[Any, Any]:
    """Distinct raw texts → cleaned ones (null where nothing is said), and which are sound."""
    known = _RECOGNISED.get(column.scheme if column.kind == "identifier" else column.kind)
    done = collect.canonical(known, raw) if known else np.zeros(len(raw), np.bool_)
    left = np.flatnonzero(~done)
    reader = _READERS[column.kind] if column.kind != "identifier" else _SCHEMES[column.scheme]
    readings = [reader(text) for text in raw.take(pa.array(left)).to_pylist()]
    sound = np.ones(len(raw), np.bool_)
    sound[left] = [reading.sound for reading in readings]
    cleaned = pc.replace_with_mask(raw, pa.array(~done), pa.array([reading.value for reading in readings], pa.string()))
    lower = pc.utf8_lower(cleaned)
    if column.kind in ("address", "text", "category"):
        cleaned = lower
    elif column.kind == "date":
        cleaned = pc.replace_substring(cleaned, "-", "")
    return pc.if_else(pc.is_in(lower, value_set=_NOTHING), None, cleaned), sound


def _name(text: str) -> Reading:
    return Reading(read_name(text))


def _chinese_name(text: str) -> Reading:
    return Reading(fold(text) if read_name(text) else "")


def _organisation(text: str) -> Reading:
    return Reading(read_org_name(text))


def _plain_number(text: str) -> Reading:
    value = compact(text)
    return Reading(value, "placeholder" if len(set(value)) == 1 and len(value) > 1 else "")


def _date(text: str) -> Reading:
    found = read_date(text)
    return found if found.sound else Reading(re.sub(r"\D", "", found.value), found.problem)


def _email(text: str) -> Reading:
    return Reading(_BLANKS.sub("", fold(text)).lower())


def _text(text: str) -> Reading:
    value = fold(text).lower()
    return Reading(_BLANKS.sub("" if _HAN.search(value) else " ", value))


def _number(text: str) -> Reading:
    try:
        value = float(fold(text).replace(",", ""))
    except ValueError:
        return Reading("")
    return Reading(f"{value:.12g}") if value == value and abs(value) != float("inf") else Reading("")


_READERS: dict[str, Reader] = {
    "name": _name,
    "chinese_name": _chinese_name,
    "organisation": _organisation,
    "date": _date,
    "phone": read_phone,
    "email": _email,
    "address": _text,
    "postcode": _plain_number,
    "category": _text,
    "text": _text,
    "number": _number,
}
_SCHEMES: dict[str, Reader] = {
    "citizen_id": read_citizen_id,
    "credit_code": read_credit_code,
    "registration_no": read_registration_no,
    "none": _plain_number,
}
_RECOGNISED = {
    **{word: word for word in ("citizen_id", "credit_code", "phone", "date", "address")},
    "chinese_name": "name",
    "text": "address",
    "category": "address",
}
"""Kind or scheme → the type under which `collect` recognises canonical values."""
