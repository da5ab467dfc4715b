"""Firms: who founded them, where they are on paper and where they really work, what became of them."""

from __future__ import annotations

from datong.simulate.draft import Draft
from datong.simulate.draw import DAY_NUMBER, DAYS, TODAY, YEAR_START, table
from datong.simulate.model import Firm, FirmAddress, FirmKind, Person, Trap, Unit
from datong.simulate.people import YEAR
from datong.simulate.titles import Registry
from datong.simulate.trades import Trade, trade_for, trade_name

_COMPANY_FORMS = table(
    [
        ("有限责任公司(自然人投资或控股)", 52),
        ("有限责任公司(自然人独资)", 36),
        ("有限责任公司(法人独资)", 6),
        ("股份有限公司", 3),
        ("合伙企业", 3),
    ],
    100,
)
_ENDINGS = {"股份有限公司": "股份有限公司", "合伙企业": "合伙企业(有限合伙)"}
_CAPITALS = (3, 5, 10, 10, 30, 50, 50, 100, 100, 100, 200, 300, 500, 500, 1000, 2000, 5000)
_HEADS = {"company": "91", "branch": "91", "sole_trader": "92", "cooperative": "93", "institution": "12", "association": "51"}
_OTHER_CITIES = ("济南", "青岛", "山东", "北京", "深圳")


def found(draft: Draft) -> None:
    """Fill the business premises with firms, and homes, desks and old addresses with the rest of them."""
    founder = _Founder(draft)
    total = max(4, round(draft.size / 14))
    places = [unit for unit in draft.block.units if unit.kind != "residential"]
    founder.rng.shuffle(places)
    houses = [family.home for family in draft.families if family.basis == "owner"]
    clustered = round(total * 0.07) if total > 40 else 0
    at_home, past = round(total * 0.12), round(total * 0.13)
    offices = [unit for unit in places if unit.use == "办公"]
    if clustered and offices:
        founder.cluster(offices[0], clustered)
        places.remove(offices[0])
    for unit in places[: max(1, total - clustered - at_home - past)]:
        founder.found(unit)
    for _ in range(at_home):
        if houses:
            founder.found(houses[int(founder.rng.random() * len(houses))])
    for _ in range(past):
        founder.closed(places[int(founder.rng.random() * len(places))])
    for unit in places:
        if unit not in draft.owners:
            founder.landlord(unit)
    founder.without_consent(houses, 2 if total > 40 else 0)


