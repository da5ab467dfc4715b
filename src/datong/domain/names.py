"""People's and organisations' names as departments write them: folded, compared, cut to their core.

A name is never corrected: these functions only say how two written forms stand to each other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

from datong.domain.identifiers import fold

NameLevel = Literal[
    "same",
    "variant",
    "pinyin",
    "lost_character",
    "part",
    "homophone",
    "one_character",
    "surname_changed",
    "surname",
    "different",
    "missing",
]
NAME_LEVELS: tuple[NameLevel, ...] = get_args(NameLevel)
"""What two names may be to each other, the nearest first."""

_TRADITIONAL = (
    "張张偉伟國国華华麗丽紅红軍军強强傑杰蘭兰鳳凤龍龙寶宝貴贵慶庆榮荣義义勝胜濤涛陽阳東东輝辉興兴愛爱蓮莲瓊琼穎颖曉晓鵬鹏飛飞"
    "劉刘陳陈楊杨趙赵黃黄吳吴孫孙馬马許许鄭郑馮冯鄧邓蕭萧葉叶呂吕蘇苏盧卢蔣蒋賈贾閻阎鐘钟鍾钟譚谭陸陆範范韓韩齊齐龔龚萬万錢钱"
    "湯汤賀贺賴赖嚴严溫温蘆芦莊庄顏颜倉仓聶聂羅罗鄒邹簡简饒饶歐欧遲迟畢毕寧宁喬乔紀纪車车連连魯鲁圖图維维爾尔買买熱热亞亚蓋盖"
    "戰战雙双單单習习談谈豐丰費费項项應应裝装閆闫閔闵關关岡冈嶽岳於于後后裡里裏里徵征學学書书畫画詩诗詞词語语誠诚謙谦諾诺謝谢"
    "識识證证議议讓让贊赞贇赟賢贤賓宾質质資资賽赛銘铭銀银鋒锋鋼钢錦锦鎮镇鏡镜鐵铁長长門门開开閃闪聞闻間间陰阴際际隨随雲云電电"
    "靈灵靜静韋韦順顺須须頌颂預预領领頓顿願愿類类顧顾風风養养駿骏騰腾驥骥鮮鲜鴻鸿鵑鹃鷗鸥鷹鹰麥麦黨党齡龄億亿優优儀仪傳传倫伦"
    "俠侠儲储兒儿內内兩两則则創创劍剑勁劲動动務务勵励勛勋區区協协衛卫廠厂歷历厲厉參参變变號号員员啟启啓启團团園园圓圆場场塊块"
    "堅坚壯壮壽寿夢梦奪夺奮奋奧奥婦妇嬌娇嬋婵實实審审將将對对導导屆届層层嶺岭巒峦師师帥帅幟帜幹干庫库廣广廬庐彌弥彎弯從从復复"
    "憶忆態态懷怀戶户揚扬擁拥擇择據据攝摄數数時时暉晖曄晔會会條条楓枫業业極极構构樂乐樹树橋桥機机檔档櫻樱權权歡欢歲岁歸归氣气"
    "漢汉濱滨潔洁澤泽濟济瀟潇瀅滢灣湾煒炜煥焕煉炼爍烁爭争獎奖獨独獻献瑋玮瑩莹瑪玛璽玺環环產产異异當当發发皚皑監监盤盘眾众碩硕"
    "確确禮礼禎祯禪禅種种積积穩稳窮穷競竞筆笔節节築筑約约純纯紋纹紹绍組组終终結结給给統统絲丝綺绮綱纲網网綠绿緒绪練练縣县總总"
    "績绩織织繼继續续纓缨聖圣聯联聰聪肅肃腦脑膽胆臨临與与艷艳藝艺蒼苍蔭荫薈荟薔蔷薩萨藍蓝蘋苹處处虛虚褲裤見见規规視视親亲覺觉"
    "觀观計计訓训記记設设訪访評评詠咏試试詳详調调論论諒谅諸诸謀谋講讲譽誉豔艳貝贝貞贞財财貢贡貫贯躍跃軒轩載载輕轻輪轮轉转農农"
    "運运過过達达遠远適适遙遥選选遷迁還还邊边鄉乡醫医釗钊釵钗鈞钧鈴铃鉅巨銳锐鋁铝録录錄录鍵键鎖锁鑄铸鑑鉴鑒鉴閣阁闊阔陣阵隊队"
    "隱隐雋隽雖虽離离難难霧雾靄霭韻韵響响頂顶頤颐題题顯显飄飘飯饭館馆駒驹駕驾騎骑驊骅驕骄髮发鯉鲤鶯莺鶴鹤鸞鸾鹽盐龐庞"
)
_SIMPLE = {ord(_TRADITIONAL[at]): _TRADITIONAL[at + 1] for at in range(0, len(_TRADITIONAL), 2)}
_DOTS = re.compile(r"[\s·•・‧∙⋅.\-'’`]")
_LOST = re.compile(r"[?？□■◻\*＊]")
_COMPOUND = re.compile(
    "欧阳|上官|司马|诸葛|司徒|东方|尉迟|长孙|慕容|夏侯|皇甫|公孙|令狐|宇文|轩辕|端木|南宫|百里|呼延|西门|独孤|完颜|闻人|申屠|太史|澹台"
)
PLACEHOLDER_NAMES = frozenset(("无", "不详", "未知", "无名", "无名氏", "空", "测试", "null", "none", "无姓名", "待定", "未命名"))
_ORG_FORMS = re.compile(
    r"(股份有限责任公司|有限责任公司|股份有限公司|集团有限公司|有限公司|农民专业合作社|专业合作社|合作社|股份公司|集团公司|总公司|分公司|公司|"
    r"\(普通合伙\)|\(有限合伙\)|\(个体工商户\)|\(个人独资\))"
)
_INDUSTRY = re.compile(
    "(?:科技|技术|信息|网络|软件|电子|电器|机电|机械|设备|仪器|自动化|智能|商贸|贸易|经贸|工贸|物资|百货|超市|便利店|批发|零售|餐饮|饭店|酒店|宾馆|"
    "食品|酒业|茶业|粮油|农业|农机|种植|养殖|园林|绿化|建筑|建设|工程|装饰|装修|建材|钢材|门窗|家具|家居|房地产|置业|物业|物业管理|物业服务|中介|"
    "咨询|管理|服务|企业管理|投资|资产|财务|会计|税务|人力资源|劳务|教育|培训|文化|传媒|广告|设计|印刷|图书|体育|健身|旅游|旅行社|美容|美发|"
    "医药|药业|药房|大药房|医疗|医疗器械|生物|化工|新材料|材料|陶瓷|玻璃|塑料|橡胶|纺织|服装|服饰|鞋业|汽车|汽修|汽车维修|汽车销售|运输|物流|"
    "快递|仓储|环保|能源|新能源|电力|燃气|水务|保洁|家政|养老|幼教|维修|销售|制造|加工|实业|发展|控股|集团)$"
)
_SHOP = re.compile(r"(?:经营部|服务部|维修部|销售部|门市部|工作室|货运站|电脑维修部|商店|商行|网店|店|部|厂|队|站|馆|铺)$")
_PROVINCE = re.compile(
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|"
    "广东|海南|四川|贵州|云南|陕西|甘肃|青海|内蒙古|广西|西藏|宁夏|新疆|香港|澳门|台湾"
)
_ORG_UNIQUE = re.compile(r"公司|合作社|协会|学校|医院|中学|小学|幼儿园|委员会|事务所|基金会|研究院|银行|合伙|卫生院|中心$")
_ORG_PLACE = re.compile(r"^(?:[一-鿿]{2,6}?省)?(?:[一-鿿]{2,4}?市)?(?:[一-鿿]{2,5}?(?:区|县|旗|高新区|开发区))?")


@lru_cache(maxsize=200_000)
def read_name(text: str) -> str:
    """A person's name folded for comparing: half width, simplified, upper case, dots and blanks out; "" for placeholders."""
    value = _DOTS.sub("", fold(text)).translate(_SIMPLE).upper()
    value = _LOST.sub("?", value)
    return "" if value.lower() in PLACEHOLDER_NAMES or not value.strip("?") else value


