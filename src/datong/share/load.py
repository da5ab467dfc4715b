"""Read purposes and agreements from the packs and check them as a whole: every fault at once, with file and line."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

from datong.domain.access import KEY_TYPES, Purpose
from datong.domain.errors import BadPack, Fault
from datong.domain.registers import REGISTER_FIELDS, RELATION_TYPES
from datong.registers import check_marks
from datong.share.agreement import CITIZEN, OPERATIONS, OPERATORS, OWN_TYPES, PUBLIC, Agreement, Condition, Quota, Rows, Sharing
from datong.share.application import application_agreements, application_nodes, check_applications, read_application
from datong.share.events import known_events, read_event_kinds
from datong.share.masks import MASKS, PLAIN
from datong.share.requests.rules import read_request_rules
from datong.share.requests.sandbox import read_sandbox
from datong.share.roles import ROLE_NAMES
from datong.share.supervision_items import read_items
from datong.share.words import CLAIM_ONLY, PERSON_CLAIMS
from datong.spec import Department, Faults, Node, Packs, Shape, load_yaml

PURPOSE_KEYS = ("title", "plain", "basis", "department", "visible_to_citizen", "profit", "withheld_days")
AGREEMENT_KEYS = (
    *("title", "requesting", "providing", "purpose", "basis", "register", "operations", "rows", "fields", "claims", "unmask"),
    *("links", "keys", "roles", "systems", "reason", "consent", "separate", "answer_days", "all_values", "events", "encrypted"),
    *("quota", "valid_from", "valid_to"),
)

IDENTIFYING = frozenset(("legal_representative", "legal_representative_id", "phone", "account_no", "contact", "owner_name", "former_name"))
"""Fields of organisations and premises that name a person or reach her."""
MASK_NAMES = (PLAIN, *MASKS)


def load_sharing(packs: Packs) -> Sharing:
    """What the packs say about sharing. Raises BadPack with every fault."""
    faults = Faults()
    purposes = _purposes(packs, faults)
    applications = {code: read_application(code, node, packs, faults) for code, node in application_nodes(packs)}
    for code in applications.keys() & purposes.keys():
        faults.add(Node({}, applications[code].file, 1), f"application {code!r} bears the code of a purpose of purposes.yml")
    purposes |= {code: one.purpose for code, one in applications.items()}
    read: list[tuple[Agreement, Node]] = []
    for code, child in _agreement_nodes(packs, faults):
        agreement = read_agreement(code, merged(child), faults)
        check_agreement(agreement, merged(child), packs, purposes, faults)
        read.append((agreement, child))
    _check_overlaps(read, faults)
    faults.raise_any()
    resources = {code: (source.title_zh, source.title_en) for code, source in packs.sources.items()}
    agreements = {one.code: one for one, _ in read}
    return Sharing(purposes, agreements, _zones(packs), packs.departments, resources, _codes(packs), applications)


def _agreement_nodes(packs: Packs, faults: Faults) -> Iterator[tuple[str, Node]]:
    """Every agreement of the packs and of the applications."""
    for path in packs.files("*/agreements.yml"):
        node = load_yaml(path, faults, str(path.relative_to(packs.folder)))
        yield from (node.get("agreements") or Node({}, node.file, node.line)).entries()
    for code, node in application_nodes(packs):
        yield from application_agreements(code, node)


def check_sharing(packs: Packs) -> list[Fault]:
    """Every fault in what the packs say about sharing; empty when it is sound."""
    try:
        sharing = load_sharing(packs)
    except BadPack as error:
        return error.faults
    faults = Faults()
    read_request_rules(packs, faults)
    sandbox = read_sandbox(packs, faults)
    check_applications(tuple(sharing.applications.values()), sharing, sandbox, faults)
    read_event_kinds(packs, faults)
    read_items(packs, faults)
    return faults.found or check_marks(packs)


def merged(node: Node) -> Node:
    """The node with YAML's `<<` (another mapping's entries, own entries win) written out, at every depth."""
    if isinstance(node.value, list):
        return Node([merged(item) for item in node.value], node.file, node.line, node.text)
    if not node.is_mapping:
        return node
    values: dict[str, Node] = {}
    lines: dict[str, int] = {}
    if (shared := node.get("<<")) is not None:
        for one in shared.items() or [shared]:
            inner = merged(one)
            values.update(inner.value if inner.is_mapping else {})
            lines.update(inner.keys)
    for key, child in node.entries():
        if key != "<<":
            values[key] = merged(child)
            lines[key] = node.keys.get(key, node.line)
    return Node(values, node.file, node.line, node.text, lines)


def read_agreement(code: str, node: Node, faults: Faults) -> Agreement:
    """One agreement as written; what cannot be read is noted and left at its default."""
    shape = Shape(node, f"agreement {code!r}", faults)
    shape.only(AGREEMENT_KEYS)
    title, quota = shape.part("title"), shape.part("quota")
    return Agreement(
        code=code,
        title_zh=title.text("zh", required=True),
        title_en=title.text("en", required=True),
        requesting=shape.words("requesting"),
        providing=shape.words("providing"),
        purpose=shape.text("purpose", required=True),
        basis=shape.text("basis", required=True),
        register=shape.choice("register", tuple(REGISTER_FIELDS), required=True),
        operations=shape.words("operations"),
        rows=_rows(shape.part("rows"), faults),
        fields=shape.texts("fields"),
        claims=shape.words("claims"),
        unmask=shape.words("unmask"),
        links=shape.texts("links"),
        keys=shape.words("keys"),
        roles=shape.words("roles"),
        systems=shape.flag("systems"),
        reason_required=shape.choice("reason", ("required",)) == "required",
        consent=shape.flag("consent"),
        all_values=shape.flag("all_values"),
        quota=Quota(quota.number("per_day", 1000, 1), quota.number("per_minute", 60, 1), quota.number("per_call", 1, 1)),
        valid_from=shape.text("valid_from", required=True),
        valid_to=shape.text("valid_to", required=True),
        separate=shape.words("separate"),
        events=shape.words("events"),
        encrypted=shape.flag("encrypted"),
        answer_days=shape.number("answer_days", 3, 1),
        file=node.file,
        line=node.line,
    )


def _rows(shape: Shape, faults: Faults) -> Rows:
    shape.only(("jurisdiction", "domain", "where", "own"))
    node = shape.node.get("jurisdiction")
    jurisdiction: str | tuple[str, ...] = "own"
    if node is not None:
        jurisdiction = tuple(item.text for item in node.items()) if isinstance(node.value, list) else node.text
        if isinstance(jurisdiction, str) and jurisdiction not in ("own", "city"):
            faults.add(node, f"jurisdiction {jurisdiction!r} is not known; write own, city or a list of division prefixes")
        elif any(not prefix.isdigit() for prefix in jurisdiction if isinstance(jurisdiction, tuple)):
            faults.add(node, "a division prefix must be digits")
    where = shape.node.get("where")
    conditions = tuple(_condition(item, faults) for item in where.items()) if where else ()
    return Rows(jurisdiction, shape.text("domain"), conditions, shape.choice("own", tuple(OWN_TYPES)))


def _condition(node: Node, faults: Faults) -> Condition:
    shape = Shape(node, "a condition", faults)
    shape.only(("field", "op", "value"))
    value = node.get("value")
    values = () if value is None else tuple(item.text for item in value.items()) if isinstance(value.value, list) else (value.text,)
    op = shape.choice("op", OPERATORS, "eq", required=True)
    if op not in ("present", "absent") and not values:
        faults.add(node, f"the condition {op!r} needs a value")
    if op in ("eq", "ne", "prefix", "from", "to") and len(values) > 1:
        faults.add(node, f"the condition {op!r} takes one value; write in or not_in for several")
    return Condition(shape.text("field", required=True), op, values)


def check_agreement(agreement: Agreement, node: Node, packs: Packs, purposes: Mapping[str, Purpose], faults: Faults) -> None:
    """Note everything in an agreement that names what does not exist or must not be."""
    fields = REGISTER_FIELDS.get(agreement.register, ())
    claims = (*fields, *{"premises": CLAIM_ONLY, "person": PERSON_CLAIMS}.get(agreement.register, ()))
    masks = set(agreement.fields.values()) | set(agreement.links.values())
    checks: list[tuple[str, Iterable[str], Iterable[str], str]] = [
        ("requesting", agreement.requesting, (*packs.departments, CITIZEN, PUBLIC), "department"),
        ("providing", agreement.providing, packs.departments, "department"),
        ("purpose", [agreement.purpose], purposes, "purpose"),
        ("operations", agreement.operations, OPERATIONS, "operation"),
        ("fields", agreement.fields, fields, f"{agreement.register} field"),
        ("claims", agreement.claims, claims, f"{agreement.register} claim"),
        ("unmask", agreement.unmask, agreement.fields, "field of this agreement"),
        ("links", agreement.links, RELATION_TYPES, "relation"),
        ("separate", agreement.separate, (*agreement.fields, *agreement.links), "field or relation of this agreement"),
        ("keys", agreement.keys, KEY_TYPES, "key"),
        ("roles", agreement.roles, ROLE_NAMES, "role"),
        ("fields", masks, MASK_NAMES, "mask"),
        ("events", agreement.events, known_events(packs), "kind of events"),
        ("rows", [one.field for one in agreement.rows.where], (*fields, "division"), f"{agreement.register} field"),
    ]
    for key, used, known, what in checks:
        for name in sorted(set(used) - set(known)):
            faults.add(node.deepest(key, name), f"{key} names {name!r}, which is no known {what}")
    _check_sense(agreement, node, packs, purposes, faults)


def _check_level(agreement: Agreement, node: Node, body: Department | None, faults: Faults) -> None:
    """A body below the city sees rows of its own division and no others."""
    rows = agreement.rows.jurisdiction
    if body is None or not body.division or rows == "own":
        return
    if isinstance(rows, str) or not all(one.startswith(body.division) for one in rows):
        told = f"{body.code!r} is in charge of {body.division}: its rows are own, or divisions within it"
        faults.add(node.deepest("rows", "jurisdiction"), told)


def _check_sense(agreement: Agreement, node: Node, packs: Packs, purposes: Mapping[str, Purpose], faults: Faults) -> None:
    purpose = purposes.get(agreement.purpose)
    if purpose and purpose.profit:
        faults.add(node.deepest("purpose"), f"purpose {agreement.purpose!r} serves profit: no agreement can grant it")
    for key in ("requesting", "providing", "operations", "roles"):
        if not getattr(agreement, key) and not (key == "roles" and agreement.requesting == (PUBLIC,)):
            faults.add(node.deepest(key), f"agreement {agreement.code!r} names no {key}")
    if {"verify", "look_up"} & set(agreement.operations) and not agreement.keys:
        faults.add(node.deepest("keys"), "verify and look_up need at least one key by which a subject may be asked")
    for key in ("valid_from", "valid_to"):
        if not _is_date(getattr(agreement, key)):
            faults.add(node.deepest(key), f"{key} must be a date like 2026-01-31")
    if not agreement.rows.own and _tells_whole_number(agreement):
        told = "the middle of a citizen number is the birth date: mask birth_date by year, or the number by citizen_id_ends"
        faults.add(node.deepest("fields"), told)
    _check_consent(agreement, node, faults)
    _check_public(agreement, node, faults)
    for code in agreement.requesting:
        _check_level(agreement, node, packs.departments.get(code), faults)
    if agreement.valid_to < agreement.valid_from:
        faults.add(node.deepest("valid_to"), "the agreement ends before it begins")


def _check_consent(agreement: Agreement, node: Node, faults: Faults) -> None:
    """A consent is one person's, for one look at her: an agreement that needs it opens persons one at a time."""
    if agreement.separate and not agreement.consent:
        faults.add(node.deepest("separate"), "separate names fields that need a consent of their own: write consent: true")
    if agreement.consent and agreement.register != "person":
        faults.add(node.deepest("register"), "only a person can consent: an agreement with consent opens the register of persons")
    if agreement.consent and set(agreement.operations) - {"verify", "look_up"}:
        faults.add(node.deepest("operations"), "an agreement with consent gives verify and look_up, nothing for many at a time")


