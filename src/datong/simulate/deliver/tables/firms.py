"""Tables about firms: registration, changes, permits, inspections, what the grid sees."""

from __future__ import annotations

from collections.abc import Iterator

from datong.simulate.deliver.clerk import Clerk, running
from datong.simulate.deliver.row import Row, Value, table
from datong.simulate.deliver.words import FIRM_STATUS, TRADER_STATUS
from datong.simulate.draw import DAYS, TODAY
from datong.simulate.model import Block, Firm, FirmAddress, Permit

_FIRM_FORMS = ("company", "branch", "cooperative")


def _about(firm: Firm, *premises: str) -> dict[str, str]:
    found = {"organisation": firm.id}
    return found | ({"premises": premises[0]} if premises else {})


@table(
    "market_enterprise",
    "主体身份代码 统一社会信用代码 注册号 企业名称 曾用名称 企业类型 法定代表人 法定代表人证件号码 注册资本（万元） 成立日期 "
    "登记状态 行业代码 住所 经营场所"
    " 经营范围 联系电话 登记机关",
    care=0.15,
    dates="dash",
    again="full",
)
def enterprises(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Companies, branches and cooperatives, the cancelled ones as well."""
    for firm in block.firms:
        if firm.kind not in _FIRM_FORMS:
            continue
        head = firm.legal_representative
        shop = firm.operating_unit
        elsewhere = shop is not None and shop is not firm.registered_unit
        values: tuple[Value, ...] = (
            entity_no(firm), firm.credit_code, firm.registration_no, firm.name, firm.former_name, firm.form, clerk.name(head),
            head.citizen_id, f"{firm.capital:.2f}", firm.founded_on, FIRM_STATUS[firm.status], firm.industry,
            clerk.address(firm.registered_unit), clerk.address(shop) if elsewhere and clerk.sometimes(0.4) else "", firm.scope, firm.phone,
            "市市场监督管理局",
        )  # fmt: skip
        about = {"organisation": firm.id, "person": head.id, "seat": firm.registered_unit.id}
        yield Row(values, about | ({"shop": shop.id} if shop and values[13] else {}))


def entity_no(firm: Firm) -> str:
    """A firm's inner number in the market-regulation system."""
    return f"3703000{firm.id[1:]}"


@table(
    "market_sole_trader",
    "主体身份代码 统一社会信用代码 注册号 字号名称 经营者 经营者身份证号 经营者电话 组成形式 经营场所 经营范围 注册日期 登记状态 行业代码",
    care=0.4,
    dates="dash",
    again="full",
)
def sole_traders(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Sole traders."""
    for firm in block.firms:
        if firm.kind != "sole_trader":
            continue
        head = firm.legal_representative
        values = (
            entity_no(firm), firm.credit_code, firm.registration_no, firm.name, clerk.name(head), head.citizen_id, firm.phone, "个人经营",
            clerk.address(firm.registered_unit), firm.scope, firm.founded_on, TRADER_STATUS[firm.status], firm.industry,
        )  # fmt: skip
        yield Row(values, {"organisation": firm.id, "person": head.id, "premises": firm.registered_unit.id})


@table("market_change", "变更流水 统一社会信用代码 变更后名称 变更前名称 变更事项 变更前内容 变更后内容 变更后住所 核准日期", care=0.2)
def changes(block: Block, clerk: Clerk) -> Iterator[Row]:
    """New names and moves of firms."""
    for firm in block.firms:
        if firm.former_name and firm.renamed_on:
            values: tuple[Value, ...] = (
                clerk.number("BG"), firm.credit_code, firm.name, firm.former_name, "名称变更", firm.former_name, firm.name, "",
                firm.renamed_on,
            )  # fmt: skip
            yield Row(values, {"organisation": firm.id})
        for earlier, now in zip(firm.addresses, firm.addresses[1:], strict=False):
            yield _move(firm, earlier, now, clerk)


def _move(firm: Firm, earlier: FirmAddress, now: FirmAddress, clerk: Clerk) -> Row:
    values: tuple[Value, ...] = (
        clerk.number("BG"), firm.credit_code, firm.name, "", "住所变更", clerk.address(earlier.unit, standard=True),
        now.unit.address, clerk.address(now.unit), now.since,
    )  # fmt: skip
    return Row(values, _about(firm, now.unit.id))


@table("market_cancellation", "注销吊销文号 统一社会信用代码 名称 状态 注销吊销日期 原因", care=0.3, dates="dots")
def cancellations(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Firms cancelled or revoked."""
    for firm in block.firms:
        if firm.status in ("closed", "revoked"):
            word, reason = ("注销", "决议解散") if firm.status == "closed" else ("吊销", "长期停业未经营")
            yield Row((clerk.number("ZX"), firm.credit_code, clerk.name(firm), word, firm.closed_on, reason), _about(firm))


@table("market_abnormal", "列入编号 统一社会信用代码 企业名称 法定代表人 列入原因 列入日期 登记住所 作出决定机关", care=0.3)
def abnormal(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Firms on the list of abnormal operations."""
    for firm in block.firms:
        if firm.status == "abnormal":
            lost = firm.operating_unit is None or clerk.sometimes(0.5)
            values = (
                clerk.number("YC"), firm.credit_code, clerk.name(firm), clerk.name(firm.legal_representative),
                "通过登记的住所或者经营场所无法联系" if lost else "未按规定公示年度报告", DAYS[TODAY - clerk.rng.randrange(30, 700)],
                clerk.address(firm.registered_unit), "市市场监督管理局",
            )  # fmt: skip
            yield Row(values, _about(firm, firm.registered_unit.id))


def _permits(block: Block, issuer: str) -> Iterator[Permit]:
    return (permit for permit in block.permits if permit.issuer == issuer and not permit.revoked_on)


@table(
    "market_food_permit",
    "许可证编号 经营者名称 社会信用代码（身份证号码） 法定代表人（负责人） 经营场所 主体业态 经营项目 签发日期 有效期至",
    care=0.9,
    dates="chinese",
    again="changes",
)
def food_permits(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Food permits."""
    for permit in _permits(block, "market"):
        firm = permit.firm
        catering = any(word in firm.name + firm.scope for word in ("餐", "饭", "食府", "面馆", "火锅", "小吃"))
        values = (
            permit.permit_no, clerk.name(firm), firm.credit_code, clerk.name(firm.legal_representative), clerk.address(permit.unit),
            "餐饮服务经营者" if catering else "食品销售经营者", "热食类食品制售" if catering else "预包装食品销售", permit.issued_on,
            permit.expires_on,
        )  # fmt: skip
        yield Row(values, _about(firm, permit.unit.id))


@table("approval_integrated_licence", "证照编号 持证主体 统一社会信用代码 经营地址 集成事项 发证日期 有效期止", care=0.3)
def integrated_licences(block: Block, clerk: Clerk) -> Iterator[Row]:
    """One licence for several permits at one place."""
    held: dict[tuple[str, str], list[Permit]] = {}
    for permit in block.permits:
        if not permit.revoked_on:
            held.setdefault((permit.firm.id, permit.unit.id), []).append(permit)
    for permits in held.values():
        if len(permits) < 2 or not clerk.sometimes(0.6):
            continue
        first = permits[0]
        values = (
            clerk.number("ZY"), clerk.name(first.firm), first.firm.credit_code, clerk.address(first.unit),
            "、".join(permit.kind for permit in permits), max(permit.issued_on for permit in permits),
            min(permit.expires_on for permit in permits),
        )  # fmt: skip
        yield Row(values, _about(first.firm, first.unit.id))


@table(
    "health_venue_permit",
    "许可证号 单位名称 统一社会信用代码 经营地址 许可项目 法定代表人（负责人） 发证日期 有效期截止",
    care=0.9,
    dates="dots",
    again="changes",
)
def hygiene_permits(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Hygiene permits of public places."""
    for permit in _permits(block, "health"):
        firm = permit.firm
        if "卫生" not in permit.kind:
            continue
        values = (
            permit.permit_no, clerk.name(firm), firm.credit_code, clerk.address(permit.unit), permit.kind,
            clerk.name(firm.legal_representative), permit.issued_on, permit.expires_on,
        )  # fmt: skip
        yield Row(values, _about(firm, permit.unit.id))


@table("fire_inspection", "检查编号 场所名称 统一社会信用代码 场所地址 消防安全责任人 检查日期 检查结论 整改期限", care=1.0, dates="slash")
def fire_inspections(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Fire inspections: the places that hold a certificate and a share of the other shops."""
    for firm in block.firms:
        unit = firm.operating_unit
        if unit is None or unit.kind != "commercial" or firm.status != "active" or not clerk.sometimes(0.35):
            continue
        verdict = clerk.rng.choice(("合格", "合格", "合格", "不合格", "责令限期改正"))
        values = (
            clerk.number("XF"), clerk.name(firm), firm.credit_code, clerk.address(unit), clerk.name(firm.legal_representative),
            DAYS[TODAY - clerk.rng.randrange(400)], verdict, "",
        )  # fmt: skip
        yield Row(values, _about(firm, unit.id))


@table("tobacco_licence", "许可证号 企业（字号）名称 社会信用代码 负责人姓名 负责人身份证号 经营地址 发证日期 有效期限 订货电话", care=0.6)
def tobacco_licences(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Tobacco licences."""
    for permit in _permits(block, "tobacco"):
        firm, head = permit.firm, permit.firm.legal_representative
        values = (
            permit.permit_no, clerk.name(firm), firm.credit_code, clerk.name(head), head.citizen_id, clerk.address(permit.unit),
            permit.issued_on, permit.expires_on, firm.phone,
        )  # fmt: skip
        yield Row(values, _about(firm, permit.unit.id) | {"person": head.id})


@table("eco_discharge", "许可证（登记）编号 单位名称 统一社会信用代码 生产经营场所地址 管理类别 有效期起 有效期止", care=0.4)
def discharge_permits(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Discharge permits and registrations."""
    for permit in _permits(block, "environment"):
        firm = permit.firm
        kind = clerk.rng.choice(("登记管理", "登记管理", "登记管理", "简化管理", "重点管理"))
        values = (
            permit.permit_no, clerk.name(firm), firm.credit_code, clerk.address(permit.unit), kind, permit.issued_on, permit.expires_on,
        )  # fmt: skip
        yield Row(values, _about(firm, permit.unit.id))


@table("culture_venue", "许可证编号 场所名称 统一信用代码 法人代表 场所地址 经营面积 发证时间 截止日期", care=0.8)
def culture_venues(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Permits of entertainment venues."""
    for permit in _permits(block, "culture"):
        firm = permit.firm
        values = (
            permit.permit_no, clerk.name(firm), firm.credit_code, clerk.name(firm.legal_representative), clerk.address(permit.unit),
            f"{permit.unit.area:.1f}", permit.issued_on, permit.expires_on,
        )  # fmt: skip
        yield Row(values, _about(firm, permit.unit.id))


@table(
    "urban_permit",
    "许可文号 申请单位 单位代码 设置地点 联系人 联系电话 许可日期 到期日期",
    care=1.2,
    dates="dots",
    title="户外广告设置许可台账",
)
def sign_permits(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Permits for signs over shops."""
    for firm in block.firms:
        unit = firm.operating_unit
        if unit is not None and unit.kind == "commercial" and firm.status == "active" and clerk.sometimes(0.12):
            since = DAYS[TODAY - clerk.rng.randrange(700)]
            values = (
                clerk.number("GG"), clerk.name(firm), firm.credit_code, clerk.address(unit), clerk.name(firm.legal_representative),
                firm.phone,
                since, f"{int(since[:4]) + 2}{since[4:8]}28",
            )  # fmt: skip
            yield Row(values, _about(firm, unit.id))


_OFFENCES = ("店外经营", "违规设置广告牌", "油烟扰民", "占道堆放", "噪声扰民")


@table("urban_case", "案件号 当事人名称 当事人代码 案由 发生地点 发生日期 处理结果 承办人", care=2.0)
def urban_cases(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Cases of the urban management, half of them without the firm's code."""
    for firm in block.firms:
        unit = firm.operating_unit
        if unit is not None and unit.kind == "commercial" and clerk.sometimes(0.07):
            values = (
                clerk.number("CG"), clerk.name(firm), firm.credit_code if clerk.sometimes(0.5) else "", clerk.rng.choice(_OFFENCES),
                clerk.address(unit), DAYS[TODAY - clerk.rng.randrange(180)], "已整改", "执法队员",
            )  # fmt: skip
            yield Row(values, _about(firm, unit.id))


@table("transport_permit", "经营许可证号 业户名称 统一社会信用代码 负责人 经营地址 经营范围 核发日期 有效期止", care=0.9, dates="chinese")
def transport_permits(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Operating permits of hauliers and coach firms."""
    for firm in block.firms:
        if "运输" not in firm.industry or firm.status in ("closed", "revoked"):
            continue
        since = max(firm.founded_on, DAYS[TODAY - clerk.rng.randrange(1200)])
        unit = firm.operating_unit or firm.registered_unit
        values = (
            clerk.number("3703"), clerk.name(firm), firm.credit_code, clerk.name(firm.legal_representative), clerk.address(unit),
            "普通货运",
            since, f"{int(since[:4]) + 4}{since[4:8]}28",
        )  # fmt: skip
        yield Row(values, _about(firm, unit.id))


@table("emergency_unit", "监管编号 企业全称 社会信用代码 主要负责人 负责人手机 厂区地址 风险等级 从业人数", care=0.8)
def watched_units(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Works under safety watch."""
    for firm in block.firms:
        unit = firm.operating_unit
        if unit is not None and unit.kind == "industrial" and firm.status == "active":
            working = sum(running(employment.until) for employment in firm.staff)
            risk = clerk.rng.choice(("低风险", "低风险", "一般风险", "较大风险", "重大风险"))
            values = (
                clerk.number("AJ"), clerk.name(firm), firm.credit_code, clerk.name(firm.legal_representative), firm.phone,
                clerk.address(unit), risk, str(working),
            )  # fmt: skip
            yield Row(values, _about(firm, unit.id))


@table(
    "grid_company",
    "采集编号 门头名称 营业执照代码 实际经营地址 负责人 负责人电话 从业人员数 经营状况 采集日期",
    care=2.0,
    dates="slash",
    again="full",
)
def grid_companies(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Firms as grid workers find them: at the place where they work, or not at all."""
    for firm in block.firms:
        if firm.status == "closed" or clerk.sometimes(0.12):
            continue
        unit = firm.operating_unit
        place = unit or firm.registered_unit
        state = "查无下落" if unit is None else "停业" if firm.status == "revoked" else "正常经营"
        working = sum(running(employment.until) for employment in firm.staff)
        values = (
            clerk.number("QY"), clerk.name(firm), firm.credit_code if clerk.sometimes(0.7) else "", clerk.address(place),
            clerk.name(firm.legal_representative), firm.phone, str(working), state, DAYS[TODAY - clerk.rng.randrange(90)],
        )  # fmt: skip
        yield Row(values, _about(firm, place.id))
