"""`datong catalogue`: what the pages do, from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.simulated_city import City

from datong.cli.app import main
from datong.web import NewAccount, create_account


def run(*words: str, home: Path) -> int:
    try:
        main([*words, "--home", str(home)])
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def test_the_catalogue_is_found_exported_and_imported_from_the_command_line(
    city: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = Path(city.settings.home)
    with city.store.session() as session:
        create_account(
            session, NewAccount("cli_steward", "correct horse", "施录", "officer", "urban_management", "科", ("steward",), ("",))
        )
    assert run("catalogue", "find", "户籍", "--as", "transport", home=home) == 0
    assert "police_household" in capsys.readouterr().out
    path = tmp_path / "目录.csv"
    assert run("catalogue", "export", str(path), "--as", "transport", "--department", "urban_management", home=home) == 0
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert run("catalogue", "import", str(path), "--as", "cli_steward", home=home) == 0
    assert "0 drafts" in capsys.readouterr().out
    broken = tmp_path / "broken.csv"
    broken.write_text(
        path.read_text(encoding="utf-8-sig").replace("每周", "偶尔").replace("每日", "偶尔").replace("每月", "偶尔"), encoding="utf-8"
    )
    assert run("catalogue", "import", str(broken), "--as", "cli_steward", home=home) == 1
    assert "nothing was imported" in capsys.readouterr().out
    assert run("catalogue", "demand", str(tmp_path / "demand.csv"), "--as", "transport", home=home) == 0
    assert (tmp_path / "demand.csv").is_file()
