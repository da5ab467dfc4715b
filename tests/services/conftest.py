from __future__ import annotations

from tests.share.conftest import any_session, empty_file, opened, session  # noqa: F401 - fixtures
