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
from datong.share.boards.levels import Body, LevelCount, by_level, directory

__all__ = [
    "LIGHTS",
    "Board",
    "Body",
    "Compliance",
    "Kept",
    "LevelCount",
    "Part",
    "Party",
    "Point",
    "Responsibility",
    "board",
    "by_level",
    "compliance",
    "count_exchanges",
    "department_title",
    "directory",
    "export_board",
    "export_compliance",
    "export_parties",
    "parties",
    "sharing_board",
]
