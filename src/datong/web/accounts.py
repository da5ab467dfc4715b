"""Accounts of people, keys of systems: made here, checked here. Passwords are kept as argon2id, secrets as SHA-256."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Literal

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from datong import share
from datong.domain.access import Actor
from datong.domain.errors import BadValue, Missing
from datong.settings import Settings
from datong.store import Row, Session, Store

HASHER = PasswordHasher()
SHORTEST_PASSWORD = 8
_FIND = """SELECT account_id, password_hash, name, kind, department, unit, roles, jurisdiction, domains, subject,
 state, failures, locked_until FROM account WHERE account_id = :account_id"""
_MAKE = """INSERT INTO account (account_id, password_hash, name, kind, department, unit, roles, jurisdiction, domains, subject,
 state, failures, locked_until, demo_password, demo_note)
VALUES (:account_id, :password_hash, :name, :kind, :department, :unit, :roles, :jurisdiction, :domains, :subject,
 'active', 0, '', :demo_password, :demo_note)"""
_MAKE_KEY = """INSERT INTO api_key (key_id, secret_hash, name, department, agreements, resources, jurisdiction, state, created_at)
VALUES (:key_id, :secret_hash, :name, :department, :agreements, :resources, :jurisdiction, 'active', :created_at)"""
_FIND_KEY = """SELECT key_id, name, department, agreements, resources, jurisdiction FROM api_key
WHERE secret_hash = :secret_hash AND state = 'active'"""
_KEYS = "SELECT key_id, name, department, agreements, resources FROM api_key WHERE state = 'active' ORDER BY created_at, key_id"
_RETIRE_KEY = "UPDATE api_key SET state = 'retired' WHERE key_id = :key_id AND state = 'active'"
_COUNT = """UPDATE account SET
 locked_until = CASE WHEN account_id = :account_id AND failures + 1 >= :most THEN :until ELSE locked_until END,
 failures = CASE WHEN account_id <> :account_id THEN failures WHEN failures + 1 >= :most THEN 0 ELSE failures + 1 END
WHERE account_id = :account_id OR (:account_id = '' AND account_id = (SELECT min(account_id) FROM account))"""
_DEMO = """SELECT account_id, name, kind, department, unit, roles, demo_password, demo_note FROM account
WHERE demo_password <> '' ORDER BY account_id"""
_COLLEAGUES = """SELECT account_id, name, unit, roles FROM account WHERE department = :department AND kind = 'officer' AND state = 'active'
ORDER BY unit, account_id LIMIT 500"""
_INSIDE = ("steward", "auditor", "leader")
_COUNTERS = ("approval", "market_regulation", "police", "sub_district", "water", "natural_resources", "urban_management")
"""The order of a demonstration city's sign-in page: who meets citizens, in the order of the walk through it, then who works inside."""


@dataclass(frozen=True)
class NewAccount:
    """What a new account says of its holder. `jurisdiction` holds division-code prefixes; ("",) is everywhere."""

    account_id: str
    password: str
    name: str
    kind: Literal["citizen", "officer"]
    department: str = ""
    unit: str = ""
    roles: tuple[str, ...] = ()
    jurisdiction: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    subject: str = ""
    demo_note: str = ""
    """In a demonstration city: what to try with this account. Its password is then shown on the sign-in page."""


@dataclass(frozen=True)
class NewKey:
    """What a new API key may be used for."""

    name: str
    department: str
    agreements: tuple[str, ...]
    resources: tuple[str, ...] = ()
    jurisdiction: tuple[str, ...] = ("",)


@dataclass(frozen=True)
class Attempt:
    """How a sign-in ended: the actor, or a stable word why not ("wrong", "closed"). That an account rests is not told: it
    would tell that there is one."""

    actor: Actor | None
    reason: str = ""


def create_account(session: Session, account: NewAccount) -> None:
    """Make an account. Raises BadValue on a short password or a name that is taken."""
    if len(account.password) < SHORTEST_PASSWORD:
        raise BadValue("password", "too short", f"write at least {SHORTEST_PASSWORD} characters")
    if session.one(_FIND, {"account_id": account.account_id}):
        raise BadValue("account_id", "taken", "choose another sign-in name")
    session.run(
        _MAKE,
        {
            "account_id": account.account_id,
            "password_hash": HASHER.hash(account.password),
            "name": account.name,
            "kind": account.kind,
            "department": account.department,
            "unit": account.unit,
            "roles": json.dumps(account.roles),
            "jurisdiction": json.dumps(share.within(session, account.department, account.jurisdiction)),
            "domains": json.dumps(account.domains),
            "subject": account.subject,
            "demo_password": account.password if account.demo_note else "",
            "demo_note": account.demo_note,
        },
    )


def create_api_key(session: Session, key: NewKey, now: str, *, sandbox: bool = False) -> str:
    """Make a key and return its secret, the only time it can be seen. A sandbox's keys begin otherwise than a city's."""
    secret = prefix_of_keys(sandbox) + secrets.token_urlsafe(32)
    session.run(
        _MAKE_KEY,
        {
            "key_id": "key_" + secrets.token_hex(6),
            "secret_hash": secret_hash(secret),
            "name": key.name,
            "department": key.department,
            "agreements": json.dumps(key.agreements),
            "resources": json.dumps(key.resources),
            "jurisdiction": json.dumps(share.within(session, key.department, key.jurisdiction)),
            "created_at": now,
        },
    )
    return secret


