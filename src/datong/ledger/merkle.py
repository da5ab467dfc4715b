"""The hash tree of RFC 6962 and RFC 9162 with SHA-256: what to hash, what a proof holds, whether it holds. Pure.

A *coordinate* `(level, index)` names the complete subtree over the leaves `index * 2**level` up to the next one's. A tree
of any size is a row of complete subtrees, so roots and proofs are folded from O(log n) stored hashes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from hmac import compare_digest

Coordinate = tuple[int, int]
Lookup = Callable[[Sequence[Coordinate]], Mapping[Coordinate, bytes]]
"""Where stored subtree hashes come from: all the wanted ones in one call."""

HASH_SIZE = 32
EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two neighbouring subtrees."""
    return sha256(b"\x01" + left + right).digest()


def cover(start: int, end: int) -> list[Coordinate]:
    """The complete subtrees, from left to right, that make up the leaves `start` to `end`."""
    parts = []
    while start < end:
        level = (end - start).bit_length() - 1
        if start:
            level = min(level, (start & -start).bit_length() - 1)
        parts.append((level, start >> level))
        start += 1 << level
    return parts


def fold(hashes: Sequence[bytes]) -> bytes:
    """The hash over neighbouring complete subtrees of falling size."""
    folded = hashes[-1]
    for left in reversed(hashes[:-1]):
        folded = node_hash(left, folded)
    return folded


def root(size: int, lookup: Lookup) -> bytes:
    """The root hash over the first `size` leaves."""
    return _range_hashes([(0, size)], lookup)[0] if size else EMPTY_ROOT


def edge(size: int, count: int) -> list[Coordinate]:
    """The stored subtrees that `grow` joins to when `count` leaves follow `size` others."""
    wanted, level, first, last = [], 0, size, size + count
    while last >> 1 > first >> 1:
        if first & 1:
            wanted.append((level, first - 1))
        level, first, last = level + 1, first >> 1, last >> 1
    return wanted


def grow(size: int, hashes: Sequence[bytes], known: Mapping[Coordinate, bytes]) -> list[tuple[int, int, bytes]]:
    """Every subtree that new leaves complete, as (level, index, hash); `known` holds the coordinates of `edge`."""
    made: list[tuple[int, int, bytes]] = []
    row, level, first = list(hashes), 0, size
    while (first + len(row)) >> 1 > first >> 1:
        if first & 1:
            first -= 1
            row.insert(0, known[(level, first)])
        pairs = zip(row[::2], row[1::2], strict=False)
        row, level, first = [sha256(b"\x01" + left + right).digest() for left, right in pairs], level + 1, first >> 1
        made.extend((level, first + offset, digest) for offset, digest in enumerate(row))
    return made


def prove_inclusion(index: int, size: int, lookup: Lookup) -> list[bytes]:
    """The hashes that lead from leaf `index` to the root over `size` leaves, the leaf's sibling first."""
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} does not lie in a tree of {size}")
    ranges, start, end = [], 0, size
    while end - start > 1:
        split = start + _split(end - start)
        if index < split:
            ranges.append((split, end))
            end = split
        else:
            ranges.append((start, split))
            start = split
    return _range_hashes(ranges[::-1], lookup)


def prove_consistency(old: int, new: int, lookup: Lookup) -> list[bytes]:
    """The hashes that show that the first `old` of `new` leaves are the same as they were."""
    if not 0 < old <= new:
        raise ValueError(f"a tree of {new} does not contain one of {old}")
    ranges, start, end, whole = [], 0, new, True
    while old != end:
        split = start + _split(end - start)
        if old <= split:
            ranges.append((split, end))
            end = split
        else:
            ranges.append((start, split))
            start, whole = split, False
    if not whole:
        ranges.append((start, end))
    return _range_hashes(ranges[::-1], lookup)


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected_root: bytes) -> bool:
    """Whether the proof leads from the leaf's hash at `index` to the root over `size` leaves (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size or not _hashes_fit(leaf, expected_root, *proof):
        return False
    position, last, reached = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            reached = node_hash(sibling, reached)
            while position and not position & 1:
                position, last = position >> 1, last >> 1
        else:
            reached = node_hash(reached, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and compare_digest(reached, expected_root)


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the tree of `old` leaves is the beginning of the tree of `new` (RFC 9162, 2.1.4.2)."""
    if old == new and old > 0:
        return not proof and compare_digest(old_root, new_root)
    if not proof or not 0 < old < new or not _hashes_fit(old_root, new_root, *proof):
        return False
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    position, last = old - 1, new - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    reached_old = reached_new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            reached_old, reached_new = node_hash(sibling, reached_old), node_hash(sibling, reached_new)
            while position and not position & 1:
                position, last = position >> 1, last >> 1
        else:
            reached_new = node_hash(reached_new, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and compare_digest(reached_old, old_root) and compare_digest(reached_new, new_root)


def _split(count: int) -> int:
    """The largest power of two below `count`: where RFC 6962 divides a tree."""
    return 1 << ((count - 1).bit_length() - 1)


def _range_hashes(ranges: Sequence[tuple[int, int]], lookup: Lookup) -> list[bytes]:
    covers = [cover(start, end) for start, end in ranges]
    found = lookup([coordinate for parts in covers for coordinate in parts])
    return [fold([found[coordinate] for coordinate in parts]) for parts in covers]


def _hashes_fit(*hashes: bytes) -> bool:
    return all(len(one) == HASH_SIZE for one in hashes)
