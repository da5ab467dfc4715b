"""Tables of the police: households, people present, floating people, addresses, vehicles, licences."""

from __future__ import annotations

from collections.abc import Iterator

from datong.simulate.deliver.clerk import Clerk, age, here, later, latest, number_of, phone_of, running
from datong.simulate.deliver.row import Row, Value, table
from datong.simulate.deliver.tables.places import NEW_SINCE, Parts, meant_by, parts_of
from datong.simulate.deliver.words import MARITAL, SEX, SEX_NUMBER
from datong.simulate.model import Block, Person

_LICENCES = ("C1", "C1", "C1", "C1", "C2", "C1E", "B2", "A2", "D", "C5")
_STAY_REASONS = {"owner": "经商", "family": "投靠亲友", "tenant": "务工", "dormitory": "务工"}
_CLEAN = 0.05


@table(
    "police_household",
    "人员编号 户号 与户主关系 公民身份号码 姓名 曾用名 性别 民族 出生日期 婚姻状况 文化程度 服务处所 住址 何时迁来 登记派出所 更新时间",
    care=_CLEAN,
    dates="plain",
    again="full",
)
def households(block: Block, clerk: Clerk) -> Iterator[Row]:
    """The household register: everyone on it today, and the dead whom it has not struck yet."""
    gone = {death.person.id: death.cancelled_on for death in block.deaths}
    for household in block.households:
        for member in household.members:
            person = member.person
            if not running(member.until) or gone.get(person.id):
                continue
            workplace = clerk.name(person.employer) if person.employer else ""
            values: tuple[Value, ...] = (
                clerk.number("R"), household.household_no, member.relation, person.citizen_id, person.name, person.former_name,
                SEX[person.sex], person.ethnicity.removesuffix("族") if person.ethnicity != "汉族" else "汉族", person.birth,
                MARITAL[person.marital_status], person.education, workplace, clerk.address(household.unit, standard=True), member.since,
                household.unit.site.community.police_station, "2026-10-30",
            )  # fmt: skip
            yield Row(values, {"person": person.id, "home": household.unit.id})


