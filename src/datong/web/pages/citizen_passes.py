"""An owner's QR for one of her homes: for one purpose and a time, shown once, revocable."""

from __future__ import annotations

from datetime import timedelta

import segno
from markupsafe import Markup
from starlette.responses import Response

from datong import share
from datong.domain.codes import read_code
from datong.domain.errors import Missing
from datong.web.pages.citizen_once import keep_once, take_once
from datong.web.visit import Visit

LASTS = {
    "30m": (timedelta(minutes=30), "30 分钟"),
    "2h": (timedelta(hours=2), "2 小时"),
    "1d": (timedelta(days=1), "1 天"),
    "3d": (timedelta(days=3), "3 天"),
    "7d": (timedelta(days=7), "7 天"),
}
"""Word of the form → how long a pass lasts, and what people read."""
FIRST = ("address_at_registration", "rental_registration", "utility_account_opening")
"""The purposes owners come for most; the others follow."""


def form(visit: Visit) -> Response:
    """What for, how long, how often."""
    return visit.page("citizen/pass_form.html", code=_code(visit), purposes=purposes(visit), lasts=LASTS)


def issue(visit: Visit) -> Response:
    """Make the pass and go on to the page that shows it once."""
    purpose = visit.choice("purpose", tuple(purposes(visit)))
    lasts, _ = LASTS[visit.choice("lasts", tuple(LASTS))]
    once = visit.choice("once", ("1", "0")) == "1"
    made = share.issue_pass(visit.session, visit.actor, share.NewPass(_code(visit), purpose, lasts, once), now=visit.now)
    return visit.go(f"/me/passes/new/{keep_once(visit, made.qr, made.pass_id)}")


def show_once(visit: Visit) -> Response:
    """The QR, the first time its page is opened; afterwards the list."""
    kept = take_once(visit, visit.sent.params["kept_id"])
    if kept is None:
        return visit.go("/me/passes", "once")
    text, pass_id = kept
    made = next(one for one in share.my_passes(visit.session, visit.actor, now=visit.now) if one.pass_id == pass_id)
    return visit.page("citizen/pass.html", made=made, picture=picture(text), typed=text.rpartition(":")[2])


def show_all(visit: Visit) -> Response:
    """Her passes with their states."""
    return visit.page("citizen/passes.html", passes=share.my_passes(visit.session, visit.actor, now=visit.now))


def revoke(visit: Visit) -> Response:
    """Take one back, at once."""
    share.revoke_pass(visit.session, visit.actor, visit.sent.params["pass_id"], now=visit.now)
    return visit.go("/me/passes", "revoked")


def purposes(visit: Visit) -> dict[str, str]:
    """The purposes for which somebody else may need her consent to use the home: code → words."""
    agreements = visit.sharing.agreements.values()
    found = {one.purpose for one in agreements if "pass" in one.keys and "applicant_citizen_id" in one.comparable}
    ordered = sorted(found, key=lambda code: (FIRST.index(code) if code in FIRST else len(FIRST), code))
    return {code: visit.purpose_words(code) for code in ordered}


def picture(text: str) -> Markup:
    """A QR as SVG that stands in the page itself; its size is the style sheet's."""
    drawn = segno.make(text, error="m", micro=False).svg_inline(border=4, omitsize=True, svgclass="qr", lineclass=None, light="#fff")
    return Markup(drawn)  # noqa: S704 - drawn here, of black and white squares


def _code(visit: Visit) -> str:
    reading = read_code(visit.sent.params["code"])
    if not reading.sound or not reading.value.startswith("H"):
        raise Missing("没有这处房屋 (there are no such premises)")
    return reading.value
