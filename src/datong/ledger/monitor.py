"""A monitor: a department follows the city's published log and holds it against its own outbox.

A witness sees that nothing written is changed; only who knows what *should* stand there can see that it never came. The monitor reads every
new entry once, recomputes the root from what it remembers, and names the entries that are missing, altered or late.
"""

from __future__ import annotations

import base64
import http.client
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from datong.domain.errors import BadValue, BrokenLedger, Missing
from datong.ledger import merkle
from datong.ledger.checkpoint import Checkpoint
from datong.ledger.cosign import SECONDS
from datong.ledger.note import VerifierKey
from datong.ledger.policy import Policy, Trusted, of
from datong.ledger.receipt import open_receipt
from datong.ledger.tiles import TILE_HEIGHT, TILE_WIDTH, Tile, unbundle
from datong.store import Session, Store

MOST_FILE = 32 * 1024 * 1024
"""Bytes of one file of a log: 256 entries of 64 KiB and their lengths fit."""
_TABLES = (
    """CREATE TABLE IF NOT EXISTS monitor_log (origin TEXT PRIMARY KEY, size INTEGER NOT NULL, note TEXT NOT NULL, edge TEXT NOT NULL,
    seen_at TEXT NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS monitor_expected (origin TEXT NOT NULL, leaf BLOB NOT NULL, promised_by TEXT NOT NULL, place INTEGER,
    about TEXT NOT NULL, unread INTEGER NOT NULL, found INTEGER, missed_at TEXT NOT NULL DEFAULT '', PRIMARY KEY (origin, leaf))""",
    "CREATE INDEX IF NOT EXISTS monitor_open ON monitor_expected (origin, found)",
)
_LOG = "SELECT size, note, edge FROM monitor_log WHERE origin = :origin"
_KEEP_LOG = """
INSERT INTO monitor_log (origin, size, note, edge, seen_at) VALUES (:origin, :size, :note, :edge, :now)
ON CONFLICT (origin) DO UPDATE SET size = excluded.size, note = excluded.note, edge = excluded.edge, seen_at = excluded.seen_at"""
_EXPECT = """
INSERT INTO monitor_expected (origin, leaf, promised_by, place, about, unread)
VALUES (:origin, :leaf, :promised_by, :place, :about, coalesce((SELECT size FROM monitor_log WHERE origin = :origin), 0))
ON CONFLICT (origin, leaf) DO NOTHING"""
_OPEN = """
SELECT leaf, promised_by, place, about, missed_at FROM monitor_expected WHERE origin = :origin AND found IS NULL ORDER BY promised_by"""
_PASSED = "SELECT 1 FROM monitor_expected WHERE origin = :origin AND found IS NULL AND place IS NULL AND unread > 0 LIMIT 1"
_READ = "UPDATE monitor_expected SET unread = 0 WHERE origin = :origin AND unread > 0"
_FOUND = "UPDATE monitor_expected SET found = :found WHERE origin = :origin AND leaf = :leaf AND found IS NULL"
_MISSED = "UPDATE monitor_expected SET missed_at = :now WHERE origin = :origin AND leaf = :leaf AND missed_at = ''"
_COUNTS = "SELECT count(*), count(found) FROM monitor_expected WHERE origin = :origin"


class LogFiles(Protocol):
    """Where a log's static files are read."""

    def get(self, path: str) -> bytes:
        """One file; Missing when there is none."""


@dataclass(frozen=True)
class FolderLog:
    """A log as a folder of files."""

    folder: Path

    def get(self, path: str) -> bytes:
        """One file; Missing when there is none."""
        try:
            return (self.folder / path).read_bytes()
        except OSError:
            raise Missing(f"The log has no {path}.") from None


