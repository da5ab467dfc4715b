"""What-if shows just what the door would show, of nobody: masks, jurisdiction and conditions alike, and no read of the registers."""

from __future__ import annotations

import pytest
from tests.share.asking import ASKS_HEAD, GIVES_HEAD, MANAGER, STRANGER, agreed, drafted, somebody
from tests.share.city import NOW, City

from datong import share
from datong.domain.errors import BadValue, Missing
from datong.store import Session


def seen(session: Session, about: str, sample: str = "home", role: str = "officer", area: tuple[str, ...] = ("370303",), who=MANAGER):
    return share.what_if(session, who, share.Supposed(about, sample, role, area), now=NOW)


def test_before_signing_it_shows_the_masked_entry(session: Session):
    number = drafted(session)
    found = seen(session, number, who=ASKS_HEAD)
    assert found.entry is not None
    shown = {one.field: (one.value, one.masked) for one in found.entry.facts}
    assert shown == {
        "standard_address": ("淄博市样例区样例路1号1号楼1单元101室", False),
        "use": ("residential", False),
        "area": ("89.50", False),
        "owner_name": ("甄**", True),
    }
    assert "owner_citizen_id" in found.compared


def test_another_area_another_post_and_another_condition_see_nothing_and_say_why(session: Session):
    number = drafted(session)
    assert [one.code for one in seen(session, number, "home_elsewhere").grounds] == ["not_here"]
    assert [one.code for one in seen(session, number, role="window_clerk").grounds] == ["role_missing"]
    assert seen(session, number, area=()).grounds[0].code == "no_jurisdiction"
    shops = "inspection_organisation"
    assert seen(session, shops, "shop", "inspector").entry is not None
    assert [one.code for one in seen(session, shops, "closed_shop", "inspector").grounds] == ["not_here"]


def test_a_real_subject_cannot_be_named_and_the_registers_are_not_read(city: City, monkeypatch: pytest.MonkeyPatch):
    session = city.session
    code = agreed(session)
    asked: list[str] = []
    for name in ("one", "all", "run"):
        kept = getattr(Session, name)
        monkeypatch.setattr(Session, name, lambda self, sql, params=None, kept=kept: (asked.append(sql), kept(self, sql, params))[1])
    assert seen(session, code).entry is not None
    for real in (city["flat"], "P0", "../home"):
        with pytest.raises(BadValue):
            seen(session, code, real)
    tables = ("entry", "relation", "member", "record", "ledger_line", "mark")
    assert asked and not [sql for sql in asked if any(f" {table} " in f"{sql} " for table in tables)]


def test_only_those_who_may_see_the_agreement_may_try_it(session: Session):
    number, code = drafted(session), agreed(session, purpose="real_estate_registration")
    for about in (number, code):
        with pytest.raises(Missing):
            seen(session, about, who=STRANGER)
        assert seen(session, about, who=GIVES_HEAD).sample.code == "home"
    with pytest.raises(BadValue):
        seen(session, "own_person" if "own_person" in share.installed(session).sharing.agreements else "code_check_premises")


def test_what_it_shows_is_what_the_door_shows(city: City):
    """The same agreement, the same facts put into the registers: the door's answer and the what-if agree field by field."""
    session = city.session
    code = agreed(session)
    found = seen(session, code)
    flat = share.installed(session).sandbox["home"].subject
    session.run("UPDATE entry SET body = :body, division = :d WHERE code = :c", {"body": flat.body, "d": flat.division, "c": city["flat"]})
    question = share_question(city)
    answer = share.ask(session, somebody("w", "housing_fund", "officer"), question, now=NOW)
    assert found.entry is not None
    assert [(one.field, one.value, one.masked) for one in answer.entries[0].facts] == [
        (one.field, one.value, one.masked) for one in found.entry.facts
    ]


def share_question(city: City):
    from datong.domain.access import Key, Question

    return Question("rental_registration", "look_up", "premises", Key("code", city["flat"]))
