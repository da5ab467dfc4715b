"""The simulated city is the same every time, its blocks stand alone, and its numbers are sound and never given twice."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from tests.simulate.worlds import PACKS, SEED, city, digest, everything

from datong.domain.errors import BadValue
from datong.domain.identifiers import (
    birth_date_of,
    read_citizen_id,
    read_credit_code,
    read_phone,
    read_plate,
    read_registration_no,
    read_title_unit,
    sex_of,
)
from datong.simulate import readings
from datong.simulate.divisions import City, read_divisions
from datong.simulate.draw import Scatter
from datong.simulate.world import blocks, make_block


def test_the_same_seed_gives_the_same_city() -> None:
    first = [digest(block) for block in blocks(2500, 5, PACKS)]
    assert first == [digest(block) for block in blocks(2500, 5, PACKS)]
    assert first != [digest(block) for block in blocks(2500, 6, PACKS)]


def test_a_block_does_not_depend_on_the_blocks_before_it() -> None:
    assert digest(make_block(City(PACKS, SEED), 2)) == digest(city()[2])


def test_as_many_people_live_there_as_were_asked_for() -> None:
    for wanted in (150, 2000, 2600):
        living = [person for block in blocks(wanted, 3, PACKS) for person in block.people if person.home is not None]
        assert len(living) == wanted


def test_there_are_45_premises_and_7_firms_to_100_people() -> None:
    units, firms = len(list(everything("units"))), len(list(everything("firms")))
    assert 0.42 < units / 6000 < 0.5
    assert 1 / 16 < firms / 6000 < 1 / 12
    kinds = Counter(unit.kind for unit in everything("units"))
    assert min(kinds.values()) > 100 and set(kinds) == {"residential", "commercial", "industrial"}


def test_twenty_thousand_people_cover_districts_streets_and_communities() -> None:
    spots = [City(PACKS, SEED).spot(index) for index in range(10)]
    assert spots[0].street.zone == "高新区" and spots[0].street.district == "张店区"
    assert len({spot.street.district for spot in spots}) >= 5
    assert len({spot.street.code for spot in spots}) >= 6
    assert len({community.code for spot in spots for community in spot.communities}) >= 15


def test_a_city_larger_than_its_numbers_is_refused() -> None:
    with pytest.raises(BadValue, match="at most 2,000,000"):
        City(PACKS, SEED).spot(1000)


def test_citizen_numbers_are_sound_and_agree_with_birth_and_sex() -> None:
    people = list(everything("people"))
    assert len({person.citizen_id for person in people}) == len(people)
    for person in people:
        assert read_citizen_id(person.citizen_id, date(2026, 10, 31)).sound
        assert str(birth_date_of(person.citizen_id)) == person.birth
        assert sex_of(person.citizen_id) == person.sex


def test_numbers_of_firms_units_phones_and_plates_are_sound_and_unique() -> None:
    firms, units = list(everything("firms")), list(everything("units"))
    assert all(read_credit_code(firm.credit_code).sound for firm in firms)
    assert all(read_registration_no(firm.registration_no).sound for firm in firms if firm.registration_no)
    assert all(read_title_unit(unit.title_unit_no).sound for unit in units)
    plates = [vehicle.plate for vehicle in everything("vehicles")]
    phones = [person.phone for person in everything("people") if person.phone]
    assert all(read_plate(plate).sound for plate in plates)
    assert all(read_phone(phone).sound for phone in phones)
    for numbers in (
        [firm.credit_code for firm in firms],
        [firm.registration_no for firm in firms if firm.registration_no],
        [firm.name for firm in firms],
        [unit.title_unit_no for unit in units],
        [unit.door_plate for unit in units],
        [unit.address for unit in units],
        plates,
        phones,
        [household.household_no for household in everything("households")],
        [(account.utility, account.account_no) for account in everything("accounts")],
        [person.insurance_no for person in everything("people") if person.insurance_no],
    ):
        assert len(set(numbers)) == len(numbers)


def test_a_certificate_belongs_to_one_unit_only() -> None:
    unit_of: dict[str, str] = {}
    for title in everything("ownerships"):
        assert unit_of.setdefault(title.certificate_no, title.unit.id) == title.unit.id
        assert title.certificate_no.startswith("鲁(20" if title.since >= "2016" else "淄博市房权证")


def test_numbers_stay_unique_far_apart() -> None:
    """Blocks 1 and 500 share a turn of citizen numbers' slots or the like only if the carving is wrong."""
    found = City(PACKS, SEED)
    far = [make_block(found, index, 600) for index in (0, 1, 250, 500, 501, 999)]
    for numbers in (
        [person.citizen_id for block in far for person in block.people],
        [person.phone for block in far for person in block.people if person.phone],
        [firm.credit_code for block in far for firm in block.firms],
        [unit.title_unit_no for block in far for unit in block.units],
        [vehicle.plate for block in far for vehicle in block.vehicles],
        [unit.address for block in far for unit in block.units],
        [person.id for block in far for person in block.people],
    ):
        assert len(set(numbers)) == len(numbers)


