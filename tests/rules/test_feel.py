"""FEEL as the specification has it: values, names, three-valued logic, null with a reason."""

from __future__ import annotations

from typing import Any

import pytest

from datong.rules.feel import (
    BASE_NAMES,
    BASE_SCOPE,
    FeelSyntax,
    Record,
    Scope,
    compile_node,
    feel_value,
    known_names,
    parse_expression,
    plain,
)


def said(text: str, **values: Any) -> tuple[Any, list[str]]:
    record = Record()
    scope = Scope({name: feel_value(value) for name, value in values.items()}, BASE_SCOPE, record)
    return plain(compile_node(parse_expression(text, known_names(values, BASE_NAMES)))(scope)), record.notes


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", 7),
        ("0.1 + 0.2", "0.3"),
        ("10 / 4", "2.5"),
        ("1 / 3", "0." + "3" * 34),
        ("2 ** 3 ** 2", 64),
        ("-2 ** 2", 4),
        ("1 = 1 and null", None),
        ("false and null", False),
        ("true or null", True),
        ("not(null)", None),
        ('"a" + "b"', "ab"),
        ('"\\u4e2d\\U01F40E"', "中🐎"),
        ("[1, 2, 3][item > 1]", [2, 3]),
        ("[1, 2, 3][-1]", 3),
        ("[{a: 1}, {a: 2}].a", [1, 2]),
        ("{a b: 2, c: a b * 2}.c", 4),
        ("for i in 3..1 return i", [3, 2, 1]),
        ("for i in 0..4 return if i = 0 then 1 else i * partial[-1]", [1, 1, 2, 6, 24]),
        ("some x in [1, 2], y in [2, 3] satisfies x = y", True),
        ("every x in [] satisfies x > 1", True),
        ("5 in (1, < 3, [5..9))", True),
        ("5 in ]5..9]", False),
        ("(function(a, b) a - b)(b: 1, a: 3)", 2),
        ("1 instance of number", True),
        ("[1] instance of list<string>", False),
        ('@"2024-02-29" + @"P1Y"', "2025-02-28"),
        ('@"2026-03-01" - @"2026-02-01"', "P28D"),
        ('date("-99999-01-01").year', -99999),
        ('@"2026-01-01T10:00:00@Asia/Shanghai" = @"2026-01-01T02:00:00Z"', True),
        ('years and months duration(@"1990-06-15", @"2026-06-14").years', 35),
        ('number("1 000,50", " ", ",")', "1000.5"),
        ('replace("abcd", "(ab)|(a)", "[1=$1][2=$2]")', "[1=ab][2=]cd"),
        ('matches("街道12号", "\\\\p{IsCJKUnifiedIdeographs}+\\\\d+号")', True),
        ('split("a;b;;c", ";")', ["a", "b", "", "c"]),
        ('string join(["a", null, "b"], "-")', "a-b"),
        ('matches("bcd", "^[a-z-[aeiou]]+$")', True),
        ('matches("bad", "^[a-z-[aeiou]]+$")', False),
        ('matches("a b", "a b", "x")', False),
        ('matches("a\\nb", "a.b", "s")', True),
        ('matches("a\\n", "a$")', False),
        ('{"two words": 1}.two words', 1),
        ("[{two words: 1}, {two words: 2}][two words > 1].two words", [2]),
        ("[1, null] instance of list<number>", False),
        ("0 ** 0", 1),
        ("median([8, 2, 5, 3, 4])", 4),
        ("mode([6, 3, 9, 6, 6, 3, 3])", [3, 6]),
        ("stddev([2, 4, 7, 5])", "2.081665999466132735282297706979931"),
        ("decimal(2.5, 0)", 2),
        ("round half up(-5.5, 0)", -6),
        ("modulo(-12, 5)", 3),
        ("sort([3, 1, 2], function(x, y) x > y)", [3, 2, 1]),
        ("list replace([2, 4, 7, 8], function(item, newItem) item < newItem, 5)", [5, 5, 7, 8]),
        ('context put({x: 1, y: {a: 0}}, ["y", "a"], 2)', {"x": 1, "y": {"a": 2}}),
        ("overlaps before([1..5], (5..8])", False),
        ("includes([1..10], 4)", True),
        ('range("[18..21)").end included', False),
        ('week of year(@"2005-01-01")', 53),
        ('day of week(@"2019-09-17")', "Tuesday"),
        ('string({a: "x", b: [1, null]})', '{a: "x", b: [1, null]}'),
    ],
)
def test_an_expression_has_its_value(text: str, value: Any) -> None:
    found, notes = said(text)
    assert found == value, notes


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1 / 0", "division by zero"),
        ('1 + "a"', "number + string has no meaning"),
        ("absent + 1", "nothing is called 'absent'"),
        ('substring("abc", 9)', "outside of the text"),
        ('date("2026-02-30")', "there is no such day"),
        ('"a" < 1', "has no answer"),
        ("[1, 2][7]", "has no item 7"),
        ("sum(1, true)", "a list of numbers is needed"),
        ('matches("a", "(")', "no regular expression"),
        ('matches("a", "a{x}")', "a brace counts"),
        ('matches("a", "(?=a)")', "XPath does not know"),
        ('matches("a", "\\\\bA")', "needs none"),
        ('(function(a: number) a)("x")', "not of its parameter's type"),
        ("for i in null return i", "null"),
    ],
)
def test_what_has_no_value_is_null_with_a_reason(text: str, reason: str) -> None:
    found, notes = said(text)
    assert found is None
    assert any(reason in note for note in notes), notes


def test_names_with_blanks_and_signs_are_taken_as_long_as_they_go() -> None:
    values = {"monthly income": 5, "income-tax": 2, "monthly": 1}
    assert said("monthly  income - income-tax", **values)[0] == 3
    assert said("monthly", **values)[0] == 1
    assert said("月 收入 * 2", **{"月 收入": 4})[0] == 8


@pytest.mark.parametrize("text", ["1 +", "[1, 2", '"open', "if 1 then 2", "{a 1}", "1 ; 2", "(" * 90 + "1" + ")" * 90, "f(a: 1, 2)"])
def test_what_is_not_feel_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(FeelSyntax, match="at '"):
        parse_expression(text, BASE_NAMES)
