"""Names of people, drawn by sex and generation with the weights they have in life; rare characters and dotted names included."""

from __future__ import annotations

import random

from datong.simulate.draw import table

_SURNAMES = (
    "王720李680张650刘520陈360杨280赵250黄190周190吴180徐170孙200胡130朱125高140林100何100郭115马120罗80梁75宋95郑85谢60韩95唐55冯60于120董80萧10"
    "程50曹70袁50邓40许50傅30沈30曾25彭35吕55苏40卢30蒋30蔡25贾45丁40魏55薛35叶25阎12余20潘25杜40戴20夏30钟15汪20田40任35姜45范30方20石35姚25"
    "谭18廖10邹25熊10金20陆12郝25孔35白20崔50康15毛20邱12秦25江10史20顾8侯30邵15孟40龙5万8段15雷8钱5汤6尹15黎3易3常12武12乔12贺6赖2龚4文4庞10"
    "樊6兰5殷8施4洪4翟15安6颜10倪5严4牛15温5芦6季6俞4章3鲁10葛10伍2毕12聂8丛8焦10柳6邢20骆4岳10齐12梅3庄4辛8管10祝4左6涂1谷4祁4时6舒2耿12牟8"
    "卜6路6詹2关4苗6凌2费2纪6靳8盛6童2欧2甄4项3曲12成5游1阳1裴6席4卫4查2屈4鲍6位2覃1霍6翁1隋6植1仇4车6解8昝2亓5展4逯3仉2谯1国4荆6蒲2邸2逄3"
)
_DOUBLE_SURNAMES = (("欧阳", 3.0), ("司马", 1.0), ("上官", 1.0), ("诸葛", 1.5), ("东方", 0.5), ("皇甫", 0.8), ("司徒", 0.5), ("尉迟", 0.3))


_DOUBLES = frozenset(name for name, _ in _DOUBLE_SURNAMES)


def _weighted(text: str) -> list[tuple[str, float]]:
    pairs: list[tuple[str, float]] = []
    name, digits = "", ""
    for char in text:
        if char.isdigit():
            digits += char
            continue
        if name:
            pairs.append((name, float(digits)))
        name, digits = char, ""
    pairs.append((name, float(digits)))
    return pairs


SURNAMES = table([*_weighted(_SURNAMES), *_DOUBLE_SURNAMES], 8000)

