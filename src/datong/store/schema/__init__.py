"""The store's tables, one file a stage. Times are ISO 8601 text in UTC; JSON is text; flags are 0 or 1."""

from datong.store.schema import (
    cascade,
    case_papers,
    catalogue,
    collect,
    doors,
    fuse,
    identity,
    jobs,
    ledger,
    licences,
    open_data,
    registers,
    requests,
    review,
    services,
    share,
    web,
)
from datong.store.schema.metadata import METADATA

__all__ = [
    "METADATA",
    "cascade",
    "case_papers",
    "catalogue",
    "collect",
    "doors",
    "fuse",
    "identity",
    "jobs",
    "ledger",
    "licences",
    "open_data",
    "registers",
    "requests",
    "review",
    "services",
    "share",
    "web",
]
