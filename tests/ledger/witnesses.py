"""Witnesses for the ledger's tests: real ones, each with its own store, asked without a network."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from tests.ledger.sample import SIGNER

from datong import ledger, store
from datong.ledger.witness import request_text

AT = 1_800_000_000
"""A moment in 2027, in seconds since 1970."""


def cosigner(name: str, kind: bytes = ledger.WITNESS_KINDS["ed25519"]) -> ledger.Cosigner:
    """The same key for the same name, on every run."""
    return ledger.Cosigner(f"{name}.example/witness", sha256(f"witness {name}".encode()).digest(), kind)


def witness(folder: Path, name: str = "audit", logs: Sequence[ledger.VerifierKey] = (SIGNER.verifier,)) -> ledger.Witness:
    """A witness that follows the sample's log."""
    return ledger.Witness(store.open_store_file(folder / f"{name}.db"), cosigner(name), logs)


def policy_text(*names: str, needed: int, log: ledger.VerifierKey = SIGNER.verifier) -> str:
    """A policy that wants so many of these witnesses."""
    lines = [f"log {log}"] + [f"witness {name} {cosigner(name).key} https://{name}.example" for name in names]
    return "\n".join([*lines, f"group city {needed} {' '.join(names)}", "quorum city"]) + "\n"


def policy(*names: str, needed: int) -> ledger.Policy:
    """The same, read."""
    return ledger.parse_policy(policy_text(*names, needed=needed))


class Network:
    """Carries requests to witnesses by their name in the address; those in `down` do not answer."""

    def __init__(self, *witnesses: ledger.Witness, at: int = AT) -> None:
        self.witnesses = {one.cosigner.name.partition(".")[0]: one for one in witnesses}
        self.down: set[str] = set()
        self.sent: list[str] = []
        self.at = at

    def __call__(self, url: str, body: bytes) -> tuple[int, str]:
        """Post a body to an address."""
        assert url.endswith("/add-checkpoint")
        name = url.removeprefix("https://").partition(".")[0]
        self.sent.append(name)
        if name in self.down:
            raise OSError("no route")
        reply = self.witnesses[name].add_checkpoint(body, self.at)
        return reply.status, reply.body


def request(opened: store.Store, old: int, size: int, signer: ledger.Signer = SIGNER) -> bytes:
    """A request for the first `size` entries of a log, from the first `old` ones."""
    with opened.session(read_only=True) as session:
        note = ledger.Checkpoint(signer.name, size, ledger.root(session, size)).signed(signer)
        proof = ledger.consistency(session, old, size) if 0 < old < size else []
    return request_text(old, proof, note).encode()
