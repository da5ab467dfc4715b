"""The record nobody can rewrite unseen: a tile log in the operational store, and the readable lines it proves."""

from datong.ledger.checkpoint import Checkpoint, open_checkpoint
from datong.ledger.cosign import Asked, Cosigning, collect_cosignatures, cosigning_of, newest_published
from datong.ledger.cosignature import KINDS as WITNESS_KINDS
from datong.ledger.cosignature import Cosigner, WitnessKey
from datong.ledger.counts import Count, OverCountError
from datong.ledger.erasure import erase
from datong.ledger.flow import Publication, load_policy, publish, publish_witnessed
from datong.ledger.group import GroupCommit
from datong.ledger.keys import load_signer, load_verifier, make_keys, make_sm2_key, national_signer
from datong.ledger.line import Line, StoredLine
from datong.ledger.log import LINE_ID_SIZE, append, checkpoint, consistency, hold, newest_checkpoint, root, take
from datong.ledger.monitor import Expected, Finding, Monitor, Watch, open_log, read_outbox
from datong.ledger.note import Signer, VerifierKey
from datong.ledger.policy import Cosigned, Policy, Trusted, parse_policy
from datong.ledger.proof import CheckedProof, Proof, check_proof, proof_at, proof_for
from datong.ledger.queries import size_of as size
from datong.ledger.read import LinePage, Only, find_line, lines_by, lines_of_subject
from datong.ledger.receipt import Receipt, open_receipt, receipt_for
from datong.ledger.runs import index_anew, join_runs
from datong.ledger.sm2 import Sm2Key, Sm2Signer
from datong.ledger.tiles import TileExport, check_tree, export_tree
from datong.ledger.verify import Flaw, Report, verify_log
from datong.ledger.witness import MOST_REQUEST, Evidence, Reply, Seen, Witness, open_witness

__all__ = [
    "LINE_ID_SIZE",
    "MOST_REQUEST",
    "WITNESS_KINDS",
    "Asked",
    "CheckedProof",
    "Checkpoint",
    "Cosigned",
    "Cosigner",
    "Cosigning",
    "Count",
    "Evidence",
    "Expected",
    "Finding",
    "Flaw",
    "GroupCommit",
    "Line",
    "LinePage",
    "Monitor",
    "Only",
    "OverCountError",
    "Policy",
    "Proof",
    "Publication",
    "Receipt",
    "Reply",
    "Report",
    "Seen",
    "Signer",
    "Sm2Key",
    "Sm2Signer",
    "StoredLine",
    "TileExport",
    "Trusted",
    "VerifierKey",
    "Watch",
    "Witness",
    "WitnessKey",
    "append",
    "check_proof",
    "check_tree",
    "checkpoint",
    "collect_cosignatures",
    "consistency",
    "cosigning_of",
    "erase",
    "export_tree",
    "find_line",
    "hold",
    "index_anew",
    "join_runs",
    "lines_by",
    "lines_of_subject",
    "load_policy",
    "load_signer",
    "load_verifier",
    "make_keys",
    "make_sm2_key",
    "national_signer",
    "newest_checkpoint",
    "newest_published",
    "open_checkpoint",
    "open_log",
    "open_receipt",
    "open_witness",
    "parse_policy",
    "proof_at",
    "proof_for",
    "publish",
    "publish_witnessed",
    "read_outbox",
    "receipt_for",
    "root",
    "size",
    "take",
    "verify_log",
]
