"""A pack's rule file (YAML) to definitions: facts, dated values with the law beside each, decisions, functions.

What a department's lawyer reads and signs; the guide `write-rules` shows one. Every fault is told with its line.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from datong.rules.facts import DAY
from datong.rules.feel import BASE_NAMES, BUILTINS, FeelSyntax, Names, known_names, parse_expression, parse_tests
from datong.rules.feel.lex import WORD
from datong.rules.feel.nodes import ContextNode, Filter, For, FunctionNode, Name, Quantified, walk
from datong.rules.model import (
    Box,
    Decision,
    Definitions,
    FunctionBox,
    InputData,
    ItemDefinition,
    Knowledge,
    LiteralBox,
    Needs,
    Place,
    TableBox,
)
from datong.rules.pack_cells import Column
from datong.rules.pack_dated import dated_table
from datong.rules.pack_table import table_of
from datong.spec import Faults, Node

_TOP = ("rules", "zh", "en", "note", "types", "facts", "values", "functions", "decisions")
_FACT = ("type", "zh", "en", "note", "values", "list")
_VALUE = ("type", "zh", "en", "note", "dated")
_DECISION = ("zh", "en", "note", "type", "reference", "is", "hit", "inputs", "outputs", "rules", "otherwise")
_FUNCTION = ("zh", "en", "note", "type", "parameters", "is")
_TYPE = ("type", "list", "values", "fields", "note")


def read_pack_rules(root: Node, faults: Faults) -> Definitions:
    """The definitions of a rule file; faults are collected."""
    return _Reader(root, faults).definitions()


@dataclass
class _Reader:
    root: Node
    faults: Faults
    columns: dict[str, Column] = field(default_factory=dict)
    kinds: list[ItemDefinition] = field(default_factory=list)
    """Types of facts that are one of some words."""

    def definitions(self) -> Definitions:
        """The model as a whole."""
        self.only(self.root, _TOP)
        name = self.root.get("rules")
        if name is None or not str(name.value).strip():
            self.faults.add(self.root, "the file begins with `rules:` and the model's name")
        types = tuple(self.type(key, node) for key, node in self.part("types"))
        inputs = [self.fact(key, node) for key, node in self.part("facts")]
        values = [self.value(key, node) for key, node in self.part("values")]
        for key, node in self.part("decisions"):
            self.announce(key, node)
        functions = [self.function(key, node) for key, node in self.part("functions")]
        decisions = [self.decision(key, node) for key, node in self.part("decisions")]
        if values and not any(one.name == DAY for one in inputs):
            inputs.append(InputData(id=DAY, name=DAY, type="date", label="办理日期", place=_place(self.root)))
        called = str(name.value) if name is not None else ""
        found = Definitions(
            name=called,
            namespace=f"urn:datong:rules:{called}",
            label=self.text(self.root, "zh") or self.text(self.root, "en"),
            note=self.text(self.root, "note"),
            types=(*types, *self.kinds),
            inputs=tuple(inputs),
            decisions=(*values, *decisions),
            knowledge=tuple(functions),
        )
        self.doubles(found)
        return _with_needs(found, self.faults)

    # -- reading --------------------------------------------------------------

    def only(self, node: Node, known: tuple[str, ...]) -> None:
        """Each key is known, or a fault."""
        for key, _ in node.entries():
            if key not in known:
                self.faults.add(node.key_node(key), f"{key!r} is not known here; known are {', '.join(known)}")

    def part(self, key: str) -> list[tuple[str, Node]]:
        """A mapping of the file; each key a name."""
        node = self.root.get(key)
        if node is None:
            return []
        if not node.is_mapping:
            self.faults.add(node, f"`{key}:` is a mapping from name to what it is")
            return []
        for name, _ in node.entries():
            if not WORD.fullmatch(name):
                self.faults.add(node.key_node(name), f"{name!r} is no name: letters, digits and _ only, not beginning with a digit")
        return [(name, one) for name, one in node.entries() if WORD.fullmatch(name)]

    def text(self, node: Node, key: str) -> str:
        """A text of a mapping, or an empty one."""
        found = node.get(key)
        return found.text.strip() if found is not None else ""

    def label(self, node: Node) -> str:
        """What people call it."""
        return self.text(node, "zh") or self.text(node, "en")

    def words(self, node: Node, key: str) -> tuple[str, ...]:
        """A list of plain values as written."""
        found = node.get(key)
        return tuple(one.text for one in found.items()) if found is not None else ()

    def column(self, node: Node) -> Column:
        """What a fact or result may be."""
        kind = self.text(node, "type") if node.is_mapping else node.text.strip()
        return Column(kind, self.words(node, "values") if node.is_mapping else ())

    def type(self, name: str, node: Node) -> ItemDefinition:
        """A named type."""
        self.only(node, _TYPE)
        inner = node.get("fields")
        components = tuple(self.type(key, one) for key, one in inner.entries()) if inner is not None else ()
        if not node.is_mapping:
            return ItemDefinition(name, type=node.text.strip(), place=_place(node))
        column = self.column(node)
        many = self.text(node, "list")
        return ItemDefinition(
            name, type=many or column.type, many=bool(many), values=column.listed(), components=components, place=_place(node)
        )

    def fact(self, name: str, node: Node) -> InputData:
        """A fact that is given."""
        self.only(node, _FACT)
        column = self.column(node)
        self.columns[name] = column
        if not column.type and not self.text(node, "list"):
            self.faults.add(node, f"the fact {name!r} needs a `type:` (number, string, boolean, date, …)")
        if column.words:
            self.kinds.append(ItemDefinition(f"{name}_values", type=column.type, values=column.listed(), place=_place(node)))
            return InputData(id=name, name=name, type=f"{name}_values", label=self.label(node), place=_place(node))
        listed, type_ = self.text(node, "list") if node.is_mapping else "", column.type
        if listed:
            type_ = f"{name}_list"
            self.kinds.append(ItemDefinition(type_, type=listed, many=True, place=_place(node)))
        return InputData(id=name, name=name, type=type_, label=self.label(node), note=self.text(node, "note"), place=_place(node))

    def value(self, name: str, node: Node) -> Decision:
        """A value with the days it holds and the law it comes from: a table over the day."""
        self.only(node, _VALUE)
        column = self.column(node)
        self.columns[name] = column
        box = dated_table(name, node, column, self.faults)
        return Decision(
            id=name, name=name, type=column.type, label=self.label(node), note=self.text(node, "note"), box=box, place=_place(node)
        )

    def function(self, name: str, node: Node) -> Knowledge:
        """A function that decisions use."""
        self.only(node, _FUNCTION)
        listed = node.get("parameters")
        parameters = tuple((key, one.text.strip()) for key, one in listed.entries()) if listed is not None else ()
        body = self.required_text(node, "is", f"the function {name!r} needs `is:`, its expression")
        box = FunctionBox(parameters=parameters, body=body, type=self.text(node, "type"), place=_place(node))
        return Knowledge(id=name, name=name, type=box.type, label=self.label(node), box=box, place=_place(node))

    def required_text(self, node: Node, key: str, message: str) -> LiteralBox:
        """An expression that must be there."""
        found = node.get(key)
        if found is None or found.text.strip() == "":
            self.faults.add(node, message)
            return LiteralBox(text="null", place=_place(node))
        return LiteralBox(text=found.text, place=_place(found))

    def announce(self, name: str, node: Node) -> None:
        """Know a decision's kind before any table asks about it."""
        self.columns[name] = self.column(node) if node.is_mapping else Column("")
        outputs = node.get("outputs")
        if outputs is not None and len(outputs.value) == 1:
            self.columns[name] = self.column(next(iter(outputs.value.values())))

    def decision(self, name: str, node: Node) -> Decision:
        """A decision: an expression or a table."""
        self.only(node, _DECISION)
        box: Box
        if node.get("rules") is not None:
            box = table_of(name, node, self.columns, self.faults)
        else:
            box = self.required_text(node, "is", f"the decision {name!r} needs `is:`, an expression, or `rules:`, a table")
        return Decision(
            id=name,
            name=name,
            type=self.text(node, "type") if isinstance(box, LiteralBox) else "",
            label=self.label(node),
            note=self.text(node, "note"),
            reference=self.text(node, "reference"),
            box=box,
            place=_place(node),
        )

    def doubles(self, found: Definitions) -> None:
        """A name means one thing."""
        seen: dict[str, Any] = {}
        for element in found.elements():
            if element.name in seen:
                node = Node("", element.place.file, element.place.line)
                self.faults.add(node, f"the name {element.name!r} is used twice")
            seen[element.name] = element


