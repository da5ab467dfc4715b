"""Showing and using: what the holder chose is seen and no more, a code is good once, and whoever tries it on is told of."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from tests.licences.licensed import citizen, give, issuer, officer
from tests.share.city import LI_ID, NOW, WANG_ID, City

from datong import ledger, licences, share
from datong.domain.errors import BadValue, Forbidden, Missing
from datong.licences import Doing, Expect, Showing
from datong.store import Session

CLERK = officer("medical_insurance", "window_clerk")
SHOWING = Showing(("kind", "level"), "医药费报销")


def test_a_code_shows_what_was_chosen_once_and_the_holder_sees_it(session: Session, city: City) -> None:
    made = give(session, city, "disability_card", "li")
    li = citizen(city["li"])
    code = licences.show_code(session, li, made.licence_id, SHOWING, now=NOW)
    assert code.secret not in json.dumps(session.all("SELECT * FROM licence_ticket"))
    checked = licences.check_text(session, CLERK, code.qr, now=NOW + timedelta(minutes=1))
    assert checked.verdict.good
    assert checked.verdict.bound
    assert dict(checked.verdict.claims) == {"kind": "肢体", "level": "二级"}
    assert checked.purpose == "医药费报销"
    again = licences.redeem(session, CLERK, code.secret, now=NOW + timedelta(minutes=2))
    assert (again.verdict.outcome, again.verdict.reasons[0].code) == ("refused", "code_used")
    used = licences.uses(session, li, made.licence_id, now=NOW)
    assert {(one.how, one.department, one.fields) for one in used} >= {("code", "medical_insurance", ("kind", "level"))}
    looks = share.who_looked(session, li, now=NOW + timedelta(minutes=3)).looks
    assert [one.department_code for one in looks if one.type == "licence_use"] == ["medical_insurance", "medical_insurance"]
    assert "licence_used" in [one.kind for one in share.notices(session, li)]
    line = ledger.find_line(session, checked.line)
    assert line is not None
    assert "二级" not in json.dumps(dict(line.line.body), ensure_ascii=False)


def test_a_code_is_over_after_minutes_and_goes_to_the_named_department_alone(session: Session, city: City) -> None:
    made = give(session, city, "disability_card", "li")
    li = citizen(city["li"])
    late = licences.show_code(session, li, made.licence_id, SHOWING, now=NOW)
    assert licences.redeem(session, CLERK, late.secret, now=NOW + timedelta(minutes=6)).verdict.reasons[0].code == "code_unknown"
    assert licences.redeem(session, None, "0" * 32, now=NOW).verdict.reasons[0].code == "code_unknown"
    named = Showing(("kind",), "报销", audience="medical_insurance")
    code = licences.show_code(session, li, made.licence_id, named, now=NOW)
    for stranger in (None, officer("police")):
        assert licences.redeem(session, stranger, code.secret, now=NOW).verdict.reasons[0].code == "code_elsewhere"
    assert licences.redeem(session, CLERK, code.secret, now=NOW).verdict.good


def test_only_the_holder_shows_and_only_what_the_licence_states(session: Session, city: City) -> None:
    made = give(session, city, "disability_card", "li")
    with pytest.raises(Missing):
        licences.show_code(session, citizen(city["wang"]), made.licence_id, SHOWING, now=NOW)
    with pytest.raises(Missing):
        licences.present(session, citizen(city["wang"]), made.licence_id, Showing((), "x", "a", "n"), now=NOW)
    for showing, field in (
        (Showing(("colour",), "报销"), "fields"),
        (Showing((), " "), "purpose"),
        (Showing((), "x" * 99), "purpose"),
        (Showing((), "x", "mars"), "audience"),
    ):
        with pytest.raises(BadValue) as caught:
            licences.show_code(session, citizen(city["li"]), made.licence_id, showing, now=NOW)
        assert caught.value.field == field
    licences.act(session, issuer("disability_card"), made.licence_id, Doing("revoke", "冒领"), now=NOW)
    with pytest.raises(BadValue):
        licences.show_code(session, citizen(city["li"]), made.licence_id, SHOWING, now=NOW)


def test_a_presentation_is_good_for_its_audience_and_challenge_alone(session: Session, city: City) -> None:
    made = give(session, city, "disability_card", "li")
    text = licences.present(session, citizen(city["li"]), made.licence_id, Showing(("level",), "购票", "地铁", "n-1"), now=NOW)
    trust = licences.read_bundle(json.dumps(licences.bundle(session, now=NOW)))
    good = licences.verify(text, trust, now=NOW, expect=Expect("地铁", "n-1"))
    assert (good.outcome, good.bound, dict(good.claims)) == ("valid", True, {"level": "二级"})
    for expect, why in ((Expect("公交", "n-1"), "audience"), (Expect("地铁", "n-2"), "nonce")):
        assert licences.verify(text, trust, now=NOW, expect=expect).reasons[0].code == why
    assert licences.verify(text, trust, now=NOW + timedelta(minutes=20), expect=Expect("地铁", "n-1")).reasons[0].code == "old_proof"
    bare = text.rsplit("~", 1)[0] + "~"
    assert licences.verify(bare, trust, now=NOW, expect=Expect("地铁", "n-1")).reasons[0].code == "proof_missing"


def test_whoever_shows_a_revoked_or_bent_licence_is_told_of_to_issuer_and_holder_once_a_day(session: Session, city: City) -> None:
    made = give(session, city, "disability_card", "li")
    federation = issuer("disability_card")
    bent = made.credential[:-5] + ("A" if made.credential[-5] != "A" else "B") + made.credential[-4:]
    assert licences.check_text(session, None, bent, now=NOW).verdict.outcome == "forged"
    licences.act(session, federation, made.licence_id, Doing("revoke", "冒领"), now=NOW)
    for _ in range(3):
        assert licences.check_text(session, CLERK, made.credential, now=NOW).verdict.outcome == "revoked"
    mine = [one.kind for one in share.notices(session, citizen(city["li"])) if one.kind == "licence_fraud"]
    theirs = [one for one in share.department_notices(session, federation) if one.kind == "licence_fraud"]
    assert (len(mine), len(theirs)) == (2, 2)
    attempts = [one.outcome for one in licences.uses(session, citizen(city["li"]), now=NOW) if one.how == "attempt"]
    assert sorted(attempts) == ["forged", "revoked", "revoked", "revoked"]


def test_what_was_revoked_a_moment_ago_no_longer_passes_at_the_source(session: Session, city: City) -> None:
    made = give(session, city, "disability_card", "li")
    old = licences.read_bundle(json.dumps(licences.bundle(session, now=NOW)))
    licences.act(session, issuer("disability_card"), made.licence_id, Doing("revoke", "冒领"), now=NOW)
    assert licences.verify(made.credential, old, now=NOW).good, "an offline list is as of its time"
    assert licences.check_text(session, CLERK, made.credential, now=NOW).verdict.outcome == "revoked"


def test_by_id_card_alone_only_where_the_holder_agreed(session: Session, city: City) -> None:
    give(session, city, "disability_card", "li")
    li = citizen(city["li"])
    said = licences.by_card(session, CLERK, LI_ID, "disability_card", purpose="医药费报销", now=NOW)
    assert said.verdict.reasons[0].code == "not_agreed"
    assert not said.verdict.claims
    agreed = licences.agree(session, li, "disability_card", "medical_insurance", timedelta(days=365), now=NOW)
    checked = licences.by_card(session, CLERK, LI_ID, "disability_card", purpose="医药费报销", now=NOW)
    assert checked.verdict.good
    assert checked.verdict.claims["level"] == "二级"
    other = officer("civil_affairs", "window_clerk")
    assert licences.by_card(session, other, LI_ID, "disability_card", purpose="x", now=NOW).verdict.reasons[0].code == "not_agreed"
    used = licences.uses(session, li, now=NOW)
    assert [(one.how, one.purpose) for one in used] == [("card", "医药费报销")]
    licences.withdraw_agreed(session, li, agreed.agreed_id, now=NOW)
    again = licences.by_card(session, CLERK, LI_ID, "disability_card", purpose="医药费报销", now=NOW + timedelta(seconds=1))
    assert again.verdict.reasons[0].code == "not_agreed"
    with pytest.raises(Missing):
        licences.withdraw_agreed(session, li, agreed.agreed_id, now=NOW)


def test_agreeing_is_for_types_and_terms_that_allow_it_and_a_stranger_finds_nobody(session: Session, city: City) -> None:
    li = citizen(city["li"])
    for kind, department, days, field in (
        ("marriage_certificate", "medical_insurance", 30, "type"),
        ("disability_card", "mars", 30, "department"),
        ("disability_card", "medical_insurance", 999, "lasts"),
    ):
        with pytest.raises(BadValue) as caught:
            licences.agree(session, li, kind, department, timedelta(days=days), now=NOW)
        assert caught.value.field == field
    with pytest.raises(Forbidden):
        licences.by_card(session, li, WANG_ID, "disability_card", purpose="x", now=NOW)
    nobody = licences.by_card(session, CLERK, "110101199003070791", "disability_card", purpose="x", now=NOW)
    assert nobody.verdict.reasons[0].code == "person_refused"
    stranger = licences.by_card(session, officer("tax", "window_clerk"), LI_ID, "disability_card", purpose="x", now=NOW)
    assert stranger.verdict.reasons[0].code == "person_refused"


def test_holders_are_told_in_time_and_once_at_each_distance(session: Session, city: City) -> None:
    give(session, city, "residence_permit", "wang")
    wang = citizen(city["wang"])

    def told(days: int) -> int:
        licences.remind(session, now=NOW + timedelta(days=days))
        return len([one for one in share.notices(session, wang) if one.kind == "licence_ending"])

    assert [told(days) for days in (100, 340, 341, 358, 360, 370)] == [0, 1, 1, 2, 2, 2]
