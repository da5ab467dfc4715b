"""The troubles real deliveries have: each a function from a right value to a wrong one, with the rate it happens at.

A function returns "" for a lost value and None when it does not apply to this value. Rates are per value of a table kept with usual
care; a table's own care multiplies them.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from pypinyin import lazy_pinyin

Spoil = Callable[[str, random.Random], "str | None"]
RARE = re.compile("[\U00010000-\U0003ffff\u3400-\u4dbf䶮]")
"""Characters that many departments' systems cannot write."""
_TRADITIONAL = str.maketrans(
    "张陈刘杨黄赵吴孙马罗郑谢韩冯邓许苏卢蒋叶钟谭邹陆贾万钱汤龙严华国军东红丽兰凤云伟强刚涛杰飞静艳颖洁晓荣贵兴业长庆义礼泽宁鹏",
    "張陳劉楊黃趙吳孫馬羅鄭謝韓馮鄧許蘇盧蔣葉鍾譚鄒陸賈萬錢湯龍嚴華國軍東紅麗蘭鳳雲偉強剛濤傑飛靜艷穎潔曉榮貴興業長慶義禮澤寧鵬",
)
_FULL_WIDTH = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x30, 0x5B)})
_LOOKALIKES = str.maketrans("莹萱涵轩敏伟浩静杰晓华英红玉燕玲", "瑩宣函宣明炜皓婧洁小桦瑛洪钰艳铃")
_INVISIBLE = ("\u200b", "\ufeff", "\u00a0", "\u200e")
_DOTS = ("•", ".", "．", "・", "‧")
_IMPOSSIBLE_DAYS = ("1900-01-00", "0000-00-00", "2021-02-30", "2019-13-05", "1985-06-31", "20230229")
_COMPANY_ENDINGS = re.compile(r"(股份有限公司|有限责任公司|有限公司)$")


@dataclass(frozen=True)
class Trouble:
    """A trouble of one kind of column. `only` narrows it to values where it can happen; `rate` is then a rate among these."""

    name: str
    kind: str
    rate: float
    spoil: Spoil
    only: re.Pattern[str] | None = None
    careless: bool = True
    """Whether the table's care changes the rate; what a system cannot write does not depend on care."""


def _lost(value: str, rng: random.Random) -> str | None:
    return ""


def _placeholder(value: str, rng: random.Random) -> str | None:
    return rng.choice(("无", "000000000000000000", "111111111111111111", "不详"))


def _wrong_digit(value: str, rng: random.Random) -> str | None:
    place = rng.randrange(6, 17)
    if len(value) != 18 or not value[place].isdigit():
        return None
    return value[:place] + str((int(value[place]) + rng.randrange(1, 10)) % 10) + value[place + 1 :]


def _transposed(value: str, rng: random.Random) -> str | None:
    places = [place for place in range(6, len(value) - 2) if value[place] != value[place + 1]]
    if not places:
        return None
    place = rng.choice(places)
    return value[:place] + value[place + 1] + value[place] + value[place + 2 :]


def _old_fifteen(value: str, rng: random.Random) -> str | None:
    return value[:6] + value[8:17] if len(value) == 18 and value[6:8] == "19" else None


def _lower(value: str, rng: random.Random) -> str | None:
    return value.lower()


def _full_width(value: str, rng: random.Random) -> str | None:
    return value.translate(_FULL_WIDTH)


def _spaced_number(value: str, rng: random.Random) -> str | None:
    return rng.choice((f" {value}", f"{value} ", f"{value[:6]} {value[6:14]} {value[14:]}", f"\t{value}"))


def _invisible(value: str, rng: random.Random) -> str | None:
    mark = rng.choice(_INVISIBLE)
    return mark + value if rng.random() < 0.5 else value + mark


def _spaced_name(value: str, rng: random.Random) -> str | None:
    if not 2 <= len(value) <= 4:
        return None
    return rng.choice((f"{value[0]} {value[1:]}", f"{value[0]}\u3000{value[1:]}", f"{value} ", f" {value}"))


def _traditional(value: str, rng: random.Random) -> str | None:
    return value.translate(_TRADITIONAL)


def _lookalike(value: str, rng: random.Random) -> str | None:
    return value[:1] + value[1:].translate(_LOOKALIKES)


def _rare_question(value: str, rng: random.Random) -> str | None:
    return RARE.sub("?", value)


def _rare_pinyin(value: str, rng: random.Random) -> str | None:
    return RARE.sub(lambda found: _sound(found[0]), value)


@lru_cache(maxsize=256)
def _sound(char: str) -> str:
    sound: str = lazy_pinyin(char, errors="ignore")[0] if lazy_pinyin(char, errors="ignore") else "?"
    return sound


def _other_dot(value: str, rng: random.Random) -> str | None:
    return value.replace("·", rng.choice(_DOTS))


def _dot_dropped(value: str, rng: random.Random) -> str | None:
    return value.replace("·", "")


def _wrong_credit(value: str, rng: random.Random) -> str | None:
    if len(value) != 18:
        return None
    place = rng.randrange(8, 17)
    other = rng.choice([char for char in "0123456789ABCDEFGH" if char != value[place]])
    return value[:place] + other + value[place + 1 :]


