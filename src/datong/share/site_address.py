"""A company's address looked at on site: a grid worker went there, and says where the company really is, as a record of her own department.

As with premises, nobody edits a register: her record stands beside the others, and the report goes back to the department whose value it
questions, which corrects at its source.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from datong.domain.access import Actor
from datong.domain.errors import BadValue, Forbidden, Missing
from datong.registers import Case
from datong.share.installed import moment
from datong.share.intake import TakenIn, own_capture, take_in
from datong.share.subjects import read_subject
from datong.share.workdays import city_day
from datong.store import Session

ADDRESSES = ("registered_address", "operating_address")
LONGEST = 200


def captures_addresses(session: Session, actor: Actor, case: Case) -> bool:
    """Whether a case questions a company's address, and the actor's post writes down where companies really are."""
    return (
        case.kind == "under_investigation"
        and case.field in ADDRESSES
        and own_capture(session, actor, "organisation", "operating_address") is not None
    )


def address_seen(session: Session, actor: Actor, case: Case, address: str, *, now: datetime | None = None) -> TakenIn:
    """Write down where the company of a report was found. Raises Forbidden, Missing, BadValue."""
    source = own_capture(session, actor, "organisation", "operating_address")
    if source is None:
        raise Forbidden("您的岗位不能登记现场核实 (your post lacks field.report, or your department captures no companies)")
    if case.field not in ADDRESSES:
        raise BadValue("mark", "does not ask for a look on site", "answer it on its page")
    if not address.strip() or len(address) > LONGEST:
        raise BadValue("address", "is missing or too long", f"write where the company is, in {LONGEST} characters")
    firm = read_subject(session, case.code)
    if firm is None:
        raise Missing("没有这个单位 (there is no such company)")
    day = city_day(moment(now)).isoformat()
    said: Mapping[str, str] = {
        "record_no": f"现场核实-{case.code}-{day}",
        "org_name": firm.get("org_name"),
        "credit_code": firm.get("credit_code"),
        "address": address.strip(),
        "collected_on": day,
    }
    columns = {one.field for one in source.columns}
    return take_in(session, actor, source.resource, [{name: value for name, value in said.items() if name in columns and value}], now=now)
