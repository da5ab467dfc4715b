"""The package of a case: what was written and handed in, what was decided and issued, every event, and how each is proved.

A ZIP of plain files. `manifest.json` names each by its SHA-256; the ledger's line of the filing holds the manifest's own hash, and its
proof (`filed.tlog-proof`) lies beside. The same case gives the same manifest.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from datong import ledger, share
from datong.domain.errors import Missing
from datong.services.archives import queries
from datong.services.papers import ROOM as PAPER_ROOM
from datong.services.papers import TYPES
from datong.services.store_case import Kept, events_of
from datong.services.written import text_of
from datong.spec import Service
from datong.store import Session, raw_file

MANIFEST, FILED, FORMAT = "manifest.json", "filed.tlog-proof", "datong-case-archive-1"
_MOMENT = (1980, 1, 1, 0, 0, 0)
"""Every file of a ZIP has a time; the times that count stand in the metadata."""


@dataclass(frozen=True)
class Head:
    """What an archive is called and for how long it is kept."""

    archive_id: str
    version: int
    years: int
    keep_until: str
    filed_at: str
    reference: str


def contents(session: Session, kept: Kept, service: Service, head: Head) -> dict[str, bytes]:
    """Every file of the package but the manifest and its proof: name → content. Raises Missing when a paper is not what was handed in."""
    case_id, events = kept.case.case_id, events_of(session, kept.case.case_id)
    files = {
        "metadata.xml": metadata(session, kept, service, head),
        "definition.json": _definition(session, kept),
        "form.json": _text({"answers": dict(kept.case.answers), "form": dict(kept.form)}),
        "facts.json": _text({name: value for name, value in kept.facts.items() if name != "seats"}),
        "decision.json": _text(dict(kept.decision)),
        "events.json": _text([[one.kind, one.at, one.by, one.task, dict(one.data)] for one in events]),
    }
    files |= _papers(session, case_id)
    files |= _licences(session, case_id)
    for number, _, title, signed_at, jws in session.all(queries.SIGNATURES, {"case_id": case_id}):
        files[f"signatures/{number}.json"] = _text({"title": title, "signed_at": signed_at, "jws": jws})
    return files | _proofs(session, case_id, [one.at for one in events])


def metadata(session: Session, kept: Kept, service: Service, head: Head) -> bytes:
    """The descriptive elements of the package as XML."""
    case, sharing = kept.case, share.installed(session).sharing
    department = sharing.departments.get(kept.department)
    root = Element("归档信息包", {"格式": FORMAT})
    for name, value in (
        ("档号", head.archive_id),
        ("版本", str(head.version)),
        ("题名", f"{service.title.zh}（{case.case_id}）"),
        ("事项代码", service.code),
        ("事项版本", case.digest),
        ("办件编号", case.case_id),
        ("责任者", sharing.department_words(kept.department)[0]),
        ("责任者统一社会信用代码", department.credit_code if department else ""),
        ("申请人永久编码", case.applicant),
        ("收件时间", kept.begun_at),
        ("办结时间", kept.ended_at),
        ("办理结果", case.state),
        ("归档时间", head.filed_at),
        ("保管期限", "永久" if head.years == 0 else f"{head.years}年"),
        ("保管到期日", head.keep_until),
        ("密级", "非涉密"),
        ("摘要算法", "SHA-256"),
        ("依据", head.reference),
    ):
        SubElement(root, name).text = value
    indent(root)
    text: str = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _text(value: Any) -> bytes:
    return text_of(value).encode()


def _definition(session: Session, kept: Kept) -> bytes:
    row = session.one(queries.DEFINITION, {"digest": kept.case.digest})
    return str(row[0]).encode() if row else b"{}"


def _papers(session: Session, case_id: str) -> dict[str, bytes]:
    settings, found = share.installed(session).settings, {}
    for paper_id, code, media_type, digest in session.all(queries.PAPERS, {"case_id": case_id}):
        place = raw_file(settings, digest, PAPER_ROOM)
        content = place.read_bytes() if place.is_file() else b""
        if sha256(content).hexdigest() != digest:
            raise Missing("材料的内容与登记的不符，不能归档 (a paper is not what was handed in)")
        found[f"papers/{code}-{paper_id}.{TYPES[media_type]}"] = content
    return found


def _licences(session: Session, case_id: str) -> dict[str, bytes]:
    found = {}
    for licence_id, version, identifier, kind, state, issued_at, digest, credential in session.all(queries.LICENCES, {"case_id": case_id}):
        name = f"licences/{licence_id}-{version}"
        found[f"{name}.sd-jwt"] = str(credential).encode()
        said = {"licence": licence_id, "identifier": identifier, "type": kind, "state": state, "issued_at": issued_at, "digest": digest}
        found[f"{name}.json"] = _text(said)
    return found


def _proofs(session: Session, case_id: str, moments: list[str]) -> dict[str, bytes]:
    """A proof for each line of the ledger that speaks of the case's events, in their order."""
    found: dict[str, bytes] = {}
    for at in dict.fromkeys(moments):
        for line_id, body in session.all(queries.CASE_LINES, {"at": at}):
            if json.loads(body).get("case") == case_id:
                found[f"proofs/{len(found) + 1:03d}.tlog-proof"] = str(ledger.proof_for(session, line_id)).encode()
    return found


def manifest_of(files: Mapping[str, bytes], kept: Kept, head: Head) -> bytes:
    """The manifest: which package this is, and each file by its SHA-256 and size."""
    listed = {name: {"sha256": sha256(content).hexdigest(), "size": len(content)} for name, content in sorted(files.items())}
    said = {"format": FORMAT, "archive": head.archive_id, "version": head.version, "case": kept.case.case_id, "files": listed}
    return _text(said)


def pack(files: Mapping[str, bytes]) -> bytes:
    """The files as one ZIP; the same files give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in sorted(files.items()):
            made.writestr(zipfile.ZipInfo(name, _MOMENT), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
