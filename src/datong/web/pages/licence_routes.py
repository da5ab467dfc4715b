"""The addresses of licences and signatures: method, path, function, permission. `routes.py` joins them to the one table."""

from __future__ import annotations

from datong.web.door import Page
from datong.web.pages import licence_check, licence_office, licence_wallet, signatures

LICENCE_PAGES: tuple[Page, ...] = (
    Page("GET", "/me/licences", licence_wallet.show_all, "citizen.licences", reads=True),
    Page("GET", "/me/licences/uses", licence_wallet.uses, "citizen.licences", reads=True),
    Page("GET", "/me/licences/agreed", licence_wallet.agreed, "citizen.licences", reads=True),
    Page("POST", "/me/licences/agreed", licence_wallet.agree, "citizen.licences"),
    Page("POST", "/me/licences/agreed/{agreed_id}/withdraw", licence_wallet.withdraw, "citizen.licences"),
    Page("GET", "/me/licences/code/{kept_id}", licence_wallet.show_code, "citizen.licences"),
    Page("GET", "/me/licences/offer/{kept_id}", licence_wallet.show_offer, "citizen.licences"),
    Page("GET", "/me/licences/{licence_id}", licence_wallet.show, "citizen.licences", reads=True),
    Page("POST", "/me/licences/{licence_id}/show", licence_wallet.make_code, "citizen.licences"),
    Page("POST", "/me/licences/{licence_id}/offer", licence_wallet.offer, "citizen.licences"),
    Page("POST", "/me/licences/{licence_id}/file", licence_wallet.take_file, "citizen.licences"),
    Page("POST", "/me/licences/{licence_id}/paper/{form}", licence_wallet.take_paper, "citizen.licences"),
    Page("GET", "/me/signatures", signatures.show_all, "citizen.sign", reads=True),
    Page("POST", "/me/signatures", signatures.add, "citizen.sign"),
    Page("GET", "/me/signatures/{signature_id}", signatures.show, "citizen.sign", reads=True),
    Page("POST", "/me/signatures/{signature_id}", signatures.sign, "citizen.sign", reads=True),
    Page("POST", "/me/signatures/{signature_id}/refuse", signatures.refuse, "citizen.sign"),
    Page("GET", "/me/signatures/{signature_id}/file", signatures.file, "citizen.sign", reads=True),
    Page("GET", "/verify-licence", licence_check.form, "public", reads=True),
    Page("POST", "/verify-licence", licence_check.check, "public"),
    Page("GET", "/verify-signature", signatures.verify_form, "public", reads=True),
    Page("POST", "/verify-signature", signatures.verify, "public", reads=True),
    Page("GET", "/office/licence-check", licence_check.office_form, "licences.verify", reads=True),
    Page("POST", "/office/licence-check", licence_check.office_check, "licences.verify"),
    Page("POST", "/office/licence-check/card", licence_check.by_card, "licences.verify"),
    Page("GET", "/office/licences", licence_office.catalogue, "licences.verify", reads=True),
    Page("GET", "/office/licences/{type}", licence_office.of_type, "licences.issue", reads=True),
    Page("POST", "/office/licences/{type}", licence_office.issue, "licences.issue"),
    Page("POST", "/office/licences/{type}/{licence_id}", licence_office.act, "licences.issue"),
    Page("POST", "/office/licences/{type}/{licence_id}/paper", licence_office.paper, "licences.issue"),
)
