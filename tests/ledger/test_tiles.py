"""The exported log has the layout of tlog-tiles, and a reader with nothing but the key finds any damage."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.ledger.sample import NOW, OTHER_SIGNER, SIGNER, line, write

from datong import ledger, store
from datong.domain.errors import BrokenLedger, Missing
from datong.ledger import merkle
from datong.ledger.tiles import Tile, bundle, tile_index, tiles_of, unbundle


def grown(opened: store.Store, count: int) -> None:
    with opened.session() as session:
        ledger.append(session, *(line(number) for number in range(count)))


def published(opened: store.Store, folder: Path) -> ledger.TileExport:
    with opened.session() as session:
        return ledger.publish(session, SIGNER, folder, NOW)


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(("number", "text"), [(0, "000"), (67, "067"), (999, "999"), (1000, "x001/000"), (1234067, "x001/x234/067")])
def test_indices_are_written_as_the_specification_says(number: int, text: str) -> None:
    assert tile_index(number) == text


def test_the_specifications_own_example_of_a_tree() -> None:
    tiles = list(tiles_of(70_000))
    assert [sum(tile.level == level for tile in tiles) for level in range(3)] == [274, 2, 1]
    assert [tile.path for tile in tiles if tile.width < 256] == ["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"]
    assert [tile.path for tile in tiles_of(256)] == ["tile/0/000", "tile/1/000.p/1"]
    assert list(tiles_of(0)) == []
    assert Tile(0, 273, 112).entries_path == "tile/entries/273.p/112"


def test_bundles_are_read_as_they_are_written() -> None:
    entries = [b"", b"one", b"x" * 65535]
    assert unbundle(bundle(entries)) == entries
    for cut in (1, 4, len(bundle(entries)) - 1):
        with pytest.raises(BrokenLedger):
            unbundle(bundle(entries)[:cut])


def test_an_export_has_just_the_files_of_its_tree(any_store: store.Store, tmp_path: Path) -> None:
    grown(any_store, 600)
    done = published(any_store, tmp_path / "static")
    wanted = (
        {"checkpoint"} | {f"tile/{kind}/{name}" for kind in ("0", "entries") for name in ("000", "001", "002.p/88")} | {"tile/1/000.p/2"}
    )
    assert files(tmp_path / "static") == wanted
    assert (done.size, done.written, done.kept) == (600, 8, 0)
    head = ledger.check_tree(tmp_path / "static", SIGNER.verifier)
    with any_store.session(read_only=True) as session:
        assert (head.size, head.root) == (600, ledger.root(session, 600))


def test_a_later_export_keeps_full_tiles_and_the_older_tree_readable(sqlite_store: store.Store, tmp_path: Path) -> None:
    grown(sqlite_store, 300)
    published(sqlite_store, tmp_path)
    before = files(tmp_path)
    grown(sqlite_store, 300)
    done = published(sqlite_store, tmp_path)
    assert (done.written, done.kept) == (6, 2)
    assert before <= files(tmp_path)
    assert ledger.check_tree(tmp_path, SIGNER.verifier).size == 600
    assert published(sqlite_store, tmp_path).written == 1


@pytest.mark.slow
def test_a_level_two_tile_is_made_of_whole_level_one_tiles(sqlite_store: store.Store, tmp_path: Path) -> None:
    grown(sqlite_store, 65_536 + 3)
    published(sqlite_store, tmp_path)
    with sqlite_store.session(read_only=True) as session:
        assert (tmp_path / "tile/2/000.p/1").read_bytes() == ledger.root(session, 65_536)
    assert ledger.check_tree(tmp_path, SIGNER.verifier).size == 65_539


@pytest.mark.parametrize("name", ["tile/0/000", "tile/entries/001", "tile/0/002.p/88", "tile/1/000.p/2", "tile/entries/002.p/88"])
def test_a_flipped_bit_in_any_file_is_found(sqlite_store: store.Store, tmp_path: Path, name: str) -> None:
    grown(sqlite_store, 600)
    published(sqlite_store, tmp_path)
    data = bytearray((tmp_path / name).read_bytes())
    data[-1] ^= 1
    (tmp_path / name).write_bytes(data)
    with pytest.raises(BrokenLedger, match="agree"):
        ledger.check_tree(tmp_path, SIGNER.verifier)


def test_an_export_signed_by_another_or_incomplete_is_refused(sqlite_store: store.Store, tmp_path: Path) -> None:
    grown(sqlite_store, 20)
    published(sqlite_store, tmp_path)
    with pytest.raises(BrokenLedger, match="expected keys"):
        ledger.check_tree(tmp_path, OTHER_SIGNER.verifier)
    (tmp_path / "tile/0/000.p/20").unlink()
    with pytest.raises(BrokenLedger, match="missing"):
        ledger.check_tree(tmp_path, SIGNER.verifier)


def test_tiles_that_agree_with_each_other_must_still_give_the_signed_root(sqlite_store: store.Store, tmp_path: Path) -> None:
    grown(sqlite_store, 4)
    published(sqlite_store, tmp_path)
    entries = [b"forged"] * 4
    (tmp_path / "tile/entries/000.p/4").write_bytes(bundle(entries))
    (tmp_path / "tile/0/000.p/4").write_bytes(b"".join(merkle.leaf_hash(entry) for entry in entries))
    with pytest.raises(BrokenLedger, match="root"):
        ledger.check_tree(tmp_path, SIGNER.verifier)


def test_a_log_without_a_checkpoint_cannot_be_exported(sqlite_store: store.Store, tmp_path: Path) -> None:
    write(sqlite_store, 3, signed=False)
    with pytest.raises(Missing, match="datong ledger checkpoint"), sqlite_store.session(read_only=True) as session:
        ledger.export_tree(session, tmp_path / "static")
    assert files(tmp_path / "static") == set()
