"""Make a version: every page read through the one door as the public would, written once as CSV and JSON and kept by their hash.

What is published left the registers here, with a line for every subject read; whoever downloads later gets this file and no other.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from datong.domain.access import Question, Reason, SharedEntry
from datong.domain.errors import Forbidden
from datong.share.catalogue import Fault
from datong.share.csv_text import csv_text
from datong.share.flow import ask
from datong.share.installed import installed, moment
from datong.share.open_data import queries
from datong.share.open_data.check import small_groups
from datong.share.open_data.dataset import PURPOSE, Dataset, the_public
from datong.share.open_data.rules import OpenRules, open_rules
from datong.share.words import field_words
from datong.share.workdays import city_day, moment_text
from datong.store import Session, keep_bytes

MOST_ROWS = 200_000
PAGE = 1000
ROOM = "open"
"""The folder of the home where the files of versions lie, by their hash."""
COUNT = ("number", "数量", "Number")


@dataclass(frozen=True)
class Made:
    """A version that was made, or every fault that kept it from being published."""

    version: int
    rows: int
    sha256: str
    faults: tuple[Fault, ...] = ()


def make_version(session: Session, dataset: Dataset, *, now: datetime | None = None) -> Made:
    """Read, write and keep the next version. Raises Forbidden when the agreement with the public does not give it."""
    at_moment, rules = moment(now), open_rules(session)
    entries = _read(session, dataset, at_moment)
    rows = [tuple(_value(one, name, dataset.department) for name in dataset.fields) for one in entries]
    if dataset.shape == "counts":
        counted = Counter(rows)
        if faults := small_groups(counted, dataset.fields, rules.smallest):
            return Made(0, 0, "", faults)
        rows = [(*group, str(number)) for group, number in sorted(counted.items())]
    else:
        rows = sorted(row for row in rows if any(row))
    if not rows:
        return Made(0, 0, "", (Fault("resource", "没有可以开放的数据", "先归集这个资源"),))
    return _keep(session, dataset, rows, at_moment)


def _read(session: Session, dataset: Dataset, now: datetime) -> list[SharedEntry]:
    entries: list[SharedEntry] = []
    public, cursor = the_public(dataset.code), ""
    while True:
        reason = Reason("task", reference=dataset.code, text="")
        where = (("resource", dataset.resource),)
        question = Question(PURPOSE, "extract", dataset.register, where=where, cursor=cursor, limit=PAGE, reason=reason, automatic=True)  # type: ignore[arg-type]
        answer = ask(session, public, question, now=now)
        if answer.outcome == "refused":
            raise Forbidden("向公众开放的协议不允许 (the agreement with the public does not give it): " + answer.grounds[0].en)
        entries += answer.entries
        cursor = answer.next_cursor
        if not cursor:
            return entries
        if len(entries) >= MOST_ROWS:
            raise Forbidden(f"超过{MOST_ROWS}条，请改为分组计数开放 (more than {MOST_ROWS:,} rows: open it as counts)")


def _value(entry: SharedEntry, name: str, department: str) -> str:
    """The department's own word; where another's holds, the field stays empty: it is not hers to open."""
    return next((fact.value for fact in entry.facts if fact.field == name and fact.department == department), "")


def _keep(session: Session, dataset: Dataset, rows: Sequence[tuple[str, ...]], now: datetime) -> Made:
    settings, rules = installed(session).settings, open_rules(session)
    version, as_of = dataset.version + 1, newest_data(session, dataset.resource) or city_day(now).isoformat()
    table = csv_text([[words[1] for words in _heads(dataset)], *rows]).encode()
    plain = json.dumps(_document(dataset, rules, (version, as_of), rows), ensure_ascii=False, separators=(",", ":")).encode()
    kept = [keep_bytes(settings, content, ROOM) for content in (table, plain)]
    params = {"code": dataset.code, "version": version, "at": moment_text(now), "as_of": as_of, "rows": len(rows)}
    params |= {"csv_sha256": kept[0].sha256, "csv_size": kept[0].size, "json_sha256": kept[1].sha256, "json_size": kept[1].size}
    session.run(queries.ADD_VERSION, params)
    session.run(queries.SET_VERSION, {"code": dataset.code, "version": version})
    return Made(version, len(rows), kept[0].sha256)


def _heads(dataset: Dataset) -> list[tuple[str, str, str]]:
    heads = [(name, *field_words(name)) for name in dataset.fields]
    return [*heads, COUNT] if dataset.shape == "counts" else heads


def newest_data(session: Session, resource: str) -> str:
    """The day of the newest record of a resource that stands in the registers; empty when none does."""
    row = session.one(queries.NEWEST_DATA, {"resource": resource})
    return str(row[0] or "")[:10] if row else ""


def _document(dataset: Dataset, rules: OpenRules, which: tuple[int, str], rows: Sequence[tuple[str, ...]]) -> dict[str, object]:
    heads = _heads(dataset)
    licence = rules.licences.get(dataset.licence)
    return {
        "dataset": dataset.code,
        "title": dataset.title,
        "title_en": dataset.title_en,
        "version": which[0],
        "as_of": which[1],
        "licence": licence.title[0] if licence else dataset.licence,
        "fields": [{"name": name, "zh": zh, "en": en} for name, zh, en in heads],
        "rows": [dict(zip((name for name, _, _ in heads), row, strict=True)) for row in rows],
    }
