"""The words by which Chinese addresses mark their parts, compiled once.

Everything here is general: no name of any one place. A mark is searched from left to right, so that a token ends
at the first word that can end it; the `*_GOES_ON` patterns tell when that was too early (花园 in 花园路).
"""

from __future__ import annotations

import re

from datong.domain.address import Part
from datong.fuse.address.numerals import CN

HAN = "\u4e00-\u9fff"
_ALNUM = (
    r"(?:(?<![A-Za-z])[A-Za-z]{1,2})?(?:[0-9]{3,}|[0-9]{1,2}(?![0-9]|[A-Za-z]{2}))"
    r"(?:(?![Ff](?![A-Za-z]))[A-Za-z](?![A-Za-z])(?:[0-9]{1,2}(?![0-9]))?)?"
)
"""12, B12, 12B, 4A12; a word in Latin letters is no number, nor is its end."""

ROAD_WORDS = r"大道|大街|胡同|国道|省道|县道|街(?!道)|路|巷|弄"
ESTATE_WORDS = (
    "小区|住宅区|生活区|别墅区|风景区|度假区|商务区|工业园区|工业区|产业园区|科技园区|产业区|园区|校区|厂区|院区|库区|景区|片区|社区服务中心|"
    "新村|花园|花苑|家园|家苑|公园|庄园|嘉园|学园|果园|产业园|科技园|工业园|创业园|创意园|软件园|物流园|植物园|动物园|幼儿园|"
    "公寓|公馆|别墅|宿舍|家属院|家属楼|大院|大厦|大楼|商厦|写字楼|综合楼|办公楼|教学楼|宿舍楼|实验楼|科技楼|住院部|门诊部|"
    "广场|市场|商场|菜场|农场|林场|牧场|渔场|操场|体育场|停车场|机场|工场|货场|商城|新城|名城|家居城|建材城|水晶城|商贸城|服装城|家私城|家具城|"
    "[\u4e00-\u9fff]城(?![\u4e00-\u9fff]?(?:路|街|区|镇|乡|村|东|西|南|北|中|市|关|港|郊))|"
    "中心|中学|小学|大学|学院|学校|医院|法院|检察院|研究院|设计院|研究所|事务所|派出所|卫生院|养老院|电影院|剧院|影院|图书馆|"
    "宾馆|酒店|饭店|旅馆|旅社|会所|会馆|场馆|博物馆|体育馆|超市|网吧|酒吧|商店|药店|书店|专卖店|便利店|影楼|酒楼|茶楼|"
    "有限责任公司|股份有限公司|有限公司|分公司|总公司|公司|集团|银行|信用社|支行|分行|邮局|电信局|公安局|税务局|供电局|电力局|"
    "管委会|委员会|居委|村委|政府|派出所|车管所|收费站|加油站|火车站|汽车站|客运站|车站|水电站|变电站|服务站|工作站|"
    "制造厂|加工厂|印刷厂|服装厂|工厂|[\u4e00-\u9fff]厂(?!区|路)|车间|仓库|基地|码头|物业|置业|驿站|部队|"
    "华庭|嘉苑|雅苑|名苑|佳苑|景苑|[\u4e00-\u9fff]苑(?!路|街)|名都|名邸|府邸|华府|山庄|豪庭|雅庭|水岸|名居|豪园|御园|名园|雅园|景园|[\u4e00-\u9fff]园(?!区|[\u4e00-\u9fff]?(?:路|街|村))|公社|"
    "国际|[\u4e00-\u9fff]府(?![\u4e00-\u9fff]?(?:路|街))|[\u4e00-\u9fff]庭(?!路)|[\u4e00-\u9fff]邸|[\u4e00-\u9fff]墅"
)
_UNIT_AFTER_CN = (
    "号楼|号(?!大街|路|街|线)|幢|栋|座(?!落)|单元|楼|层|室(?!内)|组(?!团)|期|区(?!域)|弄|队|巷|"
    "社(?!区)|门(?!市|店|诊|面|卫|口)|梯|排|标段|分区|院(?!内)|门|村民小组|小组|生产队"
)
STRONG_RELATIVE = (
    "斜?正?对面|斜?对过|隔壁|附近|旁边|交叉路?口?|[十丁]字路口|交汇处|交汇口?|交界处?|交叉处|交口|门口|"
    "[东南西北]{1,2}(?:侧|首|邻|边)|以[东南西北]{1,2}|[与和](?=[\u4e00-\u9fff]{1,6}?(?:路|街|大道|巷|道))"
)
_NOISE_WORDS = (
    "电联|电话联系|自主申报|住所申报|一照多址|一址多照|集群注册|集中办公|仅限办公|仅限通信联络|不得从事生产经营|null|NULL|市辖区|自编|"
    "(?:人民)?政府驻地|驻地"
)

