"""What stands around a case: drafts gone on with, papers kept and opened by whom they concern, notes with a code, ratings with a clock."""

from __future__ import annotations

import hashlib
import re

import pytest
from starlette.testclient import TestClient
from tests.web.conftest import form_token, send, sign_in, words
from tests.web.small_city import CREDIT_CODE, PASSWORD
from tests.web.test_cases import FORM, ITEM, act, apply, officers

from datong.store import Store
from datong.web import NewAccount, create_account

__all__ = ["officers"]
PAGE = f"/me/services/{ITEM}/apply"
PDF = b"%PDF-1.7\n" + "平面图".encode() + b"\n%%EOF"


def upload(client: TestClient, path: str, page: str, files: dict[str, tuple[str, bytes]], **fields: str):
    """Send a form with files, as a browser does."""
    token = form_token(client.get(page).text)
    return client.post(path, data={"form_token": token, **fields}, files={f"file.{name}": one for name, one in files.items()})


def without_layout() -> dict[str, str]:
    return {name: value for name, value in FORM.items() if name != "document.layout"}


def applied_with_file(client: TestClient) -> tuple[str, str]:
    """An application with its layout as a file: number and the paper's address."""
    answer = upload(client, PAGE, PAGE, {"layout": ("C:\\图\\平面图.pdf", PDF)}, **without_layout())
    assert answer.status_code == 303, words(answer.text)
    number = re.search(r"C\d{8}-\d{4}", answer.headers["location"])
    assert number
    link = re.search(rf"/me/cases/{number[0]}(/papers/M[0-9a-f]+)", client.get(f"/me/cases/{number[0]}").text)
    assert link
    return number[0], link[1]


def test_a_draft_is_gone_on_with_and_nothing_is_lost(client: TestClient) -> None:
    sign_in(client, "owner")
    some = {"form.shop_name": "草稿面馆", "answer.tobacco": "no", "step": "save"}
    saved = upload(client, PAGE, PAGE, {"layout": ("图.pdf", PDF)}, **some)
    assert saved.status_code == 303
    left = client.get("/me/services").text
    link = re.search(rf'href="({PAGE}\?draft=(D[0-9a-f]+))"', left)
    assert link and "没办完的草稿" in left
    again = client.get(link[1]).text
    assert "草稿面馆" in again and "图.pdf" in again and f'value="{link[2]}"' in again
    wrong = send(client, PAGE, link[1], **{**without_layout(), "form.area": "很大", "draft": link[2]})
    assert wrong.status_code == 422 and "图.pdf" in wrong.text, "the file need not be chosen again"
    sent = send(client, PAGE, link[1], **{**without_layout(), "draft": link[2]})
    assert sent.status_code == 303, words(sent.text)
    assert link[2] not in client.get("/me/services").text, "what was sent is no draft any more"
    assert "/papers/M" in client.get(sent.headers["location"]).text
    second = send(client, PAGE, PAGE, **some)
    assert second.status_code == 303
    other = re.search(r"draft=(D[0-9a-f]+)", client.get("/me/services").text)
    assert other
    sign_in(client, "tenant")
    assert client.get(f"{PAGE}?draft={other[1]}").status_code == 404
    assert send(client, PAGE, PAGE, **{**FORM, "draft": other[1], "step": "save"}).status_code == 404
    send(client, f"/me/drafts/{other[1]}/drop", "/me/services")
    sign_in(client, "owner")
    assert client.get(f"{PAGE}?draft={other[1]}").status_code == 200, "only she who wrote it throws it away"
    send(client, f"/me/drafts/{other[1]}/drop", "/me/services")
    assert client.get(f"{PAGE}?draft={other[1]}").status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("图.pdf", b"<html><script>alert(1)</script></html>", "只收"),
        ("图.pdf.exe", b"MZ\x90\x00", "只收"),
        ("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "只收"),
        ("图.pdf", b"%PDF-1.7" + b"0" * (5 * 1024 * 1024), "文件太大"),
    ],
)
def test_what_is_no_paper_or_too_large_is_not_taken(client: TestClient, name: str, content: bytes, told: str) -> None:
    sign_in(client, "owner")
    answer = upload(client, PAGE, PAGE, {"layout": (name, content)}, **without_layout())
    assert answer.status_code == 422 and told in answer.text and "经营场所平面布局图" in answer.text


def test_a_paper_is_opened_by_those_it_concerns_only(client: TestClient, store: Store, officers: tuple[str, ...]) -> None:
    sign_in(client, "owner")
    number, paper = applied_with_file(client)
    mine = client.get(f"/me/cases/{number}{paper}")
    assert mine.content == PDF and mine.headers["content-disposition"].startswith("attachment")
    assert mine.headers["content-type"] == "application/pdf" and mine.headers["x-content-type-options"] == "nosniff"
    with store.session(read_only=True) as session:
        row = session.one("SELECT data FROM service_event WHERE case_id = :n AND kind = 'submitted'", {"n": number})
    assert row is not None and hashlib.sha256(PDF).hexdigest() in row[0], "its hash stands in the case's event"
    sign_in(client, "tenant")
    assert client.get(f"/me/cases/{number}{paper}").status_code == 404
    sign_in(client, "case_approval")
    assert client.get(f"/office/cases/{number}{paper}").content == PDF
    act(client, number, "accept")
    for department, status in (("market_regulation", 200), ("fire_rescue", 200), ("ecology", 404)):
        sign_in(client, f"case_{department}")
        assert client.get(f"/office/cases/{number}{paper}").status_code == status, "a department whose task does not name it has it not"
        assert ("平面图.pdf" in client.get(f"/office/cases/{number}").text) == (status == 200)
    sign_in(client, "clerk")
    assert client.get(f"/office/cases/{number}{paper}").status_code in (403, 404)


