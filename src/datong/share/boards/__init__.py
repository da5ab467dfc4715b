"""Boards: how far sharing reaches, how it is kept to, and who answers for what."""

from datong.share.boards.board import LIGHTS, Board, Kept, Part, board, department_title
from datong.share.boards.compliance import (
    Compliance,
    Party,
    Point,
    Responsibility,
    compliance,
    export_board,
    export_compliance,
    export_parties,
    parties,
)
from datong.share.boards.counts import count_exchanges
from datong.share.boards.flow import sharing_board

__all__ = [
    "LIGHTS",
    "Board",
    "Compliance",
    "Kept",
    "Part",
    "Party",
    "Point",
    "Responsibility",
    "board",
    "compliance",
    "count_exchanges",
    "department_title",
    "export_board",
    "export_compliance",
    "export_parties",
    "parties",
    "sharing_board",
]
