"""The sharing class of what is asked for, with the law behind it; and what the rules refuse whoever answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from datong.share.installed import Installed
from datong.share.requests.rules import SharingClass

_CONDITIONAL = SharingClass("conditional", "", "rule")


@dataclass(frozen=True)
class RuleRefusal:
    """A refusal that no person gives: its reason, and the rule it comes from."""

    reason: str
    basis: str
    zh: str
    en: str


def class_of(parts: Installed, resource: str, terms: Mapping[str, Any]) -> SharingClass:
    """The strictest class of all that is asked for: withheld before conditional before unconditional."""
    register = str(terms.get("register", ""))
    fields = {*(terms.get("fields") or ()), *(terms.get("claims") or ())}
    found: list[SharingClass] = []
    open_fields = set[str]()
    for one in parts.requests.classes:
        if one.resource and one.resource == resource:
            found.append(one)
        elif one.register and one.register == register and fields & set(one.fields):
            found.append(one)
            open_fields |= set(one.fields) if one.kind == "unconditional" else set()
    withheld = next((one for one in found if one.kind == "withheld"), None)
    if withheld is not None:
        return withheld
    everything = bool(found) and all(one.kind == "unconditional" for one in found)
    return found[0] if everything and fields <= open_fields else _CONDITIONAL


def refused_by_rule(parts: Installed, purpose: str, resource: str, terms: Mapping[str, Any]) -> RuleRefusal | None:
    """What no department may agree to: a purpose that serves profit, data that a law withholds."""
    named = parts.sharing.purposes.get(purpose)
    if named is not None and named.profit:
        zh, en = parts.requests.reasons.get("profit", ("以营利为目的", "Serves profit"))
        return RuleRefusal("profit", named.basis, f"“{named.title_zh}”{zh}", f"{named.title_en}: {en}")
    found = class_of(parts, resource, terms)
    if found.kind == "withheld":
        zh, en = found.why
        return RuleRefusal("withheld", found.basis, zh or found.basis, en or found.basis)
    return None
