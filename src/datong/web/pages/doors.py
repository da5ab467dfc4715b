"""Many at once, for people: a list checked in one go, extracts asked for, approved and taken; and who is told of changes."""

from __future__ import annotations

from starlette.responses import Response

from datong import share
from datong.domain.access import Ground, Register
from datong.domain.errors import BadValue
from datong.web.i18n import say
from datong.web.labels import OUTCOMES
from datong.web.pages.find import working_reason
from datong.web.visit import FIELD_ERRORS, Visit

REGISTERS: tuple[Register, ...] = ("premises", "person", "organisation")
WORDS = {code: zh for code, (zh, _) in OUTCOMES.items()}


def batch(visit: Visit) -> Response:
    """Where a list is given in."""
    return visit.page("office/batch.html", registers=_registers(visit, "verify"))


def check_batch(visit: Visit) -> Response:
    """Check every row of the list; the outcomes come as a file, and nothing is kept but the ledger lines."""
    register: Register = visit.choice("register", REGISTERS)  # type: ignore[assignment]
    upload = visit.upload("file")
    if upload is None:
        raise BadValue("file", say(visit.language, FIELD_ERRORS[0]))
    rows = share.doors.read_checks(upload.content, upload.name, register)
    asked = share.doors.BatchAsked(visit.purpose, register, working_reason(visit))
    found = share.doors.check_many(visit.session, visit.actor, asked, rows, now=visit.now)
    headers = {"Content-Disposition": f'attachment; filename="outcomes-{visit.at[:10]}.csv"'}
    return Response(share.doors.outcome_sheet(found, WORDS), media_type="text/csv; charset=utf-8", headers=headers)


def extracts(visit: Visit) -> Response:
    """Your extracts, and the form to ask for one."""
    found = share.doors.extracts(visit.session, visit.actor, now=visit.now)
    return visit.page("office/extracts.html", found=found, registers=_registers(visit, "extract"), grounds=())


def ask_extract(visit: Visit) -> Response:
    """Ask for an extract under the purpose chosen."""
    register: Register = visit.choice("register", REGISTERS)  # type: ignore[assignment]
    where = (("division", division),) if (division := visit.optional("division", 12)) else ()
    form = visit.choice("form", tuple(share.doors.FORMS))
    wanted = share.doors.WantedExtract(visit.purpose, register, (), where, visit.text("reason", 300), form)
    asked = share.doors.ask_extract(visit.session, visit.actor, wanted, now=visit.now)
    return visit.go("/office/extracts", "extract-asked") if asked.extract else _refused(visit, asked.grounds)


def take_extract(visit: Visit) -> Response:
    """One copy of an approved extract."""
    taken = share.doors.take_extract(visit.session, visit.actor, visit.sent.params["extract_id"], now=visit.now)
    if taken.grounds:
        return _refused(visit, taken.grounds)
    headers = {"Content-Disposition": f'attachment; filename="{taken.name}"', "Cache-Control": "no-store"}
    return Response(taken.content, media_type=taken.media_type, headers=headers)


def approvals(visit: Visit) -> Response:
    """The extracts that wait for a decision."""
    found = share.doors.extracts(visit.session, visit.actor, waiting=True, now=visit.now)
    return visit.page("office/approvals.html", found=found)


def decide(visit: Visit) -> Response:
    """Approve or refuse one."""
    approved = visit.choice("decision", ("approve", "refuse")) == "approve"
    extract_id = visit.sent.params["extract_id"]
    share.doors.decide_extract(visit.session, visit.actor, extract_id, approved, visit.optional("said", 300), now=visit.now)
    return visit.go("/office/approvals", "decided")


def subscriptions(visit: Visit) -> Response:
    """Which systems are told of changes, how far each has come, and what could not be told."""
    found = share.doors.subscriptions(visit.session, visit.actor)
    letters = share.doors.dead_letters(visit.session, visit.actor)
    return visit.page("office/subscriptions.html", found=found, letters=letters, newest=share.newest_change(visit.session))


def settle_letter(visit: Visit) -> Response:
    """Send a dead letter again, or pass it over."""
    act = visit.choice("act", ("retry", "drop"))
    share.doors.settle_letter(visit.session, visit.actor, visit.sent.params["letter_id"], act, now=visit.now)
    return visit.go("/office/subscriptions", "decided")


def _registers(visit: Visit, operation: str) -> list[Register]:
    """The registers that the chosen purpose opens to her for this."""
    found = share.entitlements(visit.session, visit.actor, visit.purpose, now=visit.now)
    opened = {one.register for one in found if one.state == "in_force" and operation in one.operations}
    return [one for one in REGISTERS if one in opened]


def _refused(visit: Visit, grounds: tuple[Ground, ...]) -> Response:
    found = share.doors.extracts(visit.session, visit.actor, now=visit.now)
    return visit.page("office/extracts.html", found=found, registers=_registers(visit, "extract"), grounds=grounds)
