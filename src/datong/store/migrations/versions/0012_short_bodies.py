"""Short bodies: an entry's body names each record once; what stands there is written anew in that shape."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0008"
branch_labels = None
depends_on = None

_PAGE = 1000
_RECORD = ("resource", "department", "record", "delivery", "as_of")
_EXTRA = ("raw", "problem", "place")


def upgrade() -> None:
    bind = op.get_bind()
    last = ""
    read = sa.text("SELECT code, body FROM entry WHERE code > :last ORDER BY code LIMIT :most")
    while rows := bind.execute(read, {"last": last, "most": _PAGE}).all():
        last = rows[-1][0]
        changed = [{"code": code, "body": _short(json.loads(body))} for code, body in rows]
        bind.execute(sa.text("UPDATE entry SET body = :body WHERE code = :code"), changed)


def _short(body: dict[str, Any]) -> str:
    records: dict[tuple[str, ...], int] = {}
    short: dict[str, Any] = {"records": records, "facts": {}}
    for field, facts in body["facts"].items():
        lines: list[list[Any]] = []
        last: tuple[str, ...] = ()
        for fact in facts:
            at = records.setdefault(tuple(fact.get(word, "") for word in _RECORD), len(records))
            says = (fact["value"], fact.get("state", "won"), fact.get("why", ""), *(fact.get(word, "") for word in _EXTRA))
            if says == last:
                lines[-1][1].append(at)
                continue
            last = says
            extra = {word: text for word, text in zip(_EXTRA, says[3:], strict=True) if text}
            lines.append([says[0], [at], says[1], says[2], *([extra] if extra else [])])
        short["facts"][field] = lines
    short["records"] = list(records)
    if body.get("signs"):
        short["signs"] = body["signs"]
    return json.dumps(short, ensure_ascii=False, separators=(",", ":"))
