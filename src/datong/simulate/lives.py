"""Where people were registered and lived, year by year: earlier homes, household registers, stays, moves, births, deaths."""

from __future__ import annotations

from datong.simulate.draft import Draft, Family
from datong.simulate.draw import DAY_NUMBER, DAYS, TODAY, YEAR_START, age_on
from datong.simulate.model import (
    REFERENCE_DATE,
    Birth,
    Death,
    Household,
    Member,
    Move,
    Person,
    Registration,
    ResidencePermit,
    Stay,
    Trap,
    Unit,
)
from datong.simulate.people import YEAR

HOSPITALS = ("市东城医院", "市妇儿医院", "市第九人民医院", "高新区新城医院", "市中西医康复医院", "市北苑医院")
_PLACES = ("济南市历下区", "青岛市黄岛区", "潍坊市奎文区", "滨州市邹平市", "东营市东营区", "北京市朝阳区", "上海市浦东新区", "烟台市芝罘区")


def live(draft: Draft) -> None:
    """Write the histories of everybody in the block."""
    writer = _Writer(draft)
    writer.earlier_homes()
    for family in draft.families:
        writer.residents(family)
    writer.households()
    for family in draft.families:
        writer.stays(family)
    writer.births()
    writer.deaths()
    for person in draft.block.people:
        writer.without_family(person)