def _check_public(agreement: Agreement, node: Node, faults: Faults) -> None:
    """What everybody may have is nobody's personal data: no register of persons, no field that names or reaches one, no ties."""
    if PUBLIC not in agreement.requesting:
        return
    if agreement.requesting != (PUBLIC,) or agreement.operations != ("extract",) or agreement.roles:
        faults.add(node.deepest("requesting"), "an agreement with the public is with nobody else, for extracts alone, and names no roles")
    if agreement.register == "person":
        faults.add(node.deepest("register"), "the register of persons is not opened to the public")
    for name in sorted(set(agreement.fields) & IDENTIFYING):
        faults.add(node.deepest("fields", name), f"{name} names or reaches a person: it is not opened to the public")
    for key in ("claims", "unmask", "links", "keys", "events"):
        if getattr(agreement, key):
            faults.add(node.deepest(key), f"an agreement with the public has no {key}")


def _tells_whole_number(agreement: Agreement) -> bool:
    """Whether what is shown beside a masked citizen number fills its gap; one's own number is no secret from oneself."""
    shown = agreement.fields.get("birth_date") == PLAIN or "birth_date" in agreement.unmask
    hidden = agreement.fields.get("citizen_id") == "citizen_id" and "citizen_id" not in agreement.unmask
    return shown and hidden