_WHOLE = {
    ("male", 0): "建国 玉山 德福 守仁 长贵 兴华 传业 世昌 文忠 振东 秀山 永福 明德 金山 宝田 洪亮 学文 玉林 树林 福生",
    ("female", 0): "秀英 桂英 秀兰 玉兰 玉英 桂兰 凤英 淑珍 玉珍 桂芳 秀珍 凤兰 素珍 兰英 翠英 月英 淑英 桂荣 秀芳 玉芹",
    (
        "male",
        1,
    ): "建国 建军 建华 志强 志刚 国庆 卫东 卫国 爱国 永强 军 勇 强 伟 刚 斌 波 辉 涛 明 红军 文革 立新 春生 新民 援朝 建平 国强 志勇 学军",
    (
        "female",
        1,
    ): "桂英 红 丽 敏 艳 霞 秀英 淑华 玉华 桂芝 爱华 爱玲 红梅 春梅 秀梅 丽华 素华 玉梅 建华 新华 凤霞 玉霞 秀玲 春兰 翠玲 俊英",
    ("male", 2): "伟 磊 强 勇 军 杰 涛 超 明 鹏 刚 波 辉 健 斌 浩 亮 凯 飞 鑫 峰 帅 洋 宁 建 志强 海涛 晓东 文斌 振华 立国 海波 建伟 志伟",
    ("female", 2): "静 丽 敏 艳 娟 芳 娜 燕 霞 婷 玲 雪 倩 颖 洁 丹 琳 蕾 慧 莉 晓燕 海燕 丽娜 红霞 晓红 丽丽 秀丽 春燕 爱华 晓丽 海霞",
    ("male", 3): "浩 鑫 宇 杰 帅 凯 超 鹏 晨 阳 龙 健 坤 昊 旭 博 文浩 子豪 浩然 俊杰 志豪 文博 晓宇 天宇 明轩 家豪 泽宇 宇航 嘉伟 振宇",
    ("female", 3): "婷 雪 倩 欣 悦 颖 琪 瑶 蕊 萌 雨婷 梦瑶 佳怡 思雨 雨欣 欣怡 梦琪 晓雨 雅琪 静怡 文静 佳琪 雪婷 嘉欣 梦婷 晓彤 雨晴",
    (
        "male",
        4,
    ): "浩宇 子轩 浩然 宇轩 梓轩 沐宸 奕辰 宇航 子墨 一诺 皓轩 俊熙 梓豪 铭泽 子涵 宇泽 煜城 泽洋 梓睿 沐阳 嘉懿 宸睿 明哲 佑安 景行",
    (
        "female",
        4,
    ): "梓涵 欣怡 一诺 诗涵 子涵 梓萱 雨桐 可馨 欣妍 语桐 若汐 沐瑶 一一 艺涵 佳怡 紫涵 思涵 语汐 心怡 清妍 悦溪 芷若 夏沫 念安 书瑶",
}
_FIRST = {
    ("male", 0): "德守长传世文振永明宝洪学玉树福兴金继光绪维廷家玉",
    ("female", 0): "秀桂玉凤淑素兰翠月春金爱美俊瑞",
    ("male", 1): "建国志卫永文立春新学玉洪金振光继庆希兆守",
    ("female", 1): "桂秀玉淑爱春丽素凤翠红俊美月新",
    ("male", 2): "海晓文振立志建春洪光庆玉永学兆成世东",
    ("female", 2): "晓海丽红秀春玉爱文美雪慧淑金俊",
    ("male", 3): "文子浩俊志晓天明家泽宇嘉振旭海世一",
    ("female", 3): "雨梦佳思欣晓雅静文雪嘉梓诗可",
    ("male", 4): "浩子宇梓沐奕一皓俊铭煜泽嘉宸明佑景书",
    ("female", 4): "梓欣一诗子雨可语若沐艺佳紫思心清悦芷",
}
_LAST = {
    ("male", 0): "山福仁贵华业昌忠东田亮文林生海财厚礼义和平祥顺堂",
    ("female", 0): "英兰珍芳荣芹花云香莲芝梅娥贞",
    ("male", 1): "国军华强刚庆东民生平勇明林海涛波成祥友忠富利",
    ("female", 1): "英红丽敏华芝玲梅霞兰香荣芳云琴花莲珍",
    ("male", 2): "涛东斌华国波伟峰强明刚勇军林成生辉亮民平",
    ("female", 2): "燕丽娜霞红梅玲芳英敏华静娟萍花艳云",
    ("male", 3): "浩豪然杰博宇轩航伟辉鹏龙阳晨东强凯",
    ("female", 3): "婷瑶怡雨欣琪静彤晴颖洁雪倩蕊萌",
    ("male", 4): "宇轩然宸辰航墨诺熙豪泽涵城洋睿阳懿哲安行",
    ("female", 4): "涵怡诺萱桐馨妍汐瑶溪若沫安晴玥彤悦",
}
_SINGLE_SHARE = (0.03, 0.25, 0.42, 0.22, 0.06)
RARE_CHARACTERS = (
    "𠮷",
    "𬍛",
    "㛃",
    "䶮",
    "𫖯",
    "𬭚",
    "喆",
    "赟",
    "堃",
    "犇",
    "淼",
    "燚",
    "翀",
    "婠",
    "祎",
    "垚",
    "昉",
    "旻",
    "玥",
    "琇",
    "𤩽",
    "𬀩",
)
"""Some of them outside the BMP, several missing from GBK: departments write 吉, ?, 〇 or pinyin for them."""
DOTTED_NAMES = {
    "male": (
        "阿卜杜拉·买买提",
        "艾合买提·吐尔逊",
        "买买提·艾力",
        "吐尔逊·阿卜力孜",
        "亚森·玉素甫",
        "阿布都热依木·卡迪尔",
        "努尔麦麦提·依明",
        "扎西·多吉·次仁",
    ),
    "female": (
        "古丽米热·艾买提",
        "阿依古丽·买买提",
        "热依汗·吐尔逊",
        "帕提古丽·阿布都拉",
        "米娜瓦尔·玉素甫",
        "努尔比亚·艾力·亚森",
        "卓玛·央金·拉姆",
    ),
}
_MINORITIES = table([("回族", 50), ("满族", 20), ("蒙古族", 8), ("朝鲜族", 6), ("苗族", 5), ("土家族", 5), ("壮族", 4), ("彝族", 3)], 100)


def generation(year: int) -> int:
    """0 born before 1955, 1 to 1974, 2 to 1989, 3 to 2004, 4 since."""
    return (year >= 1955) + (year >= 1975) + (year >= 1990) + (year >= 2005)


_WHOLE_LISTS = {key: tuple(text.split()) for key, text in _WHOLE.items()}


def surname(rng: random.Random) -> str:
    """A family name."""
    return SURNAMES[int(rng.random() * len(SURNAMES))]


def given(rng: random.Random, sex: str, year: int) -> str:
    """A given name of a generation: a third of them from the most common, so that namesakes abound as they do."""
    rnd = rng.random
    key = (sex, generation(year))
    chance = rnd()
    if chance < 0.34:
        whole = _WHOLE_LISTS[key]
        return whole[int(rnd() * len(whole))]
    last = _LAST[key]
    if chance < 0.34 + _SINGLE_SHARE[key[1]]:
        return last[int(rnd() * len(last))]
    if chance > 0.994:
        first = RARE_CHARACTERS[int(rnd() * len(RARE_CHARACTERS))]
    else:
        firsts = _FIRST[key]
        first = firsts[int(rnd() * len(firsts))]
    return first + last[int(rnd() * len(last))]


def ethnicity(rng: random.Random) -> str:
    """汉族 for 98 of 100."""
    return "汉族" if rng.random() < 0.982 else _MINORITIES[int(rng.random() * len(_MINORITIES))]


def is_rare(name: str) -> bool:
    """Whether a name has a character that departments' systems often cannot write."""
    return any(ord(char) > 0xFFFF or 0x3400 <= ord(char) < 0x4E00 or char == "䶮" for char in name)


def family_name(name: str) -> str:
    """The family name in a full Chinese name; empty for dotted names, which have none."""
    if "·" in name:
        return ""
    return name[:2] if name[:2] in _DOUBLES else name[0]
