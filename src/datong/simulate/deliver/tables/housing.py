"""Tables of the housing department and the land registry: buildings, units, contracts, leases, titles, mortgages."""

from __future__ import annotations

from collections.abc import Iterator

from datong.simulate.deliver.clerk import Clerk, is_firm, later, number_of, phone_of, running
from datong.simulate.deliver.row import Row, Value, table
from datong.simulate.deliver.tables.places import NEW_SINCE, Parts, meant_by, parts_of
from datong.simulate.deliver.words import GRID_USE, STRUCTURE, TITLE_USE
from datong.simulate.model import Block, Firm, Person, Unit
from datong.simulate.wording import standard_address

_REMARKS = (
    "",
    "",
    "押一付三。\n水电自理",
    "租赁双方已当面确认，\n不得转租；\n到期前一个月协商",
    '承租人称"长期租住"',
    "合租,每间单独计租",
)


@table(
    "housing_building",
    "楼幢编号 区划代码 所属街道 所属社区 坐落道路 门牌 小区 分期 幢号 自然村 组别 院号 坐落 结构类型 总层数 建成年份 "
    "建筑面积 规划用途 经度 纬度 普查员",
    care=0.3,
    again="full",
)
def buildings(block: Block, clerk: Clerk) -> Iterator[Row]:
    """The building survey, the newest buildings included."""
    for building in block.buildings:
        if not building.units:
            continue
        parts = Parts.of_building(building)
        area = sum(unit.area for unit in building.units)
        values: tuple[Value, ...] = (
            building_no(building.id), *parts.to_estate(), parts.building, "", "", "", parts.text_to_building(building.site.community),
            STRUCTURE.get(building.structure, building.structure), str(building.floors), str(building.built_year), f"{area:.2f}",
            TITLE_USE[building.units[0].use], f"{building.longitude:.6f}", f"{building.latitude:.6f}", "普查员",
        )  # fmt: skip
        yield Row(values, {"premises": meant_by(building)})


def building_no(world_id: str) -> str:
    """A building's number in the housing department's survey."""
    return f"3703ZC{world_id[1:]}"


@table(
    "housing_unit",
    "户室编号 楼幢编号 区划代码 所属街道 所属社区 坐落道路 门牌 小区 分期 幢号 单元 所在层 户室号 自然村 组别 院号 房屋坐落 "
    "建筑面积 房屋用途 不动产单元号",
    care=0.3,
)
def units(block: Block, clerk: Clerk) -> Iterator[Row]:
    """The units of the survey; one of six lacks the land registry's unit number."""
    for unit in block.units:
        parts = parts_of(unit)
        values = (
            f"3703HS{unit.id[1:]}", building_no(unit.building.id) if unit.building else "", *parts.to_estate(), parts.building,
            parts.entrance, parts.floor, parts.room, parts.village, parts.group, parts.house_no, standard_address(unit),
            f"{unit.area:.2f}", TITLE_USE[unit.use], "" if clerk.sometimes(0.16) else unit.title_unit_no,
        )  # fmt: skip
        yield Row(values, {"premises": unit.id})


