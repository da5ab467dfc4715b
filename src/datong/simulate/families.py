"""Families in homes: couples with children, three generations, the old alone, the divorced, tenants, dormitories."""

from __future__ import annotations

from datong.simulate.draft import Draft, Family
from datong.simulate.draw import DAYS, TODAY, YEAR_START, table
from datong.simulate.model import Marriage, Person, Trap, Unit
from datong.simulate.names import family_name
from datong.simulate.people import YEAR, PersonMaker, die, leave

_TOWN = table(
    [
        ("couple", 36),
        ("three", 12),
        ("old_couple", 12),
        ("young_couple", 7),
        ("old_single", 5),
        ("young_single", 6),
        ("parent", 5),
        ("left_behind", 1),
        ("guests", 10),
        ("sharers", 6),
    ],
    100,
)
_VILLAGE = table(
    [("couple", 34), ("three", 24), ("old_couple", 20), ("old_single", 9), ("left_behind", 4), ("parent", 3), ("guests", 6)], 100
)


def settle(draft: Draft) -> None:
    """Put families into homes until the block has its living residents; what is left stays vacant."""
    settler = _Settler(draft)
    homes = [unit for unit in draft.block.units if unit.kind == "residential" and unit.use == "住宅" and unit.built_year < 2026]
    settler.rng.shuffle(homes)
    rooms = [unit for unit in draft.block.units if unit.use == "宿舍"]
    for room in rooms:
        settler.dormitory(room, 3 + int(settler.rng.random() * 5))
    for home in homes:
        if settler.left <= 0 or settler.rng.random() < 0.05:
            draft.vacant.append(home)
        else:
            settler.family(home)
    settler.fill()
    draft.vacant += [unit for unit in draft.block.units if unit.kind == "residential" and unit.built_year == 2026]


