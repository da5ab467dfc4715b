"""A monitor reads what the log published since its last visit, and names what the department handed in and cannot find."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.ledger.sample import NOW, OTHER_SIGNER, SIGNER, line, write

from datong import ledger, store
from datong.domain.errors import BadValue, BrokenLedger, Missing
from datong.ledger import merkle
from datong.ledger.monitor import tile_lookup

ORIGIN = SIGNER.name
BEFORE, AFTER = "2026-01-31T08:30:00Z", "2026-01-31T10:00:00Z"
DUE = "2026-01-31T09:00:00Z"


class City:
    """A city's log, published into a folder."""

    def __init__(self, opened: store.Store, folder: Path) -> None:
        self.opened, self.folder = opened, folder

    def add(self, count: int) -> list[str]:
        with self.opened.session() as session:
            start = ledger.size(session)
            ids = ledger.append(session, *(line(number) for number in range(start, start + count)))
            ledger.publish(session, SIGNER, self.folder, NOW)
        return list(ids)

    def leaf(self, place: int) -> bytes:
        with self.opened.session(read_only=True) as session:
            row = session.one("SELECT hash FROM ledger_leaf WHERE leaf_index = :place", {"place": place})
        assert row is not None
        return bytes(row[0])


@pytest.fixture
def city(sqlite_store: store.Store, tmp_path: Path) -> City:
    return City(sqlite_store, tmp_path / "out")


@pytest.fixture
def monitor(tmp_path: Path) -> ledger.Monitor:
    return ledger.Monitor(store.open_store_file(tmp_path / "monitor" / "monitor.db"))


def visit(monitor: ledger.Monitor, city: City, now: str = AFTER) -> ledger.Watch:
    return monitor.visit(ledger.open_log(str(city.folder)), SIGNER.verifier, now)


def kinds(watch: ledger.Watch) -> list[tuple[str, str]]:
    return [(finding.kind, finding.expected.about) for finding in watch.findings]


@pytest.mark.parametrize("steps", [(1, 1, 1), (255, 1, 1), (256, 300), (3, 600, 40), (700, 1)])
def test_it_reads_each_entry_once_and_agrees_with_the_signed_root(city: City, monitor: ledger.Monitor, steps: tuple[int, ...]) -> None:
    for count in steps:
        city.add(count)
        assert visit(monitor, city).read == count
    assert visit(monitor, city).read == 0


def test_it_finds_what_was_handed_in_and_names_what_is_withheld(city: City, monitor: ledger.Monitor) -> None:
    city.add(40)
    withheld = merkle.leaf_hash(b"an entry that never came")
    monitor.expect(ORIGIN, [ledger.Expected(city.leaf(7), DUE, 7, "seven"), ledger.Expected(withheld, DUE, None, "withheld")])
    early = visit(monitor, city, BEFORE)
    assert (early.found, early.expected, early.findings) == (1, 2, ())
    assert kinds(visit(monitor, city)) == [("missing", "withheld")]
    assert kinds(visit(monitor, city)) == [("missing", "withheld")]


def test_an_entry_that_comes_after_its_time_is_late(city: City, monitor: ledger.Monitor, tmp_path: Path) -> None:
    city.add(10)
    ids = write(city.opened, 1, signed=False)
    monitor.expect(ORIGIN, [ledger.Expected(city.leaf(10), DUE, None, "ten")])
    assert ids and kinds(visit(monitor, city)) == [("missing", "ten")]
    city.add(1)
    assert kinds(visit(monitor, city, "2026-02-01T00:00:00Z")) == [("late", "ten")]
    assert visit(monitor, city).findings == ()


def test_another_entry_at_its_place_is_altered_and_stays_so(city: City, monitor: ledger.Monitor) -> None:
    city.add(10)
    monitor.expect(ORIGIN, [ledger.Expected(merkle.leaf_hash(b"mine"), DUE, 4, "four")])
    for _ in range(2):
        assert kinds(visit(monitor, city, BEFORE)) == [("altered", "four")]


@pytest.mark.parametrize("place", [0, 255, 256, 511, 599, None])
def test_what_it_had_read_past_is_looked_up_afterwards(city: City, monitor: ledger.Monitor, place: int | None) -> None:
    city.add(600)
    visit(monitor, city)
    city.add(30)
    monitor.expect(ORIGIN, [ledger.Expected(city.leaf(place or 500), DUE, place, "past")])
    monitor.expect(ORIGIN, [ledger.Expected(merkle.leaf_hash(b"mine"), DUE, 5 if place else None, "wrong")])
    seen = visit(monitor, city)
    assert (seen.found, kinds(seen)) == (1, [("altered" if place else "missing", "wrong")])


