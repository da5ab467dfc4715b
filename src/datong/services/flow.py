"""Services in reading order.

installed.py   the items of the packs, checked           catalogue.py  found, and their guides
facts.py       what sharing knows, so nobody is asked    forms.py      what the applicant says
flow.py        begin a case, act on it, move the clock   views.py      what each person may see of it
state.py       a case, its tasks, clocks and events      fold.py       a case is the fold of its events
decide.py      state x command -> events, pure           advance.py    what is next, and what is taken back
parties.py     who may do what; invitations              told.py       who is told
issuing.py     the licences that come of it              sources.py    where values come from
deciding.py    the decision by rules, replayed           samples.py    what people look at again
known.py       what an answer says of a fact     opened.py     what a pass opened, until it is sent
consented.py   what waits for another's word     places.py     places given in one order for all
consents.py    her word, and taking it back      taken_back.py read before facts are asked
household.py   every adult of a household        units.py       how each unit that is asked stands
times.py       how long it took                  retest.py     all tested again in one query
nightly.py     every night, piece by piece       night_queries.py  its SQL
filed.py       what was sold against what was filed
firms.py       for a firm, by whom it is represented
hours.py       a promise in hours of the day     money_queries.py  SQL of money and hours
bpmn.py        drawn for other tools                     bpmn_read.py  read from them, a stated subset
money.py       the line from treasury to bank            scenario.py   a pack's own tests
store_case.py  rows, events and the ledger's line        group.py      many cases in one commit
drafts.py      begun, gone on with later                 papers.py     what is handed in
notes.py       the three notes, with their codes         ratings.py    what people thought of it
benefits.py    what a case saved                         terms.py      how long, how much, as data
waits.py       a source that was down, asked again
around_queries.py  their SQL                           dealings.py   every case of a person and of whom she answers for
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from datong import ledger, share
from datong.domain.access import Actor, Key
from datong.domain.changed import changed
from datong.domain.errors import BadValue, Missing
from datong.services import queries
from datong.services.around_queries import DROP_BENEFIT, DROP_WAIT, WAITS_DUE
from datong.services.clocks import Working
from datong.services.consented import ask_agreed
from datong.services.decide import BY_RULE, decided
from datong.services.deciding import Ruling, rule_on
from datong.services.facts import Applicant, Asking, gather
from datong.services.filed import check_filed, note_filed
from datong.services.firms import for_whom
from datong.services.fold import fold
from datong.services.forms import Filled, check_answers, check_form, filled, known_answers, open_questions
from datong.services.installed import items
from datong.services.issuing import ISSUED, end_licences, issue_licences
from datong.services.known import Known, snapshot
from datong.services.opened import drop_opened, keep_opened, take_opened
from datong.services.papers import Paper, keep_papers
from datong.services.papers import hashes as hashes_of
from datong.services.parties import check_key, check_party, invitations, sitter
from datong.services.samples import draw
from datong.services.state import RULE, Case, Command, Event
from datong.services.store_case import Kept, add_case, case_line, definition, keep_definition, kept_case, move_case
from datong.services.told import tell
from datong.services.waits import Wait, hold, try_again
from datong.spec import ADULT, ADULTS, Service, SituationQuestion
from datong.store import Session

NAMES = ("name", "org_name")
AT_ONCE = 1000
"""Cases whose clocks one tick moves in a transaction."""
AGAIN_AT_ONCE = 20
"""Cases whose sources are asked again in a transaction."""
CLOCK = Actor(RULE, "时钟", "system")


@dataclass(frozen=True)
class NewCase:
    """What begins a case: the item, for whom (a permanent code, or another key a system has), answers and form, papers handed in.

    `documents` names the papers that were handed in, each with where it lies.
    """

    service: str
    applicant: Key | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    documents: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    """At a counter: her name as her ID card says it, or the organisation's as its licence does; a number alone opens nothing."""
    papers: Mapping[str, Paper] = field(default_factory=dict)
    """The files that were handed in, already taken by `take_papers`; each stands for its document."""

    @property
    def handed(self) -> dict[str, str]:
        """Every paper of it: a file by its name, another by where it lies."""
        return {**self.documents, **{code: one.name for code, one in self.papers.items()}}


@dataclass(frozen=True)
class Begun:
    """A case that was begun. `invitations` are told this once: seat → the code its party opens it with."""

    case: Case
    service: Service
    invitations: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Known] = field(default_factory=dict)
    decision: Ruling | None = None
    kept: Kept | None = None
    events: tuple[Event, ...] = ()
    """Both as they were just written: `views.begun_case` shows them without reading them again."""


