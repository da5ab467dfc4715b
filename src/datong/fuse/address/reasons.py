"""Why an address was or was not matched: stable words for programs, sentences for people. The only place their sentences are."""

from __future__ import annotations

from datong.domain.address import Reason

_TEXTS = {
    "empty": ("没有填写地址", "No address was given"),
    "too_long": ("文字过长,不像地址", "The text is too long to be an address"),
    "relative": (
        "只说明了相对位置(如对面、东侧、多少米),没有指明具体的门牌",
        "It only says where the place is relative to another, not which door",
    ),
    "no_division": ("没有写明本市的区、街道、道路或小区", "No division, road or estate of this city is named"),
    "outside": ("所写的行政区划不在本登记册范围内", "The division named lies outside this register"),
    "estate_unknown": ("登记册中没有“{0}”", "The register has no place called {0}"),
    "estate_missing": ("只写到{0},缺少小区、门牌号", "Only {0} is given; estate or door number is missing"),
    "number_missing": ("只写到道路“{0}”,缺少门牌号", "Only the road {0} is given; its number is missing"),
    "number_unknown": ("登记册中“{0}”没有{1}号", "The register has no number {1} on {0}"),
    "number_out_of_range": ("“{0}”的门牌为{2}至{3}号,没有{1}号", "{0} is numbered from {2} to {3}; there is no number {1}"),
    "number_ignored": ("登记册中没有“{0}{1}号”,按小区名称认定", "{0} no. {1} is not in the register; the name decided"),
    "building_missing": ("缺少楼号和房间号", "Building and room are missing"),
    "building_unknown": ("{0}没有{1}号楼", "{0} has no building {1}"),
    "building_kind_missing": (
        "{0}有{2}处{1}号楼(如车间、宿舍),未说明是哪一种",
        "{0} has {2} buildings numbered {1} (a workshop, a dormitory …); which kind is not said",
    ),
    "entrance_missing": ("缺少单元号,{0}个单元都有{1}室", "The entrance is missing; {0} entrances have a room {1}"),
    "entrance_unknown": ("{0}没有{1}单元", "{0} has no entrance {1}"),
    "room_missing": ("缺少房间号", "The room is missing"),
    "room_unknown": ("{0}没有{1}室", "{0} has no room {1}"),
    "floor_above": ("{0}没有{1}层,最高{2}层", "{0} has no floor {1}; its highest is {2}"),
    "floor_differs": ("楼层{0}与房间号{1}不一致", "Floor {0} and room {1} disagree"),
    "no_doors": ("登记册中{0}尚无楼房信息", "The register knows no doors of {0} yet"),
    "several_places": ("有{0}处同样符合,无法确定是哪一处", "{0} places fit equally well"),
    "several_readings": ("号码有多种读法,登记册中都存在", "The numbers can be read in several ways and the register has them all"),
    "name_and_number_differ": ("小区名称与门牌号属于不同的地方", "Name and door number belong to different places"),
    "name_against_number": ("门牌号存在,但所写名称“{0}”与之不符", "The door number exists, but the name {0} is not known there"),
    "district_differs": ("所写行政区划“{0}”与登记册不符", "The division {0} disagrees with the register"),
    "former_division": ("所写行政区划已撤销,现为{0}", "The division named was abolished; today it is {0}"),
    "abolished_division": ("所写行政区划“{0}”已撤销", "The division {0} was abolished"),
    "fuzzy": ("名称“{0}”按“{1}”认定", "The name {0} was taken for {1}"),
    "aside_used": ("用到了括号中的内容", "What stood in brackets was used"),
    "wording_confirmed": ("{0}的记录以证号证实,此写法指的就是这里", "Records of {0} confirm by number that this wording means this door"),
    "renumbered": ("{0}起改为{1}", "Since {0} it is {1}"),
    "demolished": ("该处房屋已于{0}拆除", "The building was demolished on {0}"),
    "parted": ("该处已于{0}分为{1}处: {2}", "It was parted on {0} into {1}: {2}"),
    "list": ("写了多个房间", "Several rooms are named"),
}


def reason(word: str, *parts: object) -> Reason:
    """A reason with its parts filled in."""
    chinese, english = _TEXTS[word]
    return Reason(word, chinese.format(*parts), english.format(*parts))
