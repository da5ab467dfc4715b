"""Requests for data, the agreements they lead to, and what is watched of the agreements' use."""

from sqlalchemy import Column, Index, Integer, Table, Text

from datong.store.schema.metadata import METADATA

STATE = Table(
    "share_state",
    METADATA,
    Column("name", Text, primary_key=True),  # policy: which agreements are in force; use: up to which line use is counted
    Column("value", Text, nullable=False),
)

REQUEST = Table(
    "share_request",
    METADATA,
    Column("request_id", Text, primary_key=True),
    Column("requesting", Text, nullable=False),  # department
    Column("providing", Text, nullable=False),  # department
    Column("title", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("resource", Text, nullable=False),
    Column("terms", Text, nullable=False),  # JSON: the agreement that is asked for
    Column("papers", Text, nullable=False),  # JSON: paper -> what it says
    Column("sharing_class", Text, nullable=False),  # unconditional, conditional, withheld
    Column("state", Text, nullable=False),
    Column("clock", Text, nullable=False),  # which clock runs; empty: none
    Column("due", Text, nullable=False),  # its last day
    Column("lacking", Text, nullable=False),  # JSON: what it was told once
    Column("answer", Text, nullable=False),  # JSON: reasons, fields granted, note
    Column("mediation", Integer, nullable=False),  # step of mediation; 0: none
    Column("agreement", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", Text, nullable=False),
)
Index("share_request_by_requesting", REQUEST.c.requesting, REQUEST.c.state)
Index("share_request_by_providing", REQUEST.c.providing, REQUEST.c.state)
Index("share_request_by_agreement", REQUEST.c.agreement)

STEP = Table(
    "share_step",
    METADATA,
    Column("about", Text, primary_key=True),  # a request's number or an agreement's code
    Column("number", Integer, primary_key=True),
    Column("act", Text, nullable=False),
    Column("state", Text, nullable=False),  # after the act
    Column("version", Integer, nullable=False),  # of an agreement; 0: none
    Column("at", Text, nullable=False),
    Column("by_whom", Text, nullable=False),
    Column("department", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("clock", Text, nullable=False),
    Column("due", Text, nullable=False),
    Column("days", Integer, nullable=False),
)

AGREEMENT = Table(
    "share_agreement",
    METADATA,
    Column("code", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("state", Text, nullable=False),  # proposed, live, superseded, declined
    Column("terms", Text, nullable=False),  # JSON, as a pack would write it
    Column("request_id", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("proposed_by", Text, nullable=False),
    Column("proposed_at", Text, nullable=False),
    Column("requesting_by", Text, nullable=False),  # who signed for the requesting department; empty: nobody yet
    Column("requesting_at", Text, nullable=False),
    Column("providing_by", Text, nullable=False),
    Column("providing_at", Text, nullable=False),
    Column("live_at", Text, nullable=False),
)
Index("share_agreement_by_state", AGREEMENT.c.state, AGREEMENT.c.code)

HOLD = Table(
    "share_hold",
    METADATA,
    Column("code", Text, primary_key=True),  # an agreement's, of the store or of a pack
    Column("state", Text, nullable=False),  # suspended, terminated
    Column("since", Text, nullable=False),
    Column("clock", Text, nullable=False),
    Column("due", Text, nullable=False),  # disposal due
    Column("disposed_at", Text, nullable=False),
)

USE = Table(
    "share_use",
    METADATA,
    Column("agreement", Text, primary_key=True),
    Column("field", Text, primary_key=True),  # empty: lines of any kind
    Column("day", Text, primary_key=True),  # of the city
    Column("lines", Integer, nullable=False),
)

USE_BY = Table(
    "share_use_by",
    METADATA,
    Column("agreement", Text, primary_key=True),
    Column("actor", Text, primary_key=True),
    Column("day", Text, primary_key=True),
    Column("department", Text, nullable=False),
    Column("lines", Integer, nullable=False),
    Column("outside", Integer, nullable=False),  # of them out of hours, by people
)

ALERT = Table(
    "share_alert",
    METADATA,
    Column("alert_id", Text, primary_key=True),
    Column("kind", Text, nullable=False),  # rate, hours, subjects
    Column("agreement", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("department", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("found", Integer, nullable=False),
    Column("usual", Integer, nullable=False),
    Column("state", Text, nullable=False),  # open, explained, misuse
    Column("raised_at", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("answered_by", Text, nullable=False),
    Column("answered_at", Text, nullable=False),
)
Index("share_alert_once", ALERT.c.kind, ALERT.c.agreement, ALERT.c.actor, ALERT.c.day, unique=True)
Index("share_alert_by_state", ALERT.c.state, ALERT.c.raised_at)