def test_a_rewritten_a_cut_and_a_dishonest_log_are_told_and_nothing_is_forgotten(city: City, monitor: ledger.Monitor) -> None:
    city.add(20)
    visit(monitor, city)
    bundle = city.folder / "tile" / "entries" / "000.p" / "25"
    city.add(5)
    honest = bundle.read_bytes()
    bundle.write_bytes(honest.replace(b'"police"', b'"polite"'))
    with pytest.raises(BrokenLedger, match="do not give the root"):
        visit(monitor, city)
    bundle.write_bytes(honest[:-3])
    with pytest.raises(BrokenLedger, match="cut off"):
        visit(monitor, city)
    bundle.write_bytes(honest)
    assert visit(monitor, city).read == 5
    with city.opened.session(read_only=True) as session:
        shorter = ledger.Checkpoint(ORIGIN, 20, ledger.root(session, 20)).signed(SIGNER)
    (city.folder / "checkpoint").write_text(shorter)
    with pytest.raises(BrokenLedger, match="has shown 25 before"):
        visit(monitor, city)
    bundle.unlink()
    with pytest.raises(Missing):
        ledger.Monitor(store.open_store_file(city.folder / "new.db")).visit(
            ledger.open_log(str(city.folder / "nowhere")), SIGNER.verifier, AFTER
        )


def test_every_subtree_is_read_from_the_tiles(city: City) -> None:
    city.add(700)
    lookup = tile_lookup(ledger.open_log(str(city.folder)), 700)
    with city.opened.session(read_only=True) as session:
        root = ledger.root(session, 700)
    assert merkle.root(700, lookup) == root
    for place in (0, 255, 256, 511, 512, 699):
        assert merkle.verify_inclusion(city.leaf(place), place, 700, merkle.prove_inclusion(place, 700, lookup), root)


def test_receipts_of_the_log_make_an_outbox(city: City, monitor: ledger.Monitor) -> None:
    ids = city.add(3)
    with city.opened.session(read_only=True) as session:
        notes = [ledger.receipt_for(session, SIGNER, one) for one in ids]
        with pytest.raises(Missing):
            ledger.receipt_for(session, SIGNER, "0000000000aaaaaaaaaaaa")
    read = ledger.open_receipt(notes[2], SIGNER.verifier)
    assert (read.leaf, read.written_at, read.promised_by) == (city.leaf(2), line(2).at, line(2).at.replace("T08:", "T09:"))
    outbox = [json.dumps({"receipt": note, "place": place, "about": ids[place]}) for place, note in enumerate(notes)]
    outbox += ["", json.dumps({"leaf": city.leaf(1).hex(), "promised_by": DUE})]
    expected = ledger.read_outbox(outbox, SIGNER.verifier)
    assert [one.place for one in expected] == [0, 1, 2, None]
    monitor.expect(ORIGIN, expected)
    seen = visit(monitor, city)
    assert (seen.expected, seen.found, seen.findings) == (3, 3, ())


@pytest.mark.parametrize(
    "wrong",
    [
        "nothing",
        "[]",
        "{}",
        json.dumps({"leaf": "ff", "promised_by": DUE}),
        json.dumps({"leaf": "0" * 64, "promised_by": "soon"}),
        json.dumps({"leaf": "0" * 64, "promised_by": "2026-01-01"}),
        json.dumps({"leaf": "0" * 64, "promised_by": DUE, "place": -1}),
        json.dumps({"receipt": ledger.Receipt(ORIGIN, b"0" * 32, DUE, DUE).signed(OTHER_SIGNER)}),
        json.dumps({"receipt": ledger.Receipt("other.example/log", b"0" * 32, DUE, DUE).signed(SIGNER)}),
        json.dumps({"receipt": ledger.Receipt(ORIGIN, b"0" * 32, "soon", DUE).signed(SIGNER)}),
        json.dumps({"receipt": ledger.Checkpoint(ORIGIN, 5, b"0" * 32).signed(SIGNER)}),
    ],
)
def test_an_outbox_line_that_is_none_is_named(wrong: str) -> None:
    good = json.dumps({"leaf": "0" * 64, "promised_by": DUE})
    with pytest.raises(BadValue, match="line 2"):
        ledger.read_outbox([good, wrong], SIGNER.verifier)


def test_a_receipt_never_passes_for_a_checkpoint() -> None:
    note = ledger.Receipt(ORIGIN, b"0" * 32, DUE, DUE).signed(SIGNER)
    with pytest.raises(BrokenLedger):
        ledger.open_checkpoint(note, SIGNER.verifier)


def test_it_follows_a_log_by_its_address(city: City, monitor: ledger.Monitor) -> None:
    from functools import partial
    from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
    from threading import Thread

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

    city.add(300)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(city.folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_address[1]}"
    assert monitor.visit(ledger.open_log(address), SIGNER.verifier, AFTER).read == 300
    with pytest.raises(Missing, match="status 404"):
        ledger.open_log(address).get("tile/7/000")
    server.shutdown()
    server.server_close()
    with pytest.raises(Missing, match="does not answer"):
        ledger.open_log(address).get("checkpoint")
