"""What an owner's pass opened while the form was being filled, kept until it is sent: the pass is good for one use, and filling the
form is a part of that use."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from datong import share
from datong.services import queries
from datong.services.known import Known, from_snapshot, snapshot
from datong.spec import Service
from datong.store import Session

LASTS = timedelta(minutes=30)


def keep_opened(
    session: Session, service: Service, applicant: str, form: Mapping[str, str], *, facts: Mapping[str, Known], now: datetime
) -> None:
    """Keep what the form's passes opened for this applicant."""
    for name, shown in _passes(form).items():
        told = {one.code: facts[one.code] for one in service.facts if one.key == name and one.code in facts}
        if not any(one.state == "verified" for one in told.values()):
            continue
        params = {"applicant": applicant, "service": service.code, "shown": _hash(shown), "until": share.moment_text(now + LASTS)}
        session.run(queries.KEEP_OPENED, {**params, "facts": json.dumps(snapshot(told), ensure_ascii=False)})


def take_opened(session: Session, service: Service, applicant: str, form: Mapping[str, str], now: datetime) -> dict[str, Known]:
    """What the form's passes opened for her while she filled it."""
    found: dict[str, Known] = {}
    for shown in _passes(form).values():
        params = {"applicant": applicant, "service": service.code, "shown": _hash(shown)}
        row = session.one(queries.OPENED, {**params, "at": share.moment_text(now)})
        if row is not None:
            found |= from_snapshot(json.loads(row[0]))
    return found


def drop_opened(session: Session, service: Service, applicant: str, form: Mapping[str, str], now: datetime) -> None:
    """The form was sent: what its passes opened is used up, and so is what nobody came back for."""
    for shown in _passes(form).values():
        params = {"applicant": applicant, "service": service.code, "shown": _hash(shown), "at": share.moment_text(now)}
        session.run(queries.DROP_OPENED, params)


def _passes(form: Mapping[str, str]) -> dict[str, str]:
    """The fields that hold a pass, told by how one begins."""
    return {name: value for name, value in form.items() if share.is_pass(value)}


def _hash(shown: str) -> str:
    return hashlib.sha256(share.read_key(shown).value.encode()).hexdigest()