NAME_ENDS = (
    rf"(?P<stop>[0-9 \-、|]|(?<![A-Za-z])[A-Za-z]{{1,2}}(?=[0-9 \-|座栋幢区号楼期馆单组]|$)|第?[{CN}]+(?:{_UNIT_AFTER_CN})|"
    rf"[东南西北](?=[一二三四五六七八九十]区|[0-9]+米)|[东南西北]区(?=$|[0-9A-Z \-|{CN}])|"
    rf"(?:[东南西北]|[东南西北]大)?门口?(?=$|[0-9 |])|{_NOISE_WORDS}|{STRONG_RELATIVE})"
    r"|(?P<street>街道(?:办事处|办)?|(?<!小)镇(?!镇|海|江|政府|中|小学|卫生|人民|工业|东|西|南|北|前|安|远|宁|坪|原|平|雄|赉|巴|沅|康|泰|守|静|龙)(?:人民政府)?|乡(?!政府|中|里|下|贤|土|都|村|宁|城))"
    r"|(?P<zone>(?:经济技术|经济|技术|高新技术产业|高新技术|旅游|高新)?(?:开发区|示范区|保税区|集聚区|试验区|高新区|高新园区)|(?<!创)新区)"
    rf"|(?P<road>{ROAD_WORDS})"
    r"|(?P<community>社区(?!服务)(?:居民委员会|居委会)?|居民委员会|居委会)"
    r"|(?P<village>村民委员会|村委会|行政村|自然村|(?<!新)村(?!镇|委|民|里|头|部|级)|(?<=新)村(?=村))"
    rf"|(?P<estate>{ESTATE_WORDS})"
)
"""What can end a name, as a pattern."""
_BEGINS = {word[0] for word in ESTATE_WORDS.split("|") if word[0] != "["} | {
    char for char in _NOISE_WORDS + STRONG_RELATIVE + CN + ROAD_WORDS + "第东南西北门镇乡街经技高旅开示保集试新社居村行自、" if char >= "、"
}
MARK = re.compile(rf"(?=[0-9A-Za-z \-|n{''.join(sorted(_BEGINS))}]|[{HAN}][城厂苑园府庭邸墅])(?:{NAME_ENDS})")
"""What can end a name, searched from the name's second character on. The look ahead tells at once where none can begin."""

