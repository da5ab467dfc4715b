"""Tables of the utilities: customers and monthly readings of water, power and gas."""

from __future__ import annotations

from collections.abc import Iterator

from datong.simulate import readings
from datong.simulate.deliver.clerk import Clerk, is_firm, number_of, phone_of
from datong.simulate.deliver.row import Row, Value, table
from datong.simulate.deliver.words import gas_use, power_use, water_use
from datong.simulate.model import Account, Block

_PRICES = {"water": 3.4, "power": 0.547, "gas": 3.05}


def _accounts(block: Block, utility: str) -> Iterator[Account]:
    return (account for account in block.accounts if account.utility == utility and not account.closed_on)


def _homes(block: Block, utility: str) -> Iterator[Account]:
    return (account for account in _accounts(block, utility) if not is_firm(account.holder))


def _firms(block: Block, utility: str) -> Iterator[Account]:
    return (account for account in _accounts(block, utility) if is_firm(account.holder))


def _holder(account: Account) -> dict[str, str]:
    role = "organisation" if is_firm(account.holder) else "person"
    return {role: account.holder.id, "premises": account.unit.id}


def _number(account: Account, clerk: Clerk, share: float) -> Value:
    """The holder's citizen number, as far as it was ever asked for."""
    return number_of(account.holder) if clerk.sometimes(share) else ""


@table("water_account", "户号 户名 证件号码 用水地址 用水性质 水表编号 开户日期 联系电话 抄表册号", care=1.5, dates="dash")
def water_accounts(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Water customers that are people."""
    for account in _homes(block, "water"):
        values: tuple[Value, ...] = (
            account.account_no, clerk.name(account.holder), _number(account, clerk, 0.9), clerk.address(account.unit),
            water_use(account.unit),
            clerk.number("SB"), account.opened_on, phone_of(account.holder), account.unit.site.grid_cell,
        )  # fmt: skip
        yield Row(values, _holder(account))


@table("water_account_unit", "户号 户名 统一社会信用代码 用水地址 用水性质 开户日期 联系电话", care=1.5, dates="dash")
def water_unit_accounts(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Water customers that are firms."""
    for account in _firms(block, "water"):
        values = (
            account.account_no, clerk.name(account.holder), number_of(account.holder), clerk.address(account.unit), water_use(account.unit),
            account.opened_on, phone_of(account.holder),
        )  # fmt: skip
        yield Row(values, _holder(account))


@table(
    "power_account", "用户编号 用户名称 证件号 用电地址 用电类别 合同容量 立户日期 联系方式 供电单位", care=1.0, dates="plain", again="full"
)
def power_accounts(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Power customers that are people."""
    for account in _homes(block, "power"):
        values = (
            account.account_no, clerk.name(account.holder), _number(account, clerk, 0.95), clerk.address(account.unit),
            power_use(account.unit), clerk.rng.choice(("6", "8", "10")), account.opened_on, phone_of(account.holder), "市供电公司",
        )  # fmt: skip
        yield Row(values, _holder(account))


@table(
    "power_account_unit",
    "用户编号 用户名称 统一社会信用代码 用电地址 用电类别 合同容量 立户日期 联系方式 供电单位",
    care=1.2,
    dates="plain",
)
def power_unit_accounts(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Power customers that are firms."""
    for account in _firms(block, "power"):
        values = (
            account.account_no, clerk.name(account.holder), number_of(account.holder), clerk.address(account.unit),
            power_use(account.unit), clerk.rng.choice(("20", "50", "100", "315")), account.opened_on, phone_of(account.holder),
            "市供电公司",
        )  # fmt: skip
        yield Row(values, _holder(account))


@table("gas_account", "燃气编号 客户姓名 客户证件 装表地址 用气类型 通气日期 手机", care=2.0, dates="slash", again="truncated")
def gas_accounts(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Gas customers that are people; restaurants and works have contracts of their own."""
    for account in _homes(block, "gas"):
        values = (
            account.account_no, clerk.name(account.holder), _number(account, clerk, 0.9), clerk.address(account.unit),
            gas_use(account.unit),
            account.opened_on, phone_of(account.holder),
        )  # fmt: skip
        yield Row(values, _holder(account))


def _readings(block: Block, clerk: Clerk, utility: str) -> Iterator[tuple[Account, str, int]]:
    """Account, month and use of the months delivered, from the month of opening."""
    for account in _homes(block, utility) if utility == "gas" else _accounts(block, utility):
        for month, used in readings.monthly(account):
            plain = month.replace("-", "")
            if plain in clerk.months:
                yield account, plain, used


@table("water_reading", "户号 用水年月 上月表底 本月表底 用水量 水费 用水地址", care=0.3)
def water_readings(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Monthly use of water."""
    counters: dict[str, int] = {}
    for account, month, used in _readings(block, clerk, "water"):
        before = counters.setdefault(account.id, clerk.rng.randrange(20, 4000))
        counters[account.id] = before + used
        values = (
            account.account_no, month, str(before), str(before + used), str(used), f"{used * _PRICES['water']:.2f}",
            account.unit.address,
        )  # fmt: skip
        yield Row(values, {"premises": account.unit.id})


@table("power_reading", "用户编号 数据月份 月电量 电费 峰电量", care=0.3)
def power_readings(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Monthly use of power."""
    for account, month, used in _readings(block, clerk, "power"):
        values = (account.account_no, month, str(used), f"{used * _PRICES['power']:.2f}", f"{used * 0.55:.0f}")
        yield Row(values, {"premises": account.unit.id})


@table("gas_reading", "燃气编号 账期 用气量 金额", care=0.3)
def gas_readings(block: Block, clerk: Clerk) -> Iterator[Row]:
    """Monthly use of gas."""
    for account, month, used in _readings(block, clerk, "gas"):
        yield Row((account.account_no, month, str(used), f"{used * _PRICES['gas']:.2f}"), {"premises": account.unit.id})
