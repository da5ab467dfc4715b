"""The cascade with the provincial platform: its catalogue taken over, papers broken down to data items, requests through a door."""

from datong.share.cascade.call import signed_call
from datong.share.cascade.needs import NOWHERE, OWN, PROVINCE, BrokenDown, Counts, DataItem, PilotItem, PilotPaper, broken_down, read_pilots
from datong.share.cascade.offers import Offer, import_offers, offers
from datong.share.cascade.outbox import (
    Looked,
    ProvinceRequest,
    dispatch_due,
    look_at_province,
    request_of_province,
    requests_of_province,
)

__all__ = [
    "NOWHERE",
    "OWN",
    "PROVINCE",
    "BrokenDown",
    "Counts",
    "DataItem",
    "Looked",
    "Offer",
    "PilotItem",
    "PilotPaper",
    "ProvinceRequest",
    "broken_down",
    "dispatch_due",
    "import_offers",
    "look_at_province",
    "offers",
    "read_pilots",
    "request_of_province",
    "requests_of_province",
    "signed_call",
]
