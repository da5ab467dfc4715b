"""FEEL, the expression language of DMN: read, decide, and say why something has no value."""

from datong.rules.feel import builtins_context, builtins_list, builtins_number, builtins_string, builtins_time
from datong.rules.feel.builtin import BUILTINS
from datong.rules.feel.call import apply
from datong.rules.feel.compile import compile_node, compile_tests
from datong.rules.feel.faults import FeelSyntax, NoValue
from datong.rules.feel.lex import KEYWORDS, Names, tidy_name
from datong.rules.feel.parse import known_names, parse_expression, parse_tests, parse_type
from datong.rules.feel.scope import Record, Scope
from datong.rules.feel.types import ANY, FeelType, Types, coerced, fits, from_text
from datong.rules.feel.values import Function, Range, equal, feel_value, kind_of, order, plain, text_of

DECLARED = (builtins_context, builtins_list, builtins_number, builtins_string, builtins_time)
"""The modules whose import declares the built-in functions."""
BASE_NAMES = known_names(BUILTINS)
"""The names known everywhere: the built-in functions."""
BASE_SCOPE = Scope(BUILTINS)
"""The values known everywhere."""

__all__ = [
    "ANY",
    "BASE_NAMES",
    "BASE_SCOPE",
    "BUILTINS",
    "DECLARED",
    "KEYWORDS",
    "FeelSyntax",
    "FeelType",
    "Function",
    "Names",
    "NoValue",
    "Range",
    "Record",
    "Scope",
    "Types",
    "apply",
    "coerced",
    "compile_node",
    "compile_tests",
    "equal",
    "feel_value",
    "fits",
    "from_text",
    "kind_of",
    "known_names",
    "order",
    "parse_expression",
    "parse_tests",
    "parse_type",
    "plain",
    "text_of",
    "tidy_name",
]
