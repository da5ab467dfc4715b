"""From a department's proposal to data everybody may have, and back: proposed → signed → opened | returned; opened → withdrawn.

Who proposes, who signs for the department and who reviews for the authority are three people. The reviewed decision is an agreement with
the public as party: the department signs for what it provides, the authority for the public; reading goes under it as any reading does.
"""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from datong.domain.access import Actor
from datong.domain.errors import BadValue, Busy, Forbidden
from datong.share.agreement import PUBLIC
from datong.share.catalogue import Fault, Resource, published_resource, rules_of
from datong.share.catalogue.store_item import EDIT, PUBLISH, SIGN, must, must_be_authority, write_line
from datong.share.installed import installed, look_again, moment
from datong.share.notices import Message, next_serial, notify
from datong.share.open_data import queries
from datong.share.open_data.check import Wanted, judge_opening
from datong.share.open_data.copy import Draft, Made, drafted, make_version, newest_data, publish
from datong.share.open_data.dataset import PURPOSE, Dataset, find_dataset
from datong.share.open_data.rules import LICENCE_OF, open_rules
from datong.share.requests import queries as agreement_queries
from datong.share.requests.stored import changed
from datong.share.requests.terms import digest_of, read_terms, terms_text
from datong.share.workdays import moment_text
from datong.store import Session, Store

SHORTEST, LONGEST = 5, 500
_log = logging.getLogger("datong.share")


def propose_opening(
    session: Session, actor: Actor, wanted: Wanted, *, now: datetime | None = None
) -> tuple[Dataset | None, tuple[Fault, ...]]:
    """Propose to open something of one's own department: the dataset, or every fault by name. Raises Forbidden."""
    item, parts = published_resource(session, wanted.resource), installed(session)
    must(session, actor, EDIT, item.department if item else "")
    faults = judge_opening(wanted, item, parts.packs.sources.get(wanted.resource))
    if not faults and session.one(queries.STANDING, {"resource": wanted.resource, "title": wanted.title.strip()}):
        faults = (Fault("title", "已有同名的开放数据集", "改题名，或撤回原有的"),)
    if faults or item is None:
        return None, faults
    at = moment_text(moment(now))
    code = f"O{at[:4]}-{next_serial(session, f'open_dataset:{at[:4]}'):04d}"
    made = Dataset(
        code, wanted.resource, item.department, wanted.title.strip(), wanted.title_en.strip(), wanted.summary.strip(), wanted.shape,
        wanted.register, tuple(dict.fromkeys(wanted.fields)), LICENCE_OF[item.opened], item.opened_condition, item.cycle, "proposed", "", 0,
        actor.id, at, "", "", "",
    )  # fmt: skip
    words = "\n".join((code, made.title, made.title_en, made.summary, *parts.sharing.department_words(made.department))).lower()
    values = {name: getattr(made, name) for name in queries.COLUMNS} | {"fields": json.dumps(made.fields), "search": words}
    session.run(queries.ADD, values)
    _add_agreement(session, actor, made, item, at)
    return made, ()


def _add_agreement(session: Session, actor: Actor, made: Dataset, item: Resource, at: str) -> None:
    rules, parts = open_rules(session), installed(session)
    terms: dict[str, Any] = {
        "title": {"zh": f"向公众开放：{made.title}", "en": f"Opened to the public: {made.title_en}"},
        "requesting": [PUBLIC],
        "providing": [made.department],
        "purpose": PURPOSE,
        "basis": "、".join(f"{one.act}{one.article}" for one in item.bases) or "《政务数据共享条例》",
        "register": made.register,
        "operations": ["extract"],
        "rows": {"jurisdiction": "city"},
        "fields": dict.fromkeys(made.fields, "plain"),
        "systems": True,
        "quota": {"per_day": 10_000_000, "per_minute": 100_000, "per_call": 1000},
        "valid_from": at[:10],
        "valid_to": (datetime.fromisoformat(at).date() + timedelta(days=365 * rules.valid_years)).isoformat(),
    }
    read_terms(made.code, terms, parts.packs, parts.packed)
    params = {"code": made.code, "terms": terms_text(terms), "request_id": "", "why": made.summary, "by": actor.id, "at": at}
    session.one(agreement_queries.ADD_VERSION, params)
    write_line(session, actor, "opening_proposed", _body(made) | {"terms": digest_of(terms)}, at)


