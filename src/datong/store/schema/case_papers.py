"""What stands around a case: drafts, papers handed in, notes with their codes, ratings, and what each case saved."""

from sqlalchemy import Column, Index, Integer, Table, Text, text

from datong.store.schema.metadata import METADATA
from datong.store.schema.services import CASE

DRAFT = Table(
    "service_draft",
    METADATA,
    Column("draft_id", Text, primary_key=True),
    Column("owner", Text, nullable=False),  # permanent code
    Column("service", Text, nullable=False),
    Column("body", Text, nullable=False),  # JSON: answers, form, documents, papers
    Column("made_at", Text, nullable=False),
    Column("changed_at", Text, nullable=False),
    Column("until", Text, nullable=False),  # the day after which it is thrown away
)
Index("service_draft_by_owner", DRAFT.c.owner, DRAFT.c.changed_at)
Index("service_draft_by_until", DRAFT.c.until)

PAPER = Table(
    "service_paper",
    METADATA,
    Column("paper_id", Text, primary_key=True),
    Column("case_id", Text, nullable=False),
    Column("code", Text, nullable=False),  # of the item's document
    Column("name", Text, nullable=False),
    Column("media_type", Text, nullable=False),  # as its content says, not as its name does
    Column("sha256", Text, nullable=False),
    Column("by_whom", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("size", Integer, nullable=False),  # bytes
)
Index("service_paper_by_case", PAPER.c.case_id, PAPER.c.at)

NOTE = Table(
    "service_note",
    METADATA,
    Column("secret_hash", Text, primary_key=True),  # of the code in its QR
    Column("case_id", Text, nullable=False),
    Column("kind", Text, nullable=False),  # accepted, told, result
    Column("by_whom", Text, nullable=False),
    Column("at", Text, nullable=False),
)
Index("service_note_by_case", NOTE.c.case_id)

RATING = Table(
    "service_rating",
    METADATA,
    Column("case_id", Text, primary_key=True),
    Column("service", Text, nullable=False),
    Column("department", Text, nullable=False),  # the lead
    Column("state", Text, nullable=False),  # given, open, answered
    Column("words", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("contact_due", Text, nullable=False),  # of a bad one: the day by which she is called
    Column("due", Text, nullable=False),  # of a bad one: the last day of the answer
    Column("answer", Text, nullable=False),
    Column("answered_by", Text, nullable=False),
    Column("answered_at", Text, nullable=False),
    Column("grade", Integer, nullable=False),  # 1 very bad to 5 very good
    Column("again", Integer, nullable=False),  # her grade after the answer; 0: none
)
Index("service_rating_by_department", RATING.c.department, RATING.c.state, RATING.c.due)

BENEFIT = Table(
    "service_benefit",
    METADATA,
    Column("case_id", Text, primary_key=True),
    Column("service", Text, nullable=False),
    Column("department", Text, nullable=False),
    Column("month", Text, nullable=False),  # in which it ended, the city's
    Column("state", Text, nullable=False),
    Column("ended_at", Text, nullable=False),
    Column("online", Integer, nullable=False),  # 1: nobody came to a counter
    Column("visits", Integer, nullable=False),  # saved against the old way; 0 where nothing came of it
    Column("papers", Integer, nullable=False),
    Column("fees", Integer, nullable=False),  # fen
    Column("days", Integer, nullable=False),  # working days
)
Index("service_benefit_by_month", BENEFIT.c.month, BENEFIT.c.service)
Index("service_benefit_by_end", BENEFIT.c.ended_at, BENEFIT.c.case_id)
_ENDED = text("ended_at <> ''")
Index("service_case_by_end", CASE.c.ended_at, CASE.c.case_id, sqlite_where=_ENDED, postgresql_where=_ENDED)
