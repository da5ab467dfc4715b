"""From a subject to what leaves the door: granted fields, masked, with their source and their marks; and its links."""

from __future__ import annotations

from collections.abc import Mapping

from datong.domain.access import Decision, SharedEntry, SharedFact, SharedLink
from datong.domain.changed import changed
from datong.share.agreement import Agreement
from datong.share.masks import PLAIN, apply_mask
from datong.share.subjects import Fact, Subject, Tie

MOST_LINKS = 300
_NO_FACT = SharedFact("", "", False, "", "", "", "")
LABEL_FIELDS = {"person": "name", "organisation": "org_name", "premises": "standard_address"}
Marks = Mapping[str, tuple[str, ...]]


def shared_entry(
    subject: Subject, decision: Decision, agreement: Agreement, marks: Marks, links: tuple[SharedLink, ...] = ()
) -> SharedEntry:
    """The subject as far as the decision lets it be seen."""
    masks = dict(decision.masks)
    facts: list[SharedFact] = []
    for field in decision.fields:
        facts.extend(_facts(subject, field, masks.get(field, "hidden"), agreement.all_values, marks))
    return SharedEntry(
        code=subject.code,
        register=subject.register,
        facts=tuple(facts),
        links=links,
        marks=marks.get("", ()),
        label=entry_label(subject, agreement, masks),
    )


def entry_label(subject: Subject, agreement: Agreement, masks: Mapping[str, str]) -> str:
    """What the subject may be called under this agreement; nothing when the agreement does not let its name be seen."""
    field = LABEL_FIELDS[subject.register]
    mask = masks.get(field) or agreement.fields.get(field)
    if mask is None and subject.register == "premises":
        mask = agreement.fields.get("address")
    return apply_mask(mask, subject.label) if mask else ""


def _facts(subject: Subject, field: str, mask: str, every: bool, marks: Marks) -> list[SharedFact]:
    """A field's facts: the values that hold (several phones, but of an address only the best wording), or every source's."""
    held = subject.facts.get(field, [])
    if not held:
        return []
    conflict = any(one.get("state") == "conflict" for one in held)
    shown = held if every else [one for one in held if one.get("state", "won") == "won"][: 1 if field == "address" else None]
    return [_fact(field, one, mask, conflict, marks.get(field, ())) for one in shown]


def _fact(field: str, fact: Fact, mask: str, conflict: bool, marks: tuple[str, ...]) -> SharedFact:
    return changed(
        _NO_FACT,
        field=field,
        value=apply_mask(mask, fact["value"]),
        masked=mask != PLAIN,
        source=fact.get("resource", ""),
        department=fact.get("department", ""),
        delivery=fact.get("delivery", ""),
        as_of=fact.get("as_of", ""),
        conflict=conflict,
        marks=marks,
        state=fact.get("state", "won"),
    )


def shared_links(found: list[Tie], agreement: Agreement, marks: Marks) -> tuple[SharedLink, ...]:
    """The ties the agreement lets be seen; several sources' words of one tie are one link, the newest speaks."""
    links: dict[tuple[str, str, str], SharedLink] = {}
    for tie in found:
        mask = agreement.links.get(tie.type)
        if mask is None:
            continue
        if mask == "name" and tie.register != "person":
            mask = PLAIN
        link = SharedLink(
            type=tie.type,
            direction="out" if tie.direction == "out" else "in",
            code=tie.code,
            register=tie.register,
            label=apply_mask(mask, tie.label),
            since=tie.since,
            until=tie.until,
            source=tie.resource,
            department=tie.department,
            masked=mask != PLAIN,
            marks=marks.get(f"link:{tie.type}:{tie.code}", ()),
        )
        before = links.get((tie.type, tie.direction, tie.code))
        if before is None or (before.until and not link.until):
            links[(tie.type, tie.direction, tie.code)] = link
    return tuple(links.values())[:MOST_LINKS]
