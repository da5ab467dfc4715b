"""Papers handed in: kept by their hash, typed by what they hold, opened for the applicant, the lead, and departments that need them.

Nothing of a paper is ever run or shown inside a page: it leaves as an attachment only.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import PurePosixPath, PureWindowsPath

from datong import ledger, share
from datong.domain.access import Actor
from datong.domain.errors import BadValue, Missing
from datong.services import around_queries as queries
from datong.services.parties import is_applicant, sees
from datong.services.store_case import Kept, definition, kept_case
from datong.spec import Service
from datong.store import Session, keep_bytes, raw_file

ROOM = "papers"
MOST_BYTES = 5 * 1024 * 1024
LONGEST_NAME = 100
_PDF, _PNG, _JPEG, _ZIP = b"%PDF-", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"PK\x03\x04"
TYPES = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg", "application/ofd": "ofd"}
"""What is taken, and how its file is called when it leaves."""


@dataclass(frozen=True)
class Paper:
    """A file as it was taken in: for which document of the item, and what it is."""

    code: str
    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True)
class KeptPaper(Paper):
    """A paper of a case; `at` is the moment it was handed in."""

    paper_id: str
    at: str


def type_of(content: bytes) -> str:
    """The media type that the first bytes say; empty for anything that is not taken. A name or a browser's word counts for nothing."""
    if content.startswith(_PDF):
        return "application/pdf"
    if content.startswith(_PNG):
        return "image/png"
    if content.startswith(_JPEG):
        return "image/jpeg"
    if content.startswith(_ZIP) and b"OFD.xml" in content:
        return "application/ofd"
    return ""


def take_papers(session: Session, files: Mapping[str, tuple[str, bytes]]) -> dict[str, Paper]:
    """Keep what was sent, each by its hash: document → paper. Raises BadValue naming the document and the mend."""
    found = {}
    for code, (name, content) in files.items():
        if not content:
            continue
        if len(content) > MOST_BYTES:
            raise BadValue(code, "文件太大，最多 5 MB (the file is too large)", "5 MB at most")
        kind = type_of(content)
        if not kind:
            raise BadValue(code, "只收 PDF、OFD、PNG、JPEG 文件 (no such file is taken)", "PDF, OFD, PNG or JPEG")
        kept = keep_bytes(share.installed(session).settings, content, ROOM)
        found[code] = Paper(code, plain_name(name), kind, kept.size, kept.sha256)
    return found


def plain_name(name: str) -> str:
    """A file's name as people called it, without folders and without what no name needs."""
    last = PureWindowsPath(PurePosixPath(name).name).name
    shown = "".join(one for one in last if unicodedata.category(one)[0] != "C" and one not in '<>:"/\\|?*')
    return shown.strip()[-LONGEST_NAME:] or "-"


def keep_papers(session: Session, case_id: str, papers: Mapping[str, Paper], actor: Actor, at: str) -> None:
    """Note the papers of a case; their hashes stand in the case's event, and its digest in the ledger."""
    for one in papers.values():
        params = {"id": f"M{secrets.token_hex(8)}", "case_id": case_id, "code": one.code, "name": one.name, "media_type": one.media_type}
        session.run(queries.ADD_PAPER, {**params, "sha256": one.sha256, "by": actor.id, "at": at, "size": one.size})


def papers_of(session: Session, actor: Actor, kept: Kept, service: Service) -> tuple[KeptPaper, ...]:
    """The papers of a case that the actor may open."""
    if not kept.facts.get("documents"):
        return ()
    found = [KeptPaper(*row) for row in session.all(queries.PAPERS, {"case_id": kept.case.case_id})]
    mine = openable(session, service, kept, actor)
    return tuple(one for one in found if one.code in mine)


def openable(session: Session, service: Service, kept: Kept, actor: Actor) -> set[str]:
    """Which documents of an item the actor may open: all for the applicant and the lead, for a department those its tasks name."""
    if is_applicant(session, actor, kept) or (actor.kind == "officer" and actor.department == kept.department):
        return {one.code for one in service.documents}
    if actor.kind != "officer":
        return set()
    mine = [task for task in service.tasks if task.department == actor.department and task.code in kept.case.tasks]
    return {name for task in mine for name in task.sees}


def open_paper(session: Session, actor: Actor, case_id: str, paper_id: str, *, now: datetime) -> tuple[KeptPaper, bytes]:
    """A paper with its content, checked against its hash; the opening leaves its line. Raises Missing."""
    kept = kept_case(session, case_id)
    if not sees(session, actor, kept):
        raise Missing("没有这个办件 (there is no such case)")
    row = session.one(queries.PAPER, {"case_id": case_id, "id": paper_id})
    service = definition(session, kept.case.digest)
    if row is None or row[0] not in openable(session, service, kept, actor):
        raise Missing("没有这份材料 (there is no such paper)")
    paper = KeptPaper(*row)
    content = raw_file(share.installed(session).settings, paper.sha256, ROOM).read_bytes()
    if sha256(content).hexdigest() != paper.sha256:
        raise Missing("材料的内容与登记的不符，不予提供 (the content is not what was handed in)")
    at = share.moment_text(now)
    body = {"case": case_id, "document": paper.code, "sha256": paper.sha256}
    ledger.append(session, ledger.Line("case.paper", at, "", actor.id, actor.department, actor.unit, service.purpose, body))
    return paper, content


def hashes(papers: Mapping[str, Paper]) -> dict[str, str]:
    """What the case's event says of papers: document → hash."""
    return {code: one.sha256 for code, one in papers.items()}


def read_papers(kept: Sequence[Mapping[str, object]]) -> dict[str, Paper]:
    """Papers as a draft kept them."""
    found = [Paper(str(one["code"]), str(one["name"]), str(one["media_type"]), int(str(one["size"])), str(one["sha256"])) for one in kept]
    return {one.code: one for one in found}
