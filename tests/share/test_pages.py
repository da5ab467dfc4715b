"""A later page begins at its cursor, in the index, whatever rows the agreement lets be seen; and misses and repeats nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datong.domain.access import Actor, Question
from datong.domain.codes import issue
from datong.registers import write_facts
from datong.share import ask, install
from datong.share.installed import installed, moment
from datong.share.listing import _statement
from datong.share.prepared import Asking
from datong.spec import load_packs
from datong.store import Store, migrate, open_store

CODES = sorted(code for (_, code), _ in zip(issue("organisation", -1, b"a key for this test, for nothing else!"), range(120)))  # noqa: B905
DIVISIONS = ("370302", "370303001", "370303002", "3704", "370399", "37")
OFFICER = Actor("o", "某人", "officer", "market_regulation", roles=frozenset({"officer"}), jurisdiction=("3703",))
LIST = Question("inspection", "list", "organisation", fields=("org_name",), limit=7)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Any:
    from datong import ledger
    from datong.settings import load_settings

    chosen = load_settings(tmp_path_factory.mktemp("pages"), {})
    opened = open_store(chosen)
    migrate(opened)
    install(opened, chosen, load_packs(chosen.packs))
    ledger.make_keys(chosen.home, chosen.origin)
    told = {"resource": "market_enterprise", "department": "market_regulation", "as_of": "2026-01-01", "delivery": "d000001"}
    bodies = [write_facts({"org_name": [{"value": f"店{at}", **told}]}) for at in range(len(CODES))]
    rows = [(code, "organisation", DIVISIONS[at % len(DIVISIONS)], f"店{at}", bodies[at]) for at, code in enumerate(CODES)]
    with opened.session() as session:
        session.load("entry", ("code", "kind", "division", "label", "body"), rows)
    yield opened
    opened.close()


def plan(opened: Store, actor: Actor, cursor: str) -> str:
    """How SQLite means to run a page's statement."""
    with opened.session(read_only=True) as session:
        parts, question = installed(session), replace(LIST, cursor=cursor)
        decision = parts.policy.decide(actor, question, "2026-11-20")
        asking = Asking(session, parts, actor, question, moment(None), "", decision)
        sql, params = _statement(asking)
        return "\n".join(str(row[3]) for row in session.all(f"EXPLAIN QUERY PLAN {sql}", params))


@pytest.mark.parametrize("jurisdiction", [("3703",), ("370303",), ("",), ("370302", "370303", "370399")])
def test_a_later_page_begins_at_its_cursor(filled: Store, jurisdiction: tuple[str, ...]):
    found = plan(filled, replace(OFFICER, jurisdiction=jurisdiction), f"370303001.{CODES[50]}")
    assert "entry_by_division (kind=? AND (division,code)>(?,?)" in found and "TEMP B-TREE" not in found, found


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sets(st.sampled_from(["37", "3703", "370302", "370303", "3704", "9"]), min_size=1), st.integers(1, 40))
def test_pages_together_are_the_whole_list_once(filled: Store, prefixes: set[str], limit: int):
    wanted = sorted((DIVISIONS[at % len(DIVISIONS)], code) for at, code in enumerate(CODES))
    wanted = [(division, code) for division, code in wanted if division.startswith(tuple(prefixes))]
    actor, found, cursor = replace(OFFICER, id="-".join(sorted(prefixes)), jurisdiction=tuple(prefixes)), [], ""
    now = datetime(2026, 11, 20, 2, tzinfo=UTC)
    with filled.session() as session:
        while True:
            now += timedelta(minutes=1)  # a page a minute: no rate is met
            answer = ask(session, actor, replace(LIST, cursor=cursor, limit=limit), now=now)
            found += [entry.code for entry in answer.entries]
            cursor = answer.next_cursor
            if not cursor:
                break
    assert found == [code for _, code in wanted]
