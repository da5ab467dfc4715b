"""Security at a glance: what is stopped, what is out of the ordinary, what each system is admitted to; one act that closes the doors."""

from __future__ import annotations

from datetime import timedelta

from starlette.responses import Response

from datong import share
from datong.web.i18n import say
from datong.web.visit import Visit

LASTS = {"1": "1 小时", "4": "4 小时", "24": "1 天", "168": "7 天", "720": "30 天"}
SCOPES = {"system": "一个系统", "department": "一个部门", "purpose": "一个用途", "all": "全部对外接口"}
CITIZENS = "市民（本人查询）"


def show(visit: Visit) -> Response:
    """Stops, alerts with their limits, admissions; for whoever may act, the form."""
    return _page(visit)


def stop(visit: Visit) -> Response:
    """Close the doors."""
    scope = visit.choice("scope", tuple(SCOPES))
    target = "" if scope == "all" else visit.text(scope, 80)
    until = visit.now + timedelta(hours=int(visit.choice("lasts", tuple(LASTS))))
    share.stop_doors(visit.session, visit.actor, share.WantedStop(scope, target, visit.text("reason"), until), now=visit.now)
    return visit.go("/office/security", "stopped")


def lift(visit: Visit) -> Response:
    """Open them again: another person than the one who closed them."""
    share.lift_stop(visit.session, visit.actor, visit.sent.params["stop_id"], visit.text("reason"), now=visit.now)
    return visit.go("/office/security", "lifted")


def _page(visit: Visit) -> Response:
    keys = share.admitted(visit.session, visit.actor)
    citizens = ("citizen", say(visit.language, CITIZENS))
    return visit.page(
        "office/security.html",
        stops=share.stops(visit.session, visit.actor),
        keys=keys,
        alerts=share.alerts(visit.session, visit.actor) if visit.may("sharing.usage") else (),
        failed=share.failed_sign_ins(visit.session, visit.actor, now=visit.now),
        rules=share.installed(visit.session).requests,
        systems=[(one.key_id, f"{one.name} · {visit.department(one.department)}") for one in keys],
        departments=[*((code, visit.department(code)) for code in visit.sharing.departments), citizens],
        purposes=[(code, visit.purpose_words(code)) for code in visit.sharing.purposes],
        scopes=SCOPES,
        lasts_words=[(hours, say(visit.language, words)) for hours, words in LASTS.items()],
    )
