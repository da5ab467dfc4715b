"""`datong ledger` verifies, publishes, proves and checks from the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.ledger.sample import change, line
from tests.ledger.witnesses import Network, policy_text, witness

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
    assert run(capsys, "proof", line_id, "--home", home, "--out", proof)[0] == 0
    code, text = run(capsys, "check", proof, "--key", key)
    assert code == 0
    assert "P000000003" in text
    proof.write_text(proof.read_text(encoding="utf-8").replace("\nindex 10\n", "\nindex 9\n"), encoding="utf-8")
    code, text = run(capsys, "check", proof, "--key", key)
    assert (code, "does not stand in the log" in text) == (1, True)


def test_prove_signs_a_checkpoint_when_none_covers_the_line(home: Path, city: store.Store, capsys: pytest.CaptureFixture[str]) -> None:
    with city.session() as session:
        (line_id,) = ledger.append(session, line(99))
    code, text = run(capsys, "proof", line_id, "--home", home, "--bare")
    assert code == 0
    shown = ledger.check_proof(text, ledger.load_verifier(home))
    assert (shown.index, shown.line) == (12, None)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("proof", "0000000000aaaaaaaaaaaa"), "no line with this id"),
        (("verify", "--key", "nonsense"), "is no key"),
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


@pytest.fixture
def watched(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Network:
    """The city with two witnesses, both of which must cosign."""
    key = ledger.load_verifier(home)
    (home / "ledger.policy").write_text(policy_text("audit", "police", needed=2, log=key), encoding="utf-8")
    network = Network(*(witness(tmp_path / "witnesses", name, (key,)) for name in ("audit", "police")))
    monkeypatch.setattr("datong.ledger.cosign.post", network)
    return network


def test_cosign_publishes_under_a_quorum_and_fails_without(home: Path, watched: Network, capsys: pytest.CaptureFixture[str]) -> None:
    watched.down = {"police"}
    code, text = run(capsys, "cosign", "--home", home)
    assert (code, "NO QUORUM: nothing is published yet." in text, "no answer" in text) == (1, True, True)
    watched.down = set()
    code, text = run(capsys, "cosign", "--home", home)
    assert (code, "The newest checkpoint has its quorum and is published." in text) == (0, True)
    assert run(capsys, "status", "--home", home) == (code, text)
    code, text = run(capsys, "check", home / "ledger", "--policy", home / "ledger.policy")
    assert (code, "12 entries" in text) == (0, True)


def test_a_proof_says_what_it_proves_and_what_not(home: Path, watched: Network, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    proof, policy = tmp_path / "mine.tlog-proof", home / "ledger.policy"
    code, text = run(capsys, "proof", "4", "--home", home, "--out", proof)
    assert (code, "No quorum of witnesses has seen this line yet (2 of audit, police)" in text) == (0, True)
    code, text = run(capsys, "check", proof, "--policy", policy)
    assert (code, "too few witnesses" in text) == (1, True)
    run(capsys, "cosign", "--home", home)
    run(capsys, "proof", "4", "--home", home, "--out", proof)
    code, text = run(capsys, "check", proof, "--policy", policy)
    assert code == 0
    assert "stands at place 4" in text
    assert text.count("nothing before it changed, by 2027-01-15T08:00:00Z") == 2
    assert "The file carries the entry alone" in text
    text = run(capsys, "check", proof, "--key", str(ledger.load_verifier(home)))[1]
    assert "Not proved: that others see the same log." in text


def test_a_witness_is_made_and_shown(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "witness"
    code, text = run(capsys, "witness", folder, "--name", "audit.example/witness", "--kind", "ml-dsa-44", "--show")
    assert (code, (folder / "witness.pub").read_text() in text.replace("\r", "")) == (0, True)
    assert "No log has signed anything against its own past." in text
    code, text = run(capsys, "witness", folder)
    assert (code, "--log: is missing" in text) == (1, True)
    code, text = run(capsys, "witness", folder, "--kind", "rsa", "--show")
    assert (code, "--kind: is unknown" in text) == (1, True)


def test_a_policy_is_told_in_words(home: Path, watched: Network, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, text = run(capsys, "policy", "check", home / "ledger.policy")
    assert (code, "cosigned by 2 of audit, police." in text, "Without audit there is no quorum" in text) == (0, True, True)
    (tmp_path / "bad").write_text("quorum nobody\n", encoding="utf-8")
    code, text = run(capsys, "policy", "check", tmp_path / "bad")
    assert (code, "policy, line 1" in text) == (1, True)
    assert run(capsys, "policy", "check", tmp_path / "nowhere")[0] == 1
    assert run(capsys, "check", home / "ledger.policy")[0] == 1
    (home / "ledger.policy").unlink()
    assert "asks for no witness" in run(capsys, "status", "--home", home)[1]
    assert run(capsys, "cosign", "--home", home)[0] == 1


def test_a_department_monitors_the_log_with_its_receipts(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key, out, outbox = str(ledger.load_verifier(home)), tmp_path / "static", tmp_path / "outbox.jsonl"
    assert run(capsys, "export", out, "--home", home)[0] == 0
    code, text = run(capsys, "receipts", "--department", "police", "--out", outbox, "--home", home)
    assert (code, "6 receipts" in text) == (0, True)
    watch = ("monitor", out, "--folder", tmp_path / "monitor", "--key", key, "--outbox", outbox)
    code, text = run(capsys, *watch)
    assert (code, "12 of them new" in text, "6 of 6 entries looked for are there." in text) == (0, True, True)
    with outbox.open("a", encoding="utf-8") as file:
        file.write(f'{{"leaf": "{"0" * 64}", "promised_by": "2026-01-31T09:00:00Z", "about": "case 7"}}\n')
    code, text = run(capsys, *watch)
    assert (code, "MISSING: case 7: promised by 2026-01-31T09:00:00Z" in text) == (1, True)
