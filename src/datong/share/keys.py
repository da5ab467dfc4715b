"""What someone types or scans, as a key: which kind of key it is, and which register it opens."""

from __future__ import annotations

import re

from datong.domain.access import Key, Register
from datong.domain.codes import kind_of, read_code
from datong.domain.identifiers import (
    compact,
    fold,
    read_citizen_id,
    read_credit_code,
    read_phone,
    read_plate,
    read_title_unit,
)

PASS_PREFIX = "datong:pass:"  # noqa: S105 - how a QR begins, no secret
_ORG_WORDS = re.compile(r"(公司|企业|中心|商行|商店|超市|饭店|餐馆|厂|合作社|学校|医院|协会|事务所|经营部|工作室|集团|银行|局|委员会|店)$")
_LIKE_CITIZEN_ID = re.compile(r"\d{6}(19|20)\d{9}[\dXx]")
_LIKE_CREDIT_CODE = re.compile(r"9[1-3]\d{6}[0-9A-Z]{10}")
_LIKE_CODE = re.compile(r"[POHpoh](?=[0-9A-Za-z]*[A-Za-z])[0-9A-Za-z]{9}")
_ADDRESS_WORDS = re.compile(r"(路|街|巷|号楼|单元|小区|花园|村|镇|室|栋|幢|大道|胡同|号)")


def is_pass(text: str) -> bool:
    """Whether a text is an owner's pass."""
    return fold(text).startswith(PASS_PREFIX)


def read_key(text: str, birth_date: str = "") -> Key:
    """The key in one box: a code, number, plate, pass, address or name. `birth_date` beside a name makes it a name-and-birth key."""
    value = fold(text)
    if value.startswith(PASS_PREFIX):
        return Key("pass", value)
    number = compact(value)
    if read_code(number).sound and len(number) == 10:
        return Key("code", read_code(number).value)
    for kind, reader in (("citizen_id", read_citizen_id), ("credit_code", read_credit_code), ("title_no", read_title_unit)):
        reading = reader(number)
        if reading.sound or (kind == "citizen_id" and reading.problem == "old15"):
            return Key(kind, reading.value)
    if (meant := _meant(number)) is not None:
        return Key(meant, number)
    if read_plate(number).sound:
        return Key("plate", number)
    if number.isdigit() and len(number) >= 7 and read_phone(value).sound:
        return Key("phone", read_phone(value).value)
    if birth_date:
        return Key("name_birth", value, (("birth_date", birth_date),))
    return Key(_guess_text(value), value)


def _meant(number: str) -> str | None:
    """What a mistyped number was meant to be: the answer can then say what is wrong with it instead of "not found"."""
    if _LIKE_CITIZEN_ID.fullmatch(number):
        return "citizen_id"
    if _LIKE_CREDIT_CODE.fullmatch(number):
        return "credit_code"
    return "code" if _LIKE_CODE.fullmatch(number) else None


def _guess_text(value: str) -> str:
    if "不动产权第" in value or "房权证" in value:
        return "certificate_no"
    if re.fullmatch(r"[A-Za-z0-9-]{6,20}", value):
        return "account_no"
    if _ORG_WORDS.search(value) and not re.search(r"\d", value):
        return "org_name"
    return "address" if _ADDRESS_WORDS.search(value) else "org_name"


def register_of(key: Key) -> Register:
    """The register a key opens."""
    if key.type == "code":
        reading = read_code(key.value)
        return kind_of(reading.value) if reading.value and reading.value[0] in "POH" else "person"
    if key.type in ("credit_code", "org_name"):
        return "organisation"
    if key.type in ("citizen_id", "phone", "plate", "name_birth"):
        return "person"
    return "premises"
