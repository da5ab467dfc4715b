"""Raw deliveries, kept byte for byte and addressed by their hash."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from datong.settings import Settings

_BLOCK = 1 << 20
RAW = "raw"
"""The folder of deliveries."""
UNTOUCHED_SECONDS = 3600.0
"""How long nobody may have kept a content before it is dropped: longer than any transaction that is about to refer to it."""


@dataclass(frozen=True)
class KeptFile:
    """A kept file: its SHA-256 in hex, its size in bytes and where it lies."""

    sha256: str
    size: int
    path: Path


def raw_file(settings: Settings, sha256: str, room: str = RAW) -> Path:
    """Where the file with this hash is kept. `room` is the folder of the home: deliveries lie in one of their own."""
    return settings.home / room / sha256[:2] / sha256


def keep_file(settings: Settings, path: Path) -> KeptFile:
    """Keep a copy of a file under its hash. Keeping the same content again changes nothing."""
    with path.open("rb") as source:
        return keep_blocks(settings, iter(lambda: source.read(_BLOCK), b""))


def keep_bytes(settings: Settings, content: bytes, room: str = RAW) -> KeptFile:
    """Keep a message that came without a file."""
    return keep_blocks(settings, [content], room)


def keep_blocks(settings: Settings, blocks: Iterable[bytes], room: str = RAW) -> KeptFile:
    """Keep content that comes in blocks; it is in its place whole or not at all."""
    with DraftFile(settings, room) as draft:
        for block in blocks:
            draft.write(block)
        return draft.keep()


class DraftFile:
    """A file on its way, under a temporary name: kept under its hash once it is whole, gone otherwise (`with DraftFile(…) as draft`)."""

    def __init__(self, settings: Settings, room: str = RAW) -> None:
        self._settings, self._room = settings, room
        folder = settings.home / room
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f".{os.getpid()}.{os.urandom(6).hex()}.tmp"
        self.size = 0
        self._digest = hashlib.sha256()
        self._target = self.path.open("wb")

    def __enter__(self) -> DraftFile:
        return self

    def __exit__(self, *_: object) -> None:
        self._target.close()
        self.path.unlink(missing_ok=True)

    def write(self, block: bytes) -> None:
        """Add to it."""
        self._digest.update(block)
        self._target.write(block)
        self.size += len(block)

    def flush(self) -> None:
        """What was written can be read at `path`."""
        self._target.flush()

    def keep(self) -> KeptFile:
        """Make it durable and put it into its place; where the same content lies already, nothing changes."""
        digest = self._digest.hexdigest()
        place = raw_file(self._settings, digest, self._room)
        if not self._lies_at(place):
            self.keep_as(place)
        return KeptFile(digest, self.size, place)

    def _lies_at(self, place: Path) -> bool:
        """Whether the same content lies there; it is then as fresh as if it were written now, so that `drop_file` leaves it. (Deliveries
        are never dropped, and keep their time.)"""
        try:
            if self._room != RAW:
                os.utime(place)
            return place.stat().st_size == self.size
        except FileNotFoundError:
            return False

    def keep_as(self, place: Path) -> None:
        """Make it durable and put it into a place of another name."""
        self._target.flush()
        os.fsync(self._target.fileno())
        place_file(self.path, place)


def drop_file(settings: Settings, sha256: str, room: str, *, untouched: float = UNTOUCHED_SECONDS) -> bool:
    """Remove a content that nothing refers to any more. False, and it stays, when somebody has kept the same so many seconds ago: what
    refers to it may not be committed yet. Doing it again changes nothing."""
    place = raw_file(settings, sha256, room)
    aside = place.parent / f".{os.getpid()}.{os.urandom(6).hex()}.tmp"
    try:
        if _is_fresh(place, untouched):
            return False
        place.replace(aside)
    except FileNotFoundError:
        return True
    if _is_fresh(aside, untouched):  # kept again between the look and the move
        aside.replace(place)
        return False
    aside.unlink()
    sync_folder(place.parent)
    return True


def _is_fresh(path: Path, seconds: float) -> bool:
    return time.time() - path.stat().st_mtime < seconds


def place_file(temporary: Path, place: Path) -> None:
    """Move a finished file to its place in one step that survives a power cut."""
    made = not place.parent.is_dir()
    place.parent.mkdir(parents=True, exist_ok=True)
    temporary.replace(place)
    sync_folder(place.parent)
    if made:
        sync_folder(place.parent.parent)


def sync_folder(folder: Path) -> None:
    """Make a folder's entries durable, where the system knows how."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def sweep_temporary(folder: Path) -> int:
    """Remove what a killed process left half written (`.<process>.….tmp`); files of living processes stay."""
    swept = 0
    for path in folder.rglob(".*.tmp") if folder.is_dir() else ():
        process = path.name.split(".")[1]
        if process.isdigit() and not _alive(int(process)):
            path.unlink(missing_ok=True)
            swept += 1
    return swept


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
