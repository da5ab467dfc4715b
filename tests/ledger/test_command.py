"""`datong ledger` verifies, publishes, proves and checks from the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.ledger.sample import change, line

from datong import cli, ledger, store
from datong.settings import load_settings

ORIGIN = "city.example/ledger"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A city with nothing but a ledger of twelve lines."""
    for name in ("DATONG_STORE", "DATONG_HOME"):
        monkeypatch.delenv(name, raising=False)
    home = tmp_path / "city"
    settings = load_settings(home)
    opened = store.open_store(settings)
    store.migrate(opened)
    ledger.make_keys(home, ORIGIN)
    with opened.session() as session:
        ledger.append(session, *(line(number) for number in range(12)))
    opened.close()
    return home


@pytest.fixture
def city(home: Path) -> Iterator[store.Store]:
    """The city's store, for what only the database's owner can do."""
    opened = store.open_store(load_settings(home))
    yield opened
    opened.close()


def run(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, str]:
    """Run `datong ledger …`; its exit code and everything it printed."""
    with pytest.raises(SystemExit) as ended:
        cli.main(["ledger", *map(str, words)])
    shown = capsys.readouterr()
    return int(ended.value.code or 0), shown.out + shown.err


def test_verify_says_that_a_sound_record_is_sound(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "checkpoint", "--home", home)
    code, text = run(capsys, "verify", "--home", home)
    assert code == 0
    assert "12 entries" in text
    assert "The record is sound." in text


def test_verify_names_the_changed_line_and_fails(home: Path, city: store.Store, capsys: pytest.CaptureFixture[str]) -> None:
    change(city, "UPDATE ledger_line SET actor = 'nobody' WHERE leaf_index = 7")
    code, text = run(capsys, "verify", "--home", home)
    assert code == 1
    assert "line: The line of entry 7 is not the one that was logged." in text
    assert "NOT SOUND" in text


def test_verify_takes_a_checkpoint_kept_elsewhere(
    home: Path, city: store.Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, note = run(capsys, "checkpoint", "--home", home)
    kept = tmp_path / "kept"
    kept.write_text(note, encoding="utf-8")
    assert run(capsys, "verify", "--home", home, "--checkpoint", kept)[0] == 0
    for table in ("ledger_leaf", "ledger_line", "ledger_node", "ledger_checkpoint"):
        change(city, f"DELETE FROM {table}")
    assert run(capsys, "verify", "--home", home)[0] == 0
    code, text = run(capsys, "verify", "--home", home, "--checkpoint", kept)
    assert code == 1
    assert "over 12 entries was signed, but the log has 0" in text


def test_show_tells_the_state_and_the_newest_lines(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, text = run(capsys, "show", "--home", home, "--last", "2", "--subject", "P000000003")
    assert code == 0
    assert "12 entries" in text
    assert "No checkpoint is signed yet" in text
    assert "P000000003" in text
    assert "P000000004" not in text
    ids = [words[0] for words in map(str.split, text.splitlines()) if len(words) == 7 and words[0] != "line"]
    assert [len(line_id) for line_id in ids] == [22, 22]


def test_an_exported_log_and_a_proof_are_checked_offline(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key, out, proof = str(ledger.load_verifier(home)), tmp_path / "static", tmp_path / "mine.tlog-proof"
    assert run(capsys, "export", out, "--home", home)[0] == 0
    code, text = run(capsys, "check", out, "--key", key)
    assert (code, "12 entries" in text) == (0, True)
    opened = store.open_store(load_settings(home))
    with opened.session(read_only=True) as session:
        line_id = ledger.lines_of_subject(session, "P000000003").lines[0].line_id
    opened.close()
    assert run(capsys, "prove", line_id, "--home", home, "--out", proof)[0] == 0
    code, text = run(capsys, "check", proof, "--key", key)
    assert code == 0
    assert "P000000003" in text
    proof.write_text(proof.read_text(encoding="utf-8").replace("\nindex 10\n", "\nindex 9\n"), encoding="utf-8")
    code, text = run(capsys, "check", proof, "--key", key)
    assert (code, "does not stand in the log" in text) == (1, True)


def test_prove_signs_a_checkpoint_when_none_covers_the_line(home: Path, city: store.Store, capsys: pytest.CaptureFixture[str]) -> None:
    with city.session() as session:
        (line_id,) = ledger.append(session, line(99))
    code, text = run(capsys, "prove", line_id, "--home", home, "--bare")
    assert code == 0
    shown = ledger.check_proof(text, ledger.load_verifier(home))
    assert (shown.index, shown.line) == (12, None)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("prove", "0000000000aaaaaaaaaaaa"), "no line with this id"),
        (("verify", "--key", "nonsense"), "is no Ed25519 key"),
        (("verify", "--checkpoint", "nowhere.txt"), "cannot be read"),
        (("show", "--since", "yesterday"), "neither a date nor a time"),
    ],
)
def test_mistakes_are_answered_in_one_line(home: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], message: str) -> None:
    code, text = run(capsys, *words, "--home", home)
    assert code == 1
    assert message in text
    assert "Traceback" not in text


def test_a_home_without_a_city_is_told_and_not_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, text = run(capsys, "verify", "--home", tmp_path / "none")
    assert (code, "datong init" in text) == (1, True)
    assert not (tmp_path / "none").exists()
