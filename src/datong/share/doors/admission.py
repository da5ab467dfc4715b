"""What a system's key is admitted to: from which addresses, at which hours, until which day; beside its agreements and its signature."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date, datetime
from ipaddress import ip_address, ip_network

from datong import ledger
from datong.domain.errors import BadValue, Missing
from datong.share.workdays import CITY_TIME, city_day
from datong.store import Session

_HOURS = re.compile(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d")
_KEYS = """SELECT k.key_id, k.name, k.department, k.agreements, k.resources, k.networks, k.hours, k.until, s.key_id IS NOT NULL,
k.created_at
FROM api_key k LEFT JOIN door_signer s ON s.key_id = k.key_id WHERE k.state = 'active' ORDER BY k.department, k.created_at, k.key_id"""
_ONE = "SELECT networks, hours, until, department FROM api_key WHERE key_id = :key_id AND state = 'active'"
_ADMIT = "UPDATE api_key SET networks = :networks, hours = :hours, until = :until WHERE key_id = :key_id AND state = 'active'"


@dataclass(frozen=True)
class Bounds:
    """From where and when a key is taken. Empty parts bind nothing. `hours`: "08:00-18:00" of the city's time; `until`: last day."""

    networks: tuple[str, ...] = ()
    hours: str = ""
    until: str = ""

    def refusal(self, address: str, now: datetime) -> str:
        """Why a request is not admitted: address, hours or term; "" when it is."""
        if self.networks and not _within(address, self.networks):
            return "address"
        if self.hours:
            start, _, end = self.hours.partition("-")
            clock = f"{now.astimezone(CITY_TIME):%H:%M}"
            inside = start <= clock < end if start < end else clock >= start or clock < end
            if not inside:
                return "hours"
        return "term" if self.until and city_day(now).isoformat() > self.until else ""


@dataclass(frozen=True)
class Admission:
    """One system's key with everything it is admitted to."""

    key_id: str
    name: str
    department: str
    agreements: tuple[str, ...]
    resources: tuple[str, ...]
    bounds: Bounds
    signed: bool
    """Whether its requests must be signed."""
    created_at: str


def bounds_of(session: Session, key_id: str) -> Bounds:
    """The bounds of a key in use; none for any other."""
    row = session.one(_ONE, {"key_id": key_id})
    return Bounds(tuple(json.loads(row[0])), row[1], row[2]) if row else Bounds()


def admit(session: Session, key_id: str, bounds: Bounds, *, by: str, at: str) -> None:
    """Bind a key to addresses, hours and a last day. Raises Missing for a key that is not in use, BadValue for bounds that are none."""
    row = session.one(_ONE, {"key_id": key_id})
    if row is None:
        raise Missing(f"There is no key {key_id} in use.")
    for text in bounds.networks:
        try:
            ip_network(text)
        except ValueError:
            raise BadValue("network", f"{text!r} is no address or network", "write it like 10.1.2.0/24") from None
    if bounds.hours and (not _HOURS.fullmatch(bounds.hours) or bounds.hours[:5] == bounds.hours[6:]):
        raise BadValue("hours", "are no hours", "write them like 08:00-18:00")
    if bounds.until:
        try:
            date.fromisoformat(bounds.until)
        except ValueError:
            raise BadValue("until", "is no day", "write it like 2027-12-31") from None
    session.run(_ADMIT, {"key_id": key_id, "networks": json.dumps(bounds.networks), "hours": bounds.hours, "until": bounds.until})
    body = {"act": "admitted", "key": key_id, "networks": list(bounds.networks), "hours": bounds.hours, "until": bounds.until}
    ledger.append(session, ledger.Line("key", at, "", by, str(row[3]), "", "", body))


def admissions(session: Session) -> tuple[Admission, ...]:
    """Every key in use with what it is admitted to, by department."""
    return tuple(
        Admission(
            row[0], row[1], row[2], tuple(json.loads(row[3])), tuple(json.loads(row[4])),
            Bounds(tuple(json.loads(row[5])), row[6], row[7]), bool(row[8]), row[9],
        )
        for row in session.all(_KEYS)
    )  # fmt: skip


def _within(address: str, networks: tuple[str, ...]) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return any(found in ip_network(one) for one in networks)
