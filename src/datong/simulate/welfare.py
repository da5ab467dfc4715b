"""What people get: allowances, disability cards, places at school, hospital stays."""

from __future__ import annotations

from datong.simulate.draft import Draft
from datong.simulate.draw import DAY_NUMBER, DAYS, TODAY, age_on, table
from datong.simulate.lives import HOSPITALS
from datong.simulate.model import REFERENCE_DATE, Allowance, Disability, Guardianship, Person, Pupil, School, Treatment

_DISABILITIES = (("视力", "1"), ("听力", "2"), ("言语", "3"), ("肢体", "4"), ("智力", "5"), ("精神", "6"), ("多重", "7"))
_KINDS = table([(0, 12), (1, 16), (2, 3), (3, 46), (4, 9), (5, 10), (6, 4)], 100)
_STEMS = ("实验", "第一", "第二", "中心", "世纪", "育才", "文华", "齐鲁")
_ENDINGS = {"幼儿园": "幼儿园", "小学": "小学", "初中": "中学", "高中": "高级中学"}
_GRADES = "一二三四五六"
_ILLS = table(
    [
        (("脑梗死", "I63.9", 14000), 17),
        (("冠状动脉粥样硬化性心脏病", "I25.1", 18000), 14),
        (("2型糖尿病", "E11.9", 7000), 12),
        (("高血压3级", "I10.x", 5200), 11),
        (("肺炎", "J18.9", 5600), 10),
        (("腰椎间盘突出", "M51.2", 9000), 9),
        (("支气管肺癌", "C34.9", 52000), 6),
        (("胃恶性肿瘤", "C16.9", 48000), 4),
        (("慢性肾脏病5期", "N18.5", 61000), 3),
        (("股骨颈骨折", "S72.0", 38000), 5),
        (("急性阑尾炎", "K35.8", 11000), 5),
        (("老年性白内障", "H25.9", 6800), 4),
    ],
    200,
)


def provide(draft: Draft) -> None:
    """Cards and allowances first, because they decide what care costs."""
    rng = draft.rng("welfare")
    living = [person for person in draft.block.people if person.home is not None]
    for person in living:
        age = age_on(person.birth, REFERENCE_DATE)
        if not person.floating and rng.random() < (0.012 if age < 50 else 0.034):
            _card(draft, person, rng.random(), rng.random())
    _guardians(draft)
    poor = _allowances(draft)
    _schools(draft, living)
    for person in living:
        age = age_on(person.birth, REFERENCE_DATE)
        if rng.random() < (0.02 if age < 40 else 0.05 if age < 60 else 0.15):
            _treatment(draft, person, person in poor, rng.random(), rng.random())


def _card(draft: Draft, person: Person, kind: float, chance: float) -> None:
    word, digit = _DISABILITIES[_KINDS[int(kind * len(_KINDS))]]
    level = 1 + int(chance * 4)
    person.disability_level = level
    first = max(draft.births[person] + 400, DAY_NUMBER["2009-01-01"])
    if first < TODAY:
        issued = DAYS[first + int(kind * 7919 % 1 * (TODAY - first))]
        draft.block.disabilities.append(Disability(draft.id("DI"), f"{person.citizen_id}{digit}{level}", person, word, level, issued))
    else:
        person.disability_level = 0


def _guardians(draft: Draft) -> None:
    """Adults whose mind is impaired and for whom a court has named a spouse or a parent; some have their capacity back."""
    rng = draft.rng("guardians")
    for card in draft.block.disabilities:
        ward = card.person
        near = (ward.spouse, ward.mother, ward.father)
        guardian = next((one for one in near if one is not None and not one.death and not one.left), None)
        first = max(DAY_NUMBER[card.issued_on], draft.births[ward] + 18 * 366) + 60
        if card.kind not in ("智力", "精神", "多重") or guardian is None or ward.death or first >= TODAY - 60 or rng.random() > 0.8:
            continue
        since = first + int(rng.random() * (TODAY - 30 - first))
        until = DAYS[since + 1 + int(rng.random() * (TODAY - since - 1))] if rng.random() < 0.15 else ""
        number = draft.id("GU")
        case_no = f"（{DAYS[since][:4]}）鲁{draft.county[:4]}民特{int(number[2:])}号"
        capacity = "none" if card.level <= 2 else "limited"
        draft.block.guardianships.append(Guardianship(number, case_no, ward, guardian, capacity, DAYS[since], until))