ROAD_GOES_ON = re.compile(rf"(?:[东南西北中前后新老横环一二三四五六七八九十支]{{0,2}})(?:{ROAD_WORDS})(?!口区)")
"""After an estate or village word: the name was a road's all along (花园北路, 新村西路)."""
PLACE_GOES_ON = re.compile(
    rf"(?!第?[{CN}]+(?:{_UNIT_AFTER_CN}))[{HAN}]{{0,2}}?(?:股份有限公司|有限公司|小区|新村|社区|花园|公寓|大厦|大楼|广场|市场|中心|公司|大学|学院|城(?!路|区)|医院|酒店|宾馆|学校|园区|工业区|工业园|商城|集团|别墅|宿舍|超市)"
)
"""After an estate word: the name goes on to a second one close by (锦绣花园小区, 商城大厦)."""
ROAD_NAMES_PLACE = re.compile("(?:铁路|公路)?(?:住宅小区|小区|生活区|宿舍|家属院|花园|新村|公寓|大厦|广场|市场|商城|小学|中学|社区)")
"""Right after a road word: the place is called after the road (王舍铁路小区, 人民路小学)."""
VILLAGE_NAMES_PLACE = re.compile("(?:住宅小区|小区|花园|家园|公寓|生活区|宿舍|家属院)")
"""Right after a village word: the place is called after the village (杏花村小区)."""
VILLAGE_GOES_ON = re.compile(r"(?:村(?!口)|社区|镇|街道)")
TOWN_GOES_ON = re.compile("(?:街道|镇|乡)(?![政海江里村])")
"""Right after a village's name: the town that is called like it (磁村镇)."""
COUNTY_SEAT = re.compile(f"城(?![关区东西南北中郊厢内外市镇乡][{HAN}]|[关郊厢]|$)")
"""After a county: its seat (沂源县城振兴路), no part of the name that follows."""
SECTION = re.compile(r"[东南西北中一二三四五上下]{1,2}段|辅路|支路")
PHASE = re.compile(
    rf"(?:[东南西北中]{{0,2}}(?:[{CN}]+|[A-Za-z]|[0-9]+)|[东南西北中上下老新前后]{{1,2}})(?:期|区(?![域{HAN}]?(?:路|街))|苑(?![{HAN}]))|[东南西北]院|[{CN}0-9]+(?:期|标段)|[东南西北]{{1,2}}区[{CN}0-9]*"
)
RELATIVE = re.compile(
    rf"(?:{STRONG_RELATIVE}|路口|[路村][东南西北]{{1,2}}(?=$|[0-9 |])|"
    rf"[东南西北]{{1,2}}(?:侧|首|邻|边|面|端)|[前后旁边里外](?:面|边|侧)|(?:大)?门口|(?:楼|地)下(?!室)|楼上|院内|[入出]口处?|街口|岔路口|"
    r"(?:内|里面|旁|口|外|后|边|边上|中间|尽头|向[东南西北]|往[东南西北]里?|[东南西北])(?=$|[0-9 |]|[与和]))"
)
DISTANCE = re.compile(rf"(?:[约近])?(?:[0-9]+|[{CN}]+)(?:余|多)?(?:米|公里|[mM](?![a-zA-Z]))处?")
NOISE = re.compile(rf"(?:{_NOISE_WORDS})")
COUNTRY = re.compile("中华人民共和国|中国(?=$|[^\u4e00-\u9fff]|.{1,4}[省市])")
GATE = re.compile(rf"(?:[{CN}]+|[0-9]+)号(?:大?门(?!面)|馆|仓库?|厂房|地块|车间|宿舍)|[东南西北前后]大?门(?![{HAN}])")

HALL = re.compile(rf"(?:[{CN}]+|[0-9]+)(?:号|#)(?:宿舍楼?|车间|厂房|仓库)(?![{HAN}]{{0,2}}(?:路|街|巷|公司|中心|[东南西北]))")
"""A building called by number and kind inside a site (3号车间, 1号宿舍楼)."""
COMMITTEE = re.compile("村?(?:民委员会|委会)")
"""Right after a village's name: its committee, a wording of the village itself."""

