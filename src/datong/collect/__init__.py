"""Deliveries → records: what the departments send, kept as sent, cleaned beside its originals, nothing lost."""

from datong.collect.any_table import AnyTable, read_any
from datong.collect.canonical import canonical
from datong.collect.clean import Cleaner, CleanRow, lake_schema
from datong.collect.compiled import compiled
from datong.collect.current import scan, scan_schema
from datong.collect.decode import utf8_blocks
from datong.collect.flow import find_receipt, is_known_message, push, receipts, receive, release_delivery, replace_delivery, resume
from datong.collect.judge import Rejection
from datong.collect.judge_delivery import WAIVABLE
from datong.collect.quarantine import Decision, WaitingRow, count_waiting, release_row, replace_row, waiting_rows
from datong.collect.receipt import Counts, Receipt
from datong.collect.refuse_secret import refuse_secret_rows
from datong.collect.values import read_value

__all__ = [
    "WAIVABLE",
    "AnyTable",
    "CleanRow",
    "Cleaner",
    "Counts",
    "Decision",
    "Receipt",
    "Rejection",
    "WaitingRow",
    "canonical",
    "compiled",
    "count_waiting",
    "find_receipt",
    "is_known_message",
    "lake_schema",
    "push",
    "read_any",
    "read_value",
    "receipts",
    "receive",
    "refuse_secret_rows",
    "release_delivery",
    "release_row",
    "replace_delivery",
    "replace_row",
    "resume",
    "scan",
    "scan_schema",
    "utf8_blocks",
    "waiting_rows",
]
