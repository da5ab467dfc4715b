"""What a department's table is made of: rows as a clerk wrote them, and the table they belong to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from datong.simulate.deliver.clerk import Clerk
    from datong.simulate.model import Block


class Said(NamedTuple):
    """A value that is not the plain truth: what stands in the file, which trouble it is, and what would have been right."""

    text: str
    trouble: str
    true_value: str


Value: TypeAlias = "str | Said"


class Row(NamedTuple):
    """One row: values in the order of the table's columns, and the world ids it speaks of, by role of its pack."""

    values: tuple[Value, ...]
    about: dict[str, str]


RowMaker: TypeAlias = "Callable[[Block, Clerk], Iterator[Row]]"
DateStyle = Literal["dash", "slash", "plain", "dots", "chinese"]
Again = Literal["", "full", "changes", "new_column", "truncated", "resent"]


@dataclass(frozen=True)
class Table:
    """One resource as its department keeps it.

    `care`: by how much the usual rates of trouble are multiplied (0.05 for a register that is kept well). `dates`: how the department
    writes days. `again`: what comes two weeks later. `title`: the merged line over an .xlsx sheet.
    `byte_order_mark`: before UTF-8 text, as office software writes it.
    """

    resource: str
    columns: tuple[str, ...]
    rows: RowMaker
    care: float = 1.0
    dates: DateStyle = "dash"
    again: Again = ""
    trailing_comma: bool = False
    byte_order_mark: bool = True
    title: str = ""


TABLES: dict[str, Table] = {}
"""Every table by resource; filled by the modules in `tables/`."""


def table(resource: str, columns: str, **habits: Any) -> Callable[[RowMaker], RowMaker]:
    """Declare the function below as the maker of a resource's rows.

    `columns`: the header, parted by blanks, in file order. `habits`: the further fields of `Table`.
    """

    def declare(maker: RowMaker) -> RowMaker:
        TABLES[resource] = Table(resource, tuple(columns.split()), maker, **habits)
        return maker

    return declare