def _place(node: Node) -> Place:
    return Place(node.file, node.line)


def _with_needs(found: Definitions, faults: Faults) -> Definitions:
    """What each decision and function uses, found in its expressions; a name that nothing has is a fault."""
    names = known_names([one.name for one in found.elements()], BASE_NAMES)
    kinds = {one.name: kind for kind, group in _groups(found) for one in group}

    def needs(box: Box | None) -> Needs:
        used: dict[str, None] = {}
        own = {key for key, _ in box.parameters} if isinstance(box, FunctionBox) else set()
        for text, cell, place in _texts(box):
            free, unknown = _names_in(text, names, cell=cell)
            used.update(dict.fromkeys(free))
            for name in sorted(unknown - own - kinds.keys()):
                faults.add(Node("", place.file, place.line), f"nothing is called {name!r} (a text stands in quotes)")
        return Needs(*(tuple(name for name in used if kinds.get(name) == kind) for kind in ("input", "decision", "knowledge")))

    return replace(
        found,
        decisions=tuple(replace(one, needs=needs(one.box)) for one in found.decisions),
        knowledge=tuple(replace(one, needs=needs(one.box)) for one in found.knowledge),
    )


def _groups(found: Definitions) -> tuple[tuple[str, tuple[Any, ...]], ...]:
    return (("input", found.inputs), ("decision", found.decisions), ("knowledge", found.knowledge))


