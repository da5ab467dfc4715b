"""Cases, their tasks and events; the definitions they began under; what is looked at again."""

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text

from datong.store.schema.metadata import METADATA

DEFINITION = Table(
    "service_definition",
    METADATA,
    Column("digest", Text, primary_key=True),  # of the definition
    Column("service", Text, nullable=False),
    Column("pack", Text, nullable=False),
    Column("version", Text, nullable=False),  # the pack's
    Column("text", Text, nullable=False),  # JSON, as the pack said it
    Column("since", Text, nullable=False),
)

CASE = Table(
    "service_case",
    METADATA,
    Column("case_id", Text, primary_key=True),
    Column("service", Text, nullable=False),
    Column("digest", Text, nullable=False),  # of the definition it keeps
    Column("state", Text, nullable=False),
    Column("applicant", Text, nullable=False),  # permanent code
    Column("department", Text, nullable=False),  # the lead
    Column("seq", Integer, nullable=False),  # events so far
    Column("body", Text, nullable=False),  # JSON: the fold of the events
    Column("form", Text, nullable=False),  # JSON: what was written
    Column("facts", Text, nullable=False),  # JSON: what sharing gave at submission, with sources and dates
    Column("decision", Text, nullable=False),  # JSON: outcome, rules, facts used; empty: none
    Column("begun_by", Text, nullable=False),  # actor: the applicant, a clerk, a system
    Column("begun_at", Text, nullable=False),
    Column("changed_at", Text, nullable=False),
    Column("ended_at", Text, nullable=False),
)
Index("service_case_by_applicant", CASE.c.applicant, CASE.c.begun_at)
Index("service_case_by_department", CASE.c.department, CASE.c.state, CASE.c.begun_at)

TASK = Table(
    "service_task",
    METADATA,
    Column("case_id", Text, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("kind", Text, nullable=False),  # acceptance, task, undo, seat, supplement
    Column("department", Text, nullable=False),  # empty: the applicant or another party
    Column("state", Text, nullable=False),  # open, paused, done, cancelled, undone
    Column("who", Text, nullable=False),  # officer, or the party's permanent code
    Column("secret", Text, nullable=False),  # hash of a seat's invitation
    Column("due", Text, nullable=False),  # its last day while the clock runs
    Column("wake", Text, nullable=False),  # the day the clock has something to say; empty: never
)
Index("service_task_by_department", TASK.c.department, TASK.c.state, TASK.c.due, TASK.c.case_id)
Index("service_task_by_wake", TASK.c.wake)
Index("service_task_by_who", TASK.c.who, TASK.c.state)
Index("service_task_by_secret", TASK.c.secret)

EVENT = Table(
    "service_event",
    METADATA,
    Column("case_id", Text, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("by_whom", Text, nullable=False),
    Column("task", Text, nullable=False),
    Column("data", Text, nullable=False),  # JSON
)

SAMPLE = Table(
    "service_sample",
    METADATA,
    Column("case_id", Text, primary_key=True),
    Column("service", Text, nullable=False),
    Column("department", Text, nullable=False),
    Column("month", Text, nullable=False),
    Column("state", Text, nullable=False),  # open, right, wrong
    Column("note", Text, nullable=False),
    Column("by_whom", Text, nullable=False),
    Column("at", Text, nullable=False),
)
Index("service_sample_by_department", SAMPLE.c.department, SAMPLE.c.state)

SEED = Table(
    "service_seed",
    METADATA,
    Column("month", Text, primary_key=True),
    Column("seed", Text, nullable=False),  # hex; its digest stands in the ledger before any case is drawn
    Column("made_at", Text, nullable=False),
)
OPENED = Table(
    "service_opened",
    METADATA,
    Column("applicant", Text, primary_key=True),
    Column("service", Text, primary_key=True),
    Column("shown", Text, primary_key=True),
    Column("facts", Text, nullable=False),
    Column("until", Text, nullable=False),
)
"""What an owner's pass opened while a form was filled, until it is sent. `shown`: the hash of what the QR holds."""

ALLOCATION = Table(
    "service_allocation",
    METADATA,
    Column("allocation_id", Text, primary_key=True),
    Column("service", Text, nullable=False),
    Column("choice", Text, nullable=False),
    Column("places", Integer, nullable=False),
    Column("seed", Text, nullable=False),
    Column("body", Text, nullable=False),  # JSON: every applicant in order, with what the order rests on
    Column("by_whom", Text, nullable=False),
    Column("at", Text, nullable=False),
)
"""Who was given a place and in what order, so that anybody entitled to look can order them again."""


def _texts(*names: str) -> list[Column[str]]:
    return [Column(name, Text, nullable=False) for name in names]


def _numbers(*names: str) -> list[Column[int]]:
    return [Column(name, BigInteger, nullable=False) for name in names]


RETEST = Table(
    "service_retest",
    METADATA,
    Column("service", Text, primary_key=True),
    Column("night", Text, primary_key=True),  # the city's day on which the run began
    *_texts("state", "after_case", "version", "began_at", "changed_at"),
    *_numbers("cases", "people", "ineligible_cases", "ineligible_people", "refused", "not_paid"),  # not_paid in fen
    *_numbers("retested", "retested_people", "changed", "down"),
)
"""One night's run over an item: how far it has come (`after_case`) and what it counted so far."""

REVIEW = Table(
    "service_review",
    METADATA,
    Column("case_id", Text, primary_key=True),
    Column("night", Text, primary_key=True),
    *_texts("service", "department", "state", "was", "now_is", "rule", "version", "due", "note", "by_whom", "at"),
    Index("service_review_by_department", "department", "state", "due", "case_id"),
)
"""A granted case whose verdict is another now, and what an officer said of it."""

MONEY = Table(
    "service_money",
    METADATA,
    Column("case_id", Text, primary_key=True),
    Column("step", Text, primary_key=True),
    Column("round", Integer, primary_key=True),  # the same step of a case that was opened again is another order
    Column("tries", Integer, nullable=False),
    *_texts("department", "service", "state", "amount", "next_at", "number", "why", "began_at", "at"),
    Index("service_money_by_state", "state", "next_at"),
)
"""Every order to the line from treasury to bank: waiting, done, back or dead; kept before it is sent."""

TAKEN_BACK = Table(
    "service_taken_back",
    METADATA,
    Column("case_id", Text, primary_key=True),
    Column("seat", Text, primary_key=True),
    *_texts("at"),
)
"""The seats of a case whose parties took back that facts about them are asked."""

FILED = Table(
    "service_filed",
    METADATA,
    Column("item", Text, primary_key=True),
    Column("number", Text, primary_key=True),
    Column("case_id", Text, primary_key=True),
)
"""Under which number a case is looked for, where another item compares what was sold with what was filed."""

WAIT = Table(
    "service_wait",
    METADATA,
    Column("case_id", Text, primary_key=True),  # its decision waits for a source that was down
    Column("tries", Integer, nullable=False),
    Column("next_at", Text, nullable=False),  # when it is asked again; empty: no more
    Column("until", Text, nullable=False),  # the moment of the last try
)
Index("service_wait_by_next", WAIT.c.next_at)
