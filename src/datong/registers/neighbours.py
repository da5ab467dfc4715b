"""The rules that look at a subject's neighbours: an organisation with its premises and their owners, premises with those registered there.

They read the registers just written, some hundred subjects at a time, and give the same marks however the subjects are cut.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from datong.registers import queries
from datong.registers.body import read_signs, winner
from datong.registers.fold import Weights
from datong.registers.kinds import MarkKind
from datong.registers.rules import Finding, Proof, mark_row
from datong.store import Session, in_chunks, marks

Tie = tuple[str, str, str, str, str]
"""The other end's code, as_of, resource, record, type."""
GONE = frozenset(("cancelled", "revoked", "merged"))
"""States of an organisation that is registered no more."""
STATE = "registers.month"


@dataclass
class Firm:
    """An organisation with what its neighbours say."""

    code: str
    status: str
    org_type: str
    founded_on: str
    signs: dict[str, str]
    seats: list[Tie] = field(default_factory=list)
    works: list[Tie] = field(default_factory=list)
    heads: set[str] = field(default_factory=set)
    """Its legal representatives."""
    owners: dict[str, set[str]] = field(default_factory=dict)
    """Seat → its owners; a seat whose owners nobody knows is not there."""
    users: dict[str, set[str]] = field(default_factory=dict)
    """Seat → those who rent it by a filed lease."""
    family: set[str] = field(default_factory=set)
    """Spouses of its legal representatives."""


@dataclass
class Door:
    """Premises with the active organisations registered there."""

    code: str
    registered: list[Tie] = field(default_factory=list)


FirmRule = Callable[[Firm, MarkKind, str], Iterable[Finding]]
DoorRule = Callable[[Door, MarkKind], Iterable[Finding]]


def silent(firm: Firm, kind: MarkKind, month: str) -> Iterator[Finding]:
    """Registered as active, and no sign of work for so many months."""
    limit = months_before(month, kind.months)
    if firm.status != "active" or (kind.words and firm.org_type not in kind.words) or firm.founded_on[:7] > limit:
        return
    last = max(firm.signs.values(), default="")
    if last <= limit:
        proofs = tuple(Proof(as_of, resource, record, "registered") for _, as_of, resource, record, _ in firm.seats)
        yield Finding("status", f"silent since {last}", proofs, f"{month}-01")


def address_differs(firm: Firm, kind: MarkKind, month: str) -> Iterator[Finding]:
    """It is registered at one door and works at another."""
    seats, works = {tie[0] for tie in firm.seats}, {tie[0] for tie in firm.works}
    if firm.status not in GONE and seats and works and not seats & works:
        says = ",".join(sorted(seats)) + ">" + ",".join(sorted(works))
        proofs = tuple(Proof(as_of, resource, record, kind_of) for _, as_of, resource, record, kind_of in (*firm.seats, *firm.works))
        yield Finding("registered_address", says, proofs)


def owner_not_registrant(firm: Firm, kind: MarkKind, month: str) -> Iterator[Finding]:
    """Its seat belongs neither to it nor to its legal representative or the spouse, and no lease to them is filed."""
    own = {firm.code} | firm.heads | firm.family
    for seat in sorted({tie[0] for tie in firm.seats}):
        owners = firm.owners.get(seat)
        if firm.status not in GONE and owners and not own & (owners | firm.users.get(seat, set())):
            proofs = tuple(Proof(day, resource, record, "not_owner") for door, day, resource, record, _ in firm.seats if door == seat)
            yield Finding(f"link:registered_at:{seat}", ",".join(sorted(owners | own)), proofs)


def many_registrants(door: Door, kind: MarkKind) -> Iterator[Finding]:
    """So many organisations are registered at one door."""
    if len({tie[0] for tie in door.registered}) >= kind.number:
        proofs = tuple(Proof(as_of, resource, record, "registered") for _, as_of, resource, record, _ in door.registered)
        yield Finding("address", "many", proofs)


FIRM_RULES: Mapping[str, FirmRule] = {
    "silent": silent,
    "address_differs": address_differs,
    "owner_not_registrant": owner_not_registrant,
}
DOOR_RULES: Mapping[str, DoorRule] = {"many_registrants": many_registrants}


def months_before(month: str, number: int) -> str:
    """The month so many months before, both YYYY-MM."""
    if not month:
        return ""
    count = int(month[:4]) * 12 + int(month[5:7]) - 1 - number
    return f"{count // 12:04}-{count % 12 + 1:02}"


def neighbour_marks(session: Session, weights: Weights, codes: Iterable[str], month: str) -> Iterator[tuple[Any, ...]]:
    """The rows of every mark these subjects' neighbours give rise to. `month` is the registers' own: the newest record's."""
    wanted = set(codes)
    for chunk in in_chunks({code for code in wanted if code[0] == "O"}):
        for firm in _firms(session, chunk, month):
            for kind in weights.kinds.values():
                if kind.rule in FIRM_RULES and kind.looks_at("organisation"):
                    yield from (mark_row(firm.code, kind, one, weights) for one in FIRM_RULES[kind.rule](firm, kind, month))
    for chunk in in_chunks({code for code in wanted if code[0] == "H"}):
        for door in _doors(session, chunk):
            for kind in weights.kinds.values():
                if kind.rule in DOOR_RULES and kind.looks_at("premises"):
                    yield from (mark_row(door.code, kind, one, weights) for one in DOOR_RULES[kind.rule](door, kind))


