"""Tables of civil affairs: place names, marriages, divorces, adoptions, cremations, allowances, people in need, associations."""

from __future__ import annotations

from collections.abc import Iterator

from datong.simulate.deliver.clerk import Clerk, age, here, later, running
from datong.simulate.deliver.row import Row, Value, table
from datong.simulate.deliver.tables.places import Parts
from datong.simulate.deliver.words import SEX, SEX_NUMBER
from datong.simulate.model import Block, Person

_ABILITY = ("有劳动能力", "部分丧失劳动能力", "无劳动能力")


@table(
    "civil_marriage",
    "结婚证字号 男方姓名 男方身份证件号 男方出生日期 女方姓名 女方身份证件号 女方出生日期 登记日期 登记机关",
    care=0.7,
    dates="chinese",
)
def marriages(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Weddings in this city's registries."""
    for marriage in block.marriages:
        husband, wife = marriage.husband, marriage.wife
        values: tuple[Value, ...] = (
            marriage.certificate_no, clerk.name(husband), husband.citizen_id, husband.birth,
            clerk.name(wife), wife.citizen_id, wife.birth, marriage.on, "婚姻登记处",
        )  # fmt: skip
        yield Row(values, {"husband": husband.id, "wife": wife.id})


@table(
    "civil_divorce", "离婚证字号 男方姓名 男方身份证件号 女方姓名 女方身份证件号 原结婚日期 离婚登记日期 登记员", care=0.7, dates="chinese"
)
def divorces(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Divorces in this city's registries."""
    for marriage in block.marriages:
        if marriage.ended_by != "divorce":
            continue
        values = (
            marriage.divorce_no, clerk.name(marriage.husband), marriage.husband.citizen_id, clerk.name(marriage.wife),
            marriage.wife.citizen_id, marriage.on, marriage.ended_on, "登记员",
        )  # fmt: skip
        yield Row(values, {"husband": marriage.husband.id, "wife": marriage.wife.id})


@table(
    "civil_adoption",
    "收养登记证号 收养人姓名 收养人身份证号 被收养人姓名 被收养人身份证号 被收养人出生日期 登记日期 住址",
    title="收养登记情况统计表",
)
def adoptions(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Adoptions: by fathers whose children have no mother in any register."""
    for person in block.people:
        parent = person.father
        if not here(person) or age(person) >= 16 or person.mother or parent is None or person.home is None:
            continue
        if not clerk.sometimes(0.6):
            continue
        values = (
            clerk.number("SY3703"), clerk.name(parent), parent.citizen_id, clerk.name(person), person.citizen_id, person.birth,
            later(person.birth, 300), clerk.address(person.home),
        )  # fmt: skip
        yield Row(values, {"person": person.id, "parent": parent.id, "home": person.home.id})


@table(
    "civil_cremation",
    "火化编号 逝者姓名 逝者身份证号 性别 死亡日期 火化日期 生前住址 经办家属 家属电话",
    dates="dots",
    title="遗体火化登记表",
)
def cremations(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Cremations, written down on the word of the family."""
    for death in block.deaths:
        person, unit = death.person, death.person.registered_unit
        if not death.cremated_on:
            continue
        kin = person.spouse or next((one for one in _members(person) if here(one)), None)
        values = (
            clerk.number("HH"), clerk.name(person), person.citizen_id, SEX[person.sex], death.on, death.cremated_on, clerk.address(unit),
            clerk.name(kin) if kin else "", clerk.phone(kin) if kin else "",
        )  # fmt: skip
        yield Row(values, {"person": person.id} | ({"home": unit.id} if unit else {}))


def _members(person: Person) -> list[Person]:
    return [member.person for member in person.household.members] if person.household else []


@table(
    "civil_allowance_family",
    "低保证号 户主姓名 户主身份证号 保障类别 家庭人口 保障人数 月保障金额 家庭住址 联系电话 批准日期 所属街道",
    care=0.8,
    again="full",
)
def allowance_families(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Families on the minimum allowance."""
    for allowance in block.allowances:
        if not running(allowance.until):
            continue
        person, unit = allowance.applicant, allowance.applicant.home or allowance.household.unit
        values = (
            allowance.certificate_no, clerk.name(person), person.citizen_id, allowance.kind,
            str(sum(running(member.until) for member in allowance.household.members)),
            str(allowance.people), str(allowance.monthly), clerk.address(unit), clerk.phone(person), allowance.since,
            unit.site.community.street,
        )  # fmt: skip
        yield Row(values, {"person": person.id, "home": unit.id})


@table("civil_allowance_member", "低保证号 成员序号 姓名 身份证号码 与户主关系 性别 保障类别 健康状况 劳动能力", care=0.9)
def allowance_members(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Members of these families, by the household register."""
    for allowance in block.allowances:
        if not running(allowance.until):
            continue
        present = [member for member in allowance.household.members if running(member.until) and not member.person.death]
        for number, member in enumerate(present[: max(1, allowance.people)], 1):
            person = member.person
            health = "残疾" if person.disability_level else clerk.rng.choice(("健康", "健康", "一般", "患病"))
            values = (
                allowance.certificate_no, str(number), clerk.name(person), person.citizen_id, member.relation, SEX_NUMBER[person.sex],
                allowance.kind, health, clerk.rng.choice(_ABILITY),
            )  # fmt: skip
            yield Row(values, {"person": person.id})


@table(
    "civil_special_group",
    "序号 编号 姓名 身份证号 人群类别 年龄 居住地址 本人或监护人电话 帮扶责任人 备注",
    care=2.0,
    title="特殊困难群体摸底台账",
    again="full",
)
def special_groups(block: Block, clerk: Clerk) -> Iterator[Row]:
    """The sub-districts' roll of people in need, gathered by hand."""
    line = 0
    for person in block.people:
        kind = _need(person) if here(person) and person.home else ""
        if not kind or person.home is None or clerk.sometimes(0.15):
            continue
        line += 1
        values = (
            str(line), clerk.number("TK"), clerk.name(person), person.citizen_id, kind, str(age(person)), clerk.address(person.home),
            clerk.phone(person) or "同户主", "社区干部", "",
        )  # fmt: skip
        yield Row(values, {"person": person.id, "home": person.home.id})


def _need(person: Person) -> str:
    if person.home and age(person) >= 65 and len(person.home.residents) == 1:
        return "独居老人"
    if age(person) >= 85:
        return "高龄老人"
    if person.disability_level in (1, 2):
        return "困境儿童" if age(person) < 16 else "重度残疾人"
    return ""


@table(
    "civil_elder_allowance",
    "津贴编号 老人姓名 老人身份证号 性别 年龄 户籍地址 现居住地 银行账号后四位 月标准 起发年月",
    care=0.7,
    dates="plain",
)
def elder_allowances(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Monthly allowance from eighty; now and then it is still paid to somebody dead."""
    unnoticed = {death.person.id for death in block.deaths if not death.cancelled_on}
    for person in block.people:
        if age(person) < 80 or person.floating or person.left or (person.death and person.id not in unnoticed):
            continue
        unit = person.home or person.registered_unit
        values = (
            clerk.number("GL"), clerk.name(person), person.citizen_id, SEX[person.sex], str(age(person)),
            clerk.address(person.registered_unit, standard=True), clerk.address(unit), f"{clerk.rng.randrange(10000):04d}",
            "100" if age(person) < 90 else "300", later(person.birth, 80 * 365 + 50)[:7] + "-01",
        )  # fmt: skip
        yield Row(values, {"person": person.id} | ({"home": unit.id} if unit else {}))


@table(
    "civil_social_org",
    "统一社会信用代码 社会组织名称 组织类型 登记日期 登记状态 法定代表人 法定代表人身份证号 住所 业务范围 联系电话",
    care=0.2,
    title="社会组织基本情况一览表",
)
def associations(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Associations and the like."""
    for firm in block.firms:
        if firm.kind != "association":
            continue
        head = firm.legal_representative
        values = (
            firm.credit_code, firm.name, "民办非企业单位" if "中心" in firm.name else "社会团体", firm.founded_on,
            "正常" if firm.status in ("active", "abnormal") else "注销", clerk.name(head), head.citizen_id,
            clerk.address(firm.registered_unit), firm.scope, firm.phone,
        )  # fmt: skip
        yield Row(values, {"organisation": firm.id, "person": head.id, "premises": firm.registered_unit.id})


@table(
    "civil_place_change",
    "备案编号 变更类型 变更日期 批准文号 区划代码 街道（镇） 原道路 原门牌号 原小区（院落） 原楼号 原单元 原房号 "
    "现道路 现门牌号 现小区（院落） 现楼号 现单元 现房号 经办人",
    care=0.05,
)
def place_changes(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Estates that bear another name than they once did. Some old renamings were never filed."""
    for site in block.sites:
        if site.kind != "estate" or not site.former_names or clerk.sometimes(0.15):
            continue
        parts = Parts.of_site(site)
        number = clerk.number("DMBG")
        approval = f"民地名〔{site.built_year + 2}〕{number[-3:]}号"
        road = (parts.road, parts.road_no)
        values = (
            number, "更名", later(f"{site.built_year}-06-30", 400 + clerk.rng.randrange(1500)), approval,
            parts.division, parts.street, *road, site.former_names[0], "", "", "", *road, parts.estate + parts.phase, "", "", "", "地名科",
        )  # fmt: skip
        yield Row(values, {})
