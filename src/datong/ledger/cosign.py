"""The log's side of witnessing: ask the policy's witnesses to cosign the newest checkpoint, and publish it once enough have.

Witnesses are asked outside any transaction, all at once: a slow or dead one holds nobody up but itself.
"""

from __future__ import annotations

import http.client
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

from datong.domain.errors import BrokenLedger
from datong.ledger import log, queries
from datong.ledger.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint
from datong.ledger.cosignature import time_of
from datong.ledger.note import VerifierKey, split_note
from datong.ledger.policy import Policy, Witness
from datong.ledger.witness import MOST_REQUEST, request_text
from datong.store import Session, Store

SECONDS = 10.0
"""How long one witness may take."""
ROUNDS = 3
"""Requests to one witness in a row: the second says what the first was told in a 409."""
COSIGNED = "cosigned"

Sent = tuple[int, str]
Send = Callable[[str, bytes], Sent]
"""Posts a body to an address: status and body of the answer; OSError when there is none."""


@dataclass(frozen=True)
class Asked:
    """What one witness said last, and how far it has seen the log as far as is known."""

    name: str
    size: int
    outcome: str
    asked_at: str = ""

    @property
    def cosigned(self) -> bool:
        """Whether it cosigned when it was asked last."""
        return self.outcome == COSIGNED


@dataclass(frozen=True)
class Cosigning:
    """How the log stands with its witnesses. `size` is signed, `published` entries stand under a quorum (-1: none ever did)."""

    size: int
    published: int
    wanted: str
    witnesses: tuple[Asked, ...]

    @property
    def complete(self) -> bool:
        """Whether the newest checkpoint has its quorum."""
        return self.published == self.size


def collect_cosignatures(store: Store, key: VerifierKey, policy: Policy, now: str, send: Send | None = None) -> Cosigning:
    """Ask every witness with an address that has not cosigned the newest checkpoint yet; keep what they say.

    What they verifiably cosigned counts, whatever else they answer. Safe to repeat; a checkpoint must be signed already.
    """
    with store.session(read_only=True) as session:
        note = log.newest_checkpoint(session)
        if note is None:
            return Cosigning(0, -1, policy.wanted(), ())
        head = open_checkpoint(note, key)
        have = {str(row[0]) for row in session.all(queries.COSIGNATURES, {"size": head.size})}
        known = {str(row[0]): int(row[1]) for row in session.all(queries.WITNESSES)}
    waiting = [one for one in policy.witnesses if one.url and str(one.key) not in have]
    asking = _Asking(store, note, head, send or post)
    answers = asking.ask(waiting, known)
    with store.session() as session:
        for one in waiting:
            answer = answers[one.name]
            if answer.line:
                seconds = time_of(split_note(f"{head.body()}\n{answer.line}")[1][0])
                session.run(queries.ADD_COSIGNATURE, {"size": head.size, "witness": str(one.key), "line": answer.line, "at": seconds})
            session.run(queries.ADD_WITNESS, {"witness": str(one.key), "size": answer.size, "outcome": answer.outcome, "now": now})
        whole = cosigned_note(session, note, policy)
        if policy.check(whole).quorum:
            session.run(queries.ADD_PUBLISHED, {"size": head.size, "note": whole, "now": now})
        return cosigning_of(session, policy)


def cosigning_of(session: Session, policy: Policy) -> Cosigning:
    """How the log stands with the policy's witnesses, as far as they were asked."""
    note = log.newest_checkpoint(session)
    published = session.one(queries.NEWEST_PUBLISHED)
    told = {str(row[0]): row for row in session.all(queries.WITNESSES)}
    asked = []
    for one in policy.witnesses:
        row = told.get(str(one.key))
        asked.append(Asked(one.name, int(row[1]), str(row[2]), str(row[3])) if row else Asked(one.name, 0, "not asked yet"))
    size = parse_checkpoint(split_note(note)[0]).size if note else 0
    return Cosigning(size, int(published[0]) if published else -1, policy.wanted(), tuple(asked))