@dataclass(frozen=True)
class HttpLog:
    """A log at an address, for example https://city.example/api/v1/ledger."""

    url: str

    def get(self, path: str) -> bytes:
        """One file; Missing when there is none, or no answer."""
        parts = urlsplit(self.url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(parts.netloc, timeout=SECONDS)
        try:
            connection.request("GET", f"{parts.path.removesuffix('/')}/{path}")
            answer = connection.getresponse()
            content = answer.read(MOST_FILE)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Missing(f"The log does not answer for {path} ({type(error).__name__}).") from None
        finally:
            connection.close()
        if answer.status != 200:
            raise Missing(f"The log has no {path} (status {answer.status}).")
        return content


def open_log(place: str) -> LogFiles:
    """The log at an address or in a folder."""
    return HttpLog(place) if place.startswith(("http://", "https://")) else FolderLog(Path(place))


@dataclass(frozen=True)
class Expected:
    """An entry that the log must come to hold: hash, deadline (ISO text in UTC), place if known, the department's word for it."""

    leaf: bytes
    promised_by: str
    place: int | None = None
    about: str = ""


@dataclass(frozen=True)
class Finding:
    """An entry that is not as promised: `missing`, `altered` (another stands at its place), `late`."""

    kind: str
    expected: Expected
    message: str


@dataclass(frozen=True)
class Watch:
    """What one visit to the log has shown."""

    trusted: Trusted
    read: int
    expected: int
    found: int
    findings: tuple[Finding, ...]


class Monitor:
    """Follows one or more logs with a small store of its own."""

    def __init__(self, store: Store) -> None:
        self._store = store
        with store.session() as session:
            for table in _TABLES:
                session.run(table)

    def expect(self, origin: str, entries: Iterable[Expected]) -> int:
        """Put entries on the list of what the log must come to hold; how many were named. The same entry twice counts once.

        Where the log was read past them already, the next visit looks back: by a proof where the place is known, else by
        reading everything again.
        """
        rows = [
            {"origin": origin, "leaf": one.leaf, "promised_by": one.promised_by, "place": one.place, "about": one.about} for one in entries
        ]
        with self._store.session() as session:
            session.many(_EXPECT, rows)
        return len(rows)

    def visit(self, log: LogFiles, trust: VerifierKey | Policy, now: str, progress: Callable[[int], None] = lambda read: None) -> Watch:
        """Read what the log has published since the last visit, and say what is not as promised.

        Raises BrokenLedger when the log does not continue what was seen, or its files do not give the signed root; nothing is
        forgotten then. `progress` is told how many entries are read.
        """
        note = log.get("checkpoint").decode("utf-8", "replace")
        trusted = of(trust).require(note)
        head, origin = trusted.checkpoint, trusted.checkpoint.origin
        with self._store.session() as session:
            row = session.one(_LOG, {"origin": origin})
            size = int(row[0]) if row else 0
            if head.size < size:
                raise BrokenLedger(
                    f"The log shows {head.size} entries, but has shown {size} before: it was cut, or an old state is held out."
                )
            edge = _read_edge(row[2] if row else "[]", size)
            again = session.one(_PASSED, {"origin": origin}) is not None
            walk = _Walk(session, origin, 0, {}) if again else _Walk(session, origin, size, edge)
            walk.to(log, size, head.size, progress)
            if walk.edge != edge:
                raise BrokenLedger(f"The first {size} entries are not those that were seen before: the log was rewritten.")
            walk.to(log, head.size, head.size, progress)
            if walk.root() != head.root:
                raise BrokenLedger(
                    f"The first {size} entries as seen before, and those after them as shown, do not give the root signed over "
                    f"{head.size}: the log was rewritten, or shows its entries otherwise than it signed them."
                )
            session.run(_KEEP_LOG, {"origin": origin, "size": head.size, "note": note, "edge": walk.edge_text(), "now": now})
            walk.look_back(log, head)
            session.run(_READ, {"origin": origin})
            findings = (*walk.late, *walk.findings(now))
            counts = session.one(_COUNTS, {"origin": origin})
        assert counts is not None
        return Watch(trusted, head.size - size, int(counts[0]), int(counts[1]), findings)


@dataclass
class _Walk:
    """One pass over a log's new entries."""

    session: Session
    origin: str
    size: int
    edge: dict[merkle.Coordinate, bytes]

    def __post_init__(self) -> None:
        self.first = self.size
        self.late: list[Finding] = []
        rows = [_expected(row) for row in self.session.all(_OPEN, {"origin": self.origin})]
        self.open = {one.leaf: (one, missed) for one, missed in rows}

    def to(self, log: LogFiles, size: int, whole: int, progress: Callable[[int], None]) -> None:
        """Read on to `size` entries of the `whole` that the log shows."""
        while self.size < size:
            index = self.size // TILE_WIDTH
            base, width = index * TILE_WIDTH, min(TILE_WIDTH, whole - index * TILE_WIDTH)
            entries = unbundle(log.get(Tile(0, index, width).entries_path))
            if len(entries) != width:
                raise BrokenLedger(f"A bundle of the log holds {len(entries)} entries; {width} are wanted.")
            self._take([merkle.leaf_hash(entry) for entry in entries[self.size - base : size - base]])
            progress(self.size)

    def root(self) -> bytes:
        """The root over everything read."""
        return merkle.fold([self.edge[one] for one in merkle.cover(0, self.size)]) if self.size else merkle.EMPTY_ROOT

    def look_back(self, log: LogFiles, head: Checkpoint) -> None:
        """Look for what the log was read past before it was expected, by proofs from the tiles."""
        passed = [one for one, _ in self.open.values() if one.place is not None and one.place < self.first]
        lookup = tile_lookup(log, head.size)
        for one in passed:
            proof = merkle.prove_inclusion(one.place or 0, head.size, lookup)
            if merkle.verify_inclusion(one.leaf, one.place or 0, head.size, proof, head.root):
                self._found(one.leaf, one.place or 0)

    def findings(self, now: str) -> list[Finding]:
        """What is not there: `altered` where another entry stands at its place, `missing` where its time is up."""
        found = []
        for expected, _ in self.open.values():
            if expected.place is not None and expected.place < self.size:
                found.append(Finding("altered", expected, f"another entry stands at place {expected.place}"))
            elif datetime.fromisoformat(expected.promised_by) < datetime.fromisoformat(now):
                words = f"promised by {expected.promised_by}; not in the {self.size} entries published"
                found.append(Finding("missing", expected, words))
            else:
                continue
            self.session.run(_MISSED, {"now": now, "origin": self.origin, "leaf": expected.leaf})
        return found

    def edge_text(self) -> str:
        """The few hashes that going on needs, as text."""
        return json.dumps([base64.b64encode(self.edge[one]).decode() for one in merkle.cover(0, self.size)])

    def _take(self, hashes: Sequence[bytes]) -> None:
        for place, leaf in enumerate(hashes, self.size):
            if leaf in self.open:
                self._found(leaf, place)
        made = {(level, index): digest for level, index, digest in merkle.grow(self.size, hashes, self.edge)}
        tree = {**self.edge, **made, **{(0, self.size + offset): digest for offset, digest in enumerate(hashes)}}
        self.size += len(hashes)
        self.edge = {one: tree[one] for one in merkle.cover(0, self.size)}

    def _found(self, leaf: bytes, place: int) -> None:
        self.session.run(_FOUND, {"found": place, "origin": self.origin, "leaf": leaf})
        expected, missed = self.open.pop(leaf)
        if missed:
            self.late.append(
                Finding("late", expected, f"promised by {expected.promised_by}; still missing on {missed}; now at place {place}")
            )


def tile_lookup(log: LogFiles, size: int) -> merkle.Lookup:
    """The hashes of a log's subtrees, read from the tiles of a tree of `size`; nothing of it is believed until a proof holds."""
    tiles: dict[tuple[int, int], bytes] = {}

    def one(level: int, index: int) -> bytes:
        kept, above = divmod(level, TILE_HEIGHT)
        first = index << above
        place = (kept, first // TILE_WIDTH)
        if place not in tiles:
            width = min(TILE_WIDTH, (size >> (kept * TILE_HEIGHT)) - place[1] * TILE_WIDTH)
            tiles[place] = log.get(Tile(kept, place[1], width).path)
        start = first % TILE_WIDTH * merkle.HASH_SIZE
        data = tiles[place][start : start + (merkle.HASH_SIZE << above)]
        row = [data[at : at + merkle.HASH_SIZE] for at in range(0, len(data), merkle.HASH_SIZE)]
        if len(row) != 1 << above:
            raise BrokenLedger("A tile of the log is cut off.")
        while len(row) > 1:
            row = [merkle.node_hash(left, right) for left, right in zip(row[::2], row[1::2], strict=True)]
        return row[0]

    return lambda wanted: {(level, index): one(level, index) for level, index in wanted}


def read_outbox(lines: Iterable[str], key: VerifierKey) -> list[Expected]:
    """A department's outbox: one JSON mapping a line, with `receipt` (the signed note), or `leaf` (hexadecimal) and `promised_by`;
    `place` and `about` if known. BadValue names the line that is wrong; a receipt that the log did not sign is.
    """
    found = []
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        try:
            found.append(_outbox_line(json.loads(text), key))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise BadValue("outbox", f"line {number} is none", "write a mapping with receipt, or with leaf and promised_by") from None
        except BrokenLedger as error:
            raise BadValue("outbox", f"line {number}: {error.message}", "ask the city for the receipt again") from None
    return found


def _outbox_line(given: dict[str, Any], key: VerifierKey) -> Expected:
    place, about = given.get("place"), str(given.get("about", ""))
    if place is not None and (not isinstance(place, int) or place < 0):
        raise ValueError
    if "receipt" in given:
        receipt = open_receipt(given["receipt"], key)
        return Expected(receipt.leaf, receipt.promised_by, place, about)
    leaf, by = bytes.fromhex(given["leaf"]), str(given["promised_by"])
    if len(leaf) != merkle.HASH_SIZE or datetime.fromisoformat(by).tzinfo is None:
        raise ValueError
    return Expected(leaf, by, place, about)


def _expected(row: Sequence[Any]) -> tuple[Expected, str]:
    leaf, promised_by, place, about, missed = row
    return Expected(bytes(leaf), promised_by, None if place is None else int(place), about), missed


def _read_edge(text: str, size: int) -> dict[merkle.Coordinate, bytes]:
    hashes = [base64.b64decode(one) for one in json.loads(text)]
    return dict(zip(merkle.cover(0, size), hashes, strict=True))
