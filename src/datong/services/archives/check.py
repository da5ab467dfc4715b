"""Check a package offline, with nothing but the ledger's key or a policy: that nothing in it was changed, left out or added.

Proved: the manifest is the one whose hash the log holds; each file is the one the manifest names; the events are those whose digests the
log holds line by line, none left out; each paper is the one whose hash the application named; each licence's text has its digest.
"""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from datong import ledger
from datong.domain.errors import BrokenLedger
from datong.services.archives.package import FILED, FORMAT, MANIFEST
from datong.services.state import Event
from datong.services.written import events_digest

MOST_FILES, MOST_BYTES = 10_000, 1 << 30


@dataclass(frozen=True)
class CheckedArchive:
    """What a sound package is: its number, its case, how many files, events, papers and licences were held against what."""

    archive_id: str
    case_id: str
    files: int
    events: int
    lines: int
    papers: int
    licences: int
    filed_at: str
    proven: ledger.CheckedProof


def check_package(content: bytes, trust: ledger.VerifierKey | ledger.Policy) -> CheckedArchive:
    """Check a package. Raises BrokenLedger saying what does not hold."""
    files = _unpack(content)
    manifest = _read(files, MANIFEST)
    if manifest.get("format") != FORMAT or not isinstance(manifest.get("files"), dict):
        raise BrokenLedger("This is no archive of a case, or of a later form.")
    proven = ledger.check_proof(files[FILED].decode("utf-8", "replace"), trust)
    line = proven.line or {}
    body = line.get("body", {})
    if line.get("type") != "archive" or body.get("manifest") != sha256(files[MANIFEST]).hexdigest():
        raise BrokenLedger("The log does not hold this manifest: it was changed after filing, or belongs to another archive.")
    if (body.get("archive"), body.get("case")) != (manifest.get("archive"), manifest.get("case")):
        raise BrokenLedger("The line of the filing speaks of another archive.")
    _check_files(files, manifest["files"])
    events, lines = _check_events(files, str(manifest["case"]), trust)
    papers = _check_papers(files, events)
    return CheckedArchive(
        str(manifest["archive"]), str(manifest["case"]), len(manifest["files"]), len(events), lines, papers, _check_licences(files),
        str(line.get("at", "")), proven,
    )  # fmt: skip


def _unpack(content: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            infos = opened.infolist()
            if len(infos) > MOST_FILES or sum(one.file_size for one in infos) > MOST_BYTES:
                raise BrokenLedger("The package is too large to be one of a case.")
            if len({one.filename for one in infos}) != len(infos):
                raise BrokenLedger("A file stands twice in the package.")
            files = {one.filename: opened.read(one) for one in infos}
    except (zipfile.BadZipFile, EOFError, RuntimeError) as error:
        raise BrokenLedger(f"The package cannot be opened: {error}.") from None
    for name in (MANIFEST, FILED):
        if name not in files:
            raise BrokenLedger(f"The package lacks {name}.")
    return files


def _read(files: dict[str, bytes], name: str) -> dict[str, Any]:
    try:
        found = json.loads(files[name])
    except (KeyError, ValueError):
        found = None
    if not isinstance(found, dict):
        raise BrokenLedger(f"{name} is missing or cannot be read.")
    return found


def _check_files(files: dict[str, bytes], listed: dict[str, Any]) -> None:
    there = set(files) - {MANIFEST, FILED}
    if missing := sorted(set(listed) - there):
        raise BrokenLedger(f"{missing[0]} was left out.")
    if added := sorted(there - set(listed)):
        raise BrokenLedger(f"{added[0]} was added.")
    for name in sorted(there):
        if sha256(files[name]).hexdigest() != listed[name].get("sha256"):
            raise BrokenLedger(f"{name} was changed.")


def _check_events(files: dict[str, bytes], case_id: str, trust: ledger.VerifierKey | ledger.Policy) -> tuple[list[Event], int]:
    """Hold the events against the lines: each line says how many came and their digest."""
    try:
        events = [Event(kind, at, by, task, data) for kind, at, by, task, data in json.loads(files["events.json"])]
    except (KeyError, ValueError, TypeError):
        raise BrokenLedger("events.json is missing or cannot be read.") from None
    at, lines = 0, 0
    for name in sorted(one for one in files if one.startswith("proofs/")):
        line = ledger.check_proof(files[name].decode("utf-8", "replace"), trust).line
        body = line.get("body", {}) if line else {}
        if not line or line.get("type") != "case" or body.get("case") != case_id:
            raise BrokenLedger(f"{name} proves another line than one of this case.")
        some = events[at : at + int(body.get("events", 0))]
        if events_digest(some) != body.get("digest"):
            raise BrokenLedger(f"The events from the {at + 1}th on are not those of the log's line at {line.get('at')}.")
        at, lines = at + len(some), lines + 1
    if at != len(events):
        raise BrokenLedger(f"{len(events) - at} events are proved by no line of the log.")
    return events, lines


def _check_papers(files: dict[str, bytes], events: list[Event]) -> int:
    """Each paper handed in by an event lies in the package, whole."""
    held = {sha256(content).hexdigest() for name, content in files.items() if name.startswith("papers/")}
    named = {str(digest) for one in events for digest in (one.data.get("papers") or {}).values()}
    if missing := named - held:
        raise BrokenLedger(f"{len(missing)} of the papers that were handed in are not in the package.")
    return len(held)


def _check_licences(files: dict[str, bytes]) -> int:
    names = [name.removesuffix(".sd-jwt") for name in files if name.startswith("licences/") and name.endswith(".sd-jwt")]
    for name in names:
        text, said = files[f"{name}.sd-jwt"].decode("utf-8", "replace"), _read(files, f"{name}.json")
        if sha256(text.partition("~")[0].encode()).hexdigest() != said.get("digest"):
            raise BrokenLedger(f"{name} is not the licence that was issued.")
    return len(names)
