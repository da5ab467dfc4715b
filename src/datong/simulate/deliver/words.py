"""The departments' words for the same thing: each table picks the dictionary its department uses."""

from __future__ import annotations

from datong.simulate.model import Unit

SEX = {"male": "男", "female": "女"}
SEX_NUMBER = {"male": "1", "female": "2"}
MARITAL = {"single": "未婚", "married": "已婚", "divorced": "离婚", "widowed": "丧偶"}
MARITAL_OLD = {"single": "未婚", "married": "有配偶", "divorced": "离异", "widowed": "丧偶"}
LONG_EDUCATION = {"大专": "大学专科", "本科": "大学本科", "硕士": "硕士研究生", "博士": "博士研究生"}
ETHNICITY_NUMBER = {
    "汉族": "01",
    "蒙古族": "02",
    "回族": "03",
    "藏族": "04",
    "维吾尔族": "05",
    "苗族": "06",
    "彝族": "07",
    "壮族": "08",
    "朝鲜族": "10",
    "满族": "11",
    "土家族": "15",
}
STRUCTURE = {"钢混": "钢筋混凝土", "砖混": "砖混", "钢结构": "钢结构"}
TITLE_USE = {"住宅": "成套住宅", "宿舍": "集体宿舍", "商铺": "商业服务", "办公": "办公", "厂房": "工业", "仓库": "仓储"}
GRID_USE = {"住宅": "居住", "宿舍": "宿舍", "商铺": "门面", "办公": "办公", "厂房": "厂房", "仓库": "库房"}
DISABILITY_NUMBER = {"视力": "1", "听力": "2", "言语": "3", "肢体": "4", "智力": "5", "精神": "6", "多重": "7"}
LEVELS = ("", "一级", "二级", "三级", "四级")
FIRM_STATUS = {"active": "存续", "abnormal": "经营异常", "revoked": "吊销，未注销", "closed": "注销"}
TRADER_STATUS = {"active": "在营（开业）", "abnormal": "经营异常", "revoked": "吊销", "closed": "已注销"}


def ethnicity_number(name: str) -> str:
    """The two-digit code of GB/T 3304, or the name where the table lacks it."""
    return ETHNICITY_NUMBER.get(name, "01")


def water_use(unit: Unit) -> str:
    """What the water company calls the use of a unit."""
    return "居民生活用水" if unit.kind == "residential" else "非居民用水"


def power_use(unit: Unit) -> str:
    """What the power company calls the use of a unit."""
    return {"residential": "居民生活", "commercial": "一般工商业", "industrial": "大工业"}[unit.kind]


def gas_use(unit: Unit) -> str:
    """What the gas company calls the use of a unit."""
    return {"residential": "民用", "commercial": "商用", "industrial": "工业"}[unit.kind]


def long_education(level: str) -> str:
    """A level of education in the long words of some departments."""
    return LONG_EDUCATION.get(level, level)
