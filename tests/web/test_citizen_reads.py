"""What a citizen reads: who is at her home, her data, who looked; and what she is told, allows and chooses."""

from __future__ import annotations

import json
import re

from starlette.testclient import TestClient
from tests.web.citizens import clerk_checks, make_pass, settle_all
from tests.web.conftest import Visitors, form_token, send, words
from tests.web.small_city import ADDRESS, CREDIT_CODE, FIRM, HOME, OWNER, OWNER_ID, PHONE, SHOP, TENANT_ID

from datong import ledger
from datong.settings import Settings
from datong.store import Store

# ---- who is at my home ---------------------------------------------------------------------------------------------------


def test_an_owner_sees_the_firm_at_her_shop_and_says_it_is_none_of_hers(visit: Visitors, store: Store):
    tenant = visit("tenant")  # who owns the shop
    page = tenant.get(f"/me/homes/{SHOP}")
    said = words(page.text)
    assert "淄博鸿泰小超市有限公司" in said and "张*" in said and "张三" not in said
    assert OWNER not in page.text, "a neighbour's permanent code stands nowhere in the page"
    form = re.search(r'name="tie" value="(\w+)">[^<]*<div[^>]*>\s*<label[^>]*>说明', page.text)
    ties = re.findall(r'name="tie" value="(\w+)"', page.text)
    assert form and len(ties) == 2
    made = send(tenant, f"/me/homes/{SHOP}/not-mine", f"/me/homes/{SHOP}", tie=ties[0], what="不是我同意的企业")
    report = words(tenant.get(made.headers["location"]).text)
    assert "注册企业" in report and "link:" not in report
    with store.session(read_only=True) as session:
        mark = session.one("SELECT field FROM mark WHERE code = :code AND state = 'open' AND field LIKE 'link:%'", {"code": SHOP})
    assert mark == (f"link:registered_at:{FIRM}",)
    assert "核查中" in words(tenant.get(f"/me/homes/{SHOP}").text)
    assert "link:" not in words(tenant.get("/me/messages").text)
    settle_all(store)


def test_a_tie_that_is_not_on_the_page_is_reported_by_nobody(visit: Visitors):
    tenant = visit("tenant")
    answer = send(tenant, f"/me/homes/{SHOP}/not-mine", f"/me/homes/{SHOP}", tie="0" * 24, what="不是我的租客")
    assert answer.status_code == 404
    assert send(tenant, f"/me/homes/{HOME}/not-mine", "/me/claim", tie="0" * 24, what="不是我的租客").status_code == 404


def test_a_business_is_shown_as_far_as_it_is_published(owner: TestClient):
    page = words(owner.get(f"/me/companies/{FIRM}").text)
    assert CREDIT_CODE in page and "淄博鸿泰小超市有限公司" in page
    assert PHONE not in page


# ---- my data, who looked ------------------------------------------------------------------------------------------------


def test_my_data_is_grouped_sourced_and_my_number_masked_until_i_ask(owner: TestClient):
    page = owner.get("/me/data")
    said = words(page.text)
    assert OWNER_ID not in page.text
    assert "市公安局" in said and "2026-11-01" in said and "淄博鸿泰小超市有限公司" in said
    assert said.index("身份") < said.index("联系与住址") < said.index("家庭与教育")
    assert OWNER_ID in send(owner, "/me/data", "/me/data").text


def test_the_copy_holds_everything_whole_and_is_written_down(owner: TestClient, store: Store):
    answer = owner.get("/me/data/copy.json")
    body = json.loads(answer.text)
    facts = {fact["field"]: fact for fact in body["person"]["facts"]}
    assert facts["citizen_id"]["value"] == OWNER_ID
    assert facts["phone"]["department"] == "police"
    assert HOME in {home["code"] for home in body["homes"]}
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "no-store"
    with store.session(read_only=True) as session:
        newest = ledger.lines_of_subject(session, OWNER, limit=1).lines[0].line
    assert (newest.type, newest.body["unmasked"]) == ("unmask", ["citizen_id"])
    assert OWNER_ID in owner.get("/me/data/copy").text


def test_who_looked_counts_a_year_filters_and_leaves_my_own_looks_out(owner: TestClient, window: TestClient):
    window.get(f"/office/subject/{OWNER}")
    owner.get("/me/data")
    page = words(owner.get("/me/looked").text)
    count = re.search(r"最近 12 个月 (\d+) 次", page)
    assert count and int(count[1]) >= 1
    assert "您本人查看自己的信息" not in page
    assert "您打开本页也写入了记录" in page and "记录最早到" in page and "应当保密" in page
    assert "您本人查看自己的信息" in words(owner.get("/me/looked?own=1").text)
    assert "这段时间没有人看过" in words(owner.get("/me/looked?department=police").text)
    assert owner.get("/me/looked?department=nonsense&period=x&home=bad&own=7").status_code == 200
    assert owner.get("/me/looked?cursor=broken").status_code == 422