@lru_cache(maxsize=200_000)
def pinyin_of(name: str) -> str:
    """The sound of a folded name without tones, in capitals: 王小明 and 王晓明 are both WANGXIAOMING."""
    if name.isascii():
        return name
    from pypinyin import lazy_pinyin

    return "".join(lazy_pinyin(name)).upper().replace("Ü", "V")


def surname_of(name: str) -> str:
    """The family name of a folded Chinese name: two characters for the compound ones."""
    return name[:2] if len(name) > 2 and _COMPOUND.match(name) else name[:1]


@lru_cache(maxsize=200_000)
def compare_names(left: str, right: str) -> NameLevel:
    """How two written names stand to each other, the strongest level that fits.

    same; variant (traditional forms, dots, blanks, case); pinyin (one is written in letters, the sound agrees);
    lost_character (a rare character became ?); part (one is the other's beginning, names of three or more
    characters with a dot); homophone (same sound, other characters); one_character; surname_changed (the same given name under
    another family name, or the husband's family name put before: 李小红, 陈李小红); surname; different; missing.
    """
    one, two = read_name(left), read_name(right)
    if not one or not two:
        return "missing"
    if one == two and "?" not in one:
        return "same" if fold(left) == fold(right) else "variant"
    return _compare_folded(one, two, dotted=bool(_DOTS.search(left.strip()) or _DOTS.search(right.strip())))


