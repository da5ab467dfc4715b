"""The walk of a means test: the family from the registers, nothing of a spouse before her word, a verdict with reasons, an officer's decision,
everybody tested again at night, rates with their denominators."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from tests.simulated_city import City
from tests.walks.conftest import actor
from tests.walks.doors import Doors, doors
from tests.web.conftest import send

from datong import services, share
from datong.cli import worker

__all__ = ["doors"]
ITEM = "minimum_allowance"
COUPLES = """SELECT r.from_code, r.to_code FROM relation r
JOIN entry_key k ON k.code = r.from_code AND k.key_type = 'citizen_id' AND length(k.key_value) = 18
WHERE r.type = 'married_to' AND r.until = '' AND substr(k.key_value, 7, 4) BETWEEN '1955' AND '1995'
AND NOT EXISTS (SELECT 1 FROM relation x WHERE x.type = 'married_to' AND x.until = '' AND x.to_code <> r.to_code AND x.from_code = r.from_code)
AND NOT EXISTS (SELECT 1 FROM relation x WHERE x.type = 'married_to' AND x.until = '' AND x.from_code <> r.to_code AND x.to_code = r.from_code)
AND NOT EXISTS (SELECT 1 FROM mark m WHERE m.code IN (r.from_code, r.to_code))
GROUP BY r.from_code, r.to_code ORDER BY min(k.key_value)"""
HOUSEHOLD = """SELECT DISTINCT a.from_code, ka.key_value FROM relation a
JOIN relation b ON b.to_code = a.to_code AND b.type = a.type AND b.until = '' AND b.from_code <> a.from_code
JOIN entry_key ka ON ka.code = a.from_code AND ka.key_type = 'citizen_id' AND length(ka.key_value) = 18
JOIN entry_key kb ON kb.code = b.from_code AND kb.key_type = 'citizen_id' AND length(kb.key_value) = 18
WHERE a.type = 'household_registered_at' AND a.until = '' AND substr(ka.key_value, 7, 4) BETWEEN '1955' AND '2006'
AND (SELECT count(DISTINCT x.to_code) FROM relation x WHERE x.from_code = a.from_code AND x.type = a.type AND x.until = '') = 1
AND NOT EXISTS (SELECT 1 FROM mark m WHERE m.code IN (a.from_code, b.from_code)) ORDER BY ka.key_value"""
SPOUSES = ("spouse_car", "spouse_business", "spouse_homes")
DECLARED = {"f_members": "3", "f_monthly_income": "1500", "f_deposits": "6000"}
CIVIL = actor("officer", "civil_affairs", roles=frozenset({"officer"}))


@pytest.fixture
def family(city: City) -> tuple[str, list[str]]:
    """Somebody unmarried and the grown-up others of her household: two at least."""
    for one, _ in city.all(HOUSEHOLD):
        found = adults(city, one) if status(city, one) == "single" else []
        if len(found) in (2, 3) and plain(city, one):
            return one, found
    raise AssertionError("no household in the city has several adults")


@pytest.fixture
def couple(city: City) -> tuple[str, str]:
    """Two who are married to one another and to nobody else, and of whom the police says so."""
    for one, other in city.all(COUPLES):
        if status(city, one) == "married" and plain(city, one) and plain(city, other) and set(adults(city, one)) <= {other}:
            return one, other
    raise AssertionError("nobody in the city is married")


def status(city: City, code: str) -> str:
    try:
        return city.fact(code, "marital_status")
    except KeyError:
        return ""


def plain(city: City, code: str) -> bool:
    """Without car, business and home, and with a phone on record: within the line, if the income is."""
    try:
        city.fact(code, "phone")
    except KeyError:
        return False
    cars = city.all("SELECT 1 FROM entry_key WHERE code = :c AND key_type = 'plate'", c=code)
    ties = city.all("SELECT type FROM relation WHERE from_code = :c AND until = '' AND type IN ('legal_representative_of')", c=code)
    homes = city.all("SELECT DISTINCT to_code FROM relation WHERE from_code = :c AND until = '' AND type = 'owns'", c=code)
    return not cars and not ties and len(homes) == 0


def adults(city: City, code: str) -> list[str]:
    """Who else is grown up in somebody's household, as the household register of the city has it."""
    booklet, found = city.fact(code, "household_no"), []
    same_home = "SELECT DISTINCT b.from_code FROM relation a JOIN relation b ON b.to_code = a.to_code AND b.type = a.type AND b.until = '' " \
        "WHERE a.from_code = :c AND a.type = 'household_registered_at' AND a.until = '' AND b.from_code <> :c"  # fmt: skip
    for (other,) in city.all(same_home, c=code):
        try:
            grown = city.fact(other, "birth_date") <= "2008-11-23"
            found += [other] if grown and city.fact(other, "household_no") == booklet else []
        except KeyError:
            continue
    return found


