"""Records → subjects with permanent codes: numbers first, then addresses, then declared comparisons; people's verdicts above all."""

from datong.fuse.add import add
from datong.fuse.address import PlaceTree, Reader, match_address, match_many, parse_address, parts_of, suggest
from datong.fuse.declared import Declared, declared, why_thresholds
from datong.fuse.explain import Evidence, Unsure, unsure_pairs, why
from datong.fuse.flow import Report, fuse_records, run
from datong.fuse.graph import ClusterEdge, ClusterGraph, ClusterNode, cluster_graph
from datong.fuse.health import ADVICE, Suspicion, check_health, suspicious_clusters
from datong.fuse.history import Became, Event, became, merges_and_splits
from datong.fuse.judge import Kept, judge, judgement, judgements, judgements_about, judgements_on, newest_judgements, undo
from datong.fuse.keys import code_key
from datong.fuse.learn import Learnt
from datong.fuse.learn_from import learn_weights
from datong.fuse.model import Costs, Model, Thresholds, load_models
from datong.fuse.paths import Between, Passed, Step, between
from datong.fuse.places import match_text, places_of, suggest_places
from datong.fuse.proposal import propose
from datong.fuse.relink import relink
from datong.fuse.since import Caught, catch_up, end_records, is_behind
from datong.fuse.today import codes_of_records, query_of, resolve
from datong.fuse.weighed import Row, Weighed, weigh
from datong.fuse.wordings import wordings_of

__all__ = [
    "ADVICE",
    "Became",
    "Between",
    "Caught",
    "ClusterEdge",
    "ClusterGraph",
    "ClusterNode",
    "Costs",
    "Declared",
    "Event",
    "Evidence",
    "Kept",
    "Learnt",
    "Model",
    "Passed",
    "PlaceTree",
    "Reader",
    "Report",
    "Row",
    "Step",
    "Suspicion",
    "Thresholds",
    "Unsure",
    "Weighed",
    "add",
    "became",
    "between",
    "catch_up",
    "check_health",
    "cluster_graph",
    "code_key",
    "codes_of_records",
    "declared",
    "end_records",
    "fuse_records",
    "is_behind",
    "judge",
    "judgement",
    "judgements",
    "judgements_about",
    "judgements_on",
    "learn_weights",
    "load_models",
    "match_address",
    "match_many",
    "match_text",
    "merges_and_splits",
    "newest_judgements",
    "parse_address",
    "parts_of",
    "places_of",
    "propose",
    "query_of",
    "relink",
    "resolve",
    "run",
    "suggest",
    "suggest_places",
    "suspicious_clusters",
    "undo",
    "unsure_pairs",
    "weigh",
    "why",
    "why_thresholds",
    "wordings_of",
]
