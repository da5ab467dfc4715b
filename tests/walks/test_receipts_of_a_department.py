"""The walk of a department's receipts: its system reads, fetches what the record holds of it, and holds it against the published log."""

from __future__ import annotations

import json
from pathlib import Path

from starlette.testclient import TestClient
from tests.web.conftest import city, client, filled, opened, settings, store
from tests.web.small_city import OWNER, OWNER_ID, TITLE_NO, SmallCity
from typer.testing import CliRunner

from datong import ledger
from datong.cli.ledger import app
from datong.settings import Settings
from datong.store import Store

__all__ = ["city", "client", "filled", "opened", "settings", "store"]
LOOK = {"purpose": "window_service", "register": "person", "key": {"type": "citizen_id", "value": OWNER_ID}}
CHECK = {
    "purpose": "gate_registration",
    "register": "premises",
    "key": {"type": "title_no", "value": TITLE_NO},
    "claims": {"applicant_citizen_id": OWNER_ID},
}


def bearer(city: SmallCity, name: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {city.keys[name]}"}


def test_a_department_fetches_its_receipts_checks_one_offline_and_compares_all_with_the_tiles(
    client: TestClient, city: SmallCity, settings: Settings, store: Store, tmp_path: Path
):
    key = settings.home / "keys" / "ledger.pub"
    (line_id,) = client.post("/api/v1/look-up", json=LOOK, headers=bearer(city, "window")).json()["lines"]
    client.post("/api/v1/verify", json=CHECK, headers=bearer(city, "registrar"))
    early = client.get(f"/api/v1/receipts/{line_id}", headers=bearer(city, "window"))
    assert early.status_code == 409, "no checkpoint covers it yet"
    outbox, cursor = [], ""
    for _ in range(50):
        page = client.get("/api/v1/receipts", params={"limit": 2, "cursor": cursor}, headers=bearer(city, "window")).json()
        outbox += page["receipts"]
        cursor = page["next_cursor"]
        if not cursor:
            break
    assert line_id in {one["line"] for one in outbox} and OWNER not in json.dumps(outbox), "whom it is about is not told"
    with store.session() as session:
        assert {ledger.find_line(session, one["line"]).line.department for one in outbox} == {"approval"}  # type: ignore[union-attr]
        ledger.publish(session, ledger.load_signer(settings.home), settings.home / "ledger", "2026-11-22T03:00:00Z")
    proof = client.get(f"/api/v1/receipts/{line_id}", headers=bearer(city, "window"))
    assert proof.headers["content-type"] == "text/plain; charset=utf-8"
    file = tmp_path / f"{line_id}.tlog-proof"
    file.write_text(proof.text, encoding="utf-8")
    checked = CliRunner().invoke(app, ["check", str(file), "--key", key.read_text(encoding="utf-8").strip()])
    assert checked.exit_code == 0 and OWNER in checked.output, checked.output
    assert client.get(f"/api/v1/receipts/{line_id}", headers=bearer(city, "registrar")).status_code == 404, "another department's"
    listed = tmp_path / "outbox.jsonl"
    rows = ({"receipt": one["receipt"], "place": one["place"], "about": one["line"]} for one in outbox)
    listed.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    watch = [
        "monitor",
        str(settings.home / "ledger"),
        "--folder",
        str(tmp_path / "monitor"),
        "--key",
        key.read_text(encoding="utf-8").strip(),
    ]
    seen = CliRunner().invoke(app, [*watch, "--outbox", str(listed)])
    assert seen.exit_code == 0 and f"{len(outbox)} of {len(outbox)} entries looked for are there." in seen.output, seen.output
    with store.session(read_only=True) as session:
        reading = ledger.lines_by(session, department="approval", type="log_read", limit=5).lines
    assert {one.line.body["operation"] for one in reading} == {"receipts"}, "reading the record is in the record"
