"""The province's catalogue: its resources as offers, with code, class, condition and data items."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from datong import ledger
from datong.domain.access import Actor
from datong.domain.errors import BadValue
from datong.share.cascade import queries
from datong.share.catalogue.store_item import PUBLISH, READ, must
from datong.share.installed import moment
from datong.share.workdays import moment_text
from datong.store import Row, Session

CLASSES = ("open", "conditional", "withheld")
MOST = 20_000
_TEXTS = ("title", "provider", "sharing_class", "condition", "cycle", "basis")


@dataclass(frozen=True)
class Offer:
    """One resource that the province offers. `items`: name → title of each data item."""

    code: str
    title: str
    provider: str
    sharing_class: str
    condition: str
    cycle: str
    basis: str
    items: Mapping[str, str]


def import_offers(session: Session, actor: Actor, content: bytes, *, now: datetime | None = None) -> int:
    """Take the province's catalogue over from its JSON; what is no longer in it is withdrawn. How many resources it has.

    Raises Forbidden without `catalogue.publish`, BadValue that names the resource and what is wrong with it.
    """
    must(session, actor, PUBLISH)
    return keep_offers(session, read_offers(content), actor.id, actor.department, at=moment_text(moment(now)))


def keep_offers(session: Session, found: list[dict[str, str]], by: str, department: str, *, at: str) -> int:
    """Keep a catalogue that was read; one line in the record says how much of it there was."""
    session.run(queries.WITHDRAW_OFFERS)
    session.many(queries.PUT_OFFER, [one | {"at": at} for one in found])
    body = {"act": "cascade_catalogue", "resources": len(found)}
    ledger.append(session, ledger.Line("catalogue", at, "", by, department, "", "", body))
    return len(found)


def read_offers(content: bytes) -> list[dict[str, str]]:
    """The resources of a provincial catalogue. Raises BadValue."""
    try:
        root = json.loads(content)
        resources = root["resources"]
        assert isinstance(resources, list) and len(resources) <= MOST
    except (ValueError, KeyError, TypeError, AssertionError):
        raise BadValue("file", "is no catalogue of the province", 'send JSON like {"resources": [...]}') from None
    found = [_offer(number, one) for number, one in enumerate(resources, 1)]
    codes = [one["code"] for one in found]
    if twice := next((code for code in codes if codes.count(code) > 1), ""):
        raise BadValue("resources", f"give {twice} twice", "give each resource once")
    return found


def _offer(number: int, one: Any) -> dict[str, str]:
    if not isinstance(one, dict) or not str(one.get("code", "")).strip():
        raise BadValue("resources", f"number {number} has no code", "give each resource the province's code")
    code = str(one["code"])[:80]
    for name in ("title", "provider"):
        if not str(one.get(name, "")).strip():
            raise BadValue("resources", f"{code} has no {name}")
    if one.get("sharing_class") not in CLASSES:
        raise BadValue("resources", f"{code} has no known sharing_class", f"write one of {', '.join(CLASSES)}")
    items = one.get("items")
    if (
        not isinstance(items, list)
        or not items
        or not all(isinstance(item, dict) and item.get("name") and item.get("title") for item in items)
    ):
        raise BadValue("resources", f"{code} has no data items", 'write items: [{"name": …, "title": …}]')
    kept = {str(item["name"])[:60]: str(item["title"])[:120] for item in items}
    texts = {name: str(one.get(name, ""))[:500] for name in _TEXTS}
    return {"code": code, **texts, "items": json.dumps(kept, ensure_ascii=False)}


def offers(session: Session, actor: Actor, text: str = "") -> tuple[Offer, ...]:
    """What the province offers, or those of it in whose titles a text stands. Raises Forbidden without `catalogue.read`."""
    must(session, actor, READ)
    found = [offer_of(row) for row in session.all(queries.OFFERS)]
    return tuple(
        one for one in found if not text or text in one.title or text in one.code or any(text in title for title in one.items.values())
    )


def offer_of(row: Row) -> Offer:
    """An offer from its row."""
    return Offer(row[0], row[1], row[2], row[3], row[4], row[5], row[6], json.loads(row[7]))
