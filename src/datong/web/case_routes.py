"""The addresses of items and cases: method, path, function, permission. `routes.py` joins them to the one table."""

from __future__ import annotations

from datong.web.door import Page
from datong.web.pages import benefits, case_papers, cases, citizen_dealings, citizen_services, counter, money, portal, retests

SERVICE, CASE, OFFICE = "/me/services/{service}", "/me/cases/{case_id}", "/office/cases/{case_id}"
CASE_PAGES: tuple[Page, ...] = (
    Page("GET", "/services", portal.show, "public", reads=True),
    Page("GET", "/services/{service}", portal.guide, "public", reads=True),
    Page("GET", "/progress", case_papers.enter_code, "public", reads=True),
    Page("POST", "/progress", case_papers.progress, "public", reads=True),
    Page("GET", "/me/dealings", citizen_dealings.show, "citizen.services", reads=True),
    Page("GET", "/me/services", citizen_services.show, "citizen.services", reads=True),
    Page("GET", SERVICE, citizen_services.guide, "citizen.services", reads=True),
    Page("GET", f"{SERVICE}/apply", citizen_services.form, "citizen.services"),
    Page("POST", f"{SERVICE}/apply", citizen_services.apply, "citizen.services"),
    Page("POST", "/me/drafts/{draft_id}/drop", citizen_services.drop, "citizen.services"),
    Page("GET", CASE, citizen_services.case, "citizen.services", reads=True),
    Page("POST", f"{CASE}/act", citizen_services.act, "citizen.services"),
    Page("POST", f"{CASE}/rate", citizen_services.rate, "citizen.services"),
    Page("POST", f"{CASE}/notes", case_papers.own_note, "citizen.services"),
    Page("GET", f"{CASE}/papers/{{paper_id}}", case_papers.paper, "citizen.services"),
    Page("GET", f"{CASE}/invited/{{kept_id}}", citizen_services.invited, "citizen.services"),
    Page("GET", "/me/confirm", citizen_services.enter, "citizen.services", reads=True),
    Page("POST", "/me/confirm", citizen_services.open_seat, "citizen.services"),
    Page("GET", "/office/cases", cases.show, "cases.work", reads=True),
    Page("GET", OFFICE, cases.one, "cases.work", reads=True),
    Page("POST", f"{OFFICE}/act", cases.act, "cases.work"),
    Page("POST", f"{OFFICE}/notes", case_papers.office_note, "cases.work"),
    Page("GET", f"{OFFICE}/papers/{{paper_id}}", case_papers.paper, "cases.work"),
    Page("POST", f"{OFFICE}/compare", cases.compare, "cases.work"),
    Page("GET", "/office/benefits", benefits.show, "board.read", reads=True),
    Page("GET", "/office/benefits.csv", benefits.export, "board.read", reads=True),
    Page("GET", "/office/ratings", cases.ratings, "cases.work", reads=True),
    Page("POST", "/office/ratings/{case_id}", cases.answer_rating, "cases.work"),
    Page("GET", "/office/samples", cases.samples, "cases.work", reads=True),
    Page("POST", "/office/samples/{case_id}", cases.settle_sample, "cases.work"),
    Page("GET", "/office/money", money.show, "cases.work", reads=True),
    Page("POST", "/office/money/{case_id}", money.send_again, "cases.work"),
    Page("GET", "/office/retests", retests.show, "cases.work", reads=True),
    Page("POST", "/office/retests/{case_id}", retests.settle, "cases.work"),
    Page("GET", "/office/counter", counter.show, "cases.counter", reads=True),
    Page("POST", "/office/counter-notes", case_papers.office_note, "cases.counter"),
    Page("GET", "/office/counter/{service}", counter.form, "cases.counter", reads=True),
    Page("POST", "/office/counter/{service}", counter.begin, "cases.counter"),
)
