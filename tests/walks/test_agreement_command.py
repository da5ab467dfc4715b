"""`datong agreement`, and a key that follows what is signed: listed, signed by both, used, narrowed, compared, suspended."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from starlette.testclient import TestClient
from tests.share.asking import PAPERS, TERMS
from tests.web.small_city import PASSWORD, TITLE_NO, fill

from datong import share
from datong.cli.app import main
from datong.settings import Settings, load_settings
from datong.share import catalogue
from datong.store import migrate, open_store
from datong.web import NewAccount, create_account, create_app
from datong.web.accounts import find_actor


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    made = load_settings(tmp_path_factory.mktemp("agreed"), {}, demo="1")
    with closing(open_store(made)) as store:
        migrate(store)
        fill(store, made)
        with store.session() as session:
            for name, department in (("fund_head", "housing_fund"), ("estate_head", "natural_resources")):
                create_account(session, NewAccount(name, PASSWORD, "某人", "officer", department, "一科", ("sharing_officer",), ("3703",)))
    yield made


def run(settings: Settings, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    code = 0
    try:
        main([*words, "--home", str(settings.home)])
    except SystemExit as end:
        code = int(end.code or 0)
    shown = capsys.readouterr()
    return code, shown.out + shown.err


def accepted(settings: Settings) -> str:
    """The code of an agreement that both sides' signatures are still missing of."""
    with closing(open_store(settings)) as store:
        create_app(settings, store)
        with store.session() as session:
            asks, gives = find_actor(session, "fund_head"), find_actor(session, "estate_head")
            assert asks and gives
            terms = {**TERMS, "systems": True, "rows": {"jurisdiction": "city"}}
            number = share.draft_request(
                session, asks, share.Asked("提取核验", "natural_resources", "housing_fund_withdrawal", terms, PAPERS)
            ).request_id
            share.advance_request(session, asks, number, share.DoingRequest("submit"))
            share.advance_request(session, gives, number, share.DoingRequest("complete"))
            return str(share.advance_request(session, gives, number, share.DoingRequest("accept")).agreement)


def outcome(settings: Settings, secret: str) -> tuple[int, list[str]]:
    """What a system's look at the flat comes to."""
    body = {"purpose": "housing_fund_withdrawal", "register": "premises", "key": {"type": "title_no", "value": TITLE_NO}}
    with closing(open_store(settings)) as store, TestClient(create_app(settings, store)) as client:
        answer = client.post("/api/v1/look-up", json=body, headers={"Authorization": f"Bearer {secret}"})
    return answer.status_code, [one["code"] for one in answer.json().get("grounds", ())]


def test_from_the_list_to_the_suspension_and_a_key_that_follows(settings: Settings, capsys: pytest.CaptureFixture[str]):
    issue = ("door", "issue", "公积金系统", "--department", "housing_fund", "--purpose", "housing_fund_withdrawal")
    code, text = run(settings, capsys, *issue)
    assert code == 0, text
    secret = text.split()[-1]
    assert outcome(settings, secret)[0] == 403, "nothing is agreed yet"
    name = accepted(settings)
    code, text = run(settings, capsys, "agreement", "list", "--as", "fund_head", "--state", "proposed")
    assert code == 0 and "1 agreements" in text and "(version 1 waits)" in " ".join(text.split())
    for who, said in (("fund_head", "waits for the other side"), ("estate_head", "is in force")):
        code, text = run(settings, capsys, "agreement", "sign", name, "--version", "1", "--as", who)
        assert code == 0 and said in " ".join(text.split()), text
    assert outcome(settings, secret) == (200, []), "the key finds what was signed after it was issued"
    code, text = run(settings, capsys, "agreement", "show", name, "--as", "estate_head")
    assert code == 0 and "standard_address (plain)" in text and "version 1: live" in text and "suspend" in text
    with closing(open_store(settings)) as store:
        create_app(settings, store)
        with store.session() as session:
            actor = find_actor(session, "fund_head")
            assert actor
            share.give_up_fields(session, actor, name, ("area",), "从来没有使用过")
    code, text = run(settings, capsys, "agreement", "diff", name, "--as", "fund_head")
    assert code == 0 and "area" in text and "version 2 (proposed)" in text
    code, text = run(settings, capsys, "agreement", "suspend", name, "--why", "对方系统异常，先行暂停", "--as", "estate_head")
    assert code == 0 and "is suspended now" in text
    assert outcome(settings, secret) == (403, ["suspended"])
    assert run(settings, capsys, "agreement", "resume", name, "--why", "已查明原因，恢复", "--as", "estate_head")[0] == 0
    assert outcome(settings, secret)[0] == 200


def test_what_is_not_hers_to_see_or_sign_is_said_in_one_line(settings: Settings, capsys: pytest.CaptureFixture[str]):
    code, text = run(settings, capsys, "agreement", "show", "no_such_agreement", "--as", "fund_head")
    assert code == 1 and "there is no such agreement" in text
    code, text = run(settings, capsys, "agreement", "diff", "fund_person", "--as", "fund_head")
    assert code == 1 and "no version" in text
    code, text = run(settings, capsys, "agreement", "suspend", "fund_person", "--why", "不该由我暂停的", "--as", "fund_head")
    assert code == 1
    code, text = run(settings, capsys, "door", "issue", "x", "--department", "tax", "--purpose", "commercial_marketing")
    assert code == 1 and "is no purpose" in text


def test_a_request_reads_class_and_basis_from_the_catalogue(settings: Settings):
    with closing(open_store(settings)) as store:
        create_app(settings, store)
        with store.session() as session:
            catalogue.bring_in(session)
            asks = find_actor(session, "fund_head")
            assert asks
            offer = share.offered(session, "estate_title")
            assert offer is not None and offer.department == "natural_resources" and offer.kind == "conditional" and offer.fields
            assert share.offered(session, "no_such_resource") is None
            body = session.one("SELECT body FROM catalogue_version WHERE resource = 'estate_title'")
            assert body is not None
            text = str(body[0]).replace('"sharing_class":"conditional"', '"sharing_class":"withheld"', 1)
            text = text.replace('"withheld_because":""', '"withheld_because":"依法不予共享"', 1)
            session.run("UPDATE catalogue_version SET body = :body WHERE resource = 'estate_title'", {"body": text})
            asked = share.Asked("核验房屋", "natural_resources", "housing_fund_withdrawal", TERMS, PAPERS, "estate_title")
            number = share.draft_request(session, asks, asked).request_id
            found = share.request_of(session, asks, number)
            assert found.request.sharing_class == "withheld" and found.refusal is not None and found.refusal.zh == "依法不予共享"
            refused = share.advance_request(session, asks, number, share.DoingRequest("submit"))
            assert refused.state == "refused" and refused.answer["reasons"] == ["withheld"]
