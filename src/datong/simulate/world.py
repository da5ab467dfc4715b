"""The world, block by block, in the order in which it is made: places, people, firms, what they own and use, what they get, traps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from datong.simulate import families, firms, housing, lives, supplies, titles, traps, welfare, work
from datong.simulate.divisions import City
from datong.simulate.draft import Draft
from datong.simulate.identity import Issuer
from datong.simulate.model import Block

BLOCK_SIZE = 2000
"""Living people in a block; the last one may be smaller."""


def blocks(people: int, seed: int, packs: Path) -> Iterator[Block]:
    """The city of so many living people, one block after the other; nothing of a block is kept when the next is asked for."""
    city = City(packs, seed)
    for index in range(-(-people // BLOCK_SIZE)):
        yield make_block(city, index, min(BLOCK_SIZE, people - index * BLOCK_SIZE))


def make_block(city: City, index: int, people: int = BLOCK_SIZE) -> Block:
    """One block; it depends on the seed, its index and its size alone."""
    spot = city.spot(index)
    issue = Issuer(city.seed, index, spot.turn, city.origin_codes)
    draft = Draft(city, spot, Block(index, city.seed), issue, people)
    housing.build(draft)
    families.settle(draft)
    lives.live(draft)
    titles.register_homes(draft)
    firms.found(draft)
    work.employ(draft)
    work.license_and_tax(draft)
    supplies.register_vehicles(draft)
    supplies.open_accounts(draft)
    welfare.provide(draft)
    traps.plant(draft)
    return draft.block
