"""Addresses: read them into parts, keep the city's premises as a tree, match any wording to its place with reasons."""

from datong.fuse.address.bulk import match_many, read_many, reader_for
from datong.fuse.address.labels import LABEL_SETS, ncap_spans, parts_of, spans_as
from datong.fuse.address.lexicon import Entry, Lexicon, city_entries, division_entries, division_rows
from datong.fuse.address.match import MEASURED, match_address
from datong.fuse.address.numerals import value_of
from datong.fuse.address.reader import Reader, nation_lexicon, parse_address
from datong.fuse.address.rows import PlaceRow, row_from_parsed, row_from_text, row_of, separate_homonyms
from datong.fuse.address.suggest import Suggestion, suggest
from datong.fuse.address.tree import Place, PlaceTree

__all__ = [
    "LABEL_SETS",
    "MEASURED",
    "Entry",
    "Lexicon",
    "Place",
    "PlaceRow",
    "PlaceTree",
    "Reader",
    "Suggestion",
    "city_entries",
    "division_entries",
    "division_rows",
    "match_address",
    "match_many",
    "nation_lexicon",
    "ncap_spans",
    "parse_address",
    "parts_of",
    "read_many",
    "reader_for",
    "row_from_parsed",
    "row_from_text",
    "row_of",
    "separate_homonyms",
    "spans_as",
    "suggest",
    "value_of",
]