def _body(made: Dataset) -> dict[str, object]:
    return {"dataset": made.code, "resource": made.resource}


def sign_opening(session: Session, actor: Actor, code: str, *, now: datetime | None = None) -> Dataset:
    """The department's responsible person signs what a colleague proposed. Raises Forbidden, BadValue, Busy."""
    found = _at(session, code, ("proposed",))
    must(session, actor, SIGN)
    if actor.department != found.department:
        raise Forbidden("由提供部门的负责人签批 (the providing department's responsible person signs)")
    if actor.id == found.proposed_by:
        raise Forbidden("提出人不能签批 (who proposed it cannot sign it)")
    at = moment_text(moment(now))
    session.run(agreement_queries.SIGN_PROVIDING, {"code": code, "version": 1, "by": actor.id, "at": at})
    _move(session, replace(found, state="signed", signed_by=actor.id), found.state)
    write_line(session, actor, "opening_signed", _body(found), at)
    return find_dataset(session, code)


def open_to_public(session: Session, actor: Actor, code: str, *, now: datetime | None = None) -> Made:
    """The authority reviews and opens: the agreement comes into force, the first version is read under it and published.

    What speaks against it now (the catalogue has changed, a count is small) is returned by name, and nothing is opened.
    """
    must_be_authority(session, actor, PUBLISH)
    found = _at(session, code, ("signed",))
    if actor.id in (found.proposed_by, found.signed_by):
        raise Forbidden("须由其他人审核 (somebody else must review it)")
    wanted = Wanted(found.resource, found.title, found.title_en, found.summary, found.shape, found.register, found.fields)
    parts, at = installed(session), moment_text(moment(now))
    if faults := judge_opening(wanted, published_resource(session, found.resource), parts.packs.sources.get(found.resource)):
        return Made(0, 0, "", faults)
    _in_force(session, actor, code, at)
    made = make_version(session, found, now=now)
    if made.faults:
        session.run(agreement_queries.WAIT_AGAIN, {"code": code})
        _follow(session)
        return made
    _move(session, replace(found, state="opened", opened_at=at), found.state)
    _published(session, actor, "opened", found, made, at=at)
    _tell(session, found, ("已向公众开放", "is open to the public"), at)
    return made


def _in_force(session: Session, actor: Actor, code: str, at: str) -> None:
    session.run(agreement_queries.SIGN_REQUESTING, {"code": code, "version": 1, "by": actor.id, "at": at})
    session.run(agreement_queries.GO_LIVE, {"code": code, "version": 1, "at": at})
    _follow(session)


def _follow(session: Session) -> None:
    changed(session)
    look_again(session)


def return_opening(session: Session, actor: Actor, code: str, why: str, *, now: datetime | None = None) -> Dataset:
    """The authority gives a proposal back, with what is wrong. Raises Forbidden, BadValue."""
    must_be_authority(session, actor, PUBLISH)
    found, at = _at(session, code, ("proposed", "signed")), moment_text(moment(now))
    _must_say(why)
    session.run(agreement_queries.DECLINE_PROPOSED, {"code": code})
    _move(session, replace(found, state="returned", why=why.strip()), found.state)
    write_line(session, actor, "opening_returned", _body(found), at)
    _tell(session, found, (f"被退回：{why.strip()}", f"was returned: {why.strip()}"), at)
    return find_dataset(session, code)


def withdraw_opening(session: Session, actor: Actor, code: str, why: str, *, now: datetime | None = None) -> Dataset:
    """Withdraw what was opened, for a reason that the page keeps showing: the department's responsible person, or the authority."""
    found, at = _at(session, code, ("opened",)), moment_text(moment(now))
    if actor.department == rules_of(session).authority:
        must(session, actor, PUBLISH)
    else:
        must(session, actor, SIGN, found.department)
    _must_say(why)
    params = {"code": code, "state": "terminated", "since": at, "clock": "", "due": ""}
    session.run(agreement_queries.ADD_HOLD, params)
    _follow(session)
    _move(session, replace(found, state="withdrawn", why=why.strip(), withdrawn_at=at), found.state)
    write_line(session, actor, "opening_withdrawn", _body(found), at)
    _tell(session, found, (f"已撤回：{why.strip()}", f"was withdrawn: {why.strip()}"), at)
    return find_dataset(session, code)


