"""Files of addresses the `datong address` commands read."""

from __future__ import annotations

import csv
from pathlib import Path

from datong.domain.errors import BadDelivery, Missing


def rows_of(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV in UTF-8 or, failing that, GB 18030."""
    if not path.is_file():
        raise Missing(f"{path}: there is no such file")
    raw = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        return [{key: value or "" for key, value in row.items() if key} for row in csv.DictReader(text.splitlines())]
    raise BadDelivery("encoding", f"{path.name}: neither UTF-8 nor GB 18030")


def units_of(path: Path) -> list[dict[str, str]]:
    """Rows of a register of doors: the columns `code` and `address`, `aliases` if wished."""
    units = rows_of(path)
    if units and not {"code", "address"} <= set(units[0]):
        raise BadDelivery("columns", f"{path.name}: the columns code and address are needed; found {', '.join(units[0])}")
    return units
