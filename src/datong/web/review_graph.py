"""Lay a subject's graph out for an SVG drawn by the server: numbers in the middle, records around them. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

WIDTH, HEIGHT = 660, 96
_BOX_WIDTH, _BOX_HEIGHT = 168, 34


class Node(Protocol):
    """What layout asks of a node."""

    @property
    def key(self) -> str:
        """Its name in edges."""

    @property
    def is_number(self) -> bool:
        """Whether it is a number, drawn in the middle."""


class Edge(Protocol):
    """What layout asks of an edge."""

    @property
    def left(self) -> str:
        """One end."""

    @property
    def right(self) -> str:
        """The other end."""


@dataclass(frozen=True)
class Placed:
    """A node with the middle of its box."""

    node: Node
    number: int
    """Its number in the picture and in the table beside it."""
    x: int
    y: int


@dataclass(frozen=True)
class Line:
    """An edge from box to box."""

    edge: Edge
    x1: int
    y1: int
    x2: int
    y2: int
    left: int
    right: int


@dataclass(frozen=True)
class Picture:
    """Boxes and lines on a canvas of WIDTH × height."""

    height: int
    boxes: tuple[Placed, ...]
    lines: tuple[Line, ...]
    box_width: int = _BOX_WIDTH
    box_height: int = _BOX_HEIGHT
    width: int = WIDTH


def lay_out(nodes: Sequence[Node], edges: Sequence[Edge]) -> Picture:
    """Numbers in a column in the middle; records on an ellipse around them, those of one number beside each other."""
    numbers = [node for node in nodes if node.is_number]
    hub_of = {edge.right: edge.left for edge in edges} | {edge.left: edge.right for edge in edges}
    rest = sorted((node for node in nodes if not node.is_number), key=lambda node: (hub_of.get(node.key, ""), node.key))
    height = max(HEIGHT, 46 * max(math.ceil(len(rest) / 2), len(numbers)) + 40)
    boxes: dict[str, Placed] = {}
    for at, node in enumerate(numbers):
        boxes[node.key] = Placed(node, len(boxes) + 1, WIDTH // 2, round(height * (at + 1) / (len(numbers) + 1)))
    for at, node in enumerate(rest):
        boxes[node.key] = Placed(node, len(boxes) + 1, *_around(at, len(rest), height, bool(numbers)))
    lines = [
        Line(edge, a.x, a.y, b.x, b.y, a.number, b.number)
        for edge in edges
        if (a := boxes.get(edge.left)) is not None and (b := boxes.get(edge.right)) is not None
    ]
    return Picture(height, tuple(boxes.values()), tuple(lines))


def _around(at: int, of: int, height: int, hubs: bool) -> tuple[int, int]:
    """A place in one of two columns beside the numbers; a lone record stands in the middle when there is no number."""
    if of == 1 and not hubs:
        return WIDTH // 2, height // 2
    left = math.ceil(of / 2)
    column, row, rows = (0, at, left) if at < left else (1, at - left, of - left)
    x = _BOX_WIDTH // 2 + 8 if column == 0 else WIDTH - _BOX_WIDTH // 2 - 8
    return x, round(height * (row + 1) / (rows + 1))
