"""The decorator of compiled loops: machine code kept beside the source, run without the interpreter's lock.

With NUMBA_DISABLE_JIT=1 the same loops run as plain Python: slow, and step by step in a debugger.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from numba import njit

Loop = TypeVar("Loop", bound=Callable[..., Any])


def compiled(function: Loop) -> Loop:
    """Compile a loop over arrays on its first call, once for all later runs."""
    made: Loop = njit(cache=True, nogil=True)(function)
    return made
