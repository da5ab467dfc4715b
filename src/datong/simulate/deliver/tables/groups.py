"""Tables about groups of people: pupils, teachers, disabled people, veterans, members of village collectives, drivers, debtors."""

from __future__ import annotations

from collections.abc import Iterator

from datong.simulate.deliver.clerk import Clerk, age, here, later, running
from datong.simulate.deliver.row import Row, Value, table
from datong.simulate.deliver.words import DISABILITY_NUMBER, LEVELS, SEX, SEX_NUMBER, ethnicity_number, long_education
from datong.simulate.draw import DAYS, TODAY
from datong.simulate.identity import scatters
from datong.simulate.model import Block, Person, Unit

_DEVICES = ("轮椅", "助听器", "拐杖", "护理床", "助视器", "假肢")
_VETERAN_KINDS = ("退役士兵", "复员军人", "转业干部")
_SUBJECTS = ("语文", "数学", "英语", "物理", "化学", "体育", "音乐", "美术", "幼儿教育")
_QUALIFICATIONS = ("普通货物运输驾驶员", "网约车驾驶员", "出租车驾驶员", "公交驾驶员", "危险货物运输押运员")


def _home(unit: Unit | None) -> dict[str, str]:
    return {"home": unit.id} if unit else {}


@table("edu_school", "学校标识码 学校名称 办学类型 统一社会信用代码 校长 所在区县 联系电话 在校生数", care=0.3, title="各级各类学校名录")
def schools(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Schools, each once although children of several blocks go there."""
    for school in block.schools:
        if school.id in clerk.seen:
            continue
        clerk.seen.add(school.id)
        number = scatters(block.seed).eight(len(clerk.seen))
        values: tuple[Value, ...] = (
            school_code(school.id), school.name, school.stage, "", "", school.district, f"0533-{number % 10**7:07d}",
            str(clerk.rng.randrange(300, 2400)),
        )  # fmt: skip
        yield Row(values, {"organisation": school.id})


def school_code(world_id: str) -> str:
    """A school's number in the education department."""
    return f"3137{world_id}"


@table(
    "edu_pupil",
    "学籍号 学生姓名 身份证件号 性别 出生日期 民族 学校名称 学校标识码 年级 班级 入学年月 家庭地址 家长姓名 家长身份证件号 家长电话",
    care=0.8,
    dates="plain",
    again="new_column",
)
def pupils(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Pupils with the parent whom the school calls."""
    for pupil in block.pupils:
        person, guardian = pupil.person, pupil.guardian
        about = {"person": person.id, "school": pupil.school.id} | ({"parent": guardian.id} if guardian else {}) | _home(person.home)
        parent: tuple[Value, Value, Value] = ("", "", "")
        if guardian:
            parent = (clerk.name(guardian), guardian.citizen_id, clerk.phone(guardian))
        values = (
            pupil.pupil_no, clerk.name(person), person.citizen_id, SEX[person.sex], person.birth, ethnicity_number(person.ethnicity),
            pupil.school.name, school_code(pupil.school.id), pupil.grade, str(clerk.rng.randrange(1, 9)), pupil.since,
            clerk.address(person.home), *parent,
        )  # fmt: skip
        yield Row(values, about)


@table("edu_teacher", "教师编号 姓名 身份证号 性别 出生年月 学历 任教学校 任教学科 入职日期 手机号码", care=0.6, dates="dots")
def teachers(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Teachers: graduates without another employer."""
    for person in block.people:
        graduate = person.education in ("大专", "本科", "硕士") and 23 <= age(person) < 60
        if not block.schools or not graduate or person.employer or not here(person) or not clerk.sometimes(0.35):
            continue
        school = clerk.rng.choice(block.schools)
        values = (
            clerk.number("JS"), clerk.name(person), person.citizen_id, SEX[person.sex], person.birth, long_education(person.education),
            school.name, clerk.rng.choice(_SUBJECTS), max(later(person.birth, 23 * 365), DAYS[TODAY - clerk.rng.randrange(400, 9000)]),
            clerk.phone(person),
        )  # fmt: skip
        yield Row(values, {"person": person.id, "organisation": school.id})


@table(
    "disabled_card",
    "残疾人证号 姓名 公民身份号码 性别 残疾类别 残疾等级 户籍地址 现住址 监护人 联系电话 发证日期 有效期至",
    care=0.5,
    again="full",
)
def disability_cards(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Disability cards."""
    for card in block.disabilities:
        person = card.person
        if not here(person):
            continue
        guardian = person.mother or person.father or person.spouse
        registered = clerk.address(person.registered_unit, standard=True) if person.registered_unit else person.native_address
        values = (
            card.card_no, clerk.name(person), person.citizen_id, SEX_NUMBER[person.sex], DISABILITY_NUMBER[card.kind], LEVELS[card.level],
            registered, clerk.address(person.home), clerk.name(guardian) if guardian else "", clerk.phone(person), card.issued_on,
            later(card.issued_on, 3652),
        )  # fmt: skip
        yield Row(values, {"person": person.id} | _home(person.home))


@table(
    "disabled_assistance",
    "发放编号 受助人 残疾人证号 身份证号 辅具名称 发放日期 领取人签字 送达地址 电话",
    care=1.5,
    dates="dots",
    title="残疾人辅助器具发放登记表",
)
def devices(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Devices handed out."""
    for card in block.disabilities:
        person = card.person
        if here(person) and clerk.sometimes(0.3):
            values = (
                clerk.number("FJ"), clerk.name(person), card.card_no, person.citizen_id, clerk.rng.choice(_DEVICES),
                DAYS[TODAY - clerk.rng.randrange(300)], "", clerk.address(person.home), clerk.phone(person),
            )  # fmt: skip
            yield Row(values, {"person": person.id} | _home(person.home))


def _served(person: Person) -> bool:
    """Whether she or he served; decided by the number, so that both of the department's tables agree."""
    return person.sex == "male" and age(person) >= 22 and not person.floating and int(person.citizen_id[12:16]) % 19 == 0


@table("veterans_card", "优待证号 姓名 身份证号 性别 民族 入伍时间 退役时间 人员类别 常住地址 联系电话", care=0.7, dates="dots")
def veterans(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Veterans on file."""
    for person in block.people:
        if not here(person) or not _served(person):
            continue
        joined = later(person.birth, 18 * 365 + clerk.rng.randrange(700))
        values = (
            f"YD{person.id[1:]}", clerk.name(person), person.citizen_id, SEX[person.sex], person.ethnicity, joined,
            later(joined, 730 + clerk.rng.randrange(400)), _veteran_kind(person), clerk.address(person.home), clerk.phone(person),
        )  # fmt: skip
        yield Row(values, {"person": person.id} | _home(person.home))


def _veteran_kind(person: Person) -> str:
    return _VETERAN_KINDS[int(person.citizen_id[15]) % 3]


@table("veterans_pension", "序号 优抚编号 姓名 身份证号码 优抚类别 月补助标准 住址 备注", care=1.0, title="优抚对象定期补助发放表")
def veterans_pensions(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Monthly payments to old veterans."""
    line = 0
    for person in block.people:
        if here(person) and _served(person) and age(person) >= 60:
            line += 1
            values = (
                str(line), clerk.number("YF"), clerk.name(person), person.citizen_id, _veteran_kind(person),
                str(clerk.rng.choice((480, 760, 1100))), clerk.address(person.home), "",
            )  # fmt: skip
            yield Row(values, {"person": person.id} | _home(person.home))


@table(
    "agri_member",
    "成员证号 集体经济组织名称 户主姓名 成员姓名 成员身份证号 与户主关系 性别 家庭住址 持股数 确认日期",
    care=0.9,
    dates="chinese",
)
def collective_members(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Members of village collectives, by household."""
    for household in block.households:
        unit = household.unit
        if unit.site.kind != "village":
            continue
        for member in household.members:
            person = member.person
            if not running(member.until) or person.death:
                continue
            values = (
                clerk.number("CY"), f"{unit.site.community.short}股份经济合作社", clerk.name(household.head), clerk.name(person),
                person.citizen_id,
                member.relation, SEX[person.sex], clerk.address(unit), "1", "2018-12-20",
            )  # fmt: skip
            yield Row(values, {"person": person.id, "home": unit.id})


@table(
    "agri_land", "经营权证号 承包方代表 代表身份证号 承包方地址 实测总面积（亩） 地块数 承包期起 承包期止 发包方", care=1.3, dates="chinese"
)
def contracted_land(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Farm land contracted by village households."""
    for household in block.households:
        unit, head = household.unit, household.head
        if unit.site.kind == "village" and not head.death and household.since < "2015" and clerk.sometimes(0.8):
            values = (
                clerk.number("NT"), clerk.name(head), head.citizen_id, clerk.address(unit), f"{clerk.rng.randrange(80, 900) / 100:.2f}",
                str(clerk.rng.randrange(1, 6)), "1999-10-01", "2029-09-30", f"{unit.site.community.short}村民委员会",
            )  # fmt: skip
            yield Row(values, {"person": head.id, "home": unit.id})


@table("transport_operator", "从业资格证号 姓名 身份证号 性别 从业类别 初领日期 有效期止 服务单位 手机号", care=1.0, dates="slash")
def operators(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Professional drivers."""
    for person in block.people:
        driver = "司机" in person.occupation or "驾驶" in person.occupation or int(person.citizen_id[11:15]) % 37 == 0
        if not here(person) or person.sex != "male" or not 22 <= age(person) < 60 or not driver:
            continue
        firm = person.employer
        since = DAYS[TODAY - clerk.rng.randrange(100, 2000)]
        values = (
            clerk.number("3703"), clerk.name(person), person.citizen_id, SEX[person.sex], clerk.rng.choice(_QUALIFICATIONS), since,
            later(since, 2190), clerk.name(firm) if firm else "", clerk.phone(person),
        )  # fmt: skip
        yield Row(values, {"person": person.id} | ({"organisation": firm.id} if firm else {}))


@table("transport_elder_card", "卡号 持卡人 身份证号码 办卡日期 联系电话 通讯地址 卡状态", care=1.5, dates="plain")
def elder_cards(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Travel cards of people of sixty-five and older; cards of the dead are stopped late."""
    for person in block.people:
        if age(person) < 65 or person.left or clerk.sometimes(0.3):
            continue
        unit = person.home or person.registered_unit
        values = (
            clerk.number("2550"), clerk.name(person), person.citizen_id, later(person.birth, 65 * 365 + 60), clerk.phone(person),
            clerk.address(unit), "停用" if person.death and clerk.sometimes(0.6) else "正常",
        )  # fmt: skip
        yield Row(values, {"person": person.id} | _home(unit))


@table("court_dishonest", "案号 被执行人姓名 身份证号码 性别 执行法院 立案时间 发布时间 未履行金额", care=0.6, dates="chinese")
def debtors(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Debtors in default: heads of revoked firms and a few others."""
    heads = {firm.legal_representative.id for firm in block.firms if firm.status == "revoked"}
    for person in block.people:
        if here(person) and 20 <= age(person) < 75 and (person.id in heads or clerk.sometimes(0.004)):
            filed = DAYS[TODAY - clerk.rng.randrange(100, 1500)]
            values = (
                f"（{filed[:4]}）鲁03执{clerk.number('')}号", clerk.name(person), person.citizen_id, SEX[person.sex], "市中级人民法院",
                filed,
                later(filed, 90), f"{clerk.rng.randrange(8000, 3000000)}.00",
            )  # fmt: skip
            yield Row(values, {"person": person.id})


@table(
    "court_guardianship",
    "案号 案由 审理法院 被监护人姓名 被监护人身份证号 民事行为能力 监护人姓名 监护人身份证号 生效日期 终止日期 终止案号",
    care=0.3,
    dates="chinese",
)
def guardianships(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Judgments on the capacity of adults and on who is their guardian."""
    for one in block.guardianships:
        cause = "申请宣告公民无民事行为能力" if one.capacity == "none" else "申请宣告公民限制民事行为能力"
        capacity = "无民事行为能力" if one.capacity == "none" else "限制民事行为能力"
        ended = f"（{one.until[:4]}）鲁03民特{clerk.number('')}号" if one.until else ""
        values = (
            one.case_no, cause, "区人民法院", clerk.name(one.ward), one.ward.citizen_id, capacity, clerk.name(one.guardian),
            one.guardian.citizen_id, one.since, one.until, ended,
        )  # fmt: skip
        yield Row(values, {"person": one.ward.id, "guardian": one.guardian.id})
