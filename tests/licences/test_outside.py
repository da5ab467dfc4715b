"""An independent library (the reference implementation of SD-JWT) reads what we issue and show, and we read what it makes.

It is for tests alone: nothing of datong needs it at run time.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from typing import Any

import pytest
from tests.licences.licensed import citizen, give
from tests.share.city import NOW, City

from datong import licences
from datong.licences import SigningKey, sdjwt
from datong.licences.jose import ForgedError, b64, open_jws
from datong.licences.sdjwt import Hidden, Proof, issue, open_sd_jwt, present
from datong.store import Session

holder = pytest.importorskip("sd_jwt.holder", reason="the reference implementation of SD-JWT is not installed (pip install sd-jwt)")
issuer = pytest.importorskip("sd_jwt.issuer")
verifier = pytest.importorskip("sd_jwt.verifier")
shared = pytest.importorskip("sd_jwt.common")
jwk = pytest.importorskip("jwcrypto.jwk")

CLAIMS: dict[str, Any] = {
    "iss": "https://city.example",
    "name": Hidden("王小明"),
    "address": Hidden({"street": Hidden("政通路"), "no": "77"}),
    "cards": [Hidden("甲"), "乙", Hidden(["丙", 1, True, None])],
}
PLAIN = {
    "iss": "https://city.example",
    "name": "王小明",
    "address": {"street": "政通路", "no": "77"},
    "cards": ["甲", "乙", ["丙", 1, True, None]],
}
ISSUER, HOLDER = SigningKey.new("k1"), SigningKey.new()


def _theirs(key: SigningKey, secret: bool = False) -> Any:
    """The key as the other library has it."""
    said: dict[str, str] = dict(key.public.jwk())
    if secret:
        said["d"] = b64(key.key.private_numbers().private_value.to_bytes(32))
    return jwk.JWK(**said)


def _verified(text: str, key: SigningKey, audience: str | None = None, nonce: str | None = None) -> dict[str, Any]:
    checked = verifier.SDJWTVerifier(text, lambda *_: _theirs(key), audience, nonce)
    return dict(checked.get_verified_payload())


def test_they_read_what_we_issue_whole_and_in_part() -> None:
    text = issue(ISSUER, CLAIMS)
    assert _verified(text, ISSUER) == PLAIN
    _, disclosures = sdjwt.disclosures_of(text)
    part = _verified(present(text, sdjwt.named(disclosures, ["name"])), ISSUER)
    assert part == {"iss": "https://city.example", "name": "王小明", "cards": ["乙"]}


def test_they_accept_our_holders_proof_and_no_other() -> None:
    text = issue(ISSUER, {**CLAIMS, "cnf": {"jwk": HOLDER.public.jwk()}})
    shown = present(text, sdjwt.disclosures_of(text)[1][:1], HOLDER, Proof("counter", "n1", 1_000))
    assert _verified(shown, ISSUER, "counter", "n1")["iss"] == "https://city.example"
    for audience, nonce in (("other", "n1"), ("counter", "n2")):
        with pytest.raises(ValueError):
            _verified(shown, ISSUER, audience, nonce)


def test_we_read_what_they_issue_and_show() -> None:
    marked = {
        "iss": "https://city.example",
        shared.SDObj("name"): "王小明",
        shared.SDObj("address"): {shared.SDObj("street"): "政通路", "no": "77"},
        "cards": [shared.SDObj("甲"), "乙", shared.SDObj(["丙", 1, True, None])],
    }
    made = issuer.SDJWTIssuer(marked, _theirs(ISSUER, True), _theirs(HOLDER), extra_header_parameters={"typ": "dc+sd-jwt", "kid": "k1"})
    opened = open_sd_jwt(made.sd_jwt_issuance, lambda _: ISSUER.public)
    assert {name: value for name, value in opened.claims.items() if name != "cnf"} == PLAIN
    wallet = holder.SDJWTHolder(made.sd_jwt_issuance)
    wallet.create_presentation({"name": True}, "n1", "counter", _theirs(HOLDER, True))
    shown = open_sd_jwt(wallet.sd_jwt_presentation, lambda _: ISSUER.public)
    assert shown.claims["name"] == "王小明"
    assert "address" not in shown.claims
    assert shown.binding is not None
    with pytest.raises(ForgedError):
        open_sd_jwt(wallet.sd_jwt_presentation.replace("~", "~~", 1), lambda _: ISSUER.public)


def test_they_verify_a_licence_of_the_city(session: Session, city: City) -> None:
    made = give(session, city, "disability_card", "li")
    text = licences.present(session, citizen(city["li"]), made.licence_id, licences.Showing(("level",), "购票", "地铁", "n1"), now=NOW)
    keys = {one["kid"]: one for one in json.loads(json.dumps(licences.jwks(session)))["keys"]}
    public = {name: value for name, value in keys[open_jws(text.split("~")[0])[0]["kid"]].items() if name in ("kty", "crv", "x", "y")}
    checked = verifier.SDJWTVerifier(text, lambda *_: jwk.JWK(**public), "地铁", "n1").get_verified_payload()
    assert (checked["level"], checked["identifier"]) == ("二级", made.identifier)
    assert "kind" not in checked


@pytest.mark.slow
def test_no_byte_of_a_shown_licence_can_be_changed_unseen_by_us_or_by_them() -> None:
    claims = {"iss": "https://city.example", "level": Hidden("二级"), "cnf": {"jwk": HOLDER.public.jwk()}}
    text = issue(ISSUER, claims)
    shown = present(text, sdjwt.disclosures_of(text)[1], HOLDER, Proof("counter", "n1", 1_000))
    assert open_sd_jwt(shown, lambda _: ISSUER.public).claims["level"] == _verified(shown, ISSUER, "counter", "n1")["level"] == "二级"
    for place in range(len(shown)):
        for flip in (1, 2, 32):
            bent = shown[:place] + chr(ord(shown[place]) ^ flip) + shown[place + 1 :]
            with pytest.raises(ForgedError):
                open_sd_jwt(bent, lambda _: ISSUER.public)
            if _meaning(bent) != _meaning(shown):  # bits that fill a last character up say nothing: they read them over, we refuse them too
                _refused_by_them(bent)


def _meaning(text: str) -> list[bytes]:
    """What the parts of a text decode to, as a careless reader has it: spare bits at the end are read over."""
    return [_careless(part) for part in text.replace("~", ".").split(".")]


def _careless(part: str) -> bytes:
    try:
        return urlsafe_b64decode(f"{part}===")
    except ValueError:
        return part.encode()


def _refused_by_them(text: str) -> None:
    """Their library raises whatever comes to hand; what it must not do is to answer."""
    try:
        said = _verified(text, ISSUER, "counter", "n1")
    except Exception:
        return
    raise AssertionError(f"accepted, with {sorted(said)}")
