"""Every wording says what it says it says: this unit, too little, several, a contradiction, or nothing that exists."""

from __future__ import annotations

import random
import re
from collections import Counter

import pytest
from tests.simulate.worlds import everything

from datong.simulate import doors, wording
from datong.simulate.model import Unit

UNITS: list[Unit] = list(everything("units"))


def of_kind(kind: str) -> list[Unit]:
    return [unit for unit in UNITS if unit.site.kind == kind]


def test_the_standard_wording_goes_from_province_to_door() -> None:
    for unit in of_kind("estate")[:50]:
        site, building = unit.site, unit.building
        assert building is not None
        assert unit.address.startswith(f"山东省淄博市张店区{site.community.street}{site.road}{site.road_no}号{site.name}{building.name}")
        assert unit.address.endswith(f"{unit.room}室")
    assert re.fullmatch(r"山东省淄博市.+村\d+组\d+号", of_kind("village")[0].address)
    assert re.fullmatch(r"山东省淄博市.+\d+(-\d+)?号", of_kind("shops")[0].address)
    assert all(wording.standard_address(unit) == unit.address for unit in UNITS)


def test_the_same_stream_draws_the_same_wordings() -> None:
    first = [wording.wordings(unit, random.Random(4)) for unit in UNITS[:100]]
    assert first == [wording.wordings(unit, random.Random(4)) for unit in UNITS[:100]]


def test_there_are_dozens_of_ways_to_write_an_address() -> None:
    rng = random.Random(1)
    kinds = Counter(wording.wordings(unit, rng).kind for unit in UNITS for _ in range(3))
    doors_seen = {kind.removesuffix("/note").split("/")[-1] for kind in kinds}
    assert len(kinds) > 300
    wanted = (
        "official no_room_word room_hao other_word hash hash_dashes dashes "
        "word_dashes full_width chinese door_word floor spaces bracket "
        "padded entrance_dropped sub_dash sub_fu team number inside "
    )
    assert doors_seen >= set(wanted.split())


def test_wordings_of_a_unit_never_drop_its_room_or_its_building() -> None:
    rng = random.Random(2)
    for unit in of_kind("estate")[::7]:
        drawn = wording.wordings(unit, rng)
        assert drawn.truth == drawn.level == "unit"
        if "chinese" not in drawn.kind and "full_width" not in drawn.kind:
            assert unit.room in drawn.text and unit.building is not None and unit.building.number in drawn.text


def test_a_plain_wording_is_borne_by_one_unit_only() -> None:
    """Wordings with street or road and without typing errors, drawn many times over the small city, never meet."""
    rng = random.Random(3)
    bearer: dict[str, str] = {}
    for unit in UNITS:
        for _ in range(4):
            drawn = wording.wordings(unit, rng)
            if "typo" not in drawn.kind and "note" not in drawn.kind:
                assert bearer.setdefault(drawn.text, unit.id) == unit.id, (drawn, unit.address)


def test_entrances_are_dropped_only_where_rooms_tell() -> None:
    rng = random.Random(5)
    for unit in of_kind("estate"):
        drawn = wording.wordings(unit, rng)
        if drawn.kind.split("/")[3] == "entrance_dropped":
            building = unit.building
            assert building is not None and building.rooms_through
            assert sum(1 for other in building.units if other.room == unit.room) == 1


def test_vague_wordings_stop_above_the_unit() -> None:
    rng = random.Random(6)
    levels = Counter()
    for unit in UNITS:
        drawn = wording.vague(unit, rng)
        levels[drawn.level] += 1
        assert drawn.truth == "vague" and drawn.level != "unit"
        if unit.site.kind == "estate":
            assert not drawn.text.endswith(("室", unit.room)) or drawn.level in ("floor", "building", "road", "site")
    assert set(levels) >= {"road", "site", "building", "entrance", "floor", "community"}


def test_impossible_wordings_name_what_does_not_exist() -> None:
    rng = random.Random(7)
    standard = {unit.address for unit in UNITS}
    rooms = {(unit.building.id, unit.entrance, unit.room) for unit in UNITS if unit.building}
    kinds = Counter()
    for unit in UNITS:
        drawn = wording.impossible(unit, rng)
        kinds[drawn.kind] += 1
        assert drawn.truth == "impossible" and drawn.text not in standard
        if drawn.kind in ("no_room", "no_floor") and unit.building:
            room = re.search(r"(\d+)室$", drawn.text)
            assert room and (unit.building.id, unit.entrance, room[1]) not in rooms
    assert set(kinds) == {"no_house", "no_number", "no_building", "no_entrance", "no_floor", "no_room"}


def test_wrong_wordings_contradict_themselves() -> None:
    rng = random.Random(8)
    standard = {unit.address for unit in UNITS}
    drawn = [(unit, wording.wrong(unit, rng)) for unit in UNITS]
    assert {found.kind for _, found in drawn} == {"district_contradicts", "phase_contradicts", "number_contradicts"}
    for unit, found in drawn:
        assert found.text != unit.address
        assert found.text not in standard or found.kind == "phase_contradicts", "another phase may well have such a room"


def test_ambiguous_wordings_have_several_readings() -> None:
    rng = random.Random(9)
    kinds = Counter()
    for unit in of_kind("estate"):
        drawn = wording.ambiguous(unit, rng)
        kinds[drawn.kind] += 1
        if drawn.kind == "entrance_dropped":
            assert unit.building is not None
            assert sum(1 for other in unit.building.units if other.room == unit.room) > 1
    assert kinds["entrance_dropped"] and kinds["phase_dropped"]


@pytest.mark.parametrize(("number", "spoken"), [(3, "三"), (10, "十"), (12, "十二"), (20, "二十"), (45, "四十五")])
def test_building_numbers_are_spoken_as_people_do(number: int, spoken: str) -> None:
    assert doors.chinese_number(number) == spoken
