"""The office at work: purpose first, find by any key, verify, click through, show with a reason, report what is wrong."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from starlette.testclient import TestClient
from tests.ledger.witnesses import Network, policy_text, witness
from tests.web.conftest import form_token, send, sign_in, words
from tests.web.small_city import (
    ADDRESS,
    CREDIT_CODE,
    FIRM,
    HOME,
    OWNER,
    OWNER_ID,
    PHONE,
    SHOP,
    TENANT_ID,
    TITLE_NO,
)

from datong import ledger
from datong.domain.codes import show_code
from datong.settings import Settings
from datong.store import Store


def look_for(clerk: TestClient, text: str, birth_date: str = ""):
    sent = send(clerk, "/office/find", "/office/find", key=text, birth_date=birth_date)
    assert sent.status_code == 303, sent.text
    return clerk.get(sent.headers["location"])


def newest_line(store: Store) -> ledger.Line:
    with store.session(read_only=True) as session:  # a subscription that other tests left may halt at any moment: that is no look
        return next(one.line for one in ledger.lines_by(session, limit=20).lines if one.line.type != "subscription")


@pytest.mark.parametrize("path", ["/office/find", "/office/verify", f"/office/subject/{OWNER}"])
def test_nothing_opens_without_a_purpose(client: TestClient, path: str):
    sign_in(client, "registrar")
    answer = client.get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/office/purpose?next=")


def test_only_purposes_of_her_department_can_be_chosen(client: TestClient):
    sign_in(client, "clerk")
    page = client.get("/office/purpose").text
    assert "窗口办事免提交材料" in page and "公安机关依法查询" not in page
    refused = client.post("/office/purpose", data={"form_token": form_token(page), "purpose": "police_enquiry"})
    assert refused.status_code == 403


def test_a_chosen_purpose_stands_on_every_page(clerk: TestClient):
    assert "窗口办事免提交材料" in clerk.get("/office").text


@pytest.mark.parametrize(
    ("key", "birth_date", "shown"),
    [
        (OWNER_ID, "", OWNER),
        (PHONE, "", OWNER),
        ("张三", "1990-01-01", OWNER),
        (OWNER, "", OWNER),
        (CREDIT_CODE, "", FIRM),
        ("淄博鸿泰小超市有限公司", "", FIRM),
        (TITLE_NO, "", HOME),
        (show_code(HOME), "", HOME),
        (f" {show_code(HOME).lower()} ", "", HOME),
    ],
)
def test_any_key_opens_its_card_and_never_stands_in_the_address_line(clerk: TestClient, key: str, birth_date: str, shown: str):
    answer = look_for(clerk, key, birth_date)
    assert show_code(shown) in answer.text
    if key.strip() not in (OWNER,):
        assert key not in str(answer.url)


def test_a_card_masks_what_the_agreement_masks_and_names_each_source(clerk: TestClient):
    page = words(look_for(clerk, OWNER_ID).text)
    assert "张*" in page and "张三" not in page
    assert "370303********1239" in page and OWNER_ID not in page
    assert "市公安局" in page and "截至 2026-11-01" in page


def test_the_three_registers_are_one_click_apart(clerk: TestClient):
    person = clerk.get(f"/office/subject/{OWNER}").text
    assert f'href="/office/subject/{HOME}"' in person and f'href="/office/subject/{FIRM}"' in person
    firm = clerk.get(f"/office/subject/{FIRM}").text
    assert f'href="/office/subject/{SHOP}"' in firm
    home = clerk.get(f"/office/subject/{HOME}").text
    assert f'href="/office/subject/{OWNER}"' in home


def test_a_conflict_is_shown_on_the_field(clerk: TestClient):
    home = clerk.get(f"/office/subject/{HOME}").text
    field = re.search(r'id="fact-area".*?</div>', home, re.S)
    assert field and "来源不一致" in field[0]


def test_every_look_leaves_a_line_with_purpose_and_unit(clerk: TestClient, store: Store):
    look_for(clerk, OWNER_ID)
    line = newest_line(store)
    assert (line.type, line.subject, line.actor, line.department) == ("read", OWNER, "clerk", "approval")
    assert (line.unit, line.purpose) == ("政务服务大厅", "window_service")


def test_showing_a_masked_field_wants_a_reason_and_writes_it_down(clerk: TestClient, store: Store):
    card = f"/office/subject/{OWNER}"
    bare = send(clerk, f"{card}/unmask", card, field="name", reason="短")
    assert "张三" not in words(bare.text) and "事由" in bare.text
    shown = send(clerk, f"{card}/unmask", card, field="name", reason="核对当事人姓名")
    assert "张三" in words(shown.text)
    line = newest_line(store)
    assert line.body["reason"]["text"] == "核对当事人姓名" and line.subject == OWNER


def test_htmx_gets_the_field_only(clerk: TestClient):
    card = f"/office/subject/{OWNER}"
    token = form_token(clerk.get(card).text)
    data = {"form_token": token, "field": "name", "reason": "核对当事人姓名"}
    part = clerk.post(f"{card}/unmask", data=data, headers={"HX-Request": "true"}).text
    assert "张三" in part and "<html" not in part and "公民身份号码" not in part


def test_what_may_not_be_shown_stays_masked_and_says_which_rule(clerk: TestClient):
    card = f"/office/subject/{OWNER}"
    token = form_token(clerk.get(card).text)
    data = {"form_token": token, "field": "birth_date", "reason": "核对出生日期"}
    part = clerk.post(f"{card}/unmask", data=data, headers={"HX-Request": "true"}).text
    assert "1990-01-01" not in part and "窗口办事调取个人信息" in part


def test_not_found_says_so_in_words(clerk: TestClient):
    page = look_for(clerk, "370303198001010010").text
    assert "未找到" in page or "不合规范" in page


def test_a_refusal_names_the_rule(clerk: TestClient):
    page = words(look_for(clerk, "鲁CA1234").text)
    assert "不予提供" in page and "协议“窗口办事调取个人信息”不允许" in page


def test_a_lookup_belongs_to_its_sign_in(clerk: TestClient):
    place = send(clerk, "/office/find", "/office/find", key=OWNER_ID).headers["location"]
    sign_in(clerk, "clerk")
    send(clerk, "/office/purpose", "/office/purpose", purpose="window_service")
    assert clerk.get(place).status_code == 404


def test_what_was_typed_is_gone_after_signing_out(clerk: TestClient, store: Store):
    place = send(clerk, "/office/find", "/office/find", key=OWNER_ID).headers["location"]
    send(clerk, "/sign-out", "/office")
    with store.session(read_only=True) as session:
        assert session.one("SELECT 1 FROM lookup WHERE lookup_id = :id", {"id": place.rpartition("/")[2]}) is None


def verify(clerk: TestClient, **fields: str):
    sent = send(clerk, "/office/verify", "/office/verify", **fields)
    assert sent.status_code == 303, sent.text
    return words(clerk.get(sent.headers["location"]).text)


@pytest.mark.parametrize("premises", [TITLE_NO, HOME, show_code(HOME)])
def test_the_owners_own_home_is_confirmed_with_its_source(clerk: TestClient, premises: str):
    page = verify(clerk, premises=premises, applicant_citizen_id=OWNER_ID)
    assert "一致" in page and "登记为产权人" in page


def test_somebody_elses_home_is_not_confirmed_and_says_what_to_do(clerk: TestClient):
    page = verify(clerk, premises=HOME, applicant_citizen_id=TENANT_ID)
    assert "不一致" in page and "房码" in page


def test_premises_that_do_not_exist_are_not_found(clerk: TestClient):
    page = verify(clerk, premises="370303001001GB99999F00019999", applicant_citizen_id=OWNER_ID)
    assert "未找到" in page


def test_reporting_marks_the_field_for_every_reader_and_the_steward_settles_it(clerk: TestClient):
    form = f"/office/subject/{FIRM}/wrong"
    sent = send(clerk, form, f"{form}?field=industry", field="industry", what="行业写错了，应为零售")
    assert sent.headers["location"] == "/office/disputes?done=disputed"
    mine = words(clerk.get("/office/disputes").text)
    assert "行业写错了" in mine and "个工作日" in mine
    sign_in(clerk, "steward")
    page = clerk.get("/office/disputes").text
    number = re.search(r"/office/disputes/([^/]+)/settle", page)
    assert number and "行业写错了" in page
    settled = send(clerk, f"/office/disputes/{number[1]}/settle", "/office/disputes", decision="corrected", reason="来源部门已更正")
    assert settled.status_code == 303
    sign_in(clerk, "clerk")
    assert "来源部门已更正" in clerk.get("/office/disputes").text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"field": "industry"}, "说明"),
        ({"field": "industry", "what": "错" * 2000}, "内容太长"),
        ({"field": "nothing", "what": "说不清"}, "field"),
    ],
)
def test_a_bad_report_is_answered_by_name(clerk: TestClient, fields: dict[str, str], said: str):
    form = f"/office/subject/{FIRM}/wrong"
    answer = send(clerk, form, form, **fields)
    assert answer.status_code == 422
    assert said in answer.text


@pytest.mark.parametrize("path", ["/office/subject/nonsense", "/office/find/nothing", "/office/deliveries/d999999", "/nowhere"])
def test_what_does_not_exist_gets_a_friendly_page(clerk: TestClient, path: str):
    if "deliveries" in path:
        sign_in(clerk, "steward")
    answer = clerk.get(path)
    assert answer.status_code in (200, 404)
    assert "Traceback" not in answer.text and ("没有" in answer.text or "不合规范" in answer.text)


def test_the_steward_sees_conflicts_side_by_side(client: TestClient):
    sign_in(client, "steward")
    send(client, "/office/purpose", "/office/purpose", purpose="data_steward_review")
    page = words(client.get("/office/conflicts?register=premises").text)
    assert show_code(HOME) in page and "98.50" in page and "96.20" in page and "采用" in page


def test_the_leader_sees_numbers_of_her_own_area_and_small_ones_hidden(client: TestClient):
    sign_in(client, "leader")
    page = client.get("/office/area").text
    assert "370303" in page or "张店" in page
    assert "&lt;5" in page and "张三" not in page


def test_the_auditor_finds_looks_and_her_search_is_recorded(clerk: TestClient, store: Store):
    look_for(clerk, OWNER_ID)
    sign_in(clerk, "auditor")
    sent = send(clerk, "/office/looks", "/office/looks", subject=show_code(OWNER), reason="例行抽查访问记录")
    found = clerk.get(sent.headers["location"])
    assert OWNER not in sent.headers["location"]
    assert "clerk" in found.text and "窗口办事免提交材料" in found.text
    line = newest_line(store)
    assert (line.type, line.actor, line.body["reason"]) == ("audit", "auditor", "例行抽查访问记录")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_auditor_exports_just_what_she_searched_for_and_that_is_recorded(clerk: TestClient, store: Store, form: str):
    clerk.get(f"/office/subject/{OWNER}")
    sign_in(clerk, "auditor")
    asked = {"subject": show_code(OWNER), "actor": "clerk", "purpose": "window_service", "type": "read", "reason": "例行抽查访问记录"}
    place = send(clerk, "/office/looks", "/office/looks", **asked).headers["location"]
    got = send(clerk, f"{place}/export", place, form=form)
    assert got.status_code == 200 and f"looks.{form}" in got.headers["content-disposition"]
    if form == "csv":
        assert got.content.startswith(b"\xef\xbb\xbf")
        rows = list(csv.reader(got.content.decode("utf-8-sig").splitlines()))
    else:
        rows = CalamineWorkbook.from_filelike(io.BytesIO(got.content)).get_sheet_by_index(0).to_python()
    assert rows[0][0] == "时间" and len(rows) > 1
    assert {(row[1], row[2], row[5], row[6]) for row in rows[1:]} == {("read", "clerk", "窗口办事免提交材料", OWNER)}
    with store.session(read_only=True) as session:
        (line,) = [one.line for one in ledger.lines_by(session, actor="auditor", type="audit", limit=1).lines]
    assert line.body["act"] == "exported" and line.body["lines"] == len(rows) - 1


def test_an_audit_search_wants_a_reason_and_a_sound_code(client: TestClient):
    sign_in(client, "auditor")
    assert send(client, "/office/looks", "/office/looks", subject=OWNER).status_code == 422
    assert send(client, "/office/looks", "/office/looks", subject="P000000000", reason="例行抽查").status_code == 422


def test_the_auditor_sees_which_witnesses_have_cosigned(clerk: TestClient, store: Store, settings: Settings, tmp_path: Path):
    sign_in(clerk, "auditor")
    assert "没有设见证" in words(clerk.get("/office/ledger").text)
    key, signer = ledger.load_verifier(settings.home), ledger.load_signer(settings.home)
    path = settings.home / "ledger.policy"
    path.write_text(policy_text("审计局", "公安局", needed=2, log=key), encoding="utf-8")
    network = Network(witness(tmp_path, "审计局", (key,)), witness(tmp_path, "公安局", (key,)))
    network.down = {"公安局"}
    policy = ledger.load_policy(settings)
    assert policy is not None
    ledger.publish_witnessed(store, signer, tmp_path / "out", policy, now="2026-11-20T00:00:00Z", send=network)
    page = words(clerk.get("/office/ledger").text)
    assert "见证不够数" in page and "还没有公布过" in page and "no answer (OSError)" in page
    network.down = set()
    ledger.publish_witnessed(store, signer, tmp_path / "out", policy, now="2026-11-20T00:01:00Z", send=network)
    page = words(clerk.get("/office/ledger").text)
    assert "见证够数，已公布" in page and "公安局 已联署" in page
    path.unlink()
    with store.session() as session:
        session.run("DELETE FROM ledger_published")


def test_the_auditor_recomputes_the_ledger(clerk: TestClient):
    look_for(clerk, OWNER_ID)
    sign_in(clerk, "auditor")
    page = words(send(clerk, "/office/ledger", "/office/ledger").text)
    assert "记录完整，没有被改动" in page


def test_a_rewritten_line_is_seen(clerk: TestClient, store: Store):
    look_for(clerk, OWNER_ID)
    with store.session() as session:
        row = session.one("SELECT line_id, actor FROM ledger_line ORDER BY leaf_index DESC LIMIT 1")
        assert row is not None
        session.run("UPDATE ledger_line SET actor = 'nobody' WHERE line_id = :id", {"id": row[0]})
    sign_in(clerk, "auditor")
    assert "记录核对不通过" in send(clerk, "/office/ledger", "/office/ledger").text
    with store.session() as session:
        session.run("UPDATE ledger_line SET actor = :actor WHERE line_id = :id", {"id": row[0], "actor": row[1]})


def test_a_whole_address_is_read_part_by_part(clerk: TestClient):
    assert clerk.get("/office/address/read").status_code in (200, 303)
    page = send(clerk, "/office/address/read", "/office/address/read", address=ADDRESS)
    assert page.status_code == 200 and "各段" in page.text and "501" in page.text


def test_an_address_can_be_completed_without_javascript(clerk: TestClient):
    page = send(clerk, "/office/address", "/office/address", address=ADDRESS[:3])
    assert page.status_code == 200
    part = clerk.post("/office/address", data={"form_token": form_token(page.text), "address": "鸿泰"}, headers={"HX-Request": "true"})
    assert "<html" not in part.text
