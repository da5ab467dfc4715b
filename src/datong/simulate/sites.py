"""The sites of a block: estates with phases and aliases, villages, towers, factories and rows of shops."""

from __future__ import annotations

import random
from itertools import pairwise

from datong.simulate.draft import Draft
from datong.simulate.draw import table
from datong.simulate.model import Community, Site, Trap
from datong.simulate.roads import COMMON_ESTATES, RoadNumbers, estate_name, factory_name, tower_name

_CENTRES = {
    "370302": (117.967, 36.644),
    "370303": (118.053, 36.807),
    "370304": (117.862, 36.497),
    "370305": (118.309, 36.827),
    "370306": (117.869, 36.803),
    "370321": (118.098, 36.960),
    "370322": (117.827, 37.171),
    "370323": (118.171, 36.185),
}
_WORDS = table([("号楼", 62), ("幢", 18), ("栋", 14), ("座", 6)], 100)
_PHASES = table(
    [
        (("",), 64),
        (("一期", "二期"), 12),
        (("东区", "西区"), 7),
        (("南区", "北区"), 4),
        (("一区", "二区"), 5),
        (("东苑", "西苑"), 4),
        (("A区", "B区"), 2),
        (("一期", "二期", "三期"), 2),
    ],
    100,
)
_PHASE_NICKNAMES = {
    "一期": "1期",
    "二期": "2期",
    "三期": "3期",
    "一区": "1区",
    "二区": "2区",
    "东区": "东院",
    "西区": "西院",
    "A区": "a区",
    "B区": "b区",
}
_PROPERTY = ("安居", "绿岸", "恒信", "金盾", "和谐", "新时代", "万家", "天鸿", "鲁泰", "齐心")
_DEVELOPERS = ("鲁源", "恒润", "中齐", "天成", "宏业", "瑞达", "正大", "远大")
_NICKNAMES = ("老{}", "{}大院", "新{}", "大{}")


