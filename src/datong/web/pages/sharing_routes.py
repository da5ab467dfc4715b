"""The addresses of the catalogue, of demand and of the boards."""

from __future__ import annotations

from datong.web.door import Page
from datong.web.pages import applications, boards, catalogue, demands, levels, province, security, supervision

SHARING_PAGES: tuple[Page, ...] = (
    Page("GET", "/office/security", security.show, "security.watch", reads=True),
    Page("POST", "/office/security", security.stop, "security.stop"),
    Page("POST", "/office/security/{stop_id}", security.lift, "security.stop"),
    Page("GET", "/office/catalogue", catalogue.show, "catalogue.read", reads=True),
    Page("GET", "/office/catalogue/work", catalogue.work, "catalogue.read", reads=True),
    Page("GET", "/office/catalogue/systems", catalogue.systems, "catalogue.read", reads=True),
    Page("POST", "/office/catalogue/systems", catalogue.enter_system, "catalogue.edit"),
    Page("GET", "/office/catalogue/rules", catalogue.rules, "catalogue.read", reads=True),
    Page("GET", "/office/catalogue/papers.csv", demands.papers, "catalogue.read", reads=True),
    Page("GET", "/office/catalogue/export/{form}", catalogue.export, "catalogue.read", reads=True),
    Page("GET", "/office/catalogue/new", catalogue.new, "catalogue.edit", reads=True),
    Page("POST", "/office/catalogue/new", catalogue.enter, "catalogue.edit"),
    Page("POST", "/office/catalogue/import", catalogue.take_in, "catalogue.edit"),
    Page("GET", "/office/catalogue/items/{resource}", catalogue.one, "catalogue.read", reads=True),
    Page("GET", "/office/catalogue/items/{resource}/edit", catalogue.edit, "catalogue.edit", reads=True),
    Page("POST", "/office/catalogue/items/{resource}/edit", catalogue.change, "catalogue.edit"),
    Page("POST", "/office/catalogue/items/{resource}/act", catalogue.act, "catalogue.read"),
    Page("GET", "/office/demands", demands.show, "catalogue.demand"),
    Page("POST", "/office/demands", demands.enter, "catalogue.demand"),
    Page("POST", "/office/demands/{demand_id}", demands.settle, "catalogue.publish"),
    Page("GET", "/office/demands/export", demands.export, "catalogue.demand"),
    Page("GET", "/office/sharing", boards.show, "board.read"),
    Page("GET", "/office/sharing/parties", boards.parties, "board.read"),
    Page("GET", "/office/levels", levels.show, "catalogue.read"),
    Page("GET", "/office/province", province.show, "catalogue.read", reads=True),
    Page("POST", "/office/province", province.ask, "requests.write"),
    Page("POST", "/office/province/catalogue", province.take_in, "catalogue.publish"),
    Page("GET", "/office/province/items", province.items, "catalogue.read", reads=True),
    Page("GET", "/office/applications", applications.show, "board.read", reads=True),
    Page("GET", "/office/supervision", supervision.show, "supervision.read"),
    Page("POST", "/office/supervision", supervision.search, "supervision.read"),
    Page("GET", "/office/supervision/coverage", supervision.coverage, "catalogue.read", reads=True),
    Page("GET", "/office/supervision/of/{code}", supervision.of_one, "supervision.read"),
    Page("GET", "/office/supervision/{lookup_id}", supervision.found, "supervision.read"),
    Page("GET", "/office/sharing/export/{what}", boards.export, "board.read"),
)
