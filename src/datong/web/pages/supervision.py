"""Supervision data in one place: what was done about a business, by its code or name; the own area's; what is covered."""

from __future__ import annotations

from starlette.responses import Response

from datong import share
from datong.domain.access import Answer
from datong.domain.errors import BadValue
from datong.share import supervision
from datong.web import sign_ins
from datong.web.i18n import say
from datong.web.visit import Visit

WRONG_KEY = "请填写统一社会信用代码或企业全称"


def show(visit: Visit) -> Response:
    """The form, and the businesses of her own area that something was done about."""
    kind = visit.sent.query.get("kind", "")
    kinds = _kinds(visit)
    answer = supervision.supervised_here(
        visit.session, visit.actor, kind if kind in kinds else "", visit.sent.query.get("cursor", "")[:200], now=visit.now
    )
    return _page(visit, kind=kind, listed=answer)


def search(visit: Visit) -> Response:
    """Keep what was typed and go on to an address that does not show it."""
    typed = visit.text("key", 100)
    if share.read_key(typed).type not in supervision.KEYS:
        raise BadValue("key", say(visit.language, WRONG_KEY))
    assert visit.sign_in is not None
    return visit.go(f"/office/supervision/{sign_ins.keep_lookup(visit.session, visit.sign_in.token_hash, {'text': typed}, visit.now)}")


def found(visit: Visit) -> Response:
    """What was done about the business that was typed."""
    assert visit.sign_in is not None
    kept = sign_ins.lookup(visit.session, visit.sign_in.token_hash, visit.sent.params["lookup_id"], "text")
    return _page(visit, answer=supervision.supervised(visit.session, visit.actor, kept["text"], now=visit.now))


def of_one(visit: Visit) -> Response:
    """What was done about one business, by its permanent code."""
    return _page(visit, answer=supervision.supervised(visit.session, visit.actor, visit.sent.params["code"], now=visit.now))


def coverage(visit: Visit) -> Response:
    """Which supervision items have data, by department."""
    return visit.page("office/supervision_coverage.html", covered=supervision.coverage(visit.session), kinds=_words(visit))


def _kinds(visit: Visit) -> tuple[str, ...]:
    return tuple(code for code, one in share.installed(visit.session).events.items() if one.supervision)


def _words(visit: Visit) -> dict[str, str]:
    return {code: one.title[visit.language != "zh"] for code, one in share.installed(visit.session).events.items()}


def _page(visit: Visit, answer: Answer | None = None, listed: Answer | None = None, kind: str = "") -> Response:
    kinds, words = share.installed(visit.session).events, _words(visit)
    return visit.page(
        "office/supervision.html",
        answer=answer,
        listed=listed,
        kind=kind,
        chosen=[(code, words[code]) for code in _kinds(visit)],
        kinds=words,
        results={code: {word: text[visit.language != "zh"] for word, text in (one.results or {}).items()} for code, one in kinds.items()},
        by_kind=supervision.by_kind,
    )
