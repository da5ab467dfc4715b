"""Check a PDF or OFD of a licence: is every byte of it as a department of this city signed it; the licence's own text inside.

What the file shows is then what the text says: the caller verifies the text, its time and its state.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

from datong.ledger import Sm2Key
from datong.licences.jose import ForgedError, PublicKey
from datong.licences.paper import ofd
from datong.licences.paper.pdf import MISSING, apart
from datong.licences.paper.sheet import ATTACHED

LARGEST = 8 << 20
"""Bytes of a file, and of what it unpacks to, that are still read."""
_MOST_PARTS = 200
_TAG = f"{{{ofd.NAMESPACE}}}"
Keys = Mapping[str, tuple[str, PublicKey]]


class PaperError(Exception):
    """The file is not as a department of this city signed it."""


def is_paper(content: bytes) -> bool:
    """Whether these are the bytes of a PDF or of a package, and no licence's text."""
    return content.startswith((b"%PDF-", b"PK"))


def credential_in(content: bytes, keys: Keys, national: Sm2Key | None = None) -> tuple[str, str]:
    """The licence's text in a file, and the department that signed the file. Raises PaperError, and BadValue without the PDF libraries."""
    if len(content) > LARGEST:
        raise PaperError
    try:
        return apart(lambda: _read_pdf(content, keys)) if content.startswith(b"%PDF-") else _of_ofd(content, keys, national)
    except (PaperError, ImportError) as error:
        raise (MISSING if isinstance(error, ImportError) else error) from None
    except Exception as error:  # a bent file breaks its reader in a hundred ways; each means the same
        raise PaperError from error


def _of_ofd(content: bytes, keys: Keys, national: Sm2Key | None) -> tuple[str, str]:
    parts = _unpacked(content)
    count = sum(name.endswith("/SignedValue.dat") for name in parts)
    if count not in (1, 2) or parts.pop(ofd.SIGNATURES, b"") != ofd.list_of_signatures(count):
        raise PaperError
    covered = {name: held for name, held in parts.items() if not name.startswith(f"{ofd.ROOT}/Signs/")}
    department = ""
    for number in range(count):
        described, value = parts[ofd.signature_at(number)], parts[ofd.value_at(number)]
        method = _covers(described, covered)
        if number == 0:
            department = _signer(described, value, keys) if method == ofd.ECDSA_WITH_SHA256 else ""
        elif method != ofd.SM2_WITH_SM3 or (national is not None and not national.verify(described.decode(), value)):
            raise PaperError
        covered |= {ofd.signature_at(number): described, ofd.value_at(number): value}
    if not department or covered.keys() != parts.keys():
        raise PaperError
    return parts[ofd.CREDENTIAL].decode("ascii"), department


def _unpacked(content: bytes) -> dict[str, bytes]:
    """The parts by name; the package must be packed in the one way that it is written in, so that nothing hides between parts."""
    with zipfile.ZipFile(BytesIO(content)) as package:
        listed = package.infolist()
        if len(listed) > _MOST_PARTS or sum(one.file_size for one in listed) > LARGEST:
            raise PaperError
        parts = {one.filename: package.read(one) for one in listed}
    if ofd.pack(parts) != content:
        raise PaperError
    return parts


def _covers(described: bytes, covered: Mapping[str, bytes]) -> str:
    """The method of a signature whose list names just these parts with just these digests."""
    if b"<!" in described:
        raise PaperError
    info = ElementTree.fromstring(described).find(f"{_TAG}SignedInfo")  # noqa: S314 - ours, without declarations
    if info is None:
        raise PaperError
    listed = info.find(f"{_TAG}References")
    if listed is None or listed.get("CheckMethod") != ofd.SM3:
        raise PaperError
    found = {str(one.get("FileRef")).removeprefix("/"): one.findtext(f"{_TAG}CheckValue") for one in listed}
    if len(found) != len(listed) or found != {name: ofd.sm3(content) for name, content in covered.items()}:
        raise PaperError
    return info.findtext(f"{_TAG}SignatureMethod") or ""


def _signer(signed: bytes, value: bytes, keys: Keys) -> str:
    for department, key in keys.values():
        try:
            key.check(signed, value)
        except ForgedError:
            continue
        return department
    raise PaperError


def _read_pdf(content: bytes, keys: Keys) -> tuple[str, str]:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    reader = PdfFileReader(BytesIO(content), strict=True)
    (signature,) = reader.embedded_signatures
    vouched = ValidationContext(trust_roots=[signature.signer_cert], allow_fetching=False)
    status = validate_pdf_signature(signature, vouched)
    if not (status.intact and status.valid and status.coverage == SignatureCoverageLevel.ENTIRE_FILE):
        raise PaperError
    _must_fill_its_place(content, signature)
    point = bytes(signature.signer_cert.public_key["public_key"].native)
    department = next((whose for whose, key in keys.values() if key.point == point), "")
    if not department:
        raise PaperError
    return _attached(reader), department


def _must_fill_its_place(content: bytes, signature: Any) -> None:
    """Between the two signed ranges stands the signature alone, in capitals and filled up with zeros."""
    first, length, second, _ = (int(one) for one in signature.byte_range)
    place = content[first + length : second]
    if not re.fullmatch(rb"<[0-9A-F]+>", place):
        raise PaperError
    value = bytes.fromhex(place[1:-1].decode())
    if value[_der_size(value) :].strip(b"\x00"):
        raise PaperError


def _der_size(value: bytes) -> int:
    """How long the outermost element is, its head included."""
    if value[1] < 0x80:
        return 2 + value[1]
    count = value[1] & 0x7F
    return 2 + count + int.from_bytes(value[2 : 2 + count])


def _attached(reader: Any) -> str:
    names = reader.root["/Names"]["/EmbeddedFiles"]["/Names"]
    (spec,) = [names[place + 1] for place in range(0, len(names), 2) if names[place] == ATTACHED]
    return bytes(spec["/EF"]["/F"].data).decode("ascii")
