"""A process that dies at the worst moment leaves no line without its leaf, and no id that is not durable."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.ledger.sample import verified, write

from datong import ledger, store

ROOT = Path(__file__).parent.parent.parent

DIES_BETWEEN = """
import os, sys
sys.path.insert(0, sys.argv[3])
from datong import ledger, store
from tests.ledger.sample import line

class Dying(store.Session):
    tables = 0
    def load(self, table, columns, rows):
        super().load(table, columns, rows)
        Dying.tables += 1
        if Dying.tables == int(sys.argv[2]):
            os._exit(9)

    def load_all(self, loads):
        if int(sys.argv[2]):
            for one in loads:
                self.load(*one)
        else:
            super().load_all(loads)
            os._exit(9)

opened = store.Store(sys.argv[1])
with Dying(opened) as session:
    ledger.append(session, *(line(number) for number in range(6)))
os._exit(0)
"""

WRITES_UNTIL_KILLED = """
import asyncio, sys
sys.path.insert(0, sys.argv[2])
from datong import ledger, store
from tests.ledger.sample import line

async def main():
    group = ledger.GroupCommit(store.Store(sys.argv[1]))
    async def endless(number):
        while True:
            for line_id in await group.commit([line(number), line(number + 1)]):
                print(line_id, flush=True)
    await asyncio.gather(*(endless(number) for number in range(20)))

asyncio.run(main())
"""


@pytest.mark.parametrize("after_tables", [0, 1, 2, 3])
def test_dying_between_the_tables_leaves_nothing_of_the_batch(any_store: store.Store, after_tables: int) -> None:
    write(any_store, 5)
    done = subprocess.run([sys.executable, "-c", DIES_BETWEEN, any_store.url, str(after_tables), str(ROOT)], timeout=60, check=False)
    assert done.returncode == 9
    report = verified(any_store)
    assert (report.size, report.lines, report.sound) == (5, 5, True)
    write(any_store, 3)
    assert verified(any_store).sound


def test_every_id_given_out_before_a_kill_is_in_the_log(any_store: store.Store) -> None:
    process = subprocess.Popen([sys.executable, "-c", WRITES_UNTIL_KILLED, any_store.url, str(ROOT)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    given = [process.stdout.readline().strip() for _ in range(200)]
    process.kill()
    given += [text for text in process.stdout.read().split("\n")[:-1] if text]
    process.wait(timeout=30)
    with any_store.session(read_only=True) as session:
        assert all(ledger.find_line(session, line_id) for line_id in given)
    report = verified(any_store)
    assert report.sound
    assert report.size == report.lines >= len(given)
