"""Passes: an owner's QR, and premises that are one's own or another's at the gate."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.share.city import LI_ID, NOW, TITLE, WANG_ID, ZHAO_ID, City, citizen, clerk

from datong import ledger, share
from datong.domain.access import Actor, Answer, Key, Question
from datong.domain.errors import BadValue, Forbidden, Missing
from datong.store import Session

PURPOSE = "gate_registration"


@pytest.fixture
def owner(city: City) -> Actor:
    return citizen(city["wang"])


@pytest.fixture
def made(session: Session, city: City, owner: Actor) -> share.Pass:
    return share.issue_pass(session, owner, share.NewPass(city["flat"], PURPOSE), now=NOW)


def at_the_gate(session: Session, actor: Actor, key: Key, number: str, minutes: int = 1) -> Answer:
    question = Question(PURPOSE, "verify", "premises", key, claims=(("applicant_citizen_id", number),))
    return share.ask(session, actor, question, now=NOW + timedelta(minutes=minutes))


def codes(answer: Answer) -> list[str]:
    return [one.code for one in answer.grounds]


def test_the_secret_is_in_the_qr_and_its_hash_in_the_store(session: Session, made: share.Pass) -> None:
    assert len(made.secret) == 26
    assert made.qr == f"datong:pass:{made.secret}"
    stored = session.all("SELECT * FROM share_pass")
    assert made.secret not in repr(stored)
    assert share.my_passes(session, citizen(made.holder), now=NOW)[0].secret == ""


def test_a_given_secret_makes_the_same_pass_again(session: Session, city: City, owner: Actor) -> None:
    made = share.issue_pass(session, owner, share.NewPass(city["flat"], PURPOSE), now=NOW, secret=bytes(16))
    assert made.secret == "0" * 26
    assert made.pass_id == "R20261103-0001"


@pytest.mark.parametrize("key_type", ["code", "title_no", "pass"])
def test_own_premises_pass_the_gate_by_any_key_that_matches(
    session: Session, city: City, owner: Actor, made: share.Pass, key_type: str
) -> None:
    value = {"code": city["flat"], "title_no": TITLE, "pass": made.qr}[key_type]
    assert at_the_gate(session, owner, Key(key_type, value), WANG_ID).outcome == "same"
    assert at_the_gate(session, owner, Key("code", city["next_door"]), WANG_ID).outcome == "different"


def test_anothers_premises_need_the_owners_pass(session: Session, city: City, made: share.Pass) -> None:
    zhao = citizen(city["zhao"], "zhao")
    without = at_the_gate(session, zhao, Key("code", city["flat"]), ZHAO_ID)
    assert without.outcome == "different"
    assert codes(without) == ["not_entitled"]
    with_pass = at_the_gate(session, zhao, Key("pass", made.qr), ZHAO_ID)
    assert with_pass.outcome == "same"
    assert codes(with_pass) == ["pass_valid", "owner_pass"]


def test_the_owner_is_told_at_the_same_moment(session: Session, city: City, owner: Actor, made: share.Pass) -> None:
    at_the_gate(session, citizen(city["zhao"], "zhao"), Key("pass", made.qr), ZHAO_ID)
    told = share.notices(session, owner)
    assert [one.kind for one in told] == ["pass_used"]
    assert told[0].at == "2026-11-03T02:01:00.000Z"
    assert told[0].about == {"pass": made.pass_id, "premises": city["flat"], "purpose": PURPOSE}
    assert share.unread(session, owner) == 1
    assert share.read_notice(session, owner, told[0].notice_id, "2026-11-03T03:00:00Z")
    assert share.unread(session, owner) == 0


def test_the_owner_is_not_told_of_her_own_use(session: Session, owner: Actor, made: share.Pass) -> None:
    at_the_gate(session, owner, Key("pass", made.qr), WANG_ID)
    assert share.notices(session, owner) == ()


def test_a_citizen_applies_under_her_own_number_only(session: Session, city: City) -> None:
    answer = at_the_gate(session, citizen(city["zhao"], "zhao"), Key("code", city["flat"]), WANG_ID)
    assert answer.outcome == "different"
    assert codes(answer) == ["claim_not_you"]


def test_a_pass_for_one_use_works_once(session: Session, city: City, made: share.Pass) -> None:
    zhao = citizen(city["zhao"], "zhao")
    assert at_the_gate(session, zhao, Key("pass", made.qr), ZHAO_ID).outcome == "same"
    again = at_the_gate(session, zhao, Key("pass", made.qr), ZHAO_ID)
    assert (again.outcome, codes(again)) == ("refused", ["pass_used"])


def test_a_check_that_fails_does_not_use_the_pass_up(session: Session, city: City, made: share.Pass) -> None:
    zhao = citizen(city["zhao"], "zhao")
    assert at_the_gate(session, zhao, Key("pass", made.qr), LI_ID).outcome == "different"
    assert at_the_gate(session, zhao, Key("pass", made.qr), ZHAO_ID).outcome == "same"


def test_a_pass_for_many_uses_counts_them(session: Session, city: City, owner: Actor) -> None:
    made = share.issue_pass(session, owner, share.NewPass(city["flat"], PURPOSE, timedelta(days=7), once=False), now=NOW)
    for minute in (1, 2):
        assert at_the_gate(session, citizen(city["zhao"], "zhao"), Key("pass", made.secret), ZHAO_ID, minute).outcome == "same"
    held = share.my_passes(session, owner, now=NOW)[0]
    assert (held.uses, held.used_by, held.state) == (2, "citizen", "valid")


def test_each_state_of_a_pass_has_its_own_words(session: Session, city: City, owner: Actor, made: share.Pass) -> None:
    zhao = citizen(city["zhao"], "zhao")
    assert codes(at_the_gate(session, zhao, Key("pass", "datong:pass:" + "0" * 26), ZHAO_ID)) == ["pass_unknown"]
    assert codes(at_the_gate(session, zhao, Key("pass", made.qr), ZHAO_ID, minutes=15)) == ["pass_expired"]
    other = share.issue_pass(session, owner, share.NewPass(city["flat"], "address_at_registration"), now=NOW)
    assert codes(at_the_gate(session, zhao, Key("pass", other.qr), ZHAO_ID)) == ["pass_purpose"]
    share.revoke_pass(session, owner, made.pass_id, now=NOW)
    assert codes(at_the_gate(session, zhao, Key("pass", made.qr), ZHAO_ID)) == ["pass_revoked"]
    session.run("UPDATE relation SET until = '2026-11-01' WHERE type = 'owns'")
    wrong_holder = Question("address_at_registration", "verify", "premises", Key("pass", other.qr))
    assert codes(share.ask(session, clerk(), wrong_holder, now=NOW)) == ["pass_holder"]


def test_the_one_who_lost_the_race_for_the_last_use_is_refused(session: Session, city: City, made: share.Pass) -> None:
    question = Question(PURPOSE, "verify", "premises", Key("pass", made.qr), claims=(("applicant_citizen_id", ZHAO_ID),))
    zhao = citizen(city["zhao"], "zhao")
    prepared = [share.prepare(session, zhao, question, now=NOW) for _ in range(2)]
    assert [share.settle(session, one).outcome for one in prepared] == ["same", "refused"]


def test_only_the_owner_makes_and_revokes_passes(session: Session, city: City, made: share.Pass) -> None:
    li = citizen(city["li"], "li")
    with pytest.raises(Forbidden):
        share.issue_pass(session, li, share.NewPass(city["flat"], PURPOSE), now=NOW)
    with pytest.raises(Missing):
        share.revoke_pass(session, li, made.pass_id, now=NOW)


@pytest.mark.parametrize(
    ("purpose", "lasts"), [("statistics", timedelta(hours=1)), (PURPOSE, timedelta(seconds=5)), (PURPOSE, timedelta(days=32))]
)
def test_a_pass_has_a_purpose_that_takes_passes_and_bounds(
    session: Session, city: City, owner: Actor, purpose: str, lasts: timedelta
) -> None:
    with pytest.raises(BadValue):
        share.issue_pass(session, owner, share.NewPass(city["flat"], purpose, lasts), now=NOW)


def test_issue_and_revocation_leave_lines(session: Session, city: City, owner: Actor, made: share.Pass) -> None:
    share.revoke_pass(session, owner, made.pass_id, now=NOW)
    acts = [one.line.body["act"] for one in ledger.lines_of_subject(session, city["flat"]).lines]
    assert sorted(acts) == ["issued", "revoked"]
