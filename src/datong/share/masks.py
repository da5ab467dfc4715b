"""Masks: what is left of a value when the agreement does not let it be seen whole.

Each mask is named in the agreements. A mask never returns the value it was given (an empty value stays empty), and never
shows how long a hidden name is.
"""

from __future__ import annotations

from collections.abc import Callable

STAR = "*"


def mask_name(value: str) -> str:
    """王小明 → 王**; a name of two characters → 王*."""
    return value[:1] + STAR * (1 if len(value) == 2 else 2)


def mask_citizen_id(value: str) -> str:
    """370303199001011234 → 370303********1234: division and last four, for officials who compare."""
    return _ends(value, 6, 4)


def mask_citizen_id_ends(value: str) -> str:
    """370303199001011234 → 3***************34: first and last two, for those who only recognise."""
    return _ends(value, 1, 2)


def mask_phone(value: str) -> str:
    """13812341234 → 138****1234; a landline keeps its first four and last two digits."""
    if len(value) == 11 and value.startswith("1"):
        return _ends(value, 3, 4)
    return _ends(value, 4, 2)


def mask_address(value: str) -> str:
    """The last eight characters hidden: the road stays, the door does not."""
    keep = max(len(value) - 8, min(3, len(value) // 2))
    return value[:keep] + STAR * 8


def mask_plate(value: str) -> str:
    """鲁C12345 → 鲁C1***5."""
    return _ends(value, 3, 1)


def mask_certificate(value: str) -> str:
    """鲁(2020)淄博市不动产权第0012345号 → the first four and the last four characters."""
    return _ends(value, 4, 4)


def mask_account(value: str) -> str:
    """An account or insurance number: the last four characters."""
    return _ends(value, 0, 4)


def mask_year(value: str) -> str:
    """1990-05-06 → 1990-**-**: a date keeps its year."""
    return value[:4] + "-**-**" if len(value) >= 4 and value[:4].isdigit() else STAR * 4


def mask_hidden(value: str) -> str:
    """That there is a value, and nothing of it."""
    return STAR * 4


def _ends(value: str, first: int, last: int) -> str:
    """The first and last characters; of a short value only a third is left, so that something is always hidden."""
    if len(value) <= first + last + 1:
        first, last = (len(value) // 3, 0) if len(value) > 2 else (0, 0)
        return value[:first] + STAR * max(len(value) - first, 2)
    return value[:first] + STAR * (len(value) - first - last) + (value[-last:] if last else "")


MASKS: dict[str, Callable[[str], str]] = {
    "name": mask_name,
    "citizen_id": mask_citizen_id,
    "citizen_id_ends": mask_citizen_id_ends,
    "phone": mask_phone,
    "address": mask_address,
    "plate": mask_plate,
    "certificate": mask_certificate,
    "account": mask_account,
    "year": mask_year,
    "hidden": mask_hidden,
}
PLAIN = "plain"


def apply_mask(mask: str, value: str) -> str:
    """The value behind this mask; `plain` shows it whole."""
    if mask == PLAIN or not value:
        return value
    return MASKS[mask](value)
