"""The city's secret key of the permanent codes: made once, kept in its home, the same for ever."""

from __future__ import annotations

import secrets

from datong.settings import Settings

SIZE = 32


def code_key(settings: Settings) -> bytes:
    """The key, from `<home>/keys/code.key`; made there on first use, readable by its owner only.

    Losing it makes no code invalid, but new ones would follow another permutation: keep it with the city's backups.
    """
    path = settings.home / "keys" / "code.key"
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(secrets.token_bytes(SIZE))
    return path.read_bytes()
