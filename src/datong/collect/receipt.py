"""What a department gets back for a delivery, and the delivery as the store knows it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Delivery:
    """A delivery as the store knows it."""

    delivery_id: str
    resource: str
    sha256: str
    size: int
    file_name: str
    form: str
    mode: str
    as_of: str
    received_at: str
    received_from: str
    state: str
    reason: str
    message: str
    receipt: str


@dataclass(frozen=True)
class Counts:
    """What became of a delivery's rows."""

    received: int = 0
    accepted: int = 0
    rejected: Mapping[str, int] = field(default_factory=dict)
    """Rows waiting in quarantine, by reason."""
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    ended: int = 0
    duplicates: int = 0
    """Rows left out because the same record stands in the delivery already."""
    repeated_keys: int = 0
    """Records whose key another record of the delivery carries with other content; both are kept."""
    problems: Mapping[str, int] = field(default_factory=dict)
    """Unsound values that were kept with a note, as field:problem."""
    encoding: str = ""
    previous: str = ""
    """The delivery it was compared with."""


@dataclass(frozen=True)
class Receipt:
    """The answer to a delivery. `state` is collected or held; a held one names the reason and the mend."""

    delivery_id: str
    resource: str
    file_name: str
    sha256: str
    size: int
    as_of: str
    received_at: str
    state: str
    reason: str = ""
    message: str = ""
    counts: Counts = field(default_factory=Counts)
    already_received: bool = False

    @property
    def collected(self) -> bool:
        """Whether the records are in the lake."""
        return self.state == "collected"

    @property
    def rejected(self) -> int:
        """How many rows wait in quarantine."""
        return sum(self.counts.rejected.values())

    def plain(self) -> dict[str, Any]:
        """The receipt as JSON can hold it."""
        return asdict(self)


def receipt_of(delivery: Delivery, already_received: bool = False) -> Receipt:
    """The receipt the store holds for a delivery."""
    stored = json.loads(delivery.receipt or "{}")
    return Receipt(
        delivery_id=delivery.delivery_id,
        resource=delivery.resource,
        file_name=delivery.file_name,
        sha256=delivery.sha256,
        size=delivery.size,
        as_of=delivery.as_of,
        received_at=delivery.received_at,
        state=delivery.state,
        reason=delivery.reason,
        message=delivery.message,
        counts=Counts(**stored),
        already_received=already_received,
    )


def counts_text(counts: Counts) -> str:
    """Counts as the store keeps them."""
    return json.dumps(asdict(counts), ensure_ascii=False, sort_keys=True)
