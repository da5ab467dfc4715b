"""The addresses of open data: for everybody, for those signed in, for offices."""

from __future__ import annotations

from datong.web.door import Page
from datong.web.pages import open_data, open_data_office

OPEN_DATA_PAGES: tuple[Page, ...] = (
    Page("GET", "/open", open_data.show, "public", reads=True),
    Page("GET", "/open/catalogue.jsonld", open_data.catalogue, "public", reads=True),
    Page("GET", "/open/wishes", open_data.wishes, "public", reads=True),
    Page("POST", "/open/wishes", open_data.wish, "signed_in"),
    Page("GET", "/open/data/{dataset}", open_data.one, "public", reads=True),
    Page("GET", "/open/data/{dataset}/files/{form}", open_data.download, "public"),
    Page("POST", "/open/data/{dataset}/wrong", open_data.correct, "public"),
    Page("GET", "/office/open", open_data_office.show, "catalogue.read", reads=True),
    Page("POST", "/office/open", open_data_office.propose, "catalogue.edit"),
    Page("GET", "/office/open/new", open_data_office.form, "catalogue.edit", reads=True),
    Page("POST", "/office/open/{dataset}/act", open_data_office.act, "catalogue.read"),
    Page("POST", "/office/open/wishes/{wish_id}", open_data_office.answer_wish, "catalogue.demand"),
    Page("POST", "/office/open/corrections/{correction_id}", open_data_office.answer_correction, "catalogue.demand"),
)
