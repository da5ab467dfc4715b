"""Whether a row may enter the lake, and what its department is told when it may not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from datong.collect.values import NAME_TYPES, NUMBER_TYPES, has_han
from datong.domain.identifiers import Reading
from datong.spec import Column


@dataclass(frozen=True)
class Rejection:
    """Why a row waits: a stable word, its column, and a sentence with the mend."""

    reason: str
    column: str
    message: str


def judge_row(columns: Sequence[Column], raws: Mapping[str, str], readings: Mapping[str, Reading]) -> Rejection | None:
    """Whether a row must wait, and why: damaged, swapped, an empty required value, an unsound strict one."""
    for column in columns:
        if readings[column.field].problem == "damaged_bytes":
            return Rejection(
                "damaged_bytes",
                column.name,
                f"{column.name}：有无法解码的字节，请重新导出该行 · holds bytes that are no text: export the row again",
            )
    if swapped := _swapped(columns, raws, readings):
        return swapped
    for column in columns:
        reading = readings[column.field]
        if column.required and not reading.value:
            return Rejection("missing", column.name, f"{column.name}：必填项为空，请补填 · must not be empty: fill it in")
        if column.strict and reading.problem and reading.value:
            return Rejection(reading.problem, column.name, f"{column.name}：{_MENDS.get(reading.problem, _MEND)}")
    return None


def _swapped(columns: Sequence[Column], raws: Mapping[str, str], readings: Mapping[str, Reading]) -> Rejection | None:
    named = [column for column in columns if column.type in NAME_TYPES and readings[column.field].problem == "digits"]
    if not named:
        return None
    for column in columns:
        if column.type in NUMBER_TYPES and readings[column.field].problem and has_han(raws.get(column.field, "")):
            both = f"{named[0].name}、{column.name}"
            return Rejection(
                "swapped_columns", named[0].name, f"{both}：两列内容疑似互换，请核对后重报 · look swapped: put each value in its own column"
            )
    return None


_MEND = "内容不符合要求，请核对后重报 · is not sound: check it and send the row again"
_MENDS = {
    "length": "位数不对，请按证件核对 · has the wrong number of characters: check it against the document",
    "characters": "含有不应出现的字符，请按证件核对 · holds characters it cannot have: check it against the document",
    "check_digit": "校验位不符，请按证件核对 · its check character does not fit: check it against the document",
    "province": "前两位不是省级行政区划代码 · does not begin with a province's code: check it",
    "birth_date": "其中的出生日期不存在 · holds a birth date that does not exist: check it",
    "old15": "仍为15位旧号码，请改用18位号码 · is an old 15-digit number: send the 18-digit one",
    "scientific": "被改成科学计数法，请将该列设为文本后重新导出 · was turned into scientific notation: export the column as text",
    "unknown_code": "不在代码表中，请改用代码表内的值 · is not in the code list: use one of its values",
    "impossible": "日期不存在或超出合理范围 · is a date that cannot be: check it",
    "form": "格式无法识别，请改写 · is written in a form that cannot be read: rewrite it",
    "digits": "应为名称，却像号码 · should be a name but looks like a number: check the columns",
    "masked": "内容被星号遮盖，请提供完整值 · is masked: send the whole value",
}
