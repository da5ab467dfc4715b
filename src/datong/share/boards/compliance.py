"""Who meets the duties of sharing: a list a budget rule may read (no sharing, no budget), and the duties of each party in figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from datong.domain.access import Actor
from datong.share import catalogue
from datong.share.boards.board import Board, Part, board, must_read
from datong.share.catalogue.papers import demanded_again
from datong.share.catalogue.rules import Duty
from datong.share.catalogue.words import SHARING
from datong.share.installed import installed, once_of_packs
from datong.spec import Packs
from datong.store import Session

PART = "share.boards.papers"
STALE_SHARE = 0.2
"""The share of a department's delivered resources that may be late before it counts as an open point."""


@dataclass(frozen=True)
class Point:
    """One open point: a stable word, the article it is against, the figure with its denominator, and a sentence."""

    code: str
    article: str
    number: int
    of: int
    zh: str
    en: str


@dataclass(frozen=True)
class Compliance:
    """One department: whether it meets its duties, and every open point."""

    department: str
    resources: int
    points: tuple[Point, ...]

    @property
    def meets(self) -> bool:
        """No open point."""
        return not self.points


@dataclass(frozen=True)
class Responsibility:
    """One duty of a party with the figure that counts it: `done` of `whole`. Without `counted` the duty is enforced where the thing
    is entered, and there is nothing to count."""

    duty: Duty
    done: int
    whole: int


@dataclass(frozen=True)
class Party:
    """One department: what it answers for as provider, as user and (one of them) as authority; what it provides and may read."""

    department: str
    duties: tuple[Responsibility, ...]
    resources: int
    agreements: tuple[str, ...]
    """What it may read."""
    given: tuple[str, ...]
    """What others may read of it."""


def compliance(session: Session, actor: Actor, *, now: datetime | None = None) -> tuple[Compliance, ...]:
    """Every department that sends, catalogues or reads something, those with open points first. Raises Forbidden."""
    return judged(session, board(session, actor, now=now))


def judged(session: Session, found: Board) -> tuple[Compliance, ...]:
    """The compliance list from a board's figures."""
    asked_again = papers_asked(session)
    listed = [
        Compliance(part.department, part.resources, tuple(_points(part, found, asked_again)))
        for part in found.parts
        if part.resources or part.asked or part.given_to
    ]
    return tuple(sorted(listed, key=lambda one: (one.meets, -len(one.points))))


def _points(part: Part, found: Board, asked_again: Mapping[str, int]) -> list[Point]:
    points = []
    for kind, article, zh, en in (
        ("update", "第十七条", "目录未按期更新", "Items of the catalogue not updated in time"),
        ("review", "第十七条", "目录未按期审核发布", "Items of the catalogue not reviewed in time"),
        ("request", "第二十一条", "共享申请未按期答复或交付", "Sharing requests not answered or delivered in time"),
        ("dispute", "第二十六条", "校核申请未按期答复", "Corrections not answered in time"),
    ):
        clocks = [one for one in found.clocks if one.department == part.department and one.kind == kind]
        late, whole = sum(one.late for one in clocks), sum(one.rate.whole for one in clocks)
        if late:
            points.append(Point(f"{kind}_late", article, late, whole, zh, en))
    delivered = sum(number for light, number in part.fresh.items() if light != "grey")
    stale = part.fresh.get("red", 0) + part.fresh.get("yellow", 0)
    if delivered and stale > STALE_SHARE * delivered:
        points.append(Point("stale", "第十八条", stale, delivered, "数据未按约定周期更新", "Data not delivered in the agreed cycle"))
    never = part.fresh.get("grey", 0)
    if never:
        text = ("已编目但从未提供数据", "Catalogued but never delivered")
        points.append(Point("never_delivered", "第二十二条", never, part.resources, *text))
    if part.late_marks:
        text = ("数据问题超期未改", "Faults of data not mended in time")
        points.append(Point("marks_late", "第十八条", part.late_marks, part.marks, *text))
    if number := asked_again.get(part.department, 0):
        text = ("要求群众重复提交可共享取得的材料", "Papers asked for that sharing gives")
        points.append(Point("asked_again", "第十九条", number, number, *text))
    return points


def papers_asked(session: Session) -> Mapping[str, int]:
    """Department → papers that its packs ask for although sharing gives them; read once for the packs as they stand."""
    return once_of_packs(session, PART, lambda parts, _: _papers_asked(parts.packs))


