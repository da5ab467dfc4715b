"""The walk of a doubtful pair: reviewers judge it, the codes follow, the whole run keeps it, it is undone, and the person sees who looked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from tests.walks.conftest import NOW, City, actor, citizen

from datong import fuse, share
from datong.cli import worker
from datong.domain.access import Actor
from datong.domain.errors import Forbidden, Missing
from datong.share.review_verdict import kappa_of

AT = datetime.fromisoformat(NOW)
SOON = "2026-11-20T02:01:00+00:00"


def reviewer(name: str, jurisdiction: tuple[str, ...] = ("",)) -> Actor:
    return actor("officer", "data", id=name, roles=frozenset({"reviewer"}), jurisdiction=jurisdiction)


LI, WU = reviewer("li"), reviewer("wu")


def waiting(city: City, **wanted: str) -> tuple[Any, ...]:
    with city.store.session() as session:
        return share.reviews(session, LI, share.ReviewFilter(**wanted), 500, now=AT)


def judge(city: City, who: Actor, pair_id: str, verdict: str) -> share.Said:
    with city.store.session() as session:
        share.review_case(session, who, pair_id, now=AT)
        return share.give_verdict(session, who, pair_id, verdict, "看过了", now=AT)


def test_the_queue_is_ordered_by_worth_and_every_sum_adds_up(city: City) -> None:
    pairs = waiting(city)
    assert pairs and [one.worth for one in pairs] == sorted((one.worth for one in pairs), reverse=True)
    assert {one.kind for one in waiting(city, kind="person")} <= {"person"}
    with city.store.session() as session:
        for one in pairs[:10]:
            case = share.review_case(session, LI, one.pair_id, now=AT)
            assert sum(row.thousandths for row in case.weighed.rows) == round(one.score * 1000)
            assert case.weighed.lies == "between" or case.weighed.reason


def test_a_reviewer_merges_a_pair_the_whole_run_keeps_it_and_undo_takes_it_back(city: City) -> None:
    pair = next(one for one in waiting(city, kind="person") if not one.doubled)
    said = judge(city, LI, pair.pair_id, "same")
    assert said.judgement and said.state == "judged"
    sql = "SELECT code FROM member WHERE resource = :a AND record_id = :b AND role = :c"
    place = {"a": pair.left.resource, "b": pair.left.record_id, "c": pair.left.role}
    before = city.one(sql, **place)[0]
    assert pair.pair_id not in {one.pair_id for one in waiting(city)}, "a judged pair does not come back while its job waits"
    assert worker.run_due(city.store, city.settings, SOON) >= 1
    (joined,) = city.one(sql, **place)
    with city.store.session(read_only=True) as session:
        assert joined == fuse.resolve(session, pair.right)
        if before:
            assert fuse.resolve(session, before) == joined and fuse.became(session, before).today == joined
        assert fuse.between(session, city.packs, str(pair.left), pair.right).one
    fuse.run(city.store, city.settings, city.packs, NOW)
    assert city.one(sql, **place)[0] == joined
    with city.store.session() as session:
        taken = share.undo_verdict(session, WU, said.judgement, now=AT)
        assert taken.undoes == said.judgement
    worker.run_due(city.store, city.settings, SOON)
    assert city.one(sql, **place)[0] != joined
    applied = city.all("SELECT resource, record_id, role, code FROM member ORDER BY 1, 2, 3")
    fuse.run(city.store, city.settings, city.packs, NOW)
    assert city.all("SELECT resource, record_id, role, code FROM member ORDER BY 1, 2, 3") == applied


def test_two_reviewers_who_differ_leave_it_unsure_and_shown(city: City) -> None:
    pair = waiting(city)[0]
    with city.store.session() as session:
        session.run("UPDATE review SET doubled = 1 WHERE pair_id = :id", {"id": pair.pair_id})
    assert judge(city, LI, pair.pair_id, "same") == share.Said(0, "second")
    with pytest.raises(Forbidden), city.store.session() as session:
        share.give_verdict(session, LI, pair.pair_id, "same", "", now=AT)
    with city.store.session() as session:
        assert share.review_case(session, WU, pair.pair_id, now=AT).opinions == (), "the second judges blind"
    assert judge(city, WU, pair.pair_id, "different") == share.Said(0, "split")
    (shown,) = waiting(city, state="split")
    assert shown.pair_id == pair.pair_id
    with city.store.session() as session:
        assert [one.verdict for one in share.review_case(session, LI, pair.pair_id, now=AT).opinions] == ["same", "different"]
        agreement = share.agreement_of_reviewers(session, LI)
        assert (agreement.pairs, agreement.same) == (1, 0)
        assert not fuse.judgements(session, pair.kind)
    assert judge(city, LI, pair.pair_id, "different").judgement, "whoever looks again settles it"


def test_a_pair_is_kept_for_one_reviewer_and_for_her_area(city: City) -> None:
    with city.store.session() as session:
        first = share.next_review(session, LI, now=AT)
        second = share.next_review(session, WU, now=AT)
        assert first and second and first.pair_id != second.pair_id
        assert not share.review_case(session, WU, first.pair_id, now=AT).mine
        with pytest.raises(Forbidden):
            share.give_verdict(session, WU, first.pair_id, "same", "", now=AT)
        with pytest.raises(Missing):
            share.review_case(session, reviewer("far", ("110101",)), first.pair_id, now=AT)
        assert share.reviews(session, reviewer("far", ("110101",)), now=AT) == ()
        with pytest.raises(Forbidden):
            share.reviews(session, actor("officer", "data", roles=frozenset({"auditor"}), jurisdiction=("",)), now=AT)


def test_every_look_of_a_reviewer_is_in_the_persons_own_record(city: City) -> None:
    pair = waiting(city, kind="person")[0]
    with city.store.session() as session:
        share.review_case(session, LI, pair.pair_id, now=AT)
    with city.store.session() as session:
        looks = share.who_looked(session, citizen(pair.right), now=AT).looks
    assert [look.reason[0] for look in looks][:1] == ["两条记录可能说的是同一个人（企业、房屋），机器不能确定，复核员进行比对。"]


def test_kappa_counts_agreement_beyond_chance() -> None:
    pairs = [("same", "same")] * 20 + [("same", "different")] * 5 + [("different", "same")] * 10 + [("different", "different")] * 15
    assert kappa_of(pairs).kappa == pytest.approx(0.4)
    assert kappa_of([]).kappa is None and kappa_of([("same", "same")]).kappa is None