class SiteMaker:
    """Makes the sites of one block, one kind a method."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.rng = draft.rng("sites")
        self.numbers = RoadNumbers(draft.city, draft.spot)
        self._estates = draft.block.index * 12
        self._places = {community.code: self._spread(community) for community in draft.spot.communities}

    def _spread(self, community: Community) -> tuple[float, float]:
        longitude, latitude = _CENTRES[community.district_code]
        if community.zone_code:
            latitude += 0.05
        number = int(community.street_code[6:]) * 37 + int(community.code[9:]) * 11
        return longitude + (number * 53 % 97 - 48) * 0.0012, latitude + (number * 31 % 89 - 44) * 0.0009

    def _point(self, community: Community) -> tuple[float, float]:
        longitude, latitude = self._places[community.code]
        return round(longitude + (self.rng.random() - 0.5) * 0.009, 6), round(latitude + (self.rng.random() - 0.5) * 0.007, 6)

    def _road(self) -> str:
        return self.numbers.roads[int(self.rng.random() * len(self.numbers.roads))]

    def estates(self, community: Community) -> list[Site]:
        """One estate of a community: one site, or one a phase."""
        rng = self.rng
        serial, self._estates = self._estates, self._estates + 1
        common = rng.random() < 0.05
        base = COMMON_ESTATES[int(rng.random() * len(COMMON_ESTATES))] if common else estate_name(self.draft.block.seed, serial)
        common = base in COMMON_ESTATES
        phases = ("",) if common else _PHASES[int(rng.random() * len(_PHASES))]
        road, word = self._road(), _WORDS[int(rng.random() * len(_WORDS))]
        year = 1985 + int(rng.random() ** 0.7 * 38)
        through = len(phases) > 1 and rng.random() < 0.5
        former = (estate_name(self.draft.block.seed, serial + 12_000),) if rng.random() < 0.12 else ()
        found: list[Site] = []
        for place, phase in enumerate(phases):
            if place == 0 or rng.random() < 0.5:
                number = str(self.numbers.take(road)[0])
            site = self._site("estate", community, base + phase, phase)
            site.road, site.road_no, site.building_word = road, number, word
            site.built_year = min(2025, year + place * 3)
            site.aliases, site.former_names = self._aliases(base, phase), tuple(name + phase for name in former)
            site.base_is_enough = through or len(phases) == 1
            site.shared_name = common
            site.shared_number = bool(found and found[-1].road_no == number)
            if site.shared_number:
                found[-1].shared_number = True
            if rng.random() < 0.35:
                side = next(name for name in self.numbers.roads if name != road)
                site.other_addresses = ((side, str(self.numbers.take(side)[0])),)
            found.append(site)
        if common:
            self.draft.block.traps.append(Trap("estate_name_twice", tuple(site.id for site in found)))
        return found

    def _aliases(self, base: str, phase: str) -> tuple[str, ...]:
        rng = self.rng
        found: list[str] = []
        if phase in _PHASE_NICKNAMES:
            found.append(base + _PHASE_NICKNAMES[phase])
        if phase:
            found.append(f"{base}({phase})")
        if rng.random() < 0.25 and base not in COMMON_ESTATES:
            found.append(_NICKNAMES[int(rng.random() * len(_NICKNAMES))].format(base) + phase)
        return tuple(alias for alias in found if alias != base + phase)

    def village(self, community: Community) -> Site:
        """A village: yards by groups, no road numbers."""
        site = self._site("village", community, community.short)
        site.land, site.built_year = "JC", 1985
        if self.rng.random() < 0.3:
            site.aliases = (community.short.removesuffix("村") + "庄",)
        return site

    def tower(self, community: Community, serial: int) -> Site:
        """An office tower or shopping building."""
        site = self._site("tower", community, tower_name(self.draft.block.seed, serial))
        site.road = self._road()
        site.road_no = str(self.numbers.take(site.road)[0])
        site.building_word = "座"
        site.built_year = 2000 + int(self.rng.random() * 24)
        if self.rng.random() < 0.3:
            site.aliases = (site.name[:2] + "大楼",)
        return site

    def factory(self, community: Community, serial: int) -> Site:
        """A factory or an industrial park."""
        site = self._site("factory", community, factory_name(self.draft.block.seed, serial))
        site.road = self._road()
        site.road_no = str(self.numbers.take(site.road)[0])
        site.built_year = 1975 + int(self.rng.random() * 48)
        site.land = "JB" if community.village and self.rng.random() < 0.5 else "GB"
        site.building_word = ("号厂房", "号车间", "号楼", "幢")[int(self.rng.random() * 4)]
        if self.rng.random() < 0.4:
            site.former_names = (f"原{site.name[:2]}{'集团' if self.rng.random() < 0.5 else '总厂'}",)
        return site

    def shops(self, community: Community) -> Site:
        """A row of shops along a road; each has its own number."""
        site = self._site("shops", community, "")
        site.road = self._road()
        site.built_year = 1990 + int(self.rng.random() * 33)
        return site

    def _site(self, kind: str, community: Community, name: str, phase: str = "") -> Site:
        rng: random.Random = self.rng
        longitude, latitude = self._point(community)
        draft = self.draft
        managed = kind in ("estate", "tower")
        site = Site(
            id=draft.id("S"),
            kind=kind,  # type: ignore[arg-type]
            name=name,
            base_name=name.removesuffix(phase),
            phase=phase,
            aliases=(),
            former_names=(),
            community=community,
            road="",
            road_no="",
            other_addresses=(),
            building_word="",
            land="GB",
            built_year=2000,
            property_company=f"淄博{_PROPERTY[int(rng.random() * 10)]}物业服务有限公司" if managed and rng.random() < 0.8 else "",
            developer=f"淄博{_DEVELOPERS[int(rng.random() * 8)]}房地产开发有限公司" if managed else "",
            longitude=longitude,
            latitude=latitude,
            grid_cell=f"{community.code}{1 + int(rng.random() * 4):02d}",
        )
        draft.block.sites.append(site)
        return site


def share_a_number(draft: Draft) -> None:
    """Give two estates of the block one road and number, as happens where one was built inside the other's ground."""
    estates = [site for site in draft.block.sites if site.kind == "estate"]
    for first, second in pairwise(estates):
        if first.base_name != second.base_name and not first.shared_number and not second.shared_number:
            second.road, second.road_no = first.road, first.road_no
            first.shared_number = second.shared_number = True
            draft.block.traps.append(Trap("two_sites_one_number", (first.id, second.id)))
            return
