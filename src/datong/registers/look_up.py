"""Read the registers: by key, by code, by relation, as a list. Only `share` and the command line come here."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from datong import fuse
from datong.domain.access import Key, Register
from datong.domain.codes import read_code
from datong.domain.errors import BadValue
from datong.domain.identifiers import (
    Reading,
    compact,
    fold,
    read_citizen_id,
    read_credit_code,
    read_date,
    read_phone,
    read_plate,
    read_title_unit,
)
from datong.domain.names import read_name, read_org_name
from datong.domain.registers import REGISTER_FIELDS
from datong.registers import queries
from datong.registers.body import read_body, value_sql
from datong.registers.values import Entry, Fact, Link, Listed, Suggestion
from datong.store import Query, Session

MOST_CODES = 50
"""How many subjects one key may lead to before the answer is cut."""
MOST_LISTED = 500
_READERS: dict[str, Callable[[str], Reading]] = {
    "citizen_id": read_citizen_id,
    "credit_code": read_credit_code,
    "title_no": read_title_unit,
    "phone": read_phone,
    "plate": read_plate,
}


def find(session: Session, key: Key) -> tuple[str, ...]:
    """The codes a key leads to, today's codes in order; none when it leads nowhere. Raises BadValue for an unknown key type."""
    if key.type == "code":
        code = read_code(key.value)
        today = resolve(session, code.value) if code.sound else ""
        return (today,) if today else ()
    if key.type == "address":
        return _by_address(session, key.value)
    if key.type == "name_birth":
        return _by_name(session, key)
    value = _stored_value(key)
    return _codes(session, key.type, value) if value else ()


def _stored_value(key: Key) -> str:
    if key.type in _READERS:
        return _READERS[key.type](key.value).value
    if key.type == "org_name":
        return read_org_name(key.value)
    if key.type == "certificate_no":
        return fold(key.value)
    if key.type == "account_no":
        return compact(key.value)
    raise BadValue("key", f"cannot be looked up by {key.type!r}")


def _codes(session: Session, key_type: str, value: str) -> tuple[str, ...]:
    rows = session.all(queries.CODES_OF_KEY, {"type": key_type, "value": value, "limit": MOST_CODES})
    return tuple(row[0] for row in rows)


def _by_name(session: Session, key: Key) -> tuple[str, ...]:
    """A person by name and birth date; without a date, everybody of that name."""
    name = read_name(key.value)
    birth = read_date(dict(key.extra).get("birth_date", "")).value
    if not name:
        return ()
    if birth:
        return _codes(session, "name_birth", f"{name}|{birth}")
    low = {"type": "name_birth", "low": f"{name}|", "high": f"{name}}}", "limit": MOST_CODES}
    return tuple(row[0] for row in session.all(queries.CODES_OF_PREFIX, low))


def _by_address(session: Session, text: str) -> tuple[str, ...]:
    match = fuse.match_text(session, text)
    code = resolve(session, match.code) if match.code else ""
    return (code,) if code else ()


def resolve(session: Session, code: str) -> str:
    """The code a code stands for today: itself, or what it was merged into; "" when it was never issued."""
    return fuse.resolve(session, code)


def query_of(code: str) -> Query:
    """What `find` reads first for a key that is a code, for a caller that reads ahead."""
    return fuse.query_of(code)


def family_of(session: Session, code: str) -> list[str]:
    """Today's code and every code ever merged into it."""
    today = resolve(session, code)
    found = [today] if today else []
    for one in found:
        found += [row[0] for row in session.all(queries.MERGED_INTO, {"code": one})]
    return found


def entry(session: Session, code: str) -> Entry | None:
    """The entry a code stands for today; one without facts when no record speaks of it any more; nothing if never issued."""
    family = family_of(session, code)
    if not family:
        return None
    row = session.one(queries.ENTRY, {"code": family[0]})
    if row is None:
        subject = session.one(queries.SUBJECT, {"code": family[0]})
        return Entry(family[0], subject[0], "", "", {}, "empty", tuple(family[1:])) if subject else None
    return _entry(row, tuple(family[1:]))


def _entry(row: Sequence[Any], merged_from: tuple[str, ...] = ()) -> Entry:
    code, kind, division, label, body = row
    facts = {name: tuple(_fact(name, fact) for fact in found) for name, found in read_body(body).items()}
    return Entry(code, kind, label, division, facts, "active", merged_from)


def _fact(name: str, fact: Mapping[str, Any]) -> Fact:
    return Fact(field=name, **fact)


def relations(session: Session, code: str) -> list[Link]:
    """Every relation of a subject, both ways."""
    today = {"code": resolve(session, code)}
    found: list[Link] = []
    for direction, sql in (("out", queries.LINKS_OUT), ("in", queries.LINKS_IN)):
        found += [_link(direction, row) for row in session.all(sql, today)]
    return found


def _link(direction: Any, row: Sequence[Any]) -> Link:
    kind, other, register, label, since, until, resource, record, department, delivery, as_of, detail = row
    return Link(kind, direction, other, register, label, since, until, resource, department, record, delivery, as_of, json.loads(detail))


def list_entries(
    session: Session,
    kind: Register,
    *,
    divisions: Sequence[str] = ("",),
    where: Sequence[tuple[str, str]] = (),
    cursor: str = "",
    limit: int = 50,
) -> Listed:
    """Entries of a register in order of code: those in any of the divisions (prefixes; "" is everywhere) whose fields
    win with the given values. Pages begin after `cursor`."""
    if not divisions:
        return Listed((), "")
    params: dict[str, Any] = {"kind": kind, "after": cursor, "limit": min(limit, MOST_LISTED) + 1}
    conditions = _in_divisions(divisions, params) + _having(session, kind, where, params)
    rows = session.all(queries.LIST.format(conditions=conditions), params)
    page = rows[: params["limit"] - 1]
    return Listed(tuple(_entry(row) for row in page), page[-1][0] if len(rows) > len(page) else "")


def _in_divisions(divisions: Sequence[str], params: dict[str, Any]) -> str:
    if "" in divisions:
        return ""
    tests = []
    for at, prefix in enumerate(divisions):
        params |= {f"low{at}": prefix, f"high{at}": prefix + "~"}
        tests.append(f"(division >= :low{at} AND division < :high{at})")
    return f" AND ({' OR '.join(tests)})"


def _having(session: Session, kind: Register, where: Sequence[tuple[str, str]], params: dict[str, Any]) -> str:
    """Conditions on winning values: the first fact of a field, by the store's own JSON functions."""
    tests = ""
    for at, (name, value) in enumerate(where):
        if name not in REGISTER_FIELDS[kind]:
            raise BadValue(name, f"is not a field of the {kind} register")
        params[f"where{at}"] = value
        tests += f" AND {value_sql('body', name, session.dialect)} = :where{at}"
    return tests


def suggest(session: Session, text: str, limit: int = 10) -> list[Suggestion]:
    """Complete a half-typed address from the premises tree."""
    return [Suggestion(*found) for found in fuse.suggest_places(session, text, limit)]
