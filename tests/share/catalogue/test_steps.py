"""From entering to publication: what is refused, who may do what, which clock runs, what is written down."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from tests.share.catalogue.makers import AUTHORITY, HEAD, KEEPER, LAW, LOCAL, PARKING, READER, RULE, STEWARD, item, officer
from tests.share.city import NOW

from datong import share
from datong.domain.access import Key, Question
from datong.domain.errors import BadValue, Forbidden, Missing
from datong.share import boards, catalogue
from datong.share.catalogue import Basis, Field
from datong.store import Session


def entered(session: Session, **changes: object) -> str:
    told = catalogue.enter(session, STEWARD, item(**changes), now=NOW)
    assert told.faults == ()
    return told.resource


def published(session: Session, **changes: object) -> str:
    resource = entered(session, **changes)
    catalogue.assess(session, STEWARD, resource, ("secrecy", "privacy"), now=NOW)
    catalogue.sign(session, HEAD, resource, now=NOW)
    assert catalogue.publish(session, AUTHORITY, resource, now=NOW) == ()
    return resource


def faults(session: Session, **changes: object) -> dict[str, str]:
    return {one.field: f"{one.reason}；{one.mend}" for one in catalogue.enter(session, STEWARD, item(**changes), now=NOW).faults}


def test_the_way_from_a_draft_to_the_published_catalogue(session: Session) -> None:
    resource = published(session)
    found = catalogue.find(session, READER, {"q": "停车 泊位"})
    assert [one.title for one in found.items] == [PARKING.title] and found.total == 1
    opened = catalogue.open_item(session, READER, resource, now=NOW)
    assert opened.entry.version == 1 and opened.item.code == "201001/00001" and opened.draft is None and opened.steps == ()
    acts = [one.act for one in catalogue.open_item(session, AUTHORITY, resource, now=NOW).steps]
    assert acts == ["published", "submitted", "assessed", "entered"]
    lines = [row[0] for row in session.all("SELECT body FROM ledger_line WHERE type = 'catalogue' ORDER BY leaf_index")]
    assert [line.split('"act":"')[1].split('"')[0] for line in lines] == ["entered", "assessed", "submitted", "published"]
    assert all("停车" not in line for line in lines)


def test_a_new_version_is_told_by_its_differences_and_the_old_one_holds_meanwhile(session: Session) -> None:
    resource = published(session)
    fields = (*PARKING.fields[:2], Field("开放时间", "hours"))
    told = catalogue.enter(session, STEWARD, item(resource=resource, code="201001/00001", cycle="weekly", fields=fields), now=NOW)
    assert told == catalogue.Entered(resource)
    assert catalogue.open_item(session, READER, resource, now=NOW).item.cycle == "daily"
    opened = catalogue.open_item(session, STEWARD, resource, now=NOW)
    assert {one.field for one in opened.draft_changes} == {"cycle", "fields.phone", "fields.hours"}
    catalogue.assess(session, STEWARD, resource, ("secrecy", "privacy"), now=NOW)
    catalogue.sign(session, HEAD, resource, now=NOW)
    catalogue.publish(session, AUTHORITY, resource, note="更新周期调整", now=NOW)
    versions = catalogue.open_item(session, READER, resource, now=NOW).versions
    assert [one.version for one in versions] == [2, 1] and versions[1].changes is None
    assert {(one.field, one.before, one.after) for one in versions[0].changes or ()} >= {
        ("cycle", "daily", "weekly"),
        ("fields.phone", "联系电话", ""),
    }


def test_withheld_may_cite_only_a_law_a_regulation_or_a_decision_of_the_state_council(session: Session) -> None:
    withheld = {"sharing_class": "withheld", "methods": (), "condition": "", "scope": "", "withheld_because": "统计资料保密"}
    for kind in ("local_regulation", "department_rule", "local_rule", "document", "judicial"):
        told = faults(session, **withheld, bases=(replace(LOCAL, kind=kind),))
        assert "法律、行政法规或者国务院决定" in told["bases"] and "改为有条件共享" in told["bases"]
    assert "bases" in faults(session, **withheld, bases=(replace(LAW, says="conditional"),)), "an act that does not withhold is none"
    for kind in ("regulation", "state_council"):
        assert faults(session, title=kind, **withheld, bases=(replace(LOCAL, kind=kind),)) == {}
    assert faults(session, title="有法律依据", **withheld, bases=(LAW,)) == {}
    told = faults(session, **{**withheld, "withheld_because": ""}, bases=(LAW,))
    assert list(told) == ["withheld_because"]
    field = Field("密级", "grade", sharing_class="withheld", bases=(LOCAL,))
    assert list(faults(session, fields=(*PARKING.fields, field))) == ["fields.grade.bases"]


def test_what_the_regulation_wants_of_an_item_is_wanted(session: Session) -> None:
    wanted = {"title": "", "summary": " ", "system": "", "format": "paper", "cycle": "", "data_class": "", "classification": "9",
              "methods": (), "condition": "", "scope": "", "used_for": "", "bases": (), "fields": (), "level": 7, "opened": "maybe"}  # fmt: skip
    for name, value in wanted.items():
        assert name in faults(session, **{name: value}), name
    assert "department" in {one.field for one in catalogue.enter(session, KEEPER, item(department="nobody"), now=NOW).faults}
    assert {"title", "cycle", "bases"} <= set(faults(session, title="", cycle="", bases=())), "all at once"
    assert "condition" in faults(session, sharing_class="open"), "no conditions beyond the rules"
    assert "level" in faults(session, level=1), "not lower than its items"
    assert "bases" in faults(session, bases=(replace(RULE, kind="law"),)), "the city lists the act with another rank"
    assert "related" in faults(session, related=("nothing",))
    assert session.one("SELECT count(*) FROM catalogue_item") == (0,)


def test_secrets_are_refused_at_the_door_and_nothing_of_them_is_kept(session: Session) -> None:
    for changes in (
        {"secrecy": "secret"},
        {"secrecy": "work_secret"},
        {"title": "要害部位名册（机密）"},
        {"fields": (*PARKING.fields, Field("密码", "code", secrecy="top_secret"))},
        {"fields": (*PARKING.fields, Field("绝密文号", "no"))},
    ):
        told = faults(session, **changes)
        assert told and all("涉密" in one for one in told.values())
    assert session.one("SELECT count(*) FROM catalogue_item") == (0,)
    assert session.one("SELECT count(*) FROM ledger_line WHERE type = 'catalogue' AND body LIKE '%refused_secret%'") == (5,)


def test_nobody_acts_outside_her_post_or_department_or_twice(session: Session) -> None:
    with pytest.raises(Forbidden):
        catalogue.enter(session, READER, PARKING, now=NOW)
    with pytest.raises(Forbidden):
        catalogue.enter(session, officer("police", "steward"), PARKING, now=NOW)
    resource = entered(session)
    with pytest.raises(Missing):
        catalogue.open_item(session, READER, resource, now=NOW)
    with pytest.raises(BadValue, match="不在这一步"):
        catalogue.sign(session, HEAD, resource, now=NOW)
    with pytest.raises(BadValue, match="两项都确认"):
        catalogue.assess(session, STEWARD, resource, ("secrecy",), now=NOW)
    catalogue.assess(session, STEWARD, resource, ("secrecy", "privacy"), now=NOW)
    both = replace(HEAD, id=STEWARD.id)
    with pytest.raises(Forbidden, match="编制人不能签批"):
        catalogue.sign(session, both, resource, now=NOW)
    catalogue.sign(session, HEAD, resource, now=NOW)
    for somebody in (HEAD, STEWARD, officer("police", "sharing_manager")):
        with pytest.raises(Forbidden):
            catalogue.publish(session, somebody, resource, now=NOW)
    with pytest.raises(Forbidden, match="不能审核发布"):
        catalogue.publish(session, replace(AUTHORITY, id=HEAD.id), resource, now=NOW)


def test_a_returned_draft_comes_with_its_reason_and_the_department_is_told(session: Session) -> None:
    resource = entered(session)
    catalogue.assess(session, STEWARD, resource, ("secrecy", "privacy"), now=NOW)
    catalogue.sign(session, HEAD, resource, now=NOW)
    with pytest.raises(BadValue):
        catalogue.give_back(session, AUTHORITY, resource, "改", now=NOW)
    catalogue.give_back(session, AUTHORITY, resource, "摘要没有写清楚范围", now=NOW)
    opened = catalogue.open_item(session, STEWARD, resource, now=NOW)
    assert opened.entry.step == "returned" and opened.steps[0].note == "摘要没有写清楚范围"
    assert session.one("SELECT count(*) FROM share_notice WHERE subject = 'department:urban_management'") == (1,)
    assert [one.ended for one in opened.clocks] == ["2026-11-03"]
    catalogue.enter(session, STEWARD, item(resource=resource, summary="全市所有公共停车场"), now=NOW)
    assert catalogue.open_item(session, STEWARD, resource, now=NOW).entry.step == "draft"


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}T02:00:00+00:00")


def test_the_clocks_of_the_regulation_run_over_working_days(session: Session) -> None:
    """Before the holidays of October 2026: days off are passed over, the make-up day of 10 October counts."""
    resource = published(session)
    before = at("2026-09-24")
    clock = catalogue.require_update(session, STEWARD, resource, "管理办法修订", now=before)
    assert (clock.due, clock.left, clock.light) == ("2026-10-15", 10, "green")
    with pytest.raises(BadValue, match="已在计时"):
        catalogue.require_update(session, STEWARD, resource, "管理办法再修订", now=before)
    with pytest.raises(Forbidden):
        catalogue.extend(session, HEAD, resource, "人手不够需要延长", now=before)
    catalogue.extend(session, AUTHORITY, resource, "人手不够需要延长", now=before)
    with pytest.raises(BadValue):
        catalogue.extend(session, AUTHORITY, resource, "人手不够需要延长", now=before)
    (clock,) = catalogue.running_clocks(session, now=at("2026-10-23"))
    assert (clock.due, clock.light, clock.left) == ("2026-10-22", "red", -1)
    catalogue.enter(session, STEWARD, item(resource=resource, code="201001/00001", cycle="weekly"), now=at("2026-10-21"))
    catalogue.assess(session, STEWARD, resource, ("secrecy", "privacy"), now=at("2026-10-21"))
    catalogue.sign(session, HEAD, resource, now=at("2026-10-21"))
    review, update = (one for one in catalogue.clocks_of(session, resource, now=at("2026-10-22")) if one.started < "2026-11")
    assert (update.ended, update.light) == ("2026-10-21", "grey")
    assert (review.kind, review.due, review.light, review.department) == ("review", "2026-10-23", "yellow", "data")
    catalogue.publish(session, AUTHORITY, resource, now=at("2026-10-26"))
    late = next(one for one in catalogue.clocks_of(session, resource, now=NOW) if one.started == review.started)
    assert (late.ended, late.light) == ("2026-10-26", "red")


def test_a_withdrawn_item_is_no_longer_found_but_its_versions_stay(session: Session) -> None:
    resource = published(session)
    catalogue.withdraw(session, AUTHORITY, resource, "系统已经下线", now=NOW)
    assert catalogue.find(session, READER, {"q": "停车"}).total == 0
    assert catalogue.find(session, READER, {"state": "withdrawn"}).total == 1
    assert len(catalogue.open_item(session, READER, resource, now=NOW).versions) == 1
    assert entered(session) != resource, "the title is free again"


def test_acts_that_differ_are_shown_with_the_higher_rank_first(session: Session) -> None:
    resource = published(session, bases=(RULE, replace(LOCAL, says="open"), Basis("《中华人民共和国统计法》", "第九条", "law", "withheld")))
    ((entry, ((field, bases),)),) = catalogue.in_conflict(session, READER)
    assert entry.resource == resource and field == "" and [one.kind for one in bases] == ["law", "regulation", "local_rule"]


def test_what_was_entered_long_ago_can_be_read_whatever_was_added_since(session: Session) -> None:
    resource = published(session)
    session.run(
        "UPDATE catalogue_version SET body = :body",
        {"body": '{"title":"旧","department":"police","gone":1,"fields":[{"name":"a","code":"a"}]}'},
    )
    opened = catalogue.open_item(session, READER, resource, now=NOW + timedelta(days=1))
    assert opened.item.title == "旧" and opened.item.fields[0].name == "a"


def test_the_whole_way_is_the_same_on_both_stores(any_session: Session) -> None:
    """Brought in, entered, published, found by cursor, demanded, counted, exported and read back: on SQLite and on PostgreSQL."""
    session = any_session
    catalogue.bring_in(session, NOW)
    resource = published(session)
    catalogue.enter_system(session, STEWARD, "智慧停车平台", "管理公共停车场", now=NOW)
    (system,) = [one for one in catalogue.systems(session, READER) if one[2] == "智慧停车平台"]
    assert system[3:] == ("管理公共停车场", 1, 1)
    seen, cursor = [], ""
    while True:
        page = catalogue.find(session, READER, {"q": "证 名称"}, cursor=cursor, size=7)
        seen += [one.number for one in page.items]
        if not (cursor := page.next_cursor):
            break
    assert len(seen) == len(set(seen)) == page.total > 7
    assert catalogue.find(session, READER, {"q": "泊位 %_", "department": "urban_management"}).total == 0
    catalogue.require_update(session, STEWARD, resource, "管理办法修订", now=NOW)
    catalogue.extend(session, AUTHORITY, resource, "需要延长时间", now=NOW)
    number = catalogue.enter_demand(session, READER, catalogue.Wanted("路灯位置", "巡查", "夜间巡查"), now=NOW)
    catalogue.settle_demand(session, AUTHORITY, number, ("met", "已由城管局共享", resource), now=NOW)
    who = replace(READER, roles=frozenset({"officer"}))
    for _ in range(2):
        share.ask(session, who, Question("window_service", "look_up", "premises", Key("code", "x")), now=NOW)
        wants = catalogue.register_of_demand(session, AUTHORITY)
    assert [(one.kind, one.times) for one in wants if one.kind == "refused"] == [("refused", 2)]
    board = boards.board(session, AUTHORITY, now=NOW)
    assert (board.reads.part, board.reads.whole, board.demands.share) == (0, 2, 1.0)
    assert {one.kind for one in board.clocks} == {"update", "review"}
    assert boards.compliance(session, AUTHORITY, now=NOW) and catalogue.in_conflict(session, READER)
    told = catalogue.take_in(session, KEEPER, catalogue.export(session, KEEPER, "csv", {"department": "water"}), "a.csv", now=NOW)
    assert told.faults == () and told.unchanged == 3
    catalogue.withdraw(session, AUTHORITY, resource, "系统已经下线", now=NOW)