def prefix_of_keys(sandbox: bool) -> str:
    """How secrets begin: nobody mistakes a key for trying things out for a real one."""
    return "dtsandbox_" if sandbox else "dt_"


def api_keys(session: Session) -> list[tuple[str, str, str, list[str], list[str]]]:
    """Every key in use: id, name, department, agreements, resources."""
    return [(*row[:3], json.loads(row[3]), json.loads(row[4])) for row in session.all(_KEYS)]


def key_of(session: Session, secret: str) -> str:
    """The id of the key with this secret. Raises Missing when there is none in use."""
    row = session.one(_FIND_KEY, {"secret_hash": secret_hash(secret)})
    if row is None:
        raise Missing("There is no such key in use.")
    return str(row[0])


def retire_api_key(session: Session, key_id: str) -> bool:
    """Take a key out of use; false when it was not in use."""
    return session.run(_RETIRE_KEY, {"key_id": key_id}) == 1


def secret_hash(secret: str) -> str:
    """What the store keeps of a random secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def key_actor(session: Session, secret: str) -> Actor | None:
    """The system a key belongs to, or nothing."""
    row = session.one(_FIND_KEY, {"secret_hash": secret_hash(secret)})
    if row is None:
        return None
    key_id, name, department, agreements, resources, jurisdiction = row
    return Actor(
        id=key_id,
        name=name,
        kind="system",
        department=department,
        jurisdiction=tuple(json.loads(jurisdiction)),
        agreements=tuple(json.loads(agreements)),
        resources=tuple(json.loads(resources)),
    )


def find_actor(session: Session, account_id: str) -> Actor | None:
    """The actor of an open account."""
    row = session.one(_FIND, {"account_id": account_id})
    return _actor(row) if row and row[10] == "active" else None


def colleagues(session: Session, department: str, permission: str) -> list[tuple[str, str, str]]:
    """Who of a department has a permission: account, name, unit. At most 500."""
    roles = share.installed(session).roles
    able = {code for code, role in roles.items() if permission in role.may}
    rows = session.all(_COLLEAGUES, {"department": department}) if department else []
    return [(row[0], row[1], row[2]) for row in rows if able & set(json.loads(row[3]))]


def try_password(store: Store, settings: Settings, account_id: str, password: str, now: datetime) -> Attempt:
    """Check a password; let the account rest after too many failures, and do not say so.

    The attempt is counted before the password is checked, so that many at once are no more tries than one after another.
    Checking takes long on purpose: no transaction waits for it. Unknown names and resting accounts take as long.
    """
    with store.session() as session:
        row = session.one(_FIND, {"account_id": account_id})
        rests = row is not None and row[12] > _text(now)
        _count_attempt(session, settings, "" if row is None or rests else account_id, now)
    fits = _matches(row[1] if row is not None else _decoy(), password)
    if row is None or rests or not fits:
        return Attempt(None, "wrong")
    if row[10] != "active":
        return Attempt(None, "closed")
    with store.session() as session:
        session.run("UPDATE account SET failures = 0, locked_until = '' WHERE account_id = :account_id", {"account_id": account_id})
    return Attempt(_actor(row))


def demo_accounts(session: Session) -> list[dict[str, str]]:
    """The accounts a demonstration city shows on its sign-in page: those at the counters, those inside, the citizens."""

    def place(one: dict[str, str]) -> tuple[int, int, bool, int]:
        inside = [_INSIDE.index(role) + 1 for role in json.loads(one["roles"]) if role in _INSIDE]
        department = _COUNTERS.index(one["department"]) if one["department"] in _COUNTERS else len(_COUNTERS)
        most_to_try_first = -len(one["demo_note"]) if one["kind"] == "citizen" else 0
        return min(inside, default=0), department, "inspector" in one["roles"], most_to_try_first

    return sorted(session.dicts(_DEMO), key=place)


def _count_attempt(session: Session, settings: Settings, account_id: str, now: datetime) -> None:
    """One more failure until the password proves right. "" writes as much, and changes nothing."""
    until = _text(now + timedelta(minutes=settings.lockout_minutes))
    session.run(_COUNT, {"account_id": account_id, "most": settings.lockout_failures, "until": until})


def _actor(row: Row) -> Actor:
    return Actor(
        id=row[0],
        name=row[2],
        kind=row[3],
        department=row[4],
        unit=row[5],
        roles=frozenset(json.loads(row[6])),
        jurisdiction=tuple(json.loads(row[7])),
        domains=tuple(json.loads(row[8])),
        subject=row[9],
    )


def _matches(kept: str, password: str) -> bool:
    try:
        return HASHER.verify(kept, password)
    except VerificationError:
        return False


@lru_cache(maxsize=1)
def _decoy() -> str:
    return HASHER.hash(secrets.token_urlsafe(16))


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
