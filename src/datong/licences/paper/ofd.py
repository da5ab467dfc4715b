"""The OFD (GB/T 33190): a package of XML parts, each with its SM3 digest in a signature of the issuing department.

The first signature is the department's (ECDSA on P-256 with SHA-256), by the key its licences are signed with; a city that has a
national key adds a second one, SM2 with SM3, over the same parts and the first. An official seal is put on by the national seal system:
what is written here is a signature (`Type="Sign"`), and draws no seal.
"""

from __future__ import annotations

import zipfile
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from io import BytesIO
from xml.sax.saxutils import escape

from cryptography.hazmat.primitives import hashes

from datong.licences.paper.sheet import ATTACHED, HEIGHT, WIDTH, Sheet, Signed, Square, Text

NAMESPACE = "http://www.ofdspec.org/2016"
SM3 = "1.2.156.10197.1.401"
SM2_WITH_SM3, ECDSA_WITH_SHA256 = "1.2.156.10197.1.501", "1.2.840.10045.4.3.2"
ROOT = "Doc_0"
CREDENTIAL = f"{ROOT}/Attachs/{ATTACHED}"
SIGNATURES = f"{ROOT}/Signs/Signatures.xml"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NS = f'xmlns:ofd="{NAMESPACE}"'
_DATE = (1980, 1, 1, 0, 0, 0)
_FONT, _FIRST_PAGE = 2, 10


def write(sheet: Sheet, signed: Signed) -> bytes:
    """The signed package."""
    parts = _parts(sheet)
    count = 1 if signed.national is None else 2
    first = _signature(sheet, 0, ECDSA_WITH_SHA256, parts)
    made = {signature_at(0): first, value_at(0): signed.key.sign(first)}
    if signed.national is not None:
        second = _signature(sheet, 1, SM2_WITH_SM3, {**parts, **made})
        made |= {signature_at(1): second, value_at(1): signed.national.sign(second.decode())}
    return pack({**parts, SIGNATURES: list_of_signatures(count), **made})


def pack(parts: Mapping[str, bytes]) -> bytes:
    """The parts as one file, the same bytes for the same parts wherever it is written (so they are not deflated)."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as package:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, _DATE)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            package.writestr(entry, content, zipfile.ZIP_STORED)
    return out.getvalue()


def sm3(content: bytes) -> str:
    """A part's digest as a signature lists it."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(content)
    return b64encode(digest.finalize()).decode()


def signature_at(number: int) -> str:
    """Where a signature's description stands."""
    return f"{ROOT}/Signs/Sign_{number}/Signature.xml"


def value_at(number: int) -> str:
    """Where a signature's value stands."""
    return f"{ROOT}/Signs/Sign_{number}/SignedValue.dat"


def list_of_signatures(count: int) -> bytes:
    """The list of signatures: the one part that no signature can cover, so that it is written in one way only."""
    rows = "".join(f'<ofd:Signature ID="{number + 1}" Type="Sign" BaseLoc="/{signature_at(number)}"/>' for number in range(count))
    return f"{_HEAD}<ofd:Signatures {_NS}><ofd:MaxSignId>{count}</ofd:MaxSignId>{rows}</ofd:Signatures>".encode()


def _parts(sheet: Sheet) -> dict[str, bytes]:
    pages = {f"Pages/Page_{number}/Content.xml": _page(sheet, number) for number in range(len(sheet.pages))}
    found = {
        "OFD.xml": _entry(sheet),
        f"{ROOT}/Document.xml": _document(sheet),
        f"{ROOT}/PublicRes.xml": f'<ofd:Res {_NS} BaseLoc="Res"><ofd:Fonts><ofd:Font ID="{_FONT}" FontName="宋体" FamilyName="SimSun"/>'
        "</ofd:Fonts></ofd:Res>",
        **{f"{ROOT}/{name}": page for name, page in pages.items()},
        f"{ROOT}/Attachs/Attachments.xml": f'<ofd:Attachments {_NS}><ofd:Attachment ID="3" Name="{ATTACHED}" Format="sd-jwt" '
        f'Visible="true"><ofd:FileLoc>/{CREDENTIAL}</ofd:FileLoc></ofd:Attachment></ofd:Attachments>',
    }
    return {name: f"{_HEAD}{text}".encode() for name, text in found.items()} | {CREDENTIAL: sheet.credential.encode()}


