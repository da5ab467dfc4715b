"""The sharing board: how far sharing reaches and how it is kept to, in figures, charts and files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.responses import Response

from datong.domain.errors import Missing
from datong.domain.registers import SHARING_CLASSES
from datong.share import boards
from datong.web import sharing_words
from datong.web.visit import Visit

EXPORTS: dict[str, Callable[..., str]] = {
    "board": boards.export_board,
    "compliance": boards.export_compliance,
    "parties": boards.export_parties,
}
MOST_BARS = 30


def show(visit: Visit) -> Response:
    """The board."""
    board, compliance = boards.sharing_board(visit.session, visit.actor, now=visit.now)
    charts, levels = _charts(visit, board), boards.by_level(visit.session, board.parts)
    return visit.page(
        "office/sharing_board.html", board=board, compliance=compliance, classes=SHARING_CLASSES, charts=charts, levels=levels
    )


def parties(visit: Visit) -> Response:
    """Who answers for what, party by party."""
    found = boards.parties(visit.session, visit.actor, now=visit.now)
    return visit.page("office/sharing_parties.html", found=found)


def export(visit: Visit) -> Response:
    """One of the board's tables as a file."""
    what = visit.sent.params["what"]
    if what not in EXPORTS:
        raise Missing("没有这个导出 (there is no such export)")
    text = EXPORTS[what](visit.session, visit.actor, now=visit.now)
    return visit.file(text.encode(), f"{what}.csv", "text/csv; charset=utf-8")


def _charts(visit: Visit, board: boards.Board) -> dict[str, Any]:
    """What the charts draw: kind, names, and one or several rows of numbers. The tables on the page say the same."""
    language = visit.language
    parts = sorted((part for part in board.parts if part.resources), key=lambda part: -part.resources)[:MOST_BARS]
    names = [visit.department_short(part.department) for part in parts]
    words = [sharing_words.word(language, sharing_words.VALUES, code) for code in SHARING_CLASSES]
    zh = language == "zh"
    return {
        "departments": {
            "kind": "bar",
            "names": names,
            "rows": [
                {"name": word, "values": [part.classes.get(code, 0) for part in parts]}
                for word, code in zip(words, SHARING_CLASSES, strict=True)
            ],
        },
        "classes": {
            "kind": "pie",
            "names": words,
            "rows": [{"name": "", "values": [board.classes.get(code, 0) for code in SHARING_CLASSES]}],
        },
        "months": {
            "kind": "line",
            "names": [month for month, _, _ in board.months],
            "rows": [
                {"name": "已答复" if zh else "Answered", "values": [answered for _, answered, _ in board.months]},
                {"name": "已拒绝" if zh else "Refused", "values": [refused for _, _, refused in board.months]},
            ],
        },
    }
