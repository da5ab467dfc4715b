"""Who is told what became of a case: the applicant, the parties in their seats, a department when fraud shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from datong import share
from datong.domain.codes import kind_of
from datong.services.state import Event
from datong.services.store_case import Kept
from datong.spec import Service
from datong.store import Session

KIND = "case"
STATE_WORDS = {
    "awaiting": ("等待其他当事人确认", "waiting for the other parties"),
    "deciding": ("自动核对中", "being checked by rule"),
    "submitted": ("已提交，待受理", "submitted, to be accepted"),
    "supplement": ("待补正", "waiting for what lacks"),
    "accepted": ("已受理，办理中", "accepted, in hand"),
    "undoing": ("正在撤回已办事项", "being taken back"),
    "granted": ("已办结，准予", "granted"),
    "refused": ("已办结，不予", "refused"),
    "withdrawn": ("已撤回", "withdrawn"),
    "lapsed": ("逾期终止", "lapsed"),
    "not_accepted": ("不予受理", "not accepted"),
}
"""What each state of a case is called."""
_TOLD = ("submitted", "awaiting", "accepted", "granted", "refused", "lapsed", "not_accepted")


def tell(session: Session, service: Service, kept: Kept, events: Sequence[Event]) -> None:
    """Leave the notices that these events call for."""
    last_state = next((one for one in reversed(events) if one.kind == "moved" and one.data["to"] in _TOLD), None)
    for event in events:
        teller = _TELLERS.get(event.kind)
        if event.kind == "moved":
            if event is last_state:
                _state(session, service, kept, event)
        elif teller is not None:
            teller(session, service, kept, event)


def about_case(case_id: str, title: tuple[str, str], text: tuple[str, str]) -> share.Message:
    """A message that leads to a case, in both languages."""
    return share.Message(KIND, title, text, (("case", case_id),))


def _send(session: Session, to: str, service: Service, kept: Kept, *words: str) -> None:
    case_id = kept.case.case_id
    title = (f"{service.title.zh}：办件{case_id}", f"{service.title.en}: case {case_id}")
    for one in readers(session, to, kept):
        share.notify(session, one, about_case(case_id, title, (words[0], words[1])), kept.case.last)


def readers(session: Session, to: str, kept: Kept) -> tuple[str, ...]:
    """Who reads it: of an organisation, those who represent it today."""
    if to != kept.case.applicant or kind_of(to) != "organisation":
        return (to,)
    return share.representatives(session, to, date.fromisoformat(share.day_of(kept.case.last)))


def _state(session: Session, service: Service, kept: Kept, event: Event) -> None:
    zh, en = STATE_WORDS[event.data["to"]]
    why = "，到期未答复，依法视为受理" if event.data.get("why") == "deemed" else ""
    also = "; nobody answered in time, so the law counts it as accepted" if why else ""
    _send(session, kept.case.applicant, service, kept, f"办件状态：{zh}{why}。", f"The case is {en}{also}.")


def _lacking(session: Session, service: Service, kept: Kept, event: Event) -> None:
    lacking = event.data["lacking"]
    zh = f"一次性告知，请补正：{'；'.join(lacking)}。"
    _send(session, kept.case.applicant, service, kept, zh, f"Told once; please mend: {'; '.join(lacking)}.")


def _invited(session: Session, service: Service, kept: Kept, event: Event) -> None:
    seat = next((one for one in service.confirming.seats if f"seat:{one.code}" == event.task), None)
    if seat is None or not event.data.get("who"):
        return
    due = event.data["due"]
    zh = f"有人办理“{service.title.zh}”，需要您以“{seat.title.zh}”的身份确认。{seat.consequence.zh} 请在{due}前确认或拒绝。"
    en = f"Somebody applied for {service.title.en} and needs your word as {seat.title.en}. {seat.consequence.en} Answer by {due}."
    _send(session, str(event.data["who"]), service, kept, zh, en)


def _paused(session: Session, service: Service, kept: Kept, event: Event) -> None:
    if event.data["why"] == "supplement":
        return
    why = event.data["why"]
    _send(session, kept.case.applicant, service, kept, f"办理计时中止，原因：{why}。", f"The clock stands, because: {why}.")


def _extended(session: Session, service: Service, kept: Kept, event: Event) -> None:
    days, note = event.data["days"], event.data["note"]
    zh = f"办理期限延长{days}个工作日，理由：{note}。"
    _send(session, kept.case.applicant, service, kept, zh, f"Extended by {days} working days, because: {note}.")


def _lead(session: Session, service: Service, kept: Kept, event: Event) -> None:
    zh = "当事人拒绝确认，可能存在冒用，请核查。"
    _send(
        session, f"department:{service.department}", service, kept, zh, "A party refused to confirm: somebody may have been impersonated."
    )


def _overdue(session: Session, service: Service, kept: Kept, event: Event) -> None:
    department = kept.case.tasks[event.task].department
    if department:
        _send(session, f"department:{department}", service, kept, "任务已超过法定时限，请立即办理。", "A task is past its statutory time.")


def _urged(session: Session, service: Service, kept: Kept, event: Event) -> None:
    for department in dict.fromkeys(one.department for one in kept.case.open_tasks if one.department):
        _send(session, f"department:{department}", service, kept, "申请人催办，请尽快办理。", "The applicant asks you to hurry.")


def _source_down(session: Session, service: Service, kept: Kept, event: Event) -> None:
    until = share.clock_of(str(event.data["until"]))
    zh = f"有数据来源暂时无法访问，不用您做什么：系统会再次询问，最迟到{until}；届时仍无答复，由工作人员凭材料办理。"
    en = f"A source cannot be reached. You need not do anything: it is asked again, until {until} at the latest; then an officer decides."
    _send(session, kept.case.applicant, service, kept, zh, en)


def _source_came(session: Session, service: Service, kept: Kept, event: Event) -> None:
    _send(session, kept.case.applicant, service, kept, "数据来源已答复，办件继续办理。", "The source has answered; the case goes on.")


def _source_gave_up(session: Session, service: Service, kept: Kept, event: Event) -> None:
    zh = "数据来源到期仍未答复，由工作人员凭材料办理。"
    _send(session, kept.case.applicant, service, kept, zh, "The source never answered; an officer decides on papers.")
    what = "数据来源到期仍未答复，请凭材料核实后办理。"
    _send(session, f"department:{service.department}", service, kept, what, "A source never answered: find out on papers, and decide.")


_TELLERS: dict[str, Callable[[Session, Service, Kept, Event], None]] = {
    "told": _lacking,
    "opened": _invited,
    "paused": _paused,
    "extended": _extended,
    "lead_raised": _lead,
    "overdue": _overdue,
    "urged": _urged,
    "source_down": _source_down,
    "source_came": _source_came,
    "source_gave_up": _source_gave_up,
}
