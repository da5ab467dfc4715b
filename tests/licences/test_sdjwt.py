"""Selective disclosure: the reference implementation's own cases, and every refusal that RFC 9901 names."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.shared_data import BESIDE, shared

from datong.licences import sdjwt
from datong.licences.jose import ForgedError, SigningKey, b64, b64_each, compact_json, sign_jws, unb64
from datong.licences.sdjwt import Hidden, Proof, digest_of, issue, open_sd_jwt, present

KEY, HOLDER = SigningKey.new("k1"), SigningKey.new()


def key_of(_: Any) -> Any:
    return KEY.public


class Cases(yaml.SafeLoader):
    """Reads `!sd` as the reference cases mean it: this key or this element may be hidden."""


class Sd:
    def __init__(self, value: Any) -> None:
        self.value = value


def _tagged(loader: Any, node: Any) -> Sd:
    if isinstance(node, yaml.ScalarNode):
        tag = loader.resolve(yaml.ScalarNode, node.value, (node.style is None, True))
        return Sd(loader.construct_object(yaml.ScalarNode(tag, node.value)))
    if isinstance(node, yaml.SequenceNode):
        return Sd(loader.construct_sequence(node, deep=True))
    return Sd(_mapping(loader, node))


def _mapping(loader: Any, node: Any) -> dict[Any, Any]:
    found = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        value = loader.construct_object(value_node, deep=True)
        found.update({key.value: Hidden(value)} if isinstance(key, Sd) else {key: value})
    return found


Cases.add_constructor("!sd", _tagged)
Cases.add_constructor("tag:yaml.org,2002:map", _mapping)


def _claims(value: Any) -> Any:
    if isinstance(value, Hidden | Sd):
        return Hidden(_claims(value.value))
    if isinstance(value, dict):
        return {key: _claims(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_claims(item) for item in value]
    return value


def _shown(value: Any, chosen: Any, found: list[Any]) -> None:
    """The wrapped values that a case's `holder_disclosed_claims` lets be seen."""
    if isinstance(value, Hidden):
        if chosen is False or chosen is None:
            return
        found.append(value)
        _shown(value.value, chosen, found)
    elif isinstance(value, dict):
        for key, item in value.items():
            _shown(item, chosen.get(key) if isinstance(chosen, dict) else (chosen or None), found)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            pick = chosen[number] if isinstance(chosen, list) and number < len(chosen) else (True if chosen is True else None)
            _shown(item, pick, found)


def _cases(folder: str) -> list[Path]:
    root = BESIDE / "licences" / "sd-jwt" / folder
    return sorted(root.glob("*/specification.yml"))


@pytest.mark.parametrize("name", ["tests/testcases", "examples"])
def test_the_reference_cases_verify_to_what_they_say(name: str) -> None:
    checked = 0
    for path in sorted(shared("licences", "sd-jwt", name).glob("*/specification.yml")):
        case = yaml.load(path.read_text(encoding="utf-8"), Loader=Cases)
        claims = _claims(case["user_claims"])
        text = issue(KEY, claims)
        chosen: list[Any] = []
        _shown(claims, case.get("holder_disclosed_claims", {}), chosen)
        opened = open_sd_jwt(present(text, _matching(claims, text, chosen)), key_of)
        if (expected := case.get("expect_verified_user_claims")) is not None:
            assert json.loads(json.dumps(opened.claims, default=str)) == json.loads(json.dumps(expected, default=str)), path.parent.name
            checked += 1
    assert checked >= (13 if name.startswith("tests") else 0)


def _matching(claims: Any, text: str, chosen: list[Any]) -> list[sdjwt.Disclosure]:
    """The disclosures of these wrapped values: they are written inside out, in the order in which they are met."""
    order: list[Any] = []

    def walk(value: Any) -> None:
        if isinstance(value, Hidden):
            walk(value.value)
            order.append(value)
        elif isinstance(value, dict):
            for item in value.values():
                walk(item)
        elif isinstance(value, list):
            for item in value:
                walk(item)

    walk(claims)
    _, disclosures = sdjwt.disclosures_of(text)
    return [one for value, one in zip(order, disclosures, strict=True) if any(value is other for other in chosen)]


