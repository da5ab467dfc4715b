"""Definitions to DMN 1.3 XML with a drawing (DMNDI), as bpmn.io and Camunda Modeler open it; what is read back decides the same."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from datong.rules.dmn_draw import drawing
from datong.rules.model import (
    Box,
    ConditionalBox,
    ContextBox,
    Decision,
    Definitions,
    Element,
    FilterBox,
    FunctionBox,
    InvocationBox,
    ItemDefinition,
    IteratorBox,
    ListBox,
    LiteralBox,
    Needs,
    Output,
    RelationBox,
    Rule,
    Service,
    TableBox,
)

_PLAIN, _NEWER = "https://www.omg.org/spec/DMN/20191111/", "https://www.omg.org/spec/DMN/20230324/"
"""DMN 1.3, which every drawing tool opens; DMN 1.5 for models with the boxes that came later."""
_OTHERS = {
    "xmlns:dc": "http://www.omg.org/spec/DMN/20180521/DC/",
    "xmlns:di": "http://www.omg.org/spec/DMN/20180521/DI/",
}
_POLICIES = {"U": "UNIQUE", "A": "ANY", "P": "PRIORITY", "F": "FIRST", "R": "RULE ORDER", "O": "OUTPUT ORDER", "C": "COLLECT"}
_AGGREGATIONS = {"+": "SUM", "<": "MIN", ">": "MAX", "#": "COUNT"}
_NCNAME = re.compile(r"[^\W\d][\w.-]*")


def write_dmn(definitions: Definitions) -> bytes:
    """The XML of a model, imports named but not included."""
    return _Writer(definitions).document().encode("utf-8")


def xml_id(identifier: str) -> str:
    """An identifier as XML allows it: itself if it is a name, else a name made of it."""
    if _NCNAME.fullmatch(identifier):
        return identifier
    return "_" + hashlib.sha256(identifier.encode()).hexdigest()[:16]


def tag(name: str, content: str = "", /, **attributes: str) -> str:
    """An element; attributes without a value are left out."""
    listed = "".join(f" {key.rstrip('_')}={quoteattr(value)}" for key, value in attributes.items() if value != "")
    return f"<{name}{listed}>{content}</{name}>" if content else f"<{name}{listed}/>"


def texted(name: str, text: str, /, **attributes: str) -> str:
    """An element whose text stands in <text>."""
    return tag(name, f"<text>{escape(text)}</text>", **attributes)


class _Writer:
    def __init__(self, definitions: Definitions) -> None:
        self.model = definitions
        self.sources = sorted({one.reference for one in definitions.decisions if one.reference})
        self._boxes: dict[type, Callable[..., str]] = {
            LiteralBox: self.literal,
            TableBox: self.table,
            ContextBox: self.context,
            InvocationBox: self.invocation,
            FunctionBox: self.function,
            RelationBox: self.relation,
            ListBox: self.listed,
            ConditionalBox: self.conditional,
            IteratorBox: self.iterator,
            FilterBox: self.filter,
        }

    def document(self) -> str:
        """The whole file."""
        model = self.model
        version = _NEWER if _needs_newer(model) else _PLAIN
        parts = [
            self.note(model.note),
            *(
                tag("import", importType=version + "MODEL/", name=name, namespace=one.namespace, locationURI=f"{one.name}.dmn")
                for name, one in model.imports.items()
            ),
            *(self.item("itemDefinition", one) for one in model.types),
            *(self.named("inputData", one, self.note(one.note) + self.variable(one)) for one in model.inputs),
            *(self.decision(one) for one in model.decisions),
            *(self.named("businessKnowledgeModel", one, self.knowledge(one.box, one)) for one in model.knowledge),
            *(self.service(one) for one in model.services),
            *(tag("knowledgeSource", id=self.source_id(text), name=text) for text in self.sources),
            drawing(model, self.sources, self.source_id),
        ]
        spaces = {"xmlns": version + "MODEL/", "xmlns:dmndi": version + "DMNDI/", **_OTHERS}
        declared = "".join(f" {key}={quoteattr(value)}" for key, value in spaces.items())
        own = {"id": xml_id("definitions_" + model.name), "name": model.name, "label": model.label}
        named = "".join(f" {key}={quoteattr(value)}" for key, value in own.items() if value)
        namespace = quoteattr(model.namespace or f"urn:datong:rules:{model.name}")
        body = "\n  ".join(part for part in parts if part)
        return f'<?xml version="1.0" encoding="UTF-8"?>\n<definitions{declared}{named} namespace={namespace}>\n  {body}\n</definitions>\n'

    def source_id(self, text: str) -> str:
        """The identifier of a law as a knowledge source."""
        return xml_id("source " + text)

    def note(self, text: str) -> str:
        """A description, if there is one."""
        return f"<description>{escape(text)}</description>" if text else ""

    def named(self, name: str, one: Element, content: str) -> str:
        """An element with its name, label and identifier."""
        return tag(name, content, id=xml_id(one.id), name=one.name, label=one.label)

    def variable(self, one: Element) -> str:
        """What its value is called, and its type."""
        return tag("variable", id=xml_id(one.id + "_variable"), name=one.name, typeRef=one.type)

    def item(self, name: str, one: ItemDefinition) -> str:
        """A type definition."""
        parts = []
        if one.type and one.parameters is None:
            parts.append(f"<typeRef>{escape(one.type)}</typeRef>")
        if one.values:
            parts.append(texted("allowedValues", one.values))
        if one.values_of_all:
            parts.append(texted("typeConstraint", one.values_of_all))
        parts.extend(self.item("itemComponent", component) for component in one.components)
        if one.parameters is not None:
            listed = "".join(tag("parameters", name=key, typeRef=type_) for key, type_ in one.parameters)
            parts.append(tag("functionItem", listed, outputTypeRef=one.type))
        return tag(name, "".join(parts), name=one.name, isCollection="true" if one.many else "")

    def href(self, target: str) -> str:
        """A reference to an element here, or in an imported model."""
        namespace, sign, identifier = target.rpartition("#")
        return f"{namespace}#{xml_id(identifier)}" if sign else f"#{xml_id(target)}"

    def requirements(self, one: Element, needs: Needs) -> str:
        """What an element requires."""
        kinds = (
            ("informationRequirement", "requiredInput", needs.inputs),
            ("informationRequirement", "requiredDecision", needs.decisions),
            ("knowledgeRequirement", "requiredKnowledge", needs.knowledge),
        )
        return "".join(
            tag(outer, tag(inner, href=self.href(target)), id=xml_id(f"{one.id}_needs_{target}"))
            for outer, inner, targets in kinds
            for target in targets
        )

    def decision(self, one: Decision) -> str:
        """A decision."""
        law = ""
        if one.reference:
            authority = tag("requiredAuthority", href="#" + self.source_id(one.reference))
            law = tag("authorityRequirement", authority, id=xml_id(one.id + "_law"))
        content = self.note(one.note) + self.variable(one) + self.requirements(one, one.needs) + law
        return self.named("decision", one, content + (self.box(one.box, one.id) if one.box is not None else ""))

    def knowledge(self, box: FunctionBox | None, one: Element) -> str:
        """A knowledge model's inside."""
        logic = self.function(box, one.id, "encapsulatedLogic") if box is not None else ""
        needs: Needs = getattr(one, "needs", Needs())
        return self.note(one.note) + self.variable(one) + logic + self.requirements(one, needs)

    def service(self, one: Service) -> str:
        """A decision service."""
        kinds = (
            ("outputDecision", one.outputs),
            ("encapsulatedDecision", one.within),
            ("inputDecision", one.decisions),
            ("inputData", one.inputs),
        )
        listed = "".join(tag(name, href=self.href(target)) for name, targets in kinds for target in targets)
        return self.named("decisionService", one, self.note(one.note) + self.variable(one) + listed)

    # -- boxes ----------------------------------------------------------------

    def box(self, box: Box, around: str) -> str:
        """A box; `around` makes its identifiers its own."""
        return self._boxes[type(box)](box, around)

    def literal(self, box: LiteralBox, around: str) -> str:
        """FEEL text."""
        return texted("literalExpression", box.text, id=xml_id(around + "_expression"), typeRef=box.type)

    def context(self, box: ContextBox, around: str) -> str:
        """Named entries."""
        entries = [
            tag("contextEntry", tag("variable", name=key, typeRef=one.type) + self.box(one, f"{around}_{number}"))
            for number, (key, one) in enumerate(box.entries)
        ]
        if box.result is not None:
            entries.append(tag("contextEntry", self.box(box.result, around + "_result")))
        return tag("context", "".join(entries), id=xml_id(around + "_context"), typeRef=box.type)

    def invocation(self, box: InvocationBox, around: str) -> str:
        """A call."""
        bindings = "".join(
            tag("binding", tag("parameter", name=key) + self.box(one, f"{around}_{number}"))
            for number, (key, one) in enumerate(box.bindings)
        )
        content = self.box(box.callee, around + "_callee") + bindings
        return tag("invocation", content, id=xml_id(around + "_invocation"), typeRef=box.type)

    def function(self, box: FunctionBox, around: str, name: str = "functionDefinition") -> str:
        """A function."""
        parameters = "".join(tag("formalParameter", name=key, typeRef=type_) for key, type_ in box.parameters)
        kind = "" if box.kind == "FEEL" else box.kind
        content = parameters + self.box(box.body, around + "_body")
        return tag(name, content, id=xml_id(around + "_function"), kind=kind, typeRef=box.type)

    def relation(self, box: RelationBox, around: str) -> str:
        """Rows of columns."""
        columns = "".join(tag("column", name=name) for name in box.columns)
        rows = self.rows(box.rows, around)
        return tag("relation", columns + rows, id=xml_id(around + "_relation"), typeRef=box.type)

    def rows(self, rows: Iterable[tuple[Box, ...]], around: str) -> str:
        """The rows of a relation."""
        return "".join(
            tag("row", "".join(self.box(cell, f"{around}_{number}_{column}") for column, cell in enumerate(row)))
            for number, row in enumerate(rows)
        )

    def listed(self, box: ListBox, around: str) -> str:
        """A list."""
        items = "".join(self.box(one, f"{around}_{number}") for number, one in enumerate(box.items))
        return tag("list", items, id=xml_id(around + "_list"), typeRef=box.type)

    def conditional(self, box: ConditionalBox, around: str) -> str:
        """If, then, else."""
        parts = (("if", box.condition), ("then", box.then), ("else", box.otherwise))
        content = "".join(tag(name, self.box(one, f"{around}_{name}")) for name, one in parts)
        return tag("conditional", content, id=xml_id(around + "_conditional"), typeRef=box.type)

    def iterator(self, box: IteratorBox, around: str) -> str:
        """For, some, every."""
        last = "return" if box.kind == "for" else "satisfies"
        content = tag("in", self.box(box.source, around + "_in")) + tag(last, self.box(box.body, around + "_body"))
        return tag(box.kind, content, id=xml_id(around + "_iterator"), typeRef=box.type, iteratorVariable=box.name)

    def filter(self, box: FilterBox, around: str) -> str:
        """The items that match."""
        content = tag("in", self.box(box.source, around + "_in")) + tag("match", self.box(box.match, around + "_match"))
        return tag("filter", content, id=xml_id(around + "_filter"), typeRef=box.type)

    def table(self, box: TableBox, around: str) -> str:
        """A decision table with the law and the note of each rule as annotations."""
        inputs = "".join(
            tag(
                "input",
                texted("inputExpression", one.expression, id=xml_id(f"{around}_in_{number}_text"), typeRef=one.type)
                + (texted("inputValues", one.values) if one.values else ""),
                id=xml_id(f"{around}_in_{number}"),
                label=one.label,
            )
            for number, one in enumerate(box.inputs)
        )
        outputs = "".join(self.output(one, xml_id(f"{around}_out_{number}")) for number, one in enumerate(box.outputs))
        columns = [name for name, used in _annotations(box.rules).items() if used]
        annotations = "".join(tag("annotation", name=name) for name in columns)
        rules = "".join(self.rule(one, xml_id(f"{around}_rule_{number}"), columns) for number, one in enumerate(box.rules))
        return tag(
            "decisionTable",
            inputs + outputs + annotations + rules,
            id=xml_id(around + "_table"),
            typeRef=box.type,
            hitPolicy=_POLICIES[box.hit[0]],
            aggregation=_AGGREGATIONS.get(box.hit[1:], ""),
        )

    def output(self, one: Output, identifier: str) -> str:
        """A column of results."""
        content = texted("outputValues", one.values) if one.values else ""
        content += texted("defaultOutputEntry", one.default) if one.default else ""
        return tag("output", content, id=identifier, name=one.name, label=one.label, typeRef=one.type)

    def rule(self, one: Rule, identifier: str, columns: list[str]) -> str:
        """A row."""
        content = "".join(texted("inputEntry", text, id=f"{identifier}_if_{at}") for at, text in enumerate(one.tests))
        content += "".join(texted("outputEntry", text, id=f"{identifier}_then_{at}") for at, text in enumerate(one.results))
        cells = {"依据": one.reference, "说明": one.note}
        content += "".join(texted("annotationEntry", cells[name]) for name in columns)
        return tag("rule", content, id=identifier, label=one.id)


def _needs_newer(model: Definitions) -> bool:
    """Whether a box or constraint of DMN 1.4 or later occurs."""
    waiting: list[Any] = [*(one.box for one in model.decisions), *(one.box for one in model.knowledge)]
    while waiting:
        one = waiting.pop()
        if isinstance(one, (ConditionalBox, IteratorBox, FilterBox)):
            return True
        if isinstance(one, tuple):
            waiting.extend(one)
        elif isinstance(one, Box):
            waiting.extend(vars(one).values())
    return any(one.values_of_all for one in model.types)


def _annotations(rules: tuple[Rule, ...]) -> dict[str, bool]:
    return {"依据": any(one.reference for one in rules), "说明": any(one.note for one in rules)}
