"""DMN's XML (1.1 to 1.5) to definitions. What is not understood is a fault with its line, never passed over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from datong.rules.dmn_boxes import Boxes, type_of
from datong.rules.model import (
    Box,
    Decision,
    Definitions,
    FunctionBox,
    InputData,
    ItemDefinition,
    Knowledge,
    Needs,
    Service,
)
from datong.rules.xml_read import BadXml, XmlNode, read_xml
from datong.spec import Faults, Node

FindImport = Callable[[str, str], Definitions | None]
"""From a namespace and a location to the model imported, or nothing."""


def read_dmn(content: bytes, file: str, faults: Faults, find: FindImport = lambda namespace, location: None) -> Definitions:
    """The definitions of a file; faults are collected."""
    try:
        root = read_xml(content)
    except BadXml as error:
        faults.add(Node("", file, error.line), error.reason)
        return Definitions(file)
    if root.name != "definitions" or "DMN" not in root.namespace:
        faults.add(Node("", file, root.line), "the file is no DMN model: its root is <definitions> of a DMN namespace")
        return Definitions(file)
    return _Reader(root, file, faults).definitions(find)


_TOP = frozenset(
    (
        *("description", "extensionElements", "import", "itemDefinition", "inputData", "decision", "businessKnowledgeModel"),
        *("decisionService", "knowledgeSource", "textAnnotation", "association", "group", "elementCollection"),
        *("performanceIndicator", "organizationUnit", "DMNDI"),
    )
)
_DECISION = frozenset(
    (
        *("description", "extensionElements", "question", "allowedAnswers", "variable", "informationRequirement"),
        *("knowledgeRequirement", "authorityRequirement", "supportedObjective", "impactedPerformanceIndicator"),
        *("decisionMaker", "decisionOwner", "usingProcess", "usingTask"),
    )
)


class _Reader:
    def __init__(self, root: XmlNode, file: str, faults: Faults) -> None:
        self.root = root
        self.file = file
        self.boxes = Boxes(file, faults)
        self.faults = faults
        self.own = root.get("namespace")
        self.names = {one.get("name"): one.get("namespace") for one in root.all("import")}

    def definitions(self, find: FindImport) -> Definitions:
        """The model as a whole."""
        root = self.root
        self.known_only(root, _TOP)
        return Definitions(
            name=root.get("name") or self.file,
            namespace=self.own,
            label=root.get("label"),
            note=root.text_of("description"),
            types=tuple(self.item(one) for one in root.all("itemDefinition")),
            inputs=tuple(self.input_data(one) for one in root.all("inputData")),
            decisions=tuple(self.decision(one) for one in root.all("decision")),
            knowledge=tuple(self.knowledge(one) for one in root.all("businessKnowledgeModel")),
            services=tuple(self.service(one) for one in root.all("decisionService")),
            imports=self.imports(find),
        )

    def imports(self, find: FindImport) -> Mapping[str, Definitions]:
        """The imported models by the names they have here; one that is not found is a fault."""
        found: dict[str, Definitions] = {}
        for one in self.root.all("import"):
            if "DMN" not in one.get("importType"):
                continue
            model = find(one.get("namespace"), one.get("locationURI"))
            if model is None:
                self.fault(one, f"the imported model {one.get('namespace')!r} is not found beside this file")
            else:
                found[one.get("name")] = model
        return found

    def known_only(self, node: XmlNode, known: frozenset[str]) -> None:
        """What DMN does not have, or this reader does not know, is told rather than passed over."""
        for one in node.children:
            if one.namespace == node.namespace and one.name not in known:
                self.fault(one, f"<{one.name}> is not known within <{node.name}>")

    def fault(self, node: XmlNode, message: str) -> None:
        """Note a fault at an element."""
        self.faults.add(Node("", self.file, node.line), message)

    def item(self, node: XmlNode) -> ItemDefinition:
        """A type definition."""
        function = node.first("functionItem")
        parameters = None
        type_ = type_of(node)
        if function is not None:
            parameters = tuple((one.get("name"), type_of(one)) for one in function.all("parameters"))
            type_ = function.get("outputTypeRef")
        many = node.get("isCollection") == "true"
        allowed, constraint = node.text_of("allowedValues", "text"), node.text_of("typeConstraint", "text")
        return ItemDefinition(
            name=node.get("name"),
            type=type_,
            many=many,
            values=allowed or ("" if many else constraint),
            values_of_all=constraint if many else "",
            components=tuple(self.item(one) for one in node.all("itemComponent")),
            parameters=parameters,
            place=self.boxes.place(node),
        )

    def input_data(self, node: XmlNode) -> InputData:
        """A fact that is given."""
        return InputData(**self.named(node))

    def named(self, node: XmlNode) -> dict[str, Any]:
        """What every element has."""
        variable = node.first("variable")
        name = " ".join(node.get("name").split())
        if not name:
            self.fault(node, f"a {node.name} needs a name")
        return {
            "id": node.get("id") or name,
            "name": name,
            "type": type_of(variable) if variable is not None else "",
            "label": node.get("label"),
            "note": node.text_of("description"),
            "place": self.boxes.place(node),
        }

    def decision(self, node: XmlNode) -> Decision:
        """A decision with its box and its requirements."""
        self.known_only(node, _DECISION | self.boxes.names)
        box = self.boxes.within(node)
        if box is None:
            self.fault(node, f"decision {node.get('name')!r} has no expression")
        reference = node.first("authorityRequirement")
        href = reference.first("requiredAuthority") if reference is not None else None
        source = self.by_id(href.get("href")) if href is not None else None
        return Decision(**self.named(node), box=box, needs=self.needs(node), reference=source.get("name") if source else "")

    def by_id(self, href: str) -> XmlNode | None:
        """An element of this file."""
        return next((one for one in self.root.children if one.get("id") == href.removeprefix("#")), None)

    def knowledge(self, node: XmlNode) -> Knowledge:
        """A business knowledge model; a logic that is no function counts as a function without parameters."""
        logic = node.first("encapsulatedLogic")
        box: FunctionBox | None = None
        if logic is not None:
            found = self.boxes.function(logic)
            box = found if isinstance(found, FunctionBox) else None
        else:
            inner: Box | None = self.boxes.within(node)
            box = inner if isinstance(inner, FunctionBox) else None
        known = self.named(node)
        if box is not None and not box.type:
            box = replace(box, type=known["type"])
        return Knowledge(**known, box=box, needs=self.needs(node))

    def service(self, node: XmlNode) -> Service:
        """A decision service."""
        listed: dict[str, Any] = {
            kind: tuple(self.target(one) for one in node.all(name))
            for kind, name in (
                ("outputs", "outputDecision"),
                ("within", "encapsulatedDecision"),
                ("decisions", "inputDecision"),
                ("inputs", "inputData"),
            )
        }
        return Service(**self.named(node), **listed)

    def needs(self, node: XmlNode) -> Needs:
        """What an element requires."""
        found: dict[str, list[str]] = {"requiredInput": [], "requiredDecision": [], "requiredKnowledge": []}
        for requirement in node.all("informationRequirement", "knowledgeRequirement"):
            for one in requirement.children:
                if one.name in found:
                    found[one.name].append(self.target(one))
        return Needs(*(tuple(one) for one in found.values()))

    def target(self, node: XmlNode) -> str:
        """What a reference leads to: an id of this file, or namespace#id of an imported one."""
        namespace, _, identifier = node.get("href").rpartition("#")
        return identifier if not namespace or namespace == self.own else f"{namespace}#{identifier}"