@dataclass(frozen=True)
class Prepared:
    """What a form shows before it is sent: fields with what is known, the questions still open, the answers already known."""

    service: Service
    fields: tuple[Filled, ...]
    questions: tuple[SituationQuestion, ...]
    answers: Mapping[str, str]


@dataclass(frozen=True)
class Doing:
    """One act upon a case, as somebody asks for it."""

    act: str
    task: str = ""
    note: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    papers: Mapping[str, Paper] = field(default_factory=dict)
    """With a supplement: files handed in."""


def begin(session: Session, actor: Actor, wanted: NewCase, *, now: datetime) -> Begun:
    """Begin a case. Facts are fetched and kept as they are now; what is known is not asked; the clock starts, or waits for the parties.

    Raises BadValue for what does not fit the form, Forbidden and Missing for whom and what it is not for.
    """
    found = items(session)
    service = found.of(wanted.service)
    if not service.online:
        raise BadValue("service", "这个事项不能在线办理，请看指南 (it cannot be begun here; see its guide)")
    applicant = whose(session, actor, wanted, service, now)
    check_party(session, actor, "begin", None)
    if actor.kind == "system":
        check_key(session, actor, service)
    day = share.city_day(now)
    case_id = share.dated_number(session, "C", "case", day)
    asking = Asking(service, case_id, applicant, wanted.form, now)
    facts = gather(session, asking, known=take_opened(session, service, applicant.code, wanted.form, now))
    drop_opened(session, service, applicant.code, wanted.form, now)
    code = applicant.code or _subject(service, facts)
    _check_presence(actor, wanted, service, facts)
    answers = check_answers(service, facts, wanted.answers)
    form = check_form(service, facts, answers, wanted.form)
    _check_documents(service, wanted)
    seats, hashes = invitations(service, answers, facts)
    data = {"case": case_id, "applicant": code, "answers": answers, "confirmed": _confirmed(facts), "parties": hashes["people"]}
    data |= {"papers": hashes_of(wanted.papers)} if wanted.papers else {}
    at = share.moment_text(now)
    command = Command("submit", at, day.isoformat(), actor.id, data=data)
    case, events = decided(service, None, command, found.working)
    said = snapshot(facts)
    held = {"facts": said, "seats": hashes["seats"], "documents": wanted.handed, "channel": actor.kind}
    kept = Kept(case, service.department, form, held, {}, actor.id, at, known=(said, facts))
    ruling = None
    if case.state == "deciding":
        kept, ruling, ruled = _ruled(session, service, kept, found.working, now)
        events = (*events, *ruled)
    kept, events, lines = _with_licences(session, service, kept, events, now)
    keep_definition(session, service, service.text, at)
    add_case(session, service, kept, events, hashes["seats"])
    keep_papers(session, case_id, wanted.papers, actor, at)
    if service.code in found.filed:
        note_filed(session, service, kept, found.filed)
    _follow(session, actor, service, kept, events=events, act="submit", lines=lines)
    return Begun(kept.case, service, seats, facts, ruling, kept, events)


def prepare(session: Session, actor: Actor, wanted: NewCase, *, now: datetime) -> Prepared:
    """The form with everything sharing knows filled in, before anything is sent. Each read leaves its line. For the applicant herself."""
    service = items(session).of(wanted.service)
    if not service.online:
        raise Missing("这个事项不能在线办理 (it cannot be begun here)")
    check_party(session, actor, "begin", None)
    applicant = whose(session, actor, wanted, service, now)
    known = take_opened(session, service, applicant.code, wanted.form, now)
    asking, only = Asking(service, f"apply:{service.code}", applicant, wanted.form, now), None
    if service.household is not None:  # who lives with her is compared when she applies, not each time she opens the form
        only = {one.code for one in service.facts if one.gives not in (ADULT, ADULTS)} - set(known)
    facts = gather(session, asking, only, known)
    keep_opened(session, service, applicant.code, wanted.form, facts=facts, now=now)
    fields = filled(service, facts, wanted.form)
    return Prepared(service, fields, open_questions(service, facts), known_answers(service, facts))


