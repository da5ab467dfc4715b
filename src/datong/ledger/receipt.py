"""A receipt: the log's signed promise that an entry will stand in a published tree by a certain time. Pure but for `receipt_for`.

It is a signed note of five lines: the word below, the origin, the leaf's hash, when it was written, by when it will be published.
No checkpoint reads like it, so neither can be passed off as the other. A receipt whose time is up and whose leaf stands in no
published tree is evidence against the log, for whoever holds it.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta

from datong.domain.errors import BrokenLedger, Missing
from datong.ledger import merkle, queries
from datong.ledger.note import Signer, VerifierKey, decode_base64, open_note, sign_note
from datong.ledger.read import find_line
from datong.store import Session

HEADER = "datong receipt v1"
PROMISE_MINUTES = 60
"""From a line to a published checkpoint over it: many times what the city needs, so that a late one means something."""


@dataclass(frozen=True)
class Receipt:
    """What the log has promised; times are ISO text in UTC."""

    origin: str
    leaf: bytes
    written_at: str
    promised_by: str

    def body(self) -> str:
        """The text that is signed."""
        return f"{HEADER}\n{self.origin}\n{base64.b64encode(self.leaf).decode()}\n{self.written_at}\n{self.promised_by}\n"

    def signed(self, signer: Signer) -> str:
        """The receipt as a signed note."""
        return sign_note(self.body(), signer)


def receipt_for(session: Session, signer: Signer, line_id: str) -> str:
    """The signed receipt of one line; Missing when there is no such line."""
    stored = find_line(session, line_id)
    row = session.one(queries.LEAF_ENTRY, {"leaf_index": stored.leaf_index}) if stored else None
    if stored is None or row is None:
        raise Missing("There is no line with this id in the ledger; it may have been erased.")
    return promise(signer, merkle.leaf_hash(bytes(row[0])), stored.line.at)


def promise(signer: Signer, leaf: bytes, written_at: str) -> str:
    """The signed receipt of an entry written at this time."""
    until = datetime.fromisoformat(written_at) + timedelta(minutes=PROMISE_MINUTES)
    return Receipt(signer.name, leaf, written_at, until.isoformat(timespec="seconds").replace("+00:00", "Z")).signed(signer)


def open_receipt(note: str, key: VerifierKey) -> Receipt:
    """The receipt in a note, once the log's signature is verified; BrokenLedger otherwise."""
    lines = open_note(note, [key]).removesuffix("\n").split("\n")
    leaf = decode_base64(lines[2]) if len(lines) == 5 else None
    if leaf is None or len(leaf) != merkle.HASH_SIZE or lines[0] != HEADER or lines[1] != key.name:
        raise BrokenLedger("This is no receipt of that log.")
    try:
        written, until = (datetime.fromisoformat(text) for text in lines[3:])
    except ValueError:
        raise BrokenLedger("The receipt's times are none.") from None
    if written.tzinfo is None or until.tzinfo is None:
        raise BrokenLedger("The receipt's times are none.")
    return Receipt(lines[1], leaf, lines[3], lines[4])
