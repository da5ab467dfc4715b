"""Records → mentions: what each row says of each subject it names. One definition, run set-wise for a million and for one.

A mention's body is JSON: f (register field → value), w (what was sent, where it differs), b (what is unsound about a
field), r (ties to other roles: type, role, since, until, detail); linking adds p (address field → premises code)
and v (address field → why it leads to no door).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa

from datong.domain.registers import EVENT_FIELDS
from datong.fuse import address, queries
from datong.spec import Packs, Relation, Source, Subject

AT_ONCE = 300_000
"""Records of a resource that are turned into mentions at once."""
EVIDENCE = (
    "citizen_id",
    "name",
    "birth_date",
    "sex",
    "phone",
    "address",
    "registered_address",
    "operating_address",
    "account_no",
    "insurance_no",
    "housing_fund_no",
    "credit_code",
    "registration_no",
    "org_name",
    "former_name",
    "legal_representative",
    "title_unit_no",
    "certificate_no",
)
"""Register fields that may tell who or what a mention speaks of; the mention table has one column for each."""

STRUCTURE = ("division", *address.PARTS, "standard_address", "longitude", "latitude", "address")
"""Address parts given by the resources that build the premises tree; `address` is read where it is all there is."""


def prepare(con: Any) -> None:
    """Make the empty working tables of a run."""
    columns = ", ".join(f'"{name}" VARCHAR' for name in EVIDENCE)
    con.execute(queries.MAKE_MENTION.format(evidence=columns))
    con.execute(queries.MAKE_STRUCTURE.format(structure=", ".join(f'"{name}" VARCHAR' for name in STRUCTURE)))
    con.execute(queries.MAKE_PLACE_CHANGE.format(structure=", ".join(f'"{name}" VARCHAR' for name in STRUCTURE)))
    con.execute(queries.MAKE_TIE_RULE)
    con.execute(queries.MAKE_JUDGED_REF)
    con.execute(queries.MAKE_BLOCKS_OUT)


def add_tie_rules(con: Any, packs: Packs) -> None:
    """Note which roles of which resource are tied, so that a record's subjects can vouch for each other."""
    rows = [(s.resource, r.source, r.target, r.type) for s in packs.sources.values() for r in s.relations]
    names = ("resource", "from_role", "to_role", "type")
    con.register("given", pa.table({name: pa.array([row[at] for row in rows], pa.string()) for at, name in enumerate(names)}))
    con.execute("INSERT INTO tie_rule SELECT * FROM given")
    con.unregister("given")


def add_mentions(con: Any, source: Source, records: pa.Table) -> int:
    """Add the mentions of a resource's records (columns as in the lake, with delivery_id and as_of); how many there are now."""
    have = frozenset(records.column_names)
    con.register("records", records)
    try:
        for subject in source.subjects.values():
            if any(given in have for given in subject.fields.values()):
                con.execute(mention_sql(source, subject, have))
                if source.tree == "authority" and subject.kind == "premises":
                    con.execute(_structure_sql(source, subject, have))
                if source.tree == "changes":
                    con.execute(_change_sql(source, subject, have))
    finally:
        con.unregister("records")
    return int(con.execute("SELECT count(*) FROM mention").fetchall()[0][0])


