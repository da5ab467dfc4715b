"""Difficulties that need the whole block: phones handed on, plain homonyms, people old enough for a 15-digit number."""

from __future__ import annotations

from datong.simulate.draft import Draft
from datong.simulate.model import Person, Trap


def plant(draft: Draft) -> None:
    """Mark or make the traps that the other steps did not."""
    rng = draft.rng("traps")
    people = [person for person in draft.block.people if person.home is not None]
    if len(people) < 20:
        return
    _phones(draft, [person for person in people if person.phone], rng.random())
    _homonyms(draft, people)
    old = [person for person in people if person.birth < "1980" and not person.floating]
    for person in old[:: max(1, len(old) // 12)]:
        draft.block.traps.append(Trap("old_citizen_id", (person.id,)))


def _phones(draft: Draft, people: list[Person], start: float) -> None:
    """A number given up by one and held by another today, as networks hand them on after a while."""
    step = max(2, len(people) // 6)
    for place in range(int(start * step), len(people) - 1, step):
        giver, taker = people[place], people[(place + len(people) // 2) % len(people)]
        if giver.home is not taker.home and giver is not taker:
            giver.old_phone = taker.phone
            draft.block.traps.append(Trap("phone_handed_on", (giver.id, taker.id)))


def _homonyms(draft: Draft, people: list[Person]) -> None:
    """People of one name, sex and birth year."""
    seen: dict[tuple[str, str, str], list[str]] = {}
    for person in people:
        seen.setdefault((person.name, person.sex, person.birth[:4]), []).append(person.id)
    for ids in seen.values():
        if len(ids) > 1:
            draft.block.traps.append(Trap("homonyms", tuple(ids)))
