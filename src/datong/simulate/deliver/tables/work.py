"""Tables about work and money: tax, social insurance, pensions, the housing fund."""

from __future__ import annotations

from collections.abc import Iterator

from datong.simulate.deliver.clerk import Clerk, age, here, later, latest, running
from datong.simulate.deliver.row import Row, Value, table
from datong.simulate.deliver.words import SEX_NUMBER, long_education
from datong.simulate.draw import DAYS, TODAY
from datong.simulate.model import Block, Employment, Firm

_POSTS = ("操作工", "销售", "会计", "行政", "技术员", "司机", "服务员", "保安")
_REASONS = ("购房", "偿还购房贷款", "租房", "租房", "退休")
_QUARTER_ENDS = {"Q1": ("01-01", "03-31"), "Q2": ("04-01", "06-30"), "Q3": ("07-01", "09-30"), "Q4": ("10-01", "12-31")}


@table(
    "tax_registration",
    "纳税人内码 纳税人识别号 纳税人名称 纳税人状态 法定代表人姓名 法定代表人身份证件号码 注册地址 生产经营地址 登记日期 行业 联系电话",
    care=0.6,
    dates="dash",
    trailing_comma=True,
    again="resent",
)
def taxpayers(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Registered taxpayers; the address of business is where the tax officer last found them."""
    for firm in block.firms:
        if firm.kind in ("institution", "association"):
            continue
        head, place = firm.legal_representative, firm.operating_unit or firm.registered_unit
        values: tuple[Value, ...] = (
            f"1370300{firm.id[1:]}", firm.credit_code, clerk.name(firm), firm.tax_status, clerk.name(head), head.citizen_id,
            clerk.address(firm.registered_unit), clerk.address(place), later(firm.founded_on, 15), firm.industry, firm.phone,
        )  # fmt: skip
        yield Row(values, {"organisation": firm.id, "person": head.id, "premises": place.id})


@table("tax_paid", "税票号码 纳税人识别号 纳税人名称 征收项目 所属期起 所属期止 实缴金额 入库日期", care=0.3, dates="plain")
def taxes(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Taxes paid in the last four quarters."""
    for paid in block.tax_returns:
        if not paid.paid_on or paid.quarter < "2025Q4":
            continue
        start, end = _QUARTER_ENDS[paid.quarter[4:]]
        year = paid.quarter[:4]
        parts = (("增值税", round(paid.tax * 0.8)), ("企业所得税", paid.tax - round(paid.tax * 0.8)))
        for kind, amount in parts:
            if amount > 0:
                values = (
                    clerk.number("337"), paid.firm.credit_code, clerk.name(paid.firm), kind, f"{year}-{start}", f"{year}-{end}",
                    f"{amount:.2f}", paid.paid_on,
                )  # fmt: skip
                yield Row(values, {"organisation": paid.firm.id})


@table(
    "tax_income_withholding", "申报序号 姓名 身份证件号码 扣缴义务人名称 扣缴义务人识别号 税款所属期 收入额 已扣缴税额 手机号码", care=0.5
)
def withheld(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Income tax that employers held back for the last month, for those who earn enough."""
    for employment in block.employments:
        if not running(employment.until) or employment.base < 5000:
            continue
        tax = round((employment.base - 5000) * 0.03)
        values = (
            clerk.number("GS"), clerk.name(employment.person), employment.person.citizen_id, clerk.name(employment.firm),
            employment.firm.credit_code, clerk.months[-1], str(employment.base), str(tax), clerk.phone(employment.person),
        )  # fmt: skip
        yield Row(values, _both(employment))


def _both(employment: Employment) -> dict[str, str]:
    return {"person": employment.person.id, "organisation": employment.firm.id}


def unit_no(firm: Firm) -> str:
    """An employer's number in social insurance."""
    return f"37{firm.id[1:]}"


@table(
    "hr_insured_person",
    "个人编号 社会保障号码 姓名 性别 出生日期 参保险种 参保状态 单位编号 单位名称 单位统一社会信用代码 首次参保年月 联系地址 手机",
    care=0.35,
    dates="plain",
    again="full",
)
def insured_people(block: Block, clerk: Clerk) -> Iterator[Row]:
    """People insured: at work, or as residents on their own."""
    at_work: dict[str, Employment] = {}
    past: dict[str, Employment] = {}
    for employment in block.employments:
        (at_work if running(employment.until) else past)[employment.person.id] = employment
    for person in block.people:
        current = at_work.get(person.id)
        former = past.get(person.id)
        if not person.insurance_no or not here(person) or (current is None and age(person) > 62):
            continue
        firm = current.firm if current else None
        kind = "职工基本养老保险" if current or former else "城乡居民养老保险"
        state = "参保缴费" if current or not former else "暂停缴费"
        since = current.since if current else former.since if former else later(person.birth, 17 * 365)
        employer: tuple[Value, Value, Value] = (unit_no(firm), clerk.name(firm), firm.credit_code) if firm else ("", "", "")
        values: tuple[Value, ...] = (
            person.insurance_no, person.citizen_id, clerk.name(person), SEX_NUMBER[person.sex], person.birth, kind, state, *employer,
            latest(since), clerk.address(person.home), clerk.phone(person),
        )  # fmt: skip
        yield Row(values, {"person": person.id} | ({"organisation": firm.id} if firm else {}))


@table("hr_insured_payment", "个人编号 社会保障号码 姓名 单位编号 费款所属期 缴费基数 单位缴纳 个人缴纳 缴费标志", care=0.3)
def insured_payments(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Monthly payments of employers and employed."""
    done: set[tuple[str, str]] = set()
    for employment in block.employments:
        person = employment.person
        since, until = employment.since[:7].replace("-", ""), employment.until[:7].replace("-", "") or "999999"
        for month in clerk.months:
            if not since <= month < until or (person.id, month) in done:
                continue
            done.add((person.id, month))
            values = (
                person.insurance_no, person.citizen_id, clerk.name(person), unit_no(employment.firm), month, str(employment.base),
                f"{employment.base * 0.16:.2f}", f"{employment.base * 0.08:.2f}", "0" if clerk.sometimes(0.02) else "1",
            )  # fmt: skip
            yield Row(values, {"person": person.id})


@table(
    "hr_insured_unit",
    "单位编号 单位名称 统一社会信用代码 组织机构代码 参保状态 在职参保人数 单位地址 专管员 联系电话 参保日期",
    care=0.5,
    dates="plain",
)
def insured_units(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Employers that insure somebody."""
    for firm in block.firms:
        working = [employment for employment in firm.staff if running(employment.until)]
        if not firm.staff:
            continue
        place = firm.operating_unit or firm.registered_unit
        values = (
            unit_no(firm), clerk.name(firm), firm.credit_code, firm.credit_code[8:17],
            "参保缴费" if working else "注销" if firm.closed_on else "暂停缴费",
            str(len(working)), clerk.address(place), clerk.name(firm.staff[0].person), firm.phone,
            min(employment.since for employment in firm.staff),
        )  # fmt: skip
        yield Row(values, {"organisation": firm.id, "premises": place.id})


@table("hr_pension", "待遇编号 身份证号 姓名 性别 出生日期 退休日期 月养老金 发放状态 居住地址", care=0.4)
def pensions(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Pensioners, a few of them dead without anybody having said so."""
    unnoticed = {death.person.id for death in block.deaths if not death.cancelled_on}
    for person in block.people:
        start = 60 if person.sex == "male" else 55
        gone = person.death and person.id not in unnoticed
        if age(person) < start or person.floating or person.left or gone or not person.insurance_no:
            continue
        unit = person.home or person.registered_unit
        since = latest(later(person.birth, start * 365 + 30))
        number = person.citizen_id
        if clerk.sometimes(0.02):
            continue
        values = (
            f"YL{person.id[1:]}"[:12], number, clerk.name(person), SEX_NUMBER[person.sex], person.birth, since,
            f"{clerk.rng.randrange(1400, 7800)}.{clerk.rng.randrange(100):02d}", "正常", clerk.address(unit),
        )  # fmt: skip
        yield Row(values, {"person": person.id} | ({"home": unit.id} if unit else {}))


@table(
    "hr_employment",
    "就业登记号 劳动者姓名 公民身份证号码 文化程度 用人单位 用人单位代码 合同起始日期 合同终止日期 岗位 联系电话",
    care=0.9,
    dates="slash",
)
def employments(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Contracts of work on record: for two of three jobs."""
    for employment in block.employments:
        if clerk.sometimes(0.35):
            continue
        person = employment.person
        values = (
            clerk.number("JY"), clerk.name(person), person.citizen_id, long_education(person.education), clerk.name(employment.firm),
            employment.firm.credit_code, employment.since, employment.until, person.occupation or clerk.rng.choice(_POSTS),
            clerk.phone(person),
        )  # fmt: skip
        yield Row(values, _both(employment))


def fund_unit_no(firm: Firm) -> str:
    """An employer's account at the housing fund."""
    return f"GJ{firm.id[1:]}"


def _fund_jobs(block: Block) -> dict[str, Employment]:
    """Person id → the running job that pays the housing fund."""
    return {job.person.id: job for job in block.employments if job.fund and running(job.until)}


@table("fund_account", "个人账号 姓名 证件号码 单位账号 单位名称 月缴存额 账户余额 账户状态 开户日期 手机号", care=0.6)
def fund_accounts(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Housing-fund accounts, frozen when the job that paid has ended."""
    jobs = _fund_jobs(block)
    ever = {job.person.id: job for job in block.employments if job.fund}
    for person in block.people:
        if not person.fund_no or person.death:
            continue
        job, last = jobs.get(person.id), ever.get(person.id)
        firm = job.firm if job else last.firm if last else None
        monthly = round(job.base * 0.2) if job else 0
        opened = (job or last).since if (job or last) else DAYS[TODAY - clerk.rng.randrange(200, 4000)]  # type: ignore[union-attr]
        unit: tuple[Value, Value] = (fund_unit_no(firm), clerk.name(firm)) if firm else ("", "")
        values = (
            person.fund_no, clerk.name(person), person.citizen_id, *unit, str(monthly), f"{clerk.rng.randrange(500, 180000)}.00",
            "正常" if job else "封存", opened, clerk.phone(person),
        )  # fmt: skip
        yield Row(values, {"person": person.id} | ({"organisation": firm.id} if firm else {}))


@table("fund_unit", "单位账号 单位全称 信用代码 单位地址 缴存人数 缴存比例 经办人 经办电话 开户日期", care=0.6, dates="dots")
def fund_units(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Employers that pay into the housing fund."""
    paying: dict[str, list[Employment]] = {}
    for job in _fund_jobs(block).values():
        paying.setdefault(job.firm.id, []).append(job)
    for firm in block.firms:
        jobs = paying.get(firm.id)
        if not jobs:
            continue
        place = firm.operating_unit or firm.registered_unit
        values = (
            fund_unit_no(firm), clerk.name(firm), firm.credit_code, clerk.address(place), str(len(jobs)), "10%+10%",
            clerk.name(jobs[0].person), firm.phone, min(job.since for job in jobs),
        )  # fmt: skip
        yield Row(values, {"organisation": firm.id, "premises": place.id})


@table("fund_withdrawal", "提取流水号 个人账号 提取人 身份证号 提取原因 提取金额 房屋坐落 提取日期", care=0.7, dates="chinese")
def withdrawals(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Money taken out, mostly for a home."""
    for person in block.people:
        if person.fund_no and here(person) and person.home and clerk.sometimes(0.14):
            reason = clerk.rng.choice(_REASONS)
            values = (
                clerk.number("TQ"), person.fund_no, clerk.name(person), person.citizen_id, reason, f"{clerk.rng.randrange(2000, 90000)}.00",
                "" if reason == "退休" else clerk.address(person.home), DAYS[TODAY - clerk.rng.randrange(300)],
            )  # fmt: skip
            yield Row(values, {"person": person.id} | ({} if reason == "退休" else {"premises": person.home.id}))
