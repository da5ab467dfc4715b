"""The city that walks and browsers go through: simulated once, brought through the whole flow once, copied for every test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from datong import share, simulate, spec, store
from datong.cli.init import make_city
from datong.cli.run import run
from datong.registers import read_body
from datong.settings import Settings, load_settings, packs_folder
from tests import postgres

PEOPLE = 1200
NOW = "2026-11-20T02:00:00+00:00"


@dataclass
class City:
    """A whole city under test."""

    settings: Settings
    store: store.Store
    packs: spec.Packs

    def one(self, sql: str, **params: str) -> tuple[str, ...]:
        """The first row of a query; it must be there."""
        with self.store.session(read_only=True) as session:
            row = session.one(sql, params)
        assert row is not None, f"the simulated city has nothing for {sql}"
        return row

    def all(self, sql: str, **params: str) -> list[tuple[str, ...]]:
        """Every row of a query."""
        with self.store.session(read_only=True) as session:
            return session.all(sql, params)

    def fact(self, code: str, field: str) -> str:
        """The value a register holds for a field: what somebody in the city would show on paper."""
        with self.store.session(read_only=True) as session:
            row = session.one("SELECT body FROM entry WHERE code = :code", {"code": code})
        assert row is not None
        return str(read_body(row[0])[field][0]["value"])


@dataclass(frozen=True)
class Template:
    """A city to copy: its home, and its database when it stands on PostgreSQL."""

    home: Path
    database: str = ""


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Template]:
    """A city that went through the whole flow: on SQLite, or on PostgreSQL when DATONG_STORE named a server."""
    folder = tmp_path_factory.mktemp("walks")
    simulate.simulate(folder / "simulated", PEOPLE, 7, packs_folder(), lambda done, of: None)
    if not postgres.NAMED:
        _flow(make_city(folder / "home", {}), folder)
        yield Template(folder / "home")
        return
    with postgres.database(request.getfixturevalue("postgres_server")) as url:
        _flow(make_city(folder / "home", {"store": url}), folder)
        yield Template(folder / "home", postgres.name_of(url))


@pytest.fixture
def city(template: Template, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[City]:
    """A copy of the template city."""
    home = tmp_path / "home"
    shutil.copytree(template.home, home)
    settings = load_settings(home, {})
    if not template.database:
        yield from _opened(settings)
        return
    with postgres.database(request.getfixturevalue("postgres_server"), template.database) as url:
        yield from _opened(replace(settings, store=url))


def _flow(settings: Settings, folder: Path) -> None:
    _one_permutation(settings.home)
    opened = store.open_store(settings)
    outcome = run(opened, settings, folder / "simulated" / "deliveries", NOW)
    opened.close()
    assert sorted(receipt.reason for receipt in outcome.held) == ["new_column", "truncated"]


def _one_permutation(home: Path) -> None:
    """The same codes in every run: a walk that takes the first by code takes the same subject each time."""
    key = home / "keys" / "code.key"
    key.parent.mkdir(exist_ok=True)
    key.write_bytes(bytes(range(32)))


def _opened(settings: Settings) -> Iterator[City]:
    opened = store.open_store(settings)
    packs = spec.load_packs(settings.packs)
    share.install(opened, settings, packs)
    yield City(settings, opened, packs)
    opened.close()