class _Founder:
    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.block = draft.block
        self.rng = draft.rng("firms")
        self.registry = Registry(draft, "business titles")
        people = draft.block.people
        self.people = [person for person in people if person.home and "1956" < person.birth < "2003"]
        self.people = self.people or [person for person in people if person.home]
        self._serial = draft.block.index * 200
        self._boss: dict[str, Firm] = {}

    def found(self, unit: Unit) -> Firm:
        """A firm of today at a unit."""
        rng = self.rng
        trade = trade_for(unit.use, rng.random())
        chance = rng.random()
        sole = chance < (0.72 if unit.use in ("商铺", "住宅") else 0.12 if unit.use == "办公" else 0.1)
        kind: FirmKind = "sole_trader" if sole else "branch" if chance > 0.965 else "company"
        if unit.site.kind == "village" and chance > 0.6:
            kind = "cooperative"
        elif unit.use == "办公" and chance > 0.93:
            kind = "association" if chance > 0.95 else "institution"
        person = self._founder_for(unit)
        since = self._day(unit, person)
        firm = self._firm(kind, trade, person, unit, since)
        self._right(firm, unit, since)
        self._status(firm)
        self._history(firm, since)
        return firm

    def cluster(self, unit: Unit, count: int) -> None:
        """Many small firms registered at one desk; few of them are ever seen there."""
        ids = []
        for _ in range(count):
            person = self.people[int(self.rng.random() * len(self.people))]
            since = max(self._day(unit, person), YEAR_START[2017])
            firm = self._firm("company", trade_for("办公", self.rng.random()), person, unit, min(since, TODAY - 5))
            firm.address_by_right = "lease"
            if self.rng.random() < 0.75:
                firm.operating_unit = None
            self._status(firm)
            ids.append(firm.id)
        self.draft.owners.setdefault(unit, [self.people[0]])
        self.block.traps.append(Trap("many_firms_one_room", (unit.id, *ids)))

    def closed(self, unit: Unit) -> None:
        """A firm that was once at a unit and is gone."""
        person = self.people[int(self.rng.random() * len(self.people))]
        since = self._day(unit, person)
        end = since + 60 + int(self.rng.random() ** 0.8 * max(1, TODAY - since - 61))
        if end > TODAY:
            return
        kind: FirmKind = "sole_trader" if self.rng.random() < 0.5 else "company"
        firm = self._firm(kind, trade_for(unit.use, self.rng.random()), person, unit, since)
        firm.status = "closed" if self.rng.random() < 0.7 else "revoked"
        firm.closed_on, firm.operating_unit = DAYS[end], None
        firm.tax_status = "注销" if firm.status == "closed" else "非正常"
        firm.address_by_right = "lease"

    def without_consent(self, houses: list[Unit], count: int) -> None:
        """Firms registered at the homes of people who know nothing of them."""
        for _ in range(min(count, len(houses))):
            unit = houses[int(self.rng.random() * len(houses))]
            strangers = [person for person in self.people if person.home is not unit]
            person = strangers[int(self.rng.random() * len(strangers))]
            firm = self._firm("company", trade_for("办公", self.rng.random()), person, unit, TODAY - 40 - int(self.rng.random() * 700))
            firm.address_by_right, firm.operating_unit = "none", None
            self.block.traps.append(Trap("firm_without_consent", (firm.id, unit.id)))

    def landlord(self, unit: Unit) -> None:
        """Business premises without a firm belong to somebody too."""
        owner = self.people[int(self.rng.random() * len(self.people))]
        self.draft.owners[unit] = [owner]
        self._title(unit, owner, TODAY - 20)

    # Parts

    def _founder_for(self, unit: Unit) -> Person:
        adults = [person for person in unit.residents if person.birth < "2003"]
        if unit.kind == "residential" and adults:
            return adults[0]
        return self.people[int(self.rng.random() * len(self.people))]

    def _day(self, unit: Unit, person: Person) -> int:
        first = max(YEAR_START[min(2025, unit.built_year)] + 120, self.draft.births[person] + int(20 * YEAR), YEAR_START[1992])
        return min(TODAY - 5, first + int((1 - self.rng.random() ** 2) * max(1, TODAY - 20 - first)))

    def _firm(self, kind: FirmKind, trade: Trade, person: Person, unit: Unit, since: int) -> Firm:
        rng, issue = self.rng, self.draft.issue
        founded = DAYS[since]
        code_county = self.draft.county
        name, form, parent = self._name(kind, trade)
        firm = Firm(
            id=self.draft.id("F"),
            kind=kind,
            name=name,
            form=form,
            credit_code=issue.credit_code(_HEADS[kind], code_county, founded),
            registration_no=issue.registration_no(code_county, founded) if kind in ("company", "branch", "sole_trader") else "",
            industry=trade.industry,
            scope=trade.scope,
            capital=float(_CAPITALS[int(rng.random() * len(_CAPITALS))])
            if kind not in ("sole_trader", "branch")
            else float(int(rng.random() * 20)),
            founded_on=founded,
            legal_representative=person,
            registered_unit=unit,
            operating_unit=unit,
            phone=person.phone or issue.phone(),
            status="active",
            addresses=[FirmAddress(unit, founded, "")],
            parent=parent,
        )
        self.block.firms.append(firm)
        self.draft.trades[firm] = trade
        return firm

    def _name(self, kind: FirmKind, trade: Trade) -> tuple[str, str, Firm | None]:
        rng, street = self.rng, self.draft.spot.street
        serial, self._serial = self._serial, self._serial + 1
        own = trade_name(self.block.seed, serial)
        place = street.zone or street.district
        if kind == "sole_trader":
            region = f"淄博{place}" if rng.random() < 0.6 else f"{place.removesuffix('区')}{street.name.removesuffix('街道')}"
            return f"{region}{own}{trade.shop}", "个体工商户", None
        if kind == "cooperative":
            return f"{street.district}{own}种植专业合作社", "农民专业合作社", None
        if kind == "institution":
            return f"淄博{place}{own}服务中心", "事业单位", None
        if kind == "association":
            return f"淄博{place}{own}协会", "社会团体", None
        companies = [firm for firm in self.block.firms if firm.kind == "company" and firm.status == "active"]
        if kind == "branch" and companies:
            parent = companies[int(rng.random() * len(companies))]
            return f"{parent.name}{own}分公司", "有限责任公司分公司", parent
        form = _COMPANY_FORMS[int(rng.random() * len(_COMPANY_FORMS))]
        region = ("淄博", "淄博", "淄博", "山东", f"淄博{place}")[int(rng.random() * 5)]
        ending = _ENDINGS.get(form, "有限公司")
        if rng.random() < 0.06:
            return f"{own}{trade.word}({region}){ending}", form, None
        return f"{region}{own}{trade.word}{ending}", form, None

    def _right(self, firm: Firm, unit: Unit, since: int) -> None:
        """By what right the firm is at its address: its own or its founder's premises, or a lease."""
        rng, owners = self.rng, self.draft.owners
        person = firm.legal_representative
        if unit.kind == "industrial":
            boss = self._boss.setdefault(unit.site.id, firm if firm.kind == "company" else None)  # type: ignore[arg-type]
            boss = boss or firm
            self._boss[unit.site.id] = boss
            owners[unit] = [boss]
            if boss is firm:
                self._title(unit, firm, since + 1)
            else:
                self._title(unit, boss, since + 1)
                firm.address_by_right = "lease"
                self.registry.let(unit, boss, firm, max(since - 10, DAY_NUMBER[boss.founded_on]))
            return
        if unit not in owners and rng.random() < 0.36:
            owners[unit] = [person]
            self._title(unit, person, since)
        if unit not in owners:
            owner = self.people[int(rng.random() * len(self.people))]
            owners[unit] = [owner]
            self._title(unit, owner, since)
        if person in owners[unit] or person in unit.residents:
            return
        firm.address_by_right = "lease"
        self.registry.let(unit, owners[unit][0], firm, since - 10)

    def _title(self, unit: Unit, owner: Person | Firm, latest: int) -> None:
        born = self.draft.births[owner] + int(20 * YEAR) if isinstance(owner, Person) else DAY_NUMBER[owner.founded_on]
        first = max(YEAR_START[min(2025, unit.built_year)] + 60, born)
        if first < latest and self.rng.random() < 0.92:
            self.registry.own(
                unit, [owner], first + int(self.rng.random() * (latest - first)), "首次登记" if unit.kind == "industrial" else "买卖"
            )

    def _status(self, firm: Firm) -> None:
        """Most go on; some cannot be found at their address, some were struck."""
        chance = self.rng.random()
        if chance < 0.035 or firm.operating_unit is None:
            firm.operating_unit = None
            firm.tax_status = "非正常" if self.rng.random() < 0.5 else "正常"
            firm.status = "abnormal" if self.rng.random() < 0.35 else "active"
            self.block.traps.append(Trap("shell_firm", (firm.id, firm.registered_unit.id)))
        elif chance < 0.055:
            firm.status = "abnormal"
        elif chance < 0.07:
            firm.status, firm.tax_status, firm.operating_unit = "revoked", "非正常", None
            firm.closed_on = DAYS[TODAY - 1 - int(self.rng.random() * min(1500, TODAY - DAY_NUMBER[firm.founded_on] - 2))]

    def _history(self, firm: Firm, since: int) -> None:
        """Moves, new names, and work done elsewhere than on paper."""
        rng = self.rng
        age = TODAY - since
        others = [unit for unit in self.block.units if unit.kind == firm.registered_unit.kind] if rng.random() < 0.2 else []
        if others and age > 800 and rng.random() < 0.5:
            former = others[int(rng.random() * len(others))]
            day = since + 200 + int(rng.random() * (age - 300))
            if former is not firm.registered_unit and YEAR_START[min(2025, former.built_year)] + 60 < since:
                firm.addresses = [FirmAddress(former, firm.founded_on, DAYS[day]), FirmAddress(firm.registered_unit, DAYS[day], "")]
                self.block.traps.append(Trap("firm_moved", (firm.id, former.id, firm.registered_unit.id)))
        elif others and firm.operating_unit is not None and firm.kind != "sole_trader":
            firm.operating_unit = others[int(rng.random() * len(others))]
        if age > 500 and rng.random() < 0.05 and firm.kind == "company":
            own = trade_name(self.block.seed, self._serial)
            self._serial += 1
            region = _OTHER_CITIES[0] if rng.random() < 0.1 else "淄博"
            firm.former_name = f"{region}{own}{self.draft.trades[firm].word}有限公司"
            firm.renamed_on = DAYS[since + 100 + int(rng.random() * (age - 200))]
            self.block.traps.append(Trap("firm_renamed", (firm.id,)))
