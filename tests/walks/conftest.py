"""The city the walks happen in: simulated once, brought through the whole flow once, copied for every walk."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from tests import postgres

from datong import share, simulate, spec, store
from datong.cli.init import make_city
from datong.cli.run import run
from datong.domain.access import Actor
from datong.settings import Settings, packs_folder

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
        return str(json.loads(row[0])["facts"][field][0]["value"])


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The home of a city that went through the whole flow, on SQLite."""
    folder = tmp_path_factory.mktemp("walks")
    simulate.simulate(folder / "simulated", PEOPLE, 7, packs_folder(), lambda done, of: None)
    settings = make_city(folder / "home", {})
    yield _flow(settings, folder)


@pytest.fixture
def city(template: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[City]:
    """A copy of the template city, on SQLite; on PostgreSQL when DATONG_STORE names a server."""
    home = tmp_path / "home"
    shutil.copytree(template, home)
    settings = replace(_settings(home), store="")
    if os.environ.get("DATONG_STORE", "").startswith("postgres"):
        with postgres.database(request.getfixturevalue("postgres_server"), request.getfixturevalue("postgres_template")) as url:
            yield from _opened(replace(settings, store=url))
        return
    yield from _opened(settings)


@pytest.fixture(scope="session")
def postgres_template(template: Path, postgres_server: str) -> Iterator[str]:
    """A database with the template city's content, brought through the same flow on PostgreSQL."""
    with postgres.database(postgres_server) as url:
        home = template.parent / "home-postgres"
        settings = replace(make_city(home, {"store": url}), store=url)
        shutil.copy(template / "keys" / "code.key", home / "keys" / "code.key")
        _flow(settings, template.parent)
        name = postgres.name_of(url)
        shutil.rmtree(template)
        shutil.copytree(home, template)
        (template / "datong.toml").write_text("", encoding="utf-8")
        yield name


def actor(kind: str, department: str = "", **more: object) -> Actor:
    """Somebody at a door of the city."""
    settled: dict[str, object] = {"id": f"{department or kind}-1", "name": "测试", "kind": kind, "department": department}
    return Actor(**(settled | more))  # type: ignore[arg-type]


def clerk(department: str = "market_regulation", role: str = "window_clerk", jurisdiction: tuple[str, ...] = ("3703",)) -> Actor:
    """An officer at her window."""
    return actor("officer", department, unit="登记窗口", roles=frozenset({role}), jurisdiction=jurisdiction)


def citizen(code: str) -> Actor:
    """A person of the registers, signed in on her phone."""
    return actor("citizen", id="citizen-1", subject=code, roles=frozenset({"citizen"}))


def _settings(home: Path) -> Settings:
    from datong.settings import load_settings

    return load_settings(home, {})


def _flow(settings: Settings, folder: Path) -> Path:
    opened = store.open_store(settings)
    outcome = run(opened, settings, folder / "simulated" / "deliveries", NOW)
    opened.close()
    assert sorted(receipt.reason for receipt in outcome.held) == ["new_column", "truncated"]
    return settings.home


def _opened(settings: Settings) -> Iterator[City]:
    opened = store.open_store(settings)
    packs = spec.load_packs(settings.packs)
    share.install(opened, settings, packs)
    yield City(settings, opened, packs)
    opened.close()
