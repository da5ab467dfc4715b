"""Typed reading of a node's entries: each reader notes a fault and gives a usable default instead of raising."""

from __future__ import annotations

from collections.abc import Collection

from datong.spec.nodes import Faults, Node


class Shape:
    """Reads one mapping's entries and notes every fault with its place."""

    def __init__(self, node: Node, what: str, faults: Faults) -> None:
        self.node = node
        self.what = what
        self.faults = faults
        if not node.is_mapping:
            faults.add(node, f"{what} must be a mapping of keys to values")

    def only(self, known: Collection[str]) -> None:
        """Every key must be one of `known`."""
        for key, _ in self.node.entries():
            if key not in known:
                self.faults.add(self.node.key_node(key), f"unknown key {key!r} in {self.what}; known are {', '.join(known)}")

    def fault(self, key: str, message: str) -> None:
        """Note a fault at an entry, or at the mapping when the entry is absent."""
        self.faults.add(self.node.get(key) or self.node, message)

    def text(self, key: str, default: str = "", required: bool = False) -> str:
        """A text; numbers and flags are taken as written."""
        node = self.node.get(key)
        if node is None or node.value is None:
            if required:
                self.faults.add(self.node, f"{self.what} lacks {key!r}")
            return default
        if isinstance(node.value, dict | list):
            self.faults.add(node, f"{key!r} must be a text")
            return default
        if required and not node.text.strip():
            self.faults.add(node, f"{key!r} must not be empty")
        return node.text

    def choice(self, key: str, known: Collection[str], default: str = "", required: bool = False) -> str:
        """One of a list of words."""
        word = self.text(key, default, required)
        if word and word not in known:
            self.fault(key, f"{key}: {word!r} is not known; write one of {', '.join(known)}")
            return default
        return word

    def flag(self, key: str, default: bool = False) -> bool:
        """true or false."""
        node = self.node.get(key)
        if node is None:
            return default
        if not isinstance(node.value, bool):
            self.faults.add(node, f"{key!r} must be true or false")
            return default
        return node.value

    def number(self, key: str, default: int = 0, least: int = 0) -> int:
        """A whole number of at least `least`."""
        found = self.number_or_none(key, least)
        return default if found is None else found

    def number_or_none(self, key: str, least: int = 0) -> int | None:
        """A whole number of at least `least`, or nothing when absent."""
        node = self.node.get(key)
        if node is None:
            return None
        if not isinstance(node.value, int) or isinstance(node.value, bool) or node.value < least:
            self.faults.add(node, f"{key!r} must be a whole number of {least} or more")
            return None
        return node.value

    def share_or_none(self, key: str) -> float | None:
        """A number from 0 to 1, or nothing when absent."""
        node = self.node.get(key)
        if node is None:
            return None
        if isinstance(node.value, bool) or not isinstance(node.value, int | float) or not 0 <= node.value <= 1:
            self.faults.add(node, f"{key!r} must be a number from 0 to 1")
            return None
        return float(node.value)

    def words(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        node = self.node.get(key)
        if node is None or node.value is None:
            return ()
        if not isinstance(node.value, list) or any(isinstance(item.value, dict | list) for item in node.items()):
            self.faults.add(node, f"{key!r} must be a list of words")
            return ()
        return tuple(item.text for item in node.items())

    def texts(self, key: str) -> dict[str, str]:
        """A mapping of words to texts."""
        node = self.node.get(key)
        return {} if node is None or node.value is None else texts_of(node, key, self.faults)

    def part(self, key: str, what: str = "") -> Shape:
        """An entry that is a mapping itself; an absent one reads as empty."""
        node = self.node.get(key)
        if node is None or (node.value is None and not node.text):
            node = Node({}, self.node.file, self.node.keys.get(key, self.node.line))
        return Shape(node, what or f"{key!r}", self.faults)


def texts_of(node: Node, what: str, faults: Faults) -> dict[str, str]:
    """A mapping node as word → text, as written."""
    if not node.is_mapping:
        faults.add(node, f"{what!r} must be a mapping of words to texts")
        return {}
    found: dict[str, str] = {}
    for key, child in node.entries():
        if isinstance(child.value, dict | list):
            faults.add(child, f"{key!r} in {what!r} must be a text")
        else:
            found[key] = child.text if child.value is not None or child.text not in ("~", "null") else ""
    return found
