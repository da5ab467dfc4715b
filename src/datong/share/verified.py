"""Once only: an identity or a paper that one counter has verified is offered to the next: by whom, how, on what basis, until when.

Like a confirmation of premises it is a mark, and good news. What a paper tells is told to nobody who may not read it: a reader sees that
a paper was verified only where her agreement opens something of what the paper is for.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from datong import ledger, registers
from datong.domain.access import Actor, VerifiedOnce
from datong.domain.errors import BadValue, Missing
from datong.share.agreement import Agreement
from datong.share.catalogue.rules import Paper
from datong.share.catalogue.store_item import rules_of
from datong.share.confirm import LONGEST_DAYS, STOPS
from datong.share.disputes import known_subject
from datong.share.installed import installed, moment
from datong.share.workdays import city_day, moment_text
from datong.store import Session

KIND = "verified"
VERIFY = "papers.verify"
IDENTITY = "identity"
HOW = {
    "shared": ("与共享数据核对一致", "the same as the shared data"),
    "card": ("读取证件", "the card was read"),
    "original": ("查验原件", "the original was examined"),
    "licence": ("核验电子证照", "the electronic licence was verified"),
}
"""How an identity or a paper may be verified."""
SHORTEST_BASIS = 4
_COMMON = frozenset(
    (
        "name",
        "former_name",
        "citizen_id",
        "sex",
        "birth_date",
        "phone",
        "address",
        "registered_address",
        "org_name",
        "credit_code",
        "lives_at",
    )
)
"""Fields and ties that nearly every paper repeats: they are not what a paper is for."""


def note_verified(
    session: Session, actor: Actor, code: str, what: str, done: tuple[str, str], *, days: int = 0, now: datetime | None = None
) -> VerifiedOnce:
    """Write down that a counter has verified an identity or a paper; `done`: how, and the basis (item or act). A newer one replaces it.

    `days` 0 is as long as marks.yml says. Raises Forbidden without `papers.verify`, Missing when the actor may not see the subject,
    BadValue for an unknown paper or way, a basis that is missing, and for subjects under investigation.
    """
    parts, at_moment, (how, basis) = installed(session), moment(now), done
    parts.must(actor, VERIFY)
    if what not in known_papers(session):
        raise BadValue("what", "is no paper that can be verified", "choose identity, or a paper of the list of what may not be asked again")
    if how not in HOW:
        raise BadValue("how", "is not known", f"write one of {', '.join(HOW)}")
    if len(basis.strip()) < SHORTEST_BASIS:
        raise BadValue("basis", "is missing", "name the item or the act for which it was verified")
    if not 0 <= days <= LONGEST_DAYS:
        raise BadValue("days", "is too long", f"write at most {LONGEST_DAYS}")
    subject = known_subject(session, actor, code)
    if subject.register == "premises":
        raise BadValue("code", "is the code of premises", "premises are confirmed, not verified")
    open_now = registers.open_marks(session, subject.code)
    if any(mark.kind in STOPS for mark in open_now):
        raise BadValue("code", "is under investigation", "settle that first: 核查中的不能登记为已核验")
    kind, at = parts.kinds.get(KIND), moment_text(at_moment)
    until = (city_day(at_moment) + timedelta(days=days or (kind.days if kind else 365))).isoformat()
    for mark in open_now:
        if mark.kind == KIND and mark.field == what:
            registers.settle_mark(session, mark.mark_id, by=actor.id, at=at, outcome="replaced")
    detail = {"department": actor.department, "unit": actor.unit, "how": how, "basis": basis.strip()[:200], "until": until}
    registers.raise_mark(session, subject.code, KIND, by=actor.id, at=at, field=what, detail=detail)
    body = {"act": "verified", "mark": KIND, "paper": what, "how": how, "until": until}
    ledger.append(session, ledger.Line("mark", at, subject.code, actor.id, actor.department, actor.unit, "", body))
    return VerifiedOnce(what, actor.department, how, detail["basis"], at, until)


def withdraw_verified(session: Session, actor: Actor, code: str, what: str, *, now: datetime | None = None) -> None:
    """Take it back: the next counter verifies again. Raises Missing when one's own department has verified nothing like it."""
    at = moment_text(moment(now))
    installed(session).must(actor, VERIFY)
    subject = known_subject(session, actor, code)
    found = [mark for mark in registers.open_marks(session, subject.code) if mark.kind == KIND and mark.field == what]
    mine = [mark for mark in found if mark.detail.get("department") == actor.department]
    if not mine:
        raise Missing("没有贵部门的核验记录 (your department has verified nothing of the kind)")
    for mark in mine:
        registers.settle_mark(session, mark.mark_id, by=actor.id, at=at, outcome="withdrawn")
    body = {"act": "verified_withdrawn", "mark": KIND, "paper": what}
    ledger.append(session, ledger.Line("mark", at, subject.code, actor.id, actor.department, actor.unit, "", body))


def verified(session: Session, code: str, agreement: Agreement, today: str) -> tuple[VerifiedOnce, ...]:
    """What was verified of a subject and holds today, as far as the reader's agreement opens what the paper says."""
    open_now = registers.open_marks(session, code)
    if any(mark.kind in STOPS for mark in open_now):
        return ()
    papers = {one.code: one for one in rules_of(session).papers}
    found = []
    for mark in open_now:
        said = mark.detail
        if mark.kind != KIND or said.get("until", "") < today:
            continue
        if mark.field == IDENTITY or _opens(session, agreement, papers.get(mark.field)):
            who, how, basis = (str(said.get(name, "")) for name in ("department", "how", "basis"))
            found.append(VerifiedOnce(mark.field, who, how, basis, mark.raised_at, said["until"]))
    return tuple(sorted(found, key=lambda one: one.what))


def known_papers(session: Session) -> dict[str, str]:
    """What can be verified once: the identity, and every paper that may not be asked again."""
    return {IDENTITY: "身份", **{one.code: one.title for one in rules_of(session).papers}}


def _opens(session: Session, agreement: Agreement, paper: Paper | None) -> bool:
    """Whether the agreement shows something that the paper is for: a field of its own, or a tie it proves."""
    packs, opened = installed(session).packs, {*agreement.fields, *agreement.links}
    for source in (packs.sources[name] for name in (paper.resources if paper else ()) if name in packs.sources):
        fields = {name for one in source.subjects.values() if one.kind == agreement.register for name in one.fields}
        if opened & ((fields | {relation.type for relation in source.relations}) - _COMMON):
            return True
    return False
