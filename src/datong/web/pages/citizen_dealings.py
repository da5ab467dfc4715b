"""All dealings of a person on one page: cases, licences and who used them, reports, consents; hers and those of whom she answers for."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from datong import licences, services, share
from datong.web import case_words
from datong.web.i18n import say
from datong.web.visit import Visit

CASE, LICENCE, USE, REPORT, CONSENT = "办件", "证照", "证照使用", "纠错", "授权"
KINDS = {"case": CASE, "licence": LICENCE, "use": USE, "report": REPORT, "consent": CONSENT}
OF_FIRM = "您代表的企业或家人"
MOST = 200


def show(visit: Visit) -> Response:
    """Everything, the latest first; or one kind of it."""
    kind = visit.sent.query.get("kind", "")
    kind = kind if kind in KINDS else ""
    found = [*_cases(visit), *_licences(visit), *_uses(visit), *_reports(visit), *_consents(visit)]
    found.sort(key=lambda one: str(one["at"]), reverse=True)
    counts = {code: sum(one["kind"] == code for one in found) for code in KINDS}
    shown = [one for one in found if not kind or one["kind"] == kind][:MOST]
    return visit.page("citizen/dealings.html", found=shown, kinds=KINDS, kind=kind, counts=counts)


def _one(visit: Visit, kind: str, at: str, title: str, text: str, *, href: str) -> dict[str, Any]:
    return {"kind": kind, "word": say(visit.language, KINDS[kind]), "at": at, "title": title, "text": text, "href": href}


def _cases(visit: Visit) -> list[dict[str, Any]]:
    found = []
    for one in services.dealings(visit.session, visit.actor, now=visit.now):
        whose = "" if one.own else f" · {say(visit.language, OF_FIRM)}"
        text = f"{one.case_id} · {_pick(visit, case_words.state_words(one.state))}{whose}"
        href = f"/me/cases/{one.case_id}" if one.opens else ""
        found.append(_one(visit, "case", one.changed_at, _pick(visit, one.service.title), text, href=href))
    return found


def _licences(visit: Visit) -> list[dict[str, Any]]:
    kinds, found = licences.types(visit.session), []
    for one in licences.of_holder(visit.session, visit.actor, now=visit.now):
        if one.type in kinds:
            title, href = _kind(visit, kinds[one.type]), f"/me/licences/{one.licence_id}"
            found.append(_one(visit, "licence", one.issued_at, title, visit.department(one.department), href=href))
    return found


def _uses(visit: Visit) -> list[dict[str, Any]]:
    return [
        _one(visit, "use", one.at, visit.department(one.department) or say(visit.language, USE), one.purpose, href="/me/licences/uses")
        for one in licences.uses(visit.session, visit.actor, now=visit.now, limit=MOST)
    ]


def _reports(visit: Visit) -> list[dict[str, Any]]:
    return [
        _one(visit, "report", one.raised_at, one.dispute_id, say(visit.language, REPORT), href=f"/me/reports/{one.dispute_id}")
        for one in share.my_disputes(visit.session, visit.actor, now=visit.now)
    ]


def _consents(visit: Visit) -> list[dict[str, Any]]:
    return [
        _one(visit, "consent", one.given_at, visit.purpose_words(one.purpose), visit.department(one.department), href="/me/consents")
        for one in share.my_consents(visit.session, visit.actor, now=visit.now)
    ]


def _kind(visit: Visit, kind: Any) -> str:
    return str(kind.title_zh if visit.language == "zh" else kind.title_en)


def _pick(visit: Visit, words: Any) -> str:
    return str(words.zh if visit.language == "zh" else words.en)
