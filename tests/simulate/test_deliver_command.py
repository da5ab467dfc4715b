"""`datong simulate` as one types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from datong.cli import main


def test_a_city_is_written_where_one_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["simulate", str(tmp_path / "city"), "--people", "120", "--seed", "3"])
    assert stop.value.code == 0
    manifest = json.loads((tmp_path / "city" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["people"] == 120
    assert manifest["seed"] == 3
    assert f"{manifest['rows']:,} rows in {len(manifest['files'])} files" in capsys.readouterr().out


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.txt").write_text("kept")
    with pytest.raises(SystemExit) as stop:
        main(["simulate", str(tmp_path), "--people", "120"])
    assert stop.value.code == 1
    assert "not empty" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_no_people_make_no_city(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["simulate", str(tmp_path / "city"), "--people", "0"])
    assert stop.value.code == 2
