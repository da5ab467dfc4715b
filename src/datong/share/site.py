"""Premises seen on site: a grid worker's capture of a place that one department alone speaks of, as a record of her own department.

Nobody edits a register. What she saw is a record of the grid's own source, kept as sent, linked and visible at once; with it a
second department speaks of the premises, and the mark that asked her to go there settles by itself. A report of something wrong
goes back to the department whose value it is, with the record of the visit beside it: that department corrects at the source.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from datong import fuse, registers
from datong.domain.access import Actor
from datong.domain.errors import BadValue, Forbidden, Missing
from datong.registers import Case
from datong.share import queries
from datong.share.intake import TakenIn, own_capture, take_in
from datong.share.problems import Doing, answer_problems, problem
from datong.share.site_address import address_seen
from datong.spec import Source
from datong.store import Session

KINDS = ("single_source", "under_investigation")
"""Marks that a look on site answers: a place of which one department alone speaks, and a fact of premises that somebody reported."""
LONGEST = 40


@dataclass(frozen=True)
class Seen:
    """What was seen: the block of the grid it lies in, and what it is used for, in the words of the grid's own source; "" for not noted.

    `address`: of a company or a person whose address was reported as wrong, where it was found.
    """

    block: str = ""
    use: str = ""
    address: str = ""


def site_uses(session: Session, actor: Actor) -> tuple[str, ...] | None:
    """The words for uses in the source to which the actor writes what she sees on site; nothing when her post writes nothing
    down there, or her department has no such source."""
    source = own_capture(session, actor, "premises", "grid_cell")
    return _uses(source) if source else None


def see_on_site(session: Session, actor: Actor, mark_id: str, seen: Seen, *, now: datetime | None = None) -> TakenIn:
    """Write down that the premises of a mark stand where the department said, and what they are used for.

    What was reported as wrong and forwarded for a look is handed back to the department whose value it is.

    Raises Forbidden without `field.report`, Missing for a mark on none of the actor's lists or premises without a place, BadValue
    for a mark of another kind, an overlong block or a use the source does not know.
    """
    if seen.address:
        case = problem(session, actor, mark_id, now=now).problem.case
        found = address_seen(session, actor, case, seen.address, now=now)
        _hand_back(session, actor, case, found, now)
        return found
    source = own_capture(session, actor, "premises", "grid_cell")
    if source is None:
        raise Forbidden("您的岗位不能登记现场核实 (your post lacks field.report, or your department captures no premises)")
    if len(seen.block) > LONGEST:
        raise BadValue("grid_cell", "is too long", f"write at most {LONGEST} characters")
    if seen.use and seen.use not in _uses(source):
        raise BadValue("use", "is not known", f"write one of {'、'.join(_uses(source))}")
    case = problem(session, actor, mark_id, now=now).problem.case
    if case.kind not in KINDS:
        raise BadValue("mark", "does not ask for a look on site", "answer it on its page")
    tree, _ = fuse.places_of(session)
    place_id = tree.by_code.get(case.code, "")
    if not place_id:
        raise Missing("这处房屋不在房屋树上 (these premises have no place in the premises tree)")
    said = {
        "house_no_grid": f"现场核实-{case.code}",
        "division": tree.places[place_id].division,
        "address": tree.full_text(place_id),
        "use": seen.use,
        "grid_cell": seen.block,
    }
    fields = {one.field for one in source.columns}
    taken = take_in(session, actor, source.resource, [{name: value for name, value in said.items() if name in fields}], now=now)
    _hand_back(session, actor, case, taken, now)
    return taken


def _hand_back(session: Session, actor: Actor, case: Case, taken: TakenIn, now: datetime | None) -> None:
    """After the look, a report is again with the department whose value it questions; nothing when that is the actor's own."""
    mark = registers.find_mark(session, case.mark_id)
    number = mark.detail.get("dispute", "") if mark and not mark.derived else ""
    row = session.one(queries.DISPUTE, {"dispute_id": number}) if number else None
    source = row[12] if row else ""
    if source and source != actor.department:
        words = f"已到现场核实，见本部门记录（批次{taken.receipt.delivery_id}），请据此复核并更正。"
        answer_problems(session, actor, [case.mark_id], Doing("forward", words, source), now=now)


def _uses(source: Source) -> tuple[str, ...]:
    column = next((one for one in source.columns if one.field == "use"), None)
    return tuple(source.codes.get(column.list, {})) if column else ()
