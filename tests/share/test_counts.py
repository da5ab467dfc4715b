"""On PostgreSQL several processes count quotas and rates together: nobody gives what another has given."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ledger.sample import verified
from tests.share.city import NOW, WANG_ID, City, clerk, fill

from datong import ledger, share
from datong.domain.access import Actor, Key, Question
from datong.ledger.counts import Count, Taken, admit
from datong.settings import load_settings
from datong.share.agreement import Quota
from datong.share.policy import Policy
from datong.spec import load_packs
from datong.store import Store, open_store

PACKS = Path(__file__).parents[2] / "packs"


def installed_with(opened: Store, quota: Quota) -> Store:
    """A store with the door, whose agreements all have this quota."""
    made = share.install(opened, load_settings(environ={}, packs=str(PACKS)), load_packs(PACKS))
    agreements = {code: replace(one, quota=quota) for code, one in made.sharing.agreements.items()}
    sharing = replace(made.sharing, agreements=agreements)
    opened.parts["share.policy"] = replace(made, sharing=sharing, policy=Policy(sharing), packed=sharing)
    return opened


@pytest.fixture
def two(postgres_store: Store) -> Iterator[tuple[Store, Store, City]]:
    """Two processes' stores on one database, with a quota of 30 rows a day."""
    first, second = (
        installed_with(one, Quota(30, 25, 10)) for one in (postgres_store, open_store(load_settings(store=postgres_store.url, environ={})))
    )
    with first.session() as session:
        city = fill(session)
    yield first, second, city
    second.close()


def owner_of(city: City) -> Question:
    return Question("address_at_registration", "verify", "premises", Key("code", city["flat"]), claims=(("owner_citizen_id", WANG_ID),))


async def through_the_group(opened: Store, actor: Actor, question: Question, times: int, minute: int) -> list[str]:
    """The hot route: worked out first, then committed with others."""
    group = ledger.GroupCommit(opened)
    now = NOW + timedelta(minutes=minute)

    async def one() -> str:
        with opened.session(read_only=True) as session:
            prepared = share.prepare(session, actor, question, now=now)
        try:
            await group.commit(prepared.lines, prepared.count)
        except ledger.OverCountError as error:
            prepared = share.instead(prepared, error)
            await group.commit(prepared.lines)
        return prepared.answer.grounds[0].code if prepared.answer.outcome == "refused" else prepared.answer.outcome

    try:
        return list(await asyncio.gather(*(one() for _ in range(times))))
    finally:
        await group.close()


@pytest.mark.postgres
def test_two_processes_give_no_more_than_the_quota_together(two: tuple[Store, Store, City]) -> None:
    first, second, city = two
    actor, question = clerk(), owner_of(city)

    def minute(number: int, times: int) -> Counter[str]:
        with ThreadPoolExecutor(2) as pool:
            work = [pool.submit(asyncio.run, through_the_group(one, actor, question, times, number)) for one in (first, second)]
            return Counter(outcome for each in work for outcome in each.result(60))

    assert minute(0, 20) == {"same": 25, "quota_minute": 15}
    assert minute(1, 20) == {"same": 5, "quota_day": 35}
    with second.session() as session:
        told = [share.ask(session, actor, question, now=NOW + timedelta(days=1)).outcome for _ in range(2)]
        assert told == ["same", "same"], "a new day begins anew"
    report = verified(first)
    assert report.sound and report.size == 40 + 40 + 2


@pytest.mark.postgres
def test_what_is_asked_in_transactions_is_counted_with_the_rest(two: tuple[Store, Store, City]) -> None:
    first, second, city = two
    actor, question = clerk(), owner_of(city)
    with first.session(read_only=True) as session:
        share.prepare(session, actor, question, now=NOW)  # its meter has read the record, and reads it again in half a minute
    assert Counter(asyncio.run(through_the_group(second, actor, question, 24, 0))) == {"same": 24}
    with first.session() as session:
        asked = [share.ask(session, actor, question, now=NOW) for _ in range(3)]
    assert [one.outcome for one in asked] == ["same", "refused", "refused"]
    assert [one.code for one in asked[1].grounds] == ["quota_minute"]


QUESTION = st.tuples(st.integers(0, 1), st.integers(0, 3), st.integers(0, 2))


@given(st.lists(QUESTION, max_size=40), st.integers(1, 6), st.integers(1, 4))
def test_admitting_never_passes_the_limits(asked: list[tuple[int, int, int]], per_day: int, per_minute: int) -> None:
    counts = [
        Count("a", "x", f"2026-11-{20 + minute // 2}", minute, rows, per_day, per_minute)
        for _, minute, rows in sorted(asked, key=lambda one: one[1])
    ]
    taken = {("a", "x"): Taken()}
    refused = admit(taken, counts)
    given = [one for one, why in zip(counts, refused, strict=True) if why is None]
    for minute in {one.minute for one in given}:
        assert sum(one.minute == minute for one in given) <= per_minute
    for day in {one.day for one in given}:
        rows = [one.rows for one in given if one.day == day]
        assert sum(rows[:-1]) < per_day, "the last question may pass the limit by its own rows, no other may follow"
    for one, why in zip(counts, refused, strict=True):
        if why == "minute":
            assert sum(other.minute == one.minute for other in given) >= per_minute
        if why == "day":
            assert sum(other.rows for other in given if other.day == one.day) >= per_day
