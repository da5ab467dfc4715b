"""An independent judge: feelin, another implementation of FEEL, asked the same expressions and unary tests over the same facts."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.rules.test_three_ways import FACTS, cells, days, letters, rows, sums, truths

from datong.rules.feel import (
    BASE_NAMES,
    BASE_SCOPE,
    Scope,
    compile_node,
    compile_tests,
    feel_value,
    known_names,
    parse_expression,
    parse_tests,
    plain,
)

NODE = shutil.which("node")
JUDGE = Path(__file__).parent / "judge.mjs"
NAMES = known_names(FACTS, BASE_NAMES)
ABOUT = {"number": "n", "boolean": "b", "string": "s", "date": "d"}

pytestmark = pytest.mark.skipif(NODE is None, reason="needs node to run feelin, the independent judge")


def judged(cases: list[dict[str, Any]]) -> list[Any]:
    """What feelin gives, with its errors as null."""
    assert NODE is not None
    written = json.dumps(cases, default=lambda value: {"date": str(value)} if isinstance(value, date) else float(value))
    done = subprocess.run([NODE, str(JUDGE)], input=written, capture_output=True, text=True, timeout=60, check=True)
    return [one.get("value") for one in json.loads(done.stdout)]


def ours(case: dict[str, Any]) -> Any:
    scope = Scope({name: feel_value(value) for name, value in case["given"].items()}, BASE_SCOPE)
    if "about" not in case:
        return plain(compile_node(parse_expression(case["text"], NAMES))(scope))
    return compile_tests(parse_tests(case["text"], NAMES))(scope.find(case["about"]), scope)


def alike(left: Any, right: Any) -> bool:
    if isinstance(left, bool) or isinstance(right, bool) or left is None or right is None:
        return left is right
    try:
        return abs(Decimal(str(left)) - Decimal(str(right))) < Decimal("1e-6")
    except ArithmeticError:
        return left == right


def read_otherwise(case: dict[str, Any]) -> bool:
    """Where feelin departs from the specification's text: it turns the ends of `between` round when they are reversed, and it
    takes `not(…)` of a test without an answer (null lies in no range) for true where three-valued logic has no answer."""
    denied = "about" in case and case["text"].startswith("not(") and None in case["given"].values()
    return "between" in case["text"] or denied


expressions = st.one_of(sums, truths, letters, days).map(lambda text: {"text": text})
tests = st.sampled_from(sorted(ABOUT)).flatmap(lambda kind: cells(kind).map(lambda text: {"text": text, "about": ABOUT[kind]}))
cases = st.builds(lambda case, given_: {**case, "given": given_}, st.one_of(expressions, tests), rows).filter(
    lambda case: not read_otherwise(case)
)


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate])
@given(listed=st.lists(cases, min_size=40, max_size=80))
def test_feelin_says_the_same(listed: list[dict[str, Any]]) -> None:
    for case, said in zip(listed, judged(listed), strict=True):
        found = ours(case)
        if "about" in case:
            assert (found is True) == (said is True), (case, found, said)
        else:
            assert alike(found, said), (case, found, said)
