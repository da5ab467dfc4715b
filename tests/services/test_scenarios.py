"""Every pack's scenarios hold, by the command that cities run; a scenario that does not hold, or proves nothing, is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from datong import services, share, spec
from datong.cli.services import app
from datong.domain.errors import Missing

PACKS = Path(__file__).parents[2] / "packs"


def results(only: str = "") -> tuple[services.Result, ...]:
    packs = spec.load_packs(PACKS)
    return services.test_packs(packs, share.calendar_of(packs), only)


@pytest.mark.parametrize("one", results(), ids=lambda one: f"{one.file}:{one.line}")
def test_the_packs_scenarios_hold(one: services.Result) -> None:
    assert one.passed, "\n".join(one.wrong)


def test_a_scenario_that_does_not_hold_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import shutil

    shutil.copytree(PACKS, tmp_path / "packs")
    path = tmp_path / "packs" / "catering" / "tests" / "restaurant.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("then: {state: lapsed}", "then: {state: granted, opened: []}").replace("then: {state: withdrawn, open: []}", ""),
        encoding="utf-8",
    )
    with pytest.raises(SystemExit) as ended:
        app(["test", "catering", "--folder", str(tmp_path / "packs")], prog_name="datong services")
    told = capsys.readouterr().out
    assert ended.value.code == 1
    assert "state: 'lapsed', not 'granted'" in told and "unknown key 'opened'" in told and "it proves nothing" in told
    with pytest.raises(Missing):
        results("nowhere")


@pytest.mark.parametrize("pack", sorted(path.parent.name for path in PACKS.glob("*/service.yml")))
def test_every_pack_says_what_becomes_of_the_bad_days(pack: str) -> None:
    """A source down, a fact disputed, another party saying no where there is one, a time that passes."""
    told = "".join(path.read_text(encoding="utf-8") for path in (PACKS / pack / "tests").glob("*.yml"))
    seats = any(one.pack == pack and one.confirming.seats for one in spec.load_services(spec.load_packs(PACKS), spec.Faults()).values())
    for word in ("state: down", "state: disputed", "wait:", *(["decline:"] if seats else [])):
        assert word in told, f"packs/{pack}/tests lacks a scenario with {word!r}"
