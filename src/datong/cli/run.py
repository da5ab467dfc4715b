"""The whole flow, in the order data takes: deliveries → records → subjects → registers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from datong import collect, fuse, ledger, registers, spec
from datong.cli.deliveries import deliveries_in
from datong.settings import Settings
from datong.store import Store

Progress = Callable[[str, int, int], None]
"""Told after each step: what is being done, how much of it is done, how much there is."""


@dataclass
class Outcome:
    """What the flow did: receipts of the deliveries, names of files that are none, counts of the fusion, the registers' digest."""

    receipts: list[collect.Receipt] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    digest: str = ""

    @property
    def held(self) -> list[collect.Receipt]:
        """The deliveries that wait for the department."""
        return [receipt for receipt in self.receipts if not receipt.collected]


def run(store: Store, settings: Settings, folder: Path, now: str, progress: Progress = lambda *_: None) -> Outcome:
    """Collect every delivery in a folder, fuse, build the registers, sign the record. Safe to repeat after an interruption."""
    packs = spec.load_packs(settings.packs)
    outcome = Outcome()
    collect.resume(store, settings, packs)
    found = deliveries_in(packs, folder)
    wanted, outcome.left = found.deliveries, [path.name for path, _ in found.left]
    for done, (source, path) in enumerate(wanted):
        progress(f"collect {source.resource}", done, len(wanted))
        outcome.receipts.append(collect.receive(store, settings, source, path, received_at=now, received_from="cli"))
    progress("fuse", 0, 1)
    outcome.counts = dict(fuse.run(store, settings, packs, now).counts)
    progress("registers", 0, 1)
    outcome.digest = registers.rebuild(store, settings, packs, now)
    with store.session() as session:
        ledger.checkpoint(session, ledger.load_signer(settings.home), now)
    return outcome
