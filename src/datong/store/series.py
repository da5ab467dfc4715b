"""Numbers that follow one another, by the name of their series."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Series:
    """A table that holds the last number of each series. `name` is the column of their names. Both are our own words."""

    table: str
    name: str

    @cached_property
    def take(self) -> str:
        """The next `:amount` numbers of the series `:name`: the last of them."""
        known = f"ON CONFLICT ({self.name}) DO UPDATE SET last = {self.table}.last + excluded.last RETURNING last"
        return f"INSERT INTO {self.table} ({self.name}, last) VALUES (:name, :amount) {known}"  # noqa: S608 - our own words

    @cached_property
    def last(self) -> str:
        """The last number of the series `:name`."""
        return f"SELECT last FROM {self.table} WHERE {self.name} = :name"  # noqa: S608 - our own words

    @cached_property
    def keep(self) -> str:
        """The last number of the series `:name` is now `:last`."""
        known = f"ON CONFLICT ({self.name}) DO UPDATE SET last = excluded.last"
        return f"INSERT INTO {self.table} ({self.name}, last) VALUES (:name, :last) {known}"  # noqa: S608 - our own words
