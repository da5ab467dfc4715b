"""What stands on the paper, and where: one layout for every file form. Millimetres from the upper left corner of an A4 page."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime

import segno

from datong.ledger import Sm2Signer
from datong.licences.credential import day_of
from datong.licences.jose import SigningKey
from datong.licences.licence import Licence
from datong.spec import LicenceType

WIDTH, HEIGHT = 210.0, 297.0
_LEFT, _LABEL, _RIGHT, _TOP, _BOTTOM = 25.0, 66.0, 190.0, 62.0, 215.0
_QR_SIZE, _QR_TOP = 34.0, 236.0
ATTACHED = "licence.sd-jwt"
"""The name of the signed text inside the file."""
STATEMENT = (
    "本文件由发证部门以数字签名签发。印章图样、截图和复印件都不作为证明，请核验签名。",
    "Signed by its issuer. A picture of a seal, a screen shot or a copy proves nothing: verify the signature.",
)


@dataclass(frozen=True)
class Text:
    """One line of text: where its baseline begins, how high the letters are, what it says."""

    x: float
    y: float
    size: float
    said: str

    @property
    def steps(self) -> tuple[float, ...]:
        """How far each character is from the one before."""
        return tuple(advance(char, self.size) for char in self.said[:-1])


@dataclass(frozen=True)
class Square:
    """One dark module of the QR code."""

    x: float
    y: float
    side: float


@dataclass(frozen=True)
class Sheet:
    """A licence ready to be written as a file. `credential` is its signed text with every fact; `made_at` is UTC."""

    title: str
    department: str
    identifier: str
    pages: tuple[tuple[Text, ...], ...]
    squares: tuple[Square, ...]
    """The QR code of the page where anybody checks the file; it stands on the last page."""
    credential: str
    made_at: datetime


@dataclass(frozen=True)
class Signed:
    """Who signs the file: the issuing department's key, and the city's national key where it has one."""

    key: SigningKey
    national: Sm2Signer | None = None


def sheet_of(licence: Licence, kind: LicenceType, department: str, verify_at: str, made_at: datetime) -> Sheet:
    """Lay a licence out. `department` is how its issuer is called, `verify_at` the address of the page where it is checked."""
    rows = [(fact.title_zh, _words(licence.facts[fact.name])) for fact in kind.facts if fact.name in licence.facts]
    rows.append(("有效期", f"{licence.valid_from} 至 {day_of(licence.valid_until) or '长期'}"))
    rows += [("发证部门", department), ("签发时间", licence.issued_at[:10]), ("电子证照标识", licence.identifier)]
    pages: list[list[Text]] = [[]]
    y = _TOP
    for label, value in rows:
        for number, line in enumerate(_wrapped(value, _RIGHT - _LABEL, 4.6)):
            if y > _BOTTOM:
                pages.append([])
                y = _TOP
            if not number:
                pages[-1].append(Text(_LEFT, y, 4.2, label))
            pages[-1].append(Text(_LABEL, y, 4.6, line))
            y += 7.5
        y += 2.5
    whole = tuple((*_head(kind, number, len(pages)), *page) for number, page in enumerate(pages))
    feet = (Text(_LEFT, _QR_TOP + 8, 3.6, f"核验网址 Verify at {verify_at}"), *_statement())
    whole = (*whole[:-1], (*whole[-1], *feet))
    return Sheet(kind.title_zh, department, licence.identifier, whole, _code(verify_at), licence.credential, made_at)


def advance(char: str, size: float) -> float:
    """How wide a character is set: Chinese ones are as wide as they are high, Latin ones half as wide."""
    return size if unicodedata.east_asian_width(char) in "WFA" else size / 2


def _head(kind: LicenceType, number: int, count: int) -> tuple[Text, ...]:
    wide = sum(advance(char, 8.0) for char in kind.title_zh)
    head = [Text(max(_LEFT, (WIDTH - wide) / 2), 38.0, 8.0, kind.title_zh)]
    if count > 1:
        head.append(Text(WIDTH - 40, 285.0, 3.6, f"第 {number + 1} 页，共 {count} 页"))
    return tuple(head)


def _statement() -> tuple[Text, ...]:
    return tuple(Text(_LEFT, _QR_TOP + 16 + 6 * number, 3.0, said) for number, said in enumerate(STATEMENT))


def _words(value: object) -> str:
    return ("是" if value else "否") if isinstance(value, bool) else str(value)


def _wrapped(text: str, width: float, size: float) -> list[str]:
    lines, line, filled = [], "", 0.0
    for char in " ".join(text.split()):
        step = advance(char, size)
        if filled + step > width:
            lines.append(line)
            line, filled = "", 0.0
        line, filled = line + char, filled + step
    return [*lines, line]


def _code(address: str) -> tuple[Square, ...]:
    rows = [list(row) for row in segno.make_qr(address, error="m").matrix]
    side = _QR_SIZE / len(rows)
    left = _RIGHT - _QR_SIZE
    return tuple(Square(left + x * side, _QR_TOP + y * side, side) for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