def facts(city: City, case_id: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads(city.one("SELECT facts FROM service_case WHERE case_id = :c", c=case_id)[0])["facts"]
    return found


def looks(city: City, code: str, case_id: str) -> list[tuple[str, ...]]:
    """What the item asked about somebody: the lines of the record."""
    return city.all(
        "SELECT leaf_index FROM ledger_line WHERE subject = :c AND purpose = 'means_test_online' AND body LIKE :case AND body NOT LIKE '%\"via\"%'",
        c=code,
        case=f"%{case_id}%",
    )


def units(doors: Doors, case_id: str, but: tuple[str, ...] = ()) -> None:
    """Every unit that is asked by letter answers, each by its own officer."""
    waits = "SELECT code, department FROM service_task WHERE case_id = :c AND state = 'open' AND kind = 'task' ORDER BY code"
    for task, department in doors.city.all(waits, c=case_id):
        if task not in but:
            with doors.city.store.session() as session:
                who = actor("officer", department, roles=frozenset({"officer"}), jurisdiction=("",))
                services.act(session, who, case_id, services.Doing("claim", task), now=doors.now)
                services.act(session, who, case_id, services.Doing("finish", task, "", {"outcome": "agree"}), now=doors.now)


def agree(doors: Doors, city: City, case_id: str, *, but: str = "") -> list[tuple[str, str]]:
    """Every adult who is asked says yes, each on her own phone; who was asked, by seat."""
    asked = city.all("SELECT code, who FROM service_task WHERE case_id = :c AND kind = 'seat' AND state = 'open' ORDER BY code", c=case_id)
    for seat, who in asked:
        if who != but:
            doors.phone(who).answer(case_id=case_id, seat=seat.removeprefix("seat:"))
    return asked


def test_the_family_comes_from_the_registers_and_nothing_of_the_spouse_before_her_word(
    doors: Doors, city: City, couple: tuple[str, str]
) -> None:
    one, other = couple
    phone, spouse = doors.phone(one), doors.phone(other)
    shown = phone.form(ITEM)
    assert city.fact(other, "name") in shown and 'name="form.spouse_id"' not in shown, "nobody types the number of her spouse"
    made = phone.apply(ITEM, **DECLARED)
    assert {facts(city, made.case_id)[name]["state"] for name in SPOUSES} == {"waiting"}
    assert "等待配偶" in facts(city, made.case_id)["spouse_car"]["why_zh"]
    assert looks(city, other, made.case_id) == [], "her record shows no look"
    assert "您的机动车、不动产和经营情况" in spouse.get("/me/messages")
    spouse.answer(case_id=made.case_id, seat="spouse")
    told = facts(city, made.case_id)
    assert {told[name]["state"] for name in SPOUSES} <= {"verified", "empty"} and told["spouse_homes"]["value"] == "0"
    assert looks(city, other, made.case_id), "she sees that she was looked at, and why"
    assert "社会救助" in spouse.get("/me/looked") or "救助" in spouse.get("/me/looked")
    officer = doors.window("civil_affairs")
    assert "收入和财产在标准以内" in officer.case(made.case_id)
    assert "已受理，办理中" in phone.case(made.case_id), "no verdict grants by itself"
    units(doors, made.case_id)
    officer.finish(made.case_id, "decide", note="符合条件")
    assert "已办结，准予" in phone.case(made.case_id)
    assert city.all("SELECT type FROM licence WHERE case_ref = :c", c=made.case_id) == [("minimum_allowance",)]


def test_a_spouse_who_refuses_is_never_looked_at(doors: Doors, city: City, couple: tuple[str, str]) -> None:
    one, other = couple
    phone, spouse = doors.phone(one), doors.phone(other)
    made = phone.apply(ITEM, **DECLARED)
    spouse.answer(case_id=made.case_id, seat="spouse", says="decline")
    assert "已办结，不予" in phone.case(made.case_id)
    assert {facts(city, made.case_id)[name]["state"] for name in SPOUSES} == {"waiting"}
    assert looks(city, other, made.case_id) == []
    late = phone.apply(ITEM, **DECLARED)
    doors.wait(days=25)
    assert "逾期终止" in phone.case(late.case_id) and looks(city, other, late.case_id) == []


def test_too_much_income_is_above_with_the_rule_and_the_officer_refuses(doors: Doors, city: City, couple: tuple[str, str]) -> None:
    one, other = couple
    phone = doors.phone(one)
    made = phone.apply(ITEM, **{**DECLARED, "f_monthly_income": "9000"})
    doors.phone(other).answer(case_id=made.case_id, seat="spouse")
    officer = doors.window("civil_affairs")
    seen = officer.case(made.case_id)
    assert "人均收入高于标准" in seen and "社会救助暂行办法" in seen
    units(doors, made.case_id)
    officer.finish(made.case_id, "decide", "refuse", "人均收入高于标准")
    assert "已办结，不予" in phone.case(made.case_id)
    with city.store.session(read_only=True) as session:
        found = services.rates(session, ITEM)
        same = services.replay_decision(session, CIVIL, made.case_id)
    assert (found.cases, found.ineligible_cases, found.people, found.ineligible_people, found.refused) == (1, 1, 3, 3, 1)
    assert found.not_paid == 0, "whose income is above the line would have been paid nothing"
    assert same.same


def allowed(doors: Doors, city: City, couple: tuple[str, str]) -> str:
    """A couple that was granted the allowance."""
    made = doors.phone(couple[0]).apply(ITEM, **DECLARED)
    doors.phone(couple[1]).answer(case_id=made.case_id, seat="spouse")
    units(doors, made.case_id)
    doors.window("civil_affairs").finish(made.case_id, "decide")
    return made.case_id


def buys_a_car(doors: Doors, city: City, who: str) -> None:
    """The police's system tells of a car."""
    car = {column.field: column.name for column in city.packs.source("police_vehicle").columns}
    row = dict.fromkeys(car.values(), "") | {
        car["plate"]: "鲁C8K001", car["owner_name" if "owner_name" in car else "name"]: city.fact(who, "name"),
        car["owner_id" if "owner_id" in car else "citizen_id"]: city.fact(who, "citizen_id"),
    }  # fmt: skip
    police = actor("system", "police", resources=("police_vehicle",), jurisdiction=("",))
    with city.store.session() as session:
        assert share.take_in(session, police, "police_vehicle", [row], now=doors.now).receipt.counts.accepted == 1


def night(doors: Doors, city: City) -> None:
    """The next night: the worker's turn at three o'clock in the city."""
    doors.now = (doors.now + timedelta(days=1)).replace(hour=19, minute=0)
    doors.later(minutes=0)
    worker.retest_at_night(city.store, city.settings, doors.now.isoformat())


def test_everybody_is_tested_again_every_night_and_an_officer_has_the_word(doors: Doors, city: City, couple: tuple[str, str]) -> None:
    case_id = allowed(doors, city, couple)
    officer = doors.window("civil_affairs")
    assert "还没有完成过一次夜间复核" in officer.get("/office/retests")
    worker.retest_at_night(city.store, city.settings, doors.now.isoformat())
    assert "还没有完成过一次夜间复核" in officer.get("/office/retests"), "not by day"
    night(doors, city)
    page = officer.get("/office/retests")
    assert "0 / 1 = 0.00%" in page and "共 1 件、3 人" in page and "没有待核实的变化" in page
    buys_a_car(doors, city, couple[1])
    night(doors, city)
    page = officer.get("/office/retests")
    assert "符合 → 不符合（规则 M03" in page and "剩 10 个工作日" in page and "1 / 1 = 100.00%" in page
    with city.store.session(read_only=True) as session:
        assert any("不自动停发" in one.text_zh for one in share.department_notices(session, CIVIL))
    phone = doors.phone(couple[0])
    assert "已办结，准予" in phone.case(case_id), "nothing is stopped by rule"
    night(doors, city)
    assert officer.get("/office/retests").count("符合 → 不符合") == 1, "what waits for an officer is not told every night"
    looked = city.one("SELECT night FROM service_review WHERE case_id = :c", c=case_id)[0]
    done = send(officer.client, f"/office/retests/{case_id}", "/office/retests", night=looked, result="opened", note="新购机动车，重新审核")
    assert done.status_code == 303
    assert "新购机动车" in phone.case(case_id) and "已受理，办理中" in phone.case(case_id)
    officer.finish(case_id, "decide", "refuse", "家庭拥有机动车")
    assert "已办结，不予" in phone.case(case_id)
    night(doors, city)
    page = officer.get("/office/retests")
    assert "0 / 1 / 0" in page and "24,360.00" not in page
    assert "1 / 1 = 100.00%" in page and "18,360.00" in page, "(1010 x 3 - 1500) x 12, of the one that was refused"


def test_a_spouse_takes_her_consent_back_and_is_never_asked_about_again(doors: Doors, city: City, couple: tuple[str, str]) -> None:
    case_id = allowed(doors, city, couple)
    phone, spouse, officer = doors.phone(couple[0]), doors.phone(couple[1]), doors.window("civil_affairs")
    night(doors, city)
    asked = "SELECT leaf_index FROM ledger_line WHERE subject = :c AND type = 'read' AND purpose = 'means_test_online'"
    before = city.all(asked, c=couple[1])
    assert before
    assert case_id in spouse.get("/me/consents") and case_id not in phone.get("/me/consents"), "it is hers alone to take back"
    taken = send(spouse.client, f"/me/consents/cases/{case_id}/spouse", "/me/consents")
    assert taken.status_code == 303 and "撤回后不再调取您的信息" not in spouse.get("/me/consents")
    again = send(spouse.client, f"/me/consents/cases/{case_id}/spouse", "/me/consents")
    assert again.status_code == 422, "once"
    strange = send(phone.client, f"/me/consents/cases/{case_id}/spouse", "/me/consents")
    assert strange.status_code == 404, "nobody takes back another's"
    page = officer.get("/office/retests")
    assert "符合 → 当事人已收回同意" in page
    assert "已办结，准予" in phone.case(case_id), "nothing is stopped by rule"
    buys_a_car(doors, city, couple[1])
    night(doors, city)
    assert city.all(asked, c=couple[1]) == before and "不符合（规则" not in officer.get("/office/retests")
    looked = city.one("SELECT night FROM service_review WHERE case_id = :c", c=case_id)[0]
    done = send(
        officer.client, f"/office/retests/{case_id}", "/office/retests", night=looked, result="opened", note="配偶收回同意，重新审核"
    )
    assert done.status_code == 303
    officer.case(case_id)
    assert city.all(asked, c=couple[1]) == before, "the officer's page asks nothing about her either"
    (line,) = city.all("SELECT body FROM ledger_line WHERE subject = :c AND type = 'consent'", c=couple[1])
    assert '"act":"withdrawn"' in line[0] and case_id in line[0]


def test_an_officer_says_that_it_stands_and_the_same_change_is_not_told_again(doors: Doors, city: City, couple: tuple[str, str]) -> None:
    case_id = allowed(doors, city, couple)
    buys_a_car(doors, city, couple[1])
    night(doors, city)
    officer = doors.window("civil_affairs")
    looked = city.one("SELECT night FROM service_review WHERE case_id = :c", c=case_id)[0]
    done = send(officer.client, f"/office/retests/{case_id}", "/office/retests", night=looked, result="stands", note="残疾代步车，依规不计")
    assert done.status_code == 303
    night(doors, city)
    assert "没有待核实的变化" in officer.get("/office/retests") and "残疾代步车" in officer.get("/office/retests?state=stands")
    assert "已办结，准予" in doors.phone(couple[0]).case(case_id)
    assert "结论有变化" not in doors.window("medical_insurance").get("/office/retests").replace("结论有变化的", "")


def test_a_night_that_is_cut_short_goes_on_where_it_was(doors: Doors, city: City, couple: tuple[str, str]) -> None:
    case_id = allowed(doors, city, couple)
    refused = doors.phone(couple[1]).apply(ITEM, **{**DECLARED, "f_monthly_income": "9000"})
    doors.phone(couple[0]).answer(case_id=refused.case_id, seat="spouse")
    buys_a_car(doors, city, couple[1])
    at = (doors.now + timedelta(days=1)).replace(hour=19)

    def piece() -> services.Run:
        with city.store.session() as session:
            return services.retest_piece(session, city.settings, ITEM, now=at, most=1)

    first = piece()
    assert (first.state, first.cases, first.retested, first.after_case) == ("running", 1, 1, case_id)
    with pytest.raises(ZeroDivisionError), city.store.session() as session:
        services.retest_piece(session, city.settings, ITEM, now=at, most=1)
        raise ZeroDivisionError  # the machine goes down in the middle of a piece
    with city.store.session(read_only=True) as session:
        kept = services.last_run(session, ITEM)
        assert kept == first and services.due_tonight(session, city.settings, now=at + timedelta(days=1))[0] == ITEM
    at += timedelta(days=1)
    last = piece()
    while last.state == "running":
        last = piece()
    assert (last.night, last.cases, last.retested, last.changed) == (first.night, 2, 1, 1), "nobody twice, nobody left out"
    assert (last.ineligible_cases, last.people, last.ineligible_people) == (1, 6, 3)
    lines = city.all("SELECT body FROM ledger_line WHERE body LIKE '%retest%'")
    assert len(lines) == 1 and '"cases":1' in lines[0][0].replace(" ", "")


def test_a_source_that_is_down_at_night_changes_nothing_and_is_counted(
    doors: Doors, city: City, couple: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    allowed(doors, city, couple)

    def down(*_: object, **__: object) -> None:
        raise TimeoutError

    monkeypatch.setattr(share, "ask", down)
    night(doors, city)
    with city.store.session(read_only=True) as session:
        run = services.last_run(session, ITEM)
    assert run is not None and (run.state, run.retested, run.changed, run.down) == ("done", 1, 0, 1)


def test_every_adult_of_the_household_is_asked_and_nothing_read_before_the_last_word(
    doors: Doors, city: City, family: tuple[str, list[str]]
) -> None:
    one, others = family
    phone = doors.phone(one)
    before = {other: looks(city, other, "") for other in others}
    phone.form(ITEM)
    assert {other: looks(city, other, "") for other in others} == before, "opening the form compares nobody"
    made = phone.apply(ITEM, **{**DECLARED, "f_members": str(1 + len(others))})
    seats = city.all("SELECT who FROM service_task WHERE case_id = :c AND kind = 'seat' ORDER BY who", c=made.case_id)
    assert [who for (who,) in seats] == sorted(others), "every one of them, and nobody else"
    for other in others:
        (line,) = city.all(
            "SELECT body FROM ledger_line WHERE subject = :s AND body LIKE :c AND body NOT LIKE '%via%'", s=other, c=f"%{made.case_id}%"
        )
        assert "of_age" in line[0] and "household_no" in line[0], "compared: does she belong to it, is she of age; nothing more"
    first, *rest = others
    (seat,) = (row[0] for row in city.all("SELECT code FROM service_task WHERE case_id = :c AND who = :w", c=made.case_id, w=first))
    doors.phone(first).answer(case_id=made.case_id, seat=seat.removeprefix("seat:"))
    doors.later(days=2)
    assert "等待其他当事人确认" in phone.case(made.case_id)
    told = facts(city, made.case_id)
    assert told["adults"]["value"] == str(len(others))
    means = [name for name in told if name.startswith("adult_") and name.count("_") == 2 and told[name]["subject"] in others]
    assert not means and {told[f"adult_{n + 1}_car"]["state"] for n in range(len(others))} == {"waiting"}
    assert len(looks(city, first, made.case_id)) == 1, "one has agreed, and still nothing of her is read"
    agree(doors, city, made.case_id)
    told = facts(city, made.case_id)
    for number, other in enumerate(sorted(others), 1):
        owned = city.all("SELECT DISTINCT to_code FROM relation WHERE from_code = :c AND type = 'owns' AND until = ''", c=other)
        assert told[f"adult_{number}_homes"]["value"] == str(len(owned)) and told[f"adult_{number}"]["subject"] == other
    assert all(len(looks(city, other, made.case_id)) > 1 for other in others) and rest
    officer = doors.window("civil_affairs")
    seen = officer.case(made.case_id)
    assert "核对单位（28 个，已答复 10 个）" in seen and "规则的结论" in seen
    bank = doors.window("bank").case(made.case_id)
    assert city.fact(first, "citizen_id") in bank and city.fact(first, "citizen_id") not in doors.window("gas").case(made.case_id)
    units(doors, made.case_id, but=("deposits", "home_visit"))
    assert "查询中" in phone.case(made.case_id)
    doors.wait(days=9)
    assert "到期未答复" in phone.case(made.case_id) and "到期未答复" in officer.case(made.case_id)
    units(doors, made.case_id, but=("decide",))
    officer.finish(made.case_id, "decide", note="符合条件")
    assert "已办结，准予" in phone.case(made.case_id)


def test_one_adult_who_refuses_ends_it_and_nobody_was_read(doors: Doors, city: City, family: tuple[str, list[str]]) -> None:
    one, others = family
    phone = doors.phone(one)
    made = phone.apply(ITEM, **DECLARED)
    asked = agree(doors, city, made.case_id, but=others[0])
    seat = next(code for code, who in asked if who == others[0])
    doors.phone(others[0]).answer(case_id=made.case_id, seat=seat.removeprefix("seat:"), says="decline")
    assert "已办结，不予" in phone.case(made.case_id)
    assert all(len(looks(city, other, made.case_id)) == 1 for other in others), "compared once, never read"
