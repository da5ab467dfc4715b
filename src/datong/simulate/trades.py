"""What firms do and how they are named: trades by kind of premises, with words for names, scope, staff, permits."""

from __future__ import annotations

from typing import NamedTuple

from datong.simulate.draw import scatter, table

PERMITS = {
    "food": ("食品经营许可证", "market", "JY1370303"),
    "health": ("公共场所卫生许可证", "health", "卫公证字"),
    "fire": ("公众聚集场所消防安全检查合格证", "fire", "消安检字"),
    "tobacco": ("烟草专卖零售许可证", "tobacco", "3703"),
    "environment": ("排污许可证", "environment", "9137"),
    "chemicals": ("危险化学品经营许可证", "emergency", "鲁淄危化经"),
    "culture": ("出版物经营许可证", "culture", "新出发淄"),
    "clinic": ("医疗机构执业许可证", "health", "PDY"),
    "school": ("民办学校办学许可证", "education", "教民3703"),
}
"""Kind of permit → title, issuing department, beginning of the number."""


class Trade(NamedTuple):
    """A line of business."""

    word: str
    """In a company's name: 商贸."""
    shop: str
    """In a sole trader's name: 便利店."""
    industry: str
    scope: str
    staff: int
    """Usual number of people."""
    permits: tuple[str, ...]
    job: str


