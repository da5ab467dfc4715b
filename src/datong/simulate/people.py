"""Single people: number, name, sex, birth, schooling, phone, marks that one has for life."""

from __future__ import annotations

import random

from datong.simulate import names
from datong.simulate.draft import Draft
from datong.simulate.draw import DAYS, TODAY, table
from datong.simulate.model import Person, Sex, Trap

YEAR = 365.25
_SCHOOLING = (
    table([("未上学", 22), ("小学", 45), ("初中", 24), ("高中", 7), ("大专", 2)], 100),
    table([("小学", 16), ("初中", 48), ("高中", 18), ("中专", 9), ("大专", 6), ("本科", 3)], 100),
    table([("小学", 3), ("初中", 32), ("高中", 16), ("中专", 15), ("大专", 18), ("本科", 14), ("硕士", 2)], 100),
    table([("初中", 16), ("高中", 12), ("中专", 14), ("大专", 26), ("本科", 28), ("硕士", 4)], 100),
)
_TIBETAN_OR_UIGHUR = {"扎西·多吉·次仁": "藏族", "卓玛·央金·拉姆": "藏族"}


class PersonMaker:
    """Makes the people of one block."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.rng: random.Random = draft.rng("people")
        self.local = draft.county

    def make(self, male: bool, day: int, family_name: str = "", floating: bool = False) -> Person:
        """Somebody born about `day` (a day earlier when the number of that day is used up)."""
        rng, draft = self.rng, self.draft
        age = (TODAY - day) / YEAR
        outside = floating or (age > 20 and rng.random() < 0.12)
        origins = draft.issue.origins
        code = origins[int(rng.random() * len(origins))] if outside else self.local
        number, day = draft.issue.citizen_id(code, day, male)
        return self._person(number, day, male, family_name, draft.city.origins[code] if floating else "")

    def twin(self, sibling: Person) -> Person | None:
        """A twin of a child just made, when the numbers of the day allow one."""
        draft = self.draft
        code, day, male = sibling.citizen_id[:6], draft.births[sibling], sibling.sex == "male"
        if not draft.issue.may_be_twin(code, day, male) or code not in (self.local, *draft.issue.origins):
            return None
        number, _ = draft.issue.citizen_id(code, day, male, spread=False)
        found = self._person(number, day, male, names.family_name(sibling.name), sibling.native_address)
        if found.name == sibling.name:
            found.name = names.family_name(sibling.name) + ("晨" if sibling.name[-1] != "晨" else "曦")
        found.ethnicity = sibling.ethnicity
        draft.block.traps.append(Trap("twins", (sibling.id, found.id)))
        return found

    def _person(self, number: str, day: int, male: bool, family_name: str, native: str) -> Person:
        rng, draft = self.rng, self.draft
        rnd = rng.random
        sex: Sex = "male" if male else "female"
        birth = DAYS[day]
        age = int((TODAY - day) / YEAR)
        ethnicity = names.ethnicity(rng)
        name = (family_name or names.surname(rng)) + names.given(rng, sex, int(birth[:4]))
        if native and rnd() < (0.6 if native.startswith("新疆") else 0.012):
            dotted = names.DOTTED_NAMES[sex]
            name = dotted[int(rnd() * len(dotted))]
            ethnicity = _TIBETAN_OR_UIGHUR.get(name, "维吾尔族")
        person = Person(
            id=draft.id("P"),
            citizen_id=number,
            name=name,
            sex=sex,
            birth=birth,
            ethnicity=ethnicity,
            education=self._education(age, int(birth[:4])),
            phone=draft.issue.phone() if self._has_phone(age) else "",
            floating=bool(native),
            native_address=f"{native}{self._village()}" if native else "",
            insurance_no="C" + draft.issue.eight("insurance") if age >= 16 else "",
        )
        draft.births[person] = day
        draft.block.people.append(person)
        if rnd() < 0.012 and age > 16:
            self._rename(person, day)
        if "·" in name:
            draft.block.traps.append(Trap("dotted_name", (person.id,)))
        elif not name.isascii() and names.is_rare(name):
            draft.block.traps.append(Trap("rare_name", (person.id,)))
        return person

    def _has_phone(self, age: int) -> bool:
        chance = 0.97 if 14 <= age < 70 else 0.62 if age >= 70 else 0.35 if age > 9 else 0.0
        return self.rng.random() < chance

    def _education(self, age: int, year: int) -> str:
        if age < 6:
            return "未上学"
        if age < 12:
            return "小学"
        if age < 15:
            return "初中"
        if age < 18:
            return "高中"
        options = _SCHOOLING[min(3, names.generation(year))]
        found = options[int(self.rng.random() * len(options))]
        return "本科" if found == "硕士" and age < 24 else found

    def _village(self) -> str:
        rnd = self.rng.random
        town = ["城关", "大杨", "柳河", "马集", "新店", "王桥", "李庄", "三里", "白塔", "东关"][int(rnd() * 10)]
        return f"{town}镇{'张王李赵刘陈杨孙周吴'[int(rnd() * 10)]}{'庄楼集寨屯'[int(rnd() * 5)]}村{1 + int(rnd() * 200)}号"

    def _rename(self, person: Person, day: int) -> None:
        grown = day + int(10 * YEAR)
        if grown >= TODAY:
            return
        former = names.family_name(person.name) + names.given(self.rng, person.sex, int(person.birth[:4]))
        if former == person.name or "·" in person.name:
            return
        person.former_name = former
        person.renamed_on = DAYS[grown + int(self.rng.random() * (TODAY - grown))]
        self.draft.block.traps.append(Trap("renamed", (person.id,)))


def die(draft: Draft, person: Person, day: int) -> None:
    """Record that somebody died on a day number; the rows about it are written later."""
    person.death = DAYS[day]
    person.home = None
    if person.phone and TODAY - day > 400:
        person.phone = ""


def leave(person: Person, day: int) -> None:
    """Record that somebody left the city for good."""
    person.left = DAYS[day]
    person.home = None
