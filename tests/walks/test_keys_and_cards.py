"""From any one key to the package of everything tied to it; the three registers as the departments' people use them."""

from __future__ import annotations

from time import perf_counter

import pytest
from tests.walks.conftest import City, actor, citizen, clerk

from datong import share
from datong.domain.access import Answer, Key, Question, Reason
from datong.domain.codes import read_code
from datong.registers import read_body

CASE = Reason("case", "BL-2026-9")
TENANT = """SELECT r.from_code, r.to_code, o.from_code FROM relation r
JOIN relation o ON o.to_code = r.to_code AND o.type = 'owns' AND o.until = '' AND o.from_code LIKE 'P%' AND o.from_code <> r.from_code
WHERE r.type = 'rents' AND r.until = '' ORDER BY r.from_code LIMIT 1"""
WORKER = """SELECT w.from_code, w.to_code FROM relation w JOIN entry_key k ON k.code = w.from_code AND k.key_type = 'citizen_id'
JOIN entry_key f ON f.code = w.to_code AND f.key_type = 'credit_code'
WHERE w.type = 'works_for' AND w.until = '' ORDER BY k.key_value LIMIT 1"""
KEY_OF = "SELECT key_value FROM entry_key WHERE code = :code AND key_type = :type ORDER BY key_value LIMIT 1"
BODIES = "SELECT body FROM entry WHERE kind = :kind"


def look_up(city: City, department: str, purpose: str, key: Key, register: str = "premises", role: str = "officer") -> Answer:
    question = Question(purpose, "look_up", register, key, reason=CASE)  # type: ignore[arg-type]
    with city.store.session() as session:
        return share.ask(session, clerk(department, role), question)


def test_every_home_has_one_code_with_a_sound_check_character(city: City) -> None:
    codes = [row[0] for row in city.all("SELECT code FROM entry WHERE kind = 'premises'")]
    assert len(codes) > 400
    assert all(read_code(code).sound for code in codes)
    doors = city.all("SELECT place_id, code FROM place WHERE code <> ''")
    assert len({code for _, code in doors}) == len(doors), "two doors never share a code"


@pytest.mark.parametrize(
    ("department", "purpose", "role"),
    [
        ("approval", "window_service", "window_clerk"),
        ("market_regulation", "address_at_registration", "officer"),
        ("police", "police_enquiry", "officer"),
        ("civil_affairs", "window_service", "officer"),
        ("urban_management", "urban_enforcement", "officer"),
        ("natural_resources", "real_estate_registration", "officer"),
        ("water", "utility_account_opening", "window_clerk"),
        ("power", "utility_account_opening", "window_clerk"),
        ("gas", "utility_account_opening", "window_clerk"),
        ("heat", "utility_account_opening", "window_clerk"),
        ("education", "school_enrolment", "officer"),
    ],
)
def test_each_department_opens_a_home_by_number_code_and_pass(city: City, department: str, purpose: str, role: str) -> None:
    _, home, owner = city.one(TENANT)
    keys = [Key("code", home)]
    with city.store.session() as session:
        keys.append(Key("pass", share.issue_pass(session, citizen(owner), share.NewPass(home, purpose, once=False)).qr))
    for key in keys:
        answer = look_up(city, department, purpose, key, role=role)
        assert answer.outcome == "found", (key.type, answer.grounds)
        assert answer.entries[0].code == home
    if department in ("police", "approval", "water", "education"):
        number = city.one(KEY_OF, code=owner, type="citizen_id")[0]
        by_number = look_up(city, department, purpose, Key("citizen_id", number), "person", role)
        assert by_number.outcome == "found", by_number.grounds


def test_a_person_leads_to_home_and_home_to_all_bound_to_it_and_work_to_the_company(city: City) -> None:
    tenant, home, owner = city.one(TENANT)
    number = city.one(KEY_OF, code=tenant, type="citizen_id")[0]
    person = look_up(city, "police", "residence_registration", Key("citizen_id", number), "person").entries[0]
    assert {"name", "citizen_id"} <= {fact.field for fact in person.facts}
    assert home in {link.code for link in person.links if link.type in ("rents", "lives_at")}
    premises = look_up(city, "police", "residence_registration", Key("code", home)).entries[0]
    bound = {(link.type, link.code) for link in premises.links}
    assert ("rents", tenant) in bound and ("owns", owner) in bound
    worker, company = city.one(WORKER)
    of_worker = look_up(city, "approval", "window_service", Key("code", worker), "person").entries[0]
    assert company in {link.code for link in of_worker.links if link.type == "works_for"}
    firm = look_up(city, "approval", "window_service", Key("code", company), "organisation").entries[0]
    assert {"org_name", "credit_code"} <= {fact.field for fact in firm.facts}


def test_any_one_key_opens_the_package(city: City) -> None:
    tenant, home, _ = city.one(TENANT)
    number = city.one(KEY_OF, code=tenant, type="citizen_id")[0]
    with city.store.session() as session:
        answers = share.open_package(session, clerk("approval"), "window_service", Key("citizen_id", number), reason=CASE)
    opened = {entry.code for answer in answers for entry in answer.entries}
    assert {tenant, home} <= opened
    assert all(answer.lines for answer in answers), "each subject of the package has its own line"
    body = read_body(city.one("SELECT body FROM entry WHERE code = :code", code=tenant)[0])
    keys = [Key("phone", fact["value"]) for fact in body.get("phone", [])[:1]]
    keys.append(Key("name_birth", body["name"][0]["value"], (("birth_date", body["birth_date"][0]["value"]),)))
    for key in keys:
        answer = look_up(city, "police", "police_enquiry", key, "person")
        found = {entry.code for entry in answer.entries}
        assert tenant in found or answer.outcome == "ambiguous", (key.type, answer.outcome, answer.grounds)


