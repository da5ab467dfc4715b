"""One decision made three ways: by closures, by a generated function, and by SQL, on random tables and rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from datong import rules
from datong.domain.errors import BadValue
from datong.rules.feel import feel_value, plain
from datong.rules.model import Decision, Definitions, Input, InputData, ItemDefinition, LiteralBox, Needs, Output, Rule, TableBox
from datong.settings import load_settings
from datong.store import open_duck

QUICKLY = [Phase.explicit, Phase.generate]
"""Without shrinking: what fails is printed whole, and made small by hand."""
FACTS = {"n": "number", "m": "number", "s": "letter", "b": "boolean", "d": "date"}
TYPES = (ItemDefinition("letter", type="string", values='"a", "b", "c"'),)
INPUTS = tuple(InputData(id=name, name=name, type=type_) for name, type_ in FACTS.items())
NEEDS = Needs(inputs=tuple(FACTS))

numbers = st.sampled_from(["0", "1", "-2", "2.5", "7", "10.25", "n", "m"])
days = st.sampled_from(['@"2026-01-01"', '@"2025-06-30"', "d"])
letters = st.sampled_from(['"a"', '"b"', '"z"', "s"])
sums = st.recursive(
    numbers,
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from("+-*"), inner),
        st.builds("(if {} < {} then {} else {})".format, inner, inner, inner, inner),
        st.builds("{}({}, {})".format, st.sampled_from(["min", "max"]), inner, inner),
        st.builds("-{}".format, inner),
        st.builds("abs({})".format, inner),
    ),
    max_leaves=4,
)
orders = st.sampled_from(["<", "<=", ">", ">=", "=", "!="])
compared = st.one_of(
    st.builds("({} {} {})".format, sums, orders, sums),
    st.builds("({} {} {})".format, days, orders, days),
    st.builds("({} {} {})".format, letters, st.sampled_from(["=", "!=", "<"]), letters),
    st.builds("({} {} null)".format, st.sampled_from(["n", "s", "b", "d"]), st.sampled_from(["=", "!="])),
    st.builds("({} between {} and {})".format, sums, numbers, numbers),
    st.just("b"),
)
truths = st.recursive(
    compared,
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or"]), inner),
        st.builds("not({})".format, inner),
    ),
    max_leaves=3,
)
ranges = st.builds("{}{}..{}{}".format, st.sampled_from("[("), st.just("0"), st.sampled_from(["5", "9.5"]), st.sampled_from("])"))


def cells(kind: str) -> st.SearchStrategy[str]:
    """Unary tests for a column."""
    plain_tests = {
        "number": st.one_of(st.builds("{} {}".format, orders, sums), ranges, numbers, st.just("null")),
        "boolean": st.sampled_from(["true", "false", "null"]),
        "string": st.one_of(letters, st.builds("!= {}".format, letters), st.just("null")),
        "date": st.one_of(st.builds("{} {}".format, orders, days), st.just('[@"2025-01-01"..@"2026-02-01"]')),
    }[kind]
    listed = st.lists(plain_tests, min_size=1, max_size=2).map(", ".join)
    return st.one_of(st.just("-"), listed, listed.map("not({})".format))


@st.composite
def tables(draw: st.DrawFn) -> tuple[Definitions, str]:
    columns = draw(st.lists(st.sampled_from(["number", "boolean", "string", "date"]), min_size=1, max_size=3))
    expressions = {"number": sums, "boolean": truths, "string": letters, "date": days}
    inputs = tuple(Input(draw(expressions[kind])) for kind in columns)
    hit = draw(st.sampled_from(["U", "A", "F", "P", "C+", "C<", "C>", "C#"]))
    constants = st.sampled_from(["1", "2", "3.5"])
    results = constants if hit in ("A", "P", "C+", "C<", "C>") else st.one_of(constants, sums)
    values = "3.5, 1, 2" if hit == "P" else ""
    default = draw(st.sampled_from(["", "0"])) if hit not in ("C+", "C<", "C>", "C#") else ""
    count = draw(st.integers(1, 5))
    listed = tuple(Rule(f"R{number}", tuple(draw(cells(kind)) for kind in columns), (draw(results),)) for number in range(1, count + 1))
    box = TableBox(inputs=inputs, outputs=(Output("x", values=values, default=default),), rules=listed, hit=hit)
    first = Decision(id="t", name="t", box=box, needs=NEEDS)
    after = LiteralBox(text=draw(st.sampled_from(["if t > 1 then t * n else m", "t = 2 or b", "not(t < n)"])))
    second = Decision(id="after", name="after", box=after, needs=Needs(inputs=tuple(FACTS), decisions=("t",)))
    return Definitions("random", types=TYPES, inputs=INPUTS, decisions=(first, second)), hit


rows = st.fixed_dictionaries(
    {
        "n": st.none() | st.integers(-20, 20),
        "m": st.none() | st.decimals(-20, 20, places=2),
        "s": st.none() | st.sampled_from(["a", "b", "c", "e"]),
        "b": st.none() | st.booleans(),
        "d": st.none() | st.dates(date(2025, 1, 1), date(2026, 12, 31)),
    }
)


@pytest.fixture(scope="module")
def duck(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with open_duck(load_settings(home=tmp_path_factory.mktemp("home"), environ={})) as con:
        con.execute("CREATE TABLE t (place INTEGER, n BIGINT, m DECIMAL(12, 2), s VARCHAR, b BOOLEAN, d DATE)")
        yield con


def in_sql(duck: Any, expression: str, listed: list[dict[str, Any]]) -> list[Any]:
    duck.execute("DELETE FROM t")
    duck.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?)", [[at, *(one[key] for key in FACTS)] for at, one in enumerate(listed)])
    return [row[0] for row in duck.execute(f"SELECT {expression} FROM t ORDER BY place").fetchall()]


def alike(left: Any, right: Any) -> bool:
    """The same answer; numbers by value, for 3.50 is 3.5."""
    kinds = (int, str, Decimal)
    if isinstance(left, kinds) and isinstance(right, kinds) and not isinstance(left, bool) and not isinstance(right, bool):
        try:
            return Decimal(left) == Decimal(right)
        except ArithmeticError:
            return left == right
    return left == right and type(left) is type(right)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], phases=QUICKLY)
@given(table=tables(), listed=st.lists(rows, min_size=1, max_size=6))
def test_closures_function_and_sql_give_the_same_answers(duck: Any, table: tuple[Definitions, str], listed: list[dict[str, Any]]) -> None:
    model = rules.Model(table[0])
    assert not model.faults, model.faults
    for name in ("t", "after"):
        decided = [model.decide(name, one) for one in listed]
        quick = model.quick(name)
        for one, was in zip(listed, decided, strict=True):
            assert quick(one) == (was.outcome, was.rules), (table[0].decisions, one, quick.source)
        try:
            expression = model.sql(name, {key: key for key in FACTS})
        except BadValue as error:
            assert "has no SQL" in str(error) or "written out" in str(error) or "different kinds" in str(error), error
            continue
        for one, was, found in zip(listed, decided, in_sql(duck, expression, listed), strict=True):
            assert alike(was.outcome, plain(feel_value(found))), (table[0].decisions, one, was.outcome, found, expression)
        if name == "t" and table[1] in ("U", "A", "F", "P"):
            named = in_sql(duck, model.sql("t", {key: key for key in FACTS}, "rule"), listed)
            assert named == [was.rules[0].rule if was.rules else None for was in decided]


ALLOWANCE = Path(__file__).parent / "allowance.yml"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], phases=QUICKLY)
@given(
    kind=st.sampled_from(["local", "migrant", "other", None]),
    counts=st.tuples(*[st.none() | st.integers(-1, 5)] * 2),
    money=st.tuples(*[st.none() | st.integers(0, 200_000)] * 2),
    disabled=st.none() | st.booleans(),
    day=st.dates(date(2024, 6, 1), date(2026, 12, 31)),
)
def test_a_packs_table_too(duck: Any, kind: Any, counts: Any, money: Any, disabled: Any, day: date) -> None:
    model = rules.read_rules(ALLOWANCE)
    facts = {"household_kind": kind, "members": counts[0], "cars": counts[1], "monthly_income": money[0], "deposits": money[1]}
    facts["disabled"] = disabled
    decided = model.decide("verdict", facts, day)
    quick = model.quick("verdict")
    assert quick.generated and quick(facts, day) == (decided.outcome, decided.rules)
    literal = {None: "NULL", True: "TRUE", False: "FALSE"}
    columns = ", ".join(
        f"{literal.get(value, repr(value)) if not isinstance(value, int) or isinstance(value, bool) else value} AS {key}"
        for key, value in facts.items()
    )
    expression = model.sql("verdict", {**{key: key for key in facts}, "on": day}, "rule")
    typed = "SELECT household_kind::VARCHAR household_kind, members::BIGINT members, cars::BIGINT cars, monthly_income::BIGINT monthly_income, deposits::BIGINT deposits, disabled::BOOLEAN disabled"
    found = duck.execute(f"SELECT {expression} FROM ({typed} FROM (SELECT {columns}))").fetchall()[0][0]
    assert found == (decided.rules[0].rule if decided.rules else None)
    assert decided.certain is (None not in facts.values() and kind != "other" and decided.outcome is not None and day.year > 2024)
    lite = sqlite3.connect(":memory:")
    lite.execute(f"CREATE TABLE one AS SELECT {columns}")
    assert lite.execute(f"SELECT {expression} FROM one").fetchone()[0] == found


def test_what_has_no_sql_is_refused_by_name() -> None:
    def refused(text: str, columns: dict[str, Any] | None = None, type_: str = "number") -> str:
        one = Decision(id="x", name="x", box=LiteralBox(text=text), needs=Needs(inputs=("n",)))
        model = rules.Model(Definitions("m", inputs=(InputData(id="n", name="n", type=type_),), decisions=(one,)))
        with pytest.raises(BadValue) as told:
            model.sql("x", columns if columns is not None else {"n": "n"})
        return told.value.message

    assert "'/' is not exact in SQL; multiply the other side instead" in refused("n / 2")
    assert "a for has no SQL" in refused("for i in [n] return i")
    assert "the function sqrt()" in refused("sqrt(n)")
    assert "the fact 'n' has no column" in refused("n", {})
    assert "list<number>" in refused("n", None, "list<number>")


def test_a_columns_name_and_texts_cannot_break_out(duck: Any) -> None:
    one = Decision(id="x", name="x", box=LiteralBox(text='if s = "a\'; --" then "it\'s" else s'), needs=Needs(inputs=("s",)))
    model = rules.Model(Definitions("m", inputs=(InputData(id="s", name="s", type="string"),), decisions=(one,)))
    expression = model.sql("x", {"s": 'odd"name'})
    assert duck.execute(f"""SELECT {expression} FROM (SELECT 'a''; --' AS "odd""name")""").fetchall() == [("it's",)]
