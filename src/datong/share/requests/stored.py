"""The agreements that live in the store, as the policy takes them: read once, and again only what has changed."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from datong.domain.errors import BadValue
from datong.share.agreement import Agreement, Sharing
from datong.share.requests import queries
from datong.share.requests.terms import read_terms
from datong.share.stop import Stop, live_stops
from datong.spec import Packs
from datong.store import Session

POLICY = "policy"
_log = logging.getLogger("datong.share")


@dataclass(frozen=True)
class Stored:
    """What the store held when it was last read. `version` is the random word of its last change."""

    version: str = ""
    live: Mapping[str, Agreement] = field(default_factory=dict)
    holds: Mapping[str, str] = field(default_factory=dict)
    """Agreement → suspended or terminated."""
    stops: tuple[Stop, ...] = ()
    """Emergency stops that nobody has lifted."""


def policy_version(session: Session) -> str:
    """The word of the last change of the store's agreements; empty while there was none."""
    row = session.one(queries.READ_STATE, {"name": POLICY})
    return str(row[0]) if row else ""


def changed(session: Session) -> None:
    """Say that the agreements have changed: every process that serves this store reads them anew within a second."""
    session.run(queries.KEEP_STATE, {"name": POLICY, "value": secrets.token_hex(8)})


def load_stored(session: Session, packs: Packs, packed: Sharing, before: Stored, version: str) -> Stored:
    """The live agreements and holds of the store; what was read before is not read again.

    One that names what the packs no longer have is not in force and is told in the log: it must not close the others.
    """
    live: dict[str, Agreement] = {}
    for code, number, terms in session.all(queries.LIVE):
        kept = before.live.get(code)
        if kept is not None and kept.version == number:
            live[code] = kept
            continue
        try:
            live[code] = read_terms(code, json.loads(terms), packs, packed, int(number))
        except BadValue as error:
            _log.error("agreement %s version %s is not in force: %s", code, number, error.message)
    return Stored(version, live, dict(session.all(queries.HOLDS)), live_stops(session))


def in_force(packed: Sharing, stored: Stored) -> Sharing:
    """The packs' agreements and the store's, without those that were terminated; suspended ones refuse by their name."""
    found, past = {}, {}
    for code, agreement in {**stored.live, **packed.agreements}.items():
        held = stored.holds.get(code, "")
        if held == "terminated":
            past[code] = agreement
        else:
            found[code] = replace(agreement, state="suspended") if held else agreement
    return replace(packed, agreements=found, past=past)
