"""An address looked at on site: a grid worker went there, and says where the company or the person really is, as a record of her own
department.

As with premises, nobody edits a register: her record stands beside the others, and the report goes back to the department whose value it
questions, which corrects at its source.
"""

from __future__ import annotations

from datetime import datetime

from datong.domain.access import Actor
from datong.domain.codes import kind_of
from datong.domain.errors import BadValue, Forbidden, Missing
from datong.registers import Case
from datong.share.installed import moment
from datong.share.intake import TakenIn, own_capture, take_in
from datong.share.subjects import read_subject
from datong.share.workdays import city_day
from datong.spec import Source
from datong.store import Session

ADDRESSES = {"organisation": ("registered_address", "operating_address"), "person": ("address",)}
"""Kind → the fields that a look on site answers: where a company is registered or works, where a person lives."""
CAPTURED = {"organisation": "operating_address", "person": "address"}
"""Kind → the field by which a department's own source of such captures is known."""
LONGEST = 200


def captures_addresses(session: Session, actor: Actor, case: Case) -> bool:
    """Whether a case questions an address, and the actor's post writes down where such companies or people really are."""
    return case.kind == "under_investigation" and _asks(case) and _source(session, actor, case) is not None


def _asks(case: Case) -> bool:
    return case.field in ADDRESSES.get(kind_of(case.code), ())


def _source(session: Session, actor: Actor, case: Case) -> Source | None:
    kind = kind_of(case.code)
    return own_capture(session, actor, kind, CAPTURED[kind]) if kind in CAPTURED else None


def address_seen(session: Session, actor: Actor, case: Case, address: str, *, now: datetime | None = None) -> TakenIn:
    """Write down where the company or the person of a report was found. Raises Forbidden, Missing, BadValue.

    Who it is, the record takes from the register as the department's own visits say it; she sees none of it here.
    """
    source = _source(session, actor, case)
    if source is None:
        raise Forbidden("您的岗位不能登记现场核实 (your post lacks field.report, or your department captures no such addresses)")
    if not _asks(case):
        raise BadValue("mark", "does not ask for a look on site", "answer it on its page")
    if not address.strip() or len(address) > LONGEST:
        raise BadValue("address", "is missing or too long", f"write where it was found, in {LONGEST} characters")
    subject = read_subject(session, case.code)
    if subject is None:
        raise Missing("没有这个单位或个人 (there is no such subject)")
    day = city_day(moment(now)).isoformat()
    number = f"现场核实-{case.code}-{day}"
    said = {"record_no": number, "visit_no": number, "address": address.strip(), "collected_on": day, "visited_on": day}
    said |= {name: subject.get(name) for name in ("org_name", "credit_code", "name", "citizen_id")}
    columns = {one.field for one in source.columns}
    return take_in(session, actor, source.resource, [{name: value for name, value in said.items() if name in columns and value}], now=now)
