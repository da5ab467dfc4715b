"""Agreements written as Cedar policies: an outside engine's word on who may ask what of which row. For tests only.

Cedar has neither our prefixes nor our zones: a row says by which prefixes and zones it can be reached, and an actor's
jurisdiction is asked whether it holds one of them. So nothing of the policy's own arithmetic is repeated here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from datong.domain.access import Actor, Question
from datong.share.agreement import Agreement, Condition
from datong.share.policy import FREE_FILTERS, asking_for, roles_of
from datong.share.rows import RowView

PRINCIPAL, RESOURCE = 'Actor::"somebody"', 'Row::"one"'


def text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def texts(values: Iterable[str]) -> str:
    return "[" + ", ".join(text(one) for one in values) + "]"


def day(iso: str) -> int:
    return int(iso.replace("-", ""))


def policy(agreement: Agreement) -> str:
    """One agreement as one `permit`."""
    actions = ", ".join(f"Action::{text(one)}" for one in agreement.operations)
    return "permit(principal, action in [" + actions + "], resource) when { " + " && ".join(f"({one})" for one in _whole(agreement)) + " };"


def _whole(agreement: Agreement) -> list[str]:
    rows = agreement.rows
    system = f'context.kind == "system" && {str(agreement.systems).lower()} && (context.agreements.contains({text(agreement.code)}) || context.agreements.contains({text("purpose:" + agreement.purpose)}))'
    person = f'context.kind != "system" && {texts(agreement.roles)}.containsAny(context.roles)'
    said = [
        f"{texts(agreement.requesting)}.contains(context.department)",
        f"context.purpose == {text(agreement.purpose)}",
        f"context.register == {text(agreement.register)}",
        f"context.today >= {day(agreement.valid_from)} && context.today <= {day(agreement.valid_to)}",
        str(agreement.state == "live").lower(),
        f"(({system}) || ({person}))",
        f"({{one}} || {texts(agreement.keys)}.contains(context.key))".replace("{one}", 'context.key == "none"'),
        f'(context.key != "none" || context.limit <= {agreement.quota.per_call})',
        *_fields(agreement),
        *(_condition(one) for one in rows.where),
    ]
    if rows.domain:
        said.append(f"(context.domains.isEmpty() || context.domains.contains({text(rows.domain)}))")
    if agreement.reason_required:
        said.append("context.named")
    if rows.jurisdiction == "own":
        said.append("context.row.reached_by.containsAny(context.jurisdiction)")
    elif rows.jurisdiction != "city":
        said.append(f"context.row.reached_by.containsAny({texts(rows.jurisdiction)})")
    if rows.own:
        said.append('context.subject != "" && (context.row.code == context.subject || context.row.owners.contains(context.subject))')
    return said


def _fields(agreement: Agreement) -> list[str]:
    """Of the fields asked for one must be granted; every filter and every unmasking must be."""
    filters = [*FREE_FILTERS, *(name for name, mask in agreement.fields.items() if mask == "plain"), *agreement.links]
    granted = f"{texts(agreement.fields)}.containsAny(context.fields)"
    compared = f"{texts(agreement.comparable)}.containsAny(context.claims)"
    return [
        f'(if action == Action::"verify" then context.fields.isEmpty() && (context.claims.isEmpty() || {compared}) '
        f"else (context.fields.isEmpty() || {granted}))",
        f"{texts(filters)}.containsAll(context.filters)",
        f'(context.unmask.isEmpty() || (context.named && action == Action::"look_up" && {texts(agreement.unmask)}.containsAll(context.unmask)))',
    ]


def _condition(condition: Condition) -> str:
    name, wanted = condition.field, condition.value
    value, has = f"context.row.values.{name}", f"context.row.values has {name}"
    match condition.op:
        case "present":
            return has
        case "absent":
            return f"!({has})"
        case "eq" | "in":
            return f"({has} && {texts(wanted)}.contains({value}))"
        case "ne" | "not_in":
            return f"!({has} && {texts(wanted)}.contains({value}))"
        case "prefix":
            return f'({has} && {value} like "{wanted[0]}*")'
        case "from":
            return f"({has} && context.row.days.{name} >= {day(wanted[0])})"
        case _:
            return f"({has} && context.row.days.{name} <= {day(wanted[0])})"


def request(actor: Actor, question: Question, today: str, row: RowView, zones: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    """One question about one row, for Cedar. `row.values` must be a mapping of the values that hold."""
    assert isinstance(row.values, Mapping)
    ends = range(len(row.division) + 1)
    through = [code for code, members in zones.items() if any(row.division.startswith(one) for one in members)]
    context = {
        "department": asking_for(actor),
        "purpose": question.purpose,
        "register": question.register,
        "kind": actor.kind,
        "today": day(today),
        "roles": sorted(roles_of(actor)),
        "agreements": list(actor.agreements),
        "subject": actor.subject,
        "domains": list(actor.domains),
        "jurisdiction": list(actor.jurisdiction),
        "key": question.key.type if question.key else "none",
        "limit": question.limit,
        "named": bool(question.reason.reference) or len(question.reason.text) >= 5,
        "fields": list(question.fields),
        "claims": [name for name, _ in question.claims],
        "filters": [name for name, _ in question.where],
        "unmask": list(question.unmask),
        "row": {
            "code": row.code,
            "owners": sorted(row.owners),
            "reached_by": [row.division[:end] for end in ends] + through,
            "values": dict(row.values),
            "days": {name: day(value) for name, value in row.values.items() if value.replace("-", "").isdigit()},
        },
    }
    return {"principal": PRINCIPAL, "action": f"Action::{text(question.operation)}", "resource": RESOURCE, "context": context}
