"""Tables of supervision: random inspections, penalties, coercive measures, joint inspections of the sub-districts."""

from __future__ import annotations

from collections.abc import Iterator

from datong.simulate.deliver.clerk import Clerk
from datong.simulate.deliver.row import Row, Value, table
from datong.simulate.draw import DAYS, TODAY
from datong.simulate.model import Block, Firm

_ASPECTS = ("登记事项检查", "公示信息检查", "价格行为检查", "食品销售监督检查", "产品质量监督检查")
_FOUND = ("未发现问题", "未发现问题", "未发现问题", "未发现问题", "发现问题已责令改正", "通过登记的住所无法联系", "不配合检查")
_OFFENCES = (
    ("未按规定公示年度报告", "警告", 0),
    ("经营标签不符合规定的预包装食品", "罚款", 2000),
    ("未明码标价", "罚款", 500),
    ("擅自改变登记的经营场所", "罚款", 3000),
    ("发布含有虚假内容的广告", "罚款", 10000),
)
_MEASURES = ("查封场所设施", "扣押设备物品", "责令暂时停止生产")
_CONCLUSIONS = ("合格", "合格", "限期整改", "移送立案")
_LEADS = ("应急管理", "市场监管", "消防", "生态环境", "综合行政执法")


@table("market_inspection", "抽查编号 企业名称 统一社会信用代码 抽查事项 检查日期 检查结果 经营地址 检查人员", care=0.4, dates="dash")
def inspections(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Random inspections of the last two years."""
    for firm in block.firms:
        if firm.status in ("active", "abnormal") and clerk.sometimes(0.14):
            unit = firm.operating_unit or firm.registered_unit
            found = _FOUND[5] if firm.operating_unit is None else clerk.rng.choice(_FOUND[:5] if clerk.sometimes(0.95) else _FOUND)
            values: tuple[Value, ...] = (
                clerk.number("SSJ"), clerk.name(firm), firm.credit_code, clerk.rng.choice(_ASPECTS), _day(firm, clerk, 700), found,
                clerk.address(unit), "检查人员",
            )  # fmt: skip
            yield Row(values, {"organisation": firm.id, "premises": unit.id})


@table(
    "market_penalty", "决定书文号 当事人名称 统一社会信用代码 违法事实 处罚种类 罚款金额 决定日期 公示截止日期", care=0.3, dates="chinese"
)
def penalties(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Administrative penalties, oftener of those on the list of abnormal operations."""
    for firm in block.firms:
        if firm.status != "closed" and clerk.sometimes(0.3 if firm.status == "abnormal" else 0.03):
            fact, kind, fine = clerk.rng.choice(_OFFENCES)
            day = _day(firm, clerk, 900)
            values = (
                clerk.number("淄市监罚"), clerk.name(firm), firm.credit_code, fact, kind, f"{fine}" if fine else "", day,
                f"{int(day[:4]) + 3}{day[4:8]}28",
            )  # fmt: skip
            yield Row(values, {"organisation": firm.id})


@table("emergency_coercion", "决定书编号 单位名称 信用代码 场所地址 强制措施 实施日期 解除日期 事由", care=0.5, dates="dots")
def coercions(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Coercive measures at works with hidden dangers."""
    for firm in block.firms:
        unit = firm.operating_unit
        if unit is not None and unit.kind == "industrial" and firm.status == "active" and clerk.sometimes(0.08):
            start = max(TODAY - 500, TODAY - clerk.rng.randrange(30, 500))
            values = (
                clerk.number("YJQ"), clerk.name(firm), firm.credit_code, clerk.address(unit), clerk.rng.choice(_MEASURES), DAYS[start],
                DAYS[start + clerk.rng.randrange(7, 30)], "重大事故隐患未消除",
            )  # fmt: skip
            yield Row(values, {"organisation": firm.id, "premises": unit.id})


@table("joint_enforcement", "联检编号 被检查单位 统一社会信用代码 地址 牵头领域 检查日期 检查结论 参加人员", care=1.2, dates="slash")
def joint_inspections(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Joint inspections by the teams of towns and sub-districts."""
    for firm in block.firms:
        unit = firm.operating_unit
        if unit is not None and firm.status == "active" and clerk.sometimes(0.06):
            values = (
                clerk.number("LH"), clerk.name(firm), firm.credit_code if clerk.sometimes(0.85) else "", clerk.address(unit),
                clerk.rng.choice(_LEADS), DAYS[TODAY - clerk.rng.randrange(365)], clerk.rng.choice(_CONCLUSIONS),
                "联合执法组",
            )  # fmt: skip
            yield Row(values, {"organisation": firm.id, "premises": unit.id})


def _day(firm: Firm, clerk: Clerk, most: int) -> str:
    return max(firm.founded_on, DAYS[TODAY - clerk.rng.randrange(most)])
