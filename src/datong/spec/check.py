"""The cross-checks: every field, role, department, list and register word a source names must exist."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import PurePath

from datong.domain import registers
from datong.spec.file_names import file_pattern
from datong.spec.nodes import Faults, Node
from datong.spec.source import Source


def check_source(source: Source, node: Node, departments: Collection[str], faults: Faults) -> None:
    """Note everything in one source that names what does not exist."""
    if source.resource and source.resource != PurePath(node.file).stem:
        faults.add(node.get("resource") or node, f"resource {source.resource!r} must be the file's own name, {PurePath(node.file).stem!r}")
    if source.department and source.department not in departments:
        faults.add(node.get("department") or node, f"department {source.department!r} is not in departments.yml")
    if source.file and file_pattern(source.file) is None:
        faults.add(node.get("file") or node, "'file' may hold {date} once and no folder: write a plain file name")
    _check_names(source, node, faults)
    _check_lists(source, node, faults)
    _check_subjects(source, node, faults)
    _check_changes(source, node, faults)
    _check_event(source, node, faults)
    _check_relations(source, node, faults)


def check_resources(sources: Iterable[tuple[Source, Node]], faults: Faults) -> None:
    """Note resources that two files give."""
    seen: dict[str, str] = {}
    for source, node in sources:
        if source.resource in seen:
            faults.add(node.get("resource") or node, f"resource {source.resource!r} is already given by {seen[source.resource]}")
        seen.setdefault(source.resource, node.file)


def check_precedence(node: Node, resources: Collection[str], faults: Faults) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """precedence.yml as kind → field → order, noting unknown kinds, fields, resources and classes."""
    orders: dict[str, dict[str, tuple[str, ...]]] = {}
    for kind, per_field in node.entries():
        if kind not in registers.REGISTER_FIELDS:
            faults.add(node.key_node(kind), f"unknown register {kind!r}; known are {', '.join(registers.REGISTER_FIELDS)}")
            continue
        for name, order in per_field.entries():
            if name != "default" and name not in registers.REGISTER_FIELDS[kind]:
                faults.add(per_field.key_node(name), f"unknown {kind} field {name!r}")
            if not isinstance(order.value, list):
                faults.add(order, f"the order of {name!r} must be a list of resources and precedence classes")
            for item in order.items():
                if item.text not in resources and item.text not in registers.PRECEDENCE_CLASSES:
                    faults.add(item, f"{item.text!r} is neither a resource nor a precedence class")
        orders[kind] = {name: tuple(item.text for item in order.items()) for name, order in per_field.entries()}
    return orders


def _check_names(source: Source, node: Node, faults: Faults) -> None:
    fields = set(source.fields)
    for item in node.deepest("key").items():
        if item.text not in fields:
            faults.add(item, f"key names {item.text!r}, a field that no column gives")
    mapped = {column.name for column in source.columns}
    for item in node.deepest("ignored").items():
        if item.text in mapped:
            faults.add(item, f"column {item.text!r} is both mapped and ignored")
    for part in ("fixes",), ("assertions", "filled"):
        holder = node
        for key in part:
            holder = holder.get(key) or Node({}, node.file, node.line)
        for name, _ in holder.entries():
            if name not in fields:
                faults.add(holder.key_node(name), f"{'.'.join(part)} names {name!r}, a field that no column gives")


def _check_lists(source: Source, node: Node, faults: Faults) -> None:
    used = set()
    for column in source.columns:
        used.add(column.list)
        if column.list and column.list not in source.codes:
            faults.add(node.deepest("columns", column.name, "list"), f"list {column.list!r} is not in 'codes'")
    for name in source.codes:
        if name not in used:
            faults.add(node.deepest("codes").key_node(name), f"list {name!r} is used by no column")


def _check_subjects(source: Source, node: Node, faults: Faults) -> None:
    fields = set(source.fields)
    for role, subject in source.subjects.items():
        known = (*registers.REGISTER_FIELDS.get(subject.kind, ()), *(registers.EVENT_FIELDS if source.event else ()))
        place = node.deepest("subjects", role, "fields")
        for register_field, source_field in subject.fields.items():
            if known and register_field not in known:
                faults.add(place.key_node(register_field), f"unknown {subject.kind} field {register_field!r}")
            if subject.kind == "premises" and register_field in registers.TREE_FIELDS and not source.tree:
                faults.add(
                    place.key_node(register_field),
                    f"{register_field!r} is an address part: only a source with 'tree: authority' or 'tree: changes' gives it",
                )
            if register_field in registers.CHANGE_FIELDS and source.tree != "changes":
                faults.add(place.key_node(register_field), f"{register_field!r} is for a source with 'tree: changes' only")
            if source_field not in fields:
                faults.add(place.get(register_field) or place, f"subject {role!r} names {source_field!r}, a field that no column gives")


def _check_event(source: Source, node: Node, faults: Faults) -> None:
    """A source of events says of somebody that something happened: its number, and on which day."""
    if source.event and not any({"event_no", "event_on"} <= set(subject.fields) for subject in source.subjects.values()):
        faults.add(node.deepest("subjects"), f"event {source.event!r}: one subject must give event_no and event_on")


def _check_changes(source: Source, node: Node, faults: Faults) -> None:
    """A source of changes of places says of the place before, the place after, or both: what happened, and when."""
    if source.tree != "changes":
        return
    if not source.subjects or not set(source.subjects) <= {"before", "after"}:
        faults.add(node.deepest("subjects"), "'tree: changes' needs the roles 'before' and 'after' (one is enough) and no other")
    for role, subject in source.subjects.items():
        place = node.deepest("subjects", role, "fields")
        if subject.kind != "premises":
            faults.add(place, f"role {role!r} must be of kind premises")
        for name in registers.CHANGE_FIELDS:
            if name not in subject.fields:
                faults.add(place, f"{name!r} is missing: it says what became of the place, and when")
        column = source.by_field.get(subject.fields.get("place_change", ""))
        values = set(source.codes.get(column.list, {}).values()) if column else set()
        for value in sorted(values - set(registers.PLACE_CHANGES)):
            known = ", ".join(registers.PLACE_CHANGES)
            faults.add(node.deepest("codes", column.list if column else ""), f"{value!r} is no change of a place; known are {known}")


def _check_relations(source: Source, node: Node, faults: Faults) -> None:
    fields = set(source.fields)
    for relation, place in zip(source.relations, node.deepest("relations").items(), strict=False):
        for key, role in (("from", relation.source), ("to", relation.target)):
            if role and role not in source.subjects:
                faults.add(place.deepest(key), f"relation names role {role!r}, which 'subjects' does not have")
        for key, name in (("since", relation.since), ("until", relation.until)):
            if name and name not in fields:
                faults.add(place.deepest(key), f"relation names {name!r}, a field that no column gives")
        for key, name in relation.detail.items():
            if name not in fields:
                faults.add(place.deepest("detail", key), f"relation detail names {name!r}, a field that no column gives")
