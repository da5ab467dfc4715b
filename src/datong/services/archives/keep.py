"""File closed cases, find their archives, open one with a reason: every opening leaves a line that the applicant sees."""

from __future__ import annotations

import json
import logging
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any

from datong import ledger, share
from datong.domain.access import Actor
from datong.domain.errors import BadValue, Missing
from datong.services.archives import queries
from datong.services.archives.package import FILED, MANIFEST, Head, contents, manifest_of, pack
from datong.services.archives.rules import ArchiveRules, archive_rules
from datong.services.store_case import definition, kept_case
from datong.spec import Service
from datong.store import Row, Session, keep_bytes, raw_file

ROOM = "archives"
"""The folder of the home where packages lie, by their hash."""
READ, DISPOSE, APPROVE = "archives.read", "archives.dispose", "archives.approve"
PURPOSE = "archive_use"
SHORTEST, LONGEST = 5, 300
MOST_AT_ONCE = 200
_log = logging.getLogger("datong.services")


@dataclass(frozen=True)
class Archive:
    """One archive as it is listed: nothing of anybody's but the number of the case."""

    archive_id: str
    case_id: str
    version: int
    service: str
    department: str
    applicant: str
    outcome: str
    ended_at: str
    filed_at: str
    years: int
    keep_until: str
    manifest: str
    sha256: str
    size: int
    disposal: str

    @property
    def kept(self) -> bool:
        """Whether its package is still there."""
        return not self.disposal


@dataclass(frozen=True)
class OpenedArchive:
    """An archive with what lies in it, as its page shows it."""

    archive: Archive
    service: Service
    form: Mapping[str, Any]
    answers: Mapping[str, Any]
    decision: Mapping[str, Any]
    events: tuple[tuple[str, str, str], ...]
    """Kind, moment, task."""
    files: tuple[tuple[str, str, int], ...]
    """Name, SHA-256, bytes."""
    licences: tuple[Mapping[str, str], ...]


def file_closed(session: Session, *, now: datetime, most: int = 50) -> int:
    """File the cases that closed so long ago as the city says, and those that closed again since; how many were filed. One that cannot
    be filed (a paper is not there) is told in the log and stays among those to be filed."""
    rules = archive_rules(session)
    before = share.moment_text(now - timedelta(days=rules.file_after_days))
    cases = [row[0] for row in session.all(queries.TO_FILE, {"before": before, "most": most})]
    if cases:
        settings = share.installed(session).settings
        ledger.checkpoint(session, ledger.load_signer(settings.home), share.moment_text(now))
    filed = 0
    for case_id in cases:
        try:
            file_case(session, case_id, now=now)
            filed += 1
        except Missing as error:
            _log.error("case %s cannot be filed: %s", case_id, error.message)
    return filed


def has_closed(session: Session, *, now: datetime) -> bool:
    """Whether a case waits to be filed."""
    before = share.moment_text(now - timedelta(days=archive_rules(session).file_after_days))
    return bool(session.all(queries.TO_FILE, {"before": before, "most": 1}))


def file_case(session: Session, case_id: str, *, now: datetime) -> Archive:
    """File one closed case: its package, a line with the manifest's hash, and that line's proof inside the package.

    The lines of its events must be under a checkpoint (`file_closed` signs one). Raises Missing, BadValue while it is under way.
    """
    kept = kept_case(session, case_id)
    if not kept.case.ended:
        raise BadValue("case", "办件还没有办结 (the case is still under way)")
    service, rules = definition(session, kept.case.digest), archive_rules(session)
    settings, at = share.installed(session).settings, share.moment_text(now)
    row = session.one(queries.LAST_VERSION, {"case_id": case_id})
    version = int(row[0]) + 1 if row else 1
    head = _head(session, rules, (kept.department, service.code, kept.ended_at), (version, at))
    files = contents(session, kept, service, head)
    manifest = manifest_of(files, kept, head)
    digest = sha256(manifest).hexdigest()
    body = {"act": "filed", "archive": head.archive_id, "case": case_id, "version": version, "manifest": digest}
    line = ledger.Line("archive", at, "", "archives", kept.department, "", service.purpose, body)
    (line_id,) = ledger.append(session, line)
    ledger.checkpoint(session, ledger.load_signer(settings.home), at)
    whole = pack({**files, MANIFEST: manifest, FILED: str(ledger.proof_for(session, line_id)).encode()})
    stored = keep_bytes(settings, whole, ROOM)
    about = (service.code, kept.department, kept.case.applicant, kept.case.state, kept.ended_at, at)
    term = (head.years, head.keep_until, digest)
    made = Archive(head.archive_id, case_id, version, *about, *term, stored.sha256, stored.size, "")
    session.run(queries.ADD, {name: getattr(made, name) for name in queries.COLUMNS})
    return made


