"""Demand, papers not to be asked for, and the boards: counted from what happened, without anybody's name."""

from __future__ import annotations

import csv
import io
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from tests.share.catalogue.makers import AUTHORITY, HEAD, READER, STEWARD, item, officer
from tests.share.city import NOW, City, clerk
from tests.share.conftest import packs

from datong import share
from datong.domain.access import Key, Question
from datong.domain.errors import BadValue, Forbidden
from datong.share import boards, catalogue
from datong.store import Session

LEADER = officer("sub_district", "leader")

DELIVERY = (
    "INSERT INTO delivery (delivery_id, resource, sha256, size, file_name, form, mode, as_of, received_at, received_from, state, reason, message, receipt) "
    "VALUES (:id, :resource, :id, 1, 'a', 'file', :mode, :day, :day, 'cli', 'collected', '', '', :receipt)"
)


def ask(session: Session, city: City, department: str, field: str, times: int = 1) -> None:
    who = clerk(department, roles=frozenset({"officer"}))
    for _ in range(times):
        question = Question("address_at_registration", "look_up", "premises", Key("code", city["flat"]), fields=(field,))
        assert share.ask(session, who, question, now=NOW).outcome == "refused"


def test_refused_reads_are_counted_by_field_and_department_and_nobody_is_named(session: Session, city: City) -> None:
    ask(session, city, "market_regulation", "contact", 3)
    ask(session, city, "transport", "contact", 2)
    ask(session, city, "transport", "area")
    found = catalogue.register_of_demand(session, READER)
    contact = next(one for one in found if one.field == "contact")
    assert (contact.kind, contact.times, contact.departments, contact.register) == ("refused", 3, ("market_regulation",), "premises")
    whole = next(one for one in found if one.kind == "refused" and not one.field)
    assert (whole.times, whole.departments) == (3, ("transport",)), "without any agreement the whole register is what lacks"
    assert catalogue.count_refusals(session) == 0, "counted once"
    ask(session, city, "market_regulation", "contact")
    again = next(one for one in catalogue.register_of_demand(session, READER) if one.field == "contact")
    assert again.times == 4
    kept = str(session.all("SELECT * FROM catalogue_refused"))
    assert city["flat"] not in kept and "clerk_" not in kept


def test_a_wrong_key_or_a_quota_is_no_demand(session: Session, city: City) -> None:
    who = clerk("market_regulation", roles=frozenset({"officer"}))
    answer = share.ask(
        session, who, Question("address_at_registration", "look_up", "premises", Key("title_no", "370303008001GB00001F00019999")), now=NOW
    )
    assert answer.outcome == "not_found"
    assert [one for one in catalogue.register_of_demand(session, READER) if one.kind == "refused"] == []


def wanted(**changes: str) -> catalogue.Wanted:
    return replace(catalogue.Wanted("企业用电量", "核查空壳企业", "双随机检查前筛选", "power"), **changes)


def test_demands_of_more_departments_come_first_and_an_answer_tells_who_asked(session: Session) -> None:
    catalogue.bring_in(session, NOW)
    catalogue.enter_demand(session, READER, wanted(title="路灯位置", providing=""), now=NOW)
    first = catalogue.enter_demand(session, READER, wanted(), now=NOW)
    catalogue.enter_demand(session, officer("tax", "officer"), wanted(), now=NOW)
    found = catalogue.register_of_demand(session, READER)
    assert [(one.title, len(one.departments), one.times) for one in found] == [("企业用电量", 2, 2), ("路灯位置", 1, 1)]
    with pytest.raises(Forbidden):
        catalogue.settle_demand(session, HEAD, first, ("planned", "列入四季度计划", ""), now=NOW)
    with pytest.raises(BadValue):
        catalogue.settle_demand(session, AUTHORITY, first, ("met", "已经可以共享", ""), now=NOW)
    catalogue.settle_demand(session, AUTHORITY, first, ("met", "已由供电公司共享", "power_reading"), now=NOW)
    assert session.one("SELECT count(*) FROM share_notice WHERE subject = 'department:transport'") == (1,)
    assert [one.state for one in catalogue.register_of_demand(session, READER)] == ["open", "open", "met"]
    rows = list(csv.reader(io.StringIO(catalogue.export_demand(session, READER).lstrip("\ufeff"))))
    assert rows[0][2] == "需要的数据" and [row[2] for row in rows[1:]] == ["企业用电量", "路灯位置", "企业用电量"]


def test_a_demand_that_says_nothing_or_a_secret_is_refused(session: Session) -> None:
    for changes in ({"title": ""}, {"why": "x" * 501}, {"providing": "nobody"}, {"resource": "nothing"}, {"title": "机密名册"}):
        with pytest.raises(BadValue):
            catalogue.enter_demand(session, READER, wanted(**changes), now=NOW)
    with pytest.raises(Forbidden):
        catalogue.enter_demand(session, LEADER, wanted(), now=NOW)


def check(tmp_path: Path, text: str) -> list[str]:
    folder = tmp_path / "packs"
    shutil.copytree(packs().folder, folder, ignore=shutil.ignore_patterns("sources"))
    (folder / "school_form").mkdir()
    (folder / "school_form/pack.yml").write_text("pack: school_form\ndepartment: education\n", encoding="utf-8")
    (folder / "school_form/service.yml").write_text(text, encoding="utf-8")
    return [str(one) for one in catalogue.check_packs(replace(packs(), folder=folder))]


