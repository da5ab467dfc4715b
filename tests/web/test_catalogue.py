"""The catalogue's pages: from a steward's form to the reader's search, files in and out, demands, boards."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from starlette.testclient import TestClient
from tests.web.conftest import Visitors, form_token, send, words
from tests.web.small_city import SmallCity

FORM = {
    "title": "公共停车场泊位信息", "title_en": "", "department": "urban_management", "system": "智慧停车平台", "summary": "全市公共停车场的泊位",
    "classification": "201001", "format": "database", "cycle": "daily", "sharing_class": "conditional", "methods": "service",
    "condition": "只用于申请的用途", "scope": "本市各部门", "used_for": "便民查询", "withheld_because": "", "opened": "no", "opened_condition": "",
    "data_class": "general", "level": "1", "personal": "none", "secrecy": "none", "related": "",
    "bases": "行政法规 | 有条件共享 | 《政务数据共享条例》 | 第十四条", "fields": "停车场名称 | name | text | 100 | 1 | urban_management\n泊位总数\tplaces\tinteger",
}  # fmt: skip


def act(client: TestClient, resource: str, **fields: object):
    page = f"/office/catalogue/items/{resource}"
    return client.post(f"{page}/act", data={"form_token": form_token(client.get(page).text), **fields})


def entered(client: TestClient, **changes: str) -> str:
    answer = send(client, "/office/catalogue/new", "/office/catalogue/new", **FORM | changes)
    assert answer.status_code == 303, words(answer.text)[:800]
    return re.sub(r".*/items/(\w+)\?.*", r"\1", answer.headers["location"])


def test_a_form_with_faults_is_shown_again_with_every_fault_and_what_was_typed(visit: Visitors) -> None:
    steward = visit("urban_steward")
    answer = send(
        steward,
        "/office/catalogue/new",
        "/office/catalogue/new",
        **FORM | {"cycle": "sometimes", "bases": "", "fields": "一行", "level": "x"},
    )
    assert answer.status_code == 422
    told = words(answer.text)
    assert "信息项的写法不对" in told and "数据分级" in told and 'value="智慧停车平台"' in answer.text
    answer = send(steward, "/office/catalogue/new", "/office/catalogue/new", **FORM | {"secrecy": "secret"})
    assert answer.status_code == 422 and "涉密信息不得编目和共享" in answer.text


def test_a_steward_enters_the_head_signs_the_authority_publishes_and_anybody_finds(visit: Visitors) -> None:
    steward, head, keeper, officer = visit("urban_steward"), visit("head"), visit("keeper"), visit("registrar")
    resource = entered(steward, title="路内停车泊位")
    assert "路内停车泊位" not in officer.get("/office/catalogue?q=路内停车").text
    assert officer.get(f"/office/catalogue/items/{resource}").status_code == 404
    assert act(steward, resource, act="assess", checked=["secrecy"]).status_code == 422
    assert act(steward, resource, act="assess", checked=["secrecy", "privacy"]).status_code == 303
    assert act(steward, resource, act="sign").status_code == 403
    assert "签批并报送审核" in head.get(f"/office/catalogue/items/{resource}").text
    assert act(head, resource, act="sign").status_code == 303
    assert "审核并发布目录" in words(keeper.get("/office/catalogue/work").text)
    assert act(keeper, resource, act="publish").status_code == 303
    page = words(officer.get("/office/catalogue?q=路内 泊位").text)
    assert "路内停车泊位" in page and "共 1 个资源" in page
    one = words(officer.get(f"/office/catalogue/items/{resource}").text)
    assert "《政务数据共享条例》第十四条" in one and "第 1 版" in one and "工作草稿" not in one
    page = f"/office/catalogue/items/{resource}/edit"
    answer = send(steward, page, page, **FORM | {"title": "路内停车泊位", "cycle": "weekly"})
    assert answer.status_code == 303
    assert "与现行版本的不同" in steward.get(f"/office/catalogue/items/{resource}").text
    assert act(steward, resource, act="update", why="停车管理办法修订").status_code == 303
    assert "停车管理办法修订" in words(steward.get("/office/catalogue/work").text)


@pytest.mark.parametrize("form", ["csv", "xlsx", "jsonld"])
def test_what_is_exported_can_be_imported(visit: Visitors, form: str) -> None:
    content = visit("registrar").get(f"/office/catalogue/export/{form}?department=water").content
    keeper = visit("steward")
    data = {"form_token": form_token(keeper.get("/office/catalogue/work").text)}
    answer = keeper.post("/office/catalogue/import", data=data, files={"file": (f"目录.{form}", content)})
    assert answer.status_code == 200 and "已导入 0 个草稿，3 个与现行目录相同" in words(answer.text)
    data = {"form_token": form_token(keeper.get("/office/catalogue/work").text)}
    answer = keeper.post(
        "/office/catalogue/import", data=data, files={"file": ("目录.csv", "信息资源名称,提供方\n甲,市水务集团\n".encode())}
    )
    assert answer.status_code == 422 and "表头没有这一列" in answer.text
    assert keeper.post("/office/catalogue/import", data=data).status_code == 422
    assert visit("registrar").get("/office/catalogue/export/pdf").status_code == 422


def test_acts_that_differ_and_papers_not_to_be_asked_for_are_listed(visit: Visitors) -> None:
    officer = visit("registrar")
    page = words(officer.get("/office/catalogue/rules").text)
    assert "税务登记" in page and "《中华人民共和国税收征收管理法》第八条" in page
    assert "户口本" in page and "市公安局" in page
    rows = list(csv.reader(io.StringIO(officer.get("/office/catalogue/papers.csv").content.decode("utf-8-sig"))))
    assert rows[0][0] == "材料" and any(row[0] == "居民户口簿" for row in rows)
    assert "system" not in words(officer.get("/office/catalogue/systems").text)[:50]


def test_a_demand_is_entered_listed_first_answered_and_exported(visit: Visitors) -> None:
    officer, keeper = visit("registrar"), visit("keeper")
    answer = send(
        officer,
        "/office/demands",
        "/office/demands",
        title="企业用电量",
        purpose="核查空壳企业",
        why="双随机检查前筛选",
        providing="power",
        resource="",
    )
    assert answer.status_code == 303
    page = keeper.get("/office/demands").text
    assert "企业用电量" in page
    (number,) = re.findall(r'action="/office/demands/(N[\d-]+)"', page)
    told = {"state": "planned", "answer": "已列入四季度归集计划", "resource": "power_reading"}
    assert keeper.post(f"/office/demands/{number}", data={"form_token": form_token(page), **told}).status_code == 303
    assert "已列入归集计划" in words(officer.get("/office/demands").text)
    text = officer.get("/office/demands/export").content.decode("utf-8-sig")
    assert "企业用电量" in text and "power_reading" in text
    assert officer.post(f"/office/demands/{number}", data={"form_token": form_token(page), **told}).status_code in (403, 422)


def test_the_board_shows_figures_with_denominators_charts_and_files(visit: Visitors) -> None:
    leader = visit("leader")
    page = leader.get("/office/sharing").text
    said = words(page)
    assert "共享申请满足率" in said and "待改进" in said
    charts = [json.loads(one.replace("&#34;", '"').replace("\\u0026", "&")) for one in re.findall(r'data-chart="([^"]+)"', page)]
    assert [one["kind"] for one in charts] == ["bar", "pie", "line"]
    assert sum(charts[1]["rows"][0]["values"]) >= sum(sum(row["values"]) for row in charts[0]["rows"]) > 80
    for what, head in (("board", "部门"), ("compliance", "部门代码"), ("parties", "部门")):
        content = leader.get(f"/office/sharing/export/{what}").content
        assert content.startswith(b"\xef\xbb\xbf") and content.decode("utf-8-sig").startswith(head)
    assert leader.get("/office/sharing/export/other").status_code == 404
    assert "编制并及时更新本部门数据目录" in words(leader.get("/office/sharing/parties").text)


def test_english_pages_are_english(visit: Visitors) -> None:
    keeper = visit("keeper")
    for path in ("/office/catalogue", "/office/catalogue/work", "/office/demands", "/office/sharing", "/office/sharing/parties"):
        page = keeper.get(f"{path}?lang=en").text
        assert re.search(r"<h1>[A-Z][^<\u4e00-\u9fff]+</h1>", page), path


def test_a_system_reads_the_compliance_list_for_a_budget_rule(client: TestClient, city: SmallCity) -> None:
    assert client.get("/api/v1/sharing/compliance").status_code == 401
    answer = client.get("/api/v1/sharing/compliance", headers={"Authorization": f"Bearer {city.keys['registrar']}"})
    assert answer.status_code == 200
    found = {one["department"]: one for one in answer.json()}
    point = found["police"]["points"][0]
    assert set(point) == {"code", "article", "number", "of", "zh", "en"} and point["code"] == "never_delivered"
    assert not found["police"]["meets"] and found["police"]["title"] == "市公安局"
