"""The only package that knows a database driver: sessions, migrations, raw files by hash, the lake, jobs."""

from datong.store.chunks import CHUNK, in_chunks, marks
from datong.store.duck import open_duck, open_duck_on_disk
from datong.store.files import DraftFile, KeptFile, drop_file, keep_blocks, keep_bytes, keep_file, raw_file, sweep_temporary
from datong.store.jobs import Job, add_job, claim_job, count_jobs, extend_job, fail_job, finish_job, revive_job
from datong.store.lake import LakeWriter, lake_file, lake_row_file
from datong.store.migrate import migrate
from datong.store.pipe import Pipe, Step, array_step, load_step, plain, read_steps
from datong.store.quick import Load, Query
from datong.store.reads import Reads
from datong.store.savepoint import NeedsSavepoints
from datong.store.series import Series
from datong.store.session import Index, Row, Session
from datong.store.store import Store, open_store, open_store_file, store_url
from datong.store.tables import read_table, table_query

__all__ = [
    "CHUNK",
    "DraftFile",
    "Index",
    "Job",
    "KeptFile",
    "LakeWriter",
    "Load",
    "NeedsSavepoints",
    "Pipe",
    "Query",
    "Reads",
    "Row",
    "Series",
    "Session",
    "Step",
    "Store",
    "add_job",
    "array_step",
    "claim_job",
    "count_jobs",
    "drop_file",
    "extend_job",
    "fail_job",
    "finish_job",
    "in_chunks",
    "keep_blocks",
    "keep_bytes",
    "keep_file",
    "lake_file",
    "lake_row_file",
    "load_step",
    "marks",
    "migrate",
    "open_duck",
    "open_duck_on_disk",
    "open_store",
    "open_store_file",
    "plain",
    "raw_file",
    "read_steps",
    "read_table",
    "revive_job",
    "store_url",
    "sweep_temporary",
    "table_query",
]
