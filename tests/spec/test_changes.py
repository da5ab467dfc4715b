"""A source of changes of places is checked as a whole."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from datong.domain.errors import BadPack
from datong.settings import packs_folder
from datong.spec import load_packs


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ("更名: renamed", "更名: moved", "is no change of a place; known are renamed"),
        ("tree: changes", "tree: authority", "is for a source with 'tree: changes' only"),
        ("  after:\n    kind: premises", "  later:\n    kind: premises", "needs the roles 'before' and 'after'"),
        ("      place_changed_on: place_changed_on\n  after", "  after", "'place_changed_on' is missing"),
        ("tree: changes", "tree: edits", "edits"),
    ],
)
def test_what_does_not_fit_is_named_with_its_line(tmp_path: Path, was: str, becomes: str, told: str) -> None:
    folder = tmp_path / "packs"
    shutil.copytree(packs_folder(), folder)
    file = folder / "registers/sources/civil_place_change.yml"
    text = file.read_text(encoding="utf-8")
    assert was in text
    file.write_text(text.replace(was, becomes), encoding="utf-8")
    with pytest.raises(BadPack, match=told) as found:
        load_packs(folder)
    assert "civil_place_change.yml:" in str(found.value)
