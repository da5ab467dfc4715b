"""A resource as a form types it: lists are lines, so that they can be pasted from a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from datong.share import catalogue

TYPED = {
    "title": 200, "title_en": 200, "department": 60, "system": 120, "summary": 1000, "classification": 12, "format": 30, "cycle": 30,
    "sharing_class": 30, "condition": 500, "scope": 500, "used_for": 500, "withheld_because": 500, "opened": 30, "opened_condition": 500,
    "data_class": 30, "level": 2, "personal": 30, "secrecy": 30, "related": 500, "bases": 4000, "fields": 20_000,
}  # fmt: skip
"""Fields of the form and how long each may be."""
_BETWEEN = re.compile(r"\s*[|｜\t]\s*")
DEFAULTS = {
    "sharing_class": "conditional", "format": "database", "cycle": "monthly", "opened": "no", "data_class": "general", "level": "1",
    "personal": "none", "secrecy": "none", "methods": "service", "classification": "301001",
}  # fmt: skip


def empty_form(department: str) -> dict[str, str]:
    """A form nobody has typed into yet."""
    return dict.fromkeys((*TYPED, "methods"), "") | DEFAULTS | {"department": department}


def as_typed(item: catalogue.Resource) -> dict[str, str]:
    """A resource as the form shows it."""
    typed = {name: str(getattr(item, name)) for name in TYPED if name not in ("bases", "fields", "related")}
    typed["related"], typed["methods"] = " ".join(item.related), "；".join(item.methods)
    typed["bases"] = "\n".join(" | ".join((one.kind, one.says, one.act, one.article)).rstrip(" |") for one in item.bases)
    typed["fields"] = "\n".join(
        " | ".join((one.name, one.code, one.type, str(one.length), str(one.level), one.source_department)).rstrip(" |")
        for one in item.fields
    )
    return typed


def read_form(typed: Mapping[str, str], before: catalogue.Resource | None) -> tuple[catalogue.Resource, tuple[catalogue.Fault, ...]]:
    """The resource that was typed, with what cannot be read as numbers or lines. What the form does not show is kept from `before`."""
    faults: list[catalogue.Fault] = []
    plain: dict[str, Any] = {name: typed[name] for name in TYPED if name not in ("bases", "fields", "related", "level")}
    values: dict[str, Any] = {
        "level": _number(typed["level"], "level", faults),
        "methods": tuple(one for one in typed["methods"].split("；") if one),
        "related": tuple(typed["related"].split()),
        "bases": tuple(_bases(typed["bases"], faults)),
        "fields": tuple(_fields(typed["fields"], before, faults)),
    }
    made = replace(before, **plain, **values) if before else catalogue.Resource(**plain, **values)
    return made, tuple(faults)


def _lines(text: str) -> list[list[str]]:
    return [_BETWEEN.split(line.strip()) for line in text.splitlines() if line.strip()]


def _bases(text: str, faults: list[catalogue.Fault]) -> list[catalogue.Basis]:
    found = []
    for at, parts in enumerate(_lines(text), start=1):
        if len(parts) not in (3, 4):
            faults.append(catalogue.Fault("bases", "依据的写法不对", "每行写：种类 | 规定 | 名称 | 条款", at))
            continue
        kind, says, act, article = (*parts, "")[:4]
        found.append(catalogue.Basis(act, article, _code(KIND_WORDS, kind), _code(SAYS_WORDS, says)))
    return found


KIND_WORDS = {
    "法律": "law", "行政法规": "regulation", "国务院决定": "state_council", "司法解释": "judicial", "地方性法规": "local_regulation",
    "部门规章": "department_rule", "地方政府规章": "local_rule", "规范性文件": "document",
}  # fmt: skip
SAYS_WORDS = {"无条件共享": "open", "有条件共享": "conditional", "不予共享": "withheld"}


def _code(words: Mapping[str, str], text: str) -> str:
    return words.get(text, text)


def _fields(text: str, before: catalogue.Resource | None, faults: list[catalogue.Fault]) -> list[catalogue.Field]:
    known = {one.code: one for one in before.fields} if before else {}
    found = []
    for at, parts in enumerate(_lines(text), start=1):
        if not 2 <= len(parts) <= 6:
            faults.append(catalogue.Fault("fields", "信息项的写法不对", "每行写：名称 | 代码 | 类型 | 长度 | 分级 | 数源部门", at))
            continue
        name, code, kind, length, level, owner = (*parts, "", "", "", "")[:6]
        values: dict[str, Any] = {
            "name": name,
            "type": kind or "text",
            "length": _number(length or "0", "fields", faults, at),
            "level": _number(level or "1", "fields", faults, at),
            "source_department": owner,
        }
        found.append(replace(known[code], **values) if code in known else catalogue.Field(code=code, **values))
    return found


def _number(text: str, name: str, faults: list[catalogue.Fault], at: int = 0) -> int:
    if text.isascii() and text.isdigit() and len(text) < 7:
        return int(text)
    faults.append(catalogue.Fault(name, "不是整数", "写一个不小于 0 的整数", at))
    return 1