def _allowances(draft: Draft) -> set[Person]:
    """Families with few who earn, more often in villages and with a disabled member; a few were stopped."""
    rng = draft.rng("allowances")
    poor: set[Person] = set()
    for household in draft.block.households:
        members = [member.person for member in household.members if not member.until and not member.person.death and not member.person.left]
        earning = sum(1 for person in members if person.employer is not None)
        weak = any(person.disability_level for person in members)
        if household.kind != "家庭户" or not members or household.head.death or household.head.left:
            continue
        if rng.random() >= (0.2 if weak and not earning else 0.035 if not earning else 0.003):
            continue
        village = household.unit.site.kind == "village"
        alone = len(members) == 1 and members[0].birth < "1966" and members[0].marital_status == "single"
        first = max(DAY_NUMBER[household.since] + 30, DAY_NUMBER["2012-01-01"])
        if first >= TODAY - 40:
            continue
        since = first + int(rng.random() * (TODAY - 30 - first))
        stopped = DAYS[since + int(rng.random() * (TODAY - since))] if rng.random() < 0.15 else ""
        kind = "特困供养" if alone else "农村低保" if village else "城市低保"
        number = f"{draft.county}{DAYS[since][:4]}{draft.issue.eight('allowance')}"
        allowance = Allowance(
            draft.id("AL"),
            number,
            household,
            household.head,
            len(members),
            kind,
            len(members) * (760 if village else 1008),
            DAYS[since],
            stopped,
        )
        draft.block.allowances.append(allowance)
        if not stopped:
            poor.update(members)
    return poor


def _schools(draft: Draft, living: list[Person]) -> None:
    street = draft.spot.street
    place = street.zone or street.district
    schools: dict[str, list[School]] = {}
    for stage, number in (("幼儿园", 3), ("小学", 2), ("初中", 1), ("高中", 1)):
        for turn in range(number):
            stem = _STEMS[(street.rank + turn * 3) % len(_STEMS)]
            town = street.name.removesuffix("街道") if stage in ("幼儿园", "小学") else ""
            code = f"SC{street.code if town else street.district_code}{stage_code(stage)}{turn}"
            schools.setdefault(stage, []).append(School(code, f"淄博{place}{town}{stem}{_ENDINGS[stage]}", stage, street.district))
    draft.block.schools = [school for options in schools.values() for school in options]
    rng = draft.rng("schools")
    for person in living:
        years = age_on(person.birth, "2026-08-31")
        if not 3 <= years <= 17 or rng.random() > 0.97 or (years > 14 and rng.random() > 0.68):
            continue
        stage, first = ("幼儿园", 3) if years < 6 else ("小学", 6) if years < 12 else ("初中", 12) if years < 15 else ("高中", 15)
        options = schools[stage]
        person.school = options[int(rng.random() * len(options))]
        grade = ("小班", "中班", "大班")[years - 3] if stage == "幼儿园" else f"{stage}{_GRADES[years - first]}年级"
        guardian = next((parent for parent in (person.mother, person.father) if parent is not None and not parent.death), None)
        since = f"{2026 - (years - first)}-09-01"
        draft.block.pupils.append(Pupil(draft.id("PL"), f"G{person.citizen_id}", person, person.school, grade, since, guardian))


def stage_code(stage: str) -> str:
    """One digit for a stage of schooling, in a school's id."""
    return str(("幼儿园", "小学", "初中", "高中").index(stage) + 1)


def _treatment(draft: Draft, person: Person, poor: bool, first: float, second: float) -> None:
    diagnosis, icd, usual = _ILLS[int(first * len(_ILLS))]
    born = draft.births[person]
    day = max(born, TODAY - 20 - int(second * 700))
    total = int(usual * (0.5 + first * 7919 % 1 * 1.4))
    insurance = int(total * (0.48 + second * 0.24))
    critical = int(max(0, total - insurance - 12000) * 0.6)
    aid = int((total - insurance - critical) * 0.7) if poor else 0
    stay = Treatment(
        id=draft.id("TR"),
        settlement_no=f"3703{DAYS[day][:4]}{draft.issue.eight('settlement')}",
        person=person,
        hospital="淄博" + HOSPITALS[int(second * 7919 % 1 * len(HOSPITALS))],
        diagnosis=diagnosis,
        icd10=icd,
        admitted_on=DAYS[day],
        discharged_on=DAYS[min(TODAY, day + 3 + int(first * 15))],
        total=total,
        insurance=insurance,
        critical=critical,
        aid=aid,
    )
    draft.block.treatments.append(stay)