@table(
    "police_resident",
    "实有人口编号 证件号码 姓名 性别 出生年月日 联系方式 现住地址 居住类别 入住日期 工作单位 采集民警 采集时间",
    care=0.1,
    dates="dash",
    again="full",
)
def residents(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Everybody really present, as the community police write them down."""
    for stay in block.stays:
        person = stay.person
        if not running(stay.until) or not here(person):
            continue
        kind = "流动人口" if person.floating else "人户一致" if person.registered_unit is stay.unit else "人户分离"
        workplace = clerk.name(person.employer) if person.employer else ""
        values = (
            clerk.number("SY"), person.citizen_id, person.name, SEX_NUMBER[person.sex], person.birth, clerk.phone(person),
            clerk.address(stay.unit, standard=not clerk.sometimes(0.3)), kind, stay.since, workplace, "社区民警", "2026-10-25",
        )  # fmt: skip
        yield Row(values, {"person": person.id, "home": stay.unit.id})


@table(
    "police_floating",
    "登记编号 流动人口身份证号 流动人口姓名 性别 出生日期 户籍地详址 暂住地址 登记日期 居住事由 本人手机 房东姓名 "
    "房东身份证号 房东电话 备注",
    care=0.8,
    dates="slash",
    again="full",
)
def floating(block: Block, clerk: Clerk) -> Iterator[Row]:
    """People registered elsewhere, with the landlord who let them in."""
    landlords = {lease.unit.id: lease.landlord for lease in block.leases if running(lease.until)}
    for stay in block.stays:
        person = stay.person
        if not person.floating or not running(stay.until) or not here(person) or clerk.sometimes(0.08):
            continue
        landlord = landlords.get(stay.unit.id) if stay.basis == "tenant" else None
        about = {"person": person.id, "home": stay.unit.id}
        owner: tuple[Value, Value, Value] = ("无", "", "")
        if isinstance(landlord, Person):
            about["landlord"] = landlord.id
            owner = (clerk.name(landlord), landlord.citizen_id, clerk.phone(landlord))
        values = (
            clerk.number("L"), person.citizen_id, clerk.name(person), SEX[person.sex], person.birth, person.native_address,
            clerk.address(stay.unit), stay.since, _STAY_REASONS[stay.basis], clerk.phone(person), *owner, "",
        )  # fmt: skip
        yield Row(values, about)


@table(
    "police_residence_permit",
    "居住证号 持证人公民身份号码 持证人 性别 现居住地住址 签发日期 有效期至 签发机关",
    care=_CLEAN,
    dates="dots",
    again="changes",
)
def residence_permits(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Residence permits of floating people."""
    for permit in block.residence_permits:
        person = permit.person
        values = (
            permit.permit_no, person.citizen_id, clerk.name(person), SEX[person.sex], clerk.address(permit.unit, standard=True),
            permit.issued_on, permit.expires_on, permit.unit.site.community.police_station,
        )  # fmt: skip
        yield Row(values, {"person": person.id, "home": permit.unit.id})


@table(
    "police_address",
    "地址编码 行政区划代码 乡镇街道 社区村 街路巷 门牌号 小区名称 期区 楼栋号 单元号 楼层 室号 自然村 村民小组 院门号 "
    "标准地址全称 经度 纬度 维护状态",
    care=_CLEAN,
)
def addresses(block: Block, clerk: Clerk) -> Iterator[Row]:
    """The police's standard addresses, one a unit; a few new units are not in it yet."""
    for unit in block.units:
        if unit.building is not None and unit.building.completed_on >= NEW_SINCE:
            continue
        parts = parts_of(unit)
        values = (
            unit.door_plate, *parts.to_estate(), parts.building, parts.entrance, parts.floor, parts.room,
            parts.village, parts.group, parts.house_no, unit.address, f"{unit.longitude:.6f}", f"{unit.latitude:.6f}", "在用",
        )  # fmt: skip
        yield Row(values, {"premises": unit.id})


@table(
    "police_door_plate",
    "序号 门楼牌编号 区划代码 街道（镇） 社区（村） 道路名称 门牌 院落小区 期 楼牌 村名 组 户号 地址全称 制牌日期 安装单位",
    care=_CLEAN,
    dates="dots",
    title="淄博市门楼牌登记台账",
)
def door_plates(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Plates of buildings; yards of villages and shops on the road have their own."""
    line = clerk.block * 1000
    for building in block.buildings:
        if building.site.kind in ("village", "shops") or not building.units:
            continue
        line += 1
        parts = Parts.of_building(building)
        text = parts.text_to_building(building.site.community)
        values = (
            str(line), clerk.number("MP"), *parts.to_estate(), parts.building,
            "", "", "", text, latest(later(building.completed_on, 200)), "市门牌制作所",
        )  # fmt: skip
        yield Row(values, {"premises": meant_by(building)})


@table(
    "police_vehicle",
    "号牌号码 号牌种类 所有人 所有人证件号码 登记住所 手机号码 车辆品牌 使用性质 初次登记日期 检验有效期止 档案编号",
    care=0.2,
    dates="dash",
)
def vehicles(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Vehicles of people; those of firms are another system's."""
    for vehicle in block.vehicles:
        owner = vehicle.owner
        if not isinstance(owner, Person) or vehicle.scrapped_on:
            continue
        unit = owner.registered_unit or owner.home
        values = (
            vehicle.plate, _plate_kind(vehicle.plate), clerk.name(owner), number_of(owner), clerk.address(unit), phone_of(owner),
            vehicle.model, "营运" if clerk.sometimes(0.03) else "非营运", vehicle.registered_on, later("2026-11-30",
            clerk.rng.randrange(700)),
            clerk.number("3703"),
        )  # fmt: skip
        yield Row(values, {"person": owner.id} | ({"home": unit.id} if unit else {}))


def _plate_kind(plate: str) -> str:
    return "小型新能源汽车" if len(plate) == 8 else "小型汽车"


@table(
    "police_driving_licence",
    "档案编号 身份证明号码 姓名 性别 出生日期 准驾车型 初次领证日期 有效期止 联系电话 住址",
    care=0.3,
    dates="dash",
    trailing_comma=True,
)
def driving_licences(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Licences: every owner of a car and a share of the other grown-ups."""
    drivers = {vehicle.owner.id for vehicle in block.vehicles}
    for person in block.people:
        if not here(person) or not 18 <= age(person) < 75 or not (person.id in drivers or clerk.sometimes(0.3)):
            continue
        unit = person.registered_unit or person.home
        issued = later(person.birth, 19 * 366 + clerk.rng.randrange(3000))
        values = (
            clerk.number("3703"), person.citizen_id, clerk.name(person), SEX_NUMBER[person.sex], person.birth, clerk.rng.choice(_LICENCES),
            latest(issued), later("2026-12-01", clerk.rng.randrange(3000)), clerk.phone(person), clerk.address(unit),
        )  # fmt: skip
        yield Row(values, {"person": person.id} | ({"home": unit.id} if unit else {}))


@table("police_name_change", "变更编号 公民身份号码 变更前姓名 变更后姓名 变更日期 变更原因", care=_CLEAN, dates="dash")
def name_changes(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Who is called otherwise now."""
    for person in block.people:
        if person.former_name and person.renamed_on:
            values = (clerk.number("GM"), person.citizen_id, person.former_name, person.name, person.renamed_on, "本人申请")
            yield Row(values, {"person": person.id})


@table("police_death_cancel", "注销编号 公民身份号码 姓名 性别 死亡日期 注销日期 原户籍地址 申报人 申报人关系", care=0.2, dates="plain")
def death_cancellations(block: Block, clerk: Clerk) -> Iterator[Row]:
    """The dead whom the household register has struck."""
    for death in block.deaths:
        person = death.person
        if not death.cancelled_on or death.cancelled_on > "2026-10-31":
            continue
        kin = next((one for one in (person.spouse, *_members(person)) if one and one is not person and not one.death), None)
        values = (
            clerk.number("ZX"), person.citizen_id, person.name, SEX[person.sex], death.on, death.cancelled_on,
            clerk.address(person.registered_unit, standard=True), clerk.name(kin) if kin else "", "亲属",
        )  # fmt: skip
        about = {"person": person.id} | ({"home": person.registered_unit.id} if person.registered_unit else {})
        yield Row(values, about)


def _members(person: Person) -> list[Person]:
    return [member.person for member in person.household.members] if person.household else []
