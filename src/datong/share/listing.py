"""Lists and extracts: the agreement's rows as one SQL filter, page by page, with one line for every subject that leaves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from datong.domain.access import Answer
from datong.domain.codes import read_code
from datong.domain.errors import BadValue
from datong.domain.registers import RELATION_TYPES
from datong.ledger import Line
from datong.share.collectors import Marks, shared_entry
from datong.share.events import event_filter, events_of
from datong.share.policy import RESOURCE
from datong.share.prepared import Asking, Prepared, line, plain_answer
from datong.share.rows import SqlFilter, row_filter, value_sql
from datong.share.subjects import Subject, subject_of
from datong.share.words import EVENT, ground

ANY = "any"
"""A filter on marks or relations with this value means: at least one."""


def list_rows(asking: Asking) -> Prepared:
    """One page of the rows the agreement and the question's own filters let through."""
    question, agreement = asking.question, asking.agreement
    if question.limit < 1:
        raise BadValue("limit", "must be 1 or more")
    rows = asking.session.all(*_statement(asking))
    subjects = [subject_of(row) for row in rows[: question.limit]]
    cursor = f"{subjects[-1].division}.{subjects[-1].code}" if len(rows) > question.limit else ""
    asking.parts.meter.add(asking.actor, agreement, len(subjects))
    named = _lines_of_named(asking, bool(subjects))
    if not subjects:
        empty = plain_answer(asking, "not_found", (ground("not_here", rule=agreement.code),))
        return replace(empty, lines=(*empty.lines, *named))
    marks = _marks(asking, subjects)
    events = events_of(asking.session, asking.parts.packs, agreement, [one.code for one in subjects])
    entries = tuple(
        replace(shared_entry(one, asking.decision, agreement, marks.get(one.code, {})), events=events.get(one.code, ())) for one in subjects
    )
    fields = [*asking.decision.fields, *([EVENT] if agreement.events else [])]
    lines = tuple(line(asking, "read", one.code, "found", fields=fields) for one in subjects)
    return Prepared(Answer("found", asking.decision, asking.decision.grounds, entries, next_cursor=cursor), (*lines, *named))


def _lines_of_named(asking: Asking, found: bool) -> list[Line]:
    """A line for each person by whose ties a list was limited: which homes are hers was asked about her."""
    ties = [(name, read_code(value)) for name, value in asking.question.where if name in RELATION_TYPES and value != ANY]
    outcome = "found" if found else "not_found"
    return [line(asking, "read", code.value, outcome, fields=[name]) for name, code in ties if code.sound and code.value[0] == "P"]


def _statement(asking: Asking) -> tuple[str, dict[str, Any]]:
    question = asking.question
    dialect = asking.session.dialect
    base = row_filter(asking.agreement, asking.decision.jurisdiction, asking.actor.subject, dialect, resumed=bool(question.cursor))
    parts = ["e.kind = :kind", base.sql]
    params: dict[str, Any] = {"kind": question.register, **base.params, "most": question.limit + 1}
    for number, (name, value) in enumerate(question.where):
        found = _filter(asking, name, asking.parts.sharing.coded(question.register, name, value), f"q{number}")
        parts.append(found.sql)
        params.update(found.params)
    if question.cursor:
        parts.append("(e.division, e.code) > (:from_division, :from_code)")
        params["from_division"], params["from_code"] = _read_cursor(question.cursor)
    sql = f"SELECT e.code, e.kind, e.division, e.label, e.body FROM entry e WHERE {' AND '.join(parts)}"  # noqa: S608
    return sql + " ORDER BY e.division, e.code LIMIT :most", params


def _filter(asking: Asking, name: str, value: str, param: str) -> SqlFilter:
    """One filter of the asker's own; which names are allowed, the decision has settled."""
    if name == "division":
        if not value.isdigit():
            raise BadValue("division", "is no division code", "write its digits")
        return SqlFilter(f"substr(e.division, 1, :{param}_n) = :{param}", {param: value, f"{param}_n": len(value)})
    if name == "mark":
        kind = "" if value == ANY else f" AND m.kind = :{param}"
        sql = f"EXISTS (SELECT 1 FROM mark m WHERE m.code = e.code AND m.state = 'open'{kind})"  # noqa: S608
        return SqlFilter(sql, {} if value == ANY else {param: value})
    if name == RESOURCE:
        sql = f"EXISTS (SELECT 1 FROM member k WHERE k.code = e.code AND k.resource = :{param})"  # noqa: S608
        return SqlFilter(sql, {param: value})
    if name in RELATION_TYPES:
        return _tied(name, value, param)
    if name == EVENT:
        return SqlFilter(*event_filter(asking.parts.packs, asking.agreement, value, param))
    return SqlFilter(f"({value_sql(name, asking.session.dialect)}) = :{param}", {param: value})


def _tied(relation: str, value: str, param: str) -> SqlFilter:
    live = f"r.type = '{relation}' AND r.until = ''"
    if value == ANY:
        return SqlFilter(f"EXISTS (SELECT 1 FROM relation r WHERE (r.from_code = e.code OR r.to_code = e.code) AND {live})", {})  # noqa: S608
    reading = read_code(value)
    if not reading.sound:
        raise BadValue(relation, "is no permanent code", "write the code of the other end")
    sql = (
        f"e.code IN (SELECT r.from_code FROM relation r WHERE r.to_code = :{param} AND {live} "  # noqa: S608
        f"UNION SELECT r.to_code FROM relation r WHERE r.from_code = :{param} AND {live})"
    )
    return SqlFilter(sql, {param: reading.value})


def _read_cursor(cursor: str) -> tuple[str, str]:
    division, _, code = cursor.rpartition(".")
    if not read_code(code).sound:
        raise BadValue("cursor", "is none of this list", "begin again without it")
    return division, code


def _marks(asking: Asking, subjects: list[Subject]) -> dict[str, Marks]:
    """The open marks of a page's subjects, in one statement."""
    params = {f"c{number}": one.code for number, one in enumerate(subjects)}
    names = ", ".join(f":{name}" for name in params)
    sql = f"SELECT code, field, kind FROM mark WHERE state = 'open' AND code IN ({names}) ORDER BY field, kind"  # noqa: S608
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for code, field, kind in asking.session.all(sql, params):
        if kind in asking.parts.quiet:
            continue
        of_subject = found.setdefault(code, {})
        of_subject[field] = (*of_subject.get(field, ()), kind)
    return dict(found)
