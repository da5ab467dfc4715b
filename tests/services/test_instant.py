"""Instant approval: what favours the applicant is given by rule at once, everything else goes to a person; every decision replays."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.services.town import NOW, officer
from tests.share.city import City, citizen, fact, fill

from datong import services, share
from datong.domain.access import Key
from datong.domain.errors import BadValue, Missing
from datong.registers import write_facts
from datong.services.store_case import kept_case
from datong.store import Session


def insured(session: Session, **facts: object) -> City:
    """The small city, where Wang is insured."""
    city = fill(session)
    values = {
        "name": [fact("王小明")],
        "citizen_id": [fact("370303198501010014")],
        "insurance_no": [fact("S0001", "hr_insured_person", department="human_resources")],
    }
    body = write_facts({**values, **facts})
    session.run("UPDATE entry SET body = :body WHERE code = :code", {"body": body, "code": city["wang"]})
    return city


def ask(session: Session, city: City, now: datetime = NOW) -> services.Begun:
    return services.begin(session, citizen(city["wang"]), services.NewCase("insurance_statement"), now=now)


def test_who_is_insured_has_the_statement_at_once(any_session: Session) -> None:
    session = any_session
    city = insured(session)
    begun = ask(session, city)
    assert begun.case.state == "granted" and begun.decision is not None and begun.decision.favourable
    issued = session.all("SELECT type, state, holder FROM licence")
    assert [tuple(one) for one in issued] == [("insurance_statement", "valid", city["wang"])]
    kept = kept_case(session, begun.case.case_id)
    assert [one["rule"] for one in kept.decision["decided"]["rules"]] == ["I03"]
    source = next(one for one in kept.decision["sources"] if one["input"] == "insurance_no")
    assert source["department"] == "human_resources" and source["as_of"] == "2026-09-30" and source["line"]
    replayed = services.replay_decision(session, officer("human_resources"), begun.case.case_id)
    assert replayed.same and replayed.then == "granted"
    other = services.replay_decision(session, officer("human_resources"), begun.case.case_id, {"insurance_no": None})
    assert not other.same and other.now == "officer" and "insurance_no" in other.why
    with pytest.raises(Missing):
        services.replay_decision(session, officer("tax"), begun.case.case_id)


def test_doubt_and_refusal_are_a_persons(session: Session) -> None:
    city = fill(session)
    begun = ask(session, city)
    assert begun.case.state == "accepted" and begun.case.decision == "officer", "no record of insurance"
    rows = services.queue(session, officer("human_resources"), now=NOW)
    assert [(one.case_id, one.task) for one in rows] == [(begun.case.case_id, "check")]
    shown = services.case_of(session, officer("human_resources"), begun.case.case_id, now=NOW)
    assert "没有查到参保记录" in str(shown.decision["reason"])
    assert not session.all("SELECT 1 FROM licence")


def test_a_disputed_fact_is_no_ground_for_a_rule(session: Session) -> None:
    number = fact("S0001", "hr_insured_person", department="human_resources")
    city = insured(session, insurance_no=[number, fact("S0002", "tax_paid", "conflict", "tax")])
    begun = ask(session, city)
    assert begun.case.state == "accepted" and begun.decision is not None and begun.decision.doubts == ("insurance_no:disputed",)


def test_one_in_so_many_is_looked_at_again_and_nobody_can_choose(session: Session) -> None:
    city = insured(session)
    numbers = [ask(session, city).case.case_id for _ in range(120)]
    rows = services.samples(session, officer("human_resources"))
    seed = session.one("SELECT seed FROM service_seed WHERE month = '2026-11'")
    assert seed is not None
    assert {one.case_id for one in rows} == {number for number in numbers if services.is_drawn(seed[0], number, 50)}
    committed = session.one("SELECT body FROM ledger_line WHERE type = 'case.seed'")
    assert committed is not None and seed[0] not in committed[0]
    if rows:
        with pytest.raises(BadValue):
            services.settle_sample(session, officer("human_resources"), rows[0].case_id, "wrong", "", now=NOW)
        services.settle_sample(session, officer("human_resources"), rows[0].case_id, "right", "", now=NOW)
        assert len(services.samples(session, officer("human_resources"))) == len(rows) - 1
    with pytest.raises(Missing):
        services.settle_sample(session, officer("tax"), numbers[0], "right", "", now=NOW)


def test_an_address_by_its_owners_pass_and_without(session: Session) -> None:
    city = fill(session)
    form = {"premises": "370303008001GB00001F00010001", "business": "明月面馆", "dwelling_agreed": "yes"}
    hers = services.begin(session, citizen(city["wang"]), services.NewCase("address_registration", form=form), now=NOW)
    assert hers.case.decision in ("granted", "officer")
    zhao = citizen(city["zhao"], "zhao")
    without = services.begin(session, zhao, services.NewCase("address_registration", form=form), now=NOW)
    assert without.case.state == "accepted"
    made = share.issue_pass(session, citizen(city["wang"]), share.NewPass(city["flat"], "gate_registration", *_hour()), now=NOW)
    form = {**form, "premises": made.qr}
    by_pass = services.begin(session, zhao, services.NewCase("address_registration", form=form), now=NOW)
    assert by_pass.facts["may_use"].value == "same", by_pass.facts["may_use"]
    told = [one.text_zh for one in share.notices(session, citizen(city["wang"]))]
    assert any("房码" in one for one in told), "the owner is told at once"


def _hour():
    from datetime import timedelta

    return (timedelta(hours=1),)


def test_rules_that_do_not_fit_their_service_are_told(tmp_path) -> None:
    import shutil
    from pathlib import Path

    from datong import spec

    shutil.copytree(Path(__file__).parents[2] / "packs", tmp_path / "packs")
    path = tmp_path / "packs" / "social_insurance" / "service.yml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("died: fact.died, ", "").replace("name: verdict", "name: verdict"), encoding="utf-8"
    )
    found = [str(one) for one in services.check_services(spec.load_packs(tmp_path / "packs"))]
    assert any("the decision needs 'died'" in one for one in found), found
    assert Key and UTC
