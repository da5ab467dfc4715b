"""Records → subjects with permanent codes: numbers first, then addresses, then declared comparisons; people's verdicts above all."""

from datong.fuse.add import add
from datong.fuse.address import PlaceTree, Reader, match_address, match_many, parse_address, parts_of, suggest
from datong.fuse.declared import Declared, declared, why_thresholds
from datong.fuse.explain import Evidence, Unsure, unsure_pairs, why
from datong.fuse.flow import Report, fuse_records, run
from datong.fuse.graph import ClusterEdge, ClusterGraph, ClusterNode, cluster_graph
from datong.fuse.health import ADVICE, Suspicion, check_health, suspicious_clusters
from datong.fuse.judge import Kept, history, judge, judgement, judgements, judgements_about, newest_judgements, undo
from datong.fuse.keys import code_key
from datong.fuse.learn import Learnt
from datong.fuse.learn_from import learn_weights
from datong.fuse.model import Costs, Model, Thresholds, load_models
from datong.fuse.places import match_text, places_of, suggest_places
from datong.fuse.proposal import propose
from datong.fuse.relink import relink
from datong.fuse.today import resolve

__all__ = [
    "ADVICE",
    "ClusterEdge",
    "ClusterGraph",
    "ClusterNode",
    "Costs",
    "Declared",
    "Evidence",
    "Kept",
    "Learnt",
    "Model",
    "PlaceTree",
    "Reader",
    "Report",
    "Suspicion",
    "Thresholds",
    "Unsure",
    "add",
    "check_health",
    "cluster_graph",
    "code_key",
    "declared",
    "fuse_records",
    "history",
    "judge",
    "judgement",
    "judgements",
    "judgements_about",
    "learn_weights",
    "load_models",
    "match_address",
    "match_many",
    "match_text",
    "newest_judgements",
    "parse_address",
    "parts_of",
    "places_of",
    "propose",
    "relink",
    "resolve",
    "run",
    "suggest",
    "suggest_places",
    "suspicious_clusters",
    "undo",
    "unsure_pairs",
    "why",
    "why_thresholds",
]
