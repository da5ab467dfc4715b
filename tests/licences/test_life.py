"""A licence's life: issued, renewed, changed, suspended, ended; each act on record, each refusal with its reason."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from tests.licences.licensed import FACTS, citizen, give, give_composite, issuer, officer
from tests.share.city import LI_ID, NOW, City, fill

from datong import ledger, licences, share
from datong.domain.errors import BadValue, Forbidden, Missing
from datong.licences import Doing, NewLicence, read_identifier
from datong.store import Session, Store


def _verify(session: Session, text: str, days: int = 0) -> licences.Verdict:
    offline = licences.read_bundle(json.dumps(licences.bundle(session, now=NOW + timedelta(days=days))))
    return licences.verify(text, offline, now=NOW + timedelta(days=days))


def test_a_licence_is_signed_numbered_and_on_record_without_what_it_states(session: Session, city: City) -> None:
    made = give(session, city, "disability_card", "li", case="C1")
    assert read_identifier(made.identifier).sound
    assert read_identifier(made.identifier).version == 1
    assert (made.state, made.valid_from, made.valid_until) == ("valid", "2026-11-03", "2036-11-02")
    found = ledger.find_line(session, made.line)
    assert found is not None
    assert found.line.body["digest"] == made.digest
    assert found.line.body["case"] == "C1"
    assert LI_ID not in json.dumps(dict(found.line.body))
    verdict = _verify(session, made.credential)
    assert verdict.good, verdict
    assert verdict.claims["kind"] == "肢体"
    assert verdict.type == "disability_card"


def test_both_stores_number_and_keep_licences_alike(any_opened: Store) -> None:
    with any_opened.session() as session:
        city = fill(session)
        first, second = (give(session, city, "disability_card", "li") for _ in range(2))
        assert [one.identifier.split(".")[-3] for one in (first, second)] == ["202600000001", "202600000002"]
        held = licences.of_holder(session, citizen(city["li"]), now=NOW)
        assert {one.licence_id for one in held} == {first.licence_id, second.licence_id}
        assert held[0].facts["holder_name"] == "李梅"
        after = licences.act(session, issuer("disability_card"), first.licence_id, Doing("revoke", "冒领"), now=NOW)
        assert after.state == "revoked"
        assert _verify(session, first.credential).outcome == "revoked"
        assert _verify(session, second.credential).good


def test_the_holder_is_told_at_once_of_what_is_issued_and_what_is_done(session: Session, city: City) -> None:
    made = give(session, city, "residence_permit", "wang")
    licences.act(session, issuer("residence_permit"), made.licence_id, Doing("suspend", "信息待核"), now=NOW)
    told = share.notices(session, citizen(city["wang"]))
    assert {one.kind for one in told} >= {"licence_issued", "licence_suspend"}
    assert any("信息待核" in one.text_zh for one in told)


def test_a_suspended_licence_is_told_so_and_holds_again_once_resumed(session: Session, city: City) -> None:
    made = give(session, city, "residence_permit", "wang")
    police = issuer("residence_permit")
    licences.act(session, police, made.licence_id, Doing("suspend", "信息待核"), now=NOW)
    assert _verify(session, made.credential).outcome == "suspended"
    licences.act(session, police, made.licence_id, Doing("resume"), now=NOW)
    assert _verify(session, made.credential).good


def test_a_renewal_goes_on_where_the_old_one_ends_and_the_old_text_no_longer_holds(session: Session, city: City) -> None:
    made = give(session, city, "residence_permit", "wang")
    renewed = licences.act(session, issuer("residence_permit"), made.licence_id, Doing("renew"), now=NOW + timedelta(days=350))
    number = read_identifier(renewed.identifier)
    assert (number.serial, number.version) == (read_identifier(made.identifier).serial, 2)
    assert (renewed.valid_until, renewed.replaces) == ("2028-11-02", made.identifier)
    assert _verify(session, made.credential, 351).outcome == "revoked"
    assert _verify(session, renewed.credential, 351).good
    assert len(licences.of_holder(session, citizen(city["wang"]), now=NOW)) == 1


def test_a_licence_whose_last_day_is_over_has_expired_and_can_be_renewed(session: Session, city: City) -> None:
    made = give(session, city, "residence_permit", "wang")
    assert _verify(session, made.credential, 364).good
    assert _verify(session, made.credential, 365).outcome == "expired"
    later = NOW + timedelta(days=400)
    assert licences.of_holder(session, citizen(city["wang"]), now=later)[0].state == "expired"
    renewed = licences.act(session, issuer("residence_permit"), made.licence_id, Doing("renew"), now=later)
    assert (renewed.valid_from, renewed.valid_until) == ("2027-12-08", "2028-12-07")


def test_a_change_keeps_what_is_not_changed(session: Session, city: City) -> None:
    made = give(session, city, "residence_permit", "wang")
    doing = Doing("change", facts={"address": "裕民路2号"})
    changed = licences.act(session, issuer("residence_permit"), made.licence_id, doing, now=NOW)
    assert changed.facts == {**FACTS["residence_permit"], "address": "裕民路2号"}
    assert changed.valid_until == made.valid_until


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"number": ""}, "number"),
        ({"colour": "red"}, "colour"),
        ({"birth_date": "1990-02-30"}, "birth_date"),
        ({"level": 2}, "level"),
        ({"kind": "x" * 3000}, "kind"),
    ],
)
def test_facts_that_do_not_fit_are_refused_by_name(session: Session, city: City, facts: dict[str, object], field: str) -> None:
    with pytest.raises(BadValue) as caught:
        give(session, city, "disability_card", "li", facts=facts)
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("change", "field"),
    [({"holder": "firm"}, "holder"), ({"valid_until": "2099-01-01"}, "valid_until"), ({"valid_from": "soon"}, "valid_from")],
)
def test_what_the_type_does_not_allow_is_refused_by_name(session: Session, city: City, change: dict[str, str], field: str) -> None:
    with pytest.raises(BadValue) as caught:
        give(session, city, "disability_card", change.pop("holder", "li"), **change)
    assert caught.value.field == field


def test_only_the_issuing_departments_officers_issue_and_act(session: Session, city: City) -> None:
    wanted = NewLicence("disability_card", city["li"], FACTS["disability_card"])
    strangers = (officer("police"), officer("disabled_federation", "window_clerk"), citizen(city["li"]))
    for stranger in strangers:
        with pytest.raises(Forbidden):
            licences.issue(session, stranger, wanted, now=NOW)
    made = give(session, city, "disability_card", "li")
    for stranger in strangers:
        with pytest.raises(Forbidden):
            licences.act(session, stranger, made.licence_id, Doing("revoke", "x"), now=NOW)
    with pytest.raises(Missing):
        licences.act(session, issuer("disability_card"), "L0", Doing("revoke", "x"), now=NOW)


def test_acts_that_the_state_does_not_allow_are_refused(session: Session, city: City) -> None:
    made = give(session, city, "disability_card", "li")
    federation = issuer("disability_card")
    for doing in (Doing("resume"), Doing("burn"), Doing("revoke"), Doing("change")):
        with pytest.raises(BadValue):
            licences.act(session, federation, made.licence_id, doing, now=NOW)
    licences.act(session, federation, made.licence_id, Doing("cancel", "本人申请"), now=NOW)
    for doing in (Doing("renew"), Doing("revoke", "x"), Doing("resume")):
        with pytest.raises(BadValue):
            licences.act(session, federation, made.licence_id, doing, now=NOW)


def test_nobody_sees_anothers_licences_and_a_representative_sees_the_firms(session: Session, city: City) -> None:
    give(session, city, "disability_card", "li")
    give(session, city, "food_business", "firm")
    with pytest.raises(Forbidden):
        licences.of_holder(session, citizen(city["wang"]), city["li"], now=NOW)
    with pytest.raises(Forbidden):
        licences.of_holder(session, citizen(city["wang"]), city["firm"], now=NOW)
    with pytest.raises(Forbidden):
        licences.of_holder(session, officer("police"), city["li"], now=NOW)
    city.tie("wang", "legal_representative_of", "firm")
    assert [one.type for one in licences.of_holder(session, citizen(city["wang"]), city["firm"], now=NOW)] == ["food_business"]


def test_a_composite_licence_holds_only_while_every_part_does(session: Session, city: City) -> None:
    composite, parts = give_composite(session, city)
    assert _verify(session, composite.credential).good
    licences.act(session, issuer("fire_safety"), parts[1].licence_id, Doing("suspend", "整改"), now=NOW)
    verdict = _verify(session, composite.credential)
    assert verdict.outcome == "suspended"
    assert "part" in [one.code for one in verdict.reasons]


def test_a_composite_follows_a_part_that_is_renewed(session: Session, city: City) -> None:
    composite, parts = give_composite(session, city)
    licences.act(session, issuer("food_business"), parts[0].licence_id, Doing("renew"), now=NOW + timedelta(days=30))
    city.tie("wang", "legal_representative_of", "firm")
    held = {one.type: one for one in licences.of_holder(session, citizen(city["wang"]), city["firm"], now=NOW)}
    assert held["restaurant_composite"].version == 2
    assert _verify(session, held["restaurant_composite"].credential, 30).good
    assert _verify(session, composite.credential, 30).outcome == "revoked"


def test_a_composite_needs_licences_of_its_own_holder_and_types(session: Session, city: City) -> None:
    food = give(session, city, "food_business", "firm")
    other = give(session, city, "residence_permit", "wang")
    for parts in ((), (other.licence_id,), ("L0",)):
        with pytest.raises(BadValue) as caught:
            give(session, city, "restaurant_composite", "firm", parts=parts)
        assert caught.value.field == "parts"
    with pytest.raises(BadValue):
        give(session, city, "tobacco_retail", "firm", parts=(food.licence_id,))


def test_lines_can_be_left_to_the_caller(session: Session, city: City) -> None:
    before, kept = ledger.size(session), []
    wanted = NewLicence("disability_card", city["li"], FACTS["disability_card"])
    licences.issue(session, issuer("disability_card"), wanted, now=NOW)
    after = ledger.size(session)
    licences.issue(session, issuer("disability_card"), wanted, now=NOW, later=kept)
    assert (after > before, ledger.size(session), len(kept)) == (True, after, 1)


def test_licences_of_one_case_hold_each_other_and_are_kept_at_once(session: Session, city: City) -> None:
    kept: list[ledger.Line] = []
    together = licences.Together(session, NOW, kept)
    parts = []
    for kind in ("food_business", "fire_safety", "environment_filing", "tobacco_retail"):
        parts.append(together.issue(issuer(kind), NewLicence(kind, city["firm"], FACTS[kind], case="C1")))
        with pytest.raises(BadValue):
            together.issue(issuer(kind), NewLicence(kind, city["firm"], {}, case="C1"))
    facts, ids = FACTS["restaurant_composite"], tuple(one.licence_id for one in parts)
    whole = together.issue(issuer("restaurant_composite"), NewLicence("restaurant_composite", city["firm"], facts, case="C1", parts=ids))
    assert session.all("SELECT 1 FROM licence") == []
    together.write()
    rows = session.all("SELECT licence_id, list_index FROM licence ORDER BY licence_id")
    assert rows == sorted((one.licence_id, one.list_index) for one in (*parts, whole))
    assert [row[0] for row in session.all("SELECT part_id FROM licence_part ORDER BY part_id")] == sorted(ids)
    assert [line.body["licence"] for line in kept] == [*ids, whole.licence_id]
    assert _verify(session, whole.credential).good
    licences.act(session, issuer("fire_safety"), ids[1], Doing("suspend", "整改"), now=NOW)
    assert _verify(session, whole.credential).outcome == "suspended"
