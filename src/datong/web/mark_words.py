"""The words of marks: kinds, what became of them, what may be done, and why a record stands behind one."""

from __future__ import annotations

from datong import share

MARKS = {
    "conflict": ("来源不一致", "Sources differ"),
    "invalid_id": ("证件号码无效", "Invalid number"),
    "unknown_address": ("地址未识别", "Address not recognised"),
    "suspicious_address": ("地址可疑", "Suspicious address"),
    "vague_address": ("地址不详", "Vague address"),
    "impossible_address": ("地址不存在", "Impossible address"),
    "under_investigation": ("核查中", "Under investigation"),
    "address_differs": ("注册与经营不符", "Registered and operating differ"),
    "gap": ("必填项缺失", "Required value missing"),
    "borrowed_number": ("疑似冒用号码", "Number of somebody else"),
    "abolished_division": ("区划已撤销", "Abolished division"),
    "single_source": ("未经第二部门印证", "Never confirmed by a second department"),
    "after_death": ("死亡后仍有业务", "Deceased but active"),
    "not_operating": ("登记在册未见经营", "Registered but not operating"),
    "owner_not_registrant": ("登记人与产权人不符", "Owner is not the registrant"),
    "many_registrants": ("一处多照", "One unit with many registrants"),
    "complaint": ("被投诉", "Complained of"),
    "confirmed": ("已核实确认", "Confirmed"),
}
CASES = {
    "case_open": ("待处理", "To be done"),
    "taken": ("部门处理中", "With the department"),
    "investigating": ("核查中", "Under investigation"),
    "right": ("核实无误", "Right as it is"),
    "wrong": ("确认有误，待报送更正", "Wrong; the next delivery corrects it"),
    "lapsed": ("已失效", "Lapsed"),
}
"""What became of a mark, beside the words that other things share."""
ACTS = {
    "act_take": ("接收", "Take it"),
    "act_investigate": ("开始核查", "Investigate"),
    "act_right": ("核实无误", "Right as it is"),
    "act_wrong": ("确认有误，下次报送更正", "Wrong; the next delivery corrects it"),
    "act_forward": ("转办", "Forward"),
    "act_reopen": ("重新打开", "Open it again"),
    "act_done": ("已处理，办结", "Dealt with"),
    "act_mended": ("报送更正，自动销号", "Mended by a delivery, settled by itself"),
    "act_lapsed": ("对象已不存在，自动销号", "The subject is no more, settled by itself"),
    "act_back": ("问题再次出现", "It came back"),
    "act_corrected": ("已更正", "Corrected"),
    "act_upheld": ("维持原值", "The value stands"),
}
ACT_MEANS = {
    "investigate": (
        "从现在起，每个看到这一项的人都会看到“核查中”，直到作出答复。",
        "From now on every reader of the value sees that it is under investigation, until it is answered.",
    ),
    "right": (
        "数据没有错。这一问题不再提示，除非数源报来新的说法。",
        "The data is right. Nobody is warned any more, unless a source says something new.",
    ),
    "wrong": (
        "数据有错。请在本部门系统中改正；下次报送到达后自动销号。",
        "The data is wrong. Correct it in your own system; the next delivery settles the mark by itself.",
    ),
    "done": ("已经处理完毕，不再提示。", "It has been dealt with; nobody is warned any more."),
    "forward": ("不归本部门负责，转给应当负责的部门。", "Another department answers for it."),
}
REASONS = {
    "outranked": ("来源层级较低的说法", "A source of lower rank"),
    "order": ("按一数一源采用", "Holds by the order of sources"),
    "class": ("按来源级别采用", "Holds by the class of its source"),
    "only": ("唯一来源", "The only source"),
    "sound": ("号码有效，采用", "Sound, and so it holds"),
    "newest": ("最新，采用", "The newest, and so it holds"),
    "first": ("采用", "Holds"),
    "unsound": ("号码无效", "An unsound number"),
    "name_differs": ("姓名不同", "Another name"),
    "wording_confirmed": ("两部门以证号证实的写法", "A wording confirmed by numbers"),
    "tie": ("所写地址找不到对应房屋", "Its address leads to no premises"),
    "only_source": ("只有这一来源", "The only source"),
    "after_death": ("死亡后仍有这条记录", "Listed after the death"),
    "registered": ("登记在此", "Registered"),
    "registered_at": ("登记的住所", "The registered seat"),
    "operates_at": ("实际经营处", "Where it works"),
    "not_owner": ("产权人另有其人", "Owned by somebody else"),
    "outside": ("在本市以外", "Outside the city"),
    "unit": ("没有写到户", "Does not reach the door"),
    "building_missing": ("没有写楼栋", "Names no building"),
    "name_against_number": ("小区与门牌不在一处", "Estate and door plate are at different places"),
    "former_division": ("所写区划已改名", "The division has another name today"),
    "abolished_division": ("所写区划已撤销", "The division was abolished"),
    "empty": ("没有写地址", "No address is written"),
    "too_long": ("文字过长", "The text is too long"),
    "relative": ("只写了相对位置", "Only says what it is beside"),
    "no_division": ("没有写明区、街道、道路或小区", "Names no division, road or estate"),
    "estate_unknown": ("小区名称不在册", "The estate is not in the register"),
    "estate_missing": ("没有写小区、门牌", "Names no estate or door number"),
    "number_missing": ("没有写门牌号", "Names no door number"),
    "number_unknown": ("门牌号不在册", "The door number is not in the register"),
    "number_out_of_range": ("门牌号超出该路范围", "The door number is beyond the road's"),
    "number_ignored": ("门牌号不在册，按名称认定", "The door number is not in the register; the name decided"),
    "building_unknown": ("没有这栋楼", "There is no such building"),
    "building_kind_missing": ("同号楼不止一栋，没有写明哪一种", "Several buildings bear the number; which is not said"),
    "entrance_missing": ("没有写单元", "Names no entrance"),
    "entrance_unknown": ("没有这个单元", "There is no such entrance"),
    "room_missing": ("没有写房号", "Names no room"),
    "room_unknown": ("没有这个房号", "There is no such room"),
    "floor_above": ("没有这一层", "There is no such floor"),
    "floor_differs": ("楼层与房号不一致", "Floor and room disagree"),
    "no_doors": ("册内尚无该处房屋", "The register knows no doors there yet"),
    "several_places": ("多处同样符合", "Several places fit alike"),
    "several_readings": ("号码有多种读法", "The numbers can be read in several ways"),
    "name_and_number_differ": ("小区与门牌不属一处", "Name and door number belong to different places"),
    "district_differs": ("所写区划与登记不符", "The division disagrees with the register"),
    "fuzzy": ("名称近似认定", "The name was taken for a similar one"),
    "aside_used": ("用到括号中的内容", "What stood in brackets was used"),
    "list": ("写了多个房间", "Several rooms are named"),
    "renumbered": ("按旧门牌书写", "Written with a former number"),
    "demolished": ("房屋已拆除", "The building was demolished"),
    "parted": ("房屋已拆分", "The premises were split"),
}
"""Why a record stands behind a mark; a reason of the address reader that is not here is told by its kind."""
HOW = {f"how_{word}": (zh, en[:1].upper() + en[1:]) for word, (zh, en) in share.CONFIRMED_HOW.items()}
"""How premises were confirmed."""
QUALITY = {
    "measure_address": ("地址准确率", "Accuracy of addresses"),
    "measure_domicile": ("登记住所准确率", "Accuracy of registered domiciles"),
    "result_right": ("对", "Right"),
    "result_wrong": ("不对", "Wrong"),
    "result_unknown": ("无法判断", "Cannot tell"),
    "reach_door": ("户", "Door"),
    "reach_building": ("楼栋", "Building"),
    "reach_estate": ("小区、门牌", "Estate or door plate"),
    "reach_community": ("社区", "Community"),
    "reach_street": ("街道", "Sub-district"),
    "reach_district": ("区县", "District"),
    "reach_city": ("市", "City"),
    "reach_none": ("认不出或在市外", "Not at all, or outside the city"),
    "cycle_realtime": ("实时", "Real time"),
    "cycle_daily": ("每天", "Daily"),
    "cycle_weekly": ("每周", "Weekly"),
    "cycle_monthly": ("每月", "Monthly"),
    "cycle_quarterly": ("每季", "Quarterly"),
    "cycle_yearly": ("每年", "Yearly"),
    "change_created": ("新增", "New"),
    "change_changed": ("变更", "Changed"),
    "change_merged": ("合并", "Merged"),
    "change_split": ("拆分", "Split"),
    "change_marked": ("问题提示", "Mark"),
    "change_ended": ("终止", "Ended"),
}
WORDS = {**CASES, **ACTS, **MARKS, **HOW, **QUALITY}


