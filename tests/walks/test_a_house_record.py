"""The walk of one piece of data: a row of the real-estate registry becomes part of a home's entry, and nothing else may touch it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from tests.walks.conftest import NOW, City, clerk

from datong import collect, fuse, ledger, registers, share, store
from datong.domain.access import Key, Question, Reason

TITLED = """SELECT m.resource, m.record_id, m.code, m.delivery_id, m.body FROM member m
JOIN relation o ON o.to_code = m.code AND o.type = 'owns' AND o.until = '' AND o.from_code LIKE 'P%'
WHERE m.kind = 'premises' AND m.resource = 'estate_title' ORDER BY m.record_id LIMIT 1"""


def raw_file(city: City, delivery_id: str) -> tuple[Path, str]:
    (digest,) = city.one("SELECT sha256 FROM delivery WHERE delivery_id = :id", id=delivery_id)
    return city.settings.home / "raw" / digest[:2] / digest, digest


def test_the_file_is_kept_byte_for_byte(city: City) -> None:
    _, _, _, delivery, _ = city.one(TITLED)
    path, digest = raw_file(city, delivery)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == digest


def test_the_same_file_twice_is_one_delivery(city: City) -> None:
    _, _, _, delivery, _ = city.one(TITLED)
    path, _ = raw_file(city, delivery)
    before = city.one("SELECT count(*) FROM delivery")
    source = city.packs.source("estate_title")
    again = collect.receive(city.store, city.settings, source, path, received_at=NOW, received_from="cli", as_of="2026-10-31")
    assert again.already_received
    assert city.one("SELECT count(*) FROM delivery") == before


def test_each_fact_of_the_home_says_where_it_comes_from(city: City) -> None:
    resource, record, code, delivery, _ = city.one(TITLED)
    with city.store.session(read_only=True) as session:
        entry = registers.entry(session, code)
    assert entry is not None
    facts = [fact for facts in entry.facts.values() for fact in facts]
    assert all(fact.resource and fact.department and fact.delivery and fact.as_of and fact.why for fact in facts)
    assert any((fact.resource, fact.record, fact.delivery) == (resource, record, delivery) for fact in facts)
    assert len({fact.resource for fact in facts}) > 2, "a home is known from several departments"


def test_a_rebuild_gives_the_same_registers(city: City) -> None:
    with city.store.session(read_only=True) as session:
        before = registers.digest(session)
    assert registers.rebuild(city.store, city.settings, city.packs, "2026-11-21T02:00:00+00:00") == before


def test_fusing_again_moves_no_code(city: City) -> None:
    sql = "SELECT resource, record_id, role, code FROM member ORDER BY resource, record_id, role"
    before = city.all(sql)
    fuse.run(city.store, city.settings, city.packs, "2026-11-21T02:00:00+00:00")
    assert city.all(sql) == before


def test_what_the_home_holds_leaves_only_through_the_door(city: City) -> None:
    _, _, code, _, _ = city.one(TITLED)
    question = Question("address_at_registration", "look_up", "premises", Key("code", code), reason=Reason("case", "BL-1"))
    lines = city.one("SELECT count(*) FROM ledger_line WHERE subject = :code", code=code)[0]
    with city.store.session() as session:
        answer = share.ask(session, clerk(), question)
    assert answer.outcome == "found"
    assert {fact.field for fact in answer.entries[0].facts} >= {"standard_address", "owner_name"}
    assert city.one("SELECT count(*) FROM ledger_line WHERE subject = :code", code=code)[0] == lines + 1


def test_the_record_proves_itself_and_holds_no_personal_data(city: City) -> None:
    name, number = city.one(
        "SELECT e.label, k.key_value FROM entry e JOIN entry_key k ON k.code = e.code AND k.key_type = 'citizen_id' "
        "WHERE e.kind = 'person' AND length(e.label) >= 2 ORDER BY e.code LIMIT 1"
    )
    with city.store.session() as session:
        share.ask(
            session,
            clerk("police", "officer"),
            Question("police_enquiry", "look_up", "person", Key("citizen_id", number), reason=Reason("case", "A1")),
        )
    with city.store.session() as session:
        ledger.checkpoint(session, ledger.load_signer(city.settings.home), NOW)
        report = ledger.verify_log(session, ledger.load_verifier(city.settings.home))
        leaves = [bytes(row[0]) for row in session.all("SELECT entry FROM ledger_leaf")]
        lines = [row[0] for row in session.all("SELECT body FROM ledger_line")]
    assert report.sound
    assert all(name.encode() not in leaf and number.encode() not in leaf for leaf in leaves)
    assert all(number not in line for line in lines)
    assert {json.loads(leaf)["type"] for leaf in leaves} >= {"delivery", "read"}


def test_a_store_without_its_lake_is_not_lost(city: City, tmp_path: Path) -> None:
    """The registers are f(records, judgements, precedence): from the kept deliveries alone a new city makes the same clusters."""
    second = city.settings.__class__(
        **{**city.settings.__dict__, "home": tmp_path / "second", "store": f"sqlite:///{tmp_path / 'second.db'}"}
    )
    (second.home / "keys").mkdir(parents=True)
    (second.home / "keys" / "code.key").write_bytes((city.settings.home / "keys" / "code.key").read_bytes())
    ledger.make_keys(second.home, second.origin)
    opened = store.open_store(second)
    store.migrate(opened)
    rows = city.all("SELECT resource, sha256, file_name, as_of FROM delivery WHERE state = 'collected' ORDER BY delivery_id")
    for resource, digest, file_name, as_of in rows:
        kept = tmp_path / file_name
        kept.write_bytes((city.settings.home / "raw" / digest[:2] / digest).read_bytes())
        collect.receive(opened, second, city.packs.source(resource), kept, received_at=NOW, received_from="cli", as_of=as_of)
    fuse.run(opened, second, city.packs, NOW)
    sql = "SELECT resource, record_id, role, code FROM member ORDER BY resource, record_id, role"
    with opened.session(read_only=True) as session:
        assert session.all(sql) == city.all(sql)
    opened.close()