def _papers_asked(packs: Packs) -> dict[str, int]:
    found: dict[str, int] = {}
    for fault in demanded_again(packs):
        lead = packs.raw(f"{fault.file.partition('/')[0]}/pack.yml")
        if lead is not None:
            department = (lead.get("department") or lead).text
            found[department] = found.get(department, 0) + 1
    return found


def export_compliance(session: Session, actor: Actor, *, now: datetime | None = None) -> str:
    """The list as CSV: one row for each open point, and one for each department that meets its duties."""
    sharing = installed(session).sharing
    rows = []
    for one in compliance(session, actor, now=now):
        name = sharing.department_words(one.department)[0]
        head = (one.department, name, str(one.resources))
        if one.meets:
            rows.append((*head, "符合", "", "", "", "", ""))
        rows += [(*head, "有待改进", point.code, point.zh, point.article, str(point.number), str(point.of)) for point in one.points]
    heads = ("部门代码", "部门", "目录资源数", "结论", "事项代码", "事项", "依据条款（政务数据共享条例）", "数量", "分母")
    return catalogue.csv_text((heads, *rows))


def parties(session: Session, actor: Actor, *, now: datetime | None = None) -> tuple[Party, ...]:
    """The list of responsibilities of every party, with figures. Raises Forbidden without `board.read`."""
    parts = must_read(session, actor)
    found = board(session, actor, now=now)
    rules = catalogue.rules_of(session)
    asked_again = papers_asked(session)
    agreements = parts.sharing.agreements.values()
    listed = []
    for part in found.parts:
        reads = tuple(one.code for one in agreements if part.department in one.requesting)
        gives = tuple(one.code for one in agreements if part.department in one.providing)
        held = {"providing": bool(part.resources), "requesting": bool(reads), "authority": part.department == rules.authority}
        duties = tuple(
            Responsibility(duty, *_figures(duty, part, found, asked_again.get(part.department, 0)))
            for duty in rules.duties
            if held[duty.party]
        )
        if duties:
            listed.append(Party(part.department, duties, part.resources, reads, gives))
    return tuple(listed)


def _figures(duty: Duty, part: Part, found: Board, again: int) -> tuple[int, int]:
    """Done and whole of what counts a duty."""
    clocks = {"update_clock": "update", "review_clock": "review", "disputes": "dispute"}
    if duty.counted in clocks:
        kept = [one for one in found.clocks if one.department == part.department and one.kind == clocks[duty.counted]]
        return sum(one.in_time for one in kept), sum(one.rate.whole for one in kept)
    delivered = sum(number for light, number in part.fresh.items() if light != "grey")
    figures: dict[str, tuple[int, int]] = {
        "fresh": (part.fresh.get("green", 0), delivered),
        "asked_again": (0, again),
        "refusals": (part.asked, part.asked + part.refused),
        "demands": (found.demands.part, found.demands.whole),
    }
    return figures.get(duty.counted, (0, 0))


def export_parties(session: Session, actor: Actor, *, now: datetime | None = None) -> str:
    """The list of responsibilities as CSV."""
    sharing = installed(session).sharing
    names = {"providing": "提供部门", "requesting": "需求部门", "authority": "共享主管部门"}
    rows = [
        (
            sharing.department_words(party.department)[0],
            names[one.duty.party],
            one.duty.text,
            one.duty.article,
            str(one.done),
            str(one.whole),
        )
        for party in parties(session, actor, now=now)
        for one in party.duties
    ]
    return catalogue.csv_text((("部门", "身份", "责任", "依据条款（政务数据共享条例）", "已履行", "分母"), *rows))


def export_board(session: Session, actor: Actor, *, now: datetime | None = None) -> str:
    """The board's table of departments as CSV."""
    sharing = installed(session).sharing
    found = board(session, actor, now=now)
    head = ("部门", "系统", "资源", *SHARING.values(), "已共享资源", "共享给部门数", "数据行数", "按期", "逾期", "严重逾期", "从未提供")
    rows = []
    for part in found.parts:
        cells: list[Any] = [part.systems, part.resources, *(part.classes.get(one, 0) for one in SHARING), part.shared, len(part.given_to)]
        cells += [part.rows, *(part.fresh.get(light, 0) for light in ("green", "yellow", "red", "grey"))]
        rows.append([sharing.department_words(part.department)[0], *map(str, cells)])
    return catalogue.csv_text((head, *rows))
