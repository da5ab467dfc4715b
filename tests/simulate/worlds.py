"""A small city made once for the tests, and a digest that notices any change in it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from datong.settings import packs_folder
from datong.simulate.model import Block
from datong.simulate.world import blocks

PACKS: Path = packs_folder()
SEED = 20261031


@lru_cache(maxsize=1)
def city() -> tuple[Block, ...]:
    """Six thousand people: three blocks in the high-tech zone."""
    return tuple(blocks(6000, SEED, PACKS))


def everything(name: str) -> Iterator[Any]:
    """The members of one list of all blocks: people, units, leases …"""
    for block in city():
        yield from getattr(block, name)


def digest(block: Block) -> str:
    """A digest over every field of every object of a block; objects stand for themselves by their id."""
    sha = hashlib.sha256()
    for name in block.__slots__:
        value = getattr(block, name)
        for item in value if isinstance(value, list) else [value]:
            sha.update(f"{name}:{_text(item)}\n".encode())
    return sha.hexdigest()


def _text(item: Any) -> str:
    if hasattr(item, "__slots__") and not isinstance(item, tuple):
        return "|".join(_short(getattr(item, field)) for field in item.__slots__)
    return _short(item)


def _short(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(_short, value)) + "]"
    return str(getattr(value, "id", getattr(value, "code", value)))
