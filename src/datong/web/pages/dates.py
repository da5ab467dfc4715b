"""Days as forms send them."""

from __future__ import annotations

from datetime import date

from datong.domain.errors import BadValue
from datong.web.i18n import say
from datong.web.visit import Visit

DAY = "请填写日期。"


def last_day(visit: Visit, name: str) -> date:
    """A day of a form. Raises BadValue naming the field."""
    try:
        return date.fromisoformat(visit.text(name, 10))
    except ValueError:
        raise BadValue(name, say(visit.language, DAY), "YYYY-MM-DD") from None
