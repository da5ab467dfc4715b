"""XML with line numbers, from the standard library's parser: no document type, so no entities and nothing fetched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

_DEPTH = 200


@dataclass
class XmlNode:
    """An element: its name without and its namespace, its attributes, the elements within, its text and its line."""

    name: str
    namespace: str
    attributes: dict[str, str]
    line: int
    children: list[XmlNode] = field(default_factory=list)
    text: str = ""

    def get(self, name: str) -> str:
        """An attribute, or an empty text."""
        return self.attributes.get(name, "").strip()

    def all(self, *names: str) -> Iterator[XmlNode]:
        """The elements within of some names."""
        return (one for one in self.children if one.name in names)

    def first(self, *names: str) -> XmlNode | None:
        """The first element within of some names."""
        return next(self.all(*names), None)

    def text_of(self, *path: str) -> str:
        """The text of an element within, following names."""
        node: XmlNode | None = self
        for name in path:
            node = node.first(name) if node is not None else None
        return node.text.strip() if node is not None else ""


class BadXml(Exception):
    """Not XML that is taken: the line and what is wrong."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


def read_xml(content: bytes) -> XmlNode:
    """The root element. Raises BadXml: not well-formed, with a document type, or nested too deep."""
    builder = _Builder()
    try:
        builder.parser.Parse(content, True)
    except expat.ExpatError as error:
        raise BadXml(error.lineno, f"not well-formed XML: {expat.ErrorString(error.code)}") from None
    if builder.root is None:
        raise BadXml(1, "the file is empty")
    return builder.root


class _Builder:
    def __init__(self) -> None:
        self.root: XmlNode | None = None
        self.open: list[XmlNode] = []
        self.parser: Any = expat.ParserCreate(namespace_separator="\n")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.data
        self.parser.StartDoctypeDeclHandler = self.doctype

    def start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition("\n")
        line = self.parser.CurrentLineNumber
        if len(self.open) >= _DEPTH:
            raise BadXml(line, f"elements are nested deeper than {_DEPTH}")
        node = XmlNode(local, namespace, {key.rpartition("\n")[2]: value for key, value in attributes.items()}, line)
        if self.open:
            self.open[-1].children.append(node)
        else:
            self.root = node
        self.open.append(node)

    def end(self, name: str) -> None:
        self.open.pop()

    def data(self, text: str) -> None:
        if self.open:
            self.open[-1].text += text

    def doctype(self, *words: object) -> None:
        raise BadXml(self.parser.CurrentLineNumber, "a document type is not taken: remove <!DOCTYPE …>")