def test_a_typed_estate_name_gives_street_community_and_full_address(city: City) -> None:
    name, _ = city.one("SELECT name, place_id FROM place WHERE level = 'estate' ORDER BY place_id LIMIT 1")
    with city.store.session(read_only=True) as session:
        found = share.suggest(session, clerk("sub_district", "grid_worker"), name[:3], 10)
    assert any(one.name == name for one in found), found
    (one,) = [one for one in found if one.name == name][:1]
    assert one.street and one.community and one.text.endswith(name)


def test_a_company_is_found_by_its_code_for_life_whatever_its_name(city: City) -> None:
    renamed = [
        (code, read_body(body))
        for code, body in city.all("SELECT code, body FROM entry WHERE kind = 'organisation' ORDER BY code")
        if "former_name" in read_body(body) and "credit_code" in read_body(body)
    ]
    assert renamed, "some company of the city was renamed"
    code, facts = renamed[0]
    key = Key("credit_code", facts["credit_code"][0]["value"].lower())
    answer = look_up(city, "approval", "window_service", key, "organisation")
    assert answer.outcome == "found" and answer.entries[0].code == code
    shown = {fact.field for fact in answer.entries[0].facts}
    assert {"org_name", "former_name", "status", "founded_on"} <= shown


def test_the_legal_person_library_knows_opening_tax_and_insurance(city: City) -> None:
    sources = {
        fact["resource"] for (body,) in city.all(BODIES, kind="organisation") for facts in read_body(body).values() for fact in facts
    }
    assert {"market_enterprise", "tax_registration"} <= sources
    assert "hr_insured_unit" in sources, "social insurance knows its units"


def test_the_natural_person_library_holds_what_a_dozen_departments_know(city: City) -> None:
    fields: set[str] = set()
    departments: set[str] = set()
    for (body,) in city.all(BODIES, kind="person"):
        for field, facts in read_body(body).items():
            fields.add(field)
            departments.update(fact["department"] for fact in facts)
    assert {"education", "workplace", "marital_status", "insurance_no", "housing_fund_no"} <= fields
    assert len(departments) >= 10


def test_the_grids_capture_stands_in_the_register_beside_the_registrys_word(city: City) -> None:
    captured = city.all("SELECT code FROM member WHERE resource = 'grid_premises' AND role = 'premises' ORDER BY code LIMIT 50")
    assert captured
    fields = {field for (code,) in captured for field in read_body(city.one("SELECT body FROM entry WHERE code = :code", code=code)[0])}
    assert {"area", "use", "owner_name", "certificate_no", "grid_cell"} <= fields
    uses = {row[0] for row in city.all("SELECT DISTINCT substr(code, 1, 1) FROM member WHERE resource = 'grid_premises'")}
    assert uses >= {"H", "P"}


def test_a_pushed_record_is_visible_at_once_and_in_the_change_feed(city: City) -> None:
    source = city.packs.source("grid_visit")
    system = actor("system", "sub_district", id="key_grid", resources=("grid_visit",), agreements=(), jurisdiction=("3703",))
    tenant, _, _ = city.one(TENANT)
    number = city.one(KEY_OF, code=tenant, type="citizen_id")[0]
    name = city.fact(tenant, "name")
    row = {column.name: "" for column in source.columns}
    for column in source.columns:
        row[column.name] = {"citizen_id": number, "name": name, "phone": "13912345678"}.get(column.field, "") or (
            "13912345678" if column.type == "phone" else "2026-11-20" if column.type == "date" else "V-1" if column.required else ""
        )
    (seq,) = city.one("SELECT coalesce(max(seq), 0) FROM change")
    started = perf_counter()
    with city.store.session() as session:
        taken = share.take_in(session, system, "grid_visit", [row])
    took = perf_counter() - started
    assert taken.receipt.counts.accepted == 1, (taken.receipt, row)
    assert tenant in taken.codes
    with city.store.session() as session:
        question = Question("residence_registration", "look_up", "person", Key("citizen_id", number), reason=CASE)
        (entry,) = share.ask(session, clerk("police", "officer"), question).entries
        told, _ = share.changes(session, clerk("police", "officer"), seq)
    assert took < 30, "a push is worked off while the caller waits"
    assert any(fact.source == "grid_visit" for fact in entry.facts) or tenant in {change.code for change in told}


def test_a_purpose_for_profit_is_refused_whoever_asks(city: City) -> None:
    tenant, _, _ = city.one(TENANT)
    answer = look_up(city, "market_regulation", "commercial_marketing", Key("code", tenant), "person")
    assert answer.outcome == "refused"
    assert any("profit" in ground.code for ground in answer.grounds), answer.grounds


def test_a_leader_sees_her_own_area_only(city: City) -> None:
    leader = actor("officer", "sub_district", roles=frozenset({"leader"}), jurisdiction=("370303008",))
    with city.store.session(read_only=True) as session:
        areas = share.area_counts(session, leader)
    assert areas and all(area.division.startswith("370303008") for area in areas)
    elsewhere = actor("officer", "sub_district", roles=frozenset({"leader"}), jurisdiction=("370305",))
    with city.store.session(read_only=True) as session:
        assert share.area_counts(session, elsewhere) == (), "the people here are none of her business"
