"""Material to measure with that lies beside the checkout, not in it: read in place, or the test says why it is skipped."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

BESIDE = Path(__file__).resolve().parent.parent.parent / "shared" / "data"


def shared(*parts: str) -> Path:
    """A file or folder of the shared data; skips the test, with the reason, where it is absent."""
    folder = Path(os.environ.get("DATONG_SHARED_DATA") or BESIDE)
    found = folder.joinpath(*parts)
    if not found.exists():
        pytest.skip(f"needs the shared data {'/'.join(parts) or 'folder'}: put it beside the checkout, or set DATONG_SHARED_DATA")
    return found
