"""Answers encrypted to the asker: an agreement that demands it gives systems nothing otherwise; an outside library opens what we seal."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import ECKey

from datong import share
from datong.domain.access import Actor, Key, Question
from datong.domain.errors import BadValue
from datong.share.load import load_sharing
from datong.share.policy import Policy
from datong.spec import load_packs

SHARING = load_sharing(load_packs(Path(__file__).parents[2] / "packs"))
BY_SYSTEM = next(
    one for one in SHARING.agreements.values()
    if one.systems and "look_up" in one.operations and "citizen_id" in one.keys and not one.rows.domain and not one.reason_required
)  # fmt: skip
TODAY = BY_SYSTEM.valid_from


def decided(encrypted: bool, question: Question, kind: str = "system") -> Any:
    sharing = replace(SHARING, agreements={BY_SYSTEM.code: replace(BY_SYSTEM, encrypted=encrypted)})
    actor = Actor("key_1", "x", kind, BY_SYSTEM.requesting[0], agreements=frozenset((BY_SYSTEM.code,)), jurisdiction=("",))
    return Policy(sharing, {}).decide(actor, question, TODAY)


@pytest.mark.parametrize("operation", ["look_up"])
def test_an_agreement_that_demands_it_gives_a_system_nothing_in_the_open(operation: str) -> None:
    key = Key("citizen_id", "370303199002020020")
    question = Question(BY_SYSTEM.purpose, operation, BY_SYSTEM.register, key)
    assert decided(False, question).allowed
    refused = decided(True, question)
    assert not refused.allowed
    assert [one.code for one in refused.grounds] == ["encryption_missing"]
    assert decided(True, replace(question, encrypted=True)).allowed


def test_an_outside_library_opens_what_we_seal_and_no_byte_of_it_can_be_changed() -> None:
    jwcrypto_jwe = pytest.importorskip("jwcrypto.jwe")
    jwcrypto_jwk = pytest.importorskip("jwcrypto.jwk")
    theirs = jwcrypto_jwk.JWK.generate(kty="EC", crv="P-256")
    text = share.EncryptionKey.read(theirs.export_public(as_dict=True)).encrypt("李梅".encode())
    opened = jwcrypto_jwe.JWE(algs=["ECDH-ES", "A256GCM"])
    opened.deserialize(text, theirs)
    assert opened.payload.decode() == "李梅"
    assert "李梅" not in text
    for place in range(0, len(text) - 2, 7):
        if text[place] == ".":
            continue
        bent = text[:place] + chr(ord(text[place]) ^ 1) + text[place + 1 :]
        with pytest.raises(Exception):  # noqa: B017 - the library raises what comes to hand
            jwcrypto_jwe.JWE(algs=["ECDH-ES", "A256GCM"]).deserialize(bent, theirs)


@pytest.mark.parametrize(
    "bent",
    [
        {},
        {"kty": "EC", "crv": "P-384"},
        {"kty": "EC", "crv": "P-256", "x": "A" * 43, "y": "B" * 43},
        ECKey.generate_key("P-256").as_dict(private=True),
    ],
)
def test_what_is_no_public_key_is_refused(bent: dict[str, str]) -> None:
    with pytest.raises(BadValue, match="encrypt_to"):
        share.EncryptionKey.read(bent)
