"""A link spec from its YAML: checked as a whole, every fault with its line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from datong.domain.errors import Missing
from datong.fuse.tables.keys import FUNCTIONS
from datong.fuse.tables.link_spec import KINDS, SCHEMES, Block, Comparison, KeyPart, LinkSpec, TableColumn
from datong.fuse.tables.measures import MEASURES, Level, default_levels, frequent_kind
from datong.spec import Faults, Node, Shape, load_yaml

TOP = (
    "id",
    "columns",
    "comparisons",
    "blocks",
    "same",
    "never",
    "one_to_one",
    "costs",
    "threshold",
    "largest_block",
    "random_pairs",
    "seed",
)
_COLUMN = ("kind", "scheme", "column", "left", "right")
_COMPARISON = ("levels", "frequencies")
_PART = re.compile(r"(?:(?P<function>\w+)\((?P<inside>[^()]*)\)|(?P<column>[^()]+))")


def read_spec(path: Path) -> LinkSpec:
    """A spec from its file. Raises BadPack with every fault at once, Missing when there is no such file."""
    if not path.is_file():
        raise Missing(f"{path}: there is no such spec; write --spec auto to have one proposed")
    faults = Faults()
    root = load_yaml(path, faults, path.name)
    spec = _Reading(root, faults).spec()
    faults.raise_any()
    return spec


class _Reading:
    """One spec on its way in: notes faults and goes on, so that all are found."""

    def __init__(self, root: Node, faults: Faults) -> None:
        self.top = Shape(root, "the spec", faults)
        self.faults = faults
        self.columns: dict[str, TableColumn] = {}

    def spec(self) -> LinkSpec:
        """Everything, with defaults where something is at fault."""
        self.top.only(TOP)
        self.columns = {column.name: column for column in self._columns()}
        costs = self.top.part("costs")
        costs.only(("false_link", "missed_link"))
        return LinkSpec(
            columns=tuple(self.columns.values()),
            comparisons=tuple(self._comparisons()),
            blocks=tuple(self._blocks()),
            row_id=self.top.text("id"),
            same=tuple(self._same()),
            never=tuple(self._never()),
            one_to_one=self.top.flag("one_to_one"),
            false_link=self._positive(costs, "false_link"),
            missed_link=self._positive(costs, "missed_link"),
            threshold=self._bits(),
            largest_block=self.top.number("largest_block", 1_000, least=2),
            random_pairs=self.top.number("random_pairs", 200_000, least=1_000),
            seed=self.top.number("seed", 1),
            file=self.top.node.file,
        )

    def _columns(self) -> Iterable[TableColumn]:
        part = self.top.part("columns", "columns")
        if not list(part.node.entries()):
            self.faults.add(self.top.node, "the spec lacks 'columns': name each column to look at, with its kind")
        for name, node in part.node.entries():
            shape = Shape(node, f"column {name!r}", self.faults)
            shape.only(_COLUMN)
            kind = shape.choice("kind", tuple(KINDS), required=True)
            scheme = shape.choice("scheme", SCHEMES, "none")
            if scheme != "none" and kind != "identifier":
                shape.fault("scheme", f"column {name!r}: only an identifier has a scheme")
            called = shape.text("column", name)
            yield TableColumn(name, kind or "text", shape.text("left", called), shape.text("right", called), scheme)

    def _known(self, node: Node, name: str) -> bool:
        if name in self.columns:
            return True
        self.faults.add(node, f"there is no column {name!r} under columns; known are {', '.join(self.columns) or 'none'}")
        return False

    def _comparisons(self) -> Iterable[Comparison]:
        part = self.top.part("comparisons", "comparisons")
        if not list(part.node.entries()):
            self.faults.add(self.top.node, "the spec lacks 'comparisons': name the columns to compare")
        for name, node in part.node.entries():
            if not self._known(part.node.key_node(name), name):
                continue
            given = node if node.value is not None else Node({}, node.file, node.line)
            shape = Shape(given, f"comparison {name!r}", self.faults)
            shape.only(_COMPARISON)
            kind = self.columns[name].kind
            levels = shape.words("levels")
            for item in given.get("levels").items() if given.get("levels") else ():  # type: ignore[union-attr]
                self._level(item, kind)
            yield Comparison(name, levels or default_levels(kind), shape.flag("frequencies", frequent_kind(kind)))

    def _level(self, node: Node, kind: str) -> None:
        level = Level.read(node.text)
        measure = MEASURES.get(level.measure)
        if measure is None:
            self.faults.add(node, f"there is no level {level.measure!r}; known are {', '.join(sorted(MEASURES))}")
        elif measure.kinds and kind not in measure.kinds:
            self.faults.add(node, f"{level.measure!r} is for columns of kind {' or '.join(sorted(measure.kinds))}, this one is {kind}")
        elif measure.takes == "number" and level.number is None:
            self.faults.add(node, f"{node.text!r}: a number is missing, for example {level.measure} {measure.example}")
        elif measure.takes == "column" and self._known(node, level.argument) is False:
            pass
        elif measure.takes == "" and level.argument:
            self.faults.add(node, f"{level.measure!r} takes nothing behind it")

    def _blocks(self) -> Iterable[Block]:
        node = self.top.node.get("blocks")
        if node is None or not node.items():
            self.faults.add(node or self.top.node, "the spec lacks 'blocks': say in which columns two rows must agree to be compared")
            return
        for item in node.items():
            members = item.items() if isinstance(item.value, list) else [item]
            parts = [part for member in members if (part := self._part(member)) is not None]
            if parts:
                yield Block(tuple(parts))

    def _part(self, node: Node) -> KeyPart | None:
        found = _PART.fullmatch(node.text.strip())
        if not found or isinstance(node.value, dict | list):
            self.faults.add(node, "a part of a block is a column, or a function of one: name, sound(name), first(name, 3)")
            return None
        if found["column"]:
            return KeyPart(found["column"]) if self._known(node, found["column"]) else None
        function, inside = found["function"], [word.strip() for word in found["inside"].split(",")]
        if function not in FUNCTIONS:
            self.faults.add(node, f"there is no function {function!r}; known are {', '.join(FUNCTIONS)}")
            return None
        if not self._known(node, inside[0]):
            return None
        return self._called(node, function, inside)

    def _called(self, node: Node, function: str, inside: list[str]) -> KeyPart | None:
        takes = FUNCTIONS[function].takes
        if len(inside) != (2 if takes else 1):
            wanted = {"": "one column", "number": "a column and a number", "column": "two columns"}[takes]
            self.faults.add(node, f"{function} takes {wanted}")
        elif takes == "number":
            if inside[1].isdigit() and int(inside[1]) > 0:
                return KeyPart(inside[0], function, int(inside[1]))
            self.faults.add(node, f"{function}: {inside[1]!r} is not a whole number of 1 or more")
        elif takes == "column":
            return KeyPart(inside[0], function, other=inside[1]) if self._known(node, inside[1]) else None
        else:
            return KeyPart(inside[0], function)
        return None

    def _same(self) -> Iterable[tuple[str, ...]]:
        node = self.top.node.get("same")
        for item in node.items() if node else ():
            words = item.items() if isinstance(item.value, list) else [item]
            known = [self._known(word, word.text) for word in words]
            if all(known):
                yield tuple(word.text for word in words)

    def _never(self) -> Iterable[tuple[str, str]]:
        node = self.top.node.get("never")
        for item in node.items() if node else ():
            words = item.items() if isinstance(item.value, list) else [item]
            known = [self._known(word, word.text) for word in words]
            if not all(known) or len(words) not in (1, 2):
                if all(known):
                    self.faults.add(item, "write an identifier, or an identifier and the name it must stand under")
                continue
            if self.columns[words[0].text].kind != "identifier":
                self.faults.add(item, f"{words[0].text!r} is no identifier: only two different identifiers keep rows apart for ever")
            yield words[0].text, words[1].text if len(words) == 2 else ""

    def _positive(self, shape: Shape, key: str) -> float:
        node = shape.node.get(key)
        if node is None:
            return 1.0
        if isinstance(node.value, bool) or not isinstance(node.value, int | float) or node.value <= 0:
            self.faults.add(node, f"{key!r} must be a number above 0: what one such mistake costs beside the other")
            return 1.0
        return float(node.value)

    def _bits(self) -> float | None:
        node = self.top.node.get("threshold")
        if node is None or node.value is None:
            return None
        if isinstance(node.value, bool) or not isinstance(node.value, int | float):
            self.faults.add(node, "'threshold' must be a number of bits")
            return None
        return float(node.value)
