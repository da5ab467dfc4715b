"""Make a version: every page read through the one door as the public would, written once as CSV and JSON and kept by their hash.

What is published left the registers here, with a line for every subject read; whoever downloads later gets this file and no other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from datong.domain.access import Actor, Answer, Question, Reason, SharedEntry
from datong.domain.errors import Busy, Forbidden
from datong.share.catalogue import Fault
from datong.share.flow import ask, prepare
from datong.share.installed import installed, moment
from datong.share.open_data import queries
from datong.share.open_data.check import small_groups
from datong.share.open_data.dataset import PURPOSE, Dataset, the_public
from datong.share.open_data.files import ROOM, Cells, VersionFiles
from datong.share.open_data.rules import OpenRules, open_rules
from datong.share.prepared import settle
from datong.share.words import field_words
from datong.share.workdays import city_day, moment_text
from datong.store import Session, Store, sweep_temporary

MOST_ROWS = 200_000
PAGE = 1000
COUNT = ("number", "数量", "Number")
NOTHING = Fault("resource", "没有可以开放的数据", "先归集这个资源")
TOO_MANY = Fault("shape", f"超过{MOST_ROWS}条，不能逐条开放", "改为分组计数开放")

Asked = Callable[[Actor, Question], Answer]


@dataclass(frozen=True)
class Made:
    """A version that was made, or every fault that kept it from being published."""

    version: int
    rows: int
    sha256: str
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Draft:
    """The next version of a dataset, read and written but not yet published; or what keeps it from being published."""

    dataset: Dataset
    files: VersionFiles
    as_of: str
    faults: tuple[Fault, ...] = ()


def make_version(session: Session, dataset: Dataset, *, now: datetime | None = None) -> Made:
    """Read, write and keep the next version within the caller's transaction. Raises Forbidden when the agreement with the public does
    not give it."""
    at_moment = moment(now)
    with VersionFiles(installed(session).settings) as files:
        as_of = _as_of(session, dataset, at_moment)
        draft = _draft(open_rules(session), dataset, as_of, files, lambda actor, question: ask(session, actor, question, now=at_moment))
        return publish(session, draft, now=at_moment)


@contextmanager
def drafted(store: Store, dataset: Dataset, *, now: datetime | None = None) -> Iterator[Draft]:
    """Read and write the next version outside of any transaction: each page is read without holding the store, and its lines are written
    in a transaction of their own. `publish` it inside; left without, nothing of it remains, nor when the process is killed.

    It is as of the newest data at its beginning: what comes while it is read makes it due again. Raises Forbidden.
    """
    at_moment = moment(now)
    with store.session(read_only=True) as session:
        settings, rules, as_of = installed(session).settings, open_rules(session), _as_of(session, dataset, at_moment)
    sweep_temporary(settings.home / ROOM)

    def asked(actor: Actor, question: Question) -> Answer:
        with store.session(read_only=True) as session:
            prepared = prepare(session, actor, question, now=at_moment)
        with store.session() as session:
            return settle(session, prepared)

    with VersionFiles(settings) as files:
        yield _draft(rules, dataset, as_of, files, asked)


def publish(session: Session, draft: Draft, *, now: datetime | None = None) -> Made:
    """Make a draft the dataset's newest version: its files go to their places, its row and number are written. Raises Busy."""
    if draft.faults:
        return Made(0, 0, "", draft.faults)
    dataset = draft.dataset
    version = dataset.version + 1
    if session.run(queries.SET_VERSION, {"code": dataset.code, "version": version}) != 1:
        raise Busy("有人正在更新 (somebody else is renewing it)")
    table, plain = draft.files.keep()
    params = {"code": dataset.code, "version": version, "at": moment_text(moment(now)), "as_of": draft.as_of, "rows": draft.files.rows}
    params |= {"csv_sha256": table.sha256, "csv_size": table.size, "json_sha256": plain.sha256, "json_size": plain.size}
    session.run(queries.ADD_VERSION, params)
    return Made(version, draft.files.rows, table.sha256)


def _draft(rules: OpenRules, dataset: Dataset, as_of: str, files: VersionFiles, asked: Asked) -> Draft:
    counted: Counter[Cells] = Counter()
    read = 0
    for entries in _pages(dataset, asked):
        if read >= MOST_ROWS:
            return Draft(dataset, files, as_of, (TOO_MANY,))
        read += len(entries)
        rows = [tuple(_value(one, name, dataset.department) for name in dataset.fields) for one in entries]
        if dataset.shape == "counts":
            counted.update(rows)
        else:
            files.sorted.add(row for row in rows if any(row))
    if dataset.shape == "counts":
        if faults := small_groups(counted, dataset.fields, rules.smallest):
            return Draft(dataset, files, as_of, faults)
        files.sorted.add((*group, str(number)) for group, number in counted.items())
    heads = [(name, zh) for name, zh, _ in _heads(dataset)]
    files.write(heads, _about(dataset, rules, as_of), files.sorted)
    return Draft(dataset, files, as_of, () if files.rows else (NOTHING,))


def _pages(dataset: Dataset, asked: Asked) -> Iterator[tuple[SharedEntry, ...]]:
    public, cursor = the_public(dataset.code), ""
    reason, where = Reason("task", reference=dataset.code, text=""), (("resource", dataset.resource),)
    while True:
        question = Question(PURPOSE, "extract", dataset.register, where=where, cursor=cursor, limit=PAGE, reason=reason, automatic=True)  # type: ignore[arg-type]
        answer = asked(public, question)
        if answer.outcome == "refused":
            raise Forbidden("向公众开放的协议不允许 (the agreement with the public does not give it): " + answer.grounds[0].en)
        yield tuple(answer.entries)
        cursor = answer.next_cursor
        if not cursor:
            return


def _value(entry: SharedEntry, name: str, department: str) -> str:
    """The department's own word; where another's holds, the field stays empty: it is not hers to open."""
    return next((fact.value for fact in entry.facts if fact.field == name and fact.department == department), "")


def _heads(dataset: Dataset) -> list[tuple[str, str, str]]:
    heads = [(name, *field_words(name)) for name in dataset.fields]
    return [*heads, COUNT] if dataset.shape == "counts" else heads


def _as_of(session: Session, dataset: Dataset, now: datetime) -> str:
    return newest_data(session, dataset.resource) or city_day(now).isoformat()


def newest_data(session: Session, resource: str) -> str:
    """The day of the newest record of a resource that stands in the registers; empty when none does."""
    row = session.one(queries.NEWEST_DATA, {"resource": resource})
    return str(row[0] or "")[:10] if row else ""


def _about(dataset: Dataset, rules: OpenRules, as_of: str) -> dict[str, object]:
    licence = rules.licences.get(dataset.licence)
    return {
        "dataset": dataset.code,
        "title": dataset.title,
        "title_en": dataset.title_en,
        "version": dataset.version + 1,
        "as_of": as_of,
        "licence": licence.title[0] if licence else dataset.licence,
        "fields": [{"name": name, "zh": zh, "en": en} for name, zh, en in _heads(dataset)],
    }