def test_the_notes_are_printed_and_their_code_shows_how_it_stands(client: TestClient, officers: tuple[str, ...]) -> None:
    sign_in(client, "owner")
    number, _ = applied_with_file(client)
    sign_in(client, "case_approval")
    page = f"/office/cases/{number}"
    send(client, f"{page}/act", page, act="ask_supplement", task="acceptance", lacking="平面图缺后厨\n缺排烟口")
    told = send(client, f"{page}/notes", page, kind="told").text
    assert "平面图缺后厨" in told and "缺排烟口" in told and "一次性告知补正单" in told and "<svg" in told
    sign_in(client, "owner")
    mended = upload(
        client, f"/me/cases/{number}/act", f"/me/cases/{number}", {"layout": ("新图.png", b"\x89PNG\r\n\x1a\nx")}, act="give_supplement"
    )
    assert mended.status_code == 303
    assert "新图.png" in client.get(f"/me/cases/{number}").text
    sign_in(client, "case_approval")
    act(client, number, "accept")
    accepted = send(client, f"{page}/notes", page, kind="accepted").text
    assert "受理日期" in accepted and "食品经营许可审查：应在" in accepted
    assert send(client, f"{page}/notes", page, kind="result").status_code == 422, "there is no result yet"
    sign_in(client, "case_fire_rescue")
    act(client, number, "claim", "fire")
    act(client, number, "finish", "fire", outcome="refuse", note="疏散通道不足")
    code = re.search(r"<code>([2-9A-Z ]{14})</code>", accepted)
    assert code
    client.cookies.clear()
    shown = send(client, "/progress", "/progress", key="datong:case:" + code[1].replace(" ", "")).text
    assert "开餐馆一件事" in shown and number in shown and "已办结，不予" in shown and "张三" not in shown and CREDIT_CODE not in shown
    assert send(client, "/progress", "/progress", key="AAAA AAAA AAAA").status_code == 404
    sign_in(client, "case_approval")
    result = send(client, f"{page}/notes", page, kind="result").text
    assert "疏散通道不足" in result and "行政复议" in result
    sign_in(client, "tenant")
    assert send(client, f"/me/cases/{number}/notes", "/me/services", kind="received").status_code == 404


def test_a_bad_word_is_answered_and_rated_once_more(client: TestClient, officers: tuple[str, ...]) -> None:
    sign_in(client, "owner")
    number = apply(client)
    page = f"/me/cases/{number}"
    assert send(client, f"{page}/rate", page, grade="1").status_code == 422, "only what has ended is rated"
    send(client, f"{page}/act", page, act="withdraw")
    assert send(client, f"{page}/rate", page, grade="1", note="跑了三趟").status_code == 303
    assert "前答复" in client.get(page).text
    assert send(client, f"{page}/rate", page, grade="5").status_code == 422
    sign_in(client, "case_approval")
    listed = client.get("/office/ratings").text
    assert "跑了三趟" in listed and "个工作日" in listed and "前回访" in listed
    assert send(client, f"/office/ratings/{number}", "/office/ratings", answer="已改为一次办").status_code == 303
    assert number not in client.get("/office/ratings").text
    sign_in(client, "case_ecology")
    assert send(client, f"/office/ratings/{number}", "/office/cases", answer="不是我们").status_code in (403, 404, 422)
    sign_in(client, "owner")
    assert "已改为一次办" in client.get(page).text
    assert send(client, f"{page}/rate", page, grade="4").status_code == 303
    assert "再次评价" in client.get(page).text
    sign_in(client, "tenant")
    assert send(client, f"{page}/rate", "/me/services", grade="5").status_code == 404


def test_the_counter_begins_for_an_organisation(client: TestClient, store: Store) -> None:
    sign_in(client, "clerk")
    page = "/office/counter/first_registration"
    form = client.get(page).text
    assert "统一社会信用代码" in form and "企业名称" in form
    fields = {"form.project": "鸿泰二期", "form.building": "5号楼", "form.homes": "60", "form.sold": "50", "form.filed": "50"}
    wrong = send(client, page, page, applicant=CREDIT_CODE, name="别的公司", **fields)
    assert wrong.status_code == 404 and "鸿泰小超市" not in wrong.text, "name and number belong together"
    made = send(client, page, page, applicant=CREDIT_CODE, name="淄博鸿泰小超市有限公司", **fields)
    assert made.status_code == 200 and "收件回执" in made.text and "<svg" in made.text, words(made.text)
    number = re.search(r"C\d{8}-\d{4}", made.text)
    assert number
    again = send(client, "/office/counter-notes", "/office/counter", case=number[0], kind="received")
    assert again.status_code == 200 and number[0] in again.text
    with store.session() as session:
        create_account(session, NewAccount("other_clerk", PASSWORD, "另一人", "officer", "tax", "窗口", ("window_clerk",), ("3703",)))
    sign_in(client, "other_clerk")
    assert send(client, "/office/counter-notes", "/office/counter", case=number[0], kind="received").status_code == 404
