"""The walk of one request: an officer verifies premises, disagrees, the grid looks, the next verification says same. Nobody edits a register."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import pytest
from tests.walks.conftest import City, actor, citizen, clerk

from datong import share
from datong.domain.access import Actor, Key, Question, Reason
from datong.domain.errors import Forbidden
from datong.registers import read_body

PURPOSE = "address_at_registration"
OWNED = """SELECT o.from_code, o.to_code, k.key_value FROM relation o
JOIN entry_key k ON k.code = o.from_code AND k.key_type = 'citizen_id'
JOIN entry h ON h.code = o.to_code AND h.division LIKE '370303008%'
WHERE o.type = 'owns' AND o.until = '' AND o.from_code LIKE 'P%' AND length(k.key_value) = 18
AND (SELECT count(DISTINCT x.from_code) FROM relation x WHERE x.to_code = o.to_code AND x.type = 'owns' AND x.until = '') = 1
ORDER BY o.to_code LIMIT 1"""
SOMEBODY_ELSE = """SELECT k.code, k.key_value FROM entry_key k WHERE k.key_type = 'citizen_id' AND length(k.key_value) = 18
AND k.code <> :owner AND NOT EXISTS (SELECT 1 FROM relation r WHERE r.from_code = k.code AND r.to_code = :home) ORDER BY k.code DESC LIMIT 1"""


def verify(city: City, who: Actor, key: Key, purpose: str = PURPOSE, **claims: str) -> Any:
    question = Question(purpose, "verify", "premises", key, claims=tuple(claims.items()), reason=Reason("case", "BL-2026-1"))
    with city.store.session() as session:
        return share.ask(session, who, question)


@pytest.fixture
def home(city: City) -> tuple[str, str, str]:
    """Owner's code, premises code, owner's citizen number."""
    owner, premises, number = city.one(OWNED)
    return owner, premises, number


def test_own_premises_by_any_of_three_keys(city: City, home: tuple[str, str, str]) -> None:
    owner, premises, number = home
    title = city.all("SELECT key_value FROM entry_key WHERE code = :code AND key_type = 'title_no'", code=premises)
    keys = [Key("code", premises), *[Key("title_no", row[0]) for row in title]]
    with city.store.session() as session:
        keys.append(Key("pass", share.issue_pass(session, citizen(owner), share.NewPass(premises, PURPOSE)).qr))
    for key in keys:
        answer = verify(city, clerk(), key, applicant_citizen_id=number)
        assert (key.type, answer.outcome) == (key.type, "same"), answer.grounds


def test_somebody_else_without_the_owners_pass_is_told_different(city: City, home: tuple[str, str, str]) -> None:
    owner, premises, _ = home
    _, stranger = city.one(SOMEBODY_ELSE, owner=owner, home=premises)
    answer = verify(city, clerk(), Key("code", premises), applicant_citizen_id=stranger)
    assert answer.outcome == "different"
    assert answer.grounds and answer.grounds[-1].zh
    assert all(not entry.facts and not entry.links for entry in answer.entries), "only the outcome leaves, not what the register holds"


def test_anothers_premises_by_the_owners_pass_and_the_owner_is_told_at_once(city: City, home: tuple[str, str, str]) -> None:
    owner, premises, _ = home
    _, stranger = city.one(SOMEBODY_ELSE, owner=owner, home=premises)
    with city.store.session() as session:
        made = share.issue_pass(session, citizen(owner), share.NewPass(premises, PURPOSE))
    answer = verify(city, clerk(), Key("pass", made.qr), applicant_citizen_id=stranger)
    assert answer.outcome in ("same", "partly"), answer.grounds
    with city.store.session() as session:
        told = share.notices(session, citizen(owner))
        looks = share.who_looked(session, citizen(owner), share.Wanted(subject=premises)).looks
        (kept,) = [one for one in share.my_passes(session, citizen(owner)) if one.pass_id == made.pass_id]
    assert any(notice.kind == "pass_used" for notice in told)
    assert any(look.department_code == "market_regulation" for look in looks)
    assert kept.state == "used"
    again = verify(city, clerk(), Key("pass", made.qr), applicant_citizen_id=stranger)
    assert again.outcome == "refused"
    assert "pass_used" in {ground.code for ground in again.grounds}


def test_a_revoked_pass_and_a_pass_for_another_purpose_say_so(city: City, home: tuple[str, str, str]) -> None:
    owner, premises, number = home
    with city.store.session() as session:
        made = share.issue_pass(session, citizen(owner), share.NewPass(premises, PURPOSE, once=False))
        other = next(one for one in share.pass_purposes(session) if one != PURPOSE)
        elsewhere = share.issue_pass(session, citizen(owner), share.NewPass(premises, other))
        share.revoke_pass(session, citizen(owner), made.pass_id)
    for shown, word in ((made, "pass_revoked"), (elsewhere, "pass_purpose")):
        answer = verify(city, clerk(), Key("pass", shown.qr), applicant_citizen_id=number)
        assert answer.outcome == "refused"
        assert word in {ground.code for ground in answer.grounds}


def test_refused_for_purpose_for_jurisdiction_and_for_field(city: City, home: tuple[str, str, str]) -> None:
    _, premises, number = home
    wrong_purpose = verify(city, clerk(), Key("code", premises), purpose="school_enrolment", applicant_citizen_id=number)
    nowhere = verify(city, clerk(jurisdiction=()), Key("code", premises), applicant_citizen_id=number)
    with city.store.session() as session:
        asked = Question(PURPOSE, "look_up", "premises", Key("code", premises), fields=("contact",), reason=Reason("case", "BL-2"))
        field = share.ask(session, clerk(), asked)
    for answer, word in ((wrong_purpose, "purpose"), (nowhere, "jurisdiction"), (field, "not_granted")):
        assert answer.outcome == "refused", (word, answer)
        assert any(word in ground.code for ground in answer.grounds), (word, answer.grounds)
        assert all(ground.zh and ground.en for ground in answer.grounds)
        assert answer.lines, "a refusal is written down too"
    assert any(ground.field == "contact" and ground.rule for ground in field.grounds)


def test_a_home_outside_the_jurisdiction_is_as_if_it_were_not_there(city: City, home: tuple[str, str, str]) -> None:
    _, premises, number = home
    elsewhere = verify(city, clerk(jurisdiction=("370305",)), Key("code", premises), applicant_citizen_id=number)
    unknown = verify(city, clerk(jurisdiction=("370305",)), Key("code", "H00000000" + "5"), applicant_citizen_id=number)
    assert elsewhere.outcome == unknown.outcome == "not_found"
    assert {ground.code for ground in elsewhere.grounds} <= {ground.code for ground in unknown.grounds}
    assert elsewhere.lines and not elsewhere.entries


def test_claiming_needs_the_registers_to_agree(city: City, home: tuple[str, str, str]) -> None:
    owner, premises, number = home
    stranger, _ = city.one(SOMEBODY_ELSE, owner=owner, home=premises)
    with city.store.session() as session:
        by_number = share.claim_home(session, citizen(owner), Key("citizen_id", number))
        by_code = share.claim_home(session, citizen(owner), Key("code", premises))
        refused = share.claim_home(session, citizen(stranger), Key("code", premises))
    assert by_number.outcome == by_code.outcome == "confirmed"
    assert premises in by_number.premises
    assert refused.outcome == "refused"
    assert not refused.premises
    with city.store.session() as session, pytest.raises(Forbidden):
        share.issue_pass(session, citizen(stranger), share.NewPass(premises, PURPOSE))


def test_a_wrong_report_marks_the_field_for_every_later_reader(city: City, home: tuple[str, str, str]) -> None:
    owner, premises, _ = home
    with city.store.session() as session:
        dispute = share.report_wrong(session, citizen(owner), share.Wrong(premises, "area", "面积与房产证不一致"))
    assert dispute.due and dispute.state == "raised"
    with city.store.session() as session:
        question = Question(PURPOSE, "look_up", "premises", Key("code", premises), reason=Reason("case", "BL-3"))
        (entry,) = share.ask(session, clerk(), question).entries
    (area,) = [fact for fact in entry.facts if fact.field == "area"]
    assert "under_investigation" in area.marks
    with city.store.session() as session:
        share.settle_dispute(session, clerk("data", "steward", ("",)), dispute.dispute_id, "upheld", "经核对，登记面积无误")
        (entry,) = share.ask(session, clerk(), question).entries
    (area,) = [fact for fact in entry.facts if fact.field == "area"]
    assert "under_investigation" not in area.marks
    with city.store.session() as session:
        (mine,) = [one for one in share.my_disputes(session, citizen(owner)) if one.dispute_id == dispute.dispute_id]
    assert mine.state == "upheld" and mine.answer


def test_different_then_the_grid_goes_and_looks_then_same(city: City, home: tuple[str, str, str]) -> None:
    """The loop of the house style: no register is edited, a new record from a source makes the difference."""
    owner, premises, _ = home
    newcomer, number = city.one(SOMEBODY_ELSE, owner=owner, home=premises)
    before = verify(city, clerk(), Key("code", premises), applicant_citizen_id=number)
    assert before.outcome == "different"
    with city.store.session() as session:
        share.report_wrong(session, clerk(), share.Wrong(premises, "owner_name", "申请人称房屋已转让"))
    grid = actor("system", "natural_resources", id="key_estate", resources=("estate_title",), jurisdiction=("3703",))
    record = title_record(city, premises, newcomer, number)
    with city.store.session() as session:
        taken = share.take_in(session, grid, "estate_title", [record])
    assert taken.receipt.counts.accepted == 1, taken.receipt
    assert premises in taken.codes
    after = verify(city, clerk(), Key("code", premises), applicant_citizen_id=number)
    assert after.outcome == "same", after.grounds
    types = [row[0] for row in city.all("SELECT type FROM ledger_line ORDER BY leaf_index") if row[0] in ("read", "dispute", "push")]
    assert [kind for kind, _ in groupby(types)][-4:] == ["read", "dispute", "push", "read"]
    pushed = city.all("SELECT subject FROM ledger_line WHERE type = 'push' AND subject <> ''")
    assert {row[0] for row in pushed} == set(taken.codes)


def title_record(city: City, premises: str, newcomer: str, number: str) -> dict[str, str]:
    """The registry's own row for the home as last sent, with the new owner's name and number."""
    source = city.packs.source("estate_title")
    from datong import collect

    with city.store.session(read_only=True) as session:
        (record_id,) = city.one("SELECT record_id FROM member WHERE code = :code AND resource = 'estate_title' LIMIT 1", code=premises)
        rows = [row for batch in collect.scan(session, city.settings, source) for row in batch.to_pylist() if row["record_id"] == record_id]
    name = read_body(city.one("SELECT body FROM entry WHERE code = :code", code=newcomer)[0])["name"][0]["value"]
    (row,) = rows
    given = {column.name: row.get(f"{column.field}__raw") or row.get(column.field) or "" for column in source.columns}
    by_field = {column.field: column.name for column in source.columns}
    return given | {by_field["owner_name"]: name, by_field["owner_citizen_id"]: number}