class _Settler:
    """Makes one family a home."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.rng = draft.rng("families")
        self.people = PersonMaker(draft)
        self.left = draft.size
        self._waiting: list[tuple[Person, int]] = []
        self._elders: list[tuple[Person, Person, int]] = []

    # One family

    def family(self, home: Unit) -> None:
        """One family in one home, never more people than are still wanted."""
        village = home.site.kind == "village"
        kinds = _VILLAGE if village else _TOWN
        kind = kinds[int(self.rng.random() * len(kinds))]
        if self.left < 8:
            kind = "young_single" if self.left % 2 or self.left < 2 else "old_couple"
        if kind in ("young_single", "old_single") and self._waiting:
            self._single_again(home)
            return
        getattr(self, f"_{kind}")(home)

    def _couple(self, home: Unit) -> None:
        family = self._pair(home, 25 + self.rng.random() * 31, elders=True)
        self._children(family, 1 + (self.rng.random() < 0.42))
        self._first_marriage(family)

    def _young_couple(self, home: Unit) -> None:
        self._pair(home, 24 + self.rng.random() * 7, elders=True)

    def _three(self, home: Unit) -> None:
        family = self._pair(home, 24 + self.rng.random() * 22)
        husband = family.head
        self._children(family, 1 + (self.rng.random() < 0.5))
        birth = self.draft.births[husband]
        mother = self._made(False, birth - int((23.5 + self.rng.random() * 9.5) * YEAR))
        father = self._made(True, self.draft.births[mother] - int((self.rng.random() * 4 - 1) * YEAR), family_name(husband.name))
        wed = self._wedding_day(father, mother, birth - 280)
        husband.father, husband.mother = father, mother
        marriage = self._marry(father, mother, wed)
        family.people += [father, mother]
        self.left -= 2
        for parent in (father, mother):
            age = (TODAY - self.draft.births[parent]) / YEAR
            if self.rng.random() < max(0.05, (age - 62) / 36):
                self._bury(family, parent, marriage)
                break

    def _old_couple(self, home: Unit) -> None:
        family = self._pair(home, 58 + self.rng.random() * 24)
        husband, wife = family.couple or (family.head, family.head)
        self._elders.append((husband, wife, family.married))

    def _old_single(self, home: Unit) -> None:
        family = self._pair(home, 64 + self.rng.random() * 24)
        husband, wife = family.couple or (family.head, family.head)
        gone, stays = (husband, wife) if self.rng.random() < 0.7 else (wife, husband)
        self._bury(family, gone, self.draft.block.marriages[-1])
        family.head = stays

    def _young_single(self, home: Unit) -> None:
        person = self._namesake() or self._made(self.rng.random() < 0.52, self._day(22 + self.rng.random() * 15))
        self._house(home, [person], person, "tenant" if self.rng.random() < 0.2 and home.site.kind != "village" else "owner")
        self.left -= 1

    def _parent(self, home: Unit) -> None:
        family = self._pair(home, 30 + self.rng.random() * 18)
        self._children(family, 1)
        husband, wife = family.couple or (family.head, family.head)
        gone, stays = (husband, wife) if self.rng.random() < 0.75 else (wife, husband)
        marriage = self.draft.block.marriages[-1]
        family.head = stays
        if self.rng.random() < 0.2:
            self._bury(family, gone, marriage)
            return
        first = max(family.married + 200, family.since, *(self.draft.births[person] for person in family.people))
        day = min(TODAY - 2, first + 20 + int(self.rng.random() * max(1, TODAY - first - 30)))
        self._divorce(marriage, day)
        family.people.remove(gone)
        family.past.append((gone, day))
        family.couple = None
        self.left += 1
        self._waiting.append((gone, day))

    def _left_behind(self, home: Unit) -> None:
        """Old people with a grandchild whose parents have gone to another city."""
        family = self._pair(home, 55 + self.rng.random() * 10)
        grandfather, grandmother = family.couple or (family.head, family.head)
        if self.left < 1:
            return
        son = self._made(True, self.draft.births[grandmother] + int((22 + self.rng.random() * 6) * YEAR), family_name(grandfather.name))
        son.father, son.mother = grandfather, grandmother
        day = min(TODAY - 40, self.draft.births[son] + int((23 + self.rng.random() * 3) * YEAR))
        child = self._made(
            self.rng.random() < 0.52, min(TODAY - 30, day + 30 + int(self.rng.random() * 8 * YEAR)), family_name(grandfather.name)
        )
        child.father = son
        if self.draft.births[child] >= TODAY - 10 or self.draft.births[child] - self.draft.births[son] < 20 * YEAR:
            child.father = None
        family.people += [son, child]
        leave(son, max(self.draft.births[child] + 5, min(TODAY - 3, family.since + 30)))
        self.left -= 1

    def _guests(self, home: Unit) -> None:
        """A family from elsewhere that rents."""
        family = self._pair(home, 24 + self.rng.random() * 24, floating=True)
        if self.rng.random() < 0.55:
            self._children(family, 1)

    def _sharers(self, home: Unit) -> None:
        """Two to four young people from elsewhere who share a rented home."""
        self._strangers(home, min(self.left, 2 + int(self.rng.random() * 3)), "tenant")

    def dormitory(self, room: Unit, beds: int) -> None:
        """Workers in a dormitory room."""
        if self.left > 0:
            self._strangers(room, min(self.left, beds), "dormitory")

    def _strangers(self, home: Unit, count: int, basis: str) -> None:
        male = self.rng.random() < 0.6
        people = [self._made(male, self._day(18 + self.rng.random() * 22), floating=True) for _ in range(count)]
        if count > 1 and self.rng.random() < 0.02 and "·" not in people[0].name:
            people[1].name = people[0].name
            self.draft.block.traps.append(Trap("namesakes_in_house", (people[0].id, people[1].id)))
        self._house(home, people, people[0], basis)
        self.left -= count

    def _single_again(self, home: Unit) -> None:
        person, day = self._waiting.pop(0)
        family = self._house(home, [person], person, "tenant" if self.rng.random() < 0.4 and home.site.kind != "village" else "owner")
        family.since = max(family.since, day)
        family.not_before = day
        self.left -= 1

    def fill(self) -> None:
        """After the last home: those who wait for one leave the city, those still wanted join shared rooms."""
        for person, day in self._waiting:
            leave(person, max(day, TODAY - 900 + int(self.rng.random() * 600)) if day < TODAY - 5 else TODAY - 1)
        shared = [family for family in self.draft.families if family.people[0].floating and family.basis != "owner"]
        while self.left > 0 and self.draft.families:
            family = shared[self.left % len(shared)] if shared else self.draft.families[self.left % len(self.draft.families)]
            person = self._made(self.rng.random() < 0.6, self._day(18 + self.rng.random() * 22), floating=True)
            family.people.append(person)
            self.left -= 1

    # Parts of a family

    def _day(self, age: float) -> int:
        return TODAY - int(age * YEAR) - 1

    def _made(self, male: bool, day: int, family_name: str = "", floating: bool = False) -> Person:
        return self.people.make(male, min(day, TODAY - 1), family_name, floating)

    def _pair(self, home: Unit, age: float, floating: bool = False, elders: bool = False) -> Family:
        """A married couple; the husband is the child of an old couple of the block where one fits."""
        rng = self.rng
        wife = self._made(False, self._day(age), floating=floating)
        births = self.draft.births
        day = births[wife] - int((rng.random() * 6 - 1.5) * YEAR)
        parents = self._fitting_elders(day) if elders and not floating and rng.random() < 0.5 else None
        husband = self._made(True, day, family_name(parents[0].name) if parents else "", floating)
        if parents:
            husband.father, husband.mother = parents[0], parents[1]
            husband.ethnicity = parents[0].ethnicity
        wed = self._wedding_day(husband, wife, TODAY - 5)
        basis = "tenant" if floating or (rng.random() < 0.04 and home.site.kind != "village") else "owner"
        family = self._house(home, [husband, wife], husband, basis)
        family.couple, family.married = (husband, wife), wed
        self._marry(husband, wife, wed)
        self.left -= 2
        return family

    def _fitting_elders(self, day: int) -> tuple[Person, Person] | None:
        for place, (father, mother, wed) in enumerate(self._elders):
            if wed + 270 <= day and 20 * YEAR <= day - self.draft.births[mother] <= 42 * YEAR:
                self._elders.pop(place)
                return father, mother
        return None

    def _wedding_day(self, husband: Person, wife: Person, latest: int) -> int:
        births = self.draft.births
        lawful = max(births[husband] + int(22 * YEAR), births[wife] + int(20 * YEAR)) + 1
        if lawful >= latest:
            return latest
        return min(latest, lawful + int(self.rng.random() ** 1.6 * 9 * YEAR))

    def _marry(self, husband: Person, wife: Person, day: int) -> Marriage:
        draft = self.draft
        year = DAYS[day][:4]
        marriage = Marriage(
            id=draft.id("MA"),
            certificate_no=f"J{draft.county}-{year}-{draft.issue.serial('marriage') % 10**6:06d}",
            husband=husband,
            wife=wife,
            on=DAYS[day],
            ended_on="",
            ended_by="",
            divorce_no="",
        )
        husband.spouse, wife.spouse = wife, husband
        husband.marital_status = wife.marital_status = "married"
        draft.block.marriages.append(marriage)
        return marriage

    def _divorce(self, marriage: Marriage, day: int) -> None:
        draft = self.draft
        marriage.ended_on, marriage.ended_by = DAYS[day], "divorce"
        marriage.divorce_no = f"L{draft.county}-{DAYS[day][:4]}-{draft.issue.serial('divorce') % 10**6:06d}"
        for person in (marriage.husband, marriage.wife):
            person.spouse, person.marital_status = None, "divorced"

    def _first_marriage(self, family: Family) -> None:
        """Now and then the husband was married before: that wife lives elsewhere or has gone."""
        if self.rng.random() > 0.06 or family.couple is None:
            return
        husband, wife = family.couple
        lawful = self.draft.births[husband] + int(22 * YEAR)
        if family.married - lawful < 900:
            return
        former = self._made(False, self.draft.births[husband] + int(self.rng.random() * 2 * YEAR) - 200)
        wed = max(lawful, self.draft.births[former] + int(20 * YEAR) + 1)
        if family.married - wed < 500:
            leave(former, TODAY - 30)
            return
        end = wed + 200 + int(self.rng.random() * (family.married - wed - 260))
        marriage = self._marry(husband, former, wed)
        self._divorce(marriage, end)
        husband.spouse, husband.marital_status = wife, "married"
        self._waiting.append((former, end))
        self.draft.block.traps.append(Trap("remarried", (husband.id, wife.id, former.id)))

    def _children(self, family: Family, wanted: int) -> None:
        """Children after the wedding; the grown ones have mostly left home, so that only some are there to be seen."""
        husband, wife = family.couple or (family.head, family.head)
        births, rng = self.draft.births, self.rng
        day = family.married + 240 + int(rng.random() ** 1.3 * 4 * YEAR)
        while wanted > 0 and self.left > 0 and day < TODAY - 2 and day - births[wife] < 45 * YEAR:
            wanted -= 1
            grown = (TODAY - day) / YEAR > 24
            if not grown or rng.random() < 0.18:
                child = self._child(family, husband, wife, day)
                if grown and rng.random() < 0.4:
                    leave(child, max(family.since + 5, births[child] + int(18 * YEAR + rng.random() * 5 * YEAR)))
                    self.left += 1
                elif rng.random() < 0.03 and self.left > 0 and (twin := self.people.twin(child)) is not None:
                    self._bear(family, twin, husband, wife)
            day += int((1.5 + rng.random() * 6) * YEAR)

    def _child(self, family: Family, father: Person, mother: Person, day: int) -> Person:
        male = self.rng.random() < 0.525
        child = self._made(male, day, family_name(father.name), floating=father.floating)
        if "·" not in child.name and male and not father.floating and self.rng.random() < 0.004 and "·" not in father.name:
            child.name = father.name
            self.draft.block.traps.append(Trap("father_and_son", (father.id, child.id)))
        self._bear(family, child, father, mother)
        return child

    def _bear(self, family: Family, child: Person, father: Person, mother: Person) -> None:
        child.father, child.mother = father, mother
        child.native_address = father.native_address
        child.ethnicity = father.ethnicity
        family.people.append(child)
        self.left -= 1

    def _bury(self, family: Family, person: Person, marriage: Marriage) -> None:
        """Somebody of the family died while living there; the marriage ends with it."""
        latest = max([family.since + 20, self.draft.births[person] + int(25 * YEAR), family.married + 20])
        latest = max([latest, *(self.draft.births[child] for child in family.people if child.father is person or child.mother is person)])
        earliest = max(latest, TODAY - int(12 * YEAR))
        if earliest >= TODAY - 5:
            return
        day = earliest + int(self.rng.random() * (TODAY - 4 - earliest))
        die(self.draft, person, day)
        marriage.ended_on, marriage.ended_by = DAYS[day], "death"
        survivor = marriage.wife if person is marriage.husband else marriage.husband
        survivor.marital_status, survivor.spouse = "widowed", None
        person.spouse = None
        if family.couple and person in family.couple:
            family.couple = None
        self.left += 1

    def _house(self, home: Unit, people: list[Person], head: Person, basis: str) -> Family:
        """The family moves in some day after the house was built and the head grown up."""
        births = self.draft.births
        built = YEAR_START[min(2025, home.built_year)] + 200
        span = 3 if basis != "owner" else 40
        first = max(built, births[head] + int(20 * YEAR), TODAY - int(span * YEAR))
        since = min(TODAY - 8, first + int(self.rng.random() ** 1.3 * max(1, TODAY - 30 - first)))
        family = Family(home, people, head, since, basis)
        self.draft.families.append(family)
        return family

    def _namesake(self) -> Person | None:
        """Once in a while: somebody with the name and the birth day of another in the block."""
        people = self.draft.block.people
        if self.rng.random() > 0.12 or len(people) < 20:
            return None
        other = people[int(self.rng.random() * len(people))]
        day = self.draft.births[other]
        if (
            not 20 < (TODAY - day) / YEAR < 60
            or "·" in other.name
            or not self.draft.issue.may_be_twin(self.people.local, day, other.sex == "male")
        ):
            return None
        found = self._made(other.sex == "male", day)
        if self.draft.births[found] != day:
            return found
        found.name, found.former_name, found.renamed_on = other.name, "", ""
        self.draft.block.traps.append(Trap("namesakes_born_same_day", (other.id, found.id)))
        return found
