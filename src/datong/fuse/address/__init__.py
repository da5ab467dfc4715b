"""Addresses: read them into parts, keep the city's premises as a tree, match any wording to its place with reasons."""

from datong.fuse.address import past
from datong.fuse.address.bulk import match_many, read_many, reader_for
from datong.fuse.address.further import Wording, says_number_of, spelled
from datong.fuse.address.labels import LABEL_SETS, ncap_spans, parts_of, spans_as
from datong.fuse.address.lexicon import Entry, Lexicon, city_entries, division_entries, division_rows
from datong.fuse.address.match import match_address
from datong.fuse.address.measured import BY_WORDING, MEASURED
from datong.fuse.address.model import Labelled, Model, load_model
from datong.fuse.address.numerals import value_of
from datong.fuse.address.official import add_divisions
from datong.fuse.address.reader import ALWAYS, Reader, label_text, nation_lexicon, parse_address
from datong.fuse.address.rows import PARTS, PlaceRow, row_from_parsed, row_from_text, row_of, separate_homonyms
from datong.fuse.address.suggest import Suggestion, suggest
from datong.fuse.address.teach import LabelledText, Recipe, from_register, read_labelled, teach
from datong.fuse.address.told import districts_of_rows, districts_of_tree, is_told, row_of_told, settle_told, without_hearsay
from datong.fuse.address.tree import Place, PlaceTree

__all__ = [
    "ALWAYS",
    "BY_WORDING",
    "LABEL_SETS",
    "MEASURED",
    "PARTS",
    "Entry",
    "Labelled",
    "LabelledText",
    "Lexicon",
    "Model",
    "Place",
    "PlaceRow",
    "PlaceTree",
    "Reader",
    "Recipe",
    "Suggestion",
    "Wording",
    "add_divisions",
    "city_entries",
    "districts_of_rows",
    "districts_of_tree",
    "division_entries",
    "division_rows",
    "from_register",
    "is_told",
    "label_text",
    "load_model",
    "match_address",
    "match_many",
    "nation_lexicon",
    "ncap_spans",
    "parse_address",
    "parts_of",
    "past",
    "read_labelled",
    "read_many",
    "reader_for",
    "row_from_parsed",
    "row_from_text",
    "row_of",
    "row_of_told",
    "says_number_of",
    "separate_homonyms",
    "settle_told",
    "spans_as",
    "spelled",
    "suggest",
    "teach",
    "value_of",
    "without_hearsay",
]
