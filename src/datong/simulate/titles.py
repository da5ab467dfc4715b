"""Who owns the homes: titles with their history, purchases, mortgages, leases. Runs before firms; shops and works follow there."""

from __future__ import annotations

from datong.simulate.draft import Draft, Family
from datong.simulate.draw import DAY_NUMBER, DAYS, TODAY, YEAR_START
from datong.simulate.model import Firm, Lease, Mortgage, Ownership, Person, Purchase, Trap, Unit
from datong.simulate.people import YEAR

_BANKS = ("工贸银行", "农垦银行", "城乡建设银行", "齐源银行", "鲁中商业银行", "淄河农村商业银行", "交通储蓄银行", "邮电储蓄银行")


class Registry:
    """Writes titles, sales, mortgages and leases of one block; used for homes here and for business premises by the firms' step."""

    def __init__(self, draft: Draft, step: str) -> None:
        self.draft = draft
        self.block = draft.block
        self.rng = draft.rng(step)

    def own(self, unit: Unit, owners: list[Person | Firm], since: int, how: str, until: str = "") -> str:
        """Register a title; several owners share one certificate. Returns its number."""
        number = self.draft.issue.certificate(self.draft.title_place, DAYS[since])
        share = 100 // len(owners)
        for owner in owners:
            self.block.ownerships.append(Ownership(self.draft.id("OW"), number, unit, owner, share, DAYS[since], until, how))
        if not until:
            unit.certificate_no = number
        return number

    def buy(self, unit: Unit, buyer: Person | Firm, seller: Person | str, day: int) -> None:
        """A sale contract on record."""
        price = int(unit.area * (900 + max(0, day - YEAR_START[1995]) * 0.7) * (0.85 + self.rng.random() * 0.3)) // 100 * 100
        name, seller_id = (seller, "") if isinstance(seller, str) else (seller.name, seller.id)
        number = f"{DAYS[day][:4]}{self.draft.county}{self.draft.issue.eight('purchase')}"
        self.block.purchases.append(Purchase(self.draft.id("PU"), number, unit, buyer, name, seller_id, DAYS[day], price))
        if day > YEAR_START[2006] and self.rng.random() < 0.42:
            self._mortgage(unit, buyer, day, price)

    def _mortgage(self, unit: Unit, owner: Person | Firm, day: int, price: int) -> None:
        years = (10, 15, 20, 20, 30)[int(self.rng.random() * 5)]
        end = day + int(years * YEAR * (0.4 + self.rng.random() * 0.6))
        mortgage = Mortgage(
            id=self.draft.id("MO"),
            certificate_no=self.draft.issue.certificate(self.draft.title_place, DAYS[day], "不动产证明"),
            unit=unit,
            owner=owner,
            bank=_BANKS[int(self.rng.random() * len(_BANKS))] + "淄博分行",
            amount=int(price * (0.3 + self.rng.random() * 0.4)) // 1000 * 1000,
            since=DAYS[day],
            until=DAYS[end] if end <= TODAY else "",
        )
        self.block.mortgages.append(mortgage)

    def let(self, unit: Unit, landlord: Person | Firm, tenant: Person | Firm, since: int, until: int = 0) -> None:
        """A lease, renewed year by year; only the running (or last) contract is kept."""
        start, last = since, until or TODAY
        while start + 365 <= last:
            start += 365
        months = unit.area * (12 if unit.kind == "residential" else 28 if unit.kind == "commercial" else 9)
        lease = Lease(
            id=self.draft.id("LE"),
            contract_no=f"ZL{DAYS[start][:4]}{self.draft.issue.eight('lease')}",
            unit=unit,
            landlord=landlord,
            tenant=tenant,
            since=DAYS[start],
            until=DAYS[until or start + 364],
            rent=max(300, int(months * (0.7 + self.rng.random() * 0.6)) // 50 * 50),
            filed=self.rng.random() < 0.55,
        )
        self.block.leases.append(lease)
        if not until:
            self.draft.tenants[unit] = tenant


def register_homes(draft: Draft) -> None:
    """Titles of all homes: lived in by the owner, let, empty, or not yet sold."""
    registry = Registry(draft, "titles")
    sellers = {family.earlier: family for family in draft.families if family.earlier is not None}
    landlords = [family.head for family in draft.families if family.basis == "owner" and not family.head.death and not family.head.left]
    for family in draft.families:
        if family.basis == "owner":
            _owner_occupied(registry, family, sellers.get(family.home))
    for family in draft.families:
        if family.basis == "tenant" and landlords:
            _rented(registry, family, landlords)
    for unit in draft.vacant:
        _empty(registry, unit, landlords)


def _owner_occupied(registry: Registry, family: Family, before: Family | None) -> None:
    rng, draft, home = registry.rng, registry.draft, family.home
    owners, dead = _owners(registry, family)
    draft.owners[home] = owners
    since = max(YEAR_START[min(2025, home.built_year)] + 100, family.since - int(rng.random() * 300))
    if dead and DAY_NUMBER[owners[0].death] <= since:  # type: ignore[union-attr]
        owners[:] = [family.head]
        dead = False
    if before is not None:
        since = min(TODAY - 3, max(before.since + 1, since))
        registry.own(home, [before.head], before.earlier_since, "买卖", DAYS[since])
        registry.buy(home, before.head, home.site.developer or "淄博市房产管理处", max(1, before.earlier_since - 60))
        registry.buy(home, owners[0], before.head, since)
        registry.own(home, owners, since, "买卖")
    elif home.site.kind == "village":
        if rng.random() < 0.6:
            registry.own(home, owners[:1], max(since, YEAR_START[2019] + int(rng.random() * 2000)), "批准")
    else:
        _from_developer_or_family(registry, home, owners, since)
    if dead:
        registry.block.traps.append(Trap("owner_dead", (home.id, owners[0].id)))


def _from_developer_or_family(registry: Registry, home: Unit, owners: list[Person | Firm], since: int) -> None:
    chance = registry.rng.random()
    if chance < 0.06:
        return
    if chance < 0.11:
        registry.own(home, owners[:1], since, "继承")
    elif chance < 0.14:
        registry.own(home, owners[:1], since, "赠与")
    else:
        new = home.built_year + 3 >= int(DAYS[since][:4])
        registry.buy(home, owners[0], home.site.developer if new and home.site.developer else "王长海", max(1, since - 30))
        registry.own(home, owners, since, "买卖")


def _owners(registry: Registry, family: Family) -> tuple[list[Person | Firm], bool]:
    """The head, often with husband or wife; now and then still somebody who has died."""
    head = family.head
    grown = [person for person in family.people if not person.death and not person.left and person.birth < "2004"]
    first = head if head in grown or not grown else grown[0]
    dead = [person for person in family.people if person.death and person.marital_status != "single"]
    if dead and registry.rng.random() < 0.2:
        return [dead[0]], True
    if first.spouse is not None and first.spouse in family.people and family.married <= family.since and registry.rng.random() < 0.45:
        return [first, first.spouse], False
    return [first], False


def _rented(registry: Registry, family: Family, landlords: list[Person]) -> None:
    rng, home = registry.rng, family.home
    landlord = landlords[int(rng.random() * len(landlords))]
    registry.draft.owners[home] = [landlord]
    since = _title_day(registry, home, landlord, family.since)
    if since and rng.random() < 0.94:
        registry.own(home, [landlord], since, "批准" if home.site.kind == "village" else "买卖")
    registry.let(home, landlord, family.head, family.since)


def _title_day(registry: Registry, unit: Unit, owner: Person, latest: int) -> int:
    """A day between the owner's growing up or the building's completion and `latest`; 0 when there is none."""
    first = max(YEAR_START[min(2025, unit.built_year)] + 100, registry.draft.births[owner] + int(20 * YEAR))
    return first + int(registry.rng.random() * (latest - first)) if first < latest else 0


def _empty(registry: Registry, unit: Unit, landlords: list[Person]) -> None:
    """An empty home: a second home, or the developer's; those finished this summer are sold by contract, not yet registered."""
    rng = registry.rng
    if not landlords or rng.random() < 0.15:
        return
    owner = landlords[int(rng.random() * len(landlords))]
    registry.draft.owners[unit] = [owner]
    if unit.built_year == 2026:
        registry.buy(unit, owner, unit.site.developer, TODAY - 100 - int(rng.random() * 500))
        return
    since = _title_day(registry, unit, owner, TODAY - 10)
    if since and rng.random() < 0.9:
        if unit.site.kind != "village":
            registry.buy(unit, owner, unit.site.developer or "淄博市房产管理处", since)
        registry.own(unit, [owner], since, "批准" if unit.site.kind == "village" else "买卖")
