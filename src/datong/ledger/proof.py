"""Proofs that travel: one file shows, without the city, that a line stands in its log (c2sp.org/tlog-proof).

The file's `extra` field, which the specification leaves to the application, carries the leaf as JSON
(`{"entry": …}`) and, when the proof is for the person concerned, the line with its salt.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from datong.domain.errors import BadValue, BrokenLedger, Busy, Missing
from datong.ledger import merkle, queries
from datong.ledger.checkpoint import Checkpoint, parse_checkpoint
from datong.ledger.cosign import newest_published
from datong.ledger.line import SALT_SIZE, Line, StoredLine, canonical_json, leaf_entry, line_json
from datong.ledger.log import newest_checkpoint
from datong.ledger.note import VerifierKey, decode_base64, split_note
from datong.ledger.policy import Cosigned, Policy, of
from datong.ledger.read import find_line
from datong.store import Session

HEADER = "c2sp.org/tlog-proof@v1"
MOST_CHARACTERS = 2_000_000


@dataclass(frozen=True)
class Proof:
    """An inclusion proof with the checkpoint it leads to."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: str
    extra: bytes = b""

    def __str__(self) -> str:
        """The proof as a `.tlog-proof` file's text."""
        lines = [HEADER]
        if self.extra:
            lines.append(f"extra {base64.b64encode(self.extra).decode()}")
        lines.append(f"index {self.index}")
        lines.extend(base64.b64encode(one).decode() for one in self.hashes)
        return "\n".join(lines) + "\n\n" + self.checkpoint


@dataclass(frozen=True)
class CheckedProof:
    """What a proof has shown: this entry stands at this index of the log's tree; `line` only where the file carried it.
    `cosigned` are the witnesses of the policy who have seen that tree, and when.
    """

    checkpoint: Checkpoint
    index: int
    entry: dict[str, Any]
    line: dict[str, Any] | None
    cosigned: tuple[Cosigned, ...] = ()
    wanted: str = ""


def proof_for(session: Session, line_id: str, with_line: bool = True) -> Proof:
    """The proof for one line, under the newest checkpoint that a quorum of witnesses has cosigned; under the newest of all when
    none of those covers the line. `with_line` puts the line and its salt into the file.

    Missing when there is no such line, Busy when no checkpoint covers it yet.
    """
    stored = find_line(session, line_id)
    if stored is None:
        raise Missing("There is no line with this id in the ledger; it may have been erased.")
    return _proof(session, stored.leaf_index, stored if with_line else None)


def proof_at(session: Session, leaf_index: int) -> Proof:
    """The proof for the entry at an index: also for one whose line is erased."""
    return _proof(session, leaf_index, None)


def parse_proof(text: str) -> Proof:
    """Read a `.tlog-proof` file; nothing is checked yet. BrokenLedger when it is none."""
    head, blank, note = text.partition("\n\n")
    lines = head.split("\n")
    if len(text) > MOST_CHARACTERS or not blank or lines.pop(0) != HEADER:
        raise BrokenLedger(f"This is no proof file: its first line must read {HEADER}.")
    extra: bytes | None = b""
    if lines and lines[0].startswith("extra "):
        extra = decode_base64(lines.pop(0).removeprefix("extra "))
    index = lines.pop(0).removeprefix("index ") if lines and lines[0].startswith("index ") else ""
    hashes = [decode_base64(line) for line in lines]
    sound = [one for one in hashes if one is not None and len(one) == merkle.HASH_SIZE]
    number = int(index) if index.isascii() and index.isdigit() and len(index) < 20 else -1
    if extra is None or number < 0 or str(number) != index or len(sound) != len(hashes) or len(hashes) > 64:
        raise BrokenLedger("The proof file is malformed: after its head come index and hashes, a line each.")
    return Proof(number, tuple(sound), note, extra)


def check_proof(text: str, trust: VerifierKey | Policy) -> CheckedProof:
    """Verify a proof file that carries its entry, with nothing but a policy, or the key of one log; BrokenLedger says what fails."""
    proof = parse_proof(text)
    trusted = of(trust).require(proof.checkpoint)
    checkpoint = trusted.checkpoint
    carried = _read_extra(proof.extra)
    entry = carried["entry"].encode("utf-8", "replace")
    if not merkle.verify_inclusion(merkle.leaf_hash(entry), proof.index, checkpoint.size, proof.hashes, checkpoint.root):
        raise BrokenLedger("The entry does not stand in the log at this index: the proof does not lead to the signed root.")
    line = _checked_line(carried, entry) if "line" in carried else None
    try:
        shown = json.loads(entry)
    except ValueError:
        shown = None
    if not isinstance(shown, dict):
        raise BrokenLedger("The entry stands in the log, but is none of this kind of ledger.")
    return CheckedProof(checkpoint, proof.index, shown, line, trusted.cosigned, trusted.wanted)


def _proof(session: Session, leaf_index: int, stored: StoredLine | None) -> Proof:
    note = newest_published(session)
    if note is None or _size_of(note) <= leaf_index:
        note = newest_checkpoint(session)
    size = _size_of(note) if note else 0
    row = session.one(queries.LEAF_ENTRY, {"leaf_index": leaf_index})
    if row is None:
        raise Missing("The ledger has no entry with this index.")
    if note is None or leaf_index >= size:
        raise Busy("No checkpoint covers this line yet; ask again after the next one (`datong ledger checkpoint` signs it).")
    hashes: Sequence[bytes] = merkle.prove_inclusion(leaf_index, size, lambda wanted: queries.read_hashes(session, wanted))
    return Proof(leaf_index, tuple(hashes), note, _extra(bytes(row[0]), stored))


def _size_of(note: str) -> int:
    return parse_checkpoint(split_note(note)[0]).size


def _extra(entry: bytes, stored: StoredLine | None) -> bytes:
    carried: dict[str, Any] = {"entry": entry.decode()}
    if stored is not None:
        carried["line"] = json.loads(line_json(stored.line, canonical_json(stored.line.body, "body")))
        carried["salt"] = stored.salt.hex()
    return canonical_json(carried, "extra").encode()


def _read_extra(extra: bytes) -> dict[str, Any]:
    try:
        carried = json.loads(extra)
    except (ValueError, RecursionError):
        carried = None
    if not isinstance(carried, dict) or not isinstance(carried.get("entry"), str):
        raise BrokenLedger("The proof file does not carry its entry, so there is nothing to hold against the log.")
    return carried


def _checked_line(carried: dict[str, Any], entry: bytes) -> dict[str, Any]:
    """The line in the file, once salt and line give the digest in the proven entry."""
    shown = carried["line"]
    try:
        line, salt = Line(**shown), bytes.fromhex(carried["salt"])
        fits = len(salt) == SALT_SIZE and leaf_entry(line, canonical_json(line.body, "body"), salt) == entry
    except (TypeError, ValueError, KeyError, AttributeError, BadValue):
        fits = False
    if not fits:
        raise BrokenLedger("The line in the file is not the one whose digest stands in the log: it has been changed.")
    return dict(shown)
