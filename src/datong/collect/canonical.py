"""Which values need no cleaning: the recognisers of the collecting stage, for other stages that read the same types."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from datong.collect import kernels

_RECOGNISERS: Mapping[str, Callable[[Any, Any], Any]] = {
    "citizen_id": kernels.citizen_ids,
    "credit_code": kernels.credit_codes,
    "phone": kernels.mobiles,
    "date": kernels.iso_days,
    "name": lambda offsets, data: kernels.plain_texts(offsets, data, False, False),
    "address": lambda offsets, data: kernels.plain_texts(offsets, data, True, False),
}


def canonical(kind: str, array: Any) -> Any:
    """Which texts of a string array (no nulls) are canonical and sound as that type, or empty: citizen_id,
    credit_code, phone, date; name (Chinese characters alone) and address (these and printable ASCII, no blanks).

    What is not recognised may still be sound: `read_value` has the last word.
    """
    if not len(array):
        return np.zeros(0, np.bool_)
    _, offsets, data = array.buffers()
    places = np.frombuffer(offsets, np.int32)[array.offset : array.offset + len(array) + 1]
    return _RECOGNISERS[kind](places, np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8))
