"""Twelve monthly readings of a utility account, worked out when asked for and always the same."""

from __future__ import annotations

from hashlib import blake2b

from datong.simulate.model import Account

MONTHS = (
    "2025-11",
    "2025-12",
    "2026-01",
    "2026-02",
    "2026-03",
    "2026-04",
    "2026-05",
    "2026-06",
    "2026-07",
    "2026-08",
    "2026-09",
    "2026-10",
)
_SEASON = {
    "water": (95, 92, 90, 92, 95, 98, 104, 110, 116, 114, 102, 97),
    "power": (88, 104, 112, 102, 86, 78, 82, 108, 150, 146, 98, 80),
    "gas": (120, 150, 165, 150, 118, 90, 78, 72, 68, 68, 74, 92),
}
_SHARE = {"home": 100, "business": 100, "vacant": 0, "shell": 1, "away": 100, "leak": 420, "crypto": 2200}
_AWAY = frozenset((3, 4, 5, 6, 9, 10, 11))
"""Months in which people who come only for winter or summer are not there."""


def monthly(account: Account) -> tuple[tuple[str, int], ...]:
    """Month and use (tons, kWh or m³) for each of MONTHS since the account was opened."""
    noise = blake2b(account.id.encode(), digest_size=12).digest()
    scale = account.level * _SHARE[account.pattern]
    season = _SEASON[account.utility]
    away = account.pattern == "away"
    return tuple(
        (month, 0 if away and place in _AWAY else scale * season[place] * (80 + noise[place] * 40 // 255) // 1_000_000)
        for place, month in enumerate(MONTHS)
        if month >= account.opened_on[:7]
    )
