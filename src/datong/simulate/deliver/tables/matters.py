"""Tables of matters raised and looked after: party organisations, the hotline 12345, petitions, smart communities, foreign guests."""

from __future__ import annotations

from collections.abc import Iterator

from datong.simulate.deliver.clerk import Clerk, here, running
from datong.simulate.deliver.row import Row, Value, table
from datong.simulate.draw import DAYS, TODAY
from datong.simulate.model import Block, Unit

LEAST_STAFF = 3
"""An enterprise with three members of the Party or more forms an organisation of its own."""
_COMPLAINTS = ("噪声扰民", "油烟污染", "消费维权", "占道经营", "拖欠工资")
_AT_HOME = ("物业服务", "供热不足", "漏水维修", "违规搭建", "停车管理")
_HANDLED = ("满意", "满意", "基本满意", "不满意")
_PETITIONS = ("征地补偿", "物业纠纷", "劳动保障", "房产证办理", "邻里采光")
_WATCHED = ("消防通道占用", "高空抛物预警", "电动车进电梯", "独居老人未出门", "井盖位移")
_NATIONS = ("韩国", "日本", "德国", "巴基斯坦", "俄罗斯", "美国")


@table("party_branch", "党组织编码 党组织名称 组织类别 所在单位 单位信用代码 党员人数 成立日期 换届日期", care=0.1, dates="dash")
def branches(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Party organisations within enterprises and institutions; of their members only the number."""
    for firm in block.firms:
        staff = sum(1 for one in firm.staff if running(one.until))
        if firm.status != "active" or staff < LEAST_STAFF or not clerk.sometimes(0.35):
            continue
        since = max(firm.founded_on, DAYS[TODAY - clerk.rng.randrange(3000)])
        values: tuple[Value, ...] = (
            clerk.number("DZZ"), f"中共{firm.name}支部委员会", "党支部", firm.name, firm.credit_code, f"{max(3, staff // 3)}", since,
            DAYS[TODAY + clerk.rng.randrange(30, 1000)],
        )  # fmt: skip
        yield Row(values, {"organisation": firm.id})


@table(
    "hotline_case", "工单编号 受理时间 诉求类别 诉求内容 反映对象 事发地址 承办单位 办结时间 满意度 来电人 来电号码", care=1.0, dates="dash"
)
def hotline_cases(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Cases of the hotline 12345: about a business where it works, or about a home."""
    for firm in block.firms:
        unit = firm.operating_unit
        if unit is not None and unit.kind == "commercial" and firm.status == "active" and clerk.sometimes(0.06):
            yield _call(clerk, unit, (firm.name, clerk.rng.choice(_COMPLAINTS)), {"organisation": firm.id, "premises": unit.id})
    for unit in block.units:
        if unit.kind == "residential" and unit.residents and clerk.sometimes(0.012):
            yield _call(clerk, unit, ("", clerk.rng.choice(_AT_HOME)), {"premises": unit.id})


def _call(clerk: Clerk, unit: Unit, about: tuple[str, str], ids: dict[str, str]) -> Row:
    start = TODAY - clerk.rng.randrange(3, 180)
    values: tuple[Value, ...] = (
        clerk.number("12345-"), DAYS[start], about[1], f"市民反映{about[1]}问题", about[0], clerk.address(unit), "属地街道",
        DAYS[min(TODAY, start + clerk.rng.randrange(1, 10))], clerk.rng.choice(_HANDLED), "来电人", "",
    )  # fmt: skip
    return Row(values, ids)


@table("petition_case", "信访件编号 信访形式 登记日期 事项类别 事发地址 责任单位 办理期限 办理结果 信访人", care=0.6, dates="chinese")
def petitions(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Petitions by the place they are about; who petitioned stays with the petitions office."""
    homes = [unit for unit in block.units if unit.kind == "residential" and unit.residents]
    for unit in [unit for unit in homes if clerk.sometimes(0.004)] or homes[:1]:
        start = TODAY - clerk.rng.randrange(400)
        values: tuple[Value, ...] = (
            clerk.number("XF2026-"), clerk.rng.choice(("网上", "来信", "走访")), DAYS[start], clerk.rng.choice(_PETITIONS),
            clerk.address(unit, standard=True), "区县有关部门", DAYS[start + 60], "已答复" if start + 60 < TODAY else "办理中", "信访人",
        )  # fmt: skip
        yield Row(values, {"premises": unit.id})


@table("community_event", "事件编号 小区 事发地址 事件类型 发现日期 发现方式 处置日期 处置结果", care=0.8, dates="dash")
def community_events(block: Block, clerk: Clerk) -> Iterator[Row]:
    """What the smart communities' devices and keepers noticed in the estates."""
    for unit in block.units:
        if unit.site.kind == "estate" and unit.residents and clerk.sometimes(0.008):
            start = TODAY - clerk.rng.randrange(2, 90)
            values: tuple[Value, ...] = (
                clerk.number("ZHSQ"), unit.site.name, clerk.address(unit), clerk.rng.choice(_WATCHED), DAYS[start],
                clerk.rng.choice(("设备感知", "网格上报")), DAYS[start + 1], clerk.rng.choice(("已处置", "已处置", "误报")),
            )  # fmt: skip
            yield Row(values, {"premises": unit.id})


@table("police_lodging", "登记编号 国籍 入住日期 离开日期 住宿地址 留宿人 留宿人身份证号 境外人员姓名 证件号码", care=0.3, dates="dash")
def lodgings(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Foreign guests in homes, registered within 24 hours: where, how long, and by whom; the guest stays with the police."""
    hosts = [stay for stay in block.stays if stay.basis == "owner" and running(stay.until) and here(stay.person)]
    for stay in [stay for stay in hosts if clerk.sometimes(0.006)] or hosts[:1]:
        host = stay.person
        start = TODAY - clerk.rng.randrange(20, 400)
        values: tuple[Value, ...] = (
            clerk.number("JW"), clerk.rng.choice(_NATIONS), DAYS[start], DAYS[start + clerk.rng.randrange(2, 60)],
            clerk.address(stay.unit), clerk.name(host), host.citizen_id, "境外人员", "",
        )  # fmt: skip
        yield Row(values, {"premises": stay.unit.id, "host": host.id})
