"""A witness (c2sp.org/tlog-witness): it remembers how far it has seen each log grow, and cosigns only what continues that.

Any department can run one, with a key and a small store of its own. It needs nothing of what the log says: size and root are
enough to notice that a log was rewritten, cut or forked. What a log signed and the witness refused is kept: it is evidence.
"""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from datong.domain.errors import BadSettings, BrokenLedger
from datong.ledger import merkle
from datong.ledger.checkpoint import Checkpoint, parse_checkpoint
from datong.ledger.cosignature import Cosigner
from datong.ledger.keys import read_key_file
from datong.ledger.note import KEY_SIZE, VerifierKey, check_name, decode_base64, signers_of, split_note
from datong.settings import write_secret
from datong.store import Session, Store, open_store_file

MOST_REQUEST = 256 * 1024
"""Of one request: a checkpoint with a hundred post-quantum signatures still fits."""
MOST_HASHES = 63
MOST_EVIDENCE = 1000
"""Refused checkpoints kept of one log; whoever holds its key could otherwise fill the disk."""
SIZE_TYPE = "text/x.tlog.size"
TEXT_TYPE = "text/plain; charset=utf-8"
_OLD = re.compile(r"old (0|[1-9][0-9]{0,18})")

_TABLES = (
    """CREATE TABLE IF NOT EXISTS witness_log (origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL,
    note TEXT NOT NULL, cosigned_at INTEGER NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS witness_evidence (origin TEXT NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL,
    note TEXT NOT NULL, request TEXT NOT NULL, why TEXT NOT NULL, seen_at INTEGER NOT NULL, PRIMARY KEY (origin, size, root))""",
)
_SEEN = "SELECT size, root, note, cosigned_at FROM witness_log WHERE origin = :origin"
_SEE = """
INSERT INTO witness_log (origin, size, root, note, cosigned_at) VALUES (:origin, :size, :root, :note, :at)
ON CONFLICT (origin) DO UPDATE SET size = excluded.size, root = excluded.root, note = excluded.note, cosigned_at = excluded.cosigned_at"""
_ALL_SEEN = "SELECT origin, size, root, note, cosigned_at FROM witness_log ORDER BY origin"
_KEEP = """
INSERT INTO witness_evidence (origin, size, root, note, request, why, seen_at)
SELECT :origin, :size, :root, :note, :request, :why, :at
WHERE (SELECT count(*) FROM witness_evidence WHERE origin = :origin) < :most ON CONFLICT DO NOTHING"""
_EVIDENCE = "SELECT origin, size, note, why, seen_at FROM witness_evidence ORDER BY seen_at, size"


@dataclass(frozen=True)
class Reply:
    """What the witness answers: an HTTP status and a body."""

    status: int
    body: str
    content_type: str = TEXT_TYPE


@dataclass(frozen=True)
class Seen:
    """How far the witness has seen one log: the checkpoint it cosigned last, and when (seconds since 1970)."""

    origin: str
    size: int
    root: bytes
    note: str
    cosigned_at: int


@dataclass(frozen=True)
class Evidence:
    """A checkpoint that a log signed and that does not continue what the witness had seen."""

    origin: str
    size: int
    note: str
    why: str
    seen_at: int


@dataclass(frozen=True)
class _Request:
    old: int
    proof: tuple[bytes, ...]
    note: str
    head: Checkpoint


