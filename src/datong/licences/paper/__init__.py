"""Licences on paper: the whole licence as a signed PDF or OFD, with its own signed text inside, and checking such a file again."""

from datong.licences.paper.check import PaperError, credential_in, is_paper
from datong.licences.paper.sheet import Sheet, Signed, sheet_of
from datong.licences.paper.write import FORMS, write

__all__ = ["FORMS", "PaperError", "Sheet", "Signed", "credential_in", "is_paper", "sheet_of", "write"]