def tables_of(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """A resource's batches as tables of a bounded size."""
    held: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        held.append(batch)
        rows += batch.num_rows
        if rows >= AT_ONCE:
            yield pa.Table.from_batches(held)
            held, rows = [], 0
    if held:
        yield pa.Table.from_batches(held)


def table_of(batches: Iterable[pa.RecordBatch]) -> pa.Table | None:
    """A resource's batches as one table; nothing when it has no records."""
    found = list(batches)
    return pa.Table.from_batches(found) if found else None


def mention_sql(source: Source, subject: Subject, have: frozenset[str]) -> str:
    """The statement that turns a resource's records into the mentions of one role."""
    fields = {register: given for register, given in subject.fields.items() if given in have}
    evidence = [_column(fields, name) for name in EVIDENCE]
    return queries.ADD_MENTIONS.format(
        kind=_text(subject.kind),
        resource=_text(source.resource),
        role=_text(subject.role),
        department=_text(source.department),
        weak=_weak(fields),
        evidence=", ".join(evidence),
        body=_body(source, subject, fields, have),
        anything=_anything(fields),
    )


def _structure_sql(source: Source, subject: Subject, have: frozenset[str]) -> str:
    fields = {register: given for register, given in subject.fields.items() if given in have}
    return queries.ADD_STRUCTURE.format(
        resource=_text(source.resource), role=_text(subject.role), structure=", ".join(_column(fields, name) for name in STRUCTURE)
    )


def _change_sql(source: Source, subject: Subject, have: frozenset[str]) -> str:
    """What became of a place, with its parts: a row a side (before, after)."""
    fields = {register: given for register, given in subject.fields.items() if given in have}
    return queries.ADD_PLACE_CHANGE.format(
        resource=_text(source.resource),
        role=_text(subject.role),
        change=_column(fields, "place_change"),
        day=_column(fields, "place_changed_on"),
        structure=", ".join(_column(fields, name) for name in STRUCTURE),
    )


def _column(fields: dict[str, str], name: str) -> str:
    return f'{_given(fields[name])} AS "{name}"' if name in fields else f'NULL AS "{name}"'


def _weak(fields: dict[str, str]) -> str:
    """Whether the citizen number was sent with 15 digits: then the name must agree too."""
    if "citizen_id" not in fields:
        return "false"
    return f"contains(';' || problems || ';', {_text(';' + fields['citizen_id'] + ':old15;')})"


def _body(source: Source, subject: Subject, fields: dict[str, str], have: frozenset[str]) -> str:
    facts = _json_pairs((register, _given(given)) for register, given in fields.items())
    raws = _json_pairs((register, _given(f"{given}__raw")) for register, given in fields.items() if f"{given}__raw" in have)
    pattern = "nullif(regexp_extract(problems, {}, 1), '')"
    unsound = _json_pairs((register, pattern.format(_text(f"(?:^|;){given}:([^;]+)"))) for register, given in fields.items())
    ties = _ties([r for r in source.relations if r.source == subject.role], have)
    return queries.BODY.format(facts=facts, raws=raws or "''", unsound=unsound, ties=ties or "''")


def _anything(fields: dict[str, str]) -> str:
    """Something said of the subject itself: the number and day of an event alone name nobody."""
    said = [_given(given) for register, given in fields.items() if register not in EVENT_FIELDS]
    return f"coalesce({', '.join(said)})" if said else "NULL"


def _json_pairs(pairs: Iterable[tuple[str, str]]) -> str:
    """SQL for the inside of a JSON object, with a comma in front of each pair; absent values leave nothing."""
    parts = [f"(',\"{name}\":' || CAST(to_json({sql}) AS VARCHAR))" for name, sql in pairs]
    return f"concat({', '.join(parts)})" if parts else ""


def _ties(relations: list[Relation], have: frozenset[str]) -> str:
    """SQL for the inside of a JSON list of ties: type, role, since, until, detail."""
    parts = []
    for relation in relations:
        since, until = (_quoted(given, have) for given in (relation.since, relation.until))
        detail = _json_pairs((name, _given(given)) for name, given in relation.detail.items() if given in have)
        inner = f"ltrim({detail}, ',')" if detail else "''"
        parts.append(f"',[\"{relation.type}\",\"{relation.target}\",' || {since} || ',' || {until} || ',{{' || {inner} || '}}]'")
    return " || ".join(parts)


def _quoted(given: str, have: frozenset[str]) -> str:
    return f"CAST(to_json(coalesce({_given(given)}, '')) AS VARCHAR)" if given in have else "'\"\"'"


def _given(name: str) -> str:
    quoted = name.replace('"', '""')
    return f"nullif(CAST(\"{quoted}\" AS VARCHAR), '')"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
