"""What comes of a granted case: the licences of the parts that were agreed, and the composite that holds them together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from datong import ledger, licences
from datong.domain.access import Actor
from datong.domain.errors import BadValue, Missing
from datong.services.known import Known
from datong.services.sources import facts_of, words_of_source
from datong.services.store_case import Kept
from datong.spec import LicenceSpec, Service
from datong.store import Session

ISSUED = "licences"
"""Where a case keeps what was issued of it: type → the licence's id."""


def issue_licences(
    session: Session, service: Service, kept: Kept, now: datetime
) -> tuple[tuple[dict[str, Any], ...], tuple[ledger.Line, ...]]:
    """Issue everything that comes of a granted case: what was issued, and what could not be, with the reason, for the timeline; and
    the licences' ledger lines, which the caller appends together with her own.

    A licence that cannot be issued does not take the grant back; the department that issues it is told by the timeline.
    """
    facts = facts_of(kept)
    told: list[dict[str, Any]] = []
    lines: list[ledger.Line] = []
    together = licences.Together(session, now, lines)
    issued: dict[str, str] = dict(kept.facts.get(ISSUED, {}))
    for spec in sorted(service.licences, key=lambda one: one.parts):
        if spec.type in issued or not _wanted(kept, spec):
            continue
        parts = tuple(issued.values()) if spec.parts else ()
        if spec.parts and not parts:
            continue
        told.append(_issue(session, service, kept, spec, facts=facts, parts=parts, together=together))
        if "licence" in told[-1]:
            issued[spec.type] = told[-1]["licence"]
    together.write()
    return tuple(told), tuple(lines)


def end_licences(session: Session, kept: Kept, now: datetime) -> None:
    """The case was opened again and came to another end: what was issued of it should not have been, and is withdrawn."""
    types = licences.types(session)
    for code, licence_id in kept.facts.get(ISSUED, {}).items():
        actor = _issuer(types[code].department, kept)
        doing = licences.Doing("withdraw", "办件重新办理后未获准予", kept.case.case_id)
        licences.act(session, actor, licence_id, doing, now=now)


def _wanted(kept: Kept, spec: LicenceSpec) -> bool:
    """Whether the part it belongs to was agreed; one of no part comes of every grant."""
    if not spec.task:
        return True
    task = kept.case.tasks.get(spec.task)
    return task is not None and task.outcome == "agree"


def _issue(
    session: Session,
    service: Service,
    kept: Kept,
    spec: LicenceSpec,
    *,
    facts: Mapping[str, Known],
    parts: tuple[str, ...],
    together: licences.Together,
) -> dict[str, Any]:
    kind = licences.types(session)[spec.type]
    integers = {one.name for one in kind.facts if one.type == "integer"}
    stated: dict[str, str | int | bool] = {}
    for name, source in spec.facts.items():
        if value := words_of_source(service, kept, source, facts):
            stated[name] = int(value) if name in integers and value.isdigit() else value
    holder = kept.case.applicant if spec.holder == "applicant" else facts[spec.holder].subject if spec.holder in facts else ""
    wanted = licences.NewLicence(spec.type, holder, stated, case=kept.case.case_id, parts=parts)
    try:
        made = together.issue(_issuer(kind.department, kept), wanted)
    except (BadValue, Missing) as error:
        return {"type": spec.type, "why": error.message}
    return {"type": spec.type, "licence": made.licence_id, "number": made.identifier}


def _issuer(department: str, kept: Kept) -> Actor:
    return Actor(f"service:{kept.case.service}", kept.case.service, "system", department)