def _is_date(text: str) -> bool:
    parts = text.split("-")
    return len(text) == 10 and len(parts) == 3 and all(part.isdigit() for part in parts)


def _check_overlaps(read: list[tuple[Agreement, Node]], faults: Faults) -> None:
    """Two agreements may not answer the same question: a decision must name the one that gave it."""
    seen: dict[str, str] = {}
    cells: dict[tuple[str, str, str, str], list[tuple[Agreement, Node]]] = {}
    for one, node in read:
        if one.code in seen:
            faults.add(node, f"agreement {one.code!r} is already given by {seen[one.code]}")
        seen.setdefault(one.code, node.file)
        for department in one.requesting:
            for operation in one.operations:
                cells.setdefault((department, one.purpose, one.register, operation), []).append((one, node))
    for cell, members in cells.items():
        for (left, _), (right, node) in combinations(members, 2):
            if left.code != right.code and overlap(left, right):
                faults.add(node, f"agreements {left.code!r} and {right.code!r} both answer {', '.join(cell)} for the same role and time")


def overlap(left: Agreement, right: Agreement) -> bool:
    """Whether two agreements could both answer some question."""
    same_time = left.valid_from <= right.valid_to and right.valid_from <= left.valid_to
    same_cell = left.purpose == right.purpose and left.register == right.register and set(left.operations) & set(right.operations)
    return bool(same_cell and same_time and set(left.requesting) & set(right.requesting) and set(left.roles) & set(right.roles))