def test_every_block_has_citizen_numbers_of_its_own() -> None:
    """Two blocks may share division code and slot only in different tiers; checked over the whole plan of a million people."""
    found = City(PACKS, SEED)
    seen: set[tuple[str, int]] = set()
    for index in range(1000):
        spot = found.spot(index)
        key = (spot.street.district_code, spot.turn)
        assert key not in seen
        seen.add(key)


def test_world_ids_are_unique() -> None:
    ids = [item.id for block in city() for name in block.__slots__ for item in _items(getattr(block, name)) if hasattr(item, "id")]
    schools = {item.id for item in everything("schools")}
    ids = [number for number in ids if number not in schools]
    assert len(set(ids)) == len(ids)


def _items(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def test_serials_scatter_one_to_one() -> None:
    scatter = Scatter(31**3, "test")
    assert sorted(scatter(serial) for serial in range(31**3)) == list(range(31**3))
    with pytest.raises(IndexError):
        scatter(31**3)


def test_divisions_hold_five_levels_the_zone_and_ended_codes() -> None:
    rows = read_divisions(PACKS)
    by_code = {row.code: row for row in rows}
    assert Counter(row.level for row in rows if row.kind == "legal" and row.code.startswith("3703") and not row.valid_to) == {
        2: 1,
        3: 8,
        4: 88,
        5: 2931,
    }
    assert by_code["370371"].kind == "functional"
    assert by_code["370303008"].parent == "370303", "the zone's street stands under its district in the legal list"
    assert sum(1 for row in rows if row.valid_to) >= 5
    assert all(not row.parent or row.parent in by_code for row in rows)


def test_readings_follow_the_account() -> None:
    accounts = list(everything("accounts"))
    vacant = next(account for account in accounts if account.pattern == "vacant")
    lived_in = next(account for account in accounts if account.pattern == "home" and account.opened_on < "2020")
    assert all(used == 0 for _, used in readings.monthly(vacant))
    assert len(readings.monthly(lived_in)) == 12
    assert abs(sum(used for _, used in readings.monthly(lived_in)) / 12 - lived_in.level) < 0.3 * lived_in.level + 2
    assert readings.monthly(lived_in) == readings.monthly(lived_in)


def test_a_village_that_is_visited_again_goes_on_numbering() -> None:
    found = City(PACKS, SEED)
    first = next(community for community in found.spot(0).communities if community.village)
    later = next(index for index in range(1, 1000) if found.spot(index).rounds.get(first.code, 0) == 1)
    made = [make_block(found, index, 400) for index in (0, later)]
    numbers = [unit.house_no for block in made for unit in block.units if unit.group and unit.site.community.code == first.code]
    assert len(numbers) == len(set(numbers)) > 50
