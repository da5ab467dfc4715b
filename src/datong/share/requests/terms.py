"""An agreement's terms as data: read with the very checks a pack's agreements pass, compared version with version."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from datong.domain.errors import BadPack, BadValue
from datong.share.agreement import Agreement, Condition, Sharing
from datong.share.load import check_agreement, overlap, read_agreement
from datong.spec import Faults, Node, Packs


def shown_terms(code: str, terms: Mapping[str, Any], version: int) -> Agreement:
    """The agreement as it was written, for its page, even where the packs no longer have what it names."""
    return replace(read_agreement(code, _node(terms, code), Faults()), version=version)


@dataclass(frozen=True)
class Change:
    """One difference between two versions: what (a part of the agreement, a field), what it said, what it says."""

    part: str
    name: str
    before: str
    after: str


def terms_text(terms: Mapping[str, Any]) -> str:
    """Terms as the store keeps them: fields in the order in which they were asked for."""
    return json.dumps(terms, ensure_ascii=False, separators=(",", ":"))


def digest_of(terms: Mapping[str, Any]) -> str:
    """What the ledger says of terms: enough to prove them, nothing of what they say. SHA-256 of their JSON, keys in order."""
    return sha256(json.dumps(terms, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def read_terms(code: str, terms: Mapping[str, Any], packs: Packs, sharing: Sharing, version: int = 0) -> Agreement:
    """The agreement that terms stand for. Raises BadValue with everything in them that names what does not exist."""
    faults = Faults()
    node = _node(terms, code)
    agreement = read_agreement(code, node, faults)
    check_agreement(agreement, node, packs, sharing.purposes, faults)
    try:
        faults.raise_any()
    except BadPack as error:
        raise BadValue("terms", "; ".join(fault.message for fault in error.faults)) from None
    return replace(agreement, version=version)


def _node(value: Any, file: str) -> Node:
    """JSON as the nodes a pack is read from."""
    if isinstance(value, Mapping):
        return Node({key: _node(child, file) for key, child in value.items()}, file, 0, "", dict.fromkeys(value, 0))
    if isinstance(value, list | tuple):
        return Node([_node(child, file) for child in value], file, 0)
    text = ("true" if value else "false") if isinstance(value, bool) else "" if value is None else str(value)
    return Node(value, file, 0, text)


def overlapping(agreement: Agreement, others: Iterable[Agreement]) -> Agreement | None:
    """Another agreement that would answer the same question: a decision must name the one that gave it."""
    return next((one for one in others if one.code != agreement.code and overlap(agreement, one)), None)


def changes(before: Agreement | None, after: Agreement) -> tuple[Change, ...]:
    """What a version says otherwise than the one before, part by part and field by field."""
    found = []
    for part in ("fields", "links"):
        old: Mapping[str, str] = getattr(before, part) if before else {}
        new: Mapping[str, str] = getattr(after, part)
        names = [*old, *(name for name in new if name not in old)]
        found += [Change(part, name, old.get(name, ""), new.get(name, "")) for name in names if old.get(name) != new.get(name)]
    for part in _PARTS:
        was, now = (_said(before, part) if before else ""), _said(after, part)
        if was != now:
            found.append(Change(part, "", was, now))
    return tuple(found)


_PARTS = (
    *("title_zh", "purpose", "basis", "register", "operations", "rows", "claims", "unmask", "keys", "roles", "systems"),
    *(
        "reason_required",
        "consent",
        "separate",
        "all_values",
        "quota",
        "valid_from",
        "valid_to",
        "requesting",
        "providing",
        "events",
        "encrypted",
    ),
)


def _said(agreement: Agreement, part: str) -> str:
    value = getattr(agreement, part)
    if part == "rows":
        return rows_text(agreement)
    if part == "quota":
        return f"{value.per_day}/{value.per_minute}/{value.per_call}"
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def rows_text(agreement: Agreement) -> str:
    """The rows an agreement lets be seen, in the words of a pack."""
    rows = agreement.rows
    said = [rows.jurisdiction if isinstance(rows.jurisdiction, str) else " ".join(rows.jurisdiction)]
    said += [rows.domain] if rows.domain else []
    said += [_condition(one) for one in rows.where]
    return "; ".join(said + ([f"own: {rows.own}"] if rows.own else []))


def _condition(one: Condition) -> str:
    return f"{one.field} {one.op} {' '.join(one.value)}".strip()
