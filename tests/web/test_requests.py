"""The pages of requests and agreements: the whole way by forms, by those whose it is; what others are told; what an English reader sees."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient
from tests.web.conftest import Visitors, form_token, sign_in, words
from tests.web.small_city import HOME, PASSWORD

from datong import share
from datong.store import Store
from datong.web import NewAccount, create_account

PEOPLE = (
    ("fund", "housing_fund", "officer"),
    ("fund_head", "housing_fund", "sharing_officer"),
    ("estate", "natural_resources", "officer"),
    ("estate_head", "natural_resources", "sharing_officer"),
    ("request_manager", "data", "sharing_manager"),
    ("other_head", "water", "sharing_officer"),
)
FORM = {
    "register": "premises", "title": "租房提取核验房屋", "providing": "natural_resources", "purpose": "rental_registration", "resource": "",
    "jurisdiction": "own", "valid_to": "2028-12-31", "per_day": "100", "operations": ["verify", "look_up"], "keys": ["code"],
    "roles": ["officer"], "field_standard_address": "plain", "field_area": "plain", "field_owner_name": "name",
    "field_owner_citizen_id": "claim", "paper_use_basis": "《住房公积金管理条例》第二十四条",
    "paper_scene": "租房提取公积金时，核对出租房屋和产权人", "paper_scope": "限提取窗口人员使用，不向第三方提供",
    "paper_safety": "一人一账号，全程留痕，办结即销毁",
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def people(opened) -> None:
    with opened[0].session() as session:
        for name, department, role in PEOPLE:
            create_account(session, NewAccount(name, PASSWORD, "某人", "officer", department, "一科", (role,), ("3703",)))


def post(client: TestClient, path: str, page: str, **fields) -> str:
    token = form_token(client.get(page).text)
    answer = client.post(path, data={"form_token": token, **fields})
    assert answer.status_code == 303, words(answer.text)[:400]
    return answer.headers["location"].partition("?")[0]


def act(client: TestClient, place: str, code: str, **fields) -> str:
    return words(client.get(post(client, f"{place}/act", place, act=code, **fields)).text)


def test_the_whole_way_by_forms(visit: Visitors, store: Store):
    fund, head, estate, other = visit("fund"), visit("fund_head"), visit("estate"), visit("estate_head")
    place = post(fund, "/office/requests", "/office/requests/new?register=premises", **{**FORM, "paper_safety": ""})
    assert "安全保护措施" in words(fund.get(place).text)
    act(head, place, "submit")
    assert "待补正" in act(estate, place, "lacking", note="请写明系统名称")
    told = words(fund.get(place).text)
    assert "一次性告知" in told and "请写明系统名称" in told
    post(fund, place, place + "/edit", **FORM)
    act(head, place, "submit")
    assert "剩 10 个工作日" in act(estate, place, "complete")
    assert "已同意" in act(other, place, "accept")
    agreement = re.search(r"/office/agreements/(A[\d-]+)", other.get(place).text)
    assert agreement is not None
    page = f"/office/agreements/{agreement[1]}"
    for who in (other, head):
        assert "待签署的第 1 版" in words(who.get(page).text)
        post(who, f"{page}/sign", page, version="1")
    shown = words(head.get(page).text)
    assert "生效中" in shown and "姓名脱敏" in shown and "仅核验" in shown
    seen = words(head.get(f"/office/what-if?about={agreement[1]}&sample=home&role=officer&area=370303").text)
    assert "甄**" in seen and "89.50" in seen
    post(head, f"{page}/propose", page, how="give_up", field=["area"], why="从来没有使用过")
    post(other, f"{page}/sign", page, version="2")
    assert "完整显示 → —" in words(head.get(page).text)
    manager = visit("request_manager")
    assert "已暂停" in act(manager, page, "suspend", note="超范围使用，限期整改")
    with store.session() as session:
        assert share.installed(session).stored.holds[agreement[1]] == "suspended"
    assert agreement[1] in manager.get("/office/agreements?state=suspended").text


def test_what_is_between_others_is_told_as_nothing(visit: Visitors):
    place = post(visit("fund"), "/office/requests", "/office/requests/new", **FORM)
    stranger = visit("other_head")
    nothing = stranger.get("/office/requests/R20261120-9999")
    for path in (place, place + "/edit"):
        answer = stranger.get(path)
        assert (answer.status_code, words(answer.text).replace(place, "")) == (404, words(nothing.text).replace(place, ""))
    assert place not in stranger.get("/office/requests?state=all").text
    assert place in visit("request_manager").get("/office/requests?state=all").text


def test_a_purpose_for_profit_is_refused_with_its_rule(visit: Visitors):
    fund, head = visit("fund"), visit("fund_head")
    place = post(fund, "/office/requests", "/office/requests/new", **{**FORM, "purpose": "commercial_marketing"})
    assert "提交后将依规则不予共享" in words(head.get(place).text)
    said = act(head, place, "submit")
    assert "不同意" in said and "以营利为目的" in said and "第二十五条" in said


def test_a_form_with_something_that_is_no_choice_says_which_field(visit: Visitors):
    fund = visit("fund")
    token = form_token(fund.get("/office/requests/new").text)
    for change, named in (
        ({"field_area": "upside_down"}, "建筑面积"),
        ({"providing": "nobody"}, "提供部门"),
        ({"register": "x"}, "哪个库"),
    ):
        answer = fund.post("/office/requests", data={"form_token": token, **FORM, **change})
        assert answer.status_code == 422 and named in words(answer.text)


def test_every_page_speaks_english(visit: Visitors):
    manager = visit("request_manager")
    place = post(visit("fund"), "/office/requests", "/office/requests/new", **FORM)
    for path in ("/office/requests", "/office/agreements", "/office/what-if", place):
        page = manager.get(path + "?lang=en").text
        body = re.sub(r"<(dd|small|td|option|a|li|p|h1|strong)\b.*?</\1>", " ", page[page.index("<main") :], flags=re.S)
        assert re.findall(r"[\u4e00-\u9fff]+", words(body)) == [], path


def test_what_if_takes_no_subject_of_the_registers(visit: Visitors):
    answer = visit("request_manager").get(f"/office/what-if?about=approval_window_premises&sample={HOME}&role=officer")
    assert answer.status_code == 422 and "鸿泰" not in answer.text


def test_the_legal_basis_of_each_field_and_rules_that_disagree_are_shown(client: TestClient):
    sign_in(client, "request_manager")
    people = words(client.get("/office/bases?register=person").text)
    assert "规定不一致" in people and "《中华人民共和国居民身份证法》第六条" in people
    firms = words(client.get("/office/bases?register=organisation").text)
    assert "无条件共享（《企业信息公示暂行条例》第六条）" in firms and "国发〔2019〕5号" in firms
