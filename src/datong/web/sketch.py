"""Lay points of a map out for an SVG drawn by the server: no tiles, no network, true to scale. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, MARGIN = 640, 360, 24
_METRES_A_DEGREE = 111_320
_ROUND = (5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000)
_LEAST_METRES = 40
"""A sketch is never narrower than this: one point alone would fill it."""


@dataclass(frozen=True)
class Dot:
    """A point in the drawing, in its units, from the upper left."""

    x: float
    y: float
    name: str


@dataclass(frozen=True)
class Sketch:
    """What is drawn: the place itself, its neighbours, and a rule of so many metres with its length in the drawing."""

    here: Dot
    around: tuple[Dot, ...]
    metres: int
    length: float
    width: int = WIDTH
    height: int = HEIGHT


def sketch(here: tuple[float, float, str], around: Sequence[tuple[float, float, str]]) -> Sketch:
    """A drawing of (longitude, latitude, name). North is up; a degree of longitude is shortened as it is at this latitude."""
    shrink = math.cos(math.radians(here[1]))
    flat = [((lon - here[0]) * shrink * _METRES_A_DEGREE, (here[1] - lat) * _METRES_A_DEGREE, name) for lon, lat, name in (here, *around)]
    left, right = min(x for x, _, _ in flat), max(x for x, _, _ in flat)
    top, bottom = min(y for _, y, _ in flat), max(y for _, y, _ in flat)
    room = (WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN)
    scale = min(room[0] / max(right - left, _LEAST_METRES), room[1] / max(bottom - top, _LEAST_METRES))
    middle = ((left + right) / 2, (top + bottom) / 2)
    dots = [Dot(round(WIDTH / 2 + (x - middle[0]) * scale, 1), round(HEIGHT / 2 + (y - middle[1]) * scale, 1), name) for x, y, name in flat]
    metres = next((one for one in reversed(_ROUND) if one * scale <= room[0] / 3), _ROUND[0])
    return Sketch(dots[0], tuple(dots[1:]), metres, round(metres * scale, 1))