def test_a_form_that_demands_what_sharing_gives_is_flagged_with_file_line_and_mend(tmp_path: Path) -> None:
    told = check(
        tmp_path,
        "items:\n  enrol:\n    documents:\n      - 户口本原件及复印件\n      - {title: {zh: 不动产权证书, en: Title}}\n      - 预防接种证\n",
    )
    assert len(told) == 2
    assert (
        told[0].startswith("school_form/service.yml:4: 户口本原件及复印件 不得要求提交") and "市公安局" in told[0] and "because" in told[0]
    )
    assert told[1].startswith("school_form/service.yml:5: 不动产权证书") and "estate_title" in told[1]


def test_an_original_that_a_law_wants_may_be_asked_for_and_a_habit_may_not(tmp_path: Path) -> None:
    assert check(tmp_path / "a", "documents:\n  - {title: 结婚证, because: 《中华人民共和国民法典》第一千零七十六条}\n") == []
    assert len(check(tmp_path / "b", "documents:\n  - {title: 结婚证, because: 一直这样办}\n")) == 1
    assert check(tmp_path / "c", "documents:\n  - 入学申请表\n") == []


def test_the_citys_own_packs_demand_nothing_that_sharing_gives() -> None:
    assert catalogue.check_packs(packs()) == []


def test_the_list_says_who_gives_and_who_may_already_read_it(session: Session) -> None:
    found = {one.paper.code: one for one in catalogue.papers(session, READER)}
    booklet = found["household_booklet"]
    assert booklet.providing == ("police",) and "approval" in booklet.requesting and booklet.agreements
    assert catalogue.export_papers(session, READER).startswith("\ufeff材料,")


def published(session: Session) -> str:
    told = catalogue.enter(session, STEWARD, item(), now=NOW)
    catalogue.assess(session, STEWARD, told.resource, ("secrecy", "privacy"), now=NOW)
    catalogue.sign(session, HEAD, told.resource, now=NOW)
    catalogue.publish(session, AUTHORITY, told.resource, now=NOW)
    return told.resource


def test_the_board_counts_what_is_there_with_its_denominators(session: Session, city: City) -> None:
    catalogue.bring_in(session, NOW)
    published(session)
    who = clerk("market_regulation")
    for _ in range(4):
        share.ask(
            session,
            who,
            Question("address_at_registration", "verify", "premises", Key("code", city["flat"]), claims=(("owner_name", "王小明"),)),
            now=NOW,
        )
    ask(session, city, "market_regulation", "contact", 1)
    board = boards.board(session, LEADER, now=NOW)
    assert board.total("resources") == len(packs().sources) + 1 == sum(board.classes.values())
    urban = next(one for one in board.parts if one.department == "urban_management")
    sources = [one for one in packs().sources.values() if one.department == "urban_management"]
    assert urban.resources == len(sources) + 1 and urban.fresh == {"grey": len(sources) + 1}
    assert (board.reads.part, board.reads.whole) == (4, 5) and board.months == (("2026-11", 4, 1),)
    again = boards.board(session, LEADER, now=NOW)
    assert again.reads == board.reads, "what was counted is not counted again"
    review = next(one for one in board.clocks if one.kind == "review")
    assert (review.department, review.in_time, review.late) == ("data", 1, 0)
    assert board.receiving > 5 and 0 < board.total("shared") <= board.total("resources")
    assert board.demands.whole == 0 and board.demands.share is None and board.requests.share is None


def test_rows_are_those_of_the_newest_full_delivery_and_what_came_since(session: Session) -> None:
    catalogue.bring_in(session, NOW)
    for number, (mode, day, receipt) in enumerate(
        (
            ("full", "2026-10-01", '{"accepted": 90}'),
            ("full", "2026-11-01", '{"accepted": 100}'),
            ("changes", "2026-11-02", '{"accepted": 7, "new": 3}'),
        )
    ):
        session.run(DELIVERY, {"resource": "water_reading", "id": f"d{number}", "mode": mode, "day": day, "receipt": receipt})
    board = boards.board(session, LEADER, now=NOW)
    assert next(one for one in board.parts if one.department == "water").rows == 103


def test_the_compliance_list_names_open_points_with_article_and_denominator(session: Session) -> None:
    catalogue.bring_in(session, NOW)
    resource = published(session)
    catalogue.require_update(session, AUTHORITY, resource, "管理办法修订了", now=NOW.replace(month=8))
    found = {one.department: one for one in boards.compliance(session, LEADER, now=NOW)}
    urban = found["urban_management"]
    assert not urban.meets and {one.code for one in urban.points} == {"update_late", "never_delivered"}
    late = next(one for one in urban.points if one.code == "update_late")
    assert (late.number, late.of, late.article) == (1, 1, "第十七条")
    delivered = {"resource": "tobacco_licence", "id": "d1", "mode": "full", "day": "2026-11-01", "receipt": '{"accepted": 5}'}
    session.run(DELIVERY, delivered)
    assert {one.department for one in boards.compliance(session, LEADER, now=NOW) if one.meets} == {"tobacco"}
    rows = list(csv.reader(io.StringIO(boards.export_compliance(session, LEADER, now=NOW).lstrip("\ufeff"))))
    assert rows[[row[0] for row in rows].index("urban_management")][:2] == ["urban_management", "市城市管理局"]
    with pytest.raises(Forbidden):
        boards.compliance(session, READER, now=NOW)


def test_each_party_has_its_duties_with_figures(session: Session) -> None:
    catalogue.bring_in(session, NOW)
    published(session)
    found = {one.department: one for one in boards.parties(session, LEADER, now=NOW)}
    assert {duty.duty.party for duty in found["data"].duties} >= {"authority"}
    assert {duty.duty.party for duty in found["police"].duties} == {"providing", "requesting"}
    review = next(one for one in found["data"].duties if one.duty.counted == "review_clock")
    assert (review.done, review.whole) == (1, 1)
    assert found["police"].given and found["police"].agreements
    assert boards.export_parties(session, LEADER, now=NOW).count("\n") > 40
