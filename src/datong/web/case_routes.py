"""The addresses of items and cases: method, path, function, permission. `routes.py` joins them to the one table."""

from __future__ import annotations

from datong.web.door import Page
from datong.web.pages import cases, citizen_services, counter, portal

SERVICE, CASE, OFFICE = "/me/services/{service}", "/me/cases/{case_id}", "/office/cases/{case_id}"
CASE_PAGES: tuple[Page, ...] = (
    Page("GET", "/services", portal.show, "public", reads=True),
    Page("GET", "/services/{service}", portal.guide, "public", reads=True),
    Page("GET", "/me/services", citizen_services.show, "citizen.services", reads=True),
    Page("GET", SERVICE, citizen_services.guide, "citizen.services", reads=True),
    Page("GET", f"{SERVICE}/apply", citizen_services.form, "citizen.services"),
    Page("POST", f"{SERVICE}/apply", citizen_services.apply, "citizen.services"),
    Page("GET", CASE, citizen_services.case, "citizen.services", reads=True),
    Page("POST", f"{CASE}/act", citizen_services.act, "citizen.services"),
    Page("GET", f"{CASE}/invited/{{kept_id}}", citizen_services.invited, "citizen.services"),
    Page("GET", "/me/confirm", citizen_services.enter, "citizen.services", reads=True),
    Page("POST", "/me/confirm", citizen_services.open_seat, "citizen.services"),
    Page("GET", "/office/cases", cases.show, "cases.work", reads=True),
    Page("GET", OFFICE, cases.one, "cases.work", reads=True),
    Page("POST", f"{OFFICE}/act", cases.act, "cases.work"),
    Page("POST", f"{OFFICE}/compare", cases.compare, "cases.work"),
    Page("GET", "/office/samples", cases.samples, "cases.work", reads=True),
    Page("POST", "/office/samples/{case_id}", cases.settle_sample, "cases.work"),
    Page("GET", "/office/counter", counter.show, "cases.counter", reads=True),
    Page("GET", "/office/counter/{service}", counter.form, "cases.counter", reads=True),
    Page("POST", "/office/counter/{service}", counter.begin, "cases.counter"),
)
