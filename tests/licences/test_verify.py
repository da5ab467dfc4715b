"""Verifying: what is genuine passes, whatever is bent does not, and an outdated list is no answer."""

from __future__ import annotations

import json
import random
from datetime import timedelta

import pytest
from tests.licences.licensed import give, issuer
from tests.share.city import NOW, City

from datong import licences
from datong.domain.errors import BadValue
from datong.licences import Doing, SigningKey
from datong.licences.jose import compact_json, open_jws, sign_jws
from datong.store import Session


def _offline(session: Session) -> licences.Statuses:
    return licences.read_bundle(json.dumps(licences.bundle(session, now=NOW)))


def test_no_bent_sign_of_a_licence_is_accepted(session: Session, city: City) -> None:
    text, trust, draw = give(session, city, "disability_card", "li").credential, _offline(session), random.Random(5)
    assert licences.verify(text, trust, now=NOW).good
    signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_~."
    for place in range(len(text)):
        char = draw.choice(signs.replace(text[place], ""))
        assert licences.verify(text[:place] + char + text[place + 1 :], trust, now=NOW).outcome == "forged", place


def test_a_list_older_than_a_day_is_no_answer(session: Session, city: City) -> None:
    made = give(session, city, "disability_card", "li")
    trust = _offline(session)
    assert licences.verify(made.credential, trust, now=NOW + timedelta(hours=23)).good
    late = licences.verify(made.credential, trust, now=NOW + timedelta(hours=25))
    assert (late.outcome, late.reasons[-1].code) == ("unsure", "old_list")


def test_a_licence_of_a_list_one_does_not_carry_is_no_answer(session: Session, city: City) -> None:
    give(session, city, "residence_permit", "wang")
    trust = _offline(session)
    made = give(session, city, "disability_card", "li")
    assert licences.verify(made.credential, trust, now=NOW).reasons[-1].code in ("unknown_issuer", "no_list")


def test_one_department_cannot_sign_for_another(session: Session, city: City) -> None:
    give(session, city, "residence_permit", "wang")
    made = give(session, city, "disability_card", "li")
    trust = _offline(session)
    signed = made.credential.split("~", 1)[0]
    _, raw, _, _ = open_jws(signed)
    from datong.licences.keys import signing_key

    forged = sign_jws(signing_key(session, "police", NOW), {"typ": "dc+sd-jwt"}, raw) + "~"
    verdict = licences.verify(forged, trust, now=NOW)
    assert (verdict.outcome, verdict.reasons[0].code) == ("forged", "wrong_issuer")
    stranger = sign_jws(SigningKey.new("police-1"), {"typ": "dc+sd-jwt"}, raw) + "~"
    assert licences.verify(stranger, trust, now=NOW).outcome == "forged"
    unknown = sign_jws(SigningKey.new("nobody-1"), {"typ": "dc+sd-jwt"}, raw) + "~"
    assert licences.verify(unknown, trust, now=NOW).reasons[0].code == "unknown_issuer"


def test_a_rotated_key_signs_and_the_old_one_still_verifies(session: Session, city: City) -> None:
    from tests.licences.licensed import officer

    old = give(session, city, "disability_card", "li")
    assert licences.rotate(session, officer("data", "admin"), "disabled_federation", NOW) == "disabled_federation-2"
    new = give(session, city, "disability_card", "li")
    trust = _offline(session)
    assert open_jws(new.credential.split("~")[0])[0]["kid"] == "disabled_federation-2"
    assert licences.verify(old.credential, trust, now=NOW).good
    assert licences.verify(new.credential, trust, now=NOW).good


def test_a_bent_file_of_lists_is_refused_whole(session: Session, city: City) -> None:
    made = give(session, city, "disability_card", "li")
    licences.act(session, issuer("disability_card"), made.licence_id, Doing("revoke", "冒领"), now=NOW)
    found = licences.bundle(session, now=NOW)
    for bent in ("", "[]", "{}", json.dumps({**found, "form": "x"}), json.dumps({**found, "lists": [found["lists"][0][:-3] + "AAA"]})):
        with pytest.raises(BadValue):
            licences.read_bundle(bent)
    keyless = {**found, "keys": {"keys": [one for one in found["keys"]["keys"] if one["department"] != "city"]}}
    with pytest.raises(BadValue):
        licences.read_bundle(json.dumps(keyless))


def test_anything_at_all_is_answered_not_raised(session: Session, city: City) -> None:
    give(session, city, "disability_card", "li")
    trust = _offline(session)
    header = {"typ": "dc+sd-jwt", "kid": "disabled_federation-1"}
    for text in ("", "~", "a.b.c~", "王", "x" * 300_000, sign_jws(SigningKey.new(), header, compact_json({})) + "~"):
        assert licences.verify(text, trust, now=NOW).outcome == "forged"
