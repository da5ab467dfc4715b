"""The auditor's search of the record by who, whom, purpose and time: pages for the eye, a whole table for a file. Searching is recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from datong import ledger
from datong.domain.access import Actor
from datong.domain.errors import Forbidden
from datong.share.csv_text import csv_text
from datong.share.installed import installed, moment
from datong.share.sheets import plain_workbook
from datong.share.workdays import moment_text
from datong.store import Session

AUDIT = "audit.lines"
"""The permission to search the whole record."""
FORMS = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
MOST_EXPORTED = 20_000
HEADS = ("时间", "类型", "查看人", "部门", "处室", "用途", "对象", "结果", "字段", "理由", "协议", "存证编号")
_OF_SUBJECT = ("since", "until", "purpose", "department", "actor")


def audit_lines(session: Session, actor: Actor, asked: Mapping[str, str], *, limit: int = 50, cursor: str = "") -> ledger.LinePage:
    """The lines that fit everything asked (subject, actor, department, unit, purpose, type, since, until), newest first.

    Raises Forbidden without the permission.
    """
    installed(session).must(actor, AUDIT)
    filters = {name: value for name, value in asked.items() if value and name != "subject"}
    if not asked.get("subject"):
        return ledger.lines_by(session, limit=limit, cursor=cursor, **filters)
    only = ledger.Only((filters["type"],) if "type" in filters else ())
    held = {name: value for name, value in filters.items() if name in _OF_SUBJECT}
    return ledger.lines_of_subject(session, asked["subject"], limit=limit, cursor=cursor, only=only, **held)


def export_audit(session: Session, actor: Actor, asked: Mapping[str, str], form: str, *, now: datetime | None = None) -> bytes:
    """The same lines as CSV (with a mark of byte order) or XLSX, at most MOST_EXPORTED. That it was exported is a line of its own.

    Raises Forbidden without the permission and when there are more lines than a file may hold.
    """
    rows = list(_rows(session, actor, asked))
    if len(rows) > MOST_EXPORTED:
        raise Forbidden(f"超过{MOST_EXPORTED}条，请缩小范围 (more than {MOST_EXPORTED:,} lines: narrow the search)")
    body = {"act": "exported", "filters": sorted(asked), "form": form, "lines": len(rows)}
    at = moment_text(moment(now))
    ledger.append(session, ledger.Line("audit", at, asked.get("subject", ""), actor.id, actor.department, actor.unit, "", body))
    return plain_workbook("访问记录", HEADS, rows) if form == "xlsx" else csv_text((HEADS, *rows)).encode()


def _rows(session: Session, actor: Actor, asked: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    sharing, cursor, count = installed(session).sharing, "", 0
    while True:
        page = audit_lines(session, actor, asked, limit=1000, cursor=cursor)
        for one in page.lines:
            line, body = one.line, one.line.body
            reason = body.get("reason") or ""
            said = [str(reason.get(name, "")) for name in ("reference", "text")] if isinstance(reason, dict) else [str(reason)]
            yield (
                line.at,
                line.type,
                line.actor,
                sharing.department_words(line.department)[0] if line.department else "",
                line.unit,
                sharing.purpose_words(line.purpose)[0] if line.purpose else "",
                line.subject,
                str(body.get("outcome") or body.get("act") or ""),
                "、".join(map(str, body.get("fields") or ())),
                " ".join(said).strip(),
                str(body.get("agreement") or ""),
                one.line_id,
            )
        count, cursor = count + len(page.lines), page.next_cursor
        if not cursor or count > MOST_EXPORTED:
            return
