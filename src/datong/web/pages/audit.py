"""For auditors: who looked at whom, and whether the record is as it was written."""

from __future__ import annotations

from starlette.responses import PlainTextResponse, Response

from datong import ledger, share
from datong.domain.codes import read_code
from datong.domain.errors import BadValue, Missing
from datong.web import sign_ins
from datong.web.i18n import say
from datong.web.labels import LINES, label
from datong.web.visit import Visit

TYPES = tuple(sorted(set(LINES) - {"merge", "split"}))
"""What can be searched for; merges and splits stand in the line `codes` of their run."""
FILTERS = ("subject", "actor", "department", "unit", "purpose", "type", "since", "until")
BAD_CODE = "永久编码不正确"
ANY = "全部"
SHORT = "请写明检索理由，至少五个字"
SHORTEST_REASON = 5
PAGE = 50


def looks(visit: Visit) -> Response:
    """The search form."""
    return visit.page("office/looks.html", asked={}, page=None, choices=_choices(visit))


def search(visit: Visit) -> Response:
    """Keep what was asked for; the search itself stands in the record too."""
    asked = {name: value for name in FILTERS if (value := visit.optional(name, 80))}
    if "subject" in asked:
        reading = read_code(asked["subject"])
        if not reading.sound:
            raise BadValue("code", say(visit.language, BAD_CODE))
        asked["subject"] = reading.value
    reason = visit.text("reason")
    if len(reason) < SHORTEST_REASON:
        raise BadValue("reason", say(visit.language, SHORT))
    assert visit.sign_in is not None
    kept = sign_ins.keep_lookup(visit.session, visit.sign_in.token_hash, {"filters": asked}, visit.now)
    actor = visit.actor
    body = {"filters": sorted(asked), "reason": reason}
    ledger.append(visit.session, ledger.Line("audit", visit.at, asked.get("subject", ""), actor.id, actor.department, actor.unit, "", body))
    return visit.go(f"/office/looks/{kept}")


def found(visit: Visit) -> Response:
    """The lines that were asked for, newest first."""
    asked = _asked(visit)
    page = share.audit_lines(visit.session, visit.actor, asked, limit=PAGE, cursor=visit.sent.query.get("cursor", ""))
    return visit.page("office/looks.html", asked=asked, page=page, choices=_choices(visit))


def export(visit: Visit) -> Response:
    """The lines that were asked for as a file; that it was made is recorded too."""
    form = visit.choice("form", tuple(share.AUDIT_FORMS))
    content = share.export_audit(visit.session, visit.actor, _asked(visit), form, now=visit.now)
    return visit.file(content, f"looks.{form}", share.AUDIT_FORMS[form])


def _asked(visit: Visit) -> dict[str, str]:
    """The search kept under the address's number."""
    assert visit.sign_in is not None
    kept = sign_ins.lookup(visit.session, visit.sign_in.token_hash, visit.sent.params["lookup_id"], "filters")["filters"]
    return {str(name): str(value) for name, value in kept.items()}


def record(visit: Visit) -> Response:
    """The state of the ledger: size and newest checkpoint."""
    return _record(visit, None)


def check(visit: Visit) -> Response:
    """Recompute the whole record and say whether it holds."""
    return _record(visit, ledger.verify_log(visit.session, ledger.load_verifier(visit.settings.home)))


def proof(visit: Visit) -> Response:
    """The proof of one line as a file; anybody can check it offline with `datong ledger`."""
    line_id = visit.sent.query.get("line", "").strip()
    if not line_id:
        raise Missing("没有给出存证编号 (no line was named)")
    made = ledger.proof_for(visit.session, line_id, with_line=False)
    name = f'attachment; filename="{line_id}.tlog-proof"' if line_id.isalnum() else "attachment"
    return PlainTextResponse(str(made), headers={"Content-Disposition": name})


def _choices(visit: Visit) -> dict[str, list[tuple[str, str]]]:
    any_one = ("", say(visit.language, ANY))
    return {
        "department": [any_one, *((code, visit.department(code)) for code in visit.sharing.departments)],
        "purpose": [any_one, *((code, visit.purpose_words(code)) for code in visit.sharing.purposes)],
        "type": [any_one, *((word, label(visit.language, word)) for word in TYPES)],
    }


def _record(visit: Visit, report: ledger.Report | None) -> Response:
    policy = ledger.load_policy(visit.settings)
    cosigning = ledger.cosigning_of(visit.session, policy) if policy is not None else None
    note = ledger.newest_published(visit.session) or ledger.newest_checkpoint(visit.session)
    return visit.page("office/ledger.html", size=ledger.size(visit.session), note=note, report=report, cosigning=cosigning)
