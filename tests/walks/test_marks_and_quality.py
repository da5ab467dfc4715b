"""Marks and quality in the simulated city: what is wrong is found, goes to whom it concerns, is settled, and is measured."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.walks.conftest import City, actor

from datong import collect, fuse, registers, share
from datong.cli import demo_marks
from datong.cli.accuracy import measure
from datong.cli.key import Door
from datong.domain.access import Actor, Key, Question, Reason
from datong.store import Session

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@pytest.fixture
def session(city: City) -> Iterator[Session]:
    with city.store.session() as opened:
        yield opened


@pytest.fixture
def truth(template: object) -> Path:
    return Path(template.home).parent / "simulated" / "truth"  # type: ignore[attr-defined]


def officer(department: str, role: str = "officer") -> Actor:
    return actor("officer", department, unit="数据科", roles=frozenset({role}), jurisdiction=("",))


def traps(truth: Path, kind: str) -> list[list[str]]:
    with gzip.open(truth / "traps.csv.gz", "rt", encoding="utf-8") as lines:
        return [row["ids"].split() for row in csv.DictReader(lines) if row["kind"] == kind]


def firm_codes(city: City, truth: Path) -> dict[str, str]:
    """True firm → its code, by its credit code."""
    with gzip.open(truth / "firms.csv.gz", "rt", encoding="utf-8") as lines:
        credit = {row["id"]: row["credit_code"] for row in csv.DictReader(lines)}
    codes = dict(city.all("SELECT key_value, code FROM entry_key WHERE key_type = 'credit_code'"))
    return {firm: codes[number] for firm, number in credit.items() if number in codes}


def marked(city: City, kind: str) -> set[str]:
    return {row[0] for row in city.all("SELECT code FROM mark WHERE kind = :kind AND state = 'open'", kind=kind)}


def test_every_kind_that_records_can_show_is_marked_in_the_city(city: City) -> None:
    """The first filter layer: gaps and contradictions of registered and operating facts are found and have an owner."""
    found = {row[0] for row in city.all("SELECT DISTINCT kind FROM mark WHERE derived = 1")}
    wanted = {"conflict", "gap", "invalid_id", "vague_address", "impossible_address", "single_source", "not_operating"}
    assert wanted | {"after_death", "address_differs", "owner_not_registrant", "many_registrants"} <= found
    owners = city.all("SELECT owner, count(*) FROM mark_case WHERE derived = 1 GROUP BY owner")
    assert all(owner in city.packs.departments for owner, _ in owners), owners


def test_the_shell_companies_planted_in_the_city_are_marked_as_not_operating(city: City, truth: Path) -> None:
    codes, silent = firm_codes(city, truth), marked(city, "not_operating")
    shells = [codes[ids[0]] for ids in traps(truth, "shell_firm") if ids[0] in codes]
    active = [code for code in shells if city.fact(code, "status") == "active" and city.fact(code, "founded_on") < "2026-04"]
    assert active and len([code for code in active if code in silent]) >= 0.8 * len(active)


def test_the_answerable_department_works_off_its_list(session: Session, city: City) -> None:
    """Filter, open, investigate (every reader sees it), answer; the registers stay what they are."""
    market = officer("market_regulation")
    listed = share.problems(session, market, {"kind": "address_differs"}, now=AT)
    assert listed.found and {one.case.owner for one in listed.found} == {"market_regulation"}
    assert dict(listed.counts)["address_differs"] >= len(listed.found)
    one = share.problem(session, market, listed.found[0].case.mark_id, now=AT)
    assert one.kind is not None and one.entry is not None and one.mark is not None and one.mark.detail["records"]
    code, mark_id = one.problem.case.code, one.problem.case.mark_id
    share.answer_problems(session, market, [mark_id], share.Doing("investigate", "派员上门核实"), now=AT)
    question = Question("inspection", "look_up", "organisation", Key("code", code), fields=("registered_address",))
    inspector = officer("market_regulation", "inspector")
    seen = share.ask(session, inspector, question, now=AT).entries[0].facts
    assert "under_investigation" in seen[0].marks
    share.answer_problems(session, market, [mark_id], share.Doing("right", "分支办公点，登记无误"), now=AT)
    seen = share.ask(session, inspector, question, now=AT).entries[0].facts
    assert not {"under_investigation", "address_differs"} & set(seen[0].marks)
    digest = registers.digest(session)
    registers.refresh(session, city.packs, [code], "2026-11-21T00:00:00+00:00")
    assert registers.digest(session) == digest, "derived again, the answer stands"


def test_a_bulk_answer_moves_every_one_and_the_export_holds_them(session: Session) -> None:
    police = officer("police")
    chosen = [one.case.mark_id for one in share.problems(session, police, {"kind": "conflict"}, now=AT).found[:5]]
    assert share.answer_problems(session, police, chosen, share.Doing("wrong", "下月报送时更正"), now=AT) == len(chosen) > 1
    text = share.export_problems(session, police, {"kind": "conflict", "state": "wrong"}, now=AT)
    rows = list(csv.DictReader(text.removeprefix("\ufeff").splitlines()))
    assert {row["问题编号"] for row in rows} == set(chosen) and {row["说明"] for row in rows} == {"下月报送时更正"}


def test_a_delivery_that_mends_a_fact_settles_its_mark_by_itself(session: Session, city: City) -> None:
    """The department corrects its own system and pushes the record: the mark goes, and the list says how."""
    row = city.one("SELECT c.mark_id, m.code, m.detail FROM mark_case c JOIN mark m ON m.mark_id = c.mark_id WHERE c.kind = 'invalid_id' "
                   "AND c.field = 'credit_code' AND m.detail LIKE '%tax_registration%' ORDER BY c.mark_id LIMIT 1")  # fmt: skip
    mark_id, code, detail = row
    record = next(one["record"] for one in json.loads(detail)["records"] if one["resource"] == "tax_registration")
    source = city.packs.source("tax_registration")
    table = next(
        batch for batch in collect.scan(session, city.settings, source) if record in batch.column("record_id").to_pylist()
    )  # fmt: skip
    at = table.column("record_id").to_pylist().index(record)
    sent = {column.name: table.column(column.field)[at].as_py() or "" for column in source.columns}
    sent["纳税人识别号"] = city.fact(code, "credit_code")
    system = actor("system", "tax", resources=("tax_registration",), jurisdiction=("",))
    share.take_in(session, system, "tax_registration", [sent], now=AT + timedelta(hours=1))
    after = registers.find_case(session, mark_id)
    assert (after.state, after.settled_by) == ("corrected", "registers")
    assert [step.act for step in registers.steps(session, mark_id)] == ["mended"]
    assert fuse.resolve(session, code)


def test_a_complaint_about_a_crowded_door_reaches_the_market_bureau(session: Session, city: City) -> None:
    door = sorted(marked(city, "many_registrants"))[0]
    inspector = officer("market_regulation", "inspector")
    answer, there = share.registrations(session, inspector, "inspection", door, Reason("none"), now=AT)
    assert answer.outcome == "found" and len(there) >= 5, "every registration at the premises is shown"
    chosen = [one.link.code for one in there][:3]
    assert share.complain(session, inspector, door, chosen, "业主投诉：不认识这些公司", now=AT) == len(set(chosen))
    todo = share.problems(session, officer("market_regulation"), {"kind": "complaint"}, now=AT).found
    assert {one.case.code for one in todo} == {*chosen, door}


def test_premises_confirmed_once_are_told_to_the_next_counter(session: Session, city: City) -> None:
    home = city.one("SELECT code FROM entry WHERE kind = 'premises' AND code NOT IN (SELECT code FROM mark) ORDER BY code LIMIT 1")[0]
    share.confirm(session, officer("market_regulation", "inspector"), home, "on_site", now=AT)
    verify = Question("window_service", "verify", "premises", Key("code", home), claims=(("owner_name", "某某"),))
    answer = share.ask(session, officer("approval", "window_clerk"), verify, now=AT)
    assert "confirmed" in [one.code for one in answer.grounds]


def test_the_two_accuracies_are_measured_with_their_denominators(session: Session, city: City, truth: Path) -> None:
    found = measure(session, city.settings, city.packs, truth)
    right, whole = found.address["right"], found.address.total()
    assert whole > 3000 and right / whole > 0.75, found.address
    assert found.address["wrong"] / (right + found.address["wrong"]) < 0.01, "an address that leads to a door leads to the right one"
    assert found.domicile["right"] / found.domicile.total() > 0.75, found.domicile
    measures = {"address": dict(found.address), "domicile": dict(found.domicile)}
    share.keep_truth(session, share.Truth(AT.isoformat(), "模拟城市", measures))
    leader = officer("sub_district", "leader")
    shown = share.quality(session, leader, now=AT)
    assert shown.truth is not None and shown.truth.rate("address").whole == whole
    assert sum(number for _, number, _ in shown.levels) == shown.addresses > 3000
    assert {level for level, _, _ in shown.levels} >= {"door", "building", "estate"}
    assert shown.worst and {one.light for one in shown.fresh} & {"green", "yellow"}


def test_a_field_check_measures_the_same_from_a_sample(session: Session, city: City) -> None:
    """Thirty doors drawn by a committed seed; the grid worker finds one wrong."""
    sample = share.commit_sample(session, officer("data", "steward"), "address", 30, seed="walk", now=AT)
    share.draw_sample(session, officer("data", "steward"), sample.sample_id, now=AT)
    grid = officer("sub_district", "grid_worker")
    todo = share.open_checks(session, grid, now=AT)
    assert len(todo) == 30 and all(one.claimed for one in todo)
    for at, one in enumerate(todo):
        result, found = ("wrong", "门牌已改") if at == 0 else ("right", "")
        share.record_check(session, grid, (one.sample_id, one.number), result, found, now=AT)
    (estimate,) = share.samples(session, officer("data", "steward"))
    assert estimate.share == pytest.approx(29 / 30) and 0.8 < estimate.low < 0.95 < estimate.high < 1
    assert share.open_checks(session, grid, now=AT) == ()


def test_the_index_of_a_company_names_every_department_that_knows_it(session: Session, city: City) -> None:
    code, number = city.one(
        "SELECT k.code, k.key_value FROM entry_key k JOIN member m ON m.code = k.code AND m.resource = 'tax_paid' "
        "JOIN member e ON e.code = k.code AND e.resource = 'market_enterprise' "
        "WHERE k.key_type = 'credit_code' ORDER BY k.code LIMIT 1"
    )
    answer, known = share.who_knows(
        session, officer("market_regulation"), Key("credit_code", number), Reason("case", text="信用核查2026-17"), now=AT
    )
    assert answer.entries[0].code == code and {"market_regulation", "tax"} <= {one.department for one in known}
    assert all(one.records > 0 and one.newest for one in known)


def test_the_demonstration_city_shows_what_people_did(session: Session, city: City, truth: Path) -> None:
    demo_marks.play(Door(session, city.packs, AT), truth)
    kinds = {row[0] for row in session.all("SELECT kind FROM mark WHERE derived = 0 AND state = 'open'")}
    assert kinds == {"confirmed", "under_investigation", "complaint"}
    shown = share.quality(session, officer("data", "steward"), now=AT)
    assert shown.truth is not None and [one.waiting for one in shown.samples] == [session.all("SELECT count(*) FROM quality_check")[0][0]]
