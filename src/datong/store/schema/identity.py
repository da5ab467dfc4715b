"""One sign-in for other services: who may ask for it, what is being asked, and what people have agreed to."""

from sqlalchemy import Column, Index, Table, Text

from datong.store.schema.metadata import METADATA

SERVICE = Table(
    "identity_service",
    METADATA,
    Column("service_id", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("department", Text, nullable=False),  # who answers for it
    Column("audience", Text, nullable=False),  # officer, citizen, counter
    Column("redirects", Text, nullable=False),  # JSON: addresses that answers may go to, whole
    Column("start_url", Text, nullable=False),  # where a counter opens it; empty: nowhere
    Column("secret_hash", Text, nullable=False),
    Column("state", Text, nullable=False),  # active, ended
    Column("made_at", Text, nullable=False),
)

REQUEST = Table(
    "identity_request",
    METADATA,
    Column("request_id", Text, primary_key=True),
    Column("service_id", Text, nullable=False),
    Column("redirect_uri", Text, nullable=False),
    Column("state", Text, nullable=False),  # the service's own word, given back as it came
    Column("nonce", Text, nullable=False),
    Column("challenge", Text, nullable=False),  # PKCE, S256
    Column("scope", Text, nullable=False),
    Column("until", Text, nullable=False),  # until when the step at hand may be taken
    Column("account_id", Text, nullable=False),
    Column("signed_in_at", Text, nullable=False),
    Column("code_hash", Text, nullable=False),
    Column("token_hash", Text, nullable=False),
    Column("organisation", Text, nullable=False, server_default=""),  # permanent code of the one she acts for; empty: herself
    Column("organisation_name", Text, nullable=False, server_default=""),
)
Index("identity_request_by_code", REQUEST.c.code_hash)
Index("identity_request_by_token", REQUEST.c.token_hash)
Index("identity_request_by_until", REQUEST.c.until)

AGREED = Table(
    "identity_agreed",
    METADATA,
    Column("account_id", Text, primary_key=True),
    Column("service_id", Text, primary_key=True),
    Column("scope", Text, nullable=False),
    Column("at", Text, nullable=False),
)
