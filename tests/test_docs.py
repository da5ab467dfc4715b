"""The documentation is held to the code: what it names must exist, what exists must be named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from datong.cli.app import STAGES
from datong.settings import SETTINGS
from datong.web.routes import ROUTES

ROOT = Path(__file__).parent.parent
COVERAGE = ROOT / "docs/coverage.md"
ROWS = {"Z": 31, "S": 28, "Y": 24, "G": 31, "C": 24}
GLOSSARY = ROOT / "src/datong/domain/glossary.yml"


def coverage_rows() -> dict[str, str]:
    found = re.findall(r"^\| ([ZSYGC]\d\d) \|(.*)\|$", COVERAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(found) == len({row for row, _ in found}), "a row stands twice in docs/coverage.md"
    return dict(found)


def test_every_requirement_row_is_in_the_coverage_page() -> None:
    wanted = {f"{letter}{number:02}" for letter, count in ROWS.items() for number in range(1, count + 1)}
    assert set(coverage_rows()) == wanted


def test_every_row_names_a_test_or_says_not_yet() -> None:
    for row, cells in coverage_rows().items():
        assert ("not yet" in cells) != ("tests/" in cells), f"{row}: name where it works and the test that walks it, or say not yet"


def test_every_test_that_the_coverage_page_names_exists() -> None:
    for row, cells in coverage_rows().items():
        for path, function in re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", cells):
            file = ROOT / path
            assert file.is_file(), f"{row}: {path} does not exist"
            assert not function or re.search(rf"def {function}\b", file.read_text(encoding="utf-8")), f"{row}: {path} has no {function}"


def test_every_page_and_command_that_the_coverage_page_names_exists() -> None:
    paths = {route.path for route in ROUTES}
    for row, cells in coverage_rows().items():
        for path in re.findall(r"`(?:GET|POST|PUT|DELETE)? ?(/[\w/{}.-]*)`", cells):
            assert path in paths, f"{row}: no route {path}"
        for stage in re.findall(r"`datong (\w+)", cells):
            assert stage in STAGES, f"{row}: no command datong {stage}"


def test_every_setting_is_documented() -> None:
    page = (ROOT / "docs/reference/settings.md").read_text(encoding="utf-8")
    for setting in SETTINGS:
        assert f"`{setting.name}`" in page and setting.help in page, (
            f"docs/reference/settings.md lacks {setting.name}, or its help has changed"
        )


def test_every_stage_is_documented() -> None:
    page = (ROOT / "docs/reference/commands.md").read_text(encoding="utf-8")
    for stage in STAGES:
        assert f"## datong {stage}" in page, f"docs/reference/commands.md has no section for datong {stage}"


def test_every_route_of_the_api_is_documented() -> None:
    page = (ROOT / "docs/reference/api.md").read_text(encoding="utf-8")
    for route in ROUTES:
        if route.path.startswith("/api/v1"):
            assert route.path in page, f"docs/reference/api.md lacks {route.path}"


@pytest.mark.parametrize("page", sorted((ROOT / "docs/decisions").glob("*.md")), ids=lambda page: page.stem)
def test_a_decision_page_says_context_decision_and_consequences(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    if page.stem != "0009-libraries":
        for part in ("**Context.**", "**Decision.**", "**Consequences.**"):
            assert part in text, f"{page.name} lacks {part}"


@pytest.mark.parametrize(
    "page", [ROOT / "README.md", ROOT / "README.zh.md", *sorted((ROOT / "docs").rglob("*.md"))], ids=lambda page: page.name
)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name} links to {target}, which does not exist"


def test_each_word_of_the_glossary_is_used_in_the_code() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    for word in yaml.safe_load(GLOSSARY.read_text(encoding="utf-8")):
        assert set(word) == {"zh", "code", "en", "kind", "means", "source"}, f"glossary: {word['zh']} has odd fields"
        assert re.search(rf"\b{word['code']}\b", code), f"glossary: no code says {word['code']}"


def test_changelog_names_the_version() -> None:
    from datong import __version__

    assert f"## [{__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
