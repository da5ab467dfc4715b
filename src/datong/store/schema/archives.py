"""Electronic archives of cases: each package by its hash, with its term; and the lists by which archives are disposed of."""

from sqlalchemy import Column, Index, Integer, Table, Text

from datong.store.schema.metadata import METADATA

ARCHIVE = Table(
    "case_archive",
    METADATA,
    Column("archive_id", Text, primary_key=True),  # 档号
    Column("case_id", Text, nullable=False),
    Column("version", Integer, nullable=False),  # a case opened again and closed is filed again
    Column("service", Text, nullable=False),
    Column("department", Text, nullable=False),  # the lead
    Column("applicant", Text, nullable=False),  # permanent code
    Column("outcome", Text, nullable=False),
    Column("ended_at", Text, nullable=False),
    Column("filed_at", Text, nullable=False),
    Column("years", Integer, nullable=False),  # 0: for ever
    Column("keep_until", Text, nullable=False),  # last day; empty: for ever
    Column("manifest", Text, nullable=False),  # SHA-256 of the package's manifest, as the ledger says it
    Column("sha256", Text, nullable=False),  # of the package's file; empty once it was disposed of
    Column("size", Integer, nullable=False),
    Column("disposal", Text, nullable=False),  # by which list; empty: it is kept
)
Index("case_archive_by_case", ARCHIVE.c.case_id, ARCHIVE.c.version, unique=True)
Index("case_archive_by_department", ARCHIVE.c.department, ARCHIVE.c.service, ARCHIVE.c.ended_at)
Index("case_archive_by_term", ARCHIVE.c.disposal, ARCHIVE.c.keep_until)

DISPOSAL = Table(
    "archive_disposal",
    METADATA,
    Column("disposal_id", Text, primary_key=True),
    Column("department", Text, nullable=False),
    Column("state", Text, nullable=False),  # proposed, done, refused
    Column("archives", Text, nullable=False),  # JSON list of archive ids
    Column("why", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", Text, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("decided_at", Text, nullable=False),
    Column("said", Text, nullable=False),
)
Index("archive_disposal_by_department", DISPOSAL.c.department, DISPOSAL.c.made_at)

GONE = Table(
    "archive_file_gone",
    METADATA,
    Column("room", Text, primary_key=True),  # archives, papers
    Column("sha256", Text, primary_key=True),  # of a file that goes once the disposal is committed
    Column("disposal", Text, nullable=False),
)