def touched(session: Session, codes: Iterable[str]) -> set[str]:
    """The organisations and premises whose neighbours' marks may change when these subjects do, themselves among them."""
    found = {code for code in codes if code[0] != "P"}
    owned = _others(session, {code for code in codes if code[0] != "H"}, ("owns", "rents"), "to_code", "from_code")
    headed = _others(session, {code for code in codes if code[0] == "P"}, ("legal_representative_of",), "to_code", "from_code")
    spouses = _others(session, {code for code in codes if code[0] == "P"}, ("married_to",), "to_code", "from_code")
    spouses |= _others(session, {code for code in codes if code[0] == "P"}, ("married_to",), "from_code", "to_code")
    headed |= _others(session, spouses, ("legal_representative_of",), "to_code", "from_code")
    doors = {code for code in codes if code[0] == "H"} | owned
    firms = {code for code in codes if code[0] == "O"} | headed
    firms |= _others(session, doors, ("registered_at", "operates_at", "account_holder_at"), "from_code", "to_code")
    firms = {code for code in firms if code[0] == "O"}
    return found | firms | _others(session, firms, ("registered_at",), "to_code", "from_code")


def _others(session: Session, codes: set[str], types: tuple[str, ...], wanted: str, given: str) -> set[str]:
    words = ", ".join(f"'{one}'" for one in types)
    found: set[str] = set()
    for chunk in in_chunks(codes):
        sql = queries.OTHERS.format(wanted=wanted, given=given, types=words, marks=marks(chunk))
        found |= {row[0] for row in session.all(sql, chunk)}
    return found


def _firms(session: Session, chunk: dict[str, str], month: str) -> Iterator[Firm]:
    names = marks(chunk)
    found = {}
    for code, body in session.all(queries.BODIES.format(marks=names), chunk):
        read = json.loads(body)
        won = {name: winner(read, name) for name in ("status", "org_type", "founded_on")}
        found[code] = Firm(code, won["status"], won["org_type"], won["founded_on"], dict(read.get("signs", {})))
    held: list[tuple[str, str]] = []
    for code, kind, other, as_of, resource, record in session.all(queries.FIRM_TIES.format(marks=names), chunk):
        if code not in found:
            continue
        tie = (other, as_of, resource, record, kind)
        if kind == "account_holder_at":
            held.append((code, other))
        else:
            (found[code].seats if kind == "registered_at" else found[code].works).append(tie)
    for code, head in session.all(queries.HEADS.format(marks=names), chunk):
        if code in found:
            found[code].heads.add(head)
    _add_use(session, found, held)
    _add_owners(session, found, month)
    return iter(found.values())


def _add_use(session: Session, found: Mapping[str, Firm], held: list[tuple[str, str]]) -> None:
    """The last month in which premises used water, power or gas, for the organisations that hold an account there."""
    used: dict[str, str] = {}
    for chunk in in_chunks({door for _, door in held}):
        for code, body in session.all(queries.BODIES.format(marks=marks(chunk)), chunk):
            used[code] = read_signs(body).get("used", "")
    for code, door in held:
        if used.get(door, "") > found[code].signs.get("used", ""):
            found[code].signs["used"] = used[door]


def _add_owners(session: Session, found: Mapping[str, Firm], month: str) -> None:
    holders: dict[str, dict[str, set[str]]] = {"owns": {}, "rents": {}}
    for chunk in in_chunks({tie[0] for firm in found.values() for tie in firm.seats}):
        for door, kind, holder in session.all(queries.HOLDERS.format(marks=marks(chunk)), {**chunk, "day": f"{month}-01"}):
            holders[kind].setdefault(door, set()).add(holder)
    married: dict[str, set[str]] = {}
    for chunk in in_chunks({head for firm in found.values() for head in firm.heads}):
        for one, other in session.all(queries.SPOUSES.format(marks=marks(chunk)), chunk):
            married.setdefault(one, set()).add(other)
    for firm in found.values():
        firm.owners = {tie[0]: holders["owns"][tie[0]] for tie in firm.seats if tie[0] in holders["owns"]}
        firm.users = {tie[0]: holders["rents"][tie[0]] for tie in firm.seats if tie[0] in holders["rents"]}
        firm.family = {other for head in firm.heads for other in married.get(head, ())}


def _doors(session: Session, chunk: dict[str, str]) -> Iterator[Door]:
    found: dict[str, Door] = {}
    for code, firm, as_of, resource, record, body in session.all(queries.REGISTERED_THERE.format(marks=marks(chunk)), chunk):
        if winner(json.loads(body), "status") in GONE:
            continue
        found.setdefault(code, Door(code)).registered.append((firm, as_of, resource, record, "registered_at"))
    return iter(found.values())
