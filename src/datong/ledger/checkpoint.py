"""Checkpoints (c2sp.org/tlog-checkpoint 1.0): the signed word "so many entries, this root". Pure."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from datong.domain.errors import BrokenLedger
from datong.ledger.merkle import EMPTY_ROOT, HASH_SIZE
from datong.ledger.note import Signer, VerifierKey, decode_base64, open_note, sign_note


@dataclass(frozen=True)
class Checkpoint:
    """The head of a log's tree at one size."""

    origin: str
    size: int
    root: bytes

    def body(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    def signed(self, signer: Signer) -> str:
        """The checkpoint as a signed note."""
        return sign_note(self.body(), signer)


def parse_checkpoint(body: str) -> Checkpoint:
    """Read a checkpoint's text; extension lines are allowed and passed over. BrokenLedger when it is none."""
    lines = body.removesuffix("\n").split("\n")
    if len(lines) < 3 or not all(lines):
        raise BrokenLedger("This is no checkpoint: origin, size and root are wanted, a line each.")
    size = lines[1]
    if not (size.isascii() and size.isdigit()) or (size[0] == "0" and size != "0") or len(size) > 19:
        raise BrokenLedger("The size in the checkpoint is no whole number.")
    root = decode_base64(lines[2])
    if root is None or len(root) != HASH_SIZE:
        raise BrokenLedger("The root in the checkpoint is no SHA-256 hash.")
    if size == "0" and root != EMPTY_ROOT:
        raise BrokenLedger("The checkpoint speaks of an empty log, but its root is another's.")
    return Checkpoint(lines[0], int(size), root)


def open_checkpoint(note: str, key: VerifierKey) -> Checkpoint:
    """The checkpoint in a note, once its log's own signature is verified; BrokenLedger otherwise."""
    checkpoint = parse_checkpoint(open_note(note, [key]))
    if checkpoint.origin != key.name:
        raise BrokenLedger(f"The checkpoint is of the log {checkpoint.origin}, the key of {key.name}.")
    return checkpoint