NAMES = st.text("abcdefgh", min_size=1, max_size=3)
VALUES = st.recursive(
    st.one_of(st.integers(-5, 5), st.text("王x", max_size=3), st.booleans(), st.none()),
    lambda inner: st.one_of(
        st.lists(st.one_of(inner, inner.map(Hidden)), max_size=3),
        st.dictionaries(NAMES, st.one_of(inner, inner.map(Hidden)), max_size=3),
    ),
    max_leaves=12,
)


def _plain(value: Any) -> Any:
    if isinstance(value, Hidden):
        return _plain(value.value)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(NAMES, st.one_of(VALUES, VALUES.map(Hidden)), max_size=4))
def test_all_shown_is_what_was_written_and_none_shown_keeps_every_hidden_value(claims: dict[str, Any]) -> None:
    text = issue(KEY, claims)
    assert open_sd_jwt(text, key_of).claims == _plain(claims)
    bare = open_sd_jwt(present(text, ()), key_of).claims
    assert all(not isinstance(value, Hidden) or name not in bare for name, value in claims.items())


def _bound() -> str:
    claims = {"cnf": {"jwk": HOLDER.public.jwk()}, "name": Hidden("王小明"), "born": Hidden("1985-01-01")}
    text = issue(KEY, claims)
    return present(text, sdjwt.named(sdjwt.disclosures_of(text)[1], ["name"]), HOLDER, Proof("counter-1", "n1", 1_000))


def test_a_holder_shows_one_claim_and_proves_that_it_is_she() -> None:
    opened = open_sd_jwt(_bound(), key_of)
    assert opened.claims["name"] == "王小明"
    assert "born" not in opened.claims
    assert opened.binding is not None
    assert (opened.binding["aud"], opened.binding["nonce"]) == ("counter-1", "n1")


def test_every_single_bent_sign_is_refused() -> None:
    text, draw = _bound(), random.Random(7)
    signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_~."
    for place in range(len(text)):
        for char in draw.sample(signs, 2):
            if char != text[place]:
                with pytest.raises(ForgedError):
                    open_sd_jwt(text[:place] + char + text[place + 1 :], key_of)


def test_leaving_out_or_doubling_any_sign_is_refused() -> None:
    text = _bound()
    for place in range(len(text)):
        for bent in (text[:place] + text[place + 1 :], text[:place] + text[place] + text[place:]):
            if bent != text:
                with pytest.raises(ForgedError):
                    open_sd_jwt(bent, key_of)


def _signed(payload: Any, *disclosures: str, typ: str = "dc+sd-jwt") -> str:
    return "~".join((sign_jws(KEY, {"typ": typ}, compact_json(payload)), *disclosures, ""))


def _disclosure(*parts: Any) -> str:
    return b64(compact_json(list(parts)).encode())


ONE, ELEMENT = _disclosure("s", "name", "王"), _disclosure("s", "王")