@table(
    "housing_contract",
    "合同编号 买受人 买受人证件号码 买受人电话 出卖人 出卖人信用代码 房屋坐落 建筑面积 成交总价 签约日期 备案日期 付款方式",
    care=0.5,
    dates="dash",
)
def contracts(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Purchases of new homes by people from developers, on file."""
    for purchase in block.purchases:
        buyer = purchase.buyer
        if is_firm(buyer) or not purchase.seller.endswith("公司"):
            continue
        about = {"person": buyer.id, "premises": purchase.unit.id}
        if purchase.seller_id.startswith("F"):
            about["seller"] = purchase.seller_id
        values = (
            purchase.contract_no, clerk.name(buyer), number_of(buyer), phone_of(buyer), purchase.seller, "", clerk.address(purchase.unit),
            f"{purchase.unit.area:.2f}", str(purchase.price), purchase.on, later(purchase.on, 7), "按揭贷款",
        )  # fmt: skip
        yield Row(values, about)


@table(
    "housing_resale",
    "合同备案号 出卖方 出卖方证件号 买受方 买受方证件号 买受方手机 房屋地址 面积（平方米） 成交价（元） 签约时间 经纪机构",
    care=0.8,
    dates="slash",
)
def resales(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Homes sold by people to people, on file. Many sellers have left no trace but a name."""
    people = {person.id: person for person in block.people}
    for purchase in block.purchases:
        buyer, seller = purchase.buyer, people.get(purchase.seller_id)
        if is_firm(buyer) or purchase.seller.endswith("公司"):
            continue
        who: tuple[Value, Value] = (clerk.name(seller), seller.citizen_id) if seller else (purchase.seller, "")
        values = (
            purchase.contract_no, *who, clerk.name(buyer), number_of(buyer), phone_of(buyer), clerk.address(purchase.unit),
            f"{purchase.unit.area:.1f}", str(purchase.price), purchase.on, "房产经纪机构",
        )  # fmt: skip
        yield Row(values, {"person": buyer.id, "premises": purchase.unit.id} | ({"seller": seller.id} if seller else {}))


@table(
    "housing_lease",
    "备案证明号 出租人 出租人证件号 出租人电话 承租人 承租人证件号 承租人电话 租赁房屋地址 租赁用途 租赁起始日 租赁终止日 月租金 备注说明",
    care=1.0,
    dates="dash",
)
def leases(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Leases on file between people; most leases never are."""
    for lease in block.leases:
        landlord, tenant = lease.landlord, lease.tenant
        if not lease.filed or not isinstance(landlord, Person) or not isinstance(tenant, Person):
            continue
        values = (
            lease.contract_no, clerk.name(landlord), landlord.citizen_id, clerk.phone(landlord), clerk.name(tenant), tenant.citizen_id,
            clerk.phone(tenant), clerk.address(lease.unit), _lease_use(lease.unit), lease.since,
            lease.until, str(lease.rent), clerk.rng.choice(_REMARKS),
        )  # fmt: skip
        yield Row(values, {"person": tenant.id, "landlord": landlord.id, "premises": lease.unit.id})


def _lease_use(unit: Unit) -> str:
    return {"商铺": "商铺", "办公": "办公", "厂房": "厂房", "仓库": "仓库"}.get(unit.use, "住宅")


@table(
    "housing_property_premises",
    "台账编号 区划代码 街道 社区 小区名称 期 楼号 单元 层 房号 位置描述 房屋面积 房屋性质 产权证号 业主姓名 业主身份证号 "
    "联系电话 物业公司 物业公司信用代码",
    care=2.4,
)
def property_premises(block: Block, clerk: Clerk) -> Iterator[Row]:
    """What property companies note of the homes they look after: half of the owners without a number."""
    owners = _owners(block)
    for unit in block.units:
        site = unit.site
        if not site.property_company or unit.building is None or unit.building.completed_on >= NEW_SINCE:
            continue
        parts = parts_of(unit)
        owner = owners.get(unit.id)
        about = {"premises": unit.id}
        who: tuple[Value, Value, Value] = ("", "", "空置")
        if isinstance(owner, Person):
            about["owner"] = owner.id
            who = (clerk.name(owner), "" if clerk.sometimes(0.45) else owner.citizen_id, clerk.phone(owner))
        values = (
            clerk.number("WY"), parts.division, parts.street, parts.community, parts.estate, parts.phase, parts.building, parts.entrance,
            parts.floor, parts.room, clerk.address(unit), f"{unit.area:.1f}", GRID_USE[unit.use],
            unit.certificate_no if clerk.sometimes(0.4) else "", *who, site.property_company, "",
        )  # fmt: skip
        yield Row(values, about)


def _owners(block: Block) -> dict[str, Person | Firm]:
    """Unit id → the first of today's owners."""
    found: dict[str, Person | Firm] = {}
    for title in block.ownerships:
        if running(title.until):
            found.setdefault(title.unit.id, title.owner)
    return found


@table(
    "estate_title",
    "登记业务号 不动产单元号 不动产权证号 权利人 权利人证件号 权利人类型 共有情况 坐落 建筑面积 规划用途 房屋结构 登簿日期 权利状态",
    care=0.35,
    dates="dash",
    again="full",
)
def titles(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Titles of people in force, one row a co-owner; old titles lack the owner's number more often."""
    for title in block.ownerships:
        owner, unit = title.owner, title.unit
        if is_firm(owner) or not running(title.until) or _homestead(unit):
            continue
        old = title.since < "2005" and clerk.sometimes(0.3)
        share = "单独所有" if title.share == 100 else "共同共有" if title.share == 50 else "按份共有"
        values = (
            f"{title.id}", unit.title_unit_no, title.certificate_no, clerk.name(owner), "" if old else number_of(owner), "个人", share,
            clerk.address(unit), f"{unit.area:.2f}", TITLE_USE[unit.use], STRUCTURE.get(unit.structure, unit.structure), title.since,
            "现势",
        )  # fmt: skip
        yield Row(values, {"person": owner.id, "premises": unit.id})


def _homestead(unit: Unit) -> bool:
    return unit.site.kind == "village"


@table("estate_title_org", "登记业务号 不动产单元号 不动产权证号 权利人名称 统一社会信用代码 坐落 建筑面积 规划用途 登簿日期", care=0.4)
def organisation_titles(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Titles of firms in force."""
    for title in block.ownerships:
        owner, unit = title.owner, title.unit
        if not isinstance(owner, Firm) or not running(title.until):
            continue
        values = (
            title.id, unit.title_unit_no, title.certificate_no, clerk.name(owner), owner.credit_code, clerk.address(unit),
            f"{unit.area:.2f}", TITLE_USE[unit.use], title.since,
        )  # fmt: skip
        yield Row(values, {"organisation": owner.id, "premises": unit.id})


@table(
    "estate_mortgage",
    "不动产登记证明号 不动产单元号 抵押人 抵押人证件号 抵押权人 被担保债权数额 坐落 债务履行起始 债务履行终止 登簿时间",
    care=0.35,
    dates="dash",
    again="changes",
)
def mortgages(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Mortgages of people in force."""
    for mortgage in block.mortgages:
        owner = mortgage.owner
        if is_firm(owner) or not running(mortgage.until):
            continue
        values = (
            mortgage.certificate_no, mortgage.unit.title_unit_no, clerk.name(owner), number_of(owner), mortgage.bank, str(mortgage.amount),
            clerk.address(mortgage.unit), mortgage.since, mortgage.until or later(mortgage.since, 7300), mortgage.since,
        )  # fmt: skip
        yield Row(values, {"person": owner.id, "premises": mortgage.unit.id})


@table(
    "rural_homestead",
    "权证号 户主姓名 户主身份证号 不动产单元代码 宅基地坐落 宅基地面积 房屋建筑面积 批准年份 登记日期 宗地四至",
    care=1.0,
    dates="chinese",
)
def homesteads(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Homesteads of villagers."""
    for title in block.ownerships:
        owner, unit = title.owner, title.unit
        if is_firm(owner) or not running(title.until) or not _homestead(unit):
            continue
        values = (
            title.certificate_no or f"宅{title.id}", clerk.name(owner), number_of(owner), unit.title_unit_no, clerk.address(unit),
            f"{unit.area * 1.6:.1f}", f"{unit.area:.1f}", str(unit.built_year), title.since, "东至路、西至邻",
        )  # fmt: skip
        yield Row(values, {"person": owner.id, "premises": unit.id})
