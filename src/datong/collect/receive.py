"""Entering a delivery: kept by its hash, numbered, and recognised when it comes a second time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from datong import store
from datong.collect import queries
from datong.collect.match_columns import folded_name
from datong.collect.read_lines import sound_text
from datong.collect.receipt import Delivery
from datong.domain.errors import BadDelivery, BadValue
from datong.settings import Settings
from datong.spec import Source, day_in_name
from datong.store import KeptFile, Session

_REMOTE = ("postgresql://", "postgres://")


@dataclass(frozen=True)
class Arrival:
    """How a delivery came: when, from whom, under which name, and the day it speaks of (ISO; empty: from its name, else today)."""

    received_at: str
    received_from: str = "cli"
    file_name: str = ""
    as_of: str = ""


def keep(settings: Settings, source: Source, path: Path | str) -> tuple[KeptFile, str]:
    """Keep a file byte for byte, or a remote table as the JSON Lines it gave; with its form, "file" or "message"."""
    if isinstance(path, str) and path.startswith(_REMOTE):
        if source.format.kind != "table":
            raise BadDelivery("wrong_format", f"{source.resource} 不是数据库表数据源 · this source sends {source.format.kind}, not a table")
        query = source.format.query or store.table_query(source.format.table)
        return store.keep_blocks(settings, _snapshot(path, query)), "message"
    place = Path(path)
    if not place.is_file():
        raise BadDelivery("missing_file", f"找不到文件 {place.name} · there is no such file")
    return store.keep_file(settings, place), "file"


def _snapshot(url: str, query: str) -> Iterator[bytes]:
    for names, rows in store.read_table(url, query):
        for row in rows:
            yield (json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False) + "\n").encode()


def message_of(source: Source, rows: Sequence[Mapping[str, str]]) -> bytes:
    """Pushed records as JSON Lines by column name. Keys may be the department's column names or the pack's fields."""
    known = {folded_name(column.name): column.name for column in source.columns}
    known |= {column.field: column.name for column in source.columns}
    ignored = {folded_name(name) for name in source.ignored}
    lines = []
    for number, row in enumerate(rows, start=1):
        cells = dict.fromkeys((column.name for column in source.columns), "")
        for key, value in row.items():
            name = known.get(folded_name(key))
            if name is not None:
                cells[name] = _text(key, value)
            elif folded_name(key) not in ignored:
                raise BadDelivery(
                    "new_column", f"第 {number} 条：未登记的列“{sound_text(key)}” · record {number} has a column the pack does not know"
                )
        lines.append(json.dumps(cells, ensure_ascii=False))
    return ("\n".join(lines) + "\n").encode()


def _text(key: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return sound_text(str(value))
    raise BadValue(key, "is a list or an object", "send one text a column")


def plain_name(name: str) -> str:
    """A file name without folders; names that try to leave their folder are refused."""
    if "\0" in name or name in (".", "..") or "/" in name or "\\" in name:
        raise BadDelivery("bad_name", "文件名含路径，请只用文件名 · the file name holds a path: send a plain name")
    if len(name.encode()) > 255 or not name.strip():
        raise BadDelivery("bad_name", "文件名为空或过长 · the file name is empty or too long")
    return name


def enter(session: Session, source: Source, kept: KeptFile, arrival: Arrival, form: str) -> tuple[Delivery, bool]:
    """The delivery of this content, and whether it was there before.

    The same content again is the same delivery, unless the source has sent something newer since and the
    content speaks of a later day again: then the old state has come back, which is news.
    """
    delivery_id = queries.next_id(session)
    as_of = arrival.as_of or day_in_name(source, arrival.file_name) or arrival.received_at[:10]
    for earlier in queries.deliveries(session, queries.SAME_CONTENT, resource=source.resource, sha256=kept.sha256):
        if earlier.state != "collected" or source.delivery == "append" or not _superseded(session, earlier, as_of, form):
            return earlier, True
    mode = source.delivery if form == "file" or source.delivery == "append" else "changes"
    if form == "message" and source.format.kind == "table" and arrival.file_name != MESSAGE_NAME:
        mode = source.delivery
    delivery = Delivery(
        delivery_id=delivery_id,
        resource=source.resource,
        sha256=kept.sha256,
        size=kept.size,
        file_name=arrival.file_name,
        form=form,
        mode=mode,
        as_of=as_of,
        received_at=arrival.received_at,
        received_from=arrival.received_from,
        state="received",
        reason="",
        message="",
        receipt="{}",
    )
    queries.add_delivery(session, delivery)
    return delivery, False


MESSAGE_NAME = "message.jsonl"
"""The name of a pushed message."""


def _superseded(session: Session, earlier: Delivery, as_of: str, form: str) -> bool:
    asked = {"resource": earlier.resource, "as_of": earlier.as_of, "delivery_id": earlier.delivery_id}
    newer = session.one(queries.NEWER, asked)
    return bool(newer and newer[0]) and (as_of > earlier.as_of or (form == "message" and as_of >= earlier.as_of))