def act(session: Session, actor: Actor, case_id: str, doing: Doing, *, now: datetime) -> Case:
    """Do one act upon a case. Raises Missing, Forbidden, BadValue (what is wrong with the act), Busy (somebody was faster)."""
    kept = kept_case(session, case_id)
    service = definition(session, kept.case.digest)
    if doing.act in (*BY_RULE, "submit"):
        raise BadValue("act", "没有这项办理 (there is no such act)")
    check_party(session, actor, doing.act, kept, doing.task)
    data = dict(doing.data)
    if doing.act == "finish":
        check_filed(session, service, kept, doing.task, str(data.get("outcome", "")), now=now)
    if doing.act in ("confirm", "decline"):
        data["who"] = sitter(session, actor, kept, doing.task, str(data.pop("code", "")))
    if doing.act == "give_supplement":
        kept = _supplemented(session, actor, service, kept, doing=doing, at=share.moment_text(now))
        data["papers"] = hashes_of(doing.papers)
    command = Command(doing.act, share.moment_text(now), share.city_day(now).isoformat(), actor.id, doing.task, doing.note, data)
    return _do(session, actor, service, kept, command=command, now=now)


def tick(session: Session, *, now: datetime, most: int = AT_ONCE) -> int:
    """Move the clock to now: every clock whose last day is past does what the law or the pack says. How many cases it moved.

    One indexed query finds them; call again until it answers 0, each time in a transaction of its own.
    """
    day = share.city_day(now).isoformat()
    found = session.all(queries.DUE, {"day": day, "most": most})
    for (case_id,) in found:
        kept = kept_case(session, case_id)
        at = max(share.moment_text(now), kept.case.last)
        _do(session, CLOCK, definition(session, kept.case.digest), kept, command=Command("tick", at, day, RULE), now=now)
    return len(found)


def ask_again(session: Session, *, now: datetime, most: int = AGAIN_AT_ONCE) -> int:
    """Ask again, for cases whose decision waits for a source that was down and whose moment has come. How many; call again until it
    answers 0, each time in a transaction of its own. Each try leaves the case's line."""
    found = session.all(WAITS_DUE, {"at": share.moment_text(now), "most": most})
    for case_id, tries, next_at, until in found:
        kept = kept_case(session, case_id)
        if kept.case.state != "deciding":  # withdrawn meanwhile
            session.run(DROP_WAIT, {"case_id": case_id})
            continue
        service = definition(session, kept.case.digest)
        tried, data = try_again(session, service, kept, Wait(int(tries), next_at, until), now)
        at = max(share.moment_text(now), kept.case.last)
        _do(session, CLOCK, service, tried, command=Command("source", at, share.city_day(now).isoformat(), RULE, data=data), now=now)
    return len(found)


def _do(session: Session, actor: Actor, service: Service, kept: Kept, *, command: Command, now: datetime) -> Case:
    working = items(session).working
    before = kept.case
    case, events = decided(service, before, command, working)
    after = changed(kept, case=case)
    if command.kind == "confirm":
        after = ask_agreed(session, service, after, now)
    if case.state == "deciding":
        after, _, more = _ruled(session, service, after, working, now)
        events = (*events, *more)
    after, events, lines = _with_licences(session, service, after, events, now)
    move_case(session, before, after, events)
    _follow(session, actor, service, after, events=events, act=command.kind, lines=lines)
    return after.case


def _ruled(
    session: Session, service: Service, kept: Kept, working: Working, now: datetime
) -> tuple[Kept, Ruling | None, tuple[Event, ...]]:
    """The decision by rules, in the name of nobody: what favours the applicant is given, everything else goes to a person. While a source
    is down that is asked again, it waits."""
    held = hold(session, service, kept, now)
    if held is not None:
        said = Command("source", max(share.moment_text(now), kept.case.last), share.city_day(now).isoformat(), RULE, data=held)
        case, events = decided(service, kept.case, said, working) if held else (kept.case, ())
        return changed(kept, case=case), None, events
    ruling = rule_on(session, service, kept, now)
    data = {"outcome": ruling.outcome, "favourable": ruling.favourable, "why": ruling.shown()}
    command = Command("rule", share.moment_text(now), share.city_day(now).isoformat(), RULE, data=data)
    case, events = decided(service, kept.case, command, working)
    return changed(kept, case=case, decision=ruling.kept()), ruling, events


