"""The PDF: drawn by ReportLab, its attachment and signature by pyHanko. Both are the extra `paper`, and loaded when first needed.

Chinese is set in the reader's own song typeface (the predefined CID font STSong-Light): nothing is embedded, so files are small, and a
reader without Chinese fonts shows its substitute.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from typing import Any, TypeVar

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID

from datong.domain.errors import BadValue
from datong.licences.jose import SigningKey
from datong.licences.paper.sheet import ATTACHED, HEIGHT, WIDTH, Sheet, Signed

T = TypeVar("T")
FONT = "STSong-Light"
_MM = 72 / 25.4
MISSING = BadValue("form", "pdf needs libraries that are not installed here", "pip install 'datong[paper]', or take it as ofd")


def write(sheet: Sheet, signed: Signed) -> bytes:
    """The signed file. Raises BadValue where the libraries are missing."""
    try:
        drawn = _draw(sheet)
        return apart(lambda: _sign(sheet, signed, drawn))
    except ImportError:
        raise MISSING from None


def certificate(key: SigningKey, sheet: Sheet) -> bytes:
    """The department's key as a certificate that it signs itself: what vouches for the key is the city's list of keys."""
    name = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, sheet.department), x509.NameAttribute(NameOID.COMMON_NAME, key.kid)])
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False, key_agreement=False,
        key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(sheet.made_at - timedelta(days=1))
        .not_valid_after(sheet.made_at + timedelta(days=3653))
        .add_extension(usage, critical=True)
        .sign(key.key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.DER)


def apart(work: Callable[[], T]) -> T:
    """pyHanko runs a loop of its own, which a thread that already has one refuses."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return work()
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


def _draw(sheet: Sheet) -> bytes:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    out = BytesIO()
    canvas = Canvas(out, pagesize=(WIDTH * _MM, HEIGHT * _MM), invariant=1)
    canvas.setTitle(f"{sheet.title} {sheet.identifier}")
    canvas.setAuthor(sheet.department)
    for number, page in enumerate(sheet.pages):
        for text in page:
            canvas.setFont(FONT, text.size * _MM)
            canvas.drawString(text.x * _MM, (HEIGHT - text.y) * _MM, text.said)
        if number == len(sheet.pages) - 1:
            for one in sheet.squares:
                canvas.rect(one.x * _MM, (HEIGHT - one.y - one.side) * _MM, one.side * _MM, one.side * _MM, stroke=0, fill=1)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _sign(sheet: Sheet, signed: Signed, drawn: bytes) -> bytes:
    from asn1crypto import keys
    from asn1crypto import x509 as asn1
    from pyhanko.pdf_utils.embed import EmbeddedFileObject, FileSpec, embed_file
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    writer = IncrementalPdfFileWriter(BytesIO(drawn))
    held = EmbeddedFileObject.from_file_data(writer, data=sheet.credential.encode(), mime_type="application/dc+sd-jwt")
    spec: Any = FileSpec(file_spec_string=ATTACHED, embedded_data=held, description=sheet.title)
    embed_file(writer, spec)
    signer = signers.SimpleSigner(
        signing_cert=asn1.Certificate.load(certificate(signed.key, sheet)),
        signing_key=keys.PrivateKeyInfo.load(signed.key.der()),
        cert_registry=SimpleCertificateStore(),
    )
    meta = signers.PdfSignatureMetadata(
        field_name="issuer", md_algorithm="sha256", certify=True, docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        subfilter=fields.SigSeedSubFilter.PADES, name=sheet.department, reason=sheet.identifier,
    )  # fmt: skip
    out = signers.sign_pdf(writer, meta, signer=signer)
    return bytes(out.getvalue())
