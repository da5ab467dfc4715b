"""Tables of health and medical insurance: births, deaths, files, visits, staff, enrolment and what was paid."""

from __future__ import annotations

from collections.abc import Iterator

from datong.simulate.deliver.clerk import Clerk, age, here, later, running
from datong.simulate.deliver.row import Row, Value, table
from datong.simulate.deliver.words import SEX, SEX_NUMBER
from datong.simulate.draw import DAYS, TODAY
from datong.simulate.model import Block, Person

_CLINICS = ("市中心医院", "市第一医院", "市妇幼保健院", "高新区人民医院", "四宝山街道社区卫生服务中心", "中医医院", "卫固卫生院")
_SECTIONS = ("内科", "外科", "儿科", "妇产科", "骨科", "眼科", "口腔科", "中医科", "急诊科")
_DIAGNOSES = ("上呼吸道感染", "高血压", "2型糖尿病", "腰椎间盘突出", "慢性胃炎", "冠心病", "龋齿", "过敏性鼻炎", "膝关节炎")
_DEATH_CAUSES = ("脑梗死", "冠心病", "肺癌", "慢性阻塞性肺病", "脑出血", "糖尿病并发症")
_BLOOD = ("A", "B", "O", "AB", "不详")


@table(
    "health_birth",
    "出生证编号 新生儿姓名 新生儿性别 出生时间 新生儿公民身份号码 母亲姓名 母亲有效身份证件号码 父亲姓名 "
    "父亲有效身份证件号码 家庭住址 母亲联系电话 接生机构",
    care=0.4,
)
def births(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Births; the newborn's own number comes weeks later, so most certificates lack it."""
    for birth in block.births:
        mother, father = birth.mother, birth.father
        about = {"person": birth.child.id}
        unit = mother.home if mother else None
        number = birth.child.citizen_id if clerk.sometimes(0.35) else ""
        values: tuple[Value, ...] = (
            birth.certificate_no, birth.child.name, SEX_NUMBER[birth.child.sex], birth.on, number,
            *_parent(clerk, mother), *_parent(clerk, father), clerk.address(unit), clerk.phone(mother) if mother else "", birth.hospital,
        )  # fmt: skip
        about |= {role: one.id for role, one in (("mother", mother), ("father", father)) if one}
        yield Row(values, about | ({"home": unit.id} if unit else {}))


def _parent(clerk: Clerk, parent: Person | None) -> tuple[Value, Value]:
    return (clerk.name(parent), parent.citizen_id) if parent else ("", "")


@table("health_death", "证明编号 死者姓名 证件号码 性别 出生日期 死亡日期 常住地址 根本死亡原因 填报医师", care=0.8, dates="slash")
def deaths(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Certificates of death."""
    for death in block.deaths:
        person = death.person
        unit = person.registered_unit
        values = (
            death.certificate_no, clerk.name(person), person.citizen_id, SEX_NUMBER[person.sex], person.birth, death.on,
            clerk.address(unit), clerk.rng.choice(_DEATH_CAUSES), "值班医师",
        )  # fmt: skip
        yield Row(values, {"person": person.id} | ({"home": unit.id} if unit else {}))


@table("health_file", "档案号 身份证 姓名 性别 生日 本人电话 现住址 常住类型 血型 慢性病 建档医生 建档日期 备注", care=1.6, dates="slash")
def files(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Health files kept by community doctors: for nine of ten, some of them at an address left long ago."""
    for person in block.people:
        unit = person.home
        if not here(person) or unit is None or clerk.sometimes(0.1):
            continue
        chronic = clerk.rng.choice(("高血压", "糖尿病", "高血压、糖尿病", "冠心病")) if age(person) > 55 and clerk.sometimes(0.4) else ""
        opened = DAYS[TODAY - clerk.rng.randrange(20, 3000)]
        values = (
            clerk.number("JD"), person.citizen_id, clerk.name(person), SEX[person.sex], person.birth, clerk.phone(person),
            clerk.address(unit), "非户籍" if person.floating else "户籍", clerk.rng.choice(_BLOOD), chronic, "家庭医生",
            max(opened, person.birth), "",
        )  # fmt: skip
        yield Row(values, {"person": person.id, "home": unit.id})


@table(
    "health_visit",
    "就诊流水号 患者姓名 患者身份证号 性别 出生日期 联系电话 医疗机构名称 就诊科室 就诊日期 诊断 总费用",
    care=1.4,
    dates="plain",
)
def visits(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Out-patient visits of the last three months: some people not once, some several times."""
    for person in block.people:
        if not here(person):
            continue
        often = 0.12 + (0.3 if age(person) > 60 or age(person) < 7 else 0.0)
        while clerk.sometimes(often):
            values = (
                clerk.number("MZ"), clerk.name(person), person.citizen_id, SEX_NUMBER[person.sex], person.birth, clerk.phone(person),
                clerk.rng.choice(_CLINICS), clerk.rng.choice(_SECTIONS), DAYS[TODAY - clerk.rng.randrange(92)],
                clerk.rng.choice(_DIAGNOSES), f"{clerk.rng.randrange(2000, 90000) / 100:.2f}",
            )  # fmt: skip
            yield Row(values, {"person": person.id})


@table("health_staff", "执业证书编码 姓名 身份证号 性别 执业类别 主要执业机构 机构代码 注册日期", care=0.4, dates="dots")
def staff(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Doctors and nurses at the places that employ them."""
    for employment in block.employments:
        firm, person = employment.firm, employment.person
        medical = "卫生" in firm.industry or any(word in firm.name for word in ("医院", "诊所", "卫生", "门诊", "药"))
        trained = person.education in ("大专", "本科", "硕士", "博士")
        if not running(employment.until) or not (medical or (firm.kind == "institution" and trained and clerk.sometimes(0.2))):
            continue
        kind = clerk.rng.choice(("临床", "护理", "口腔", "中医", "公共卫生"))
        values = (
            clerk.number("1103703"), clerk.name(person), person.citizen_id, SEX[person.sex], kind, clerk.name(firm), firm.credit_code,
            employment.since,
        )  # fmt: skip
        yield Row(values, {"person": person.id, "organisation": firm.id})


@table(
    "medins_enrolment",
    "医保编号 身份证件号码 姓名 性别 出生日期 参保类型 参保地址 联系电话 参保状态 参保起始日",
    care=0.4,
    again="full",
    byte_order_mark=False,
)
def enrolment(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Nearly everyone is insured, at work or as a resident."""
    for person in block.people:
        if person.left or person.death or (person.floating and clerk.sometimes(0.5)) or clerk.sometimes(0.03):
            continue
        unit = person.home
        since = later(person.birth, clerk.rng.randrange(30, 200)) if age(person) < 5 else f"20{clerk.rng.randrange(4, 22):02d}-01-01"
        values = (
            medical_no(person), person.citizen_id, clerk.name(person), SEX_NUMBER[person.sex], person.birth,
            "职工" if person.employer else "居民", clerk.address(unit), clerk.phone(person), "参保缴费", max(since, person.birth),
        )  # fmt: skip
        yield Row(values, {"person": person.id} | ({"home": unit.id} if unit else {}))


def medical_no(person: Person) -> str:
    """A person's number in the medical insurance system."""
    return f"YB{person.id[1:]}"


@table("medins_settlement", "结算单号 医保编号 姓名 身份证件号码 医药机构 医疗类别 病种名称 总费用 统筹支付 个人自付 结算日期", care=0.5)
def settlements(block: Block, clerk: Clerk) -> Iterator[Row]:
    """What the insurance paid for stays in hospital, and for long-term prescriptions."""
    for stay in block.treatments:
        person = stay.person
        own = stay.total - stay.insurance
        values = (
            stay.settlement_no, medical_no(person), clerk.name(person), person.citizen_id, stay.hospital, "普通住院", stay.diagnosis,
            str(stay.total), str(stay.insurance), str(own), stay.discharged_on,
        )  # fmt: skip
        yield Row(values, {"person": person.id})
    for person in block.people:
        if here(person) and age(person) >= 50 and clerk.sometimes(0.25):
            total = clerk.rng.randrange(120, 2600)
            values = (
                clerk.number("MX"), medical_no(person), clerk.name(person), person.citizen_id, clerk.rng.choice(_CLINICS), "门诊慢特病",
                clerk.rng.choice(_DIAGNOSES[1:6]), str(total), str(round(total * 0.65)), str(total - round(total * 0.65)),
                DAYS[TODAY - clerk.rng.randrange(92)],
            )  # fmt: skip
            yield Row(values, {"person": person.id})


@table("medins_critical", "赔案号 参保人 身份证号 病种 合规自付费用 大病赔付金额 赔付日期 联系电话", care=0.9, dates="slash")
def critical(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Payments of the critical-illness insurance."""
    for stay in block.treatments:
        if stay.critical:
            values = (
                clerk.number("DB"), clerk.name(stay.person), stay.person.citizen_id, stay.diagnosis, str(stay.total - stay.insurance),
                str(stay.critical), later(stay.discharged_on, 20), clerk.phone(stay.person),
            )  # fmt: skip
            yield Row(values, {"person": stay.person.id})


@table("medins_aid", "救助编号 救助对象 身份证号 对象类别 救助病种 救助金额 救助日期", care=0.9)
def aid(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Medical aid for people in hardship."""
    kinds = {
        member.person.id: f"{allowance.kind}{'人员' if allowance.kind == '特困供养' else '对象'}"
        for allowance in block.allowances
        if running(allowance.until)
        for member in allowance.household.members
    }
    for stay in block.treatments:
        if stay.aid:
            values = (
                clerk.number("JZ"), clerk.name(stay.person), stay.person.citizen_id, kinds.get(stay.person.id, "其他困难人员"),
                stay.diagnosis,
                str(stay.aid), later(stay.discharged_on, 40),
            )  # fmt: skip
            yield Row(values, {"person": stay.person.id})
