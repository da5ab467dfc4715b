"""The walk of supervision: what the departments did about a business, in one place, by code, by name and by own area."""

from __future__ import annotations

import pytest
from tests.walks.conftest import City, actor

from datong import share
from datong.domain.access import Actor, Key, Question
from datong.domain.errors import BadValue
from datong.share import supervision


def inspector(jurisdiction: tuple[str, ...] = ("3703",), department: str = "fire_rescue") -> Actor:
    return actor("officer", department, roles=frozenset({"inspector"}), jurisdiction=jurisdiction)


def fined(city: City) -> tuple[str, str, str, str]:
    """A business that was fined, and of which another department knows something too: code, division, name, credit code."""
    return city.one(
        "SELECT e.code, e.division, e.label, k.key_value FROM entry e JOIN entry_key k ON k.code = e.code AND k.key_type = 'credit_code' "
        "WHERE EXISTS (SELECT 1 FROM member m WHERE m.code = e.code AND m.resource = 'market_penalty') "
        "AND EXISTS (SELECT 1 FROM member m WHERE m.code = e.code AND m.resource IN ('fire_inspection', 'market_inspection', 'market_food_permit', "
        "'health_venue_permit', 'tobacco_licence', 'urban_permit', 'joint_enforcement', 'market_abnormal', 'urban_case')) ORDER BY e.code"
    )


def test_one_business_by_code_and_by_name_with_what_several_departments_did(city: City) -> None:
    code, _, name, credit_code = fined(city)
    with city.store.session() as session:
        answer = supervision.supervised(session, inspector(), credit_code)
        assert answer.outcome == "found"
        (entry,) = answer.entries
        assert entry.code == code
        assert "penalty" in {one.kind for one in entry.events} and len({one.source for one in entry.events}) > 1
        assert list(entry.events) == sorted(entry.events, key=lambda one: one.on, reverse=True)
        fine = next(one for one in entry.events if one.kind == "penalty")
        assert fine.department == "market_regulation" and fine.number.startswith("淄市监罚") and fine.item
        again = supervision.supervised(session, inspector(), name)
        assert code in [one.code for one in again.entries]
        with pytest.raises(BadValue):
            supervision.supervised(session, inspector(), "370303199001011239")
    line = city.one("SELECT purpose, body FROM ledger_line WHERE subject = :code AND type = 'read' ORDER BY leaf_index DESC", code=code)
    assert line[0] == "supervision" and '"event"' in line[1]
    assert fine.item not in line[1] and fine.number not in line[1], "the record says what was looked at, not what it says"


def test_the_own_area_by_kind_and_nothing_of_another(city: City) -> None:
    code, division, _, _ = fined(city)
    here, elsewhere = inspector((division[:6],)), inspector(("370304" if division[:6] != "370304" else "370305",))
    with city.store.session() as session:
        listed, cursor = [], ""
        while True:
            page = supervision.supervised_here(session, here, "penalty", cursor)
            listed += page.entries
            if not (cursor := page.next_cursor):
                break
        assert code in [one.code for one in listed]
        assert all(any(event.kind == "penalty" for event in one.events) for one in listed)
        assert supervision.supervised(session, elsewhere, code).outcome == "not_found", "alike to what does not exist"
        with pytest.raises(BadValue):
            supervision.supervised_here(session, here, "petition")
        nobody = actor("officer", "education", roles=frozenset({"officer"}), jurisdiction=("3703",))
        refused = supervision.supervised(session, nobody, code)
        assert refused.outcome == "refused" and refused.grounds[0].code == "purpose_not_yours"


def test_an_agreement_without_events_shows_none(city: City) -> None:
    code, *_ = fined(city)
    clerk = actor("officer", "approval", roles=frozenset({"window_clerk"}), jurisdiction=("3703",))
    with city.store.session() as session:
        answer = share.ask(session, clerk, Question("window_service", "look_up", "organisation", Key("code", code)))
        assert answer.outcome == "found" and answer.entries[0].events == ()
        listed = share.ask(
            session,
            inspector(department="market_regulation"),
            Question("inspection", "list", "organisation", where=(("event", "penalty"),)),
        )
        assert listed.outcome == "refused" and listed.grounds[0].field == "event"


def test_what_is_covered_and_what_is_not_by_department(city: City) -> None:
    with city.store.session(read_only=True) as session:
        covered = {part.department: part for part in supervision.coverage(session)}
    assert len(covered) >= 10
    market = covered["market_regulation"]
    assert 0 < market.with_data < len(market.items)
    held = next(one for one in market.items if one.item.resource == "market_penalty")
    rows = city.one("SELECT count(DISTINCT record_id) FROM member WHERE resource = 'market_penalty'")
    assert held.records == int(rows[0]) and held.newest.startswith("2026-")
    assert any(not one.covered and not one.item.resource for part in covered.values() for one in part.items)


def test_systems_of_eight_fields_of_work_are_joined_and_read_under_agreements_of_their_own(city: City) -> None:
    """Party building, digital urban management, 12345, joint enforcement, civil affairs, petitions, social insurance, smart community."""
    systems = {
        "party_branch": "organisation", "urban_case": "organisation", "hotline_case": "premises", "joint_enforcement": "organisation",
        "civil_allowance_family": "person", "petition_case": "premises", "hr_insured_person": "person", "community_event": "premises",
    }  # fmt: skip
    for resource, kind in systems.items():
        rows = city.one("SELECT count(*) FROM member WHERE resource = :resource AND kind = :kind", resource=resource, kind=kind)
        assert int(rows[0]) > 0, resource
    asked = (
        ("party_organisation", "officer", "party_building", "organisation", "party_branch", "party_organisation"),
        ("hotline", "officer", "hotline_handling", "premises", "hotline_case", "complaint"),
        ("petitions", "officer", "petition_handling", "premises", "petition_case", "petition"),
        ("sub_district", "grid_worker", "smart_community", "premises", "community_event", "community_event"),
        ("sub_district", "officer", "joint_enforcement", "organisation", "joint_enforcement", "inspection"),
        ("urban_management", "officer", "digital_urban_management", "organisation", "urban_case", "urban_case"),
        ("police", "officer", "foreigner_management", "premises", "police_lodging", "foreign_lodging"),
    )
    with city.store.session() as session:
        for department, role, purpose, register, resource, event in asked:
            code = city.one(
                "SELECT code FROM member WHERE resource = :r AND kind = :k AND code <> '' ORDER BY code", r=resource, k=register
            )[0]
            who = actor("officer", department, roles=frozenset({role}), jurisdiction=("3703",))
            answer = share.ask(session, who, Question(purpose, "look_up", register, Key("code", code)))  # type: ignore[arg-type]
            assert answer.outcome == "found", (purpose, answer.grounds)
            assert event in {one.kind for one in answer.entries[0].events}, purpose


def test_a_complaint_does_not_say_who_called_nor_a_lodging_who_the_guest_is(city: City) -> None:
    for resource in ("hotline_case", "petition_case", "police_lodging"):
        for (body,) in city.all("SELECT body FROM member WHERE resource = :resource", resource=resource):
            assert "来电人" not in body and "信访人" not in body and "境外人员" not in body


def test_a_place_alone_makes_no_business_of_a_complaint(city: City) -> None:
    at_home = city.all("SELECT record_id FROM member WHERE resource = 'hotline_case' AND kind = 'premises'")
    about_firms = city.all("SELECT record_id FROM member WHERE resource = 'hotline_case' AND kind = 'organisation'")
    assert 0 < len(about_firms) < len(at_home)