ELEMENT = re.compile(
    rf"第?(?P<plain>{_ALNUM}|(?<![A-Za-z])[A-Za-z]{{1,2}}(?![A-Za-z0-9])(?=[ \-|]|$|[座栋幢楼单号组门馆室层]))|"
    rf"第?(?:[负]|地下)?(?P<cn>[{CN}]+(?=[、\-]?[{CN}]*(?:{_UNIT_AFTER_CN}|#))|[{CN}]{{3,4}}(?=$|[ |])|负[0-9]+)"
)
"""One number: 12, B, A12, 12B, or a Chinese numeral that a unit word follows."""
ADJOINING = re.compile("(?<=[A-Za-z])(?=[0-9]{3,4}(?![0-9A-Za-z]))")
"""Between two numbers with nothing between them: 11C|942."""
NEXT = re.compile(r"(?P<dash>[ \-]+)|(?P<list>[、至到])(?=[0-9A-Za-z" + CN + "])")
SUFFIX = re.compile(
    r"(?P<road>号?(?:大街|大道)|国道|省道|(?:号)?路(?!口)|号?街(?![道区])|号线)"
    r"|(?P<building>号楼|幢楼?|号?栋楼?|座|#楼?|号房(?![间产])|号公寓|号别墅|排)"
    r"|(?P<room>室|户(?!外)|房间|号铺|号商铺|号店铺|商铺|铺(?!面)|号室|号店面|号摊位?|摊位|店铺|店面|店(?!面)|商位|柜|房(?!产))"
    r"|(?P<entrance>单元|单无|单$|梯|门(?!市|店|诊|面|卫|口))"
    r"|(?P<floor>楼层?|层楼?|[Ff](?![A-Za-z]))"
    r"|(?P<compound>号?弄)|(?P<lane>巷)"
    r"|(?P<group>村民小组|小组|组(?!团)|生产队|队|社(?!区))"
    r"|(?P<phase>期|区(?!域)|标段)"
    r"|(?P<no>号院?|號)"
)
SUB_NO = re.compile(rf"(?:附|之)[0-9{CN}]+号?|[甲乙丙丁戊](?:[0-9]+)?号?(?![{HAN}])|[甲乙丙丁](?:[0-9]+号)")
FIXED_WORD = re.compile("|".join(f"(?:{one.pattern})" for one in (NOISE, DISTANCE, PHASE, HALL, GATE, SECTION, RELATIVE, SUB_NO)))
"""Any of the words of one meaning: without it none of them need be tried."""
FIXED_BY_DIGITS = re.compile(rf"[0-9]+[{CN}0-9]*(?:[余多米公期区苑mM]|标段|号[大门馆仓厂地车宿]|#[宿车厂仓])")
"""The same where the text has a digit: without it a number is just a number."""
LEADING_SIGN = re.compile(r"[甲乙丙丁](?=[0-9])")

DIVISION_ENDING = re.compile("[省市区县旗州]")
"""Without one of these close by no pattern of `FALLBACK` can hold."""
FALLBACK = (
    (Part.PROV, 1, re.compile(r"[\u4e00-\u9fff]{2,3}(?:省|自治区|特别行政区)|新疆维吾尔自治区|广西壮族自治区|宁夏回族自治区")),
    (
        Part.CITY,
        2,
        re.compile(r"[\u4e00-\u9fff]{2,3}?市(?!场|政|府|民|中心|郊|镇|心|区|口|话|北|南|东|西|委)|[\u4e00-\u9fff]{2,8}?(?:自治州|地区)"),
    ),
    (
        Part.DISTRICT,
        3,
        re.compile(
            r"[^路街号村镇乡小园校厂社生业院发新景库片0-9一二三四五六七八九十东西南北A-Za-z\W]{1,3}?(?:区|县(?!前|政|府|道|医|委)|旗(?!袍|舰))(?!域|路|街|政)"
        ),
    ),
)
"""Divisions told by their endings alone, with their ranks, for names the lexicon lacks."""
SHORT_NAME_BLOCK = re.compile(
    rf"[{HAN}]?(?:{ROAD_WORDS})|[东南西北中新老大]?(?:村|庄|国际|商贸|大学|学院|大厦|银行|医院|中学|小学|广场|小区|花园|公寓|酒店|宾馆|中心|市场|公司|集团|商城|人家|名都|花苑|新城|家园|新村|科技|会展|汽车|电子|湾|桥|港口|工业|文化|图书|火车|卷烟|外国|师范|音乐|电视|日报|动物)(?![{HAN}]{{0,2}}?(?:路|街|大街|大道))"
)
"""After a short division name: it was the beginning of another name (杭州大厦, 义乌国际商贸城)."""
ROAD_FOLLOWS = re.compile(rf"[{HAN}]{{2,5}}?(?:{ROAD_WORDS})")
"""After a short division name: a road with a name of its own (淄博 镇南大街)."""
