"""Policies are read as the specification says, refused by line, and count each witness once."""

from __future__ import annotations

from itertools import chain, combinations

import pytest
from tests.ledger.sample import OTHER_SIGNER, SIGNER, write
from tests.ledger.witnesses import AT, cosigner, policy, policy_text

from datong import ledger, store
from datong.domain.errors import BadSettings, BrokenLedger

LOG = f"log {SIGNER.verifier}"
NESTED = "\n".join(
    [
        "# who must have seen it",
        f"\t{LOG}  https://city.example/tlog/",
        "",
        *(f"witness {name} {cosigner(name).key}" for name in ("x1", "x2", "x3", "审计局")),
        "group xs 2 x1 x2 x3",
        "group both all xs 审计局",
        "quorum both",
    ]
)
NAMES = ("x1", "x2", "x3", "审计局")


def test_a_nested_quorum_is_reached_by_just_the_right_sets() -> None:
    read = ledger.parse_policy(NESTED)
    assert read.urls == {SIGNER.name: "https://city.example/tlog"}
    assert read.wanted() == "2 of (2 of x1, x2, x3), 审计局"
    for some in chain.from_iterable(combinations(NAMES, size) for size in range(5)):
        assert read.reached(set(some)) == ("审计局" in some and len(some) >= 3)


def test_any_all_one_witness_and_none() -> None:
    witnesses = "\n".join(f"witness {name} {cosigner(name).key}" for name in ("a", "b"))
    assert ledger.parse_policy(f"{witnesses}\ngroup g any a b\nquorum g").reached({"b"})
    assert not ledger.parse_policy(f"{witnesses}\ngroup g all a b\nquorum g").reached({"b"})
    assert not ledger.parse_policy(f"{witnesses}\nquorum a").reached({"b"})
    assert ledger.parse_policy("quorum none\n").reached(set())


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("", "", "no quorum line"),
        ("watch a\nquorum none", "line 1", "is no line of a policy"),
        ("quorum none\nquorum none", "line 2", "said twice"),
        ("quorum a", "line 1", "no line before it defines"),
        (f"{LOG}\n{LOG}\nquorum none", "line 2", "stands here already"),
        (f"log {cosigner('a').key}\nquorum none", "line 1", "Ed25519"),
        (f"witness a {SIGNER.verifier}\nquorum a", "line 1", "no witness's key"),
        (f"witness none {cosigner('a').key}\nquorum none", "line 1", "name is taken"),
        (f"witness a {cosigner('a').key}\nwitness b {cosigner('a').key}\nquorum a", "line 2", "stands here already"),
        (f"witness a {cosigner('a').key} ftp://a\nquorum a", "line 1", "address is none"),
        (f"witness a {cosigner('a').key}\ngroup g 2 a\nquorum g", "line 2", "1 to 1"),
        (f"witness a {cosigner('a').key}\ngroup g 0 a\nquorum g", "line 2", "1 to 1"),
        (f"witness a {cosigner('a').key}\ngroup g any\nquorum g", "line 2", "too few words"),
        (f"witness a {cosigner('a').key}\ngroup g any b\nquorum g", "line 2", "no line before it defines"),
        (f"witness a {cosigner('a').key}\ngroup g any a\ngroup h any a\nquorum g", "line 3", "a group has already"),
        ("quorum none\r\n", "", "control character"),
    ],
)
def test_a_wrong_line_is_named(text: str, line: str, why: str) -> None:
    with pytest.raises(BadSettings, match=why) as caught:
        ledger.parse_policy(text)
    assert line in caught.value.message


def test_a_checkpoint_is_held_against_it(sqlite_store: store.Store) -> None:
    write(sqlite_store, 3)
    with sqlite_store.session(read_only=True) as session:
        note = ledger.newest_checkpoint(session) or ""
    body = note.partition("\n\n")[0] + "\n"
    audit, police, other = (cosigner(name).cosign(body, AT) for name in ("audit", "police", "other"))
    two = policy("audit", "police", "housing", needed=2)
    assert not two.check(note + audit + audit + other).quorum
    trusted = two.check(note + audit + police + other)
    assert trusted.quorum and [one.name for one in trusted.cosigned] == ["audit", "police"]
    assert trusted.cosigned[0].seconds == AT and trusted.checkpoint.size == 3
    with pytest.raises(BrokenLedger, match="2 of audit, police, housing; audit cosigned"):
        two.require(note + audit)
    forged = cosigner("police").cosign(body.replace("\n3\n", "\n4\n"), AT)
    with pytest.raises(BrokenLedger, match=r"police\.example/witness does not belong"):
        two.check(note + audit + forged)
    with pytest.raises(BrokenLedger, match="None of the expected keys of a log"):
        ledger.parse_policy(policy_text("audit", needed=1, log=OTHER_SIGNER.verifier)).check(note + audit)


def test_the_policy_of_a_city_is_read_from_its_home(sqlite_store: store.Store, tmp_path) -> None:
    from datong.settings import load_settings

    home = tmp_path / "city"
    home.mkdir()
    assert ledger.load_policy(load_settings(home, {})) is None
    (home / "ledger.policy").write_text(policy_text("audit", needed=1), encoding="utf-8")
    found = ledger.load_policy(load_settings(home, {}))
    assert found is not None and found.wanted() == "1 of audit"
    with pytest.raises(BadSettings, match="ledger_policy"):
        ledger.load_policy(load_settings(home, {}, ledger_policy=str(home / "nowhere")))
