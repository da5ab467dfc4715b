"""The files of others that are shipped are just those that the manifests name."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

from datong.web.vendor import ICONS, VENDOR

ROOM = VENDOR.parents[1]
TESTS = Path(__file__).parents[1] / "browser" / "vendor"
JUDGES = Path(__file__).parents[1] / "rules" / "vendor"


@pytest.mark.parametrize("folder", [VENDOR, TESTS, JUDGES], ids=["shipped", "tests", "judges"])
def test_every_file_is_named_with_its_hash_and_licence(folder: Path):
    entries = json.loads((folder / "manifest.json").read_text())
    assert sorted(entry["file"] for entry in entries) == sorted(path.name for path in folder.iterdir() if path.name != "manifest.json")
    for entry in entries:
        assert hashlib.sha256((folder / entry["file"]).read_bytes()).hexdigest() == entry["sha256"], entry["file"]
        assert entry["licence"] in ("MIT", "0BSD", "Apache-2.0", "MPL-2.0")


def test_every_icon_that_a_template_draws_is_in_the_sprite():
    sprite = (VENDOR / "icons.svg").read_text()
    for template in (ROOM / "templates").rglob("*.html"):
        for name in re.findall(r"icon\('([a-z0-9-]+)'", template.read_text()):
            assert name in ICONS, f"{template.name} draws {name}: add it to ICONS and refresh"
            assert f'<symbol id="{name}"' in sprite


def test_templates_hold_no_inline_script_or_style():
    for template in (ROOM / "templates").rglob("*.html"):
        text = template.read_text()
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=|<script>|javascript:", text), template.name
