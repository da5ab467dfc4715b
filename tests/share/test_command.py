"""`datong key` and `datong verify`: the door at the terminal."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.share.city import LI_ID, TITLE, WANG_ID, fill
from tests.share.conftest import PACKS

from datong import ledger
from datong.cli import main
from datong.cli.init import make_city
from datong.store import open_store


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COLUMNS", "200")
    settings = make_city(tmp_path / "city", {"packs": str(PACKS)})
    opened = open_store(settings)
    with opened.session() as session:
        fill(session)
    opened.close()
    return settings.home


def lines_in(home: Path) -> int:
    from datong.settings import load_settings

    opened = open_store(load_settings(home))
    with opened.session() as session:
        found = ledger.size(session)
    opened.close()
    return found


def run(home: Path, *words: str) -> int:
    """Run a command; its exit code."""
    with pytest.raises(SystemExit) as ended:
        main([*words, "--home", str(home)])
    return int(str(ended.value.code or 0))


def test_key_opens_everything_a_title_number_leads_to(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(home, "key", TITLE, "--purpose", "window_service", "--as", "approval") == 0
    shown = capsys.readouterr().out
    assert "柳泉路1号3号楼2单元1501室" in shown
    assert "王**" in shown
    assert "淄博明月商贸有限公司" in shown
    assert "李小红" not in shown
    assert WANG_ID not in shown
    assert lines_in(home) > 3


def test_key_says_why_it_refuses_and_leaves_a_line(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(home, "key", TITLE, "--purpose", "school_enrolment", "--as", "approval") == 1
    assert "Your department has no agreement" in capsys.readouterr().out
    assert lines_in(home) == 1


@pytest.mark.parametrize(("number", "code", "word"), [(WANG_ID, 0, "same"), (LI_ID, 3, "different")])
def test_verify_compares_and_shows_no_value(home: Path, capsys: pytest.CaptureFixture[str], number: str, code: int, word: str) -> None:
    claim = f"owner_citizen_id={number}"
    assert run(home, "verify", TITLE, claim, "--purpose", "address_at_registration", "--as", "market_regulation") == code
    shown = capsys.readouterr().out
    assert f"owner_citizen_id: {word}" in shown
    assert "王小明" not in shown


def test_an_unknown_asker_is_told_what_to_write(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(home, "key", TITLE, "--purpose", "window_service", "--as", "nobody") == 1
    assert "neither an account nor a department" in capsys.readouterr().err
