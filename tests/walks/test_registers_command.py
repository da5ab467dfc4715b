"""`datong registers` at the terminal: what an operator reads leaves its line too."""

from __future__ import annotations

import re

import pytest
from tests.walks.conftest import City

from datong.cli.app import main


def test_show_goes_through_the_door_and_leaves_its_line(
    city: City, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (code,) = city.one("SELECT code FROM entry WHERE kind = 'person' ORDER BY code LIMIT 1")
    number = city.fact(code, "citizen_id")
    (before,) = city.one("SELECT count(*) FROM ledger_line WHERE subject = :code", code=code)
    monkeypatch.setenv("DATONG_STORE", city.store.url)
    with pytest.raises(SystemExit) as ended:
        main(["registers", "show", code, "--home", str(city.settings.home)])
    said = capsys.readouterr().out
    assert ended.value.code in (0, None)
    assert re.search(r"lines? in the ledger", said)
    assert number not in said, "the steward's agreement masks the number"
    (after,) = city.one("SELECT count(*) FROM ledger_line WHERE subject = :code", code=code)
    assert after == before + 1


def test_list_shows_codes_and_no_names(city: City, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    code, label = city.one("SELECT code, label FROM entry WHERE kind = 'person' ORDER BY code LIMIT 1")
    monkeypatch.setenv("DATONG_STORE", city.store.url)
    with pytest.raises(SystemExit):
        main(["registers", "list", "person", "--limit", "1", "--home", str(city.settings.home)])
    said = capsys.readouterr().out
    assert code[:4] in said and label not in said


def test_an_unsound_code_is_answered_with_the_mend(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["registers", "show", "P123"])
    assert ended.value.code == 1
    assert "permanent code" in capsys.readouterr().err
