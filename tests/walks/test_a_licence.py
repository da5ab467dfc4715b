"""The walk of a licence: issued by the department, shown on the phone, redeemed at the counter, used by ID card, revoked, on record."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from hashlib import sha256

from tests.walks.conftest import NOW, City, actor, citizen, clerk

from datong import ledger, licences, share
from datong.domain.access import Actor
from datong.licences import Doing, NewLicence, Showing

AT = datetime.fromisoformat(NOW)
PERSON = """SELECT e.code, k.key_value FROM entry e JOIN entry_key k ON k.code = e.code AND k.key_type = 'citizen_id'
WHERE e.kind = 'person' AND e.division LIKE '3703%' AND length(k.key_value) = 18 AND substr(k.key_value, 7, 4) < '1990'
ORDER BY e.code LIMIT 1"""
FIRM = """SELECT r.from_code, r.to_code, k.key_value FROM relation r JOIN entry_key k ON k.code = r.to_code AND k.key_type = 'credit_code'
WHERE r.type = 'legal_representative_of' AND r.until = '' ORDER BY r.to_code LIMIT 1"""
FEDERATION = actor("officer", "disabled_federation", roles=frozenset({"officer"}))


def disability_card(city: City, code: str, number: str) -> licences.Licence:
    facts = {
        "holder_name": city.fact(code, "name"), "citizen_id": number, "kind": "肢体", "level": "二级",
        "birth_date": city.fact(code, "birth_date"), "number": f"{number}42",
    }  # fmt: skip
    with city.store.session() as session:
        return licences.issue(session, FEDERATION, NewLicence("disability_card", code, facts, case="残2026-1"), now=AT)


def test_shown_on_the_phone_instead_of_paper_and_taken_at_any_counter(city: City) -> None:
    code, number = city.one(PERSON)
    made = disability_card(city, code, number)
    holder = citizen(code)
    with city.store.session() as session:
        shown = licences.show_code(session, holder, made.licence_id, Showing(("level",), "公交免费乘车"), now=AT)
        checked = licences.check_text(session, clerk("transport"), shown.qr, now=AT + timedelta(minutes=1))
        assert checked.verdict.good and checked.verdict.bound
        assert dict(checked.verdict.claims) == {"level": "二级"}, "the holder decides what is seen"
        (use,) = licences.uses(session, holder, now=AT)
        assert (use.department, use.purpose, use.fields) == ("transport", "公交免费乘车", ("level",))
        looks = [one for one in share.who_looked(session, holder, now=AT).looks if one.type == "licence_use"]
        assert [one.department_code for one in looks] == ["transport"]


def test_reimbursed_by_the_id_card_alone_because_she_had_agreed(city: City) -> None:
    code, number = city.one(PERSON)
    disability_card(city, code, number)
    counter = clerk("medical_insurance")
    with city.store.session() as session:
        before = licences.by_card(session, counter, number, "disability_card", purpose="医药费报销", now=AT)
        assert before.verdict.reasons[0].code == "not_agreed"
        licences.agree(session, citizen(code), "disability_card", "medical_insurance", timedelta(days=365), now=AT)
        checked = licences.by_card(session, counter, number, "disability_card", purpose="医药费报销", now=AT)
        assert checked.verdict.good
        assert checked.verdict.claims["level"] == "二级"
        told = share.notices(session, citizen(code))
        assert any(one.kind == "licence_used" and "医药费报销" in one.text_zh for one in told)


def test_what_is_submitted_and_issued_stands_in_a_record_nobody_rewrites(city: City) -> None:
    code, number = city.one(PERSON)
    made = disability_card(city, code, number)
    with city.store.session() as session:
        licences.act(session, FEDERATION, made.licence_id, Doing("revoke", "复查不符", case="残2026-9"), now=AT)
        page = ledger.lines_of_subject(session, (code,), limit=50, only=ledger.Only(("licence",)))
        acts = {one.line.body["act"]: one for one in page.lines}
        assert set(acts) == {"issued", "revoke"}
        assert acts["issued"].line.body["digest"] == made.digest
        assert [acts[name].line.body["case"] for name in ("issued", "revoke")] == ["残2026-1", "残2026-9"]
        assert not [word for word in (number, city.fact(code, "name")) if word in json.dumps(dict(acts["issued"].line.body))]
        assert ledger.verify_log(session, ledger.load_verifier(city.settings.home)).sound
        assert licences.check_text(session, None, made.credential, now=AT).verdict.outcome == "revoked"
        fraud = [one for one in share.department_notices(session, FEDERATION) if one.kind == "licence_fraud"]
        assert len(fraud) == 1, "the issuer learns who tries a revoked licence"


def test_the_company_has_its_licences_the_moment_they_are_issued(city: City) -> None:
    person, firm, credit = city.one(FIRM)
    name = city.fact(firm, "org_name")
    market = actor("officer", "market_regulation", roles=frozenset({"officer"}))
    with city.store.session() as session:
        wanted = NewLicence("business_licence", firm, {"holder_name": name, "credit_code": credit}, case="企2026-1")
        made = licences.issue(session, market, wanted, now=AT)
        held = licences.of_holder(session, citizen(person), firm, now=AT)
        assert [one.licence_id for one in held] == [made.licence_id], "and nobody asked for an account or a copy"
        assert {"licence_issued", "company_account"} <= {one.kind for one in share.notices(session, citizen(person))}
        (account,) = [one for one in licences.company_accounts(session, citizen(person), now=AT) if one.organisation == firm]
        assert account.licence_id == made.licence_id
        lines = ledger.lines_of_subject(session, (firm,), limit=50, only=ledger.Only(("company_account",))).lines
        assert [one.line.body["act"] for one in lines] == ["opened"], "the account stands on record, once"
        again = NewLicence("business_licence", firm, {"holder_name": name, "credit_code": credit}, case="企2026-2")
        licences.issue(session, market, again, now=AT)
        assert len([one for one in licences.company_accounts(session, citizen(person), now=AT) if one.organisation == firm]) == 1
        stranger, _ = city.one(PERSON)
        assert (
            not [one for one in licences.company_accounts(session, citizen(stranger), now=AT) if one.organisation == firm]
            or stranger == person
        )
        everything = {one.holder for one in licences.of_holder(session, citizen(person), now=AT)}
        assert firm in everything, "her own space holds the firm's too"


def test_a_licence_is_verified_without_the_city_by_what_a_verifier_carries(city: City) -> None:
    code, number = city.one(PERSON)
    made = disability_card(city, code, number)
    with city.store.session() as session:
        carried = licences.read_bundle(json.dumps(licences.bundle(session, now=AT)))
        text = licences.present(session, citizen(code), made.licence_id, Showing((), "验票", "车站", "n1"), now=AT)
    assert licences.verify(text, carried, now=AT, expect=licences.Expect("车站", "n1")).good


def test_on_paper_for_whoever_wants_paper_and_checked_without_the_city(city: City) -> None:
    code, number = city.one(PERSON)
    made = disability_card(city, code, number)
    with city.store.session() as session:
        carried = licences.read_bundle(json.dumps(licences.bundle(session, now=AT)))
        printed = licences.paper(session, FEDERATION, made.licence_id, "ofd", now=AT)
        assert any("打印了您的" in one.text_zh for one in share.notices(session, citizen(code)))
    verdict, _ = licences.check_file(printed.content, carried, now=AT)
    assert verdict.good
    assert verdict.claims["level"] == "二级"
    bent = printed.content.replace("二级".encode(), "一级".encode())
    assert licences.check_file(bent, carried, now=AT)[0].outcome == "forged"


def test_the_catalogue_counts_types_departments_and_licences(city: City) -> None:
    disability_card(city, *city.one(PERSON))
    with city.store.session() as session:
        stock = licences.stock(session, now=AT)
    assert len(stock) >= 148
    assert {one.type.code: one.total for one in stock}["disability_card"] == 1


def test_a_person_signs_for_a_department_and_the_signature_is_on_record(city: City) -> None:
    code, _ = city.one(PERSON)
    document = "退税申请书".encode()
    tax: Actor = actor("officer", "tax", roles=frozenset({"officer"}))
    with city.store.session() as session:
        asked = licences.ask_signature(session, tax, code, sha256(document).hexdigest(), "退税申请书", case="退2026-1", now=AT)
        signed = licences.sign_document(session, citizen(code), asked.signature_id, confirmed=True, now=AT)
        text = licences.signature_file(session, signed)
        assert licences.verify_signature(text, document, session).good
        assert licences.verify_signature(text, document + b".", session).outcome == "different"
        line = ledger.find_line(session, signed.line_id)
        assert line is not None and line.line.body["case"] == "退2026-1"
