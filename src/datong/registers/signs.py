"""Signs of life: the last month an organisation paid tax, had people insured or was seen at work, and premises used water, power or gas."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from datong.domain.access import Register

LEAST_USED = 5.0
"""A month's reading (t, kWh, m³) below this is a leaking tap or a standby light, not use."""
_MONTH = re.compile(r"(\d{4})-?(\d{2})")


def signs_of(register: Register, members: Iterable[Any]) -> dict[str, str]:
    """Sign → the last month (YYYY-MM) it was seen in, from the records of one subject."""
    if register == "person":
        return {}
    found: dict[str, str] = {}
    for member in members:
        for sign, month in _signs(member):
            if month > found.get(sign, ""):
                found[sign] = month
    return found


def _signs(member: Any) -> Iterable[tuple[str, str]]:
    said = member.body.get("f") or {}
    if "taxed_until" in said:
        yield "taxed", month_of(said["taxed_until"])
    if said.get("insurance_status") == "paying":
        yield "insured", month_of(member.as_of)
    if "used_in" in said and _amount(said.get("used_amount", "")) >= LEAST_USED:
        yield "used", month_of(said["used_in"])
    for kind, _, since, _, detail in member.body.get("r", ()):
        if kind == "operates_at" and detail.get("state") == "operating":
            yield "seen", month_of(since)


def month_of(text: str) -> str:
    """YYYY-MM of a day or of a period like 202610; "" for anything else."""
    found = _MONTH.match(text)
    return f"{found[1]}-{found[2]}" if found else ""


def _amount(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
