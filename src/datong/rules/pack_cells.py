"""A cell of a rule file as FEEL: plain words, numbers and days may stand as they are."""

from __future__ import annotations

import re
from dataclasses import dataclass

from datong.spec import Node

_DAY = re.compile(r'(?<![\w"@-])(\d{4}-\d\d-\d\d)(?![\w"-])')
_TEXT = re.compile(r'("(?:[^"\\]|\\.)*")')


@dataclass(frozen=True)
class Column:
    """What a fact or result may be: its type, and the words it may be one of."""

    type: str
    words: tuple[str, ...] = ()

    def listed(self) -> str:
        """The words as FEEL's allowed values."""
        return ", ".join(quoted(one) if self.type == "string" else one for one in self.words)


def quoted(text: str) -> str:
    """A text in FEEL's quotes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def condition_text(node: Node, column: Column) -> str:
    """A condition: `> 5`, `[1..3]`, one of the column's words, a plain value, or a list of such, any of which will do."""
    if isinstance(node.value, list):
        return ", ".join(condition_text(one, column) for one in node.items())
    if column.type == "string" and isinstance(node.value, (bool, int, float)):
        return quoted(node.text.strip())  # yes, 001: YAML takes them for something else, the column does not
    if isinstance(node.value, bool):
        return "true" if node.value else "false"
    if node.value is None:
        return "null" if node.text.strip() in ("null", "~") else "-"
    text = node.text.strip()
    if column.type == "string" and (text in column.words or (not column.words and WORDS.fullmatch(text))):
        return quoted(text)
    return with_days(text) if column.type == "date" else text


WORDS = re.compile(r"[^\W\d]\w*")
"""What is taken for a word of a column of texts without a list of its words."""


def result_text(node: Node, column: Column) -> str:
    """A result: a text as it is in a column of texts (after `=` an expression), else an expression."""
    if isinstance(node.value, bool) and column.type != "string":
        return "true" if node.value else "false"
    if node.value is None:
        return "null"
    text = node.text.strip()
    if text.startswith("="):
        return text[1:].strip()
    if column.type == "string":
        return quoted(text)
    return with_days(text) if column.type == "date" else text


def with_days(text: str) -> str:
    """Days as they are written, 2026-01-31, as FEEL's dates; what stands in quotes is left."""
    parts = _TEXT.split(text)
    return "".join(part if place % 2 else _DAY.sub(r'@"\1"', part) for place, part in enumerate(parts))
