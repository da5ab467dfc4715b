"""What a citizen does herself: claim homes, see who is there, see who looked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.share.city import FAR_TITLE, LI_ID, NOW, TITLE, WANG_ID, City, citizen, clerk

from datong import ledger, share
from datong.domain.access import Actor, Key, Question, Reason
from datong.domain.errors import Forbidden
from datong.store import Session


@pytest.fixture
def wang(city: City) -> Actor:
    return citizen(city["wang"])


# ---- claims ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["citizen_id", "title_no", "code"])
def test_an_owner_claims_her_home_by_any_of_three_keys(session: Session, city: City, wang: Actor, by: str) -> None:
    key = Key(by, {"citizen_id": WANG_ID, "title_no": TITLE, "code": city["flat"]}[by])
    claimed = share.claim_home(session, wang, key, now=NOW)
    assert (claimed.outcome, claimed.premises) == ("confirmed", (city["flat"],))
    assert [home.state for home in share.my_homes(session, wang, now=NOW)] == ["claimed"]


def test_what_is_anothers_or_nobodys_is_refused_in_the_same_words(session: Session, city: City, wang: Actor) -> None:
    anothers = share.claim_home(session, wang, Key("title_no", FAR_TITLE), now=NOW)
    nobodys = share.claim_home(session, wang, Key("title_no", FAR_TITLE[:-1] + "9"), now=NOW)
    assert anothers == nobodys
    assert anothers.grounds[0].code == "claim_not_owner"


def test_the_owner_learns_that_somebody_tried(session: Session, city: City, wang: Actor) -> None:
    share.claim_home(session, wang, Key("title_no", FAR_TITLE), now=NOW)
    assert [one.kind for one in share.notices(session, citizen(city["zhao"], "zhao"))] == ["claim_refused"]


def test_nobody_claims_with_anothers_number(session: Session, city: City, wang: Actor) -> None:
    assert share.claim_home(session, wang, Key("citizen_id", LI_ID), now=NOW).grounds[0].code == "claim_not_you"


def test_one_without_a_home_is_told_so(session: Session, city: City) -> None:
    assert share.claim_home(session, citizen(city["li"], "li"), Key("citizen_id", LI_ID), now=NOW).grounds[0].code == "claim_none"


def test_officials_claim_nothing(session: Session, city: City) -> None:
    with pytest.raises(Forbidden):
        share.claim_home(session, clerk(), Key("title_no", TITLE), now=NOW)


def test_a_claim_can_be_given_up(session: Session, city: City, wang: Actor) -> None:
    share.claim_home(session, wang, Key("title_no", TITLE), now=NOW)
    assert share.give_up_claim(session, wang, city["flat"], now=NOW)
    assert [home.state for home in share.my_homes(session, wang, now=NOW)] == ["to_claim"]


# ---- homes -----------------------------------------------------------------------------------------------------------


def test_homes_are_owned_rented_or_lived_at(session: Session, city: City, wang: Actor) -> None:
    own, rented = share.my_homes(session, wang, now=NOW)[0], share.my_homes(session, citizen(city["li"], "li"), now=NOW)[0]
    assert (own.code, own.state, own.owned) == (city["flat"], "to_claim", True)
    assert (rented.code, rented.state, rented.owned) == (city["flat"], "tenant", False)
    assert {fact.field: fact.value for fact in own.entry.facts}["title_unit_no"] == TITLE


def test_an_owner_sees_who_is_at_her_home_masked(session: Session, city: City, wang: Actor) -> None:
    answer = share.at_my_home(session, wang, city["flat"], now=NOW)
    assert {(one.type, one.label) for one in answer.entries[0].links} == {
        ("owns", "王**"),
        ("rents", "李**"),
        ("lives_at", "李**"),
        ("registered_at", "淄博明月商贸有限公司"),
    }


def test_a_tenant_does_not_see_who_else_is_there(session: Session, city: City) -> None:
    assert share.at_my_home(session, citizen(city["li"], "li"), city["flat"], now=NOW).outcome == "not_found"


def test_nobody_sees_anothers_data_as_her_own(session: Session, city: City, wang: Actor) -> None:
    question = Question("own_data", "look_up", "person", Key("code", city["li"]))
    assert share.ask(session, wang, question, now=NOW).outcome == "not_found"
    assert share.my_data(session, wang, now=NOW).entries[0].facts[1].value == "王小明"


# ---- who looked ------------------------------------------------------------------------------------------------------


def look(session: Session, city: City, department: str = "approval", **changes: object) -> None:
    question = Question(
        "window_service", "look_up", "person", Key("citizen_id", WANG_ID), fields=("name",), reason=Reason("case", "办2026-5")
    )
    share.ask(session, clerk(department), question, now=NOW)


def test_the_citizen_reads_who_looked_in_plain_words(session: Session, city: City, wang: Actor) -> None:
    look(session, city)
    page = share.who_looked(session, wang, now=NOW)
    seen = page.looks[0]
    assert seen.reason[0].startswith("您在政务服务窗口办事")
    assert seen.department == ("市行政审批服务局", "Administrative Approval Bureau")
    assert (seen.unit, seen.case, seen.automatic, seen.by_self) == ("3号窗口", "办2026-5", False, False)
    assert seen.fields == (("姓名", "name"),)
    assert seen.basis == "《国务院关于在线政务服务的若干规定》"
    assert "窗口甲" not in repr(page)
    assert "clerk_approval" not in repr(page)
    assert page.reaches_back_to == "2026-11-03T02:00:00.000Z"


def test_confidential_purposes_are_left_out_without_a_trace(session: Session, city: City, wang: Actor) -> None:
    police = clerk("police", roles=frozenset({"officer"}))
    question = Question("police_enquiry", "look_up", "person", Key("citizen_id", WANG_ID), reason=Reason("case", "案1"))
    before = share.who_looked(session, wang, now=NOW)
    assert share.ask(session, police, question, now=NOW).outcome == "found"
    after = share.who_looked(session, wang, now=NOW)
    assert before.looks == after.looks
    assert before.note == after.note


def test_reading_the_log_is_written_down_itself(session: Session, city: City, wang: Actor) -> None:
    share.who_looked(session, wang, now=NOW)
    assert [one.line.type for one in ledger.lines_of_subject(session, city["wang"]).lines] == ["log_read"]


def test_looks_are_filtered_and_paged(session: Session, city: City, wang: Actor) -> None:
    for _ in range(3):
        look(session, city)
    share.ask(session, clerk(), Question("address_at_registration", "verify", "person", Key("citizen_id", WANG_ID)), now=NOW)
    first = share.who_looked(session, wang, share.Wanted(department="approval", limit=2), now=NOW)
    rest = share.who_looked(session, wang, share.Wanted(department="approval", limit=2, cursor=first.next_cursor), now=NOW)
    assert (len(first.looks), len(rest.looks), rest.next_cursor) == (2, 1, "")
    later = share.Wanted(since=(NOW + timedelta(days=1)).isoformat())
    assert share.who_looked(session, wang, later, now=NOW).looks == ()


def test_an_owner_sees_who_looked_at_her_home_and_nobody_elses(session: Session, city: City, wang: Actor) -> None:
    share.ask(session, clerk(), Question("address_at_registration", "verify", "premises", Key("code", city["flat"])), now=NOW)
    assert len(share.who_looked(session, wang, share.Wanted(subject=city["flat"]), now=NOW).looks) == 1
    with pytest.raises(Forbidden):
        share.who_looked(session, wang, share.Wanted(subject=city["far_flat"]), now=NOW)
    with pytest.raises(Forbidden):
        share.who_looked(session, clerk(), now=NOW)


def test_a_masked_neighbour_reads_that_the_owner_looked(session: Session, city: City, wang: Actor) -> None:
    share.at_my_home(session, wang, city["flat"], now=NOW)
    seen = share.who_looked(session, citizen(city["li"], "li"), now=NOW).looks[0]
    assert "产权人查看" in seen.reason[0]
    assert seen.department == ("市民", "A citizen")


# ---- entitlements ----------------------------------------------------------------------------------------------------


def test_an_asker_can_see_beforehand_what_she_may_see(session: Session, city: City) -> None:
    found = {one.register: one for one in share.entitlements(session, clerk(), "address_at_registration", now=NOW)}
    assert dict(found["person"].fields)["citizen_id"] == "citizen_id"
    assert found["person"].state == "in_force"
    assert found["premises"].valid_to == "2028-12-31"
    assert "applicant_citizen_id" in found["premises"].claims
    chosen = [one.code for one in share.purposes_for(session, clerk(), now=NOW)]
    assert chosen == ["address_at_registration", "licence_use"]
    assert share.purposes_for(session, clerk(roles=frozenset({"auditor"})), now=NOW) == ()


def test_roles_open_permissions(session: Session, city: City, wang: Actor) -> None:
    assert "office.verify" in share.permissions(session, clerk())
    assert "dispute.settle" not in share.permissions(session, clerk())
    assert "citizen.homes" in share.permissions(session, wang)
    assert share.permissions(session, clerk(roles=frozenset({"nobody"}))) == frozenset()
