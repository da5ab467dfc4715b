"""A run killed at any point loses nothing and doubles nothing."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from tests.collect.small import RESIDENT, SmallCity, csv_text, row, small_city

from datong import collect

ROOT = Path(__file__).parents[2]
CHILD = """
import os, signal, sys
from importlib import import_module
from pathlib import Path

sys.path.insert(0, sys.argv[1])
from datong import store
from datong.settings import load_settings
from tests.collect.small import RESIDENT, SmallCity, source_from

def die(*given, **named):
    os.kill(os.getpid(), signal.SIGKILL)

def kill_at(where):
    module, names, moment = where.split(":")
    owner, name = import_module(module), names
    if "." in names:
        holder, name = names.split(".")
        owner = getattr(owner, holder)
    real = getattr(owner, name)
    def after(*given, **named):
        real(*given, **named)
        die()
    setattr(owner, name, die if moment == "before" else after)

folder = Path(sys.argv[2])
opened = store.open_store(load_settings(store="sqlite:///" + str(folder / "store.db"), environ={}))
city = SmallCity(load_settings(folder / "home", environ={}), opened, source_from(RESIDENT, folder), folder)
kill_at(sys.argv[3])
city.receive((folder / "sent.csv").read_bytes())
"""
POINTS = [
    "datong.store.files:place_file:before",  # content written, not yet in its place
    "datong.collect.flow:enter:before",  # kept, not entered
    "datong.collect.flow:_collect:before",  # entered, nothing read
    "datong.collect.take:_take_batch:after",  # in the middle of the rows
    "datong.store.lake:LakeWriter.finish:after",  # lake file whole, not in its place
    "datong.collect.flow:write_settled:after",  # repeats settled, not in its place
    "datong.store.lake:LakeWriter.place:after",  # in its place, not visible
    "datong.collect.queries:add_quarantine:after",  # inside the last transaction
    "datong.ledger:append:after",  # everything said, not committed
]


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_run_is_finished_by_the_next(point: str, tmp_path: Path, city: SmallCity) -> None:
    rows = [row(number) for number in range(30)]
    content = csv_text([*rows, rows[3], row(30, 姓名=""), row(5, 姓名="同号")])
    (tmp_path / "sent.csv").write_text(content, encoding="utf-8")
    outcome = subprocess.run([sys.executable, "-c", CHILD, str(ROOT), str(tmp_path), point], capture_output=True, text=True)
    assert outcome.returncode == -signal.SIGKILL, outcome.stderr
    assert city.records() == [] and city.waiting() == [] and city.lines() == [], "nothing half done is seen"

    packs = SimpleNamespace(source=lambda resource: city.source)
    collect.resume(city.store, city.settings, packs)  # type: ignore[arg-type]
    receipt = city.receive(content)
    assert receipt.collected
    assert (receipt.counts.received, receipt.counts.accepted, receipt.counts.duplicates, receipt.counts.repeated_keys) == (33, 31, 1, 1)
    assert len(city.records()) == 31 and len(city.waiting()) == 1 and len(city.lines()) == 1
    assert receipt.delivery_id == "d000001"
    left = [path for path in (tmp_path / "home").rglob("*") if path.is_file() and path.name.startswith(".")]
    assert left == [], "no temporary file is left"
    assert len([path for path in (tmp_path / "home" / "raw").rglob("*") if path.is_file()]) == 1


def test_resuming_with_nothing_to_do_does_nothing(tmp_path: Path, city: SmallCity) -> None:
    city.receive(csv_text([row(1), row(2)]))
    packs = SimpleNamespace(source=lambda resource: city.source)
    assert collect.resume(city.store, city.settings, packs) == []  # type: ignore[arg-type]
    assert len(city.records()) == 2 and small_city(tmp_path, city.store).source == city.source and RESIDENT
