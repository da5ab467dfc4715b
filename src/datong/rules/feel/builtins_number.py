"""Built-in functions of numbers."""

from __future__ import annotations

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
)
from typing import Any

from datong.rules.feel.arithmetic import finite
from datong.rules.feel.builtin import builtin
from datong.rules.feel.faults import NoValue
from datong.rules.feel.times import DaysTime, YearsMonths
from datong.rules.feel.values import NUMBERS

_WIDE = Context(prec=6200, Emin=-6200, Emax=6200, traps=[])


def _rounded(number: Decimal, scale: Decimal, rounding: str) -> Decimal:
    places = int(scale)
    if not -6111 <= places <= 6176:
        raise NoValue("the scale goes from -6111 to 6176")
    if number.as_tuple().exponent >= -places and places >= 0:  # type: ignore[operator]
        return number
    return finite(number.quantize(Decimal(1).scaleb(-places), rounding=rounding, context=_WIDE)) + 0


@builtin("decimal", "n: number", "scale: number")
def decimal(number: Decimal, scale: Decimal) -> Decimal:
    """A number rounded to places, half to even."""
    return _rounded(number, scale, ROUND_HALF_EVEN)


@builtin("round half up", "n: number", "scale: number")
def round_half_up(number: Decimal, scale: Decimal) -> Decimal:
    """A number rounded to places, half away from zero."""
    return _rounded(number, scale, ROUND_HALF_UP)


@builtin("round half down", "n: number", "scale: number")
def round_half_down(number: Decimal, scale: Decimal) -> Decimal:
    """A number rounded to places, half towards zero."""
    return _rounded(number, scale, ROUND_HALF_DOWN)


@builtin("round up", "n: number", "scale: number")
def round_up(number: Decimal, scale: Decimal) -> Decimal:
    """A number rounded to places, away from zero."""
    return _rounded(number, scale, ROUND_UP)


@builtin("round down", "n: number", "scale: number")
def round_down(number: Decimal, scale: Decimal) -> Decimal:
    """A number rounded to places, towards zero."""
    return _rounded(number, scale, ROUND_DOWN)


@builtin("floor", "n: number", "scale: number?")
def floor(number: Decimal, scale: Decimal | None) -> Decimal:
    """The greatest number of so many places not above a number."""
    return _rounded(number, scale or Decimal(0), ROUND_FLOOR)


@builtin("ceiling", "n: number", "scale: number?")
def ceiling(number: Decimal, scale: Decimal | None) -> Decimal:
    """The least number of so many places not below a number."""
    return _rounded(number, scale or Decimal(0), ROUND_CEILING)


@builtin("abs", "n: number|days and time duration|years and months duration")
def absolute(value: Any) -> Any:
    """A number or duration without its sign."""
    if isinstance(value, YearsMonths):
        return YearsMonths(abs(value.months))
    return DaysTime(abs(value.nanos)) if isinstance(value, DaysTime) else NUMBERS.abs(value)


@builtin("modulo", "dividend: number", "divisor: number")
def modulo(dividend: Decimal, divisor: Decimal) -> Decimal:
    """The rest of a division, with the divisor's sign."""
    if not divisor:
        raise NoValue("a division by zero")
    whole = finite(NUMBERS.divide(dividend, divisor)).to_integral_value(ROUND_FLOOR)
    return NUMBERS.subtract(dividend, NUMBERS.multiply(divisor, whole))


@builtin("sqrt", "number: number")
def square_root(number: Decimal) -> Decimal:
    """The square root."""
    if number < 0:
        raise NoValue("a negative number has no square root")
    return NUMBERS.sqrt(number)


@builtin("log", "number: number")
def logarithm(number: Decimal) -> Decimal:
    """The natural logarithm."""
    if number <= 0:
        raise NoValue("only a number above zero has a logarithm")
    return NUMBERS.ln(number)


@builtin("exp", "number: number")
def exponential(number: Decimal) -> Decimal:
    """e to a number."""
    return finite(NUMBERS.exp(number))


@builtin("odd", "number: number")
def odd(number: Decimal) -> bool:
    """Whether a whole number is odd."""
    return number == number.to_integral_value() and NUMBERS.remainder(number, Decimal(2)) != 0


@builtin("even", "number: number")
def even(number: Decimal) -> bool:
    """Whether a whole number is even."""
    return number == number.to_integral_value() and NUMBERS.remainder(number, Decimal(2)) == 0