class _Writer:
    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.block = draft.block
        self.rng = draft.rng("lives")
        self.partner: dict[Person, tuple[Person, int]] = {}
        for marriage in draft.block.marriages:
            self.partner[marriage.husband] = (marriage.wife, DAY_NUMBER[marriage.on])
            self.partner[marriage.wife] = (marriage.husband, DAY_NUMBER[marriage.on])
        self._collective: Household | None = None
        self._of: dict[Person, Household] = {}

    def earlier_homes(self) -> None:
        """Some families lived in another home of the block until they moved; it was sold or let to those who live there now."""
        owners = sorted(
            (family for family in self.draft.families if not family.head.floating), key=lambda family: (family.since, family.home.id)
        )
        taken: set[str] = set()
        for place, family in enumerate(owners):
            if family.basis != "owner" or self.rng.random() > 0.34 or place + 1 >= len(owners):
                continue
            for _ in range(4):
                later = owners[place + 1 + int(self.rng.random() * (len(owners) - place - 1))]
                first = max(
                    YEAR_START[min(2025, later.home.built_year)] + 200, self.draft.births[family.head] + int(20 * YEAR), family.not_before
                )
                gap = family.since - first
                if later.basis == "owner" and later.home.id not in taken and gap > 400 and later.home.site.kind != "village":
                    taken.add(later.home.id)
                    family.earlier = later.home
                    family.earlier_since = family.since - min(gap, 300 + int(self.rng.random() * 10 * YEAR))
                    break

    def residents(self, family: Family) -> None:
        """Who is at home today."""
        for person in family.people:
            if not person.death and not person.left:
                person.home = family.home
                family.home.residents.append(person)

    # Household registers

    def households(self) -> None:
        """One register a local family; tenants of the place are on their parents' register or on a collective one."""
        later = []
        for family in self.draft.families:
            if family.head.floating:
                continue
            if family.basis == "owner":
                self._own_household(family)
            else:
                later.append(family)
        for family in later:
            self._join(family)

    def _own_household(self, family: Family) -> None:
        stays_behind = family.earlier is not None and self.rng.random() < 0.3
        unit = family.earlier if family.earlier is not None and stays_behind else family.home
        head = self._head(family)
        begun = family.earlier_since if family.earlier is not None else family.since
        household = self._household(unit, head, "家庭户", begun)
        family.household = household
        for person in family.people:
            self._enrol(household, person, begun, family)
        for person, day in family.past:
            self._enrol(household, person, begun, family, day)
        if stays_behind:
            self.block.traps.append(Trap("lives_elsewhere", (head.id, unit.id, family.home.id)))

    def _head(self, family: Family) -> Person:
        living = [person for person in family.people if not person.death and not person.left and age_on(person.birth, REFERENCE_DATE) >= 18]
        if family.head in living and self.rng.random() < 0.85:
            return family.head
        oldest = sorted(living, key=lambda person: person.birth)
        return oldest[0] if oldest else family.head

    def _household(self, unit: Unit, head: Person, kind: str, since: int) -> Household:
        household = Household(
            id=self.draft.id("H"),
            household_no="3" + self.draft.issue.eight("household"),
            unit=unit,
            head=head,
            kind=kind,
            since=DAYS[since],
        )
        self.block.households.append(household)
        return household

    def _join(self, family: Family) -> None:
        parents = next((self._of[parent] for parent in (family.head.father, family.head.mother) if parent in self._of), None)
        household = parents or self._collective_household(family)
        family.household = household
        for person in family.people:
            start = max(family.since, DAY_NUMBER[household.since])
            self._enrol(household, person, start, family)
        for person, day in family.past:
            if day > family.since:
                self._enrol(household, person, family.since, family, day)

    def _collective_household(self, family: Family) -> Household:
        """The talent office's collective register, at an office of the block."""
        if self._collective is None:
            offices = [unit for unit in self.block.units if unit.use == "办公"] or [family.home]
            self._collective = self._household(offices[0], family.head, "集体户", YEAR_START[2010])
        return self._collective

    def _enrol(self, household: Household, person: Person, begun: int, family: Family, gone: int = 0) -> None:
        """A person's lines on a register: before and after the family moved, until death, divorce or removal."""
        births = self.draft.births
        moved = family.since if family.earlier is not None and household.unit is family.home else 0
        since, how = max(begun, births[person]), "迁入"
        wedding = self.partner[person][1] if person in self.partner else 0
        if births[person] >= begun:
            how = "出生"
        elif wedding > since and person is not household.head and family.couple and person in family.couple:
            since, how = wedding, "婚迁"
        until, end = self._end(person, gone)
        if until and DAY_NUMBER[until] <= since:
            return
        spells = [(since, until)]
        units = [household.unit]
        if moved > since and (not until or moved < DAY_NUMBER[until]) and family.earlier is not None:
            spells, units = [(since, DAYS[moved]), (moved, until)], [family.earlier, household.unit]
        for place, (start, stop) in enumerate(spells):
            last = place == len(spells) - 1
            registration = Registration(
                id=self.draft.id("RG"),
                person=person,
                household=household,
                unit=units[place],
                since=DAYS[start],
                until=stop,
                how=how if place == 0 else "迁入",
                end=end if last else "迁出",
            )
            self.block.registrations.append(registration)
        household.members.append(Member(person, self.relation(household.head, person), DAYS[since], until))
        self._of[person] = household
        person.household, person.registered_unit = household, household.unit

    def _end(self, person: Person, gone: int) -> tuple[str, str]:
        """Until when, and why it ended. The register of someone who left often stays; that of some of the dead stays by neglect."""
        if gone:
            return DAYS[gone], "迁出"
        if person.death:
            return person.death, "死亡"
        if person.left and self.rng.random() < 0.4:
            return person.left, "迁出"
        return "", ""

    def relation(self, head: Person, person: Person) -> str:
        """What a person is to the head of the household."""
        male = person.sex == "male"
        if person is head:
            return "户主"
        if head in self.partner and self.partner[head][0] is person:
            return "配偶"
        spouse = self.partner[head][0] if head in self.partner else None
        for parent in (person.father, person.mother):
            if parent is not None and parent in (head, spouse):
                return "子" if male else "女"
            if parent is not None and head in (parent.father, parent.mother):
                return "孙子" if male else "孙女"
        if person is head.father:
            return "父亲"
        if person is head.mother:
            return "母亲"
        partner = self.partner[person][0] if person in self.partner else None
        if partner is not None and head in (partner.father, partner.mother):
            return "女婿" if male else "儿媳"
        if head.father is not None and head.father is person.father:
            return "兄弟姐妹"
        return "其他"

    # Stays and moves

    def stays(self, family: Family) -> None:
        """Where each member lived, and how she came and went."""
        births = self.draft.births
        leavers = [(person, self._gone(person)) for person in family.people] + list(family.past)
        for person, gone in leavers:
            begun = max(family.since, births[person])
            wedding = self.partner[person][1] if person in self.partner else 0
            if family.couple and person in family.couple and person is not family.head and wedding > begun:
                begun = wedding
            earlier = family.earlier
            if earlier is not None and births[person] < family.since and begun == family.since and (not gone or gone > family.since):
                start = max(family.earlier_since, births[person])
                if wedding > start and person is not family.head and family.couple and person in family.couple:
                    start = wedding
                if start < family.since:
                    self._stay(person, earlier, start, family.since, "owner" if person is family.head else "family")
                    self._move(person, earlier, family.home, "", family.since)
            if gone and gone <= begun:
                continue
            basis = family.basis if person is family.head or family.basis != "owner" else "family"
            self._stay(person, family.home, begun, gone, basis)
            if person.floating and begun > births[person]:
                self._move(person, None, family.home, person.native_address, begun)
                self._permit(person, family.home, begun)
            elif earlier is None and TODAY - begun < 8 * YEAR and begun == family.since and self.rng.random() < 0.25:
                self._move(person, None, family.home, _PLACES[int(self.rng.random() * len(_PLACES))], begun)
            if person.left and gone:
                self._move(person, family.home, None, _PLACES[int(self.rng.random() * len(_PLACES))], gone)

    def _gone(self, person: Person) -> int:
        day = person.death or person.left
        return DAY_NUMBER[day] if day else 0

    def _stay(self, person: Person, unit: Unit, since: int, until: int, basis: str) -> None:
        self.block.stays.append(Stay(self.draft.id("ST"), person, unit, DAYS[since], DAYS[until] if until else "", basis))

    def _move(self, person: Person, origin: Unit | None, target: Unit | None, place: str, day: int) -> None:
        self.block.moves.append(Move(self.draft.id("MV"), person, origin, target, place, DAYS[day]))

    def _permit(self, person: Person, unit: Unit, since: int) -> None:
        if person.death or person.left or age_on(person.birth, REFERENCE_DATE) < 16 or self.rng.random() > 0.76:
            return
        issued = since + int(self.rng.random() * max(1, min(200, TODAY - since)))
        while issued + 365 <= TODAY and self.rng.random() < 0.9:
            issued += 365
        permit = ResidencePermit(
            id=self.draft.id("RP"),
            permit_no=f"{self.draft.county}{DAYS[issued][:4]}{self.draft.issue.eight('residence permit')}",
            person=person,
            unit=unit,
            issued_on=DAYS[issued],
            expires_on=DAYS[issued + 365],
        )
        self.block.residence_permits.append(permit)

    # Births and deaths

    def births(self) -> None:
        """Births since 2021, with the certificate of the hospital."""
        for person in self.block.people:
            if person.birth < "2021-01-01" or person.floating:
                continue
            self.block.births.append(
                Birth(
                    id=self.draft.id("BI"),
                    certificate_no=f"{'RSTUVW'[int(person.birth[:4]) - 2021]}37{self.draft.issue.eight('birth')[1:]}",
                    child=person,
                    mother=person.mother,
                    father=person.father,
                    on=person.birth,
                    hospital="淄博" + HOSPITALS[int(self.rng.random() * len(HOSPITALS))],
                )
            )

    def deaths(self) -> None:
        """Every death; for some the household register was never told."""
        for person in self.block.people:
            if not person.death:
                continue
            day = DAY_NUMBER[person.death]
            told = day + 3 + int(self.rng.random() ** 2 * 90)
            cancelled = "" if told > TODAY or self.rng.random() < 0.08 else DAYS[told]
            burnt = day + 2 + int(self.rng.random() * 3)
            death = Death(
                id=self.draft.id("DE"),
                certificate_no=f"37{person.death[:4]}{self.draft.issue.eight('death')}",
                person=person,
                on=person.death,
                cancelled_on=cancelled,
                cremated_on=DAYS[min(TODAY, burnt)] if self.rng.random() < 0.9 else "",
            )
            self.block.deaths.append(death)
            if not cancelled:
                self.block.traps.append(Trap("dead_not_cancelled", (person.id,)))

    def without_family(self, person: Person) -> None:
        """Those who left before anybody wrote them into a family keep only their birth and marriages."""
        if person.home is None and not person.death and not person.left:
            person.left = DAYS[TODAY - 30]