def cosigned_note(session: Session, note: str, policy: Policy) -> str:
    """A checkpoint with the cosignatures that the policy's witnesses have given it so far, in the policy's order."""
    size = parse_checkpoint(split_note(note)[0]).size
    lines = {str(witness): str(line) for witness, line in session.all(queries.COSIGNATURES, {"size": size})}
    return note + "".join(lines[str(one.key)] for one in policy.witnesses if str(one.key) in lines)


def newest_published(session: Session) -> str | None:
    """The newest checkpoint that a quorum has cosigned; nothing when none has, or no witness is asked for."""
    row = session.one(queries.NEWEST_PUBLISHED)
    return str(row[1]) if row else None


def post(url: str, body: bytes) -> Sent:
    """Send a body; the status and text of the answer. OSError when no answer comes in time."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=SECONDS)
    try:
        connection.request("POST", parts.path or "/", body, {"Content-Type": "text/plain; charset=utf-8"})
        answer = connection.getresponse()
        return answer.status, answer.read(MOST_REQUEST).decode("utf-8", "replace")
    except (http.client.HTTPException, ValueError) as error:
        raise OSError(type(error).__name__) from None
    finally:
        connection.close()


@dataclass(frozen=True)
class _Answer:
    """One witness's last answer: the cosignature's line, if it gave one that holds; how far it has seen; what to tell people."""

    line: str
    size: int
    outcome: str
    again: bool = False


@dataclass(frozen=True)
class _Asking:
    """One checkpoint on its way to the witnesses."""

    store: Store
    note: str
    head: Checkpoint
    send: Send

    def ask(self, witnesses: Sequence[Witness], known: Mapping[str, int]) -> dict[str, _Answer]:
        """What each witness says to the checkpoint, by its name."""
        answers = {one.name: _Answer("", known.get(str(one.key), 0), "", again=True) for one in witnesses}
        if not witnesses:
            return answers
        with ThreadPoolExecutor(min(len(witnesses), 32), thread_name_prefix="witness") as threads:
            for _ in range(ROUNDS):
                left = [one for one in witnesses if answers[one.name].again]
                if not left:
                    break
                bodies = self._bodies([answers[one.name].size for one in left])
                jobs = {one.name: threads.submit(self._one, one, answers[one.name].size, bodies) for one in left}
                answers.update((name, job.result()) for name, job in jobs.items())
        return answers

    def _bodies(self, sizes: Sequence[int]) -> dict[int, bytes]:
        """The request for each old size."""
        bodies = {}
        with self.store.session(read_only=True) as session:
            for old in set(sizes):
                proof = log.consistency(session, old, self.head.size) if 0 < old < self.head.size else []
                bodies[old] = request_text(old, proof, self.note).encode()
        return bodies

    def _one(self, witness: Witness, old: int, bodies: Mapping[int, bytes]) -> _Answer:
        if old > self.head.size:
            return _Answer("", old, f"has seen {old} entries, but the log has {self.head.size}: the log was set back")
        try:
            status, body = self.send(f"{witness.url}/add-checkpoint", bodies[old])
        except OSError as error:
            return _Answer("", old, f"no answer ({type(error).__name__})")
        if status == 200:
            line = self._line_of(witness, body)
            return _Answer(line, self.head.size, COSIGNED) if line else _Answer("", old, "answered without a cosignature that holds")
        size = body.strip()
        if status == 409 and size.isascii() and size.isdigit() and len(size) < 20 and int(size) != old:
            return _Answer("", int(size), f"has seen {size} entries", again=True)
        if status == 409 or status == 422:
            return _Answer("", old, "says that this checkpoint does not continue what it has seen")
        return _Answer("", old, f"refused with status {status}")

    def _line_of(self, witness: Witness, body: str) -> str:
        """The witness's own line in its answer, once it is verified; nothing when there is none."""
        text = self.head.body()
        for line in body.splitlines(keepends=True):
            try:
                _, (signature,) = split_note(f"{text}\n{line}")
            except (BrokenLedger, ValueError):
                continue
            if (signature.name, signature.key_id) == (witness.key.name, witness.key.key_id) and witness.key.verify(
                text, signature.signature
            ):
                return line
        return ""
