"""Vehicles and the accounts of water, power and gas."""

from __future__ import annotations

from datong.simulate.draft import Draft
from datong.simulate.draw import DAY_NUMBER, DAYS, TODAY, YEAR_START
from datong.simulate.model import Account, Firm, Person, Trap, Unit, Utility, Vehicle
from datong.simulate.people import YEAR

_CARS = ("大众朗逸", "丰田卡罗拉", "日产轩逸", "本田思域", "吉利帝豪", "哈弗H6", "长安CS75", "别克英朗", "五菱宏光", "红旗H5")
_GREEN_CARS = ("比亚迪秦", "比亚迪宋", "特斯拉Model 3", "广汽埃安S", "五菱缤果", "小鹏P7")
_TRUCKS = ("福田奥铃", "江淮骏铃", "解放J6", "东风多利卡")
_NUMBER_HEADS: dict[str, str] = {"water": "20", "power": "37030", "gas": "G"}


def register_vehicles(draft: Draft) -> None:
    """A car for every third grown person, trucks and cars for firms."""
    rng = draft.rng("vehicles")
    for person in draft.block.people:
        if "1950" < person.birth < "2008" and not person.left and rng.random() < 0.31:
            first = max(draft.births[person] + int(18 * YEAR), YEAR_START[2006])
            last = DAY_NUMBER[person.death] if person.death else TODAY
            if first < last:
                _vehicle(draft, person, first + int(rng.random() ** 0.6 * (last - first)), rng.random(), _CARS)
    for firm in draft.block.firms:
        if firm.kind == "company" and firm.operating_unit is not None and rng.random() < 0.3:
            first = max(DAY_NUMBER[firm.founded_on], YEAR_START[2008])
            _vehicle(draft, firm, first + int(rng.random() * (TODAY - first)), rng.random(), _TRUCKS)


def _vehicle(draft: Draft, owner: Person | Firm, day: int, chance: float, models: tuple[str, ...]) -> None:
    green = day > YEAR_START[2017] and chance < 0.3
    plate = draft.issue.plate(green)
    if green:
        models = _GREEN_CARS
    scrapped = DAYS[day + 13 * 365] if day + 13 * 365 < TODAY and chance > 0.6 else ""
    draft.block.vehicles.append(Vehicle(draft.id("VE"), plate, owner, models[int(chance * 7919 % len(models))], DAYS[day], scrapped))


def open_accounts(draft: Draft) -> None:
    """Water and power everywhere, gas in most homes; some accounts still bear the name of a former owner."""
    rng = draft.rng("accounts")
    sold = {ownership.unit: ownership.owner for ownership in draft.block.ownerships if ownership.until}
    working: dict[Unit, Firm] = {
        firm.operating_unit: firm for firm in draft.block.firms if firm.operating_unit is not None and not firm.closed_on
    }
    for unit in draft.block.units:
        owners = draft.owners.get(unit)
        if not owners:
            continue
        holder: Person | Firm = owners[0]
        tenant = draft.tenants.get(unit)
        chance = rng.random()
        if tenant is not None and (isinstance(tenant, Firm) or chance < 0.2):
            holder = tenant
        elif chance > 0.85 and unit in sold:
            holder = sold[unit]
        pattern = _pattern(draft, unit, working, rng.random())
        utilities: tuple[Utility, ...] = ("water", "power")
        if unit.kind == "residential" and unit.use == "住宅" and (unit.site.kind != "village" or chance < 0.5):
            utilities = ("water", "power", "gas")
        opened = min(TODAY - 2, max(YEAR_START[min(2026, unit.built_year)] + 150, YEAR_START[1998]) + int(rng.random() * 900))
        for utility in utilities:
            _account(draft, unit, utility, holder, (opened, pattern, rng.random()))


def _pattern(draft: Draft, unit: Unit, working: dict[Unit, Firm], chance: float) -> str:
    if unit.kind == "residential":
        if unit.residents:
            return "home" if chance < 0.965 else "away" if chance < 0.992 else "leak" if chance < 0.9985 else "crypto"
        if chance < 0.04 and unit.built_year < 2026:
            draft.block.traps.append(Trap("empty_house_with_use", (unit.id,)))
            return "home"
        return "vacant"
    return "business" if unit in working else "shell"


def _account(draft: Draft, unit: Unit, utility: Utility, holder: Person | Firm, rest: tuple[int, str, float]) -> None:
    opened, pattern, chance = rest
    people = len(unit.residents) or 2
    if unit.kind == "residential":
        level = {"water": 3 * people, "power": 45 + 42 * people, "gas": 6 + 5 * people}[utility]
    elif unit.kind == "commercial":
        level = {"water": 12, "power": 600, "gas": 40}[utility] + int(unit.area * 1.5)
    else:
        level = {"water": 160, "power": 14000, "gas": 900}[utility] + int(unit.area * 2)
    number = _NUMBER_HEADS[utility] + draft.issue.eight(utility)
    draft.block.accounts.append(
        Account(draft.id("AC"), number, utility, unit, holder, DAYS[opened], "", max(1, int(level * (0.6 + chance * 0.8))), pattern)
    )
