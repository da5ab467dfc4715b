"""Wallets of others: a licence taken over by a code and a number, shown by a DCQL query; each step good once, each slip refused."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from tests.licences.licensed import citizen, give, issuer, officer
from tests.share.city import NOW, City

from datong import licences
from datong.domain.errors import BadValue, Missing
from datong.licences import Doing, OpenIdError, SigningKey, sdjwt
from datong.licences.jose import compact_json, open_jws, read_json, sign_jws
from datong.licences.sdjwt import Proof
from datong.store import Session

GRANT = "urn:ietf:params:oauth:grant-type:pre-authorized_code"
ISSUER = "https://datong.example/city"
WALLET = SigningKey.new()
ASKER = officer("transport")


def _code(offer: licences.Offer) -> str:
    said = json.loads(unquote(parse_qs(urlsplit(offer.uri).query)["credential_offer"][0]))
    assert said["credential_configuration_ids"] == ["disability_card"]
    return str(said["grants"][GRANT]["pre-authorized_code"])


def _token(session: Session, offer: licences.Offer, pin: str = "") -> str:
    form = {"grant_type": GRANT, "pre-authorized_code": _code(offer), "tx_code": pin or offer.pin}
    return str(licences.openid_token(session, form, now=NOW)["access_token"])


def _proof(session: Session, key: SigningKey = WALLET, **changes: Any) -> str:
    said = {"aud": ISSUER, "iat": int(NOW.timestamp()), "nonce": licences.openid_nonce(session, now=NOW)["c_nonce"]} | changes
    return sign_jws(key, {"typ": "openid4vci-proof+jwt", "jwk": key.public.jwk()}, compact_json(said))


def _body(proof: str, kind: str = "disability_card") -> dict[str, Any]:
    return {"credential_configuration_id": kind, "proofs": {"jwt": [proof]}}


def _taken(session: Session, city: City) -> tuple[licences.Licence, str]:
    made = give(session, city, "disability_card", "li")
    offer = licences.openid_offer(session, citizen(city["li"]), made.licence_id, now=NOW)
    access = _token(session, offer)
    found = licences.openid_credential(session, access, _body(_proof(session)), now=NOW)
    with pytest.raises(OpenIdError):
        licences.openid_credential(session, access, _body(_proof(session)), now=NOW)
    return made, str(found["credentials"][0]["credential"])


def _query(**changes: Any) -> dict[str, Any]:
    one = {
        "id": "card",
        "format": "dc+sd-jwt",
        "meta": {"vct_values": [f"{ISSUER}/licence-types/disability_card"]},
        "claims": [{"path": ["level"]}],
    }
    return {"credentials": [one | changes]}


def _shown(session: Session, text: str, request: str, names: tuple[str, ...] = ("level",)) -> str:
    said = read_json(open_jws(licences.openid_request(session, request, now=NOW))[1])
    _, disclosures = sdjwt.disclosures_of(text)
    proof = Proof(said["client_id"], said["nonce"], int(NOW.timestamp()))
    return sdjwt.present(text, sdjwt.named(disclosures, names), WALLET, proof)


def test_taken_into_another_wallet_and_shown_from_there(session: Session, city: City) -> None:
    made, text = _taken(session, city)
    assert text != made.credential
    request = licences.openid_ask(session, ASKER, _query(), "免费乘车", now=NOW)["request_id"]
    assert licences.openid_result(session, ASKER, request, now=NOW)["state"] == "waiting"
    licences.openid_respond(session, request, json.dumps({"card": [_shown(session, text, request)]}), now=NOW)
    with pytest.raises(Missing):
        licences.openid_result(session, officer("police"), request, now=NOW)
    first = licences.openid_result(session, ASKER, request, now=NOW)
    assert first["answers"]["card"]["claims"] == {"level": "二级"}
    assert first["answers"]["card"]["outcome"] == "valid"
    assert licences.openid_result(session, ASKER, request, now=NOW) == {"state": "taken", "answers": {}}
    used = licences.uses(session, citizen(city["li"]), now=NOW)
    assert [(one.how, one.department, one.purpose) for one in used] == [("protocol", "transport", "免费乘车")]


def test_a_copy_in_another_wallet_ends_with_the_licence(session: Session, city: City) -> None:
    made, text = _taken(session, city)
    licences.act(session, issuer("disability_card"), made.licence_id, Doing("revoke", "冒领"), now=NOW)
    assert licences.check_text(session, None, text, now=NOW).verdict.outcome == "revoked"


def test_a_code_takes_its_number_and_three_wrong_ones_end_it(session: Session, city: City) -> None:
    made = give(session, city, "disability_card", "li")
    offer = licences.openid_offer(session, citizen(city["li"]), made.licence_id, now=NOW)
    for _ in range(3):
        with pytest.raises(OpenIdError):
            _token(session, offer, "x")
    with pytest.raises(OpenIdError):
        _token(session, offer)
    with pytest.raises(Missing):
        licences.openid_offer(session, citizen(city["wang"]), made.licence_id, now=NOW)


def test_each_bent_proof_is_refused_by_its_word(session: Session, city: City) -> None:
    made = give(session, city, "disability_card", "li")
    access = _token(session, licences.openid_offer(session, citizen(city["li"]), made.licence_id, now=NOW))
    used = licences.openid_nonce(session, now=NOW - timedelta(minutes=11))["c_nonce"]
    for proof, word in (
        (_proof(session, aud="https://elsewhere"), "invalid_proof"),
        (_proof(session, iat=0), "invalid_proof"),
        (_proof(session, nonce="made up"), "invalid_nonce"),
        (_proof(session, nonce=used), "invalid_nonce"),
        (_proof(session)[:-4] + "AAAA", "invalid_proof"),
        ("nonsense", "invalid_proof"),
    ):
        with pytest.raises(OpenIdError) as caught:
            licences.openid_credential(session, access, _body(proof), now=NOW)
        assert caught.value.error == word
    for token, body, word in (
        ("no token", _body(_proof(session)), "invalid_token"),
        (access, _body(_proof(session), "food_business"), "unknown_credential_configuration"),
        (access, {"credential_configuration_id": "disability_card"}, "invalid_proof"),
    ):
        with pytest.raises(OpenIdError) as caught:
            licences.openid_credential(session, token, body, now=NOW)
        assert caught.value.error == word
    assert licences.openid_credential(session, access, _body(_proof(session)), now=NOW)["credentials"]


def test_an_answer_that_is_not_what_was_asked_is_refused(session: Session, city: City) -> None:
    made, text = _taken(session, city)
    request = licences.openid_ask(session, ASKER, _query(), "免费乘车", now=NOW)["request_id"]
    other = licences.openid_ask(session, ASKER, _query(), "免费乘车", now=NOW)["request_id"]
    good = _shown(session, text, request)
    for answer in (
        "", "[]", "{}", json.dumps({"card": good}), json.dumps({"card": [good], "more": [good]}),
        json.dumps({"card": [_shown(session, text, request, ("kind",))]}),
        json.dumps({"card": [_shown(session, text, other)]}),
        json.dumps({"card": [good.rsplit("~", 1)[0] + "~"]}),
        json.dumps({"card": [made.credential]}),
    ):  # fmt: skip
        with pytest.raises(OpenIdError):
            licences.openid_respond(session, request, answer, now=NOW)
    licences.openid_respond(session, request, json.dumps({"card": [good]}), now=NOW)
    with pytest.raises(Missing):
        licences.openid_respond(session, request, json.dumps({"card": [good]}), now=NOW)


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"credentials": []},
        {"credentials": [1]},
        {"credentials": [], "credential_sets": []},
        _query(format="mso_mdoc"),
        _query(meta={}),
        _query(claims=[{"path": ["a", "b"]}]),
        _query(claims=[{"path": ["a"], "values": ["x"]}]),
        {"credentials": _query()["credentials"] * 2},
    ],
)
def test_what_is_not_spoken_of_the_query_language_is_refused(session: Session, city: City, query: dict[str, Any]) -> None:
    with pytest.raises(BadValue):
        licences.openid_ask(session, ASKER, query, "x", now=NOW)


def test_the_metadata_names_every_type_that_is_issued(session: Session) -> None:
    found = licences.openid_metadata(session)
    assert len(found["credential_configurations_supported"]) == sum(one.live for one in licences.types(session).values())
