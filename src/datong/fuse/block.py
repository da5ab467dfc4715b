"""The blocks: short keys two sides must share before they are compared at all. Their docstrings are shown to users."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from datong.domain.names import core_of, pinyin_of, read_name, read_org_name
from datong.fuse.persona import Persona

Block = Callable[[Persona], Iterator[str]]
_PLACEHOLDERS = frozenset({"00000000000", "11111111111", "13800000000", "13800138000", "13000000000", "1900-01-01", "1970-01-01"})


def name_birth(one: Persona) -> Iterator[str]:
    """Same name and same birth date."""
    return (f"{name}|{birth}" for name in _names(one) for birth in _usable(one, "birth_date"))


def sound_birth(one: Persona) -> Iterator[str]:
    """Same sound of the name and same birth date; dates are also tried with day and month swapped."""
    for sound in _sounds(one):
        for birth in _usable(one, "birth_date"):
            yield f"{sound}|{birth[:4]}{''.join(sorted((birth[5:7], birth[8:10])))}"


def phone_sound(one: Persona) -> Iterator[str]:
    """Same phone number and same first letter of the name."""
    return (f"{phone}|{sound[:1]}" for phone in _usable(one, "phone") for sound in _sounds(one))


def place_sound(one: Persona) -> Iterator[str]:
    """Same premises and same first letter of the name."""
    return (f"{place}|{sound[:1]}" for place in one.of("place") for sound in _sounds(one))


def organisation_sound(one: Persona) -> Iterator[str]:
    """Same organisation and same sound of the name."""
    return (f"{org}|{sound}" for org in one.of("organisation") for sound in _sounds(one))


def number_name(one: Persona) -> Iterator[str]:
    """Same sound of the name and the same first ten or last eight characters of the citizen number."""
    for sound in _sounds(one):
        for number in one.of("number"):
            if len(number) >= 15:
                yield f"{sound}|{number[:10]}"
                yield f"{sound}|{number[-8:]}"


def old_number(one: Persona) -> Iterator[str]:
    """The same citizen number, one of them written with 15 digits or beside another name."""
    return iter(one.of("number"))


def relative_birth(one: Persona) -> Iterator[str]:
    """Same relative named in the record and same birth date: newborns have no number yet."""
    return (f"{relative}|{birth}" for relative in one.of("relative") for birth in _usable(one, "birth_date"))


def relative_sound(one: Persona) -> Iterator[str]:
    """Same relative named in the record and same sound of the name."""
    return (f"{relative}|{sound}" for relative in one.of("relative") for sound in _sounds(one))


def account(one: Persona) -> Iterator[str]:
    """Same insurance or housing fund number."""
    return iter(one.of("account"))


def org_name(one: Persona) -> Iterator[str]:
    """Same organisation name."""
    return (name for name in map(read_org_name, one.of("org_name")) if name)


def org_core(one: Persona) -> Iterator[str]:
    """Same core of the organisation's name, without place and legal form."""
    return (core for core in {core_of(read_org_name(name)) for name in one.of("org_name")} if len(core) >= 2)


def representative_place(one: Persona) -> Iterator[str]:
    """Same legal representative at the same premises."""
    return (f"{name}|{place}" for name in one.of("representative") for place in one.of("place"))


def org_phone(one: Persona) -> Iterator[str]:
    """Same phone number of two organisations."""
    return iter(_usable(one, "phone"))


def registration(one: Persona) -> Iterator[str]:
    """Same old registration number."""
    return iter(one.of("registration_no"))


BLOCKS: dict[str, Block] = {
    function.__name__: function
    for function in (
        name_birth,
        sound_birth,
        phone_sound,
        place_sound,
        organisation_sound,
        number_name,
        old_number,
        relative_birth,
        relative_sound,
        account,
        org_name,
        org_core,
        representative_place,
        org_phone,
        registration,
    )
}
"""Block by the name it has in comparisons.yml."""


def blocks_of(one: Persona, names: tuple[str, ...]) -> list[str]:
    """Every block key of a persona, `block:key`, sorted."""
    return sorted({f"{name}:{key}" for name in names for key in BLOCKS[name](one)})


def _usable(one: Persona, fact: str) -> list[str]:
    return [value for value in one.of(fact) if value not in _PLACEHOLDERS]


def _names(one: Persona) -> set[str]:
    return {name for name in map(read_name, one.of("name")) if name}


def _sounds(one: Persona) -> set[str]:
    return {pinyin_of(name) for name in _names(one)}
