"""Events: what was done to somebody or reported of something, read from the records of sources that name a kind of event.

An inspection, a penalty, a permit or a complaint is no fact of its subject: it has a number, a day and an end. It stays with its record,
and is shown beside the facts where an agreement names its kind. Kinds are data: `events.yml`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from datong.domain.access import SharedEvent
from datong.domain.errors import BadValue
from datong.share.agreement import Agreement
from datong.share.words import EVENT
from datong.spec import Faults, Node, Packs, Shape
from datong.store import Session, marks

ANY = "any"
MOST_EVENTS = 200
"""Events of one subject that an answer holds; the newest."""
_RECORDS = """SELECT code, resource, body FROM member WHERE code IN ({codes}) AND resource IN ({resources})
ORDER BY code, resource, record_id"""


@dataclass(frozen=True)
class EventKind:
    """One kind of events. `behaviour`: what the supervision system calls it; empty for a kind that is no supervision."""

    code: str
    title: tuple[str, str]
    behaviour: str = ""
    results: Mapping[str, tuple[str, str]] | None = None

    @property
    def supervision(self) -> bool:
        """Whether it is something that a supervising department did or decided."""
        return bool(self.behaviour)


def read_event_kinds(packs: Packs, faults: Faults) -> dict[str, EventKind]:
    """The kinds of events.yml; sources that name another are noted."""
    root = packs.raw("events", faults)
    found: dict[str, EventKind] = {}
    for code, node in (root.get("kinds") or Node({}, root.file, root.line)).entries() if root else ():
        shape = Shape(node, f"event kind {code!r}", faults)
        shape.only(("title", "behaviour", "results"))
        title, results = shape.part("title"), shape.part("results")
        words = {name: Shape(child, f"result {name!r}", faults) for name, child in results.node.entries()}
        found[code] = EventKind(
            code,
            (title.text("zh", required=True), title.text("en", required=True)),
            shape.text("behaviour"),
            {name: (one.text("zh", required=True), one.text("en", required=True)) for name, one in words.items()},
        )
    for source in packs.sources.values():
        if source.event and source.event not in found:
            faults.add(Node({}, source.path, 1), f"event {source.event!r} is no kind of events.yml")
    return found


def known_events(packs: Packs) -> tuple[str, ...]:
    """The kinds that some source gives: an agreement can name no other."""
    return tuple(sorted({source.event for source in packs.sources.values() if source.event}))


def event_resources(packs: Packs, kinds: Iterable[str]) -> tuple[str, ...]:
    """The resources whose records are events of these kinds."""
    wanted = frozenset(kinds)
    return tuple(code for code, source in packs.sources.items() if source.event in wanted)


def events_of(session: Session, packs: Packs, agreement: Agreement, codes: Iterable[str]) -> dict[str, tuple[SharedEvent, ...]]:
    """The events of each subject that the agreement lets be seen, the newest first; in one statement."""
    resources, wanted = event_resources(packs, agreement.events) if agreement.events else (), tuple(codes)
    if not resources or not wanted:
        return {}
    params, more = _named("c", wanted), _named("r", resources)
    found: dict[str, dict[tuple[str, str], SharedEvent]] = {}
    for code, resource, body in session.all(_RECORDS.format(codes=marks(params), resources=marks(more)), params | more):
        event = _event(packs, resource, json.loads(body).get("f") or {})
        if event is not None:
            found.setdefault(code, {})[resource, event.number] = event
    return {code: tuple(sorted(one.values(), key=_order)[:MOST_EVENTS]) for code, one in found.items()}


def _event(packs: Packs, resource: str, said: Mapping[str, Any]) -> SharedEvent | None:
    if "event_no" not in said:
        return None
    source = packs.sources[resource]
    number, on, until, item, result, amount = (
        str(said.get(name, "")) for name in ("event_no", "event_on", "event_until", "event_item", "event_result", "event_amount")
    )
    return SharedEvent(source.event, number, on, until, item, result, amount, resource, source.department)


def _order(event: SharedEvent) -> tuple[int, str, str]:
    return (-int("".join(sign for sign in event.on if sign.isdigit())[:8] or 0), event.source, event.number)


def event_filter(packs: Packs, agreement: Agreement, value: str, name: str) -> tuple[str, dict[str, str | int]]:
    """Subjects of `entry e` that have an event of a kind, or of any that the agreement names. Raises BadValue for another kind."""
    if value != ANY and value not in agreement.events:
        raise BadValue(EVENT, "is no kind of events of this agreement", f"write any, or one of {', '.join(agreement.events)}")
    resources = event_resources(packs, agreement.events if value == ANY else (value,))
    if not resources:
        return "1 = 0", {}
    params = _named(name, resources)
    return f"EXISTS (SELECT 1 FROM member m WHERE m.code = e.code AND m.resource IN ({marks(params)}))", params  # noqa: S608


def _named(name: str, values: Iterable[str]) -> dict[str, Any]:
    return {f"{name}_{at}": value for at, value in enumerate(values)}
