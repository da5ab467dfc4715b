"""Items of the catalogue as tests want them: one sound item to change, and sound items at random."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from datong.domain.access import Actor
from datong.domain.registers import COLUMN_TYPES
from datong.share.catalogue import Basis, Field, Resource

LAW = Basis("《中华人民共和国统计法》", "第十一条", "law", "withheld")
LOCAL = Basis("《淄博市停车场管理办法》", "第五条", "local_rule", "withheld")
RULE = Basis("《政务数据共享条例》", "第十四条", "regulation", "conditional")
PARKING = Resource(
    title="公共停车场泊位信息",
    title_en="Public parking",
    department="urban_management",
    system="智慧停车平台",
    summary="全市公共停车场的位置、泊位数和实时余位。",
    classification="201001",
    format="service",
    cycle="daily",
    sharing_class="conditional",
    methods=("service", "batch"),
    condition="只用于申请的用途",
    scope="本市各部门",
    used_for="交通疏导、便民查询",
    bases=(RULE,),
    level=2,
    fields=(
        Field("停车场名称", "name", "text", 100, 1, source_department="urban_management"),
        Field("泊位总数", "places", "integer", 0, 1),
        Field("联系电话", "phone", "phone", 20, 2, bases=(RULE,), note="值班电话"),
    ),
)


def officer(department: str, role: str, number: int = 1) -> Actor:
    return Actor(f"{role}_{department}_{number}", "某某", "officer", department, "数据科", frozenset({role}), ("",))


STEWARD = officer("urban_management", "steward")
HEAD = officer("urban_management", "sharing_officer")
AUTHORITY = officer("data", "sharing_manager")
KEEPER = officer("data", "steward")
READER = officer("transport", "officer")


def item(**changes: Any) -> Resource:
    return replace(PARKING, **changes)


_CHARACTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp"), exclude_characters="；;|\ufeff")
WORDS = st.text(_CHARACTERS, min_size=1, max_size=20).map(str.strip).filter(bool)
MAYBE = st.one_of(st.just(""), WORDS)
BASES = st.builds(
    Basis,
    act=WORDS.map(lambda text: f"《{text}》"),
    article=MAYBE,
    kind=st.sampled_from(
        ("law", "regulation", "state_council", "judicial", "local_regulation", "department_rule", "local_rule", "document")
    ),
    says=st.sampled_from(("open", "conditional", "withheld")),
)
_CODES = st.from_regex(r"[a-z][a-z0-9_]{0,9}", fullmatch=True)


def _field(name: str, code: str, number: int, bases: list[Basis]) -> Field:
    kind = COLUMN_TYPES[number % len(COLUMN_TYPES)]
    owner = ("", "police", "tax")[number % 3]
    return Field(
        name, code, kind, number, number % 4 + 1, ("", "open", "conditional")[number % 3], tuple(bases), owner, "none", name[:number]
    )


FIELDS = st.lists(
    st.builds(_field, WORDS, _CODES, st.integers(0, 99), st.lists(BASES, max_size=2)),
    min_size=1,
    max_size=5,
    unique_by=(lambda one: one.name, lambda one: one.code),
)


@st.composite
def items(draw: st.DrawFn) -> Resource:
    fields = tuple(draw(FIELDS))
    values = {name: draw(WORDS) for name in ("title", "system", "summary", "condition", "scope", "used_for")}
    return replace(
        PARKING,
        **values,
        title_en=draw(MAYBE),
        department=draw(st.sampled_from(("police", "tax", "urban_management"))),
        format=draw(st.sampled_from(("file", "sheet", "database", "service"))),
        cycle=draw(st.sampled_from(("realtime", "daily", "yearly", "irregular"))),
        methods=tuple(draw(st.lists(st.sampled_from(("service", "batch", "file")), min_size=1, unique=True))),
        bases=tuple(draw(st.lists(BASES, min_size=1, max_size=3))),
        opened=draw(st.sampled_from(("no", "conditional"))),
        opened_condition=draw(MAYBE),
        data_class=draw(st.sampled_from(("general", "important", "core"))),
        personal=draw(st.sampled_from(("none", "personal", "sensitive"))),
        level=max(one.level for one in fields),
        fields=fields,
    )
