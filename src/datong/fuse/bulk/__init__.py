"""Linking at any size: compiled kernels over Arrow batches, and the set-wise way from numbers to a register and its links."""

from datong.fuse.bulk.codes import issue_codes
from datong.fuse.bulk.components import components
from datong.fuse.bulk.engine import Engine, Told
from datong.fuse.bulk.files import Piece, keys_of, pieces_of
from datong.fuse.bulk.flow import BulkReport, link_keys, link_numbers
from datong.fuse.bulk.identify import KEY_SCHEMA, identify
from datong.fuse.bulk.local import Local
from datong.fuse.bulk.spark import open_spark

__all__ = [
    "KEY_SCHEMA",
    "BulkReport",
    "Engine",
    "Local",
    "Piece",
    "Told",
    "components",
    "identify",
    "issue_codes",
    "keys_of",
    "link_keys",
    "link_numbers",
    "open_spark",
    "pieces_of",
]
