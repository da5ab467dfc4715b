"""A resource's way through the catalogue of the simulated city: entered, reviewed, published, found, demanded what lacks, counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tests.walks.conftest import City, actor

from datong import share
from datong.domain.access import Actor, Key, Question
from datong.share import boards, catalogue
from datong.store import Session

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@pytest.fixture
def session(city: City) -> Iterator[Session]:
    with city.store.session() as opened:
        catalogue.bring_in(opened, AT)
        yield opened


def officer(department: str, role: str) -> Actor:
    return actor("officer", department, id=f"{role}-{department}", unit="数据科", roles=frozenset({role}), jurisdiction=("",))


STEWARD, HEAD = officer("urban_management", "steward"), officer("urban_management", "sharing_officer")
AUTHORITY, TRANSPORT = officer("data", "sharing_manager"), officer("transport", "officer")
PARKING = catalogue.Resource(
    title="公共停车场泊位",
    department="urban_management",
    system="智慧停车平台",
    summary="全市公共停车场的位置和泊位数",
    classification="201001",
    methods=("service",),
    condition="只用于交通疏导",
    scope="本市各部门",
    used_for="交通疏导",
    bases=(catalogue.Basis("《政务数据共享条例》", "第十四条", "regulation", "conditional"),),
    fields=(catalogue.Field("停车场名称", "name"), catalogue.Field("泊位总数", "places", "integer")),
)


def test_the_whole_catalogue_of_the_city_is_there_with_code_class_basis_and_measured_freshness(session: Session) -> None:
    """Departments, systems, resources and items; what was delivered is fresh or late by its own cycle."""
    found = catalogue.find(session, TRANSPORT, {}, size=500)
    assert found.total >= 80 and len(catalogue.systems(session, TRANSPORT)) >= 25
    lights = set()
    for entry in found.items:
        opened = catalogue.open_item(session, TRANSPORT, entry.resource, now=AT)
        assert opened.item.bases and opened.item.code and opened.item.fields and opened.item.level >= opened.item.fields_level
        lights.add(opened.fresh.light)
    assert "green" in lights and "grey" not in {catalogue.open_item(session, TRANSPORT, "police_household", now=AT).fresh.light}
    way = catalogue.lineage(session, TRANSPORT, "police_household")
    assert way.deliveries and way.flows and "window_service" in way.purposes


def test_from_a_stewards_entry_to_a_count_on_the_board(session: Session) -> None:
    before = boards.board(session, AUTHORITY, now=AT)
    entered = catalogue.enter(session, STEWARD, PARKING, now=AT)
    assert entered.faults == ()
    assert catalogue.find(session, TRANSPORT, {"q": "停车场"}).total == 0
    catalogue.assess(session, STEWARD, entered.resource, ("secrecy", "privacy"), now=AT)
    catalogue.sign(session, HEAD, entered.resource, now=AT)
    (clock,) = [one for one in catalogue.running_clocks(session, now=AT) if one.resource == entered.resource]
    assert (clock.kind, clock.department, clock.light) == ("review", "data", "green")
    assert catalogue.publish(session, AUTHORITY, entered.resource, now=AT) == ()
    (found,) = catalogue.find(session, TRANSPORT, {"q": "停车场 泊位"}).items
    assert found.resource == entered.resource
    number = catalogue.enter_demand(
        session,
        TRANSPORT,
        catalogue.Wanted("停车场实时余位", "交通疏导", "节假日诱导屏要显示余位", "urban_management", found.resource),
        now=AT,
    )
    wants = catalogue.register_of_demand(session, AUTHORITY)
    assert [one.title for one in wants if one.kind == "demand"] == ["停车场实时余位"]
    after = boards.board(session, AUTHORITY, now=AT)
    assert after.total("resources") == before.total("resources") + 1
    assert (after.demands.part, after.demands.whole) == (0, 1)
    fields = (*PARKING.fields, catalogue.Field("实时余位", "free", "integer"))
    told = catalogue.enter(
        session, STEWARD, replace(PARKING, resource=found.resource, code=found.code, cycle="realtime", fields=fields), now=AT
    )
    assert told.faults == ()
    catalogue.assess(session, STEWARD, found.resource, ("secrecy", "privacy"), now=AT)
    catalogue.sign(session, HEAD, found.resource, now=AT)
    catalogue.publish(session, AUTHORITY, found.resource, now=AT)
    versions = catalogue.open_item(session, TRANSPORT, found.resource, now=AT).versions
    assert {one.field for one in versions[0].changes or ()} == {"cycle", "fields.free"}
    catalogue.settle_demand(session, AUTHORITY, number, ("met", "余位已纳入目录，实时共享", found.resource), now=AT)
    assert boards.board(session, AUTHORITY, now=AT).demands.share == 1.0
    lines = session.all("SELECT body FROM ledger_line WHERE type = 'catalogue' AND actor <> 'installation' ORDER BY leaf_index")
    acts = [row[0].split('"act":"')[1].split('"')[0] for row in lines][-10:]
    step = ["entered", "assessed", "submitted", "published"]
    assert acts == [*step, "demanded", *step, "demand_met"]


def test_what_is_refused_orders_what_is_collected_and_opened_first(session: Session, city: City) -> None:
    code = city.all("SELECT code FROM entry WHERE kind = 'premises' ORDER BY code LIMIT 1")[0][0]
    market = officer("market_regulation", "officer")
    for _ in range(3):
        question = Question("address_at_registration", "look_up", "premises", Key("code", code), fields=("contact",))
        assert share.ask(session, market, question, now=AT).outcome == "refused"
    want = next(one for one in catalogue.register_of_demand(session, AUTHORITY) if one.field == "contact")
    assert want.times >= 3 and "market_regulation" in want.departments
    assert code not in catalogue.export_demand(session, AUTHORITY)


def test_the_board_of_the_city_counts_coverage_rows_exchanges_and_duties(session: Session) -> None:
    board = boards.board(session, AUTHORITY, now=AT)
    assert board.providing >= 20 and board.total("rows") > 10_000 and board.receiving >= 10
    assert 0 < board.total("shared") <= board.total("resources")
    assert board.entries["person"] and board.reads.whole >= board.reads.part
    police = next(one for one in board.parts if one.department == "police")
    assert police.rows and sum(police.fresh.values()) == police.resources and police.given_to
    listed = boards.compliance(session, AUTHORITY, now=AT)
    assert any(one.meets for one in listed) and all(point.of >= point.number for one in listed for point in one.points)
    parties = boards.parties(session, AUTHORITY, now=AT)
    assert {duty.duty.party for party in parties for duty in party.duties} == {"providing", "requesting", "authority"}


def test_acts_that_differ_and_papers_not_to_be_asked_for_are_on_lists(session: Session) -> None:
    conflicts = {entry.resource: found for entry, found in catalogue.in_conflict(session, TRANSPORT)}
    ((field, acts),) = conflicts["tax_registration"]
    assert field == "" and acts[0].kind == "law" and {one.says for one in acts} == {"conditional", "withheld"}
    papers = {one.paper.title: one for one in catalogue.papers(session, TRANSPORT)}
    assert papers["营业执照"].providing == ("market_regulation",) and papers["营业执照"].requesting
