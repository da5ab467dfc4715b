"""Verify the whole record: every line against its leaf, every leaf against the tree, the tree against what was signed.

One pass in the order of the log, a stretch at a time, so that memory does not grow with the city. The stretches can be recomputed
by several processes at once; what joins them is done here.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from datong.domain.errors import BrokenLedger
from datong.ledger import merkle, queries, runs
from datong.ledger.checkpoint import Checkpoint, open_checkpoint
from datong.ledger.erasure import ERASURE
from datong.ledger.line import Line, leaf_entry
from datong.ledger.log import leaf_index_of
from datong.ledger.merkle import Coordinate
from datong.ledger.note import VerifierKey
from datong.ledger.verify_run import MOST_PROCESSES, STRETCH, WORTH_IT, Run, Task, cores, verifier
from datong.store import Row, Session

MOST_FLAWS = 100
"""Flaws told one by one; the rest are counted."""


@dataclass(frozen=True)
class Flaw:
    """One thing that does not hold: a stable word, the index in the log (or the size of a tree), a sentence."""

    kind: str
    index: int
    message: str


@dataclass(frozen=True)
class Report:
    """What a verification found. `covered` entries stand under a sound checkpoint; the rest wait for the next one."""

    size: int
    root: str
    lines: int
    erased: int
    checkpoints: int
    covered: int
    flaws: tuple[Flaw, ...] = ()
    more_flaws: int = 0

    @property
    def sound(self) -> bool:
        """Whether everything holds."""
        return not self.flaws


def verify_log(session: Session, vkey: str | VerifierKey, known: Sequence[str] = (), processes: int = 0) -> Report:
    """Recompute the record and say whether it is sound. `known` are checkpoints kept elsewhere (a department's, an
    auditor's): whoever rewrites a log must also get at those. Never raises for an unsound record: the report tells.

    `processes` share the work where the record is long enough, by default as many as there are cores, up to MOST_PROCESSES. They
    see what is committed; a stretch that this session has written to is verified here.
    """
    processes = processes or min(cores(), MOST_PROCESSES)
    key = VerifierKey.parse(vkey) if isinstance(vkey, str) else vkey
    walk = _Walk(session, key, queries.size_of(session), list(known))
    if walk.size < WORTH_IT * STRETCH:
        processes = 1
    with verifier(session, processes) as verify:
        for task, run in verify(walk.tasks()):
            walk.step(task[0], task[1], run)
    if processes < 2:
        walk.finish()
        return walk.report()
    with session.store.session(read_only=True) as later:  # another process may have seen an erasure that came after this session began
        walk.session = later
        walk.finish()
    return walk.report()


@dataclass
class _Walk:
    """The state of one pass: what has been recomputed so far, what was counted, what does not hold."""

    session: Session
    key: VerifierKey
    size: int
    known: list[str]
    lines: int = 0
    checkpoints: int = 0
    covered: int = 0
    flaws: list[Flaw] = field(default_factory=list)
    more_flaws: int = 0
    absent: list[list[int]] = field(default_factory=list)
    erased: list[list[int]] = field(default_factory=list)
    edge: dict[Coordinate, bytes] = field(default_factory=dict)
    outside: list[Checkpoint] = field(default_factory=list)
    heads: dict[int, list[Checkpoint]] = field(default_factory=dict)
    """What was signed within each stretch that is in hand, by its beginning."""

    indexed: dict[str, int] = field(default_factory=lambda: dict.fromkeys(runs.COLUMNS, 0))

    def __post_init__(self) -> None:
        for note in self.known:
            if (checkpoint := self._opened(note, -1)) is not None:
                self.outside.append(checkpoint)

    def tasks(self) -> Iterator[Task]:
        """The stretches, each with the subtrees in it that its checkpoints and the next stretch need."""
        for start in range(0, self.size, STRETCH):
            end = min(start + STRETCH, self.size)
            self.heads[start] = self._heads(start, end)
            sizes = {end, *(head.size for head in self.heads[start])}
            yield start, end, tuple({one for size in sizes for one in merkle.cover(start, size)})

    def step(self, start: int, end: int, run: Run | None) -> None:
        """Take up one stretch of the log; where something in it does not hold, verify it once more, line by line."""
        above = self._joined(start, end, run) if run is not None else None
        if run is not None and above is not None:
            tree = {**self.edge, **run.tree, **above}
            self.lines += run.lines
            for first, last in run.absent:
                _extend(self.absent, range(first, last + 1))
            for row in run.erasures:
                self._note_erasure(row)
            self._count_indexed(run.indexed)
        else:
            self._check_index(start, end)
            leaves = self._leaves(start, end)
            self._check_lines(start, end, leaves)
            hashes = [merkle.leaf_hash(entry) for entry in leaves]
            made = {(level, index): digest for level, index, digest in merkle.grow(start, hashes, self.edge)}
            self._check_nodes(made, hashes, start)
            tree = {**self.edge, **made, **{(0, start + offset): digest for offset, digest in enumerate(hashes)}}
        self._check_checkpoints(self.heads.pop(start), tree)
        self.edge = {coordinate: tree[coordinate] for coordinate in merkle.cover(0, end)}

    def _joined(self, start: int, end: int, run: Run) -> dict[Coordinate, bytes] | None:
        """The subtrees that a whole stretch completes together with those before it; nothing when the store holds others."""
        made: dict[Coordinate, bytes] = {}
        level, index = STRETCH.bit_length() - 1, start // STRETCH
        if end - start < STRETCH:
            return made
        digest = run.tree[(level, index)]
        while index & 1:
            digest = merkle.node_hash(self.edge[(level, index - 1)], digest)
            level, index = level + 1, index >> 1
            kept = self.session.all(queries.NODE_HASHES, {"level": level, "start": index, "end": index + 1})
            if [bytes(row[0]) for row in kept] != [digest]:
                return None
            made[(level, index)] = digest
        return made

    def finish(self) -> None:
        """Look at what lies beyond the log's end, and at the lines that are not there."""
        rows = self.session.all(queries.LINE_RANGE, {"start": self.size, "end": 1 << 62})
        now = queries.size_of(self.session)
        for row in rows:
            self._note_erasure(row)
        if orphans := [int(row[0]) for row in rows if int(row[0]) >= now]:
            self._flaw("line_without_leaf", min(orphans), f"{len(orphans)} lines stand beyond the end of the log.")
        if now == self.size:
            self._check_node_counts()
        beyond = self.session.one(queries.CHECKPOINTS_BEYOND, {"size": now})
        sizes = [int(beyond[1])] if beyond and beyond[0] else []
        for size in sizes + [one.size for one in self.outside if one.size > now]:
            self._flaw("truncated", size, f"A checkpoint over {size} entries was signed, but the log has {now}.")
        if self.session.dialect == "sqlite":
            for key in runs.surplus(self.session, self.indexed):
                self._flaw("index", 0, f"The index by {key} has other lines than the record; `datong ledger index` makes it anew.")
        for first, last in _uncovered(self.absent, self.erased):
            self._flaw("line_missing", first, f"The lines of entries {first} to {last} are gone, and no erasure says so.")

    def report(self) -> Report:
        """The outcome."""
        root = merkle.fold([self.edge[one] for one in merkle.cover(0, self.size)]) if self.size else merkle.EMPTY_ROOT
        gone = sum(last - first + 1 for first, last in self.absent)
        flaws = tuple(sorted(self.flaws, key=lambda flaw: flaw.index))
        shown = base64.b64encode(root).decode()
        return Report(self.size, shown, self.lines, gone, self.checkpoints, self.covered, flaws, self.more_flaws)

    def _check_index(self, start: int, end: int) -> None:
        """Tell where lines are not to be found by their subject or actor as they stand."""
        if self.session.dialect == "sqlite":
            counted, wrong = runs.unfound(self.session, start, end)
            self._count_indexed(counted)
            for key in wrong:
                told = f"Lines of entries {start} to {end - 1} are not found by their {key} as they stand"
                self._flaw("index", start, f"{told}; `datong ledger index` makes the index anew.")

    def _count_indexed(self, counted: dict[str, int]) -> None:
        for key, number in counted.items():
            self.indexed[key] += number

    def _leaves(self, start: int, end: int) -> list[bytes]:
        """The entries of a stretch; a lost one is told and stands empty."""
        entries = [b""] * (end - start)
        lost = set(range(start, end))
        for index, entry, digest in self.session.all(queries.LEAF_RANGE, {"start": start, "end": end}):
            if isinstance(entry, str):  # SQLite keeps what it is given
                self._flaw("leaf", index, f"Entry {index} is kept as text.")
                entry = entry.encode(errors="replace")
            entries[index - start] = bytes(entry)
            lost.discard(index)
            if merkle.leaf_hash(bytes(entry)) != digest:
                self._flaw("leaf", index, f"Entry {index} does not give the hash stored with it.")
        for index in sorted(lost):
            self._flaw("leaf_missing", index, f"Entry {index} is gone from the log.")
        return entries

    def _check_lines(self, start: int, end: int, leaves: Sequence[bytes]) -> None:
        there = set()
        for row in self.session.all(queries.LINE_RANGE, {"start": start, "end": end}):
            index, salt = int(row[0]), row[10]
            if not salt:
                continue
            there.add(index)
            self.lines += 1
            if not all(isinstance(value, str) for value in row[1:]):
                self._flaw("line", index, f"The line of entry {index} holds what is no text.")
            elif leaf_index_of(row[1]) != index:
                self._flaw("line", index, f"The line of entry {index} carries the id of another place.")
            elif _entry_of(row) != leaves[index - start]:
                self._flaw("line", index, f"The line of entry {index} is not the one that was logged.")
            else:
                self._note_erasure(row)
        if len(there) < end - start:
            _extend(self.absent, (index for index in range(start, end) if index not in there))

    def _note_erasure(self, row: Row) -> None:
        """Remember which lines a line says were erased; all earlier than itself."""
        if row[3] == ERASURE:
            before = int(row[0]) - 1
            self.erased.extend([first, min(last, before)] for first, last in _stretches(row[9]) if first <= before)

    def _check_nodes(self, made: dict[Coordinate, bytes], hashes: Sequence[bytes], start: int) -> None:
        """Compare recomputed subtrees with the stored ones; a wrong one hides those it makes wrong above it."""
        stored = self.session.all(queries.LEAF_HASHES, {"start": start, "end": start + len(hashes)})
        wrong = {start + i for i, (row, digest) in enumerate(zip(stored, hashes, strict=False)) if bytes(row[0]) != digest}
        by_level: dict[int, dict[int, bytes]] = {}
        for (level, index), digest in made.items():
            by_level.setdefault(level, {})[index] = digest
        for level in sorted(by_level):
            row = by_level[level]
            below, wrong = wrong, set()
            bounds = {"level": level, "start": min(row), "end": max(row) + 1}
            kept = {int(index): bytes(digest) for index, digest in self.session.all(queries.NODE_RANGE, bounds)}
            for index, digest in row.items():
                if kept.get(index) == digest:
                    continue
                wrong.add(index)
                if not below & {2 * index, 2 * index + 1}:
                    first, last = index << level, ((index + 1) << level) - 1
                    self._flaw("tree", first, f"The tree over entries {first} to {last} does not give its stored hash (level {level}).")

    def _heads(self, start: int, end: int) -> list[Checkpoint]:
        """Every checkpoint signed within the stretch, whoever keeps it; one that cannot be trusted is told."""
        heads = [one for one in self.outside if start < one.size <= end]
        for query in (queries.CHECKPOINT_RANGE, queries.PUBLISHED_RANGE):
            for size, note in self.session.all(query, {"start": start, "end": end}):
                head = self._opened(note, int(size))
                if head is not None and head.size != size:
                    self._flaw("checkpoint", int(size), f"The checkpoint kept for {size} entries speaks of {head.size}.")
                elif head is not None and (query == queries.CHECKPOINT_RANGE or head not in heads):
                    heads.append(head)
        return heads

    def _check_checkpoints(self, heads: Sequence[Checkpoint], tree: dict[Coordinate, bytes]) -> None:
        """Every checkpoint signed within the stretch must name the root of just these entries; so all of them agree."""
        for head in heads:
            self.checkpoints += 1
            if merkle.fold([tree[one] for one in merkle.cover(0, head.size)]) == head.root:
                self.covered = max(self.covered, head.size)
            else:
                self._flaw("rewritten", head.size, f"The first {head.size} entries are not those that a checkpoint was signed over.")

    def _check_node_counts(self) -> None:
        counts = {int(level): (int(number), int(last)) for level, number, last in self.session.all(queries.NODE_COUNTS)}
        for level in sorted(set(counts) | set(range(1, self.size.bit_length()))):
            wanted = self.size >> level
            number, last = counts.get(level, (0, -1))
            if last >= wanted:
                self._flaw("tree", wanted << level, f"Level {level} of the tree reaches beyond the end of the log.")
            elif number < wanted:
                self._flaw("tree", 0, f"Level {level} of the tree has {number} hashes; {wanted} are wanted.")

    def _opened(self, note: str, size: int) -> Checkpoint | None:
        try:
            return open_checkpoint(note, self.key)
        except BrokenLedger as error:
            self._flaw("signature", size, f"A checkpoint cannot be trusted: {error.message}")
            return None

    def _flaw(self, kind: str, index: int, message: str) -> None:
        if len(self.flaws) < MOST_FLAWS:
            self.flaws.append(Flaw(kind, index, message))
        else:
            self.more_flaws += 1


def _entry_of(row: Row) -> bytes:
    """The leaf that a stored line must have."""
    _, _, at, kind, subject, actor, department, unit, purpose, body, salt = row
    try:
        if bytes.fromhex(salt).hex() != salt:
            return b""
        return leaf_entry(Line(kind, at, subject, actor, department, unit, purpose), body, bytes.fromhex(salt))
    except ValueError:
        return b""


def _stretches(body: str) -> list[list[int]]:
    """The stretches that an erasure's body names; none when it is malformed."""
    try:
        named: Any = json.loads(body)["erased"]
        return [[int(first), int(last)] for first, last in named]
    except (ValueError, KeyError, TypeError):
        return []


def _extend(ranges: list[list[int]], indices: Iterable[int]) -> None:
    for index in indices:
        if ranges and ranges[-1][1] == index - 1:
            ranges[-1][1] = index
        else:
            ranges.append([index, index])


def _uncovered(absent: Sequence[Sequence[int]], erased: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """The parts of `absent` that no stretch of `erased` covers."""
    left = []
    covers = sorted((first, last) for first, last in erased)
    at = 0
    for first, last in absent:
        while at < len(covers) and covers[at][1] < first:
            at += 1
        position = at
        while first <= last and position < len(covers) and covers[position][0] <= last:
            if covers[position][0] > first:
                left.append((first, covers[position][0] - 1))
            first = max(first, covers[position][1] + 1)
            position += 1
        if first <= last:
            left.append((first, last))
    return left
