"""Conditions on facts have an index of their own: made when an agreement needs it, used, and dropped when none does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from datong import share
from datong.registers import write_facts
from datong.share.agreement import Agreement, Condition
from datong.share.installed import PART, Installed, installed
from datong.store import Session

LISTED = ("list",)


def with_agreement(session: Session, agreement: Agreement) -> None:
    """Let just this agreement be in force in the session's store."""
    found: Installed = installed(session)
    session.store.parts[PART] = replace(found, sharing=replace(found.sharing, agreements={agreement.code: agreement}))


def agreement_on(session: Session, *conditions: Condition) -> Agreement:
    found = next(one for one in installed(session).sharing.agreements.values() if one.register == "premises")
    return replace(found, operations=LISTED, rows=share.Rows("city", where=conditions))


def made_indexes(session: Session) -> set[str]:
    return {name for name in session.index_names("entry") if name.startswith("entry_rows_")}


def test_an_index_comes_and_goes_with_the_agreements_that_need_it(any_session: Session) -> None:
    facts = {"resource": "estate_title", "department": "natural_resources", "as_of": "2026-01-01"}
    for number in range(40):
        body = write_facts({"use": [{"value": "住宅" if number % 4 else "商业", **facts}]})
        any_session.run(
            "INSERT INTO entry (code, kind, division, label, body) VALUES (:code, 'premises', '370303001', '', :body)",
            {"code": f"H{number:03}", "body": body},
        )
    shops = agreement_on(any_session, Condition("use", "in", ("商业", "办公")))
    with_agreement(any_session, shops)
    assert not share.rows_are_indexed(any_session)
    assert share.index_rows(any_session) == (1, 0) and share.rows_are_indexed(any_session)
    assert share.index_rows(any_session) == (0, 0), "twice is once"
    (name,) = made_indexes(any_session)
    found = share.row_filter(shops, ("",), "", any_session.dialect)
    sql = f"SELECT count(*) FROM entry e WHERE {found.sql}"
    assert any_session.one(sql, found.params) == (10,)
    if any_session.dialect == "sqlite":
        assert name in str(any_session.all(f"EXPLAIN QUERY PLAN {sql}", found.params)), "the list reads the index, not every document"
    with_agreement(any_session, agreement_on(any_session, Condition("use", "eq", ("住宅",))))
    assert share.index_rows(any_session) == (1, 1) and name not in made_indexes(any_session)
    with_agreement(any_session, replace(shops, operations=("verify",)))
    assert share.index_rows(any_session) == (0, 1) and made_indexes(any_session) == set()


@pytest.mark.parametrize("value", ["O'Brien", "a b", "x%", '"', "1;--", "\\"])
def test_a_value_that_is_no_plain_word_is_bound_and_has_no_index(any_session: Session, value: str) -> None:
    odd = agreement_on(any_session, Condition("use", "in", ("住宅", value)))
    with_agreement(any_session, odd)
    assert share.index_rows(any_session) == (0, 0)
    found = share.row_filter(odd, ("",), "", any_session.dialect)
    assert value in found.params.values() and value not in found.sql
    assert any_session.all(f"SELECT e.code FROM entry e WHERE {found.sql}", found.params) == []
