"""What a request lacks, as one list: papers too short or missing, and what its terms leave open. Told once, not bit by bit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from datong.domain.errors import BadValue
from datong.share.installed import Installed
from datong.share.requests.asked import Lack, Request
from datong.share.requests.terms import read_terms

PARTS = {
    "operations": ("共享方式：请选择核验、查询或名单", "Form of sharing: choose verify, look up or list"),
    "register": ("请选择要用哪个库", "Choose a register"),
    "roles": ("请选择使用的岗位", "Choose the posts that use it"),
    "valid_to": ("使用时限：请填写截止日期", "Term: give the last day"),
    "fields": ("请选择要哪些数据项", "Choose the fields"),
    "keys": ("请选择按什么线索查找", "Choose the keys by which subjects are asked"),
}
"""Parts of the terms that must not be empty."""


def lacks(parts: Installed, request: Request) -> tuple[Lack, ...]:
    """Everything that lacks, in the order of the form; empty when the request is complete."""
    register = str(request.terms.get("register", ""))
    found = []
    for code, paper in parts.requests.papers.items():
        if paper.registers and register not in paper.registers:
            continue
        if len(str(request.papers.get(code, "")).strip()) < paper.least:
            zh = f"{paper.title[0]}：至少{paper.least}个字（{paper.basis}）"
            found.append(Lack(code, zh, f"{paper.title[1]}: at least {paper.least} characters ({paper.basis})"))
    found += [Lack(part, *PARTS[part]) for part in PARTS if _empty(part, request.terms)]
    return tuple(found) or _faults(parts, request)


def _empty(part: str, terms: Mapping[str, Any]) -> bool:
    if part == "fields":
        return not (terms.get("fields") or terms.get("claims"))
    if part == "keys":
        return not terms.get("keys") and bool({"verify", "look_up"} & set(terms.get("operations") or ()))
    return not terms.get(part)


def _faults(parts: Installed, request: Request) -> tuple[Lack, ...]:
    """What the agreements' own check says of the terms."""
    try:
        read_terms(request.request_id, request.terms, parts.packs, parts.packed)
    except BadValue as error:
        return (Lack("terms", f"协议条款：{error.reason}", f"Terms: {error.reason}"),)
    return ()
