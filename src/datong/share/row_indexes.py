"""An index for each condition on facts that a live agreement's lists depend on.

Without one a list or a count under such an agreement reads every entry's document; with one it reads just the rows that the
agreement lets be seen. Agreements with the same conditions share it.
"""

from __future__ import annotations

from hashlib import sha256

from datong.share.agreement import Agreement
from datong.share.installed import installed
from datong.share.rows import Dialect, index_condition, may_index
from datong.store import Index, Session

TABLE = "entry"
COLUMNS = ("kind", "division", "code")
PREFIX = "entry_rows_"
_LISTS = {"list", "extract"}


def index_rows(session: Session) -> tuple[int, int]:
    """Make what is missing, drop what no live agreement needs any more; how many of each. Safe to repeat."""
    missing, spare = _differing(session)
    for name in spare:
        session.drop_index(name)
    for index in missing:
        session.make_index(index)
    if missing:
        session.analyze(TABLE)
    return len(missing), len(spare)


def rows_are_indexed(session: Session) -> bool:
    """Whether `index_rows` would find nothing to do: asked without writing."""
    return _differing(session) == ([], [])


def index_of(agreement: Agreement, dialect: Dialect) -> Index:
    """The index for an agreement's conditions, named by what they say."""
    rows = index_condition(agreement, dialect)
    return Index(PREFIX + sha256(rows.encode()).hexdigest()[:16], TABLE, COLUMNS, where=rows)


def _differing(session: Session) -> tuple[list[Index], list[str]]:
    """The indexes that are missing, and the names of those to spare."""
    agreements = installed(session).sharing.agreements.values()
    listed = [one for one in agreements if _LISTS.intersection(one.operations) and may_index(one)]
    wanted = {index.name: index for index in (index_of(one, session.dialect) for one in listed)}
    there = {name for name in session.index_names(TABLE) if name.startswith(PREFIX)}
    return [wanted[name] for name in sorted(wanted.keys() - there)], sorted(there - wanted.keys())
