"""Citizens and auditors find the lines that concern them, newest first, page by page."""

from __future__ import annotations

from typing import Any

import pytest
from tests.ledger.sample import line, write

from datong import ledger, store
from datong.domain.errors import BadValue


def every_page(session: store.Session, limit: int, **filters: Any) -> list[ledger.StoredLine]:
    found: list[ledger.StoredLine] = []
    cursor = ""
    while True:
        page = ledger.lines_by(session, limit=limit, cursor=cursor, **filters)
        found += page.lines
        cursor = page.next_cursor
        if not cursor:
            return found


def test_a_subjects_lines_come_newest_first(any_store: store.Store) -> None:
    write(any_store, 60)
    with any_store.session(read_only=True) as session:
        page = ledger.lines_of_subject(session, "P000000003")
    mine = [line(number) for number in range(60) if number % 7 == 3]
    assert [one.line for one in page.lines] == sorted(mine, key=lambda one: (one.at, one.body["number"]), reverse=True)
    assert page.next_cursor == ""


def test_a_merged_subject_has_the_lines_of_all_its_codes(sqlite_store: store.Store) -> None:
    write(sqlite_store, 28)
    with sqlite_store.session(read_only=True) as session:
        both = ledger.lines_of_subject(session, ("P000000001", "P000000002"))
        assert {one.line.subject for one in both.lines} == {"P000000001", "P000000002"}
        assert len(both.lines) == 8


@pytest.mark.parametrize("limit", [1, 7, 60])
def test_pages_together_are_everything_once(any_store: store.Store, limit: int) -> None:
    write(any_store, 60)
    with any_store.session(read_only=True) as session:
        found = every_page(session, limit)
    assert len({one.line_id for one in found}) == len(found) == 60
    order = [(one.line.at, one.leaf_index) for one in found]
    assert order == sorted(order, reverse=True)


@pytest.mark.parametrize(
    "filters",
    [
        {"actor": "officer1"},
        {"department": "housing"},
        {"department": "police", "actor": "officer2"},
        {"purpose": "none"},
        {"type": "read"},
        {"unit": "window"},
    ],
)
def test_an_auditors_filters_are_exact(sqlite_store: store.Store, filters: dict[str, str]) -> None:
    write(sqlite_store, 60)
    wanted = [number for number in range(60) if all(getattr(line(number), name) == value for name, value in filters.items())]
    with sqlite_store.session(read_only=True) as session:
        found = every_page(session, 1000, **filters)
    assert sorted(one.leaf_index for one in found) == wanted


def test_since_is_included_and_until_is_not(sqlite_store: store.Store) -> None:
    write(sqlite_store, 60)
    with sqlite_store.session(read_only=True) as session:
        found = every_page(session, 1000, since="2026-01-05", until="2026-01-07")
        assert {one.line.at[:10] for one in found} == {"2026-01-05", "2026-01-06"}
        at = found[0].line.at
        assert all(one.line.at >= at for one in every_page(session, 1000, since=at))
        assert all(one.line.at < at for one in every_page(session, 1000, until=at))


def test_a_subjects_lines_can_be_narrowed(sqlite_store: store.Store) -> None:
    write(sqlite_store, 60)
    with sqlite_store.session(read_only=True) as session:
        page = ledger.lines_of_subject(
            session, "P000000003", department="housing", actor="officer0", since="2026-01-02", purpose="address_at_registration"
        )
    assert page.lines
    assert all((one.line.department, one.line.actor) == ("housing", "officer0") for one in page.lines)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"limit": 0}, "limit"),
        ({"limit": 100_000}, "limit"),
        ({"cursor": "next"}, "cursor"),
        ({"cursor": "2026-01-01T00:00:00Z_x"}, "cursor"),
        ({"since": "yesterday"}, "since"),
        ({"until": "2026-1-1"}, "until"),
        ({"actor": "a\x00"}, "actor"),
    ],
)
def test_a_question_that_makes_no_sense_is_answered_by_name(sqlite_store: store.Store, asked: dict[str, Any], field: str) -> None:
    with pytest.raises(BadValue) as caught, sqlite_store.session(read_only=True) as session:
        ledger.lines_by(session, **asked)
    assert caught.value.field == field


@pytest.mark.parametrize("code", ["", (), ("",)])
def test_lines_of_nobody_are_refused(sqlite_store: store.Store, code: Any) -> None:
    with pytest.raises(BadValue), sqlite_store.session(read_only=True) as session:
        ledger.lines_of_subject(session, code)


def test_an_id_finds_its_line_and_no_other(sqlite_store: store.Store) -> None:
    ids = write(sqlite_store, 12)
    with sqlite_store.session(read_only=True) as session:
        for number, line_id in enumerate(ids):
            found = ledger.find_line(session, line_id)
            assert found is not None
            assert (found.leaf_index, found.line) == (number, line(number))
            assert ledger.find_line(session, line_id[:-1] + ("0" if line_id[-1] != "0" else "1")) is None
