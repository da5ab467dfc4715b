"""The form of a request for data: from what was typed to terms and papers, and back. Masks are proposed, not asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from datong import share
from datong.domain.errors import BadValue
from datong.domain.registers import REGISTER_FIELDS
from datong.web.i18n import say
from datong.web.visit import FIELD_ERRORS, Visit

REGISTERS = ("premises", "person", "organisation")
OPERATIONS = ("verify", "look_up", "list")
ROLES = ("officer", "window_clerk", "inspector", "grid_worker", "steward")
KEYS: Mapping[str, tuple[str, ...]] = {
    "premises": ("code", "title_no", "certificate_no", "pass", "address", "account_no"),
    "person": ("code", "citizen_id", "phone", "name_birth"),
    "organisation": ("code", "credit_code", "org_name"),
}
CLAIM, PLAIN = "claim", "plain"
MASKS: Mapping[str, str] = {
    **dict.fromkeys(("name", "owner_name", "legal_representative"), "name"),
    **dict.fromkeys(("citizen_id", "legal_representative_id"), "citizen_id"),
    **dict.fromkeys(("phone", "contact"), "phone"),
    **dict.fromkeys(("account_no", "insurance_no", "housing_fund_no", "household_no"), "account"),
    "address": "address",
    "birth_date": "year",
    "plate": "plate",
    "certificate_no": "certificate",
}
"""Field → the mask that is proposed for it; the others are shown whole."""
LONGEST = 2000


def fields_of(register: str) -> tuple[str, ...]:
    """What may be asked of a register: its fields, and for premises whose they are."""
    extra = ("owner_citizen_id", "applicant_citizen_id") if register == "premises" else ()
    return (*REGISTER_FIELDS[register], *extra)


def choices(name: str) -> tuple[str, ...]:
    """How a field may be asked for, the least first: not at all, compared, masked, whole."""
    if name in ("owner_citizen_id", "applicant_citizen_id"):
        return ("", CLAIM)
    return ("", CLAIM, MASKS[name], PLAIN) if name in MASKS else ("", CLAIM, PLAIN)


def asked(visit: Visit, register: str) -> share.Asked:
    """What the form asks for. Choices outside the lists raise BadValue; what is left empty lacks, and is told so later."""
    wished = {name: how for name in fields_of(register) if (how := _wished(visit, name))}
    quota = visit.optional("per_day", 7)
    terms: dict[str, Any] = {
        "register": register,
        "operations": _several(visit, "operations", OPERATIONS),
        "rows": {"jurisdiction": "city" if visit.optional("jurisdiction") == "city" else "own"},
        "fields": {name: how for name, how in wished.items() if how != CLAIM},
        "claims": [name for name, how in wished.items() if how == CLAIM],
        "keys": _several(visit, "keys", KEYS[register]),
        "roles": _several(visit, "roles", ROLES),
        "systems": bool(visit.optional("systems")),
        "quota": {"per_day": int(quota) if quota.isdigit() and int(quota) else 200, "per_minute": 60, "per_call": 50},
        "valid_from": visit.now.date().isoformat(),
        "valid_to": visit.optional("valid_to", 10),
    }
    if visit.optional("reason_required"):
        terms["reason"] = "required"
    papers = {code: visit.optional(f"paper_{code}", LONGEST) for code in share.installed(visit.session).requests.papers}
    texts = {name: visit.optional(name, 120) for name in ("title", "providing", "purpose", "resource")}
    return share.Asked(texts["title"], texts["providing"], texts["purpose"], terms, papers, texts["resource"])


def _wished(visit: Visit, name: str) -> str:
    """How one field is asked for. Raises BadValue naming the field."""
    how = visit.optional(f"field_{name}", 40)
    if how not in choices(name):
        raise BadValue(name, say(visit.language, FIELD_ERRORS[2]))
    return how


def _several(visit: Visit, name: str, known: tuple[str, ...]) -> list[str]:
    chosen = visit.sent.lists.get(name, ())
    return [one for one in known if one in chosen]


def how_offered(offer: share.Offered | None, name: str) -> str:
    """How an empty form asks for a field: what the catalogue's resource holds is to be compared, which is the least; else not at all."""
    return CLAIM if offer is not None and name in offer.fields else ""


def how_asked(terms: Mapping[str, Any], name: str) -> str:
    """How a request asks for a field, as the form shows it."""
    fields = terms.get("fields") or {}
    return str(fields[name]) if name in fields else CLAIM if name in (terms.get("claims") or ()) else ""