def _head(session: Session, rules: ArchiveRules, what: tuple[str, str, str], when: tuple[int, str]) -> Head:
    """The number of an archive (department, year, term, a serial) and its term: years from the end of the year in which it closed."""
    department, service, ended_at = what
    version, at = when
    year, years = share.day_of(ended_at)[:4], rules.years(service)
    term, day = "Y" if years == 0 else f"D{years}", share.city_day(datetime.fromisoformat(at))
    number = f"{department}-{year}-{term}-{share.dated_number(session, 'A', 'archive', day)}"
    keep_until = date(int(year) + years, 12, 31).isoformat() if years else ""
    return Head(number, version, years, keep_until, at, rules.reference)


def find_archives(session: Session, actor: Actor, *, service: str = "", case_id: str = "", year: str = "") -> tuple[Archive, ...]:
    """The archives of the actor's department, of all for an archivist of the keeper; the newest 200. Raises Forbidden."""
    department = scope(session, actor, READ)
    params = {"department": department, "service": service, "case_id": case_id.strip(), "year": year, "most": MOST_AT_ONCE}
    return tuple(archive_of(row) for row in session.all(queries.FIND, params))


def scope(session: Session, actor: Actor, permission: str) -> str:
    """Whose archives the actor may deal with: her department's, or "" for all. Raises Forbidden."""
    parts = share.installed(session)
    parts.must(actor, permission)
    keeps = actor.department == archive_rules(session).keeper and parts.may(actor, DISPOSE)
    return "" if keeps else actor.department or "-"


def find_archive(session: Session, actor: Actor, archive_id: str) -> Archive:
    """One archive that the actor may know of. Raises Forbidden, Missing."""
    department = scope(session, actor, READ)
    row = session.one(queries.ARCHIVE, {"archive_id": archive_id})
    if row is None or (department and row[4] != department):
        raise Missing("没有这份档案 (there is no such archive)")
    return archive_of(row)


def open_archive(session: Session, actor: Actor, archive_id: str, reason: str, *, now: datetime) -> OpenedArchive:
    """Open an archive for a stated reason; its applicant sees who did and why. Raises Forbidden, Missing, BadValue."""
    archive = find_archive(session, actor, archive_id)
    content = _taken(session, actor, archive, reason, now)
    with zipfile.ZipFile(BytesIO(content)) as opened:
        plain = {name: json.loads(opened.read(name)) for name in opened.namelist() if name.endswith(".json")}
    manifest, form = plain[MANIFEST], plain["form.json"]
    return OpenedArchive(
        archive,
        definition_kept(session, plain),
        form["form"],
        form["answers"],
        plain["decision.json"],
        tuple((kind, at, task) for kind, at, _, task, _ in plain["events.json"]),
        tuple((name, one["sha256"], int(one["size"])) for name, one in manifest["files"].items()),
        tuple(one for name, one in plain.items() if name.startswith("licences/")),
    )


def definition_kept(session: Session, plain: Mapping[str, Any]) -> Service:
    """The item as it was when the case began."""
    submitted = next(one for one in plain["events.json"] if one[0] == "submitted")
    return definition(session, str(submitted[4]["digest"]))


def take_package(session: Session, actor: Actor, archive_id: str, reason: str, *, now: datetime) -> tuple[str, bytes]:
    """The whole package with its name, for a stated reason; leaves its line like any opening."""
    archive = find_archive(session, actor, archive_id)
    return f"{archive.archive_id}.zip", _taken(session, actor, archive, reason, now)


def _taken(session: Session, actor: Actor, archive: Archive, reason: str, now: datetime) -> bytes:
    said = reason.strip()
    if not SHORTEST <= len(said) <= LONGEST:
        raise BadValue("reason", "请写明利用目的，5 到 300 字 (say what for, in 5 to 300 characters)")
    if not archive.kept:
        raise Missing(f"档案已销毁，见{archive.disposal} (it was disposed of)")
    content = raw_file(share.installed(session).settings, archive.sha256, ROOM).read_bytes()
    if sha256(content).hexdigest() != archive.sha256:
        raise Missing("档案的内容与登记的不符，不予提供 (the package is not what was filed)")
    why = {"kind": "case", "reference": archive.case_id, "text": said}
    body = {"operation": "look_up", "outcome": "found", "automatic": False, "archive": archive.archive_id, "fields": [], "reason": why}
    line = ledger.Line("read", share.moment_text(now), archive.applicant, actor.id, actor.department, actor.unit, PURPOSE, body)
    ledger.append(session, line)
    return content


def archive_of(row: Row) -> Archive:
    """An archive from its row."""
    values: tuple[Any, ...] = (*row[:2], int(row[2]), *row[3:9], int(row[9]), *row[10:13], int(row[13]), row[14])
    return Archive(*values)
