"""Applications that were begun and are gone on with later: what she wrote and handed in, for so many days, and for nobody else."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from datong import share
from datong.domain.access import Actor
from datong.domain.errors import BadValue, Missing
from datong.services import around_queries as queries
from datong.services.installed import items
from datong.services.papers import Paper, read_papers
from datong.services.parties import check_party
from datong.services.terms import terms
from datong.services.written import text_of
from datong.store import Session

MOST_FIELDS, LONGEST = 200, 4000


@dataclass(frozen=True)
class Draft:
    """An application as it was left. `until` is the last day it is kept."""

    draft_id: str
    service: str
    answers: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    documents: Mapping[str, str] = field(default_factory=dict)
    papers: Mapping[str, Paper] = field(default_factory=dict)
    changed_at: str = ""
    until: str = ""


def keep_draft(session: Session, actor: Actor, draft: Draft, *, now: datetime) -> str:
    """Keep what was written so far, and the papers; its number. Durable once the transaction is. Raises BadValue, Missing."""
    check_party(session, actor, "begin", None)
    items(session).of(draft.service)
    body = {name: dict(getattr(draft, name)) for name in ("answers", "form", "documents")}
    if sum(len(one) for one in body.values()) > MOST_FIELDS or any(len(text) > LONGEST for one in body.values() for text in one.values()):
        raise BadValue("form", "内容太长，不能保存 (too long to be kept)")
    body["papers"] = [asdict(one) for one in draft.papers.values()]  # type: ignore[assignment]
    draft_id = draft.draft_id or f"D{secrets.token_hex(8)}"
    until = share.city_day(now) + timedelta(days=terms(session).draft_days)
    params = {"id": draft_id, "owner": actor.subject, "service": draft.service, "body": text_of(body)}
    if not session.run(queries.KEEP_DRAFT, {**params, "at": share.moment_text(now), "until": until.isoformat()}):
        raise Missing("没有这份草稿 (there is no such draft)")
    return draft_id


def drafts(session: Session, actor: Actor, *, now: datetime) -> tuple[Draft, ...]:
    """A citizen's drafts, the latest first."""
    if not actor.subject:
        return ()
    params = {"owner": actor.subject, "day": share.city_day(now).isoformat()}
    return tuple(_draft(row) for row in session.all(queries.DRAFTS_OF, params))


def draft_of(session: Session, actor: Actor, draft_id: str, *, now: datetime) -> Draft:
    """One of her own drafts. Raises Missing."""
    row = session.one(queries.DRAFT, {"id": draft_id, "owner": actor.subject or "-", "day": share.city_day(now).isoformat()})
    if row is None:
        raise Missing("没有这份草稿，可能已经过期 (there is no such draft; it may have lapsed)")
    return _draft(row)


def drop_draft(session: Session, actor: Actor, draft_id: str) -> bool:
    """Throw a draft of her own away, or take it off once it was sent; false when there was none."""
    return bool(session.run(queries.DROP_DRAFT, {"id": draft_id, "owner": actor.subject or "-"}))


def drop_old_drafts(session: Session, *, now: datetime) -> int:
    """Throw away what was kept as long as it may be. How many."""
    return session.run(queries.DROP_OLD_DRAFTS, {"day": share.city_day(now).isoformat()})


def _draft(row: tuple[str, ...]) -> Draft:
    draft_id, service, text, changed_at, until = row
    body = json.loads(text)
    return Draft(
        draft_id, service, body["answers"], body["form"], body["documents"], read_papers(body.get("papers", ())), changed_at, until
    )
