"""Figures of quality with how each was counted, samples for field checks, and the list of those who go and look."""

from __future__ import annotations

import secrets
from urllib.parse import quote

from starlette.responses import Response

from datong import share
from datong.domain.access import Answer, Reason
from datong.domain.errors import BadValue
from datong.web import sign_ins
from datong.web.i18n import say
from datong.web.visit import Visit

MEASURES = tuple(share.MEASURES)
DIGITS = ("0", "6", "9")
KEYS = ("citizen_id", "credit_code", "code")
WRONG_KEY = "请输入公民身份号码或统一社会信用代码。"
NUMBER = "请填写数字。"
SHOWN_CHANGES = 50


def show(visit: Visit) -> Response:
    """Every figure, with its denominator."""
    found = share.quality(visit.session, visit.actor, now=visit.now)
    return visit.page("office/quality.html", found=found, digits=DIGITS, measures=MEASURES)


def commit(visit: Visit) -> Response:
    """Commit to a random seed before a sample is drawn."""
    size = visit.text("size", 5)
    if not size.isdigit():
        raise BadValue("size", say(visit.language, NUMBER))
    measure, digits = visit.choice("measure", MEASURES), int(visit.choice("digits", DIGITS))
    division, seed = visit.optional("division", 12), secrets.token_hex(16)
    share.commit_sample(visit.session, visit.actor, measure, int(size), seed=seed, division=division, digits=digits, now=visit.now)
    return visit.go("/office/quality", "committed")


def draw(visit: Visit) -> Response:
    """Draw the sample that was committed to."""
    share.draw_sample(visit.session, visit.actor, visit.sent.params["sample_id"], now=visit.now)
    return visit.go("/office/quality", "drawn")


def checks(visit: Visit) -> Response:
    """What is to be looked at in her own divisions."""
    return visit.page("office/checks.html", found=share.open_checks(visit.session, visit.actor, now=visit.now), results=share.RESULTS)


def enter(visit: Visit) -> Response:
    """What was found at the door."""
    number = visit.sent.params["number"]
    place = (visit.sent.params["sample_id"], int(number) if number.isdigit() else 0)
    result = visit.choice("result", share.RESULTS)
    share.record_check(visit.session, visit.actor, place, result, visit.optional("found", 300), now=visit.now)
    return visit.go("/office/checks", "entered")


def changes(visit: Visit) -> Response:
    """What settled just now, out of daily service: codes and what happened, no content."""
    asked = visit.sent.query.get("since", "")
    since = int(asked) if asked.isdigit() and len(asked) < 15 else max(0, share.newest_change(visit.session) - SHOWN_CHANGES)
    found, after = share.changes(visit.session, visit.actor, since, SHOWN_CHANGES, now=visit.now)
    return visit.page("office/changes.html", found=found, since=since, after=after)


def index(visit: Visit) -> Response:
    """The index: one number, one reason."""
    return _index(visit)


def ask_index(visit: Visit) -> Response:
    """Keep what was typed and go on to an address that does not show it."""
    key = share.read_key(visit.text("key", 100))
    if key.type not in KEYS:
        raise BadValue("key", say(visit.language, WRONG_KEY))
    assert visit.sign_in is not None
    body = {"text": key.value, "reason": visit.text("reason", 200)}
    return visit.go(f"/office/index/{sign_ins.keep_lookup(visit.session, visit.sign_in.token_hash, body, visit.now)}")


def in_index(visit: Visit) -> Response:
    """Which departments know of a person or an organisation, and how fresh it is."""
    assert visit.sign_in is not None
    kept = sign_ins.lookup(visit.session, visit.sign_in.token_hash, visit.sent.params["lookup_id"], "text", "reason")
    key = share.read_key(kept["text"])
    answer, known = share.who_knows(visit.session, visit.actor, key, Reason("case", text=kept["reason"]), now=visit.now)
    return _index(visit, answer, known)


def _index(visit: Visit, answer: Answer | None = None, known: tuple[share.Known, ...] = ()) -> Response:
    return visit.page("office/index.html", answer=answer, known=known)


def registrations(visit: Visit) -> Response:
    """Every registration at premises, with what may be done about each."""
    reason = Reason("case", text=visit.working_reason) if visit.working_reason else Reason("none")
    code = visit.sent.params["code"]
    answer, found = share.registrations(visit.session, visit.actor, visit.purpose, code, reason, now=visit.now)
    return visit.page("office/registrations.html", answer=answer, found=found, code=code)


def complain(visit: Visit) -> Response:
    """Send registrations at premises to the department answerable."""
    code = visit.sent.params["code"]
    chosen = visit.sent.lists.get("organisation", ())
    share.complain(visit.session, visit.actor, code, chosen, visit.text("what", 500), now=visit.now)
    return visit.go(f"/office/subject/{quote(code)}/registrations", "complained")
