"""The decorator of compiled loops, and the few machine accesses that plain indexing would make slow.

Compiled code is kept beside the source and runs without the interpreter's lock; with NUMBA_DISABLE_JIT=1 loops that need none
of the accesses below run as plain Python, step by step in a debugger. `eight_at`, `put_eight` and
`put_four` read or write that many bytes at once, wherever they begin, first byte lowest. The caller sees to
it that the bytes are inside the array: there is no check.

The innermost loops stand in one function each: a call that is handed an array counts references, which costs
more than a cell.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

Loop = TypeVar("Loop", bound=Callable[..., Any])


def compiled(function: Loop) -> Loop:
    """Compile a loop over arrays on its first call, once for all later runs."""
    made: Loop = njit(cache=True, nogil=True)(function)
    return made


def _address(context: Any, builder: Any, array_type: Any, values: Any, bits: int) -> Any:
    """The address of `values` (an array and a place in it) as one of a number of that many bits."""
    array = context.make_array(array_type)(context, builder, values[0])
    return builder.bitcast(builder.gep(array.data, [values[1]]), ir.IntType(bits).as_pointer())


@intrinsic  # type: ignore[untyped-decorator]
def eight_at(typing: Any, data: Any, place: Any) -> Any:
    """The eight bytes of `data` from `place` as one number: eight_at(data, place) → uint64."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return builder.load(_address(context, builder, signature.args[0], values, 64), align=1)

    return types.uint64(data, types.int64), generate


def _put(bits: int) -> Any:
    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        number = builder.trunc(values[2], ir.IntType(bits)) if bits < 64 else values[2]
        builder.store(number, _address(context, builder, signature.args[0], values, bits), align=1)
        return context.get_dummy_value()

    return generate


@intrinsic  # type: ignore[untyped-decorator]
def put_eight(typing: Any, data: Any, place: Any, number: Any) -> Any:
    """Write eight bytes: put_eight(data, place, number)."""
    return types.void(data, types.int64, types.uint64), _put(64)


@intrinsic  # type: ignore[untyped-decorator]
def put_four(typing: Any, data: Any, place: Any, number: Any) -> Any:
    """Write the lowest four bytes of a number: put_four(data, place, number)."""
    return types.void(data, types.int64, types.uint64), _put(32)