def _compare_folded(one: str, two: str, *, dotted: bool) -> NameLevel:
    if "?" in one or "?" in two:
        return "lost_character" if _agree_but_lost(one, two) else "different"
    if one.isascii() != two.isascii():
        return "pinyin" if _same_letters(pinyin_of(one), pinyin_of(two), one, two) else "different"
    if dotted and min(len(one), len(two)) >= 3 and (one.startswith(two) or two.startswith(one)):
        return "part"
    if len(one) == len(two) and len(one) > 1 and not one.isascii() and pinyin_of(one) == pinyin_of(two):
        return "homophone"
    if _one_edit(one, two) and max(len(one), len(two)) > 2 and surname_of(one) == surname_of(two):
        return "one_character"
    if _surname_changed(one, two):
        return "surname_changed"
    return "surname" if surname_of(one) == surname_of(two) and not one.isascii() else "different"


def _surname_changed(one: str, two: str) -> bool:
    """Whether the given name, of two characters or more, stands under two family names, or under both at once."""
    if one.isascii() or two.isascii():
        return False
    if sorted((len(one), len(two))) == [3, 4]:
        longer, shorter = (one, two) if len(one) == 4 else (two, one)
        if longer[1:] == shorter:
            return True
    given = one[len(surname_of(one)) :]
    return len(given) > 1 and given == two[len(surname_of(two)) :] and surname_of(one) != surname_of(two)


def _same_letters(left: str, right: str, one: str, two: str) -> bool:
    """Letters agree as written, or with the family name put last as foreigners' forms do."""
    if left == right:
        return True
    chinese, letters = (one, right) if not one.isascii() else (two, left)
    family = surname_of(chinese)
    return pinyin_of(chinese[len(family) :]) + pinyin_of(family) == letters


def _agree_but_lost(one: str, two: str) -> bool:
    if len(one) != len(two):
        return False
    pairs = [(a, b) for a, b in zip(one, two, strict=True) if "?" not in (a, b)]
    return bool(pairs) and all(a == b for a, b in pairs)


def _one_edit(one: str, two: str) -> bool:
    """At most one character changed, added or lost, or two neighbours swapped."""
    if abs(len(one) - len(two)) > 1:
        return False
    at = next((index for index, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    if len(one) == len(two):
        swapped = one[at : at + 2] == two[at : at + 2][::-1] and one[at + 2 :] == two[at + 2 :]
        return one[at + 1 :] == two[at + 1 :] or swapped
    longer, shorter = (one, two) if len(one) > len(two) else (two, one)
    return longer[at + 1 :] == shorter[at:]


@lru_cache(maxsize=200_000)
def read_org_name(text: str) -> str:
    """An organisation's name folded for comparing: half width, simplified, blanks out, one kind of bracket."""
    value = (
        re.sub(r"\s", "", fold(text)).translate(_SIMPLE).upper().replace("【", "(").replace("】", ")").replace("[", "(").replace("]", ")")
    )
    return "" if value.lower() in PLACEHOLDER_NAMES else value


@dataclass(frozen=True, slots=True)
class OrgName:
    """The four parts the registration rules give an organisation's name; a part that is not there is empty."""

    region: str
    """淄博, without 市 or 省: where it is registered, at the beginning or in brackets."""
    trade: str
    """The trade name (字号): what its owner chose."""
    industry: str
    """物业管理, 餐饮: what it does."""
    form: str
    """有限公司, 合作社: its legal form."""


@lru_cache(maxsize=200_000)
def parts_of_org_name(org_name: str) -> OrgName:
    """A folded organisation name in its parts: region, trade name, industry, form."""
    form = "".join(_ORG_FORMS.findall(org_name))
    bare = _ORG_FORMS.sub("", org_name)
    if not form and (shop := _SHOP.search(bare)):
        form, bare = shop[0], bare[: shop.start()]
    inside = "".join(re.findall(r"\(([^)]*)\)", bare))
    bare = re.sub(r"\([^)]*\)", "", bare)
    place = _ORG_PLACE.match(bare)
    region = place[0] if place and len(bare) - len(place[0]) >= 2 else ""
    if not region and (province := _PROVINCE.match(bare)) and len(bare) - province.end() >= 2:
        region = province[0]
    rest, industry = bare[len(region) :], ""
    while found := _INDUSTRY.search(rest):
        if found.start() < 2:
            break
        rest, industry = rest[: found.start()], found[0] + industry
    return OrgName(re.sub(r"[省市区县]", "", region or inside), rest, industry, form)


@lru_cache(maxsize=200_000)
def core_of(org_name: str) -> str:
    """What is left of a folded organisation name without its place, legal form and brackets: its distinctive part."""
    value = _ORG_FORMS.sub("", org_name)
    value = re.sub(r"\([^)]*\)", "", value)
    shorter = _ORG_PLACE.sub("", value, count=1)
    return shorter if len(shorter) >= 2 else value


def is_registered_form(org_name: str) -> bool:
    """Whether the name has a form that is registered once only in a city (a company, a school), unlike a shop's."""
    return bool(_ORG_UNIQUE.search(org_name))