def field_of(language: str, field: str) -> str:
    """What people call the field of a mark: a field, a link, or the entry as a whole."""
    at = 0 if language == "zh" else 1
    if not field:
        return ("整条信息", "The entry as a whole")[at]
    name = field.split(":")[1] if field.startswith("link:") else field
    words = _TIES.get(name) or share.field_words(name)
    return words[at]


_TIES = {
    "registered_at": ("登记住所", "registered seat"),
    "operates_at": ("经营场所", "place of work"),
    "account_holder_at": ("开户地址", "address of the account"),
    "lives_at": ("居住地址", "home"),
    "owns": ("产权房屋", "premises owned"),
    "rents": ("租赁房屋", "premises rented"),
    "household_registered_at": ("户籍地址", "address of the household"),
    "studies_at": ("就读学校", "school"),
    "works_for": ("工作单位", "employer"),
}


def reason(language: str, word: str, collected: dict[str, tuple[str, str]]) -> str:
    """Why a record stands behind a mark; `collected` are the words for what collecting found unsound."""
    pair = REASONS.get(word) or collected.get(word)
    return pair[0 if language == "zh" else 1] if pair else word


def act_means(language: str, act: str) -> str:
    """What an answer sets off; empty for one that explains itself."""
    return ACT_MEANS[act][0 if language == "zh" else 1] if act in ACT_MEANS else ""
