"""The ledger in reading order.

line.py        a line: what happened, its salt, its leaf
log.py         append lines, sign checkpoints        group.py   the same for many callers at once
read.py        who looked at whom                    erasure.py forget a line, keep its leaf
runs.py        find lines by subject and actor
proof.py       one line's proof as a file            tiles.py   the whole log as static files
verify.py      is everything as it was written?
witness.py     another department's memory of it     policy.py  whose word is needed
cosign.py      ask the witnesses                     monitor.py is what we handed in there, and unchanged?
merkle.py, note.py, checkpoint.py, cosignature.py, keys.py      the specifications these stand on
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from datong.domain.errors import BadSettings
from datong.ledger import log
from datong.ledger.checkpoint import open_checkpoint
from datong.ledger.cosign import Cosigning, Send, collect_cosignatures, newest_published
from datong.ledger.note import Signer
from datong.ledger.policy import Policy, parse_policy
from datong.ledger.tiles import TileExport, export_tree
from datong.settings import Settings
from datong.store import Session, Store


@dataclass(frozen=True)
class Publication:
    """What came of publishing: the files (nothing as long as no checkpoint has its quorum), and what the witnesses said."""

    export: TileExport | None
    cosigning: Cosigning | None = None


def publish(session: Session, signer: Signer, folder: Path, now: str) -> TileExport:
    """Sign a checkpoint over everything written so far, and bring the static files up to it. No witness is asked."""
    return export_tree(session, folder, log.checkpoint(session, signer, now))


def publish_witnessed(store: Store, signer: Signer, folder: Path, policy: Policy, *, now: str, send: Send | None = None) -> Publication:
    """Sign a checkpoint, have the policy's witnesses cosign it, and publish the newest one that has a quorum.

    Without a quorum what was published stays; the answer says what is missing, and the next call asks again.
    """
    with store.session() as session:
        log.checkpoint(session, signer, now)
    state = collect_cosignatures(store, signer.verifier, policy, now, send)
    with store.session(read_only=True) as session:
        note = newest_published(session)
        if note is None:
            return Publication(None, state)
        open_checkpoint(note, signer.verifier)
        return Publication(export_tree(session, folder, note), state)


def load_policy(settings: Settings) -> Policy | None:
    """The city's policy: the file that the setting names, else `ledger.policy` in the home; nothing when there is none."""
    path = settings.ledger_policy or settings.home / "ledger.policy"
    try:
        return parse_policy(path.read_bytes())
    except FileNotFoundError:
        if settings.ledger_policy:
            raise BadSettings("ledger_policy: there is no such file; name one, or leave the setting out") from None
        return None
