"""The notes of a case that are printed at a counter or kept on a phone: received, accepted, what lacks (told once), the result.

Each print carries a code of its own; who has the paper sees how the case stands without signing in, and nothing of anybody's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from datong import share
from datong.domain.access import Actor
from datong.domain.errors import BadValue, Missing
from datong.services import around_queries as queries
from datong.services.parties import hash_of, is_applicant, sees, speakable
from datong.services.state import SUPPLEMENT, Event, Task
from datong.services.store_case import definition, events_of, kept_case
from datong.services.terms import terms
from datong.services.views import task_words
from datong.spec import Service, Words
from datong.store import Session

KINDS = {
    "received": Words("收件回执", "Receipt"),
    "accepted": Words("受理通知单", "Note of acceptance"),
    "told": Words("一次性告知补正单", "Note of what lacks, told once"),
    "result": Words("办理结果单", "Note of the result"),
}
PREFIX = "datong:case:"
CODE_LENGTH = 12


@dataclass(frozen=True)
class Note:
    """One note: what it says, line by line, and the code in its QR, known this once."""

    kind: str
    case_id: str
    service: Service
    at: str
    lines: tuple[Words, ...]
    secret: str

    @property
    def qr(self) -> str:
        """What its QR holds."""
        return PREFIX + self.secret


@dataclass(frozen=True)
class Standing:
    """How a case stands, for whoever has a note of it: nothing of the form, of anybody's name or number."""

    case_id: str
    service: Service
    state: str
    steps: tuple[tuple[Words, Task], ...]


def notes_of(events: Iterable[Event]) -> tuple[str, ...]:
    """Which notes a case has come to."""
    found = {"received"}
    for one in events:
        if one.kind == "told":
            found.add("told")
        elif one.kind == "moved" and one.data["to"] in ("accepted", "granted", "refused", "not_accepted"):
            found.add("accepted" if one.data["to"] == "accepted" else "result")
    return tuple(kind for kind in KINDS if kind in found)


def write_note(session: Session, actor: Actor, case_id: str, kind: str, *, now: datetime) -> Note:
    """A note to be handed over. For the applicant, the window that began the case, and the lead. Raises Missing, BadValue."""
    kept = kept_case(session, case_id)
    lead = actor.kind == "officer" and actor.department == kept.department
    if not sees(session, actor, kept) or not (lead or is_applicant(session, actor, kept)):
        raise Missing("没有这个办件 (there is no such case)")
    service, events = definition(session, kept.case.digest), events_of(session, case_id)
    if kind not in notes_of(events):
        raise BadValue("kind", "还没有这份单据 (there is no such note yet)")
    secret = speakable(CODE_LENGTH)
    at = share.moment_text(now)
    session.run(queries.ADD_NOTE, {"hash": hash_of(secret), "case_id": case_id, "kind": kind, "by": actor.id, "at": at})
    said = {"received": _received, "accepted": _accepted, "told": _told, "result": _result}[kind]
    return Note(kind, case_id, service, at, said(session, service, events), secret)


def standing(session: Session, code: str) -> Standing:
    """How the case of a note stands. Raises Missing."""
    row = session.one(queries.NOTE, {"hash": hash_of(code.strip().removeprefix(PREFIX))})
    if row is None:
        raise Missing("没有这个回执码，请核对 (there is no such code)")
    case = kept_case(session, row[0]).case
    service = definition(session, case.digest)
    return Standing(
        row[0], service, case.state, tuple((task_words(service, one.code), one) for one in case.open_tasks if one.kind != "seat")
    )


def _received(session: Session, service: Service, events: tuple[Event, ...]) -> tuple[Words, ...]:
    handed = {one.code: one.title for one in service.documents}
    given = [handed[code] for one in events if one.kind == "submitted" for code in one.data.get("papers", {}) if code in handed]
    day = share.day_of(events[0].at)
    lines = [Words(f"收件日期：{day}", f"Received on {day}")]
    return (*lines, *(Words(f"已收材料：{one.zh}", f"Paper handed in: {one.en}") for one in given))


def _accepted(session: Session, service: Service, events: tuple[Event, ...]) -> tuple[Words, ...]:
    moved = next(one for one in events if one.kind == "moved" and one.data["to"] == "accepted")
    day = share.day_of(moved.at)
    lines = [Words(f"受理日期：{day}", f"Accepted on {day}")]
    if moved.data.get("why") == "deemed":
        lines.append(Words("到期未答复，依法视为受理", "Nobody answered in time: the law counts it as accepted"))
    for one in events:
        if one.kind == "opened" and one.data.get("kind") == "task":
            title = task_words(service, one.task)
            lines.append(Words(f"{title.zh}：应在{one.data['due']}前办结", f"{title.en}: by {one.data['due']}"))
    return tuple(lines)


def _told(session: Session, service: Service, events: tuple[Event, ...]) -> tuple[Words, ...]:
    told = next(one for one in events if one.kind == "told")
    due = next((one.data["due"] for one in events if one.kind == "opened" and one.task == SUPPLEMENT), "")
    lines = [Words(f"需要补正：{one}", f"Please mend: {one}") for one in told.data["lacking"]]
    once = Words("以上是全部需要补正的内容，不会再要求补正。", "This is everything; nothing more will be asked.")
    return (*lines, Words(f"请在{due}前补正，期间不计入办理时限。", f"By {due}; the clock stands meanwhile."), once)


def _result(session: Session, service: Service, events: tuple[Event, ...]) -> tuple[Words, ...]:
    ended = next(one for one in reversed(events) if one.kind == "moved" and one.data["to"] in ("granted", "refused", "not_accepted"))
    granted = ended.data["to"] == "granted"
    lines = [Words("准予" if granted else "不予", "Granted" if granted else "Refused")]
    lines += [Words(f"证照编号：{one.data['number']}", f"Licence {one.data['number']}") for one in events if one.kind == "licensed"]
    if granted:
        return (*lines, *service.results)
    for one in events:
        if one.kind == "done" and one.data.get("outcome") == "refuse":
            why, title = "；".join(one.data.get("reasons", ())), task_words(service, one.task)
            lines.append(Words(f"{title.zh}：{why}", f"{title.en}: {why}"))
    return (*lines, *terms(session).objections)
