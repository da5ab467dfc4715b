"""Bounded `IN` lists for the store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

CHUNK = 500
Item = TypeVar("Item")


def in_chunks(values: Iterable[str], size: int = CHUNK) -> Iterator[dict[str, str]]:
    """Parameters for `IN` lists of a bounded length: {"v0": …, "v1": …}."""
    rest = iter(sorted(set(values)))
    while part := list(islice(rest, size)):
        yield {f"v{at}": value for at, value in enumerate(part)}


def marks(chunk: dict[str, str]) -> str:
    """The `:v0, :v1` that go with a chunk of parameters."""
    return ", ".join(f":{name}" for name in chunk)


def batched(values: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Lists of at most `size` values, in order."""
    rest = iter(values)
    while part := list(islice(rest, size)):
        yield part
