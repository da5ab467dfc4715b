"""Lines, keys and small logs for the ledger's tests; nobody in them exists."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from datong import ledger, store

NOW = "2026-01-31T08:00:00Z"
SIGNER = ledger.Signer("city.example/ledger", sha256(b"a key for tests").digest())
OTHER_SIGNER = ledger.Signer("city.example/ledger", sha256(b"somebody else's key").digest())
KEY = str(SIGNER.verifier)


def line(number: int = 0, **changed: Any) -> ledger.Line:
    """The `number`th of a row of different lines."""
    given = {
        "type": "read",
        "at": f"2026-01-{number % 28 + 1:02}T08:{number % 60:02}:00Z",
        "subject": f"P{number % 7:09}",
        "actor": f"officer{number % 3}",
        "department": ("police", "housing")[number % 2],
        "unit": "window",
        "purpose": "address_at_registration",
        "body": {"operation": "look_up", "fields": ["name", "地址"], "outcome": "found", "number": number},
    }
    return ledger.Line(**(given | changed))


def write(opened: store.Store, count: int, signed: bool = True, each: int = 7) -> list[str]:
    """Append lines over several transactions, and sign a checkpoint after each; their ids."""
    ids: list[str] = []
    for start in range(0, count, each):
        with opened.session() as session:
            ids += ledger.append(session, *(line(number) for number in range(start, min(start + each, count))))
            if signed:
                ledger.checkpoint(session, SIGNER, NOW)
    return ids


def verified(opened: store.Store, known: Sequence[str] = ()) -> ledger.Report:
    """What verification says of a store's ledger."""
    with opened.session(read_only=True) as session:
        return ledger.verify_log(session, KEY, known)


def flaws(opened: store.Store, known: Sequence[str] = ()) -> set[tuple[str, int]]:
    """The kinds and places of what verification finds."""
    return {(flaw.kind, flaw.index) for flaw in verified(opened, known).flaws}


def change(opened: store.Store, sql: str, **params: Any) -> None:
    """Do what only somebody with the database in hand could do."""
    with opened.session() as session:
        assert session.run(sql, params) > 0
