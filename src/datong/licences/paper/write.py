"""Write a sheet as a file of a form."""

from __future__ import annotations

from datong.domain.errors import BadValue
from datong.licences.paper import ofd, pdf
from datong.licences.paper.sheet import Sheet, Signed

FORMS = {"pdf": "application/pdf", "ofd": "application/ofd"}
"""Form → media type."""


def write(sheet: Sheet, form: str, signed: Signed) -> bytes:
    """The file. Raises BadValue for an unknown form, or where the libraries for PDF are not installed."""
    if form == "pdf":
        return pdf.write(sheet, signed)
    if form == "ofd":
        return ofd.write(sheet, signed)
    raise BadValue("form", "is not known", f"write one of {', '.join(FORMS)}")
