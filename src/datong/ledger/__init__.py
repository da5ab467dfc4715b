"""The record nobody can rewrite unseen: a tile log in the operational store, and the readable lines it proves."""

from datong.ledger.checkpoint import Checkpoint, open_checkpoint
from datong.ledger.erasure import erase
from datong.ledger.flow import publish
from datong.ledger.group import GroupCommit
from datong.ledger.keys import load_signer, load_verifier, make_keys
from datong.ledger.line import Line, StoredLine
from datong.ledger.log import append, checkpoint, consistency, newest_checkpoint, root
from datong.ledger.note import Signer, VerifierKey
from datong.ledger.proof import CheckedProof, Proof, check_proof, proof_at, proof_for
from datong.ledger.queries import size_of as size
from datong.ledger.read import LinePage, Only, find_line, lines_by, lines_of_subject
from datong.ledger.tiles import TileExport, check_tree, export_tree
from datong.ledger.verify import Flaw, Report, verify_log

__all__ = [
    "CheckedProof",
    "Checkpoint",
    "Flaw",
    "GroupCommit",
    "Line",
    "LinePage",
    "Only",
    "Proof",
    "Report",
    "Signer",
    "StoredLine",
    "TileExport",
    "VerifierKey",
    "append",
    "check_proof",
    "check_tree",
    "checkpoint",
    "consistency",
    "erase",
    "export_tree",
    "find_line",
    "lines_by",
    "lines_of_subject",
    "load_signer",
    "load_verifier",
    "make_keys",
    "newest_checkpoint",
    "open_checkpoint",
    "proof_at",
    "proof_for",
    "publish",
    "root",
    "size",
    "verify_log",
]
