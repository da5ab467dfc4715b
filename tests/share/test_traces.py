"""What every question leaves in the record, what it must not leave there, and what nobody may do all day long."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from tests.share.city import LI_ID, NOW, TITLE, WANG_ID, ZHAO_ID, City, citizen, clerk, fill
from tests.share.conftest import PACKS, packs

from datong import ledger, share
from datong.domain.access import Actor, Key, Question, Reason
from datong.domain.errors import Forbidden
from datong.settings import load_settings
from datong.share.claims import MOST_REFUSED_A_DAY
from datong.share.disputes import MOST_A_DAY
from datong.store import Session, Store


def lines_of(session: Session, code: str) -> list[ledger.Line]:
    return [one.line for one in ledger.lines_of_subject(session, code).lines]


# ---- lines -----------------------------------------------------------------------------------------------------------


def test_trying_somebodys_number_on_others_homes_leaves_a_line_with_her(session: Session, city: City) -> None:
    for home in ("next_door", "far_flat", "flat"):
        question = Question("address_at_registration", "verify", "premises", Key("code", city[home]), claims=(("owner_citizen_id", LI_ID),))
        share.ask(session, clerk(jurisdiction=("",)), question, now=NOW)
    left = lines_of(session, city["li"])
    assert [(one.type, one.body["outcome"], one.body["fields"]) for one in left] == [("read", "different", ["owner_citizen_id"])] * 3
    assert len(share.who_looked(session, citizen(city["li"], "li"), now=NOW).looks) == 3


def test_a_number_that_proves_right_leaves_its_line_with_the_home(session: Session, city: City) -> None:
    question = Question("address_at_registration", "verify", "premises", Key("code", city["flat"]), claims=(("owner_citizen_id", WANG_ID),))
    assert len(share.ask(session, clerk(), question, now=NOW).lines) == 1
    assert lines_of(session, city["wang"]) == []


def test_a_list_of_somebodys_homes_leaves_a_line_with_her(session: Session, city: City) -> None:
    question = Question("window_service", "list", "premises", where=(("owns", city["wang"]),))
    assert [one.code for one in share.ask(session, clerk("approval"), question, now=NOW).entries] == [city["flat"]]
    nothing = Question("window_service", "list", "premises", where=(("owns", city["li"]),))
    assert share.ask(session, clerk("approval"), nothing, now=NOW).outcome == "not_found"
    assert [one.body["outcome"] for one in (*lines_of(session, city["wang"]), *lines_of(session, city["li"]))] == ["found", "not_found"]


@pytest.mark.parametrize(
    ("question", "outcome"),
    [
        (Question("window_service", "look_up", "person", Key("citizen_id", "37030319600101001X")), "not_found"),
        (Question("window_service", "look_up", "premises", Key("title_no", "370304001001GB00001F00010001")), "not_found"),
        (Question("made_up", "look_up", "person", Key("citizen_id", WANG_ID)), "refused"),
        (Question("window_service", "look_up", "person", Key("plate", "鲁C12345")), "refused"),
        (Question("window_service", "list", "premises", where=(("division", "370303999"),)), "not_found"),
    ],
)
def test_every_no_is_written_too(session: Session, city: City, question: Question, outcome: str) -> None:
    answer = share.ask(session, clerk("approval"), question, now=NOW)
    assert answer.outcome == outcome
    kept = ledger.find_line(session, answer.lines[0])
    assert kept is not None and kept.line.body["outcome"] == outcome


def test_an_ask_that_is_rolled_back_leaves_nothing(any_store: Store) -> None:
    share.install(any_store, load_settings(environ={}, packs=str(PACKS)), packs())
    with any_store.session() as session:
        city = fill(session)
        made = share.issue_pass(session, citizen(city["wang"]), share.NewPass(city["flat"], "gate_registration"), now=NOW)
        before = ledger.size(session)
    gate = Question("gate_registration", "verify", "premises", Key("pass", made.qr), claims=(("applicant_citizen_id", ZHAO_ID),))
    with pytest.raises(RuntimeError), any_store.session() as session:
        assert share.ask(session, citizen(city["zhao"], "zhao"), gate, now=NOW).outcome == "same"
        raise RuntimeError
    with any_store.session() as session:
        assert ledger.size(session) == before
        assert share.notices(session, citizen(city["wang"])) == ()
        assert share.ask(session, citizen(city["zhao"], "zhao"), gate, now=NOW).outcome == "same"


def test_what_is_typed_stands_in_no_line(session: Session, city: City) -> None:
    typed = "张三370303199001011239"
    for question in (
        Question("window_service", "look_up", "person", Key("citizen_id", WANG_ID), fields=("name", typed)),
        Question("window_service", "look_up", "person", Key("citizen_id", WANG_ID), fields=(typed,)),
        Question(
            "window_service", "look_up", "person", Key("citizen_id", WANG_ID), unmask=(typed,), reason=Reason("unmask", text="核对一下")
        ),
        Question("window_service", "verify", "person", Key("citizen_id", WANG_ID), claims=(("name", typed), (typed, "x"))),
        Question("window_service", "list", "premises", where=((typed, "x"),)),
        Question(typed, "look_up", "person", Key("citizen_id", WANG_ID)),
    ):
        share.ask(session, clerk("approval"), question, now=NOW)
    bodies = "".join(row[0] for row in session.all("SELECT body FROM ledger_line"))
    leaves = b"".join(bytes(row[0]) for row in session.all("SELECT entry FROM ledger_leaf")).decode()
    assert "unknown" in bodies
    for secret in (typed, WANG_ID, "王小明", "13812341234", TITLE):
        assert secret not in bodies + leaves


# ---- all day long ----------------------------------------------------------------------------------------------------


def test_claims_that_are_refused_all_day_fill_no_owners_letter_box(session: Session, city: City) -> None:
    zhao, wang = citizen(city["zhao"], "zhao"), citizen(city["wang"])
    claimed = [share.claim_home(session, zhao, Key("title_no", TITLE), now=NOW) for _ in range(MOST_REFUSED_A_DAY + 3)]
    assert [one.grounds[0].code for one in claimed] == ["claim_not_owner"] * MOST_REFUSED_A_DAY + ["claim_often"] * 3
    assert len(share.notices(session, wang, 200)) == MOST_REFUSED_A_DAY
    assert share.claim_home(session, zhao, Key("citizen_id", ZHAO_ID), now=NOW).outcome == "refused"
    assert share.claim_home(session, zhao, Key("citizen_id", ZHAO_ID), now=NOW + timedelta(days=1)).outcome == "confirmed"


def test_of_anothers_home_a_citizen_reports_what_stands_at_the_door(session: Session, city: City) -> None:
    zhao = citizen(city["zhao"], "zhao")
    share.report_wrong(session, zhao, share.Wrong(city["flat"], "standard_address", "门牌号写错了吧"), now=NOW)
    for field in ("owner_name", "area", f"link:rents:{city['li']}"):
        with pytest.raises(Forbidden):
            share.report_wrong(session, zhao, share.Wrong(city["flat"], field, "这一项不对吧"), now=NOW)


def test_nobody_marks_homes_all_day(session: Session, city: City) -> None:
    zhao = citizen(city["zhao"], "zhao")
    session.run("UPDATE share_dispute SET state = 'upheld'")
    for number in range(MOST_A_DAY):
        made = share.report_wrong(session, zhao, share.Wrong(city["flat"], "use", f"用途不对，第{number}次"), now=NOW)
        session.run("UPDATE share_dispute SET state = 'upheld' WHERE dispute_id = :id", {"id": made.dispute_id})
    with pytest.raises(Forbidden):
        share.report_wrong(session, zhao, share.Wrong(city["flat"], "use", "用途还是不对"), now=NOW)


# ---- at the same moment ----------------------------------------------------------------------------------------------


def test_of_many_who_show_a_pass_for_one_use_at_once_exactly_one_is_let_in(any_store: Store) -> None:
    """Each prepared his answer while the pass was unused, as at two counters; the store decides who was first."""
    share.install(any_store, load_settings(environ={}, packs=str(PACKS)), packs())
    with any_store.session() as session:
        city = fill(session)
        made = share.issue_pass(session, citizen(city["wang"]), share.NewPass(city["flat"], "gate_registration"), now=NOW)
    gate = Question("gate_registration", "verify", "premises", Key("pass", made.qr), claims=(("applicant_citizen_id", ZHAO_ID),))
    zhao = citizen(city["zhao"], "zhao")
    start = threading.Barrier(6)

    def show(_: int) -> str:
        with any_store.session(read_only=True) as session:
            prepared = share.prepare(session, zhao, gate, now=NOW)
        start.wait(20)
        with any_store.session() as session:
            return share.settle(session, prepared).outcome

    with ThreadPoolExecutor(6) as pool:
        outcomes = sorted(pool.map(show, range(6)))
    assert outcomes == ["refused"] * 5 + ["same"]
    with any_store.session(read_only=True) as session:
        assert [one.kind for one in share.notices(session, citizen(city["wang"]))] == ["pass_used"]
        assert share.my_passes(session, citizen(city["wang"]), now=NOW)[0].uses == 1
        kinds = [one.type for one in lines_of(session, city["flat"])]
    assert (kinds.count("read"), kinds.count("refusal")) == (1, 5)


def _many(opened: Store, asker: Actor, question: Question, number: int, cancelled: int = 0) -> list[tuple[str, tuple[str, ...]]]:
    """So many questions at once on the hot way: prepared, and answered when their lines are durable. The first `cancelled` go away."""

    async def work() -> list[tuple[str, tuple[str, ...]]]:
        group = ledger.GroupCommit(opened)

        async def one() -> tuple[str, tuple[str, ...]]:
            with opened.session(read_only=True) as session:
                prepared = share.prepare(session, asker, question, now=NOW)
            return prepared.answer.outcome, await group.commit(prepared.lines)

        tasks = [asyncio.create_task(one()) for _ in range(number)]
        await asyncio.sleep(0)
        for task in tasks[:cancelled]:
            task.cancel()
        found = await asyncio.gather(*tasks, return_exceptions=True)
        await group.close()
        return [one for one in found if isinstance(one, tuple)]

    return asyncio.run(work())


def test_quota_holds_on_the_hot_way_and_its_refusals_are_written(opened: Store) -> None:
    with opened.session() as session:
        city = fill(session)
    question = Question("gate_registration", "verify", "premises", Key("code", city["flat"]), claims=(("applicant_citizen_id", WANG_ID),))
    answers = _many(opened, citizen(city["wang"]), question, 20)
    assert [outcome for outcome, _ in answers].count("same") == 12  # what gate_own_premises gives a minute
    with opened.session(read_only=True) as session:
        kept = [ledger.find_line(session, ids[0]) for _, ids in answers]
    assert [one.line.body["outcome"] for one in kept if one] == [outcome for outcome, _ in answers]


def test_who_goes_away_before_the_answer_has_left_his_line_all_the_same(opened: Store) -> None:
    with opened.session() as session:
        city = fill(session)
        before = ledger.size(session)
    question = Question("address_at_registration", "verify", "premises", Key("code", city["flat"]))
    answers = _many(opened, clerk(), question, 5, cancelled=3)
    assert len(answers) == 2
    with opened.session(read_only=True) as session:
        assert ledger.size(session) == before + 5