def renew_openings(store: Store, *, now: datetime | None = None) -> int:
    """A new version of each dataset whose resource stands in the registers with newer data than its last one, or whose department asked
    for it; how many.

    Rows are read and written without holding the store; a short transaction at the end publishes the version with the ledger's line. A
    version that would show a small count is not made; its department is told once for each delivery. What the public may not have just
    now (an emergency stop) waits.
    """
    renewed = 0
    with store.session(read_only=True) as session:
        waiting = waiting_renewals(session)
    for dataset, newest in waiting:
        try:
            with drafted(store, dataset, now=now) as draft, store.session() as session:
                renewed += _renew(session, draft, newest, now)
        except Forbidden as refused:
            _log.warning("open dataset %s waits to be renewed: %s", dataset.code, refused.message)
    return renewed


def _renew(session: Session, draft: Draft, newest: str, now: datetime | None) -> bool:
    dataset, at = draft.dataset, moment_text(moment(now))
    if find_dataset(session, dataset.code).state != "opened":
        return False
    made = publish(session, draft, now=now)
    if made.faults:
        session.run(queries.NOTE_STUCK, {"code": dataset.code, "why": f"stuck:{newest}"})
        _tell(session, dataset, (f"不能更新：{made.faults[0]}", f"could not be renewed: {made.faults[0].field}"), at)
        return False
    _published(session, Actor("worker", "", "system"), "opening_renewed", dataset, made, at=at)
    return True


def waiting_renewals(session: Session) -> list[tuple[Dataset, str]]:
    """The opened datasets whose resource has newer data in the registers than their newest version, or whose department asked for the
    next one, with the day of that data."""
    found = []
    for code, as_of, newest in session.all(queries.BEHIND):
        dataset = find_dataset(session, code)
        live = installed(session).sharing.agreements.get(code)
        wanted = dataset.asked or newest_data(session, dataset.resource) > as_of
        if live is not None and live.state == "live" and wanted:
            found.append((dataset, str(newest or "")))
    return found


def ask_renewal(session: Session, actor: Actor, code: str, *, now: datetime | None = None) -> Dataset:
    """The department's steward asks for the next version at once: the worker makes it, and tells when it cannot. Raises Forbidden,
    BadValue."""
    found = _at(session, code, ("opened",))
    must(session, actor, EDIT, found.department)
    session.run(queries.ASK_RENEWAL, {"code": code})
    write_line(session, actor, "opening_renewal_asked", _body(found), moment_text(moment(now)))
    return find_dataset(session, code)


def _published(session: Session, actor: Actor, act: str, dataset: Dataset, made: Made, *, at: str) -> None:
    """The ledger's line of a version: how many rows, and the hash of its file."""
    write_line(session, actor, act, _body(dataset) | {"version": made.version, "rows": made.rows, "sha256": made.sha256}, at)


def _at(session: Session, code: str, states: tuple[str, ...]) -> Dataset:
    found = find_dataset(session, code)
    if found.state not in states:
        raise BadValue("act", "当前状态不能办理此项 (not in this state)")
    return found


def _move(session: Session, after: Dataset, before: str) -> None:
    names = ("code", "state", "why", "signed_by", "opened_at", "withdrawn_at")
    if session.run(queries.MOVE, {name: getattr(after, name) for name in names} | {"before": before}) != 1:
        raise Busy("有人正在办理 (somebody else is acting on it)")


def _must_say(why: str) -> None:
    if not SHORTEST <= len(why.strip()) <= LONGEST:
        raise BadValue("why", "请写明理由，5 到 500 字 (say why, in 5 to 500 characters)")


def _tell(session: Session, dataset: Dataset, what: tuple[str, str], at: str) -> None:
    said = (f"开放数据集“{dataset.title}”（{dataset.code}）{what[0]}。", f"The open dataset {dataset.code} {what[1]}.")
    notify(session, f"department:{dataset.department}", Message("open_data", ("开放数据", "Open data"), said), at)
