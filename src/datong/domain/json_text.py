"""JSON as text, for what is written by the thousand: an encoder made once, where the standard library makes one at every call."""

from __future__ import annotations

import json
from collections.abc import Callable
from json import encoder
from typing import Any

Encode = Callable[[Any], str]


def _made(*, in_order: bool) -> Encode:
    """An encoder without blanks. The C one takes a value and a depth, and gives pieces; where Python has none, the slow one serves."""
    slow = json.JSONEncoder(ensure_ascii=False, sort_keys=in_order, separators=(",", ":"))
    make = getattr(encoder, "c_make_encoder", None)
    if make is None:
        return slow.encode
    quick = make(None, slow.default, encoder.encode_basestring, None, ":", ",", in_order, False, True)

    def encode(value: Any) -> str:
        return "".join(quick(value, 0))

    return encode


compact: Encode = _made(in_order=False)
"""A value without blanks, keys as they come; Chinese stays Chinese. Never for a value that holds itself."""
ordered: Encode = _made(in_order=True)
"""The same with keys in order: the same value is always the same text."""
