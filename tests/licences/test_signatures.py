"""People's signatures: given with a confirmation only, good for one document only, and verified without the city too."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest
from tests.licences.licensed import citizen, officer
from tests.share.city import NOW, City

from datong import licences, share
from datong.domain.errors import BadValue, Forbidden, Missing
from datong.store import Session

DOCUMENT = "退税申请书\n金额：壹佰元".encode()
DIGEST = sha256(DOCUMENT).hexdigest()


def _signed(session: Session, city: City) -> licences.Signature:
    li = citizen(city["li"])
    asked = licences.ask_signature(session, officer("tax"), city["li"], DIGEST, "退税申请书", case="T1", now=NOW)
    return licences.sign_document(session, li, asked.signature_id, confirmed=True, now=NOW)


def test_a_department_asks_the_person_signs_and_anybody_verifies(session: Session, city: City) -> None:
    signed = _signed(session, city)
    text = licences.signature_file(session, signed)
    for where in (None, session):
        verdict = licences.verify_signature(text, DOCUMENT, where)
        assert verdict.good, verdict
        assert verdict.title == "退税申请书"
    assert licences.verify_signature(text, DOCUMENT + b" ", session).outcome == "different"
    assert "signature_asked" in [one.kind for one in share.notices(session, citizen(city["li"]))]


def test_no_bent_sign_of_a_signature_is_accepted(session: Session, city: City) -> None:
    text = licences.signature_file(session, _signed(session, city))
    jws = json.loads(text)["jws"]
    for place in range(len(jws)):
        bent = jws[:place] + ("A" if jws[place] != "A" else "B") + jws[place + 1 :]
        assert licences.verify_signature(text.replace(jws, bent), DOCUMENT).outcome == "forged"
    for nonsense in ("", "[]", "{}", '{"jws": 1, "key": {}}'):
        assert licences.verify_signature(nonsense, DOCUMENT).outcome == "forged"


def test_a_key_of_ones_own_making_is_not_the_citys_on_record(session: Session, city: City) -> None:
    _signed(session, city)
    key = licences.SigningKey.new()
    from datong.licences.jose import sign_jws

    kid = key.public.thumbprint()
    jws = sign_jws(licences.SigningKey(key.key, kid), {"typ": "document-signature+jws"}, json.dumps({"iat": 0, "sha256": DIGEST}))
    text = json.dumps({"jws": jws, "key": key.public.jwk() | {"kid": kid}})
    assert licences.verify_signature(text, DOCUMENT, session).outcome == "forged"


def test_nothing_is_signed_unconfirmed_twice_or_by_another(session: Session, city: City) -> None:
    li, tax = citizen(city["li"]), officer("tax")
    asked = licences.ask_signature(session, tax, city["li"], DIGEST, "退税申请书", now=NOW)
    with pytest.raises(Forbidden):
        licences.sign_document(session, li, asked.signature_id, confirmed=False, now=NOW)
    for stranger in (citizen(city["wang"]), tax):
        with pytest.raises(Missing):
            licences.sign_document(session, stranger, asked.signature_id, confirmed=True, now=NOW)
    licences.refuse_signature(session, li, asked.signature_id, now=NOW)
    with pytest.raises(BadValue):
        licences.sign_document(session, li, asked.signature_id, confirmed=True, now=NOW)
    assert "signature_refused" in [one.kind for one in share.department_notices(session, tax)]
    for digest, title in (("x", "y"), (DIGEST, "")):
        with pytest.raises(BadValue):
            licences.ask_signature(session, li, city["li"], digest, title, now=NOW)
    with pytest.raises(Forbidden):
        licences.ask_signature(session, li, city["wang"], DIGEST, "y", now=NOW)


def test_an_ended_key_is_replaced_and_what_it_signed_still_verifies(session: Session, city: City) -> None:
    first = _signed(session, city)
    assert licences.end_signing_key(session, citizen(city["li"]), now=NOW) == 1
    second = _signed(session, city)
    assert first.kid != second.kid
    for one in (first, second):
        assert licences.verify_signature(licences.signature_file(session, one), DOCUMENT, session).good
