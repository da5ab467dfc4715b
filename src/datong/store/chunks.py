"""Bounded `IN` lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

CHUNK = 500


def in_chunks(values: Iterable[str], size: int = CHUNK) -> Iterator[dict[str, str]]:
    """Parameters for `IN` lists of a bounded length: {"v0": …, "v1": …}."""
    rest = iter(sorted(set(values)))
    while part := list(islice(rest, size)):
        yield {f"v{at}": value for at, value in enumerate(part)}


def marks(chunk: dict[str, str]) -> str:
    """The `:v0, :v1` that go with a chunk of parameters."""
    return ", ".join(f":{name}" for name in chunk)
