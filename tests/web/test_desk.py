"""What stands on a desk: purposes with what they open, the reason some of them ask for, refusals and values in words."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient
from tests.web.conftest import send, sign_in, words
from tests.web.small_city import HOME, OWNER, OWNER_ID, PASSWORD
from tests.web.test_office import look_for

from datong import ledger, spec
from datong.domain.registers import EVENT_FIELDS
from datong.settings import packs_folder
from datong.share.events import read_event_kinds
from datong.store import Store
from datong.web import NewAccount, create_account
from datong.web.accounts import find_actor
from datong.web.labels import VALUES, one_language, value
from datong.web.render import real_day

CASE = "鲁公案字〔2026〕第12号"
OPEN_LISTS = ("ethnicity",)
"""Coded fields whose codes are words already."""


@pytest.fixture
def police(client: TestClient, store: Store) -> TestClient:
    """A police officer, signed in."""
    made = NewAccount("police", PASSWORD, "周强", "officer", "police", "四宝山派出所", ("officer",), ("3703",), demo_note="民警")
    with store.session() as session:
        if find_actor(session, "police") is None:
            create_account(session, made)
    sign_in(client, "police")
    return client


def test_a_purpose_that_asks_for_a_reason_is_not_chosen_without_one(police: TestClient):
    for reason in ("", "查一下"):
        answer = send(police, "/office/purpose", "/office/purpose", purpose="police_enquiry", reason=reason)
        assert answer.status_code == 422
        assert "这一用途须写明事由" in answer.text
    assert police.get(f"/office/subject/{OWNER}").headers["location"].startswith("/office/purpose"), "nothing is open yet"


def test_the_reason_given_with_the_purpose_goes_into_every_look(police: TestClient, store: Store):
    send(police, "/office/purpose", "/office/purpose", purpose="police_enquiry", reason=CASE)
    found = look_for(police, OWNER_ID)
    assert CASE in found.text
    assert "张三" in found.text, "the enquiry shows the name whole"
    police.get(f"/office/subject/{HOME}")
    with store.session(read_only=True) as session:
        line = ledger.lines_of_subject(session, HOME, limit=1).lines[0].line
    assert (line.purpose, line.body["reason"]["text"]) == ("police_enquiry", CASE)
    send(police, "/office/purpose", "/office/purpose", purpose="residence_registration")
    assert CASE not in police.get("/office").text, "the next purpose does not inherit it"


def test_the_purposes_say_what_they_open(police: TestClient):
    page = words(police.get("/office/purpose").text)
    assert "可查询 ：人口、房屋" in page or "可查询：人口、房屋" in page
    assert page.count("事由（必填）") == 1, "only the enquiry asks for one"


def test_a_refusal_names_the_keys_that_would_do_and_no_code_words(clerk: TestClient):
    page = look_for(clerk, "鲁C12345").text
    grounds = words(page[page.index('<ul class="grounds"') : page.index("</ul>", page.index('<ul class="grounds"'))])
    assert "可以用：永久编码、身份证号" in grounds
    assert re.search(r"[a-z]{3}", grounds) is None, grounds
    assert "/office/purpose?next=/office/find" in page, "the way on"


@pytest.mark.parametrize("typed", ["370303199003072811", "91370303MA3C000000", "HAAA-AAAA-AA"])
def test_a_mistyped_number_is_called_so(clerk: TestClient, typed: str):
    page = look_for(clerk, typed).text
    assert "输入的内容不合规范" in page
    assert f'value="{typed}"' in page, "what was typed stands there to be mended"


def test_a_name_alone_is_told_to_add_the_birth_date(clerk: TestClient):
    assert "同时填写出生日期" in look_for(clerk, "张三").text


def test_a_stewards_desk_counts_what_waits(client: TestClient):
    sign_in(client, "steward")
    desk = words(client.get("/office").text)
    assert "整批暂停，等待处理" in desk
    assert "纠错与异议等待核查" in desk


def test_the_sign_in_page_groups_those_who_serve_and_those_who_are_served(client: TestClient):
    page = words(client.get("/sign-in").text)
    assert page.index("工作人员") < page.index("王窗口") < page.index("钱主任") < page.index("市民") < page.index("张三")


def test_every_code_that_departments_values_become_has_words():
    wordless: dict[str, set[str]] = {}
    packs = spec.load_packs(packs_folder())
    kinds = read_event_kinds(packs, spec.Faults())
    for source in packs.sources.values():
        columns = {column.field: column for column in source.columns if column.type == "code"}
        for subject in source.subjects.values():
            for field, kept in subject.fields.items():
                if kept in columns and field not in OPEN_LISTS:
                    codes = set(source.codes[columns[kept].list].values())
                    words = kinds[source.event].results if field in EVENT_FIELDS else VALUES.get(field)
                    wordless.setdefault(field, set()).update(codes - set(words or {}))
    assert {field: codes for field, codes in wordless.items() if codes} == {}


def test_numbers_have_units_messages_one_language_and_days_exist():
    assert (value("zh", "area", "88.5"), value("en", "area", "88.5"), value("zh", "area", "***")) == ("88.5 ㎡", "88.5 m²", "***")
    message = "必填项为空，请补填 · must not be empty: fill it in"
    assert (one_language("zh", message), one_language("en", message)) == ("必填项为空，请补填", "must not be empty: fill it in")
    assert one_language("zh", "没有英文") == "没有英文"
    assert [real_day(day) for day in ("2019-13-05", "1900-01-00", "", "2013-04-11")] == ["", "", "", "2013-04-11"]