def _codes(packs: Packs) -> dict[tuple[str, str], dict[str, str]]:
    """How the departments write the coded values of each register field, from the sources' own lists."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for source in packs.sources.values():
        for subject in source.subjects.values():
            for register_field, source_field in subject.fields.items():
                column = source.by_field.get(source_field)
                if column is not None and column.list:
                    words = source.codes.get(column.list, {})
                    found.setdefault((subject.kind, register_field), {}).update({word: code for word, code in words.items() if code})
    return found


def _purposes(packs: Packs, faults: Faults) -> dict[str, Purpose]:
    root = packs.raw("purposes", faults)
    found: dict[str, Purpose] = {}
    if root is None:
        return found
    for code, node in (root.get("purposes") or root).entries():
        shape = Shape(node, f"purpose {code!r}", faults)
        shape.only(PURPOSE_KEYS)
        title, plain = shape.part("title"), shape.part("plain")
        found[code] = Purpose(
            code,
            title.text("zh", required=True),
            title.text("en", required=True),
            plain.text("zh", required=True),
            plain.text("en", required=True),
            shape.text("basis", required=True),
            shape.choice("department", tuple(packs.departments), required=True),
            shape.flag("visible_to_citizen", True),
            shape.flag("profit"),
            shape.number("withheld_days"),
        )
        if found[code].withheld_days and found[code].visible_to_citizen:
            faults.add(node, f"purpose {code!r}: withheld_days is for a purpose with visible_to_citizen: false")
    return found


def _zones(packs: Packs) -> dict[str, tuple[str, ...]]:
    """functional_zones.csv: which divisions a zone runs today (ended members stay, old rows carry their codes)."""
    path = packs.folder / "registers" / "functional_zones.csv"
    if not path.is_file():
        return {}
    lines = [line for line in path.read_text(encoding="utf-8-sig").splitlines() if line.strip() and not line.startswith("#")]
    zones: dict[str, list[str]] = {}
    for row in csv.DictReader(lines):
        zones.setdefault(row["zone_code"], []).append(row["member_code"])
    return {zone: tuple(members) for zone, members in zones.items()}
