"""A citizen's whole way: claim a home, lend it by a QR, learn who looked and why, object; and nobody else's door opens."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient
from tests.web.citizens import clerk_checks, make_pass, settle_all
from tests.web.conftest import Visitors, form_token, send, words
from tests.web.small_city import ADDRESS, HOME, OWNER, OWNER_ID, SHOP, TENANT_ID, TITLE_NO

from datong import ledger
from datong.domain.codes import show_code
from datong.store import Store

NOWHERE = "H000000000"


# ---- the whole way ------------------------------------------------------------------------------------------------------


def test_claim_lend_be_told_see_who_looked_and_object(owner: TestClient, window: TestClient, store: Store):
    claimed = send(owner, "/me/claim", "/me/claim", key=TITLE_NO)
    assert "认领成功" in words(claimed.text)
    assert f"/me/homes/{HOME}" in claimed.text
    assert "已核" in words(owner.get("/me/homes").text)

    secret, _, _ = make_pass(owner)
    seen = clerk_checks(window, f"datong:pass:{secret}", applicant_citizen_id=TENANT_ID)
    assert "产权人已用房码授权使用" in seen

    home = owner.get("/me")
    assert "您的房码被使用" in words(home.text)
    assert "市行政审批服务局" in words(home.text)
    assert "已使用" in words(owner.get("/me/passes").text)
    looked = words(owner.get(f"/me/looked?home={HOME}").text)
    assert "市行政审批服务局 · 政务服务大厅" in looked
    assert "您在政务服务窗口办事" in looked
    assert "王窗口" not in looked and "clerk" not in looked

    notice = re.search(r"/me/messages/(N\d+)/object", home.text)
    assert notice
    path = f"/me/messages/{notice[1]}/object"
    told = send(owner, path, path, what="我没有同意任何人使用我的房屋。")
    assert re.fullmatch(r"/me/reports/Y\d{8}-\d{4}\?done=disputed", told.headers["location"])
    report = words(owner.get(told.headers["location"]).text)
    assert "剩 10 个工作日" in report and "我没有同意任何人使用" in report
    assert "核查中" in clerk_checks(window, HOME)
    assert "您的房码被使用" not in words(owner.get("/me").text), "what was decided leaves the first page"
    settle_all(store)


def test_a_wrong_report_leaves_a_mark_that_the_clerk_sees_until_it_is_settled(owner: TestClient, window: TestClient, visit: Visitors):
    made = send(owner, "/me/data/wrong", "/me/data/wrong?field=phone", field="phone", what="电话早已换了。")
    number = re.search(r"Y\d{8}-\d{4}", made.headers["location"])
    assert number
    assert "核查中" in words(owner.get("/me/data").text)
    card = window.get(f"/office/subject/{OWNER}")
    assert "核查中" in re.split(r'id="fact-', card.text)[[*_fields(card.text)].index("phone") + 1]
    steward = visit("steward")
    steward_path = f"/office/disputes/{number[0]}"
    send(steward, f"{steward_path}/start", "/office/disputes")
    assert "核查中" in words(owner.get(f"/me/reports/{number[0]}").text)
    send(steward, f"{steward_path}/settle", "/office/disputes", decision="corrected", reason="电信部门已更正电话。")
    page = words(owner.get(f"/me/reports/{number[0]}").text)
    assert "已更正" in page and "电信部门已更正电话。" in page
    assert "核查中" not in words(owner.get("/me/data").text)


def _fields(page: str) -> Iterator[str]:
    yield from re.findall(r'id="fact-(\w+)"', page)


def test_the_same_report_twice_is_one_report(owner: TestClient, store: Store):
    paths = {send(owner, "/me/data/wrong", "/me/data/wrong", field="plate", what="车牌写错了。").headers["location"] for _ in range(2)}
    assert len(paths) == 1
    settle_all(store)


def test_a_report_without_words_is_asked_for_again_with_what_was_typed(owner: TestClient):
    answer = send(owner, "/me/data/wrong", "/me/data/wrong", field="phone", what="错")
    assert answer.status_code == 422
    assert "请用 5 到 1000 个字说明。" in answer.text
    assert ">错</textarea>" in answer.text


# ---- nobody else's door ---------------------------------------------------------------------------------------------------


def test_anothers_home_and_one_that_does_not_exist_are_answered_alike(visit: Visitors, store: Store):
    tenant = visit("tenant")
    anothers, nobodys = tenant.get(f"/me/homes/{HOME}"), tenant.get(f"/me/homes/{NOWHERE}")
    assert (anothers.status_code, nobodys.status_code) == (404, 404)
    assert words(anothers.text).replace(HOME, "") == words(nobodys.text).replace(NOWHERE, "")
    with store.session(read_only=True) as session:
        newest = ledger.lines_of_subject(session, HOME, limit=1).lines[0].line
    assert (newest.actor, newest.body["outcome"]) == ("tenant", "not_found"), "the attempt stays written"


def test_a_tenant_sees_her_rented_home_but_not_who_else_is_there(owner: TestClient):
    page = words(owner.get(f"/me/homes/{SHOP}").text)
    assert "租住" in page
    assert "登记在这里的企业" not in page and "生成房码" not in page


@pytest.mark.parametrize("code", [SHOP, NOWHERE, "P000000000", "x"])
def test_nobody_makes_a_pass_for_what_she_does_not_own(owner: TestClient, code: str):
    fields = {"purpose": "window_service", "lasts": "30m", "once": "1", "form_token": form_token(owner.get("/me/claim").text)}
    assert owner.post(f"/me/homes/{code}/pass", data=fields).status_code in (403, 404)


def test_nobody_reads_or_revokes_what_is_anothers(owner: TestClient, visit: Visitors, window: TestClient, store: Store):
    _, number, _ = make_pass(owner)
    report = send(owner, "/me/data/wrong", "/me/data/wrong", field="sex", what="性别登记错误。").headers["location"].partition("?")[0]
    window.get(f"/office/subject/{OWNER}")
    look = re.search(r"/me/looked/(\w+)/ask", owner.get("/me/looked").text)
    assert look
    tenant = visit("tenant")
    token = form_token(tenant.get("/me/claim").text)
    assert tenant.post(f"/me/passes/{number}/revoke", data={"form_token": token}).status_code == 404
    assert tenant.get(report).status_code == 404
    assert tenant.get(f"/me/looked/{look[1]}/ask").status_code == 404
    assert tenant.get(f"/me/looked?home={HOME}").status_code == 403
    assert tenant.get(f"/me/companies/{OWNER}").status_code in (403, 404)
    assert "有效" in words(owner.get("/me/passes").text)
    settle_all(store)


@pytest.mark.parametrize("path", ["/me", "/me/homes", "/me/data", "/me/looked", "/me/verify", "/me/messages", f"/me/homes/{HOME}"])
def test_officials_have_no_citizens_pages(window: TestClient, path: str):
    assert window.get(path).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/me/claim",
        "/me/verify",
        "/me/data",
        "/me/data/wrong",
        "/me/messages",
        f"/me/homes/{HOME}/pass",
        f"/me/homes/{HOME}/wrong",
        f"/me/homes/{HOME}/not-mine",
        "/me/consents",
        "/me/passes/R1/revoke",
    ],
)
def test_a_form_from_elsewhere_is_refused(owner: TestClient, path: str):
    answer = owner.post(path, data={"form_token": "guess", "key": HOME, "what": "一二三四五"})
    assert answer.status_code == 403
    assert "页面打开太久或从别处提交" in answer.text


# ---- passes ------------------------------------------------------------------------------------------------------------------


def test_the_secret_of_a_pass_is_shown_once_and_stands_nowhere_else(
    owner: TestClient, store: Store, caplog: pytest.LogCaptureFixture, visit: Visitors
):
    caplog.set_level(logging.DEBUG)
    secret, number, path = make_pass(owner, once="0", lasts="7d")
    assert secret not in path and len(secret) == 26
    again = owner.get(path)
    assert again.headers["location"] == "/me/passes?done=once"
    assert visit("tenant").get(path).headers["location"] == "/me/passes?done=once"
    for page in ("/me/passes", f"/me/homes/{HOME}", "/me/messages", "/me"):
        assert secret not in owner.get(page).text
    assert secret not in caplog.text
    with store.session(read_only=True) as session:
        for table in ("share_pass", "ledger_line", "lookup", "share_notice"):
            assert secret not in repr(session.all(f"SELECT * FROM {table}")), table
    assert number in words(owner.get("/me/passes").text)


def test_while_a_pass_waits_to_be_shown_the_store_cannot_read_it(owner: TestClient, store: Store):
    form = f"/me/homes/{HOME}/pass"
    path = send(owner, form, form, purpose="window_service", lasts="30m", once="1").headers["location"]
    with store.session(read_only=True) as session:
        kept = session.all("SELECT body FROM lookup WHERE lookup_id = :id", {"id": path.rpartition("/")[2]})
    assert len(kept) == 1
    page = owner.get(path).text
    secret = re.search(r'<code id="pass-typed">([^<]+)</code>', page)
    assert secret
    assert secret[1].replace(" ", "") not in repr(kept)
    assert "<svg" in page and 'class="qr"' in page


def test_a_pass_says_for_what_how_long_and_ends_when_revoked(owner: TestClient, window: TestClient):
    secret, number, _ = make_pass(owner, purpose="window_service", once="0", lasts="1d")
    send(owner, f"/me/passes/{number}/revoke", "/me/passes")
    assert "产权人已撤销这个房码" in clerk_checks(window, f"datong:pass:{secret}", applicant_citizen_id=TENANT_ID)
    page = words(owner.get("/me/passes").text)
    assert "已撤销" in page


def test_only_purposes_that_use_anothers_home_are_offered(owner: TestClient):
    page = owner.get(f"/me/homes/{HOME}/pass").text
    offered = re.findall(r'name="purpose" value="(\w+)"', page)
    assert offered[:2] == ["address_at_registration", "rental_registration"]
    assert "police_enquiry" not in offered and "own_data" not in offered


@pytest.mark.parametrize("fields", [{"purpose": "police_enquiry"}, {"lasts": "1y"}, {"once": "2"}])
def test_an_answer_that_is_not_on_the_form_is_refused(owner: TestClient, fields: dict[str, str]):
    path = f"/me/homes/{HOME}/pass"
    assert send(owner, path, path, **{"purpose": "window_service", "lasts": "30m", "once": "1", **fields}).status_code == 422


# ---- claims, verifying a code -----------------------------------------------------------------------------------------------


def test_a_claim_that_is_refused_says_why_and_not_whether_the_home_exists(visit: Visitors):
    tenant = visit("tenant")
    anothers, nobodys = (words(send(tenant, "/me/claim", "/me/claim", key=key).text) for key in (HOME, TITLE_NO[:-1] + "9"))
    assert "没有认领成功" in anothers
    assert "登记信息没有显示您是这处房屋的产权人" in anothers
    assert anothers == nobodys
    assert "有人尝试认领您的房屋" in words(visit("owner").get("/me").text)


def test_ones_own_number_claims_every_home_anothers_none(owner: TestClient):
    answer = send(owner, "/me/claim", "/me/claim", key=OWNER_ID)
    assert "认领成功" in words(answer.text) and OWNER_ID not in answer.text
    assert "不是您本人的号码" in words(send(owner, "/me/claim", "/me/claim", key=TENANT_ID).text)


def test_a_stranger_who_checks_a_code_sees_the_building_and_no_owner(owner: TestClient, visit: Visitors):
    secret, _, _ = make_pass(owner, once="1")
    tenant = visit("tenant")
    for key in (f"datong:pass:{secret}", secret.lower(), HOME, show_code(HOME)):
        answer = send(tenant, "/me/verify", "/me/verify", key=key)
        page = words(answer.text)
        assert "有效" in page and "鸿泰家园" in page
        assert ADDRESS not in answer.text and "501" not in page and "张三" not in page and "张*" not in page
        assert answer.headers.get("location") is None
    looked = words(owner.get(f"/me/looked?home={HOME}").text)
    assert "有市民核验了这处房屋的编码或房码" in looked
    assert "有效" in words(owner.get("/me/passes").text), "to check a pass does not use it up"


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("datong:pass:" + "0" * 26, "没有签发过这个房码"),
        (NOWHERE, "没有这个房屋编码"),
        ("你好", "没有这个房屋编码"),
        (OWNER, "没有这个房屋编码"),
    ],
)
def test_a_code_that_is_none_is_invalid(owner: TestClient, key: str, said: str):
    page = words(send(owner, "/me/verify", "/me/verify", key=key).text)
    assert "无效" in page and said in page


def test_a_revoked_and_an_expired_pass_say_so_and_show_no_address(owner: TestClient, visit: Visitors, store: Store):
    tenant = visit("tenant")
    secret, number, _ = make_pass(owner)
    with store.session() as session:
        session.run("UPDATE share_pass SET expires_at = '2026-01-01T00:00:00.000Z' WHERE pass_id = :id", {"id": number})
    expired = words(send(tenant, "/me/verify", "/me/verify", key=secret).text)
    assert "已过期" in expired and "鸿泰" not in expired
    secret, number, _ = make_pass(owner)
    send(owner, f"/me/passes/{number}/revoke", "/me/passes")
    revoked = words(send(tenant, "/me/verify", "/me/verify", key=secret).text)
    assert "已撤销" in revoked and "鸿泰" not in revoked
