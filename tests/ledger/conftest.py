"""What the ledger's tests share."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.ledger.outside import build


@pytest.fixture(scope="session")
def verifier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Go verifier, built once."""
    return build(tmp_path_factory.mktemp("verifier"))
