"""Who came to a window and how long it took: numbers and moments, nobody's name."""

from sqlalchemy import Column, Index, Integer, Table, Text

from datong.store.schema.metadata import METADATA

VISIT = Table(
    "window_visit",
    METADATA,
    Column("visit_id", Text, primary_key=True),
    Column("day", Text, nullable=False),  # the city's
    Column("number", Integer, nullable=False),  # of the department's day; 0: none was taken
    Column("department", Text, nullable=False),
    Column("unit", Text, nullable=False),  # the window; empty until called
    Column("service", Text, nullable=False),  # empty until begun
    Column("case_id", Text, nullable=False),
    Column("taken_at", Text, nullable=False),  # when the number was taken; empty: none was
    Column("called_at", Text, nullable=False),  # when she was called, or when the form was opened
    Column("begun_at", Text, nullable=False),
    Column("left_at", Text, nullable=False),  # she went without having begun anything
)
Index("window_visit_by_day", VISIT.c.department, VISIT.c.day, VISIT.c.number)
Index("window_visit_of_day", VISIT.c.day)