def _with_licences(
    session: Session, service: Service, kept: Kept, events: tuple[Event, ...], now: datetime
) -> tuple[Kept, tuple[Event, ...], tuple[ledger.Line, ...]]:
    """What the case's end means for licences: issued when it is granted, withdrawn when it comes to another end after all; and the
    lines they leave."""
    if not service.licences or not kept.case.ended:
        return kept, events, ()
    if kept.case.state != "granted":
        end_licences(session, kept, now)
        return changed(kept, facts={**kept.facts, ISSUED: {}}), events, ()
    told, lines = issue_licences(session, service, kept, now)
    case, issued = kept.case, dict(kept.facts.get(ISSUED, {}))
    for one in told:
        event = Event("licensed" if "licence" in one else "not_licensed", case.last, RULE, "", one)
        case, events = fold(case, event), (*events, event)
        if "licence" in one:
            issued[one["type"]] = one["licence"]
    return changed(kept, case=case, facts={**kept.facts, ISSUED: issued}), events, lines


def _follow(
    session: Session, actor: Actor, service: Service, kept: Kept, *, events: Sequence[Event], act: str, lines: Sequence[ledger.Line]
) -> None:
    """What follows from events: the ledger's lines, whom to tell, what people look at again."""
    ledger.append(session, *lines, case_line(actor, service, kept.case, events, act))
    if act == "reopen":
        session.run(DROP_BENEFIT, {"case_id": kept.case.case_id})  # what it saved is no longer saved, until it is granted again
    if kept.case.state == "granted":
        draw(session, service, kept)
    tell(session, service, kept, events)


def whose(session: Session, actor: Actor, wanted: NewCase, service: Service, now: datetime) -> Applicant:
    """For whom: a citizen for herself or a firm she represents; at a counter and by a system for whom they name. Raises BadValue."""
    if actor.kind == "citizen":
        return for_whom(session, actor, service, wanted.applicant, share.city_day(now))
    if wanted.applicant is None:
        raise BadValue("applicant", "请写明为谁办理 (say for whom)", "a permanent code or a number")
    key = wanted.applicant
    return Applicant(key, key.value if key.type == "code" else "")


def _check_presence(actor: Actor, wanted: NewCase, service: Service, facts: Mapping[str, Known]) -> None:
    """At a counter the person is there with her card, or somebody with the organisation's licence: name and number belong together."""
    if actor.kind != "officer":
        return
    hers = [facts[one.code].value for one in service.facts if one.key == "applicant" and one.field in NAMES and one.code in facts]
    if not wanted.name.strip() or wanted.name.strip() not in hers:
        raise Missing("没有找到姓名和号码都相符的申请人 (nobody has this name and this number)")


def _subject(service: Service, facts: Mapping[str, Known]) -> str:
    """The applicant's permanent code, as the facts about her say it."""
    hers = (facts[one.code].subject for one in service.facts if one.key == "applicant" and one.code in facts)
    code = next((one for one in hers if one), "")
    if not code:
        raise Missing("没有找到申请人 (the applicant was not found)")
    return code


def _confirmed(facts: Mapping[str, Known]) -> dict[str, str]:
    """Premises that stand confirmed: why what was examined once is not examined again."""
    return {code: f"confirmed_until:{one.confirmed}" for code, one in facts.items() if one.confirmed}


def _check_documents(service: Service, wanted: NewCase) -> None:
    for one in service.documents:
        if not one.optional and not wanted.handed.get(one.code, "").strip():
            raise BadValue(one.code, f"请提交{one.title.zh} (is missing)")
    if unknown := set(wanted.handed) - {one.code for one in service.documents}:
        raise BadValue(sorted(unknown)[0][:40], "这个事项不需要这份材料 (this item wants no such paper)")


def _supplemented(session: Session, actor: Actor, service: Service, kept: Kept, *, doing: Doing, at: str) -> Kept:
    """The case with what the applicant mended of her form and handed in."""
    if unknown := set(doing.papers) - {one.code for one in service.documents}:
        raise BadValue(sorted(unknown)[0][:40], "这个事项不需要这份材料 (this item wants no such paper)")
    keep_papers(session, kept.case.case_id, doing.papers, actor, at)
    handed = {**kept.facts.get("documents", {}), **{code: one.name for code, one in doing.papers.items()}}
    return changed(kept, form={**kept.form, **_mended(service, kept, doing)}, facts={**kept.facts, "documents": handed})


def _mended(service: Service, kept: Kept, doing: Doing) -> dict[str, str]:
    """What the applicant mends of her form."""
    written = {str(name): str(value) for name, value in dict(doing.data.get("form", {})).items()}
    facts = {code: Known(**one) for code, one in kept.facts.get("facts", {}).items()}
    return check_form(service, facts, kept.case.answers, {**kept.form, **written}) if written else {}
