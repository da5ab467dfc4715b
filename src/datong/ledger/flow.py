"""The ledger in reading order.

line.py        a line: what happened, its salt, its leaf
log.py         append lines, sign checkpoints        group.py   the same for many callers at once
read.py        who looked at whom                    erasure.py forget a line, keep its leaf
proof.py       one line's proof as a file            tiles.py   the whole log as static files
verify.py      is everything as it was written?
merkle.py, note.py, checkpoint.py, keys.py           the specifications these stand on
"""

from __future__ import annotations

from pathlib import Path

from datong.ledger.log import checkpoint
from datong.ledger.note import Signer
from datong.ledger.tiles import TileExport, export_tree
from datong.store import Session


def publish(session: Session, signer: Signer, folder: Path, now: str) -> TileExport:
    """Sign a checkpoint over everything written so far, and bring the static files up to it."""
    checkpoint(session, signer, now)
    return export_tree(session, folder)