def _entry(sheet: Sheet) -> str:
    number = sha256(f"{sheet.identifier} {sheet.made_at.isoformat()}".encode()).hexdigest()[:32]
    return (
        f'<ofd:OFD {_NS} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:DocID>{number}</ofd:DocID>'
        f"<ofd:Title>{escape(sheet.title)}</ofd:Title><ofd:Author>{escape(sheet.department)}</ofd:Author>"
        f"<ofd:CreationDate>{sheet.made_at.date().isoformat()}</ofd:CreationDate><ofd:Creator>datong</ofd:Creator></ofd:DocInfo>"
        f"<ofd:DocRoot>{ROOT}/Document.xml</ofd:DocRoot><ofd:Signatures>{SIGNATURES}</ofd:Signatures></ofd:DocBody></ofd:OFD>"
    )


def _document(sheet: Sheet) -> str:
    pages = "".join(
        f'<ofd:Page ID="{_FIRST_PAGE + number}" BaseLoc="Pages/Page_{number}/Content.xml"/>' for number in range(len(sheet.pages))
    )
    return (
        f"<ofd:Document {_NS}><ofd:CommonData><ofd:MaxUnitID>{_largest_id(sheet)}</ofd:MaxUnitID><ofd:PageArea><ofd:PhysicalBox>"
        f"0 0 {WIDTH:g} {HEIGHT:g}</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes></ofd:CommonData>"
        f"<ofd:Pages>{pages}</ofd:Pages><ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments></ofd:Document>"
    )


def _largest_id(sheet: Sheet) -> int:
    return _FIRST_PAGE + len(sheet.pages) + sum(len(page) for page in sheet.pages) + len(sheet.pages) + 1


def _page(sheet: Sheet, number: int) -> str:
    before = _FIRST_PAGE + len(sheet.pages) + sum(len(page) for page in sheet.pages[:number]) + number
    drawn = "".join(_text(text, before + 1 + place) for place, text in enumerate(sheet.pages[number]))
    last = number == len(sheet.pages) - 1
    if last:
        drawn += _squares(sheet.squares, before + 1 + len(sheet.pages[number]) + 1)
    return (
        f"<ofd:Page {_NS}><ofd:Area><ofd:PhysicalBox>0 0 {WIDTH:g} {HEIGHT:g}</ofd:PhysicalBox></ofd:Area>"
        f'<ofd:Content><ofd:Layer ID="{before}" Type="Body">{drawn}</ofd:Layer></ofd:Content></ofd:Page>'
    )


def _text(text: Text, number: int) -> str:
    wide = sum(text.steps) + text.size
    steps = f' DeltaX="{" ".join(f"{step:g}" for step in text.steps)}"' if text.steps else ""
    return (
        f'<ofd:TextObject ID="{number}" Boundary="{text.x:g} {text.y - text.size:g} {wide:g} {text.size * 1.3:g}" Font="{_FONT}" '
        f'Size="{text.size:g}"><ofd:TextCode X="0" Y="{text.size:g}"{steps}>{escape(text.said)}</ofd:TextCode></ofd:TextObject>'
    )


def _squares(squares: tuple[Square, ...], number: int) -> str:
    left, top = min(one.x for one in squares), min(one.y for one in squares)
    size = max(one.x + one.side for one in squares) - left
    path = " ".join(_square(one.x - left, one.y - top, one.side) for one in squares)
    return (
        f'<ofd:PathObject ID="{number}" Boundary="{left:g} {top:g} {size:g} {size:g}" Stroke="false" Fill="true">'
        f'<ofd:FillColor Value="0 0 0"/><ofd:AbbreviatedData>{path}</ofd:AbbreviatedData></ofd:PathObject>'
    )


def _square(x: float, y: float, side: float) -> str:
    right, down = x + side, y + side
    return f"M {x:.3f} {y:.3f} L {right:.3f} {y:.3f} L {right:.3f} {down:.3f} L {x:.3f} {down:.3f} C"


def _signature(sheet: Sheet, number: int, method: str, covered: Mapping[str, bytes]) -> bytes:
    rows = "".join(
        f'<ofd:Reference FileRef="/{name}"><ofd:CheckValue>{sm3(content)}</ofd:CheckValue></ofd:Reference>'
        for name, content in covered.items()
    )
    return (
        f"{_HEAD}<ofd:Signature {_NS}><ofd:SignedInfo>"
        f'<ofd:Provider ProviderName="datong" Version="1" Company="{escape(sheet.department)}"/>'
        f"<ofd:SignatureMethod>{method}</ofd:SignatureMethod><ofd:SignatureDateTime>{sheet.made_at:%Y%m%d%H%M%S}Z</ofd:SignatureDateTime>"
        f'<ofd:References CheckMethod="{SM3}">{rows}</ofd:References></ofd:SignedInfo>'
        f"<ofd:SignedValue>/{value_at(number)}</ofd:SignedValue></ofd:Signature>"
    ).encode()