def _texts(box: Box | None) -> list[tuple[str, bool, Place]]:
    """All FEEL of a box; whether each is a cell of conditions; where it stands."""
    if isinstance(box, LiteralBox):
        return [(box.text, False, box.place)]
    if isinstance(box, FunctionBox):
        return _texts(box.body)
    if not isinstance(box, TableBox):
        return []
    found = [(one.expression, False, one.place) for one in box.inputs]
    found += [(text, True, rule.place) for rule in box.rules for text in rule.tests]
    found += [(text, False, rule.place) for rule in box.rules for text in rule.results]
    return found + [(one.default, False, one.place) for one in box.outputs if one.default]


def _names_in(text: str, names: Names, *, cell: bool) -> tuple[list[str], set[str]]:
    """The names that a text uses, and those of them that it does not bind itself and FEEL does not have."""
    try:
        node = parse_tests(text, names) if cell else parse_expression(text, names) if text.strip() else None
    except FeelSyntax:
        return [], set()  # told as a fault when the model is compiled
    inside = walk(node)
    used = [one.name for one in inside if isinstance(one, Name)]
    if any(isinstance(one, Filter) for one in inside):
        return used, set()  # within a filter any name may be a part of the item
    bound = {"?", "item", "partial", "today", "now", *BUILTINS}
    for one in inside:
        if isinstance(one, (For, Quantified)):
            bound.update(one.names)
        elif isinstance(one, ContextNode):
            bound.update(key for key, _ in one.entries)
        elif isinstance(one, FunctionNode):
            bound.update(key for key, _ in one.parameters)
    return used, set(used) - bound