def test_a_look_is_downloaded_as_a_proof_that_anybody_can_check(
    owner: TestClient, window: TestClient, visit: Visitors, store: Store, settings: Settings
):
    window.get(f"/office/subject/{OWNER}")
    with store.session() as session:
        ledger.checkpoint(session, ledger.load_signer(settings.home), "2026-11-20T00:00:00Z")
    page = owner.get("/me/looked").text
    look = re.search(r"/me/looked/(\w+)/proof", page)
    assert look and "下载这次查看的存证" in page
    with store.session() as session:
        ledger.checkpoint(session, ledger.load_signer(settings.home), "2026-11-20T00:00:00Z")
    answer = owner.get(look[0])
    assert answer.headers["content-disposition"] == f'attachment; filename="{look[1]}.tlog-proof"'
    proven = ledger.check_proof(answer.text, ledger.load_verifier(settings.home))
    assert proven.line is None and proven.entry["type"] == "read" and OWNER not in answer.text
    assert visit("tenant").get(look[0]).status_code == 404


def test_a_question_about_a_look_has_a_clock_reaches_the_department_and_marks_nothing(
    owner: TestClient, window: TestClient, visit: Visitors, store: Store
):
    window.get(f"/office/subject/{OWNER}")
    look = re.search(r"/me/looked/(\w+)/ask", owner.get("/me/looked").text)
    assert look
    path = f"/me/looked/{look[1]}/ask"
    assert "请用 5 到 1000 个字说明。" in send(owner, path, path, what="?").text
    made = send(owner, path, path, what="我没有去过窗口，为什么看我？")
    page = words(owner.get(made.headers["location"]).text)
    assert "一次查看" in page and "由市行政审批服务局核查" in page and "剩 10 个工作日" in page
    assert "核查中" not in words(window.get(f"/office/subject/{OWNER}").text)
    with store.session(read_only=True) as session:
        told = session.all("SELECT body FROM share_notice WHERE subject = 'department:approval' AND kind = 'look_questioned'")
    assert len(told) == 1 and "我没有去过窗口" in told[0][0] and "张三" not in told[0][0]
    number = made.headers["location"].split("/")[-1].partition("?")[0]
    steward = visit("steward")
    assert (
        send(steward, f"/office/disputes/{number}/settle", "/office/disputes", decision="upheld", reason="当日本人到窗口办事。").status_code
        == 303
    )
    assert "当日本人到窗口办事。" in words(owner.get(f"/me/reports/{number}").text)


# ---- messages, consents, settings -------------------------------------------------------------------------------------------


def test_messages_are_read_one_by_one_or_all_at_once(owner: TestClient, window: TestClient, store: Store):
    secret, _, _ = make_pass(owner)
    clerk_checks(window, f"datong:pass:{secret}", applicant_citizen_id=TENANT_ID)
    page = owner.get("/me/messages").text
    newest = re.search(r'action="/me/messages/(N\d+)"', page)
    assert newest and "未读" in page
    answer = send(owner, f"/me/messages/{newest[1]}", "/me/messages")
    assert answer.headers["location"] == f"/me/homes/{HOME}"
    assert send(owner, "/me/messages", "/me/messages").headers["location"] == "/me/messages?done=read"
    assert "未读" not in words(owner.get("/me/messages").text)
    assert owner.post("/me/messages/N999999999", data={"form_token": form_token(owner.get("/me/claim").text)}).status_code == 404


def test_a_consent_is_given_seen_and_taken_back(owner: TestClient):
    offered = re.findall(r'name="what" value="([^"]+)"', owner.get("/me/consents").text)
    assert "civil_affairs/means_test" in offered
    send(owner, "/me/consents", "/me/consents", what="civil_affairs/means_test", lasts="30")
    page = owner.get("/me/consents").text
    number = re.search(r"/me/consents/(S[\d-]+)/withdraw", page)
    assert number
    send(owner, f"/me/consents/{number[1]}/withdraw", "/me/consents")
    assert "已撤回" in words(owner.get("/me/consents").text)
    assert send(owner, "/me/consents", "/me/consents", what="police/police_enquiry", lasts="30").status_code == 422


def test_language_and_large_text_are_links_that_are_remembered(owner: TestClient):
    owner.get("/me/settings?elder=1")
    assert re.search(r'<body class="citizen elder">', owner.get("/me").text)
    owner.get("/me/settings?lang=en&elder=0")
    assert '<html lang="en">' in owner.get("/me").text


def test_every_sentence_of_the_citizens_pages_has_its_english(owner: TestClient):
    """Data and the city's own names stay Chinese; the page's own words do not."""
    owner.get("/me?lang=en")
    own = {"张三", "中文", *ADDRESS}
    for path in ("/me/settings", "/me/claim", "/me/verify", "/me/passes", "/me/data/wrong", f"/me/homes/{HOME}/pass", "/me/consents"):
        page = re.sub(r"<title>.*?</title>|<header.*?</header>", "", owner.get(path).text, flags=re.DOTALL)
        left = re.findall(r"[\u4e00-\u9fff]+", words(page))
        assert [word for word in left if word not in own] == [], path
