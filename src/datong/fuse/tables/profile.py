"""What a column holds, by looking: how full, how varied, and of what kind its values are."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from datong.domain.identifiers import fold, read_citizen_id, read_credit_code, read_date, read_phone, read_registration_no

LOOKED_AT = 2_000
"""Distinct values looked at, spread over the column."""
_ID_NAME = re.compile(r"(^|_|\b)(id|key|no|nr|number|uid|uuid|rec_id|row|index)$|编号|序号|主键|流水号", re.IGNORECASE)
_NAME_NAME = re.compile(r"name|surname|forename|first|last|given|姓名|名字|^姓$|^名$", re.IGNORECASE)
_ADDRESS_NAME = re.compile(r"addr|street|suburb|city|town|county|locality|place|地址|住址|街道|住所|坐落|城市", re.IGNORECASE)
_POST_NAME = re.compile(r"post|zip|邮编|邮政", re.IGNORECASE)
_PHONE_NAME = re.compile(r"phone|mobile|tel|电话|手机|联系方式", re.IGNORECASE)
_DATE_NAME = re.compile(r"date|dob|birth|日期|生日|出生", re.IGNORECASE)
_ORG_NAME = re.compile(r"company|organi[sz]ation|employer|单位|企业|公司|机构|商户", re.IGNORECASE)
_ORG_FORM = re.compile(r"公司|合作社|协会|学校|医院|中心$|店$|厂$|银行|\b(ltd|limited|inc|llc|gmbh|plc|corp)\b", re.IGNORECASE)
_HAN_NAME = re.compile(r"[㐀-鿿·]{2,4}")
_HAN_PLACE = re.compile(r"[路街道巷村镇区市号楼室栋幢单元组]")
_LETTERS = re.compile(r"[^\W\d_]+([ '’.-][^\W\d_]+)*")
_FEW = 60


@dataclass(frozen=True)
class Profile:
    """One column as found. `kind` empty: not fit to be compared; `why` says what decided."""

    name: str
    kind: str
    why: str
    scheme: str = "none"
    names_rows: bool = False


def profile_column(name: str, arrays: Sequence[Any]) -> Profile:
    """Look at a column of each table."""
    chunks = [chunk for array in arrays for chunk in (array.chunks if isinstance(array, pa.ChunkedArray) else [array])]
    texts = pc.utf8_trim_whitespace(pa.concat_arrays([chunk.cast(pa.string()) for chunk in chunks] or [pa.array([], pa.string())]))
    filled = texts.filter(pc.fill_null(pc.not_equal(texts, ""), False))
    values = pc.unique(filled)
    count, different = len(filled), len(values)
    fill = f"{100 * count / max(len(texts), 1):.0f} % filled, {different:,} different"
    if different < 2:
        return Profile(name, "", f"{fill}: says nothing")
    if all(_unique(array) for array in arrays) and _ID_NAME.search(name):
        return Profile(name, "", f"{fill}: a name for rows", names_rows=True)
    sample = [fold(text) for text in values.take(pa.array(range(0, different, max(1, different // LOOKED_AT)))).to_pylist()]
    kind, scheme, why = _kind(name, sample, different, different / count)
    return Profile(name, kind, f"{fill}: {why}", scheme)


def _unique(array: Any) -> bool:
    return bool(pc.count_distinct(array, mode="all").as_py() == len(array) and not pc.any(pc.fill_null(pc.equal(array, ""), True)).as_py())


def _share(sample: Sequence[str], holds: Callable[[str], object]) -> float:
    return sum(bool(holds(text)) for text in sample) / len(sample)


def _kind(name: str, sample: Sequence[str], different: int, varied: float) -> tuple[str, str, str]:
    """Kind, scheme, and why; the first that fits, from what can hardly be mistaken to what is left."""
    for scheme, reader in (("citizen_id", read_citizen_id), ("credit_code", read_credit_code), ("registration_no", read_registration_no)):
        share = sum(reader(text).sound for text in sample) / len(sample)
        if share >= 0.6:
            return "identifier", scheme, f"{share:.0%} are sound as {scheme}"
    if (share := _share(sample, lambda text: "@" in text)) >= 0.7:
        return "email", "none", f"{share:.0%} hold an @"
    dates = _share(sample, lambda text: read_date(text).sound and len(text) >= 8)
    if dates >= 0.8 and (_DATE_NAME.search(name) or dates >= 0.95):
        return "date", "none", f"{dates:.0%} read as dates"
    phones = _share(sample, lambda text: read_phone(text).sound and len(re.sub(r"\D", "", text)) >= 10)
    if phones >= 0.8 or (_PHONE_NAME.search(name) and _share(sample, lambda text: re.search(r"\d{5}", text)) >= 0.5):
        return "phone", "none", f"{phones:.0%} read as phone numbers" if phones >= 0.8 else "its name says so"
    return _kind_by_form(name, sample, different, varied)


def _kind_by_form(name: str, sample: Sequence[str], different: int, varied: float) -> tuple[str, str, str]:
    figures = _share(sample, lambda text: re.fullmatch(r"[\d.,+-]+", text))
    mixed = _share(sample, lambda text: re.search(r"\d", text) and " " not in text and text.isascii())
    if _POST_NAME.search(name) and mixed >= 0.5:
        return "postcode", "none", "its name says so"
    if figures >= 0.9 and _share(sample, lambda text: "." in text) >= 0.3:
        return "number", "none", "numbers with a point"
    if mixed >= 0.8 and varied >= 0.3 and different > _FEW:
        return "identifier", "none", f"numbers that seldom repeat ({varied:.0%} of the filled ones differ)"
    if mixed >= 0.8:
        return ("postcode", "none", "short numbers that repeat") if different > _FEW // 4 else ("category", "none", "few different values")
    return _kind_of_words(name, sample, different, varied)


def _kind_of_words(name: str, sample: Sequence[str], different: int, varied: float) -> tuple[str, str, str]:
    organised = _share(sample, lambda text: _ORG_FORM.search(text))
    if organised >= 0.4 or (_ORG_NAME.search(name) and different > _FEW):
        return "organisation", "none", f"{organised:.0%} have an organisation's form"
    han_names = _share(sample, lambda text: _HAN_NAME.fullmatch(text))
    if han_names >= 0.8 and (different > _FEW or _NAME_NAME.search(name)) and not _ADDRESS_NAME.search(name):
        return "chinese_name", "none", f"{han_names:.0%} are two to four Chinese characters"
    if different <= _FEW and varied < 0.1 and not _NAME_NAME.search(name):
        return "category", "none", "few different values"
    if _ADDRESS_NAME.search(name) or _share(sample, lambda text: re.search(r"\d", text) and _HAN_PLACE.search(text)) >= 0.5:
        return "address", "none", "its name or its words say so"
    if _NAME_NAME.search(name) or _share(sample, lambda text: _LETTERS.fullmatch(text) and text.count(" ") < 2 and len(text) <= 20) >= 0.9:
        return "name", "none", "its name says so" if _NAME_NAME.search(name) else "single words of letters"
    return "text", "none", "words of no kind known"
