"""Any table: link rows within one or across two by a spec, with the same definitions as the registers."""

from datong.fuse.tables.block import key_batch
from datong.fuse.tables.compare import compare_batch
from datong.fuse.tables.flow import Linked, PairEngine, link_tables
from datong.fuse.tables.link_spec import LinkSpec
from datong.fuse.tables.outcome import Explanation, Quality, cluster_table, explain, measure, pair_table, row_names
from datong.fuse.tables.propose import Proposal, propose_spec
from datong.fuse.tables.read_spec import read_spec
from datong.fuse.tables.spark import SparkPairs
from datong.fuse.tables.train import LinkModel, read_model
from datong.fuse.tables.truth import Measured, measure_clusters, measure_pairs

__all__ = [
    "Explanation",
    "LinkModel",
    "LinkSpec",
    "Linked",
    "Measured",
    "PairEngine",
    "Proposal",
    "Quality",
    "SparkPairs",
    "cluster_table",
    "compare_batch",
    "explain",
    "key_batch",
    "link_tables",
    "measure",
    "measure_clusters",
    "measure_pairs",
    "pair_table",
    "propose_spec",
    "read_model",
    "read_spec",
    "row_names",
]
