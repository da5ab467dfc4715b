"""Who is compared with whom, set-wise: the facts and blocks of every subject as tables, and the pairs that share a block.

Nothing is held in memory for a whole city: personas are made a page at a time from sorted facts, give their blocks, and go.
Tables: `node_size`, `node_fact`, `node_block` (block, key, p), `pair` (p, node). `p` numbers the open profiles; a subject
that has a number stands with p = -1 and its node as key.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from itertools import groupby
from operator import itemgetter
from typing import Any

import pyarrow as pa

from datong.domain.access import Register
from datong.fuse import queries
from datong.fuse.block import blocks_of
from datong.fuse.model import Model
from datong.fuse.open import COLUMNS, FACT_OF, OF_NUMBER_ITSELF, Profile, read_profiles
from datong.fuse.persona import Persona, persona
from datong.fuse.work import Work

PAGE = 10_000
"""How many subjects' or profiles' blocks are held at once."""
CHUNK = 20_000
"""How many open profiles are compared at once."""
_BYTES = 9


def short_blocks(who: Persona, model: Model) -> set[str]:
    """A persona's blocks as they are stored: 72 bits of their hash, in twelve characters."""
    return {short_block(block) for block in blocks_of(who, model.blocks)}


def short_block(block: str) -> str:
    """A block's key as it is stored."""
    return base64.urlsafe_b64encode(blake2b(block.encode(), digest_size=_BYTES).digest()).decode()


def lay_out(work: Work, kind: Register, model: Model) -> None:
    """Make the tables of facts and blocks, of subjects with a number and of the open profiles, and the pairs between the two."""
    columns = " UNION ALL ".join(
        queries.FACT_COLUMN.format(kind=kind, fact=FACT_OF.get(name, name), value=sql)
        for name, sql in COLUMNS[kind].items()
        if name not in OF_NUMBER_ITSELF
    )
    work.con.execute(queries.MAKE_NODE_SIZES.format(kind=kind))
    work.con.execute(queries.FACTS_OF_NODES.format(kind=kind, columns=columns))
    work.con.execute(queries.MAKE_NODE_BLOCKS)
    strong = personas(work, kind, queries.ALL_FACTS)
    _add_blocks(work, ((who.key, -1, short_blocks(who, model)) for who in strong))
    _add_blocks(work, ((one.key, one.number, short_blocks(one.who, model)) for one in read_profiles(work, kind)))
    work.con.execute(queries.FIT_BLOCKS.format(largest=model.largest_block))
    work.con.execute(queries.PAIRS)


def personas(work: Work, kind: Register, sql: str) -> Iterator[Persona]:
    """The subjects with a number that a query of their sorted facts (node, fact, value) names, one after another."""
    for node, rows in groupby(work.stream(sql), itemgetter(0)):
        facts: dict[str, list[str | None]] = {}
        for _, fact, value in rows:
            if fact is not None:
                facts.setdefault(fact, []).append(value)
        yield persona(node, kind, [node.partition(":")[2]], facts)


def chunks(work: Work, kind: Register) -> Iterator[tuple[list[Profile], dict[int, list[Persona]]]]:
    """The open profiles, some at a time, each time with the subjects they are compared with (profile's number → subjects)."""
    last = work.rows("SELECT coalesce(max(p), -1) FROM open_profile")[0][0]
    for low in range(0, last + 1, CHUNK):
        span = {"low": low, "high": low + CHUNK}
        near = {who.key: who for who in personas(work, kind, queries.FACTS_OF_PAIRED.format(**span))}
        compared: dict[int, list[Persona]] = {}
        for number, node in work.rows(queries.PAIRS_OF.format(**span)):
            compared.setdefault(number, []).append(near[node])
        yield list(read_profiles(work, kind, low, low + CHUNK)), compared


def pairs_among(work: Work, numbers: Iterable[int]) -> list[tuple[int, int]]:
    """The pairs that share a block among these open profiles, by number, in order."""
    work.table("left_over", {"p": list(numbers)}, {"p": pa.int64()})
    return [(row[0], row[1]) for row in work.rows(queries.PAIRS_AMONG)]


def _add_blocks(work: Work, rows: Iterable[tuple[str, int, Iterable[str]]]) -> None:
    columns: dict[str, list[Any]] = {"block": [], "key": [], "p": []}
    for count, (key, number, blocks) in enumerate(rows, 1):
        for block in blocks:
            columns["block"].append(block)
            columns["key"].append(key)
            columns["p"].append(number)
        if count % PAGE == 0:
            work.append("node_block", columns, {"p": pa.int64()})
            columns = {name: [] for name in columns}
    work.append("node_block", columns, {"p": pa.int64()})
