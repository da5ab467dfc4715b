"""The walk of special applications: an officer works in one, and the sharing manager sees its use and what it could give up."""

from __future__ import annotations

from datetime import datetime

import pytest
from tests.walks.conftest import NOW, City, actor

from datong import share
from datong.domain.access import Key, Question
from datong.domain.errors import Forbidden
from datong.share.applications import applications

AT = datetime.fromisoformat(NOW)


def test_an_application_is_used_counted_and_told_what_it_did_not_read(city: City) -> None:
    code = city.one("SELECT code FROM entry WHERE kind = 'person' AND body LIKE '%disability_level%' ORDER BY code")[0]
    officer = actor("officer", "disabled_federation", roles=frozenset({"officer"}), jurisdiction=("3703",))
    manager = actor("officer", "data", roles=frozenset({"sharing_manager"}), jurisdiction=("",))
    with city.store.session() as session:
        question = Question("disability_benefits", "look_up", "person", Key("code", code), fields=("disability_level", "allowance"))
        answer = share.ask(session, officer, question, now=AT)
        assert answer.outcome == "found" and {fact.field for fact in answer.entries[0].facts} >= {"disability_level"}
        assert share.ask(session, officer, Question("hiring_check", "look_up", "person", Key("code", code)), now=AT).outcome == "refused"
        share.count_use(session, now=AT)
        found = {one.purpose.code: one for one in applications(session, manager, now=AT)}
        with pytest.raises(Forbidden):
            applications(session, officer, now=AT)
    used = found["disability_benefits"]
    assert used.special and used.users == ("disabled_federation",) and used.purpose.department == "disabled_federation"
    assert used.lines == 1 and used.last == "2026-11-20"
    assert set(used.unused["person"]) == {"name", "registered_address", "death_date", "citizen_id"}
    idle = found["comprehensive_tax"]
    assert idle.lines == 0 and not idle.last and not idle.unused, "what was never used is told as such, not field by field"
    assert len([one for one in found.values() if one.special]) >= 30
    assert set(found["foreigner_work_residence"].users) == {"human_resources", "police"}


def test_foreigners_and_social_insurance_are_served_by_applications_of_their_own(city: City) -> None:
    home = city.one("SELECT code FROM member WHERE resource = 'police_lodging' AND kind = 'premises' AND code <> '' ORDER BY code")[0]
    police = actor("officer", "police", roles=frozenset({"officer"}), jurisdiction=("3703",))
    agency = actor("officer", "human_resources", roles=frozenset({"window_clerk"}), jurisdiction=("3703",))
    person, number = city.one(
        "SELECT e.code, k.key_value FROM entry e JOIN entry_key k ON k.code = e.code AND k.key_type = 'citizen_id' "
        "JOIN member m ON m.code = e.code AND m.resource = 'hr_insured_person' ORDER BY e.code"
    )
    firm = city.one(
        "SELECT e.code FROM entry e JOIN member m ON m.code = e.code AND m.resource = 'hr_insured_unit' WHERE e.kind = 'organisation' ORDER BY e.code"
    )[0]
    with city.store.session() as session:
        lodged = share.ask(session, police, Question("foreigner_work_residence", "look_up", "premises", Key("code", home)), now=AT)
        assert lodged.outcome == "found" and [one.kind for one in lodged.entries[0].events] == ["foreign_lodging"]
        asked = Question("social_insurance_enrolment", "verify", "person", Key("citizen_id", number), claims=(("citizen_id", number),))
        assert share.ask(session, agency, asked, now=AT).outcome == "same"
        seen = share.ask(session, agency, Question("social_insurance_enrolment", "look_up", "person", Key("code", person)), now=AT)
        assert "insurance_no" in {fact.field for fact in seen.entries[0].facts}
        unit = share.ask(session, agency, Question("social_insurance_enrolment", "look_up", "organisation", Key("code", firm)), now=AT)
        assert "insurance_status" in {fact.field for fact in unit.entries[0].facts}
        not_hers = share.ask(session, police, Question("social_insurance_enrolment", "look_up", "person", Key("code", person)), now=AT)
        assert not_hers.outcome == "refused" and not_hers.grounds[0].code == "purpose_not_yours"
