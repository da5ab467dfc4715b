"""The boxes of DMN's XML: literal expressions, tables, contexts, invocations, functions, relations, lists and the rest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from datong.rules.feel import tidy_name
from datong.rules.model import (
    Box,
    ConditionalBox,
    ContextBox,
    FilterBox,
    FunctionBox,
    Input,
    InvocationBox,
    IteratorBox,
    ListBox,
    LiteralBox,
    Output,
    Place,
    RelationBox,
    Rule,
    TableBox,
)
from datong.rules.xml_read import XmlNode
from datong.spec import Faults, Node

REFERENCE_WORDS = ("依据", "法律依据", "reference", "legal basis", "basis")
_POLICIES = {"UNIQUE": "U", "ANY": "A", "PRIORITY": "P", "FIRST": "F", "RULE ORDER": "R", "OUTPUT ORDER": "O", "COLLECT": "C"}
_AGGREGATIONS = {"": "", "SUM": "+", "COUNT": "#", "MIN": "<", "MAX": ">", "LIST": ""}


def type_of(node: XmlNode) -> str:
    """The type an element is declared to have: an attribute today, an element in DMN 1.1."""
    return node.get("typeRef") or node.text_of("typeRef")


def rule_text(node: XmlNode | None) -> str:
    """The FEEL text within an element."""
    return node.text_of("text") if node is not None else ""


class Boxes:
    """Reads boxes of one file; what it does not know is a fault."""

    def __init__(self, file: str, faults: Faults) -> None:
        self.file = file
        self.faults = faults
        self._readers: dict[str, Callable[[XmlNode], Box]] = {
            "literalExpression": self.literal,
            "decisionTable": self.table,
            "context": self.context,
            "invocation": self.invocation,
            "functionDefinition": self.function,
            "relation": self.relation,
            "list": self.listed,
            "conditional": self.conditional,
            "for": self.iterator,
            "some": self.iterator,
            "every": self.iterator,
            "filter": self.filter,
        }

    @property
    def names(self) -> frozenset[str]:
        """The names of all boxes."""
        return frozenset(self._readers)

    def place(self, node: XmlNode) -> Place:
        """Where an element stands."""
        return Place(self.file, node.line)

    def within(self, node: XmlNode) -> Box | None:
        """The box within an element, if there is one."""
        found = next((one for one in node.children if one.name in self._readers), None)
        return self._readers[found.name](found) if found is not None else None

    def required(self, node: XmlNode | None, around: XmlNode) -> Box:
        """The box within an element that must have one; null where it is missing, with a fault."""
        found = self.within(node) if node is not None else None
        if found is None:
            self.fault(around, f"<{around.name}> lacks an expression")
            return LiteralBox(text="null", place=self.place(around))
        return found

    def fault(self, node: XmlNode, message: str) -> None:
        """Note a fault at an element."""
        self.faults.add(Node("", self.file, node.line), message)

    def literal(self, node: XmlNode) -> LiteralBox:
        """FEEL text; an expression in another language is a fault."""
        language = node.get("expressionLanguage").rstrip("/").lower()
        if language and "feel" not in language:
            self.fault(node, f"the expression language {node.get('expressionLanguage')!r} is not FEEL")
        text = node.first("text")
        place = Place(self.file, text.line if text is not None else node.line)
        return LiteralBox(text=rule_text(node), type=type_of(node), place=place)

    def context(self, node: XmlNode) -> ContextBox:
        """Named entries and perhaps a result."""
        entries: list[tuple[str, Box]] = []
        result: Box | None = None
        for entry in node.all("contextEntry"):
            variable = entry.first("variable")
            box = self.required(entry, entry)
            if variable is None:
                result = box
            else:
                entries.append((tidy_name(variable.get("name")), _typed(box, type_of(variable))))
        return ContextBox(entries=tuple(entries), result=result, type=type_of(node), place=self.place(node))

    def invocation(self, node: XmlNode) -> InvocationBox:
        """A call with named arguments."""
        bindings = []
        for binding in node.all("binding"):
            parameter = binding.first("parameter")
            name = tidy_name(parameter.get("name")) if parameter is not None else ""
            inner = self.within(binding)
            bindings.append((name, inner or LiteralBox(text="null", place=self.place(binding))))
        callee = self.required(node, node)
        return InvocationBox(callee=callee, bindings=tuple(bindings), type=type_of(node), place=self.place(node))

    def function(self, node: XmlNode) -> FunctionBox:
        """A function definition."""
        parameters = tuple((tidy_name(one.get("name")), type_of(one)) for one in node.all("formalParameter"))
        kind = node.get("kind") or "FEEL"
        body = self.within(node) or LiteralBox(text="null", place=self.place(node))
        return FunctionBox(parameters=parameters, body=body, kind=kind, type=type_of(node), place=self.place(node))

    def relation(self, node: XmlNode) -> RelationBox:
        """Rows of columns."""
        columns = tuple(tidy_name(one.get("name")) for one in node.all("column"))
        rows = tuple(tuple(self.boxes_of(row)) for row in node.all("row"))
        for row, cells in zip(node.all("row"), rows, strict=True):
            if len(cells) != len(columns):
                self.fault(row, f"the row has {len(cells)} cells, the relation {len(columns)} columns")
        return RelationBox(columns=columns, rows=rows, type=type_of(node), place=self.place(node))

    def boxes_of(self, node: XmlNode) -> list[Box]:
        """All boxes within an element, in order."""
        return [self._readers[one.name](one) for one in node.children if one.name in self._readers]

    def listed(self, node: XmlNode) -> ListBox:
        """A list of boxes."""
        return ListBox(items=tuple(self.boxes_of(node)), type=type_of(node), place=self.place(node))

    def conditional(self, node: XmlNode) -> ConditionalBox:
        """If, then, else."""
        condition, then, otherwise = (self.required(node.first(name), node) for name in ("if", "then", "else"))
        return ConditionalBox(condition=condition, then=then, otherwise=otherwise, type=type_of(node), place=self.place(node))

    def iterator(self, node: XmlNode) -> IteratorBox:
        """For, some, every."""
        body = node.first("return") if node.name == "for" else node.first("satisfies")
        return IteratorBox(
            kind=node.name,
            name=tidy_name(node.get("iteratorVariable")),
            source=self.required(node.first("in"), node),
            body=self.required(body, node),
            type=type_of(node),
            place=self.place(node),
        )

    def filter(self, node: XmlNode) -> FilterBox:
        """The items that match."""
        source, match = (self.required(node.first(name), node) for name in ("in", "match"))
        return FilterBox(source=source, match=match, type=type_of(node), place=self.place(node))

    def table(self, node: XmlNode) -> TableBox:
        """A decision table."""
        policy = node.get("hitPolicy").upper() or "UNIQUE"
        hit = _POLICIES.get(policy, policy if policy in _POLICIES.values() else "")
        aggregation = _AGGREGATIONS.get(node.get("aggregation").upper())
        if not hit or aggregation is None:
            self.fault(node, f"hit policy {policy!r} {node.get('aggregation')} is not known")
        hit = (hit or "U") + ((aggregation or "") if hit == "C" else "")
        titles = [one.get("name").lower() for one in node.all("annotation")]
        table = TableBox(
            inputs=tuple(self.input(one) for one in node.all("input")),
            outputs=tuple(self.output(one) for one in node.all("output")),
            rules=tuple(self.rule(one, number, titles) for number, one in enumerate(node.all("rule"), start=1)),
            hit=hit,
            type=type_of(node),
            place=self.place(node),
        )
        for rule, one in zip(table.rules, node.all("rule"), strict=True):
            if len(rule.tests) != len(table.inputs) or len(rule.results) != len(table.outputs):
                self.fault(one, f"rule {rule.id} has not as many cells as the table has columns")
        return table

    def input(self, node: XmlNode) -> Input:
        """A column of conditions."""
        expression = node.first("inputExpression")
        if expression is None or not rule_text(expression):
            self.fault(node, "the column lacks its input expression")
        return Input(
            expression=rule_text(expression),
            type=type_of(expression) if expression is not None else "",
            values=rule_text(node.first("inputValues")),
            label=node.get("label"),
            place=self.place(node),
        )

    def output(self, node: XmlNode) -> Output:
        """A column of results."""
        return Output(
            name=tidy_name(node.get("name")),
            type=type_of(node),
            values=rule_text(node.first("outputValues")),
            default=rule_text(node.first("defaultOutputEntry")),
            label=node.get("label"),
            place=self.place(node),
        )

    def rule(self, node: XmlNode, number: int, titles: list[str]) -> Rule:
        """A row: an annotation in a column called reference (依据) is its law, the others are its note."""
        annotations = [rule_text(one) for one in node.all("annotationEntry")]
        titles = titles + [""] * (len(annotations) - len(titles))
        reference = "; ".join(text for title, text in zip(titles, annotations, strict=False) if title in REFERENCE_WORDS and text)
        notes = [text for title, text in zip(titles, annotations, strict=False) if title not in REFERENCE_WORDS and text]
        return Rule(
            id=node.get("label") or node.get("id") or str(number),
            tests=tuple(rule_text(one) for one in node.all("inputEntry")),
            results=tuple(rule_text(one) for one in node.all("outputEntry")),
            reference=reference,
            note=node.text_of("description") or "; ".join(notes),
            place=self.place(node),
        )


def _typed(box: Box, type_: str) -> Box:
    """A box with a type where it has none of its own."""
    return box if not type_ or box.type else replace(box, type=type_)
