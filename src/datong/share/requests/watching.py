"""What is watched of the use of agreements: after how many days a field counts as unused, and what is out of the ordinary."""

from __future__ import annotations

from dataclasses import dataclass, field

from datong.spec import Shape

Words = tuple[str, str]
ALERTS = ("rate", "hours", "subjects", "refusals", "admission", "sign_in")


@dataclass(frozen=True)
class Limit:
    """When one kind of alert is raised. Of `times`, `least`, `days`, `start`, `end` and `history` each kind uses its own."""

    kind: str
    title: Words
    least: int
    times: int = 0
    days: int = 0
    start: int = 0
    end: int = 24
    history: int = 0
    """Days of use that must be known before a day is compared with them."""


@dataclass(frozen=True)
class Watching:
    """The numbers of `use` in requests.yml."""

    unused_days: int = 90
    limits: tuple[Limit, ...] = field(default=())

    def limit(self, kind: str) -> Limit | None:
        """The limit of a kind of alert; nothing where the city does not watch for it."""
        return next((one for one in self.limits if one.kind == kind), None)


def read_watching(shape: Shape) -> Watching:
    """The part `use`; unknown kinds of alerts are noted."""
    shape.only(("unused_days", "alerts"))
    alerts = shape.part("alerts")
    alerts.only(ALERTS)
    found = []
    for kind, node in alerts.node.entries():
        one = Shape(node, f"alert {kind!r}", shape.faults)
        one.only(("title", "least", "times", "days", "from", "to", "history"))
        title = one.part("title")
        words = (title.text("zh", required=True), title.text("en", required=True))
        start, end = one.number("from"), one.number("to", 24)
        if start >= end or end > 24:
            one.fault("from", "the hours of work must begin before they end, within 0 and 24")
        found.append(
            Limit(kind, words, one.number("least", 1, 1), one.number("times"), one.number("days"), start, end, one.number("history"))
        )
    return Watching(shape.number("unused_days", 90, 1), tuple(found))
