"""For reviewers: the pairs that wait, one pair with everything that speaks for and against it, the verdict, and its undoing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from starlette.responses import Response

from datong import share
from datong.domain.access import SharedFact
from datong.domain.errors import BadValue, Missing
from datong.domain.judgement import VERDICTS
from datong.web.labels import FIELDS, REGISTERS, label
from datong.web.render import grouped
from datong.web.review_graph import Picture, lay_out
from datong.web.review_words import TABLES
from datong.web.visit import Visit

QUEUE = "/office/reviews"
SHOWN = 30
_KINDS = ("person", "organisation", "premises")
_STATES = ("open", "second", "split")


def show(visit: Visit) -> Response:
    """The queue, the worthiest first, and how well reviewers agree."""
    wanted = _wanted(visit)
    waiting = share.reviews(visit.session, visit.actor, wanted, SHOWN, now=visit.now)
    return visit.page(
        "office/reviews.html",
        waiting=waiting,
        wanted=wanted,
        counts=_counts(visit),
        kinds=[(kind, label(visit.language, kind, REGISTERS)) for kind in _KINDS],
        departments=_departments(visit),
        agreement=share.agreement_of_reviewers(visit.session, visit.actor),
        last=share.last_judgements(visit.session, visit.actor, 5),
        words=TABLES,
        may_undo_days=visit.settings.review_undo_days,
    )


def take_next(visit: Visit) -> Response:
    """Take up the worthiest pair that nobody else has."""
    found = share.next_review(visit.session, visit.actor, _wanted(visit), now=visit.now)
    return visit.go(f"{QUEUE}/{found.pair_id}" if found else QUEUE, "" if found else "none-left")


def case(visit: Visit) -> Response:
    """One pair: both sides, how they compare, what would change."""
    try:
        found = share.review_case(visit.session, visit.actor, visit.sent.params["pair_id"], now=visit.now)
    except Missing:
        return visit.go(QUEUE, "no-longer")
    codes = dict.fromkeys(side.code for side in (found.left, found.right) if side.code and side.entry)
    graphs = [pictured(share.drawn(visit.session, code)) for code in codes]
    return visit.page(
        "office/review.html",
        case=found,
        fields=side_by_side(found),
        words=TABLES,
        graphs=graphs,
        last=share.last_judgements(visit.session, visit.actor, 1),
    )


def judge(visit: Visit) -> Response:
    """Keep the verdict, and go on to the next pair."""
    verdict, reason = visit.choice("verdict", VERDICTS), visit.optional("reason", 500)
    try:
        said = share.give_verdict(visit.session, visit.actor, visit.sent.params["pair_id"], verdict, reason, now=visit.now)
    except Missing:
        return visit.go(QUEUE, "no-longer")
    found = share.next_review(visit.session, visit.actor, now=visit.now)
    done = {"judged": "judged", "second": "second", "split": "split"}[said.state]
    return visit.go(f"{QUEUE}/{found.pair_id}" if found else QUEUE, done)


def undo(visit: Visit) -> Response:
    """Take a judgement back."""
    share.undo_verdict(visit.session, visit.actor, _number(visit), visit.optional("reason", 500), now=visit.now)
    return visit.go(QUEUE, "undone")


def pictured(drawing: share.Drawing) -> tuple[share.Drawing, Picture]:
    """A graph with its picture."""
    return drawing, lay_out(drawing.nodes, drawing.edges)


@dataclass(frozen=True)
class Value:
    """One value of a field on one side, with everybody who says it, the newest first."""

    value: str
    masked: bool
    facts: tuple[SharedFact, ...]


@dataclass(frozen=True)
class Line:
    """One field beside itself."""

    field: str
    left: tuple[Value, ...]
    right: tuple[Value, ...]

    @property
    def both(self) -> bool:
        """Whether both sides know it."""
        return bool(self.left and self.right)


def side_by_side(case: share.Case) -> list[Line]:
    """Field by field what both sides say, a value once with all who say it; the fields both know first."""
    left, right = (grouped(side.entry.facts) if side.entry else [] for side in (case.left, case.right))
    said = {field: (_values(dict(left).get(field, [])), _values(dict(right).get(field, []))) for field, _ in (*left, *right)}
    lines = [Line(field, *both) for field, both in said.items() if field in FIELDS]
    return sorted(lines, key=lambda line: not line.both)


def _values(facts: Iterable[SharedFact]) -> tuple[Value, ...]:
    found: dict[str, list[SharedFact]] = {}
    for fact in facts:
        found.setdefault(fact.value, []).append(fact)
    return tuple(
        Value(text, any(one.masked for one in said), tuple(sorted(said, key=lambda one: one.as_of, reverse=True)))
        for text, said in found.items()
    )


def _wanted(visit: Visit) -> share.ReviewFilter:
    """What she wants to see of the queue, from the address or the form."""
    asked = {**visit.sent.query, **visit.sent.form}
    state = asked.get("state", "open")
    kind = asked.get("kind", "")
    division = asked.get("division", "").strip()
    if division and not division.isdigit():
        raise BadValue("division", "is no division code", "write its digits")
    department = asked.get("department", "")
    return share.ReviewFilter(
        kind if kind in _KINDS else "",
        department if department in dict(_departments(visit)) else "",
        division[:12],
        state if state in _STATES else "open",
    )


def _departments(visit: Visit) -> list[tuple[str, str]]:
    resources = share.installed(visit.session).packs.sources.values()
    return sorted({(source.department, visit.department(source.department)) for source in resources if source.subjects})


def _counts(visit: Visit) -> dict[str, int]:
    counted = share.review_counts(visit.session, visit.actor)
    return {state: sum(number for (one, _), number in counted.items() if one == state) for state in _STATES}


def _number(visit: Visit) -> int:
    text = visit.sent.params["judgement_id"]
    if not text.isdigit() or len(text) > 15:
        raise Missing("没有这个判断 (there is no such judgement)")
    return int(text)