_SHOP = table(
    [
        (Trade("餐饮管理", "小吃店", "餐饮业", "餐饮服务；食品销售", 4, ("food", "fire"), "餐饮服务员"), 16),
        (Trade("餐饮", "饭店", "餐饮业", "餐饮服务；酒类经营", 8, ("food", "fire", "tobacco"), "厨师"), 8),
        (Trade("商贸", "便利店", "零售业", "食品销售；烟草制品零售；日用百货销售", 2, ("food", "tobacco"), "营业员"), 18),
        (Trade("服饰", "服装店", "零售业", "服装服饰零售；鞋帽零售", 2, (), "营业员"), 12),
        (Trade("美容美发", "美发店", "居民服务业", "理发服务；生活美容服务", 3, ("health",), "美发师"), 9),
        (Trade("大药房", "药店", "零售业", "药品零售；第二类医疗器械销售", 3, ("food",), "药师"), 5),
        (Trade("烘焙食品", "蛋糕店", "食品零售", "食品生产；食品销售", 3, ("food",), "面点师"), 5),
        (Trade("汽车维修", "汽修厂", "维修业", "机动车修理和维护", 5, ("environment",), "修理工"), 6),
        (Trade("五金机电", "五金店", "批发业", "五金产品批发；电气设备销售", 2, (), "营业员"), 6),
        (Trade("书店", "书店", "零售业", "出版物零售；文具用品零售", 2, ("culture",), "营业员"), 3),
        (Trade("口腔门诊", "口腔诊所", "卫生", "医疗服务", 5, ("clinic",), "医师"), 3),
        (Trade("教育咨询", "托管中心", "教育", "教育咨询服务；托管服务", 5, ("school",), "教师"), 4),
        (Trade("房产经纪", "房产中介", "房地产业", "房地产经纪；住房租赁", 4, (), "经纪人"), 5),
    ],
    200,
)
_OFFICE = table(
    [
        (Trade("信息科技", "电脑维修部", "软件和信息技术服务业", "软件开发；信息系统集成服务", 9, (), "软件工程师"), 16),
        (Trade("网络科技", "网店", "软件和信息技术服务业", "互联网销售；网络技术服务", 6, (), "运营"), 12),
        (Trade("建筑工程", "装修队", "建筑业", "建设工程施工；建筑劳务分包", 14, (), "施工员"), 15),
        (Trade("装饰工程", "装饰店", "建筑业", "住宅室内装饰装修", 7, (), "设计师"), 9),
        (Trade("商贸", "商行", "批发业", "建筑材料销售；化工产品销售", 4, ("chemicals",), "业务员"), 16),
        (Trade("企业管理咨询", "咨询服务部", "商务服务业", "企业管理咨询；财务咨询", 4, (), "会计"), 9),
        (Trade("人力资源", "劳务服务部", "商务服务业", "人力资源服务；劳务派遣服务", 6, (), "人事专员"), 5),
        (Trade("文化传媒", "广告部", "文化业", "广告设计、代理；会议及展览服务", 5, (), "设计师"), 8),
        (Trade("物业服务", "保洁服务部", "物业管理", "物业管理；建筑物清洁服务", 12, (), "保安"), 4),
        (Trade("生物科技", "保健品店", "研究和试验发展", "生物基材料技术研发；医学研究", 8, (), "研发员"), 6),
    ],
    200,
)
_WORKS = table(
    [
        (Trade("机械制造", "机械加工厂", "通用设备制造业", "机械零件、零部件加工", 32, ("environment",), "车工"), 22),
        (Trade("陶瓷", "陶瓷厂", "非金属矿物制品业", "日用陶瓷制品制造；特种陶瓷制品制造", 40, ("environment",), "成型工"), 14),
        (Trade("化工", "化工厂", "化学原料和化学制品制造业", "专用化学产品制造", 45, ("environment", "chemicals"), "操作工"), 14),
        (Trade("新材料", "材料加工厂", "新材料制造", "新型陶瓷材料销售；高性能纤维制造", 30, ("environment",), "操作工"), 14),
        (Trade("医疗器械", "器械厂", "医药制造业", "第二类医疗器械生产", 35, (), "质检员"), 9),
        (Trade("纺织", "纺织厂", "纺织业", "面料纺织加工；服装制造", 38, (), "挡车工"), 9),
        (Trade("物流", "货运站", "道路运输业", "道路货物运输；普通货物仓储服务", 16, (), "驾驶员"), 10),
        (Trade("电气设备", "电器厂", "电气机械制造业", "变压器、整流器制造", 28, (), "电工"), 8),
    ],
    200,
)
_HOME = table(
    [
        (Trade("电子商务", "网店", "零售业", "互联网销售", 1, (), "网店店主"), 40),
        (Trade("家政服务", "家政服务部", "居民服务业", "家政服务", 3, (), "家政员"), 20),
        (Trade("农业科技", "农资店", "农业", "农作物种植；农资销售", 2, (), "农民"), 20),
        (Trade("设计", "工作室", "专业技术服务业", "专业设计服务", 1, (), "设计师"), 20),
    ],
    100,
)
_BY_USE = {"商铺": _SHOP, "办公": _OFFICE, "厂房": _WORKS, "仓库": _WORKS, "住宅": _HOME, "宿舍": _HOME}
_FIRST = (
    "鑫盛宏恒瑞泰华金汇德祥润博众嘉正聚万永立卓远景茂顺福安益凯锐创智迈科兴隆诚信昌达丰海天龙齐鲁源泉同康百佳美優优尚雅柏森旭耀颐拓启航星辰"
)
_SECOND = "源达盛泰丰隆兴顺昌和安发诚信润祥瑞成华邦腾飞翔宇宏通利宝悦康佳美联创博远凯锐程力航辰晟锦嘉恒昊朗硕森泽铭凌云山峰"
_THIRD = ("", *"德嘉鑫泰元文百尔贝佰亿优客居家艺品味香馨雅尚悦禾木林枫桐梓沐清泽海洋川江河岳岩石玉珠瑾瑜琪瑶晶莹曦晨朝阳光")


def trade_for(use: str, chance: float) -> Trade:
    """A line of business that suits a kind of premises."""
    options = _BY_USE[use]
    return options[int(chance * len(options))]


def trade_name(seed: int, serial: int) -> str:
    """The n-th trade name (字号) of the city; no two are equal: two characters first, three when those are used up."""
    plain = len(_FIRST) * len(_SECOND)
    level, number = divmod(serial, plain)
    first, second = divmod(scatter(plain, seed, "trade names", level)(number), len(_SECOND))
    return _FIRST[first] + _SECOND[second] + (_THIRD[level] if level < len(_THIRD) else f"{level}")
