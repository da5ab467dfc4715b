"""What people did about marks before the visitor came: a confirmed home, a complaint, a report, a sample, and the two accuracies."""

from __future__ import annotations

from pathlib import Path

from datong import share
from datong.cli.key import Door
from datong.cli.registers import keep_accuracy
from datong.domain.access import Actor

SAMPLE_SIZE = 40
_HOME = """SELECT code FROM entry WHERE kind = 'premises' AND division LIKE '370303008%'
AND code NOT IN (SELECT code FROM mark WHERE state = 'open') ORDER BY code LIMIT 2"""
_CROWDED = "SELECT code FROM mark WHERE kind = 'many_registrants' AND state = 'open' ORDER BY code LIMIT 1"
_THERE = (
    "SELECT DISTINCT from_code FROM relation WHERE to_code = :code AND type = 'registered_at' AND until = '' ORDER BY from_code LIMIT 2"
)


def play(door: Door, truth: Path) -> None:
    """Do it once, in the caller's transaction; what the city has nothing for is left out."""
    session, now = door.session, door.now
    homes = [row[0] for row in session.all(_HOME)]
    if homes:
        share.confirm(session, _officer("inspector", "market_regulation", "inspector"), homes[0], "on_site", now=now)
    if len(homes) > 1:
        wrong = share.Wrong(homes[1], "use", "现场看是办公室，不是住宅")
        share.report_wrong(session, _officer("registrar", "market_regulation", "officer"), wrong, now=now)
    crowded = session.one(_CROWDED)
    if crowded:
        chosen = [row[0] for row in session.all(_THERE, {"code": crowded[0]})]
        inspector = _officer("inspector", "market_regulation", "inspector")
        share.complain(session, inspector, crowded[0], chosen, "业主投诉：不认识登记在此的公司", now=now)
    steward = _officer("steward", "data", "steward")
    sample = share.commit_sample(session, steward, "address", SAMPLE_SIZE, seed="demonstration", digits=9, now=now)
    share.draw_sample(session, steward, sample.sample_id, now=now)
    if (truth / "rows").is_dir():
        keep_accuracy(door, truth)


def _officer(account: str, department: str, role: str) -> Actor:
    return Actor(account, account, "officer", department, roles=frozenset({role}), jurisdiction=("",))
