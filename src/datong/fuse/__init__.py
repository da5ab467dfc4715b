"""Records → subjects with permanent codes: numbers first, then addresses, then declared comparisons; people's verdicts above all."""

from datong.fuse.add import add
from datong.fuse.address import PlaceTree, Reader, match_address, match_many, parse_address, parts_of, suggest
from datong.fuse.explain import Evidence, Unsure, unsure_pairs, why
from datong.fuse.flow import Report, fuse_records, run
from datong.fuse.judge import judge, judgements
from datong.fuse.keys import code_key
from datong.fuse.places import match_text, places_of, suggest_places
from datong.fuse.today import resolve

__all__ = [
    "Evidence",
    "PlaceTree",
    "Reader",
    "Report",
    "Unsure",
    "add",
    "code_key",
    "fuse_records",
    "judge",
    "judgements",
    "match_address",
    "match_many",
    "match_text",
    "parse_address",
    "parts_of",
    "places_of",
    "resolve",
    "run",
    "suggest",
    "suggest_places",
    "unsure_pairs",
    "why",
]
