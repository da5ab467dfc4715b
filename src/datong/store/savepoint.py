"""A part of a transaction that fails alone, and the writes that wait for the transaction's end and follow it."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Protocol

from datong.store.series import Series

if TYPE_CHECKING:
    from datong.store.session import Session

Since = tuple[int, int, dict[tuple[Series, str], int], int]
"""Where a part of a transaction began."""


class Held(Protocol):
    """Writes of a session that wait until many of them can be made at once; they follow its savepoints."""

    def mark(self) -> int:
        """Where it stands."""
        ...

    def back_to(self, mark: int) -> None:
        """Forget what was added since a mark."""
        ...

    def write(self) -> None:
        """Make the writes now."""
        ...


class NeedsSavepoints(BaseException):
    """A part failed after it had written, in a session that makes no savepoints (`Session.spare_savepoints`): nothing of the session can be
    kept, all of it must be done again with them. No `except Exception` of the work in between may take it for its own."""


class Savepoint:
    """A part of a transaction, as a context: a class of its own, because a case begins three."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._since: Since = (0, 0, {}, 0)

    def __enter__(self) -> None:
        """Begin it."""
        self._since = self._session.begin_part()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Keep it, or undo it when it failed."""
        if kind is None:
            self._session.keep_part()
        elif kind is not NeedsSavepoints:
            self._session.undo_part(self._since)