def _letter_o(value: str, rng: random.Random) -> str | None:
    return value[:8] + value[8:].replace("0", "O").replace("1", "I")


def _brackets(value: str, rng: random.Random) -> str | None:
    if "（" in value:
        return value.replace("（", "(").replace("）", ")")
    return value.replace("(", "（").replace(")", "）")


def _short_org(value: str, rng: random.Random) -> str | None:
    return _COMPANY_ENDINGS.sub("", value).removeprefix("淄博市").removeprefix("山东")


def _spaced_org(value: str, rng: random.Random) -> str | None:
    return rng.choice((f"{value} ", f"{value[:4]} {value[4:]}", f"{value}\u3000"))


def _no_phone(value: str, rng: random.Random) -> str | None:
    return rng.choice(("无", "00000000000", "13800000000", "-", "不详"))


def _short_phone(value: str, rng: random.Random) -> str | None:
    return value[:-1] if len(value) == 11 else None


def _dressed_phone(value: str, rng: random.Random) -> str | None:
    return rng.choice((f"+86{value}", f"{value[:3]}-{value[3:7]}-{value[7:]}", f"86 {value}", f"{value}（本人）")[:3])


def _impossible_day(value: str, rng: random.Random) -> str | None:
    return rng.choice(_IMPOSSIBLE_DAYS)


def _dotted_plate(value: str, rng: random.Random) -> str | None:
    return f"{value[:2]}·{value[2:]}"


def _abolished_division(value: str, rng: random.Random) -> str | None:
    return "370301" + value[6:]


def _comma_amount(value: str, rng: random.Random) -> str | None:
    whole, dot, cents = value.partition(".")
    return f"{int(whole):,}{dot}{cents}" if whole.isdigit() and len(whole) > 3 else None


TROUBLES = (
    Trouble("id_missing", "citizen_id", 0.056, _lost),
    Trouble("id_placeholder", "citizen_id", 0.004, _placeholder),
    Trouble("id_wrong_digit", "citizen_id", 0.016, _wrong_digit),
    Trouble("id_transposed", "citizen_id", 0.006, _transposed),
    Trouble("id_old15", "citizen_id", 0.012, _old_fifteen),
    Trouble("id_full_width", "citizen_id", 0.006, _full_width),
    Trouble("id_spaced", "citizen_id", 0.008, _spaced_number),
    Trouble("id_invisible", "citizen_id", 0.003, _invisible),
    Trouble("id_lower_x", "citizen_id", 0.3, _lower, re.compile("X$"), careless=False),
    Trouble("name_spaced", "name", 0.012, _spaced_name),
    Trouble("name_invisible", "name", 0.003, _invisible),
    Trouble("name_traditional", "name", 0.006, _traditional),
    Trouble("name_lookalike", "name", 0.004, _lookalike),
    Trouble("name_rare_question", "name", 0.35, _rare_question, RARE, careless=False),
    Trouble("name_rare_pinyin", "name", 0.2, _rare_pinyin, RARE, careless=False),
    Trouble("name_dot_variant", "name", 0.5, _other_dot, re.compile("·"), careless=False),
    Trouble("name_dot_dropped", "name", 0.2, _dot_dropped, re.compile("·"), careless=False),
    Trouble("credit_missing", "credit_code", 0.05, _lost),
    Trouble("credit_wrong_character", "credit_code", 0.012, _wrong_credit),
    Trouble("credit_letter_o", "credit_code", 0.008, _letter_o),
    Trouble("credit_lower_case", "credit_code", 0.01, _lower),
    Trouble("credit_full_width", "credit_code", 0.005, _full_width),
    Trouble("org_brackets", "org_name", 0.25, _brackets, re.compile("[（(]"), careless=False),
    Trouble("org_short", "org_name", 0.02, _short_org),
    Trouble("org_spaced", "org_name", 0.008, _spaced_org),
    Trouble("org_traditional", "org_name", 0.002, _traditional),
    Trouble("phone_placeholder", "phone", 0.01, _no_phone),
    Trouble("phone_short", "phone", 0.006, _short_phone),
    Trouble("phone_dressed", "phone", 0.02, _dressed_phone),
    Trouble("date_impossible", "date", 0.003, _impossible_day),
    Trouble("plate_dotted", "plate", 0.02, _dotted_plate),
    Trouble("division_abolished", "division", 0.01, _abolished_division, re.compile("^370303")),
    Trouble("amount_commas", "amount", 0.01, _comma_amount),
)
"""What happens to single values."""

SAID_TROUBLES = (
    "former_name",
    "former_org_name",
    "old_phone",
    "address_wording",
    "address_ambiguous",
    "address_vague",
    "address_impossible",
    "address_wrong",
)
"""What the department's clerk writes knowingly or by habit (see `clerk.Clerk`)."""

ROW_TROUBLES = {"columns_swapped": 0.0012, "person_twice": 0.003, "row_repeated": 0.0008}
"""Per row: name and number in each other's columns; one person under two record numbers; one row sent twice."""

FILE_TROUBLES = ("truncated", "resent", "new_column")
"""Per file of the second round (see `deliver.rounds`)."""
