"""Invented names: roads, estates, towers, factories; one name never stands for two places unless a trap wants it."""

from __future__ import annotations

from datong.simulate.divisions import City, Spot, Street
from datong.simulate.draw import scatter, stream


def _words(text: str) -> list[str]:
    return text.split()


_ROAD_FIRST = "东西南北中学花果天鲁齐稷柳泉清康宏盛昌泰和安金银翠碧文明新世兴华裕丰润景云祥瑞凤鹤松柏青"
_ROAD_SECOND = "兰玉石井洼铺源泉苑园阳安泰和平川湖溪山岭峰桥门城庭台林田河澜沣洋岳宁荣祥远德信义"
_ROAD_TAILS = ("路", "路", "路", "大道", "街", "路", "东路", "西路", "南路", "北路")
_ROAD_STEMS = [first + second for first in _ROAD_FIRST for second in _ROAD_SECOND if first != second]
ROADS_PER_STREET = 15
_GROUP = 3
_WINDOW = 100

_ESTATE_STEMS = _words(
    "颐和 锦绣 阳光 世纪 金地 碧水 翠湖 紫荆 丹桂 玉兰 银杏 春晓 秋实 新苑 盛世 御景 龙泉 凤凰 鹿鸣 云鼎 齐盛 稷门 般水 孝妇河 "
    "桃李 书香 学府 名仕 君悦 华府 尚城 明珠 星河 天悦 东方 中天 恒生 瑞祥 和润 康乐 福满 安居 嘉和 景泰 润泽 兰亭 梅岭 竹韵 "
    "松涛 荷塘 枫林 樱花 杏花 石榴 海棠 牡丹 芙蓉 百合 丁香 紫薇 月桂 香樟 梧桐 水岸 滨河 湖光 山水 云山 泉城 古槐 双杨 九龙 "
    "五福 四季 三盛 万和 千禧 百盛 鑫源 宏泰 裕华 祥和 瑞景 丽景 美景 佳境 雅居 逸园 静苑 清华园 博雅 文昌 状元 教师 工人 电力 "
    "纺织 陶瓷 化建 铁路 矿务 农机 供销 粮食 卫生 邮电 交通 水利 林业 地税 银苑 金鼎 玉泉 珑悦 璟园 澜庭 宸院 樾府 臻品 和悦 "
    "悦府 观澜 江南 江山 国风 中润 东郡 西城 南岭 北斗 昆仑 泰山 华山 黄河 长江 运河 马踏湖 大顺 太公 管仲 晏子 姜太 聊斋 "
)
_ESTATE_TAILS = _words(
    "花园 小区 家园 新村 苑 公馆 嘉园 名苑 华庭 雅苑 庄园 城 府 里 生活区 家属院 宿舍 人家 御园 首府 山庄 广场 国际 豪庭 社区公寓 "
    "怡园 雅居 新城 东苑 翠苑 "
)
_BRANDS = (
    "",
    "鲁源",
    "恒润",
    "中齐",
    "华盛",
    "泰和",
    "金泰",
    "远大",
    "宏业",
    "天成",
    "瑞达",
    "鑫茂",
    "万通",
    "嘉禾",
    "正大",
    "海通",
    "众诚",
)
COMMON_ESTATES = (
    "幸福小区",
    "和平小区",
    "阳光花园",
    "新村小区",
    "建设小区",
    "光明小区",
    "东方花园",
    "安居小区",
    "教师公寓",
    "政府家属院",
    "商业局宿舍",
    "物资局宿舍",
)
"""Names that several estates of the city bear."""
_TOWER_STEMS = _words(
    "金鼎 银埠 华沅 齐昶 创业 汇金 中沅 世昶 天泰 鲁昶 科创 瑞欣 信达 创智 火曜 高创 恒圻 财富 新天地 时代 银通 汇美 齐赛 创源谷 "
    "先启 联曜 华光 万象 "
)
_TOWER_TAILS = ("大厦", "国际大厦", "商务中心", "广场", "科技园", "创业园", "中心", "商城")
_FACTORY_STEMS = _words(
    "鲁源 齐屿 新桦 宏达 金埕 瑞曦 汇丰 昌国 天润 三金 博丰 恒力 大成 永丰 华釉 泰堡 鑫泉 淄岭 水澜 东屿 蓝晟 齐麓 科荟 卓昶 "
    "美林 华纺 鲁泽 山铎 "
)
_FACTORY_TAILS = (
    "机械厂",
    "化工厂",
    "陶瓷厂",
    "纺织厂",
    "工业园",
    "耐火材料厂",
    "电器厂",
    "制药厂",
    "产业园",
    "仓储物流园",
    "建材厂",
    "泵业厂区",
)


def roads_of(city: City, street: Street) -> list[str]:
    """The fifteen roads of a street, all different in the city; the first is shared by two neighbouring streets of a district."""
    number_of = scatter(len(_ROAD_STEMS), city.seed, "roads")
    tails = stream(city.seed, "road tails", street.code)
    names = []
    for number in range(ROADS_PER_STREET):
        rank = street.rank // 2 * 2 if number == 0 and not street.zone_code else street.rank
        stem = _ROAD_STEMS[number_of(rank * ROADS_PER_STREET + number)]
        tail = "大道" if number == 0 else _ROAD_TAILS[int(tails.random() * len(_ROAD_TAILS))]
        names.append(stem + tail)
    return names


class RoadNumbers:
    """Hands out the numbers a block may use on its three roads; blocks of one street never overlap."""

    def __init__(self, city: City, spot: Spot) -> None:
        roads = roads_of(city, spot.street)
        groups = ROADS_PER_STREET // _GROUP
        group, window = spot.visit % groups, spot.visit // groups
        self.roads = roads[group * _GROUP : (group + 1) * _GROUP]
        half = spot.street.rank % 2 * 1000
        self._next = {road: 1 + _WINDOW * window + (half if road == roads[0] else 0) for road in self.roads}

    def take(self, road: str, count: int = 1, step: int = 2) -> list[int]:
        """The next numbers of a road; a side of the road goes in steps of two."""
        first = self._next[road]
        numbers = [first + step * place for place in range(count)]
        self._next[road] = numbers[-1] + (1 if step == 2 else step)
        return numbers


def estate_name(seed: int, serial: int) -> str:
    """The name of the n-th estate of the city; no two are equal."""
    plain = len(_ESTATE_STEMS) * len(_ESTATE_TAILS)
    brand, number = divmod(serial, plain)
    stem, tail = divmod(scatter(plain, seed, "estates")(number), len(_ESTATE_TAILS))
    return _brand(brand) + _ESTATE_STEMS[stem] + _ESTATE_TAILS[tail]


def tower_name(seed: int, serial: int) -> str:
    """The name of the n-th tower of the city."""
    return _composed(seed, serial, "towers", _TOWER_STEMS, _TOWER_TAILS)


def factory_name(seed: int, serial: int) -> str:
    """The name of the n-th factory or park of the city."""
    return _composed(seed, serial, "factories", _FACTORY_STEMS, _FACTORY_TAILS)


def _composed(seed: int, serial: int, word: str, stems: list[str], tails: tuple[str, ...]) -> str:
    plain = len(stems) * len(tails)
    brand, number = divmod(serial, plain)
    stem, tail = divmod(scatter(plain, seed, word)(number), len(tails))
    return _brand(brand) + stems[stem] + tails[tail]


def _brand(number: int) -> str:
    first, second = divmod(number, len(_BRANDS))
    return _BRANDS[second] + (f"第{first + 1}" if first else "")
