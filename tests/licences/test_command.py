"""`datong licences`: from issuing to verifying without the city, as a person at a terminal does it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.licences.conftest import PACKS
from tests.share.city import fill

from datong import licences, share
from datong.cli.app import main
from datong.domain.access import Actor
from datong.settings import load_settings
from datong.spec import load_packs
from datong.store import migrate, open_store


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, str]:
    """A small city's home, and the code of one of its people."""
    monkeypatch.setenv("DATONG_PACKS", str(PACKS))
    settings = load_settings(tmp_path / "home")
    settings.home.mkdir()
    store = open_store(settings)
    migrate(store)
    share.install(store, settings, load_packs(PACKS))
    with store.session() as session:
        code = fill(session)["li"]
    store.close()
    return settings.home, code


def _run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    try:
        main(["licences", *words])
    except SystemExit as ended:
        out = capsys.readouterr()
        return int(ended.code or 0), out.out + out.err
    out = capsys.readouterr()
    return 0, out.out + out.err


def test_issued_listed_carried_away_checked_offline_and_revoked(
    home: tuple[Path, str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    place, code = home
    facts = [
        word
        for name in ("holder_name=李小红", "citizen_id=370303199002020020", "kind=听力", "level=三级", "number=1")
        for word in ("-f", name)
    ]
    at = ("--home", str(place))
    status, said = _run(capsys, "issue", "disability_card", code, *facts, "--as", "disabled_federation", *at)
    assert status == 0, said
    licence_id = said.split()[0]
    assert f"{len(load_packs(PACKS).licences)} types" in _run(capsys, "list", *at)[1]
    lists, shown = tmp_path / "lists.json", tmp_path / "shown.sd-jwt"
    assert _run(capsys, "statuses", "--out", str(lists), *at)[0] == 0
    shown.write_text(_present(place, code, licence_id), encoding="ascii")
    asked = ("check", str(shown), "--statuses", str(lists), "--audience", "地铁", "--nonce", "n1")
    status, said = _run(capsys, *asked)
    assert (status, said.splitlines()[0]) == (0, "valid")
    assert "level: 三级" in said
    assert "听力" not in said
    assert _run(capsys, *asked[:-1], "n2")[0] == 1
    assert _run(capsys, "revoke", licence_id, "--reason", "冒领", "--as", "disabled_federation", *at) == (0, f"{licence_id}  revoked\n")
    assert _run(capsys, "statuses", "--out", str(lists), *at)[0] == 0
    status, said = _run(capsys, *asked)
    assert (status, said.splitlines()[0]) == (1, "revoked")


def test_slips_are_told_with_their_mend(home: tuple[Path, str], capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    place, code = home
    at = ("--as", "disabled_federation", "--home", str(place))
    for words, said in (
        (("issue", "no_such_type", code, *at), "datong licences list"),
        (("issue", "disability_card", code, "-f", "colour=red", *at), "names are holder_name"),
        (("issue", "disability_card", code, *at), "holder_name: is missing"),
        (("check", str(tmp_path / "none"), "--statuses", str(tmp_path / "none")), "There is no file none"),
    ):
        status, told = _run(capsys, *words)
        assert status == 1
        assert said in told


def _present(place: Path, code: str, licence_id: str) -> str:
    settings = load_settings(place)
    store = open_store(settings)
    share.install(store, settings, load_packs(PACKS))
    citizen = Actor("c", "李小红", "citizen", roles=frozenset({"citizen"}), subject=code)
    with store.session() as session:
        text = licences.present(session, citizen, licence_id, licences.Showing(("level",), "购票", "地铁", "n1"))
    store.close()
    return text
