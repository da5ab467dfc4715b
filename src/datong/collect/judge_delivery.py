"""Whether a delivery as a whole may enter the lake: its source's assertions."""

from __future__ import annotations

from collections.abc import Mapping

from datong.domain.errors import BadDelivery
from datong.spec import Source

WAIVABLE = frozenset(("no_rows", "too_few_rows", "too_many_rows", "not_filled", "changed_too_much", "mostly_rejected"))
"""Reasons a person may overrule: the delivery can be read, it only looks wrong."""


def check_delivery(source: Source, accepted: int, filled: Mapping[str, float], before: int | None) -> None:
    """Raise BadDelivery for the first assertion that does not hold. `before` is the row count of the full delivery before."""
    said = source.assertions
    if accepted == 0 and said.rows_min is None:
        raise BadDelivery("no_rows", "没有一条可用记录，请核对导出 · no usable record: check the export")
    if said.rows_min is not None and accepted < said.rows_min:
        raise BadDelivery(
            "too_few_rows", f"仅 {accepted} 行，少于约定的 {said.rows_min} 行 · fewer rows than agreed: the export may be cut off"
        )
    if said.rows_max is not None and accepted > said.rows_max:
        raise BadDelivery("too_many_rows", f"共 {accepted} 行，多于约定的 {said.rows_max} 行 · more rows than agreed: check the export")
    for name, least in said.filled.items():
        if name in filled and filled[name] < least:
            column = source.by_field[name].name
            share = f"{column}：填写率 {filled[name]:.1%}，低于约定的 {least:.1%}"
            raise BadDelivery("not_filled", f"{share} · filled in fewer rows than agreed: check the export")
    if said.change is not None and before and source.delivery == "full":
        change = abs(accepted - before) / before
        if change > said.change:
            counts = f"上次 {before} 行，本次 {accepted} 行，变化 {change:.0%}，超过约定的 {said.change:.0%}"
            raise BadDelivery("changed_too_much", f"{counts} · differs too much from the delivery before: check the export")
