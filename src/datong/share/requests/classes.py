"""The sharing class of what is asked for, with the law behind it: by the catalogue and by the rules, of which the stricter holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from datong.share.catalogue import Basis, Resource, published_resource
from datong.share.installed import Installed
from datong.share.requests.rules import SharingClass
from datong.store import Session

_CONDITIONAL = SharingClass("conditional", "", "rule")
_KINDS = {"open": "unconditional", "conditional": "conditional", "withheld": "withheld"}
"""How the catalogue says a class → how requests say it."""
_STRICTEST = ("withheld", "conditional", "unconditional")


@dataclass(frozen=True)
class RuleRefusal:
    """A refusal that no person gives: its reason, and the rule it comes from."""

    reason: str
    basis: str
    zh: str
    en: str


@dataclass(frozen=True)
class Offered:
    """What the catalogue says of a resource to whoever wants to ask for it."""

    resource: str
    title: str
    department: str
    kind: str
    basis: str
    condition: str
    why: str
    fields: tuple[str, ...]
    """The codes of its items."""


def class_of(session: Session, parts: Installed, resource: str, terms: Mapping[str, Any]) -> SharingClass:
    """The strictest class of all that is asked for: withheld before conditional before unconditional."""
    listed = _in_catalogue(session, resource, terms)
    ruled = _by_rules(parts, resource, terms)
    if listed is None:
        return ruled or _CONDITIONAL
    if ruled is None:
        return listed
    return min(listed, ruled, key=lambda one: _STRICTEST.index(one.kind))


def offered(session: Session, resource: str) -> Offered | None:
    """What the published catalogue says of a resource; nothing when it holds none of this number."""
    item = published_resource(session, resource)
    if item is None:
        return None
    kind = _KINDS[item.sharing_class]
    codes = tuple(one.code for one in item.fields)
    return Offered(resource, item.title, item.department, kind, _acts(item.bases), item.condition, item.withheld_because, codes)


def refused_by_rule(session: Session, parts: Installed, purpose: str, resource: str, terms: Mapping[str, Any]) -> RuleRefusal | None:
    """What no department may agree to: a purpose that serves profit, data that a law withholds."""
    named = parts.sharing.purposes.get(purpose)
    if named is not None and named.profit:
        zh, en = parts.requests.reasons.get("profit", ("以营利为目的", "Serves profit"))
        return RuleRefusal("profit", named.basis, f"“{named.title_zh}”{zh}", f"{named.title_en}: {en}")
    found = class_of(session, parts, resource, terms)
    if found.kind == "withheld":
        zh, en = found.why
        return RuleRefusal("withheld", found.basis, zh or found.basis, en or found.basis)
    return None


def _in_catalogue(session: Session, resource: str, terms: Mapping[str, Any]) -> SharingClass | None:
    """The class that the published catalogue gives to just what is asked for of a resource: the strictest of these items, with its acts."""
    item = published_resource(session, resource)
    if item is None:
        return None
    asked = _asked(terms)
    classes = {one.code: (one.sharing_class or item.sharing_class, one.bases or item.bases) for one in item.fields}
    held = [classes[name] for name in sorted(asked) if name in classes] or [(item.sharing_class, item.bases)]
    word, bases = min(held, key=lambda one: _STRICTEST.index(_KINDS[one[0]]))
    says = tuple(one for one in bases if one.says == word) or bases
    return SharingClass(_KINDS[word], _acts(says), "", resource=resource, why=_why(item, word))


def _why(item: Resource, word: str) -> tuple[str, str]:
    said = item.withheld_because if word == "withheld" else item.condition
    return said, said


def _by_rules(parts: Installed, resource: str, terms: Mapping[str, Any]) -> SharingClass | None:
    """The class that the city's rules fix; nothing where they say nothing of it."""
    register, fields = str(terms.get("register", "")), _asked(terms)
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
    return found[0] if everything and fields <= open_fields else _CONDITIONAL if found else None


def _asked(terms: Mapping[str, Any]) -> set[str]:
    return {*(terms.get("fields") or ()), *(terms.get("claims") or ())}


def _acts(bases: Iterable[Basis]) -> str:
    """Acts as a sentence names them."""
    return "；".join(f"{one.act}{one.article}" for one in bases)
