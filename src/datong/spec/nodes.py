"""YAML with line numbers: every value knows the file and line it stands on, so that a fault can say so."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from datong.domain.errors import BadPack, Fault

_Fast: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Loader(_Fast):  # type: ignore[misc]
    """The safe loader, which remembers what type a scalar of certain letters has: the same few thousand words come again and again.

    Types by path, which nobody declares, are not looked for.
    """

    def __init__(self, stream: Any) -> None:
        super().__init__(stream)
        self.resolve = lru_cache(maxsize=65536)(super().resolve)

    def descend_resolver(self, current_node: Any, current_index: Any) -> None:
        """Nothing by path."""

    def ascend_resolver(self) -> None:
        """Nothing by path."""


_WORDS: dict[str, Callable[[str], Any]] = {
    "tag:yaml.org,2002:bool": lambda text: text.lower() in ("true", "yes", "on"),
    "tag:yaml.org,2002:int": lambda text: int(text.replace("_", ""), 10),
    "tag:yaml.org,2002:float": lambda text: float(text.replace("_", "")),
    "tag:yaml.org,2002:null": lambda text: None,
}


@dataclass
class Faults:
    """Collects every fault of a pack before anything is refused."""

    found: list[Fault] = field(default_factory=list)

    def add(self, node: Node, message: str) -> None:
        """Note a fault at a node's place."""
        self.found.append(Fault(node.file, node.line, message))

    def raise_any(self) -> None:
        """Raise BadPack with all faults, in file and line order, when there are any."""
        if self.found:
            raise BadPack(sorted(set(self.found), key=lambda fault: (fault.file, fault.line, fault.message)))


@dataclass(frozen=True)
class Node:
    """A YAML value and where it stands. `value` is a dict or list of nodes, or a plain scalar; `text` is a scalar as written."""

    value: Any
    file: str
    line: int
    text: str = ""
    keys: dict[str, int] = field(default_factory=dict)
    """For a mapping: the line of each key."""

    @property
    def is_mapping(self) -> bool:
        """Whether this is a mapping."""
        return isinstance(self.value, dict)

    def get(self, key: str) -> Node | None:
        """A mapping's entry, or nothing."""
        found: Node | None = self.value.get(key) if self.is_mapping else None
        return found

    def deepest(self, *path: str) -> Node:
        """The deepest node along a path that exists: where a fault about what lacks is shown."""
        node = self
        for key in path:
            following = node.get(key)
            if following is None:
                return node
            node = following
        return node

    def entries(self) -> Iterable[tuple[str, Node]]:
        """A mapping's entries, in file order."""
        return self.value.items() if self.is_mapping else ()

    def items(self) -> list[Node]:
        """A list's nodes; nothing for anything else."""
        return list(self.value) if isinstance(self.value, list) else []

    def key_node(self, key: str) -> Node:
        """A stand-in at a key's own line, for faults about the key itself."""
        child = self.get(key)
        return Node(key, child.file if child else self.file, self.keys.get(key, self.line), key)

    def plain(self) -> Any:
        """The value without places: dicts, lists and scalars."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value


def load_yaml(path: Path, faults: Faults | None = None, name: str = "") -> Node:
    """One YAML file with places. Faults are collected in `faults` if given, else raised as BadPack. `name` is shown for the file."""
    collected = faults if faults is not None else Faults()
    shown = name or path.name
    empty = Node({}, shown, 1)
    try:
        root = yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=Loader)
        node = _converted(root, shown, collected, frozenset()) if root is not None else empty
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        collected.add(Node("", shown, line), f"not valid YAML: {error.problem or error.context or 'unreadable'}")
        node = empty
    except (yaml.YAMLError, UnicodeDecodeError):
        collected.add(empty, "not valid YAML in UTF-8: save the file as UTF-8 text")
        node = empty
    if faults is None:
        collected.raise_any()
    return node


def _converted(raw: Any, file: str, faults: Faults, above: frozenset[int]) -> Node:
    line = raw.start_mark.line + 1
    if id(raw) in above:
        faults.add(Node("", file, line), "an alias refers to itself")
        return Node({}, file, line)
    inside = above | {id(raw)}
    if isinstance(raw, yaml.MappingNode):
        return _mapping(raw, file, faults, inside)
    if isinstance(raw, yaml.SequenceNode):
        return Node([_converted(child, file, faults, inside) for child in raw.value], file, line)
    return Node(_scalar(raw), file, line, raw.value)


def _mapping(raw: Any, file: str, faults: Faults, above: frozenset[int]) -> Node:
    node = Node({}, file, raw.start_mark.line + 1)
    for key, child in raw.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            faults.add(Node("", file, line), "a key must be one word, not a list or mapping")
            continue
        if key.value in node.value:
            faults.add(Node("", file, line), f"{key.value!r} stands twice in the same mapping")
        node.value[key.value] = _converted(child, file, faults, above)
        node.keys[key.value] = line
    return node


def _scalar(raw: Any) -> Any:
    reader = _WORDS.get(raw.tag)
    if reader is None:
        return raw.value
    try:
        return reader(raw.value)
    except ValueError:
        return raw.value
