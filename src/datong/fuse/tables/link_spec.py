"""What a link spec says, as frozen values: columns and their kinds, comparisons, blocks, rules, costs."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = {
    "name": "a person's name, or a part of it, in any script",
    "chinese_name": "a person's whole name as a rule in Chinese characters; compared as the registers compare names",
    "organisation": "an organisation's name",
    "identifier": "a number that identifies: `scheme` says how it is checked",
    "date": "a date in any usual wording",
    "phone": "a phone number",
    "email": "an e-mail address",
    "address": "an address or a part of it; numbers in it never agree by resemblance",
    "postcode": "a postcode",
    "category": "one of few values: sex, state, status",
    "text": "any other text",
    "number": "a number or amount",
}
"""Kind of a column → what it is for."""

SCHEMES = ("citizen_id", "credit_code", "registration_no", "none")
"""How an identifier is checked; `none` takes every filled value for sound."""


@dataclass(frozen=True)
class TableColumn:
    """One column of the tables: its name here, its kind, and what it is called in the left and the right file."""

    name: str
    kind: str
    left: str
    right: str
    scheme: str = "none"


@dataclass(frozen=True)
class Comparison:
    """One column compared: its levels from the strongest down (the last, "different", is implied)."""

    column: str
    levels: tuple[str, ...]
    frequencies: bool
    """Whether agreeing in a rare value counts more than agreeing in a common one."""


@dataclass(frozen=True)
class KeyPart:
    """A part of a block's key: a column's value as it is, or what a function makes of it."""

    column: str
    function: str = ""
    argument: int = 0
    other: str = ""
    """The second column of `either`."""

    def __str__(self) -> str:
        if not self.function:
            return self.column
        inside = ", ".join(part for part in (self.column, self.other, str(self.argument or "")) if part)
        return f"{self.function}({inside})"


@dataclass(frozen=True)
class Block:
    """Pairs of rows that agree in every part are compared."""

    parts: tuple[KeyPart, ...]

    def __str__(self) -> str:
        return " + ".join(map(str, self.parts))

    @property
    def columns(self) -> frozenset[str]:
        """The columns in which its pairs agree, wholly or in part."""
        return frozenset(column for part in self.parts for column in (part.column, part.other) if column)


@dataclass(frozen=True)
class LinkSpec:
    """How two rows are held to speak of the same: everything `datong link` needs beside the tables."""

    columns: tuple[TableColumn, ...]
    comparisons: tuple[Comparison, ...]
    blocks: tuple[Block, ...]
    row_id: str = ""
    """The column that names a row in what is written; empty: its line number."""
    same: tuple[tuple[str, ...], ...] = ()
    """Rows that agree in all of these columns, each sound, are the same without scoring."""
    never: tuple[tuple[str, str], ...] = ()
    """Identifiers: rows with two different sound ones are never the same. With a second column (else empty) a number binds
    only under the name most rows carry it with: under quite another it is taken for borrowed or mistyped."""
    one_to_one: bool = False
    """Each table has no duplicates: a cluster holds at most one row of each."""
    false_link: float = 1.0
    missed_link: float = 1.0
    threshold: float | None = None
    """Bits a pair needs; empty: what the costs and the estimated prior say."""
    largest_block: int = 1_000
    random_pairs: int = 200_000
    seed: int = 1
    file: str = ""

    def column(self, name: str) -> TableColumn:
        """The column of that name. Raises KeyError."""
        return next(column for column in self.columns if column.name == name)
