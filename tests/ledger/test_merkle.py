"""The hash tree agrees with RFC 6962's definition, with public vectors, and with nothing else."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.shared_data import shared

from datong.ledger import merkle
from datong.ledger.merkle import Coordinate


def by_definition(entries: Sequence[bytes]) -> bytes:
    """MTH as RFC 6962, section 2.1, writes it down."""
    if not entries:
        return merkle.EMPTY_ROOT
    if len(entries) == 1:
        return merkle.leaf_hash(entries[0])
    split = 1
    while split * 2 < len(entries):
        split *= 2
    return merkle.node_hash(by_definition(entries[:split]), by_definition(entries[split:]))


class Tree:
    """Every subtree hash of a growing tree, in memory."""

    def __init__(self) -> None:
        self.entries: list[bytes] = []
        self.stored: dict[Coordinate, bytes] = {}

    def add(self, entries: Sequence[bytes]) -> None:
        hashes = [merkle.leaf_hash(entry) for entry in entries]
        known = self.lookup(merkle.edge(len(self.entries), len(entries)))
        for level, index, digest in merkle.grow(len(self.entries), hashes, known):
            assert (level, index) not in self.stored
            self.stored[(level, index)] = digest
        for offset, digest in enumerate(hashes):
            self.stored[(0, len(self.entries) + offset)] = digest
        self.entries.extend(entries)

    def lookup(self, wanted: Sequence[Coordinate]) -> Mapping[Coordinate, bytes]:
        return {coordinate: self.stored[coordinate] for coordinate in wanted}


def tree_of(size: int) -> Tree:
    tree = Tree()
    tree.add([f"entry {number}".encode() for number in range(size)])
    return tree


def flipped(data: bytes, bit: int) -> bytes:
    bit %= len(data) * 8
    return bytes(byte ^ (1 << bit % 8 if place == bit // 8 else 0) for place, byte in enumerate(data))


def vectors(kind: str) -> list[tuple[str, dict[str, Any]]]:
    files = sorted(shared("ledger", "merkle", kind).rglob("*.json"))
    return [(str(path.relative_to(Path(*path.parts[:-2]))), json.loads(path.read_text())) for path in files]


def decoded(values: Sequence[str] | None) -> list[bytes]:
    return [base64.b64decode(value) for value in values or []]


def test_every_public_inclusion_vector() -> None:
    found = vectors("inclusion")
    assert len(found) == 98
    for name, case in found:
        leaf, root = decoded([case["leafHash"], case["root"]])
        held = merkle.verify_inclusion(leaf, case["leafIdx"], case["treeSize"], decoded(case["proof"]), root)
        assert held != case["wantErr"], name


def test_every_public_consistency_vector() -> None:
    found = vectors("consistency")
    assert len(found) == 98
    for name, case in found:
        old, new = decoded([case["root1"], case["root2"]])
        held = merkle.verify_consistency(case["size1"], case["size2"], old, new, decoded(case["proof"]))
        assert held != case["wantErr"], name


@given(st.lists(st.integers(1, 40), min_size=1, max_size=6))
def test_a_tree_grown_in_any_steps_has_the_root_of_the_definition(steps: list[int]) -> None:
    tree = Tree()
    for number, step in enumerate(steps):
        tree.add([f"{number}/{place}".encode() for place in range(step)])
    size = len(tree.entries)
    assert len(tree.stored) == sum(size >> level for level in range(size.bit_length()))
    for part in {size, size // 2, 1, 0}:
        assert merkle.root(part, tree.lookup) == by_definition(tree.entries[:part])


@given(st.integers(1, 300), st.data())
def test_an_inclusion_proof_holds_and_any_flipped_bit_breaks_it(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    tree = tree_of(size)
    leaf, root = merkle.leaf_hash(tree.entries[index]), merkle.root(size, tree.lookup)
    proof = merkle.prove_inclusion(index, size, tree.lookup)
    assert merkle.verify_inclusion(leaf, index, size, proof, root)
    bit = data.draw(st.integers(0, 255))
    assert not merkle.verify_inclusion(flipped(leaf, bit), index, size, proof, root)
    assert not merkle.verify_inclusion(leaf, index, size, proof, flipped(root, bit))
    assert not merkle.verify_inclusion(leaf, index, size, [*proof, root], root)
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        assert not merkle.verify_inclusion(leaf, index, size, [*proof[:at], flipped(proof[at], bit), *proof[at + 1 :]], root)
        assert not merkle.verify_inclusion(leaf, index, size, proof[:-1], root)
        assert not merkle.verify_inclusion(leaf, index ^ 1, size, proof, root)


@given(st.integers(1, 300), st.data())
def test_a_consistency_proof_holds_and_any_flipped_bit_breaks_it(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new))
    tree = tree_of(new)
    old_root, new_root = merkle.root(old, tree.lookup), merkle.root(new, tree.lookup)
    proof = merkle.prove_consistency(old, new, tree.lookup)
    assert merkle.verify_consistency(old, new, old_root, new_root, proof)
    bit = data.draw(st.integers(0, 255))
    assert not merkle.verify_consistency(old, new, flipped(old_root, bit), new_root, proof)
    assert not merkle.verify_consistency(old, new, old_root, flipped(new_root, bit), proof)
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        assert not merkle.verify_consistency(old, new, old_root, new_root, [*proof[:at], flipped(proof[at], bit), *proof[at + 1 :]])
        assert not merkle.verify_consistency(old, new, old_root, new_root, proof[:-1])


@pytest.mark.parametrize(("index", "size"), [(0, 0), (-1, 4), (4, 4)])
def test_nothing_is_proved_outside_the_tree(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="does not lie"):
        merkle.prove_inclusion(index, size, tree_of(4).lookup)
    assert not merkle.verify_inclusion(bytes(32), index, size, [], bytes(32))


@pytest.mark.parametrize(("old", "new"), [(0, 4), (5, 4), (-1, 4), (0, 0)])
def test_no_consistency_with_an_empty_or_larger_tree(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="does not contain"):
        merkle.prove_consistency(old, new, tree_of(4).lookup)
    assert not merkle.verify_consistency(old, new, bytes(32), bytes(32), [])
