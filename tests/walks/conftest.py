"""Who goes through the city of the walks."""

from __future__ import annotations

from tests.simulated_city import NOW, City

from datong.domain.access import Actor

__all__ = ["NOW", "City", "actor", "citizen", "clerk"]


def actor(kind: str, department: str = "", **more: object) -> Actor:
    """Somebody at a door of the city."""
    settled: dict[str, object] = {"id": f"{department or kind}-1", "name": "测试", "kind": kind, "department": department}
    return Actor(**(settled | more))  # type: ignore[arg-type]


def clerk(department: str = "market_regulation", role: str = "window_clerk", jurisdiction: tuple[str, ...] = ("3703",)) -> Actor:
    """An officer at her window."""
    return actor("officer", department, unit="登记窗口", roles=frozenset({role}), jurisdiction=jurisdiction)


def citizen(code: str) -> Actor:
    """A person of the registers, signed in on her phone."""
    return actor("citizen", id="citizen-1", subject=code, roles=frozenset({"citizen"}))
