"""Records → subjects with permanent codes: numbers first, then addresses, then declared comparisons; people's verdicts above all."""

from datong.fuse.add import add
from datong.fuse.address import PlaceTree, Reader, match_address, match_many, parse_address, parts_of, suggest
from datong.fuse.explain import Evidence, Unsure, unsure_pairs, why
from datong.fuse.flow import Report, fuse_records, run
from datong.fuse.graph import ClusterEdge, ClusterGraph, ClusterNode, cluster_graph
from datong.fuse.health import ADVICE, Suspicion, check_health, suspicious_clusters
from datong.fuse.judge import Kept, history, judge, judgement, judgements, judgements_about, newest_judgements, undo
from datong.fuse.keys import code_key
from datong.fuse.places import match_text, places_of, suggest_places
from datong.fuse.relink import relink
from datong.fuse.today import resolve

__all__ = [
    "ADVICE",
    "ClusterEdge",
    "ClusterGraph",
    "ClusterNode",
    "Evidence",
    "Kept",
    "PlaceTree",
    "Reader",
    "Report",
    "Suspicion",
    "Unsure",
    "add",
    "check_health",
    "cluster_graph",
    "code_key",
    "fuse_records",
    "history",
    "judge",
    "judgement",
    "judgements",
    "judgements_about",
    "match_address",
    "match_many",
    "match_text",
    "newest_judgements",
    "parse_address",
    "parts_of",
    "places_of",
    "relink",
    "resolve",
    "run",
    "suggest",
    "suggest_places",
    "suspicious_clusters",
    "undo",
    "unsure_pairs",
    "why",
]
