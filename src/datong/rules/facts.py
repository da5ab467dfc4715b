"""Facts as they are handed in, as values of FEEL."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from datong.domain.errors import BadValue
from datong.rules.feel import feel_value

DAY = "on"
"""The fact that says the day of a decision, for a model that asks for it."""


def fact_value(key: str, value: object) -> Any:
    """A fact as FEEL's value. Raises BadValue for what is none, naming the fact and not its value."""
    try:
        found = feel_value(value)
    except TypeError as error:
        raise BadValue(key, str(error), "give a number, text, true or false, date, time, duration, list or mapping of these") from None
    if isinstance(found, Decimal) and not found.is_finite():
        raise BadValue(key, "is no finite number")
    return found
