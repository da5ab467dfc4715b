"""`datong init`, `datong pack` and `datong collect` at the terminal."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from tests.collect.small import HEADER, RESIDENT, csv_text, row

from datong.cli import main
from datong.cli.deliveries import deliveries_in
from datong.spec import load_packs

DEPARTMENTS = "police: {title: {zh: 公安局, en: Police}}\n"


class Terminal:
    """Runs commands on one city and returns exit code and output."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home = home
        self._capsys = capsys

    def run(self, *words: object, home: bool = True) -> tuple[int, str]:
        arguments = [str(word) for word in words] + (["--home", str(self.home)] if home else [])
        try:
            main(arguments)
            code = 0
        except SystemExit as stop:
            code = int(stop.code or 0)
        said = self._capsys.readouterr()
        return code, said.out + said.err


@pytest.fixture
def terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Terminal:
    packs = tmp_path / "packs" / "registers"
    (packs / "sources").mkdir(parents=True)
    (packs / "sources" / "resident.yml").write_text(RESIDENT, encoding="utf-8")
    (packs / "departments.yml").write_text(DEPARTMENTS, encoding="utf-8")
    monkeypatch.setenv("DATONG_PACKS", str(packs.parent))
    found = Terminal(tmp_path / "city", capsys)
    assert found.run("init", found.home, home=False)[0] == 0
    return found


def send(terminal: Terminal, name: str, content: str) -> Path:
    path = terminal.home.parent / "sent" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


def test_init_makes_private_keys_and_a_second_run_changes_nothing(terminal: Terminal) -> None:
    keys = terminal.home / "keys"
    before = {path.name: path.read_bytes() for path in keys.iterdir()}
    assert stat.S_IMODE(keys.stat().st_mode) == 0o700 and stat.S_IMODE((keys / "code.key").stat().st_mode) == 0o600
    assert len(before["code.key"]) == 32 and (terminal.home / "datong.toml").is_file() and (terminal.home / "store.db").is_file()
    assert terminal.run("init", terminal.home, "--city", "别的城市", home=False)[0] == 0
    assert before == {path.name: path.read_bytes() for path in keys.iterdir()}


def test_pack_check_sums_up_or_names_every_fault(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    code, said = terminal.run("pack", "check")
    assert code == 0 and "1 sources with 7 columns from 1 departments, 0 purposes, 0 agreements, 0 services: no faults" in " ".join(
        said.split()
    )
    place = terminal.home.parent / "packs/registers/sources/resident.yml"
    place.write_text(RESIDENT.replace("level: 3", "level: 8").replace("key: [record_no]", "key: [nothing]"), encoding="utf-8")
    code, said = terminal.run("pack", "check")
    assert code == 1 and "resident.yml:8: key names 'nothing'" in said and "resident.yml:11:" in said and "2 faults" in said


def test_a_folder_is_taken_in_and_looked_after(terminal: Terminal) -> None:
    rows = [row(number) for number in range(12)]
    send(terminal, "police/resident-20260301.csv", csv_text([row(0, 姓名=""), *rows[1:]]))
    send(terminal, "police/resident-20260302.csv", csv_text(rows[:3]))
    send(terminal, "police/notes.txt", "x")
    code, said = terminal.run("collect", terminal.home.parent / "sent")
    assert code == 1, "one delivery is held"
    assert "d000001" in said and "changed_too_much" in said and "notes.txt" in said
    code, said = terminal.run("collect", "quarantine")
    assert code == 0 and "missing" in said and "1 rows wait" in said and "R0000" not in said
    assert terminal.run("collect", "replace", "d000001", "姓名=补名", "--row", "2")[0] == 0
    assert "0 rows wait" in terminal.run("collect", "quarantine")[1]
    assert terminal.run("collect", "release", "d000002")[0] == 0
    code, said = terminal.run("collect", "list", "--state", "collected")
    assert code == 0 and "d000001" in said and "d000002" in said
    code, said = terminal.run("collect", "show", "d000002")
    assert code == 0 and "ended: 9" in said and "resident-20260302.csv" in said
    assert "already received" in terminal.run("collect", send(terminal, "police/resident-20260302.csv", csv_text(rows[:3])))[1]


def test_a_folder_gives_only_what_lies_in_it(terminal: Terminal) -> None:
    rows = [row(number) for number in range(12)]
    outside = terminal.home.parent / "outside"
    outside.mkdir()
    (outside / "resident-20260305.csv").write_text(csv_text(rows), encoding="utf-8")
    send(terminal, "resident-20260301.csv", csv_text(rows))
    send(terminal, ".hidden/resident-20260302.csv", csv_text(rows[:11]))
    send(terminal, "readme.txt", "x")
    sent = terminal.home.parent / "sent"
    (sent / "resident-20260303.csv").symlink_to(outside / "resident-20260305.csv")
    (sent / "linked").symlink_to(outside)
    (sent / "again-20260301.csv").symlink_to(sent / "resident-20260301.csv")
    found = deliveries_in(load_packs(terminal.home.parent / "packs"), sent)
    assert [path.name for _, path in found.deliveries] == ["resident-20260301.csv"]
    assert "resident-20260303.csv" in [path.name for path, why in found.left if "leads out" in why]
    assert {"readme.txt", "again-20260301.csv"} == {path.name for path, why in found.left if "fits no source" in why}
    code, said = terminal.run("collect", sent)
    assert code == 0 and "d000001" in said and "d000002" not in said
    assert "resident-20260303.csv" in said and "leads out" in said and "readme.txt" in said


def test_a_held_delivery_is_replaced_and_a_row_released(terminal: Terminal) -> None:
    rows = [row(number) for number in range(12)]
    cut = send(terminal, "resident-20260301.csv", csv_text(rows)[:-30])
    assert terminal.run("collect", "take", cut)[0] == 1
    whole = send(terminal, "mended.csv", csv_text([row(0, 姓名=""), *rows[1:]]))
    code, said = terminal.run("collect", "replace", "d000001", whole)
    assert code == 0 and "d000002" in said and "2026-03-01" in said
    assert terminal.run("collect", "release", "d000002", "--row", "2")[0] == 0
    assert "replaced" in terminal.run("collect", "list")[1]


def test_what_cannot_be_done_is_said_in_one_line(terminal: Terminal) -> None:
    odd = send(terminal, "odd.csv", HEADER + "\n")
    assert "odd.csv" in terminal.run("collect", odd)[1]
    assert terminal.run("collect", odd)[0] == 1
    assert terminal.run("collect", odd, "--resource", "nothing") == (1, "No pack describes the resource 'nothing'. Known are: resident.\n")
    assert terminal.run("collect", "show", "d9")[0] == 1
    assert terminal.run("collect", "nowhere-20260301.csv", "--resource", "resident")[0] == 1
    assert "Usage" in terminal.run("collect", "--help", home=False)[1]