class Witness:
    """One witness: its key, the logs it follows, and its store."""

    def __init__(self, store: Store, cosigner: Cosigner, logs: Sequence[VerifierKey]) -> None:
        self.cosigner = cosigner
        self._store = store
        self._logs: dict[str, list[VerifierKey]] = {}
        for key in logs:
            self._logs.setdefault(key.name, []).append(key)
        with store.session() as session:
            for table in _TABLES:
                session.run(table)

    @property
    def origins(self) -> tuple[str, ...]:
        """The logs it follows."""
        return tuple(self._logs)

    def add_checkpoint(self, body: bytes, now: int) -> Reply:
        """Answer one `add-checkpoint` request at `now` (seconds since 1970), just as the specification says.

        Looking at what was seen before and writing down what is seen now are one durable transaction; only then is signed.
        """
        if len(body) > MOST_REQUEST:
            return Reply(413, "The request is too long.\n")
        try:
            request = _read_request(body)
        except BrokenLedger as error:
            return Reply(400, error.message + "\n")
        keys = self._logs.get(request.head.origin)
        if keys is None:
            return Reply(404, "This witness does not follow that log.\n")
        try:
            text, signers = signers_of(request.note, keys)
        except BrokenLedger as error:
            return Reply(403, error.message + "\n")
        if not signers:
            return Reply(403, "The checkpoint is signed by no key that this witness knows of that log.\n")
        if request.old > request.head.size:
            return Reply(400, "The old size is beyond the checkpoint.\n")
        with self._store.session() as session:
            refused = self._take(session, request, now)
        return refused or Reply(200, self.cosigner.cosign(text, now))

    def seen(self) -> list[Seen]:
        """How far each log was seen; anybody may know it."""
        with self._store.session(read_only=True) as session:
            rows = session.all(_ALL_SEEN)
        return [Seen(origin, int(size), bytes(root), note, int(at)) for origin, size, root, note, at in rows]

    def newest(self, origin: str) -> str | None:
        """The last checkpoint cosigned of a log, with the cosignature of that moment; nothing when none was."""
        with self._store.session(read_only=True) as session:
            row = session.one(_SEEN, {"origin": origin})
        return str(row[2]) + self.cosigner.cosign(split_note(row[2])[0], int(row[3])) if row else None

    def evidence(self) -> list[Evidence]:
        """What logs have signed against their own past, oldest first."""
        with self._store.session(read_only=True) as session:
            rows = session.all(_EVIDENCE)
        return [Evidence(origin, int(size), note, why, int(at)) for origin, size, note, why, at in rows]

    def _take(self, session: Session, request: _Request, now: int) -> Reply | None:
        """Write down the checkpoint when it continues what was seen; otherwise the refusal."""
        head = request.head
        row = session.one(_SEEN, {"origin": head.origin})
        size, root = (int(row[0]), bytes(row[1])) if row else (0, merkle.EMPTY_ROOT)
        if request.old != size:
            return Reply(409, f"{size}\n", SIZE_TYPE)
        if head.size == size and head.root != root:
            self._keep(session, request, "another tree of the same size", now)
            return Reply(409, f"{size}\n", SIZE_TYPE)
        if not _continues(size, root, request):
            self._keep(session, request, "the proof does not lead from what was seen to this", now)
            return Reply(422, "The consistency proof does not hold.\n")
        session.run(_SEE, {"origin": head.origin, "size": head.size, "root": head.root, "note": request.note, "at": now})
        return None

    def _keep(self, session: Session, request: _Request, why: str, now: int) -> None:
        proof = "\n".join(base64.b64encode(one).decode() for one in request.proof)
        head = request.head
        kept = {"origin": head.origin, "size": head.size, "root": head.root, "note": request.note, "why": why, "at": now}
        session.run(_KEEP, {**kept, "request": f"old {request.old}\n{proof}", "most": MOST_EVIDENCE})


def open_witness(folder: Path, logs: Sequence[VerifierKey], name: str = "", kind: bytes = b"\x04") -> Witness:
    """The witness that lives in a folder: `witness.key` (for its keeper alone), `witness.pub`, `witness.db`. The first call needs
    a name and makes the key. A witness keeps its name: another one raises BadSettings.
    """
    path = folder / "witness.key"
    if path.exists():
        cosigner = Cosigner.parse(read_key_file(path))
        if name and cosigner.name != name:
            raise BadSettings(f"name: this witness was begun as {cosigner.name} and keeps that name")
    else:
        if not name:
            raise BadSettings("name: a new witness needs a name; write it like audit.city.example/witness")
        cosigner = Cosigner(check_name(name), os.urandom(KEY_SIZE), kind)
        write_secret(path, f"{cosigner.secret()}\n".encode())
        (folder / "witness.pub").write_text(f"{cosigner.key}\n", encoding="utf-8")
    return Witness(open_store_file(folder / "witness.db"), cosigner, logs)


def request_text(old: int, proof: Sequence[bytes], note: str) -> str:
    """The body of an `add-checkpoint` request."""
    hashes = "".join(base64.b64encode(one).decode() + "\n" for one in proof)
    return f"old {old}\n{hashes}\n{note}"


def _read_request(body: bytes) -> _Request:
    """A request's parts; nothing is verified yet. BrokenLedger when it is none."""
    try:
        head, blank, note = body.decode("utf-8").partition("\n\n")
    except UnicodeDecodeError:
        raise BrokenLedger("The request is no text.") from None
    lines = head.split("\n")
    old = _OLD.fullmatch(lines[0])
    hashes = [decode_base64(line) for line in lines[1:]]
    sound = tuple(one for one in hashes if one is not None and len(one) == merkle.HASH_SIZE)
    if not blank or old is None or len(sound) != len(hashes) or len(hashes) > MOST_HASHES:
        raise BrokenLedger("A request is an old size, the proof's hashes line by line, an empty line and a checkpoint.")
    return _Request(int(old[1]), sound, note, parse_checkpoint(split_note(note)[0]))


def _continues(size: int, root: bytes, request: _Request) -> bool:
    """Whether the proof leads from the tree that was seen to the one in the request."""
    if size == 0:
        return not request.proof
    return merkle.verify_consistency(size, request.head.size, root, request.head.root, request.proof)
