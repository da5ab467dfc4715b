"""What passes through the one door besides packs: passes (QR), consents, claims, disputes, notices, serial numbers."""

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text

from datong.store.schema.metadata import METADATA

SERIAL = Table(
    "share_serial",
    METADATA,
    Column("name", Text, primary_key=True),  # pass, claim, dispute, notice, consent; with a day where numbers begin anew
    Column("last", Integer, nullable=False),
)

PASS = Table(
    "share_pass",
    METADATA,
    Column("pass_id", Text, primary_key=True),
    Column("secret_hash", Text, nullable=False, unique=True),  # the QR holds the secret, the store its hash
    Column("holder", Text, nullable=False),  # person code
    Column("premises", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("once", Integer, nullable=False),
    Column("issued_at", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("revoked_at", Text, nullable=False, default=""),
    Column("used_at", Text, nullable=False, default=""),
    Column("used_by", Text, nullable=False, default=""),  # department of the last use, or "citizen"
    Column("uses", Integer, nullable=False, default=0),
)
Index("share_pass_by_holder", PASS.c.holder, PASS.c.issued_at)

CONSENT = Table(
    "share_consent",
    METADATA,
    Column("consent_id", Text, primary_key=True),
    Column("subject", Text, nullable=False),  # person code
    Column("department", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("given_at", Text, nullable=False),
    Column("until", Text, nullable=False),
    Column("withdrawn_at", Text, nullable=False, default=""),
    Column("once", Integer, nullable=False, server_default="0"),
    Column("used_at", Text, nullable=False, server_default=""),  # when the one look of a one-off consent was taken
    Column("fields", Text, nullable=False, server_default=""),  # JSON; empty: all but what needs a consent of its own
    Column("given_by", Text, nullable=False, server_default=""),  # person code: herself, or a parent
    Column("keep", Text, nullable=False, server_default="view"),  # view, keep
)
Index("share_consent_by_subject", CONSENT.c.subject, CONSENT.c.department, CONSENT.c.purpose)

CONSENT_REQUEST = Table(
    "share_consent_request",
    METADATA,
    Column("request_id", Text, primary_key=True),
    Column("subject", Text, nullable=False),  # person code
    Column("department", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("agreement", Text, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("asked_at", Text, nullable=False),
    Column("lapses_at", Text, nullable=False),
    Column("once", Integer, nullable=False),
    Column("days", Integer, nullable=False),  # how long the consent would last
    Column("keep", Text, nullable=False),  # view, keep
    Column("fields", Text, nullable=False),  # JSON
    Column("state", Text, nullable=False),  # asked, given, refused
    Column("answered_at", Text, nullable=False),
    Column("answered_by", Text, nullable=False),
    Column("consent_id", Text, nullable=False),
)
Index("share_consent_request_by_subject", CONSENT_REQUEST.c.subject, CONSENT_REQUEST.c.state)
Index("share_consent_request_by_asker", CONSENT_REQUEST.c.asked_by, CONSENT_REQUEST.c.asked_at)

MANDATE = Table(
    "share_mandate",
    METADATA,
    Column("mandate_id", Text, primary_key=True),
    Column("kind", Text, nullable=False),  # mandate, guardian
    Column("principal", Text, nullable=False),  # person code: whom it is for
    Column("agent", Text, nullable=False),  # person code: who answers for her; "" when the naming led to nobody
    Column("acts", Text, nullable=False),  # JSON: consent, looked
    Column("purposes", Text, nullable=False),  # JSON; empty: every purpose
    Column("alone", Integer, nullable=False),  # the ward has no say beside the guardian
    Column("until", Text, nullable=False),  # last day
    Column("principal_name", Text, nullable=False),  # as the two call each other
    Column("agent_name", Text, nullable=False),
    Column("state", Text, nullable=False),  # offered, live, refused, ended
    Column("basis", Text, nullable=False),  # court, community, agreement
    Column("paper", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", Text, nullable=False),
    Column("answered_by", Text, nullable=False, default=""),
    Column("answered_at", Text, nullable=False, default=""),
    Column("ended_by", Text, nullable=False, default=""),
    Column("ended_at", Text, nullable=False, default=""),
)
Index("share_mandate_by_principal", MANDATE.c.principal, MANDATE.c.state)
Index("share_mandate_by_agent", MANDATE.c.agent, MANDATE.c.state)

CLAIM = Table(
    "share_claim",
    METADATA,
    Column("claim_id", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("premises", Text, nullable=False),
    Column("by_key", Text, nullable=False),
    Column("state", Text, nullable=False),  # confirmed, refused, withdrawn
    Column("claimed_at", Text, nullable=False),
)
Index("share_claim_by_holder", CLAIM.c.holder)

DISPUTE = Table(
    "share_dispute",
    METADATA,
    Column("dispute_id", Text, primary_key=True),
    Column("code", Text, nullable=False),
    Column("field", Text, nullable=False),  # a field, or link:<relation>:<other code>, or empty for the whole subject
    Column("raised_by", Text, nullable=False),
    Column("raised_kind", Text, nullable=False),
    Column("raised_at", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("state", Text, nullable=False),  # raised, checking, corrected, upheld
    Column("answer", Text, nullable=False, default=""),
    Column("mark_id", Text, nullable=False),
    Column("due", Text, nullable=False),
    Column("division", Text, nullable=False, default=""),
    Column("department", Text, nullable=False, default=""),  # whose record holds at the moment of the report
    Column("raiser_subject", Text, nullable=False, default=""),
    Column("settled_by", Text, nullable=False, default=""),
    Column("settled_at", Text, nullable=False, default=""),
)
Index("share_dispute_by_code", DISPUTE.c.code)
Index("share_dispute_by_raiser", DISPUTE.c.raised_by)
Index("share_dispute_by_state", DISPUTE.c.state, DISPUTE.c.due)

SAMPLE = Table(
    "quality_sample",
    METADATA,
    Column("sample_id", Text, primary_key=True),
    Column("measure", Text, nullable=False),  # address, domicile
    Column("division", Text, nullable=False),
    Column("digits", Integer, nullable=False),  # strata by so many digits of the division; 0: none
    Column("size", Integer, nullable=False),
    Column("seed_hash", Text, nullable=False),
    Column("seed", Text, nullable=False),
    Column("commit_line", Text, nullable=False),
    Column("state", Text, nullable=False),  # committed, drawn
    Column("committed_at", Text, nullable=False),
    Column("drawn_at", Text, nullable=False),
    Column("by_whom", Text, nullable=False),
    Column("strata", Text, nullable=False),  # JSON: stratum -> size of its population
)

CHECK = Table(
    "quality_check",
    METADATA,
    Column("sample_id", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("code", Text, nullable=False),
    Column("stratum", Text, nullable=False),
    Column("division", Text, nullable=False),
    Column("result", Text, nullable=False),  # empty, right, wrong, unknown
    Column("found", Text, nullable=False),
    Column("checked_by", Text, nullable=False),
    Column("department", Text, nullable=False),
    Column("checked_at", Text, nullable=False),
)
Index("quality_check_by_division", CHECK.c.result, CHECK.c.division)

NOTICE = Table(
    "share_notice",
    METADATA,
    Column("notice_id", Text, primary_key=True),
    Column("subject", Text, nullable=False),  # person code, account:<id> or department:<code>
    Column("at", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("read_at", Text, nullable=False, default=""),
)
Index("share_notice_by_subject", NOTICE.c.subject, NOTICE.c.at)

COUNT = Table(
    "share_count",
    METADATA,
    Column("actor", Text, primary_key=True),
    Column("agreement", Text, primary_key=True),
    Column("day", Text, nullable=False),  # the city's, YYYY-MM-DD
    Column("taken", BigInteger, nullable=False),  # rows on that day
    Column("minute", BigInteger, nullable=False),  # since 1970
    Column("questions", BigInteger, nullable=False),  # in that minute
)
