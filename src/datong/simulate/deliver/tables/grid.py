"""Tables of the grid: premises as grid workers capture them, and whom they visit."""

from __future__ import annotations

from collections.abc import Iterator

from datong.simulate.deliver.clerk import Clerk, here, running
from datong.simulate.deliver.row import Row, Value, table
from datong.simulate.deliver.tables.places import NEW_SINCE, parts_of
from datong.simulate.deliver.words import GRID_USE
from datong.simulate.draw import DAYS, TODAY
from datong.simulate.model import Block, Firm, Owner, Person

_STATES = {"owner": "自住", "family": "自住", "tenant": "租住", "dormitory": "借住"}
_NOTES = ("了解家庭情况", "宣传反诈骗", "核实租住人员", "看望老人", "消防安全提醒", "核对人口信息")


@table(
    "grid_premises",
    "房屋编号 社区区划代码 街道 社区 道路 门牌 小区 期 楼 单元 楼层 室 村 组 院号 位置 面积 性质 产权证号 产权人 "
    "产权人身份证 产权单位 联系人电话 所属网格 采集员",
    care=1.4,
    again="full",
)
def premises(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Homes, shops and works with owner and contact, as far as somebody opened the door."""
    owners: dict[str, Owner] = {}
    for title in block.ownerships:
        if running(title.until):
            owners.setdefault(title.unit.id, title.owner)
    for unit in block.units:
        if (unit.building is not None and unit.building.completed_on >= NEW_SINCE) or clerk.sometimes(0.06):
            continue
        parts = parts_of(unit)
        about = {"premises": unit.id}
        owner = owners.get(unit.id)
        if isinstance(owner, Person):
            about["owner"] = owner.id
        elif owner is not None:
            about["owner_unit"] = owner.id
        values: tuple[Value, ...] = (
            f"WG{unit.id[1:]}", *parts.to_estate(), parts.building, parts.entrance, parts.floor, parts.room, parts.village, parts.group,
            parts.house_no, clerk.address(unit), f"{unit.area:.0f}", GRID_USE[unit.use],
            unit.certificate_no if clerk.sometimes(0.5) else "", *_owner(clerk, owner), unit.site.grid_cell, "网格员",
        )  # fmt: skip
        yield Row(values, about)


def _owner(clerk: Clerk, owner: Owner | None) -> tuple[Value, Value, Value, Value]:
    """Name and number of an owner, the firm that owns, and a phone, as the neighbours know them."""
    if owner is None:
        return ("不详", "", "", "无")
    if isinstance(owner, Firm):
        return ("", "", clerk.name(owner), owner.phone)
    number = owner.citizen_id if clerk.sometimes(0.75) else ""
    return (clerk.name(owner), number, "", clerk.phone(owner) if clerk.sometimes(0.9) else "拒绝提供")


@table("grid_visit", "走访编号 走访对象 身份证 联系电话 走访地址 居住情况 走访日期 走访内容 网格员", care=2.2)
def visits(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Visits of the last two months."""
    for stay in block.stays:
        person = stay.person
        if not running(stay.until) or not here(person) or not clerk.sometimes(0.22):
            continue
        values = (
            clerk.number("ZF"), clerk.name(person), person.citizen_id if clerk.sometimes(0.9) else "", clerk.phone(person),
            clerk.address(stay.unit), _STATES[stay.basis], _day(clerk), clerk.rng.choice(_NOTES), "网格员",
        )  # fmt: skip
        yield Row(values, {"person": person.id, "home": stay.unit.id})


def _day(clerk: Clerk) -> str:
    return DAYS[TODAY - clerk.rng.randrange(60)]