def _refusals() -> Iterator[tuple[str, str, str]]:
    d = digest_of
    yield "unknown_disclosure", _signed({"a": 1}), ONE
    yield "duplicate_disclosure", _signed({"_sd": [d(ONE)]}), f"{ONE}~{ONE}"
    yield "duplicate_digest", _signed({"_sd": [d(ONE), d(ONE)]}), ONE
    yield "duplicate_digest", _signed({"_sd": ["x"], "a": {"_sd": ["x"]}}), ""
    yield "duplicate_claim", _signed({"name": "李", "_sd": [d(ONE)]}), ONE
    yield "disclosure", _signed({"_sd": [d(ELEMENT)]}), ELEMENT
    yield "disclosure", _signed({"a": [{"...": d(ONE)}]}), ONE
    yield "disclosure", _signed({"_sd": [d(_disclosure("s", "_sd", 1))]}), _disclosure("s", "_sd", 1)
    yield "disclosure", _signed({"_sd": [d(_disclosure("s", "...", 1))]}), _disclosure("s", "...", 1)
    yield "disclosure", _signed({"_sd": [d(_disclosure(1, "a", 1))]}), _disclosure(1, "a", 1)
    yield "disclosure", _signed({"_sd": [d(_disclosure("s"))]}), _disclosure("s")
    yield "reserved_name", _signed({"_sd": [d(_disclosure("s", "status", 1))]}), _disclosure("s", "status", 1)
    yield "reserved_name", _signed({"a": [{"...": "x", "b": 1}]}), ""
    yield "reserved_name", _signed({"a": {"...": "x"}}), ""
    yield "digest", _signed({"_sd": "x"}), ""
    yield "digest", _signed({"_sd": [1]}), ""
    yield "algorithm", _signed({"_sd_alg": "sha-1", "_sd": [d(ONE)]}), ONE
    yield "type", _signed({"a": 1}, typ="jwt"), ""
    yield "depth", _signed({"a": json.loads("[" * 60 + "]" * 60)}), ""
    yield "form", _signed({"a": 1})[:-1], ""


@pytest.mark.parametrize(("why", "text", "disclosures"), list(_refusals()))
def test_each_refusal_of_the_standard(why: str, text: str, disclosures: str) -> None:
    whole = text + disclosures + "~" if disclosures else text
    with pytest.raises(ForgedError) as caught:
        open_sd_jwt(whole, key_of)
    assert caught.value.why == why


def test_a_key_that_stands_twice_an_unsigned_text_and_another_algorithm_are_refused() -> None:
    for raw in ('{"a":1,"a":2}', '{"a":NaN}', "[1]", "not json"):
        with pytest.raises(ForgedError):
            open_sd_jwt(sign_jws(KEY, {"typ": "dc+sd-jwt"}, raw) + "~", key_of)
    header, payload, signature = _signed({"a": 1}).rstrip("~").split(".")
    for change in ({"alg": "none"}, {"alg": "HS256"}, {"crit": ["x"]}):
        bent = b64(compact_json(json.loads(unb64(header)) | change).encode())
        with pytest.raises(ForgedError):
            open_sd_jwt(f"{bent}.{payload}.{signature}~", key_of)
        with pytest.raises(ForgedError):
            open_sd_jwt(f"{bent}.{payload}.~", key_of)


def test_a_proof_for_other_disclosures_or_by_another_key_is_refused() -> None:
    claims = {"cnf": {"jwk": HOLDER.public.jwk()}, "name": Hidden("王小明"), "born": Hidden("1985-01-01")}
    text = issue(KEY, claims)
    _, disclosures = sdjwt.disclosures_of(text)
    one = present(text, disclosures[:1], HOLDER, Proof("a", "n", 1))
    proof = one.rsplit("~", 1)[1]
    for bent in (present(text, disclosures) + proof, present(text, ()) + proof, present(text, disclosures[:1], KEY, Proof("a", "n", 1))):
        with pytest.raises(ForgedError):
            open_sd_jwt(bent, key_of)
    unbound = issue(KEY, {"name": "x"})
    with pytest.raises(ForgedError):
        open_sd_jwt(present(unbound, (), HOLDER, Proof("a", "n", 1)), key_of)


@given(st.lists(st.binary(max_size=70), max_size=20))
def test_many_are_encoded_as_each_alone(parts: list[bytes]) -> None:
    assert b64_each(parts) == [b64(one) for one in parts]


def test_a_keys_public_half_is_the_one_it_has() -> None:
    for _ in range(20):
        key = SigningKey.new()
        numbers = key.key.public_key().public_numbers()
        assert key.public.point == b"\x04" + numbers.x.to_bytes(32) + numbers.y.to_bytes(32)
        assert SigningKey.from_der(key.der()).public == key.public
