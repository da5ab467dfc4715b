"""The log as static files (c2sp.org/tlog-tiles): any file host serves them, any outside tool verifies them.

`checkpoint` is the newest signed note, `tile/<L>/<N>` holds 256 hashes side by side, `tile/entries/<N>` the entries themselves.
The last tile of each level is partial and says its width: `tile/0/001.p/17`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from datong.domain.errors import BrokenLedger, Missing
from datong.ledger import merkle, queries
from datong.ledger.checkpoint import Checkpoint, parse_checkpoint
from datong.ledger.log import newest_checkpoint
from datong.ledger.note import VerifierKey, split_note
from datong.ledger.policy import Policy, of
from datong.store import Session

TILE_WIDTH = 256
TILE_HEIGHT = 8


@dataclass(frozen=True)
class TileExport:
    """What an export did: the tree's size, and how many files it wrote and found there already."""

    size: int
    written: int
    kept: int


@dataclass(frozen=True)
class Tile:
    """One tile: its level (0 holds leaf hashes), its index in the level and its width."""

    level: int
    index: int
    width: int

    @property
    def path(self) -> str:
        """Where the tile's hashes lie."""
        return f"tile/{self.level}/{tile_index(self.index)}{self._suffix()}"

    @property
    def entries_path(self) -> str:
        """Where the entries under a tile of level 0 lie."""
        return f"tile/entries/{tile_index(self.index)}{self._suffix()}"

    def _suffix(self) -> str:
        return "" if self.width == TILE_WIDTH else f".p/{self.width}"


def tile_index(number: int) -> str:
    """A tile's index as path elements of three digits, all but the last marked: 1234067 is x001/x234/067."""
    parts = [f"{number % 1000:03}"]
    while number := number // 1000:
        parts.append(f"x{number % 1000:03}")
    return "/".join(reversed(parts))


def tiles_of(size: int) -> Iterator[Tile]:
    """Every tile of a tree, level by level; the partial ones are those of just this size."""
    level, width = 0, size
    while width:
        for index in range(width // TILE_WIDTH):
            yield Tile(level, index, TILE_WIDTH)
        if width % TILE_WIDTH:
            yield Tile(level, width // TILE_WIDTH, width % TILE_WIDTH)
        level, width = level + 1, width // TILE_WIDTH


def bundle(entries: Sequence[bytes]) -> bytes:
    """Entries as one file: each with its length in two bytes before it."""
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def unbundle(data: bytes) -> list[bytes]:
    """The entries of a bundle; BrokenLedger when it is cut off."""
    entries, at = [], 0
    while at < len(data):
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        if at + 2 > len(data) or end > len(data):
            raise BrokenLedger("An entry bundle is cut off.")
        entries.append(data[at + 2 : end])
        at = end
    return entries


def export_tree(session: Session, folder: Path, note: str | None = None) -> TileExport:
    """Write the log up to a checkpoint (the newest when left out) as static files; full tiles already there are kept.

    The checkpoint is put in place last, so that a reader never sees one whose tiles are missing.
    """
    note = note or newest_checkpoint(session)
    if note is None:
        raise Missing("The ledger has no checkpoint yet; `datong ledger checkpoint` signs the first.")
    size = parse_checkpoint(split_note(note)[0]).size
    written = kept = 0
    for tile in tiles_of(size):
        paths = [folder / tile.path] + ([folder / tile.entries_path] if tile.level == 0 else [])
        if all(path.exists() for path in paths):
            kept += len(paths)
            continue
        for path, content in zip(paths, _contents(session, tile), strict=True):
            _put(path, content)
        written += len(paths)
    _put(folder / "checkpoint", note.encode())
    return TileExport(size, written + 1, kept)


def check_tree(folder: Path, trust: VerifierKey | Policy) -> Checkpoint:
    """Recompute an exported tree from its entries, offline, and hold it against tiles and signed checkpoint.

    The checkpoint, when everything agrees; BrokenLedger naming the first file that does not, or the witnesses that lack.
    """
    checkpoint = of(trust).require(_get(folder, "checkpoint").decode("utf-8", "replace")).checkpoint
    hashes: dict[int, list[bytes]] = {}
    for tile in tiles_of(checkpoint.size):
        row = hashes.setdefault(tile.level, [])
        if tile.level == 0:
            found = [merkle.leaf_hash(entry) for entry in unbundle(_get(folder, tile.entries_path))]
        else:
            below = hashes[tile.level - 1]
            first = tile.index * TILE_WIDTH
            found = [_full_tile_hash(below, first + offset) for offset in range(tile.width)]
        if len(found) != tile.width or b"".join(found) != _get(folder, tile.path):
            raise BrokenLedger(f"{tile.path} does not agree with the entries below it.")
        row.extend(found)
    if _tiled_root(checkpoint.size, hashes) != checkpoint.root:
        raise BrokenLedger("The entries do not give the root that the checkpoint signs.")
    return checkpoint


def _full_tile_hash(below: Sequence[bytes], index: int) -> bytes:
    row = list(below[index * TILE_WIDTH : (index + 1) * TILE_WIDTH])
    while len(row) > 1:
        row = [merkle.node_hash(left, right) for left, right in zip(row[::2], row[1::2], strict=True)]
    return row[0]


def _tiled_root(size: int, hashes: dict[int, list[bytes]]) -> bytes:
    def subtree(level: int, index: int) -> bytes:
        kept, above = divmod(level, TILE_HEIGHT)
        row = hashes[kept][index << above : (index + 1) << above]
        while len(row) > 1:
            row = [merkle.node_hash(left, right) for left, right in zip(row[::2], row[1::2], strict=True)]
        return row[0]

    return merkle.root(size, lambda wanted: {(level, index): subtree(level, index) for level, index in wanted})


def _contents(session: Session, tile: Tile) -> list[bytes]:
    """A tile's hashes and, at level 0, its entry bundle."""
    start = tile.index * TILE_WIDTH
    end = start + tile.width
    if tile.level == 0:
        rows = session.all(queries.LEAF_RANGE, {"start": start, "end": end})
        contents = [b"".join(bytes(row[2]) for row in rows), bundle([bytes(row[1]) for row in rows])]
    else:
        rows = session.all(queries.NODE_HASHES, {"level": tile.level * TILE_HEIGHT, "start": start, "end": end})
        contents = [b"".join(bytes(row[0]) for row in rows)]
    if len(rows) != tile.width:
        raise BrokenLedger(f"The ledger has lost hashes of {tile.path}; run `datong ledger verify`.")
    return contents


def _put(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beginning = path.with_name(path.name + ".new")
    beginning.write_bytes(content)
    beginning.replace(path)


def _get(folder: Path, path: str) -> bytes:
    try:
        return (folder / path).read_bytes()
    except OSError:
        raise BrokenLedger(f"{path} is missing from the exported ledger.") from None
