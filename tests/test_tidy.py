"""Style as a test: each failure says what to write instead."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "src").rglob("*.py"))
ALL_CODE = SOURCES + sorted((ROOT / "tests").rglob("*.py")) + sorted((ROOT / "benchmarks").rglob("*.py"))
BANNED_NAMES = {"utils", "util", "helpers", "helper", "manager", "managers", "common", "base", "misc"}
STAGES = ("ledger", "collect", "fuse", "registers", "share", "services")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(path: Path) -> Iterator[Function]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, Function):
            yield node


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", ALL_CODE, ids=named)
def test_files_are_short_enough_to_read(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= 400, f"{named(path)} has {lines} lines; split it by what it does"


@pytest.mark.parametrize("path", ALL_CODE, ids=named)
def test_functions_fit_on_a_screen(path: Path) -> None:
    for function in functions(path):
        length = (function.end_lineno or 0) - function.lineno + 1
        assert length <= 50, f"{named(path)}:{function.lineno} {function.name} has {length} lines; give its steps names of their own"


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_functions_take_few_positional_arguments(path: Path) -> None:
    for function in functions(path):
        count = len([arg for arg in (*function.args.posonlyargs, *function.args.args) if arg.arg not in ("self", "cls")])
        assert count <= 5, (
            f"{named(path)}:{function.lineno} {function.name} takes {count} positional arguments; group them in a frozen dataclass"
        )


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_what_is_public_says_what_it_is_for(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if "migrations/versions" not in str(path):
        assert ast.get_docstring(tree), f"{named(path)}: say in the module's docstring what it is for"
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            wanted = "migrations" not in str(path)
            assert ast.get_docstring(node) or not wanted, f"{named(path)}:{node.lineno} {node.name}: say what it is for in a docstring"


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_no_drawer_names(path: Path) -> None:
    words = set(path.relative_to(ROOT / "src").with_suffix("").parts)
    assert not words & BANNED_NAMES, f"{named(path)}: name the module by what it does, not {words & BANNED_NAMES}"


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_only_the_store_names_a_driver(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    driver = re.search(r"^\s*(?:import|from) (sqlite3|psycopg|duckdb|sqlalchemy|alembic)\b", text, re.MULTILINE)
    inside = path.is_relative_to(ROOT / "src/datong/store") or path.is_relative_to(ROOT / "src/datong/simulate")
    assert driver is None or inside, f"{named(path)}: imports {driver and driver[1]}; go through datong.store"


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_other_packages_import_the_package_not_its_inside(path: Path) -> None:
    home = path.relative_to(ROOT / "src/datong").parts[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("datong."):
            continue
        parts = (node.module or "").split(".")
        inside = len(parts) > 2 and parts[1] not in ("domain", home, "cli")
        assert not inside, f"{named(path)}:{node.lineno} imports from inside {parts[1]}; import it from datong.{parts[1]}"


@pytest.mark.parametrize("stage", STAGES)
def test_each_stage_has_the_same_inside(stage: str) -> None:
    for name in ("__init__.py", "flow.py", "queries.py"):
        assert (ROOT / "src/datong" / stage / name).is_file(), (
            f"{stage}/ needs {name}: the stage's contents page and its SQL each have one home"
        )


def test_nothing_is_left_unfinished() -> None:
    for path in SOURCES + sorted((ROOT / "packs").rglob("*.yml")):
        found = re.search(r"TODO|FIXME|XXX|NotImplementedError", path.read_text(encoding="utf-8"))
        assert not found, f"{named(path)} says {found and found[0]}: finish it or say it in the docs"


def test_no_machine_paths_and_no_registry_addresses() -> None:
    for path in [*ALL_CODE, *ROOT.glob("*.lock"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("packs/**/*.yml"), ROOT / "README.md"]:
        text = path.read_text(encoding="utf-8")
        home, registry = r"(^|[^A-Za-z0-9_./-])/(work|root|home)/[a-z]", r"(pypi|npmjs|pythonhosted|debian)\.(org|com)"
        assert not re.search(home, text, re.MULTILINE), f"{named(path)} names a path of one machine"
        assert not re.search(registry, text) or path.name == "test_tidy.py", f"{named(path)} names a registry's host"
