"""Electronic licences: the library of versions, the keys, one-time codes, every use, what holders agreed to, signatures."""

from sqlalchemy import Column, Index, Integer, Table, Text

from datong.store.schema.metadata import METADATA

KEY = Table(
    "licence_key",
    METADATA,
    Column("kid", Text, primary_key=True),
    Column("department", Text, nullable=False),  # who signs with it; "city" for lists of states
    Column("jwk", Text, nullable=False),  # the public half
    Column("made_at", Text, nullable=False),
)

SERIES = Table(
    "licence_series",
    METADATA,
    Column("type", Text, primary_key=True),
    Column("last", Integer, nullable=False),  # gives serial numbers and places in the lists of states
)

LICENCE = Table(
    "licence",
    METADATA,
    Column("licence_id", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("identifier", Text, nullable=False, unique=True),  # GB/T 36904
    Column("type", Text, nullable=False),
    Column("holder", Text, nullable=False),  # permanent code
    Column("department", Text, nullable=False),  # who issued it
    Column("state", Text, nullable=False),  # valid, suspended, withdrawn, cancelled, revoked, replaced
    Column("state_at", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("issued_at", Text, nullable=False),
    Column("valid_from", Text, nullable=False),  # ISO day
    Column("valid_until", Text, nullable=False),  # last day; "9999-12-31" without end
    Column("case_ref", Text, nullable=False),
    Column("list_id", Text, nullable=False),
    Column("list_index", Integer, nullable=False),
    Column("digest", Text, nullable=False),  # SHA-256 of the signed text
    Column("replaces", Text, nullable=False),
    Column("credential", Text, nullable=False),  # SD-JWT with every disclosure
    Column("holder_key", Text, nullable=False),  # sealed
)
Index("licence_by_holder", LICENCE.c.holder, LICENCE.c.state)
Index("licence_by_list", LICENCE.c.list_id, LICENCE.c.state)
Index("licence_by_end", LICENCE.c.state, LICENCE.c.valid_until)

PART = Table(
    "licence_part",
    METADATA,
    Column("composite_id", Text, primary_key=True),
    Column("part_id", Text, primary_key=True),
)
Index("licence_part_by_part", PART.c.part_id)

TICKET = Table(
    "licence_ticket",
    METADATA,
    Column("ticket_hash", Text, primary_key=True),  # the QR holds the secret, the store its hash
    Column("kind", Text, nullable=False),  # show, offer, token, request
    Column("licence_id", Text, nullable=False),
    Column("holder", Text, nullable=False),
    Column("department", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("body", Text, nullable=False),  # JSON: fields to be shown, audience, nonce, what came back
    Column("made_at", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("used_at", Text, nullable=False),
    Column("used_by", Text, nullable=False),
)
Index("licence_ticket_by_holder", TICKET.c.holder, TICKET.c.made_at)

USE = Table(
    "licence_use",
    METADATA,
    Column("use_id", Text, primary_key=True),
    Column("licence_id", Text, nullable=False),
    Column("holder", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("how", Text, nullable=False),  # code, presentation, card, wallet, protocol, attempt
    Column("department", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("fields", Text, nullable=False),  # JSON: names, never values
    Column("outcome", Text, nullable=False),
    Column("line_id", Text, nullable=False),
)
Index("licence_use_by_holder", USE.c.holder, USE.c.at)
Index("licence_use_by_licence", USE.c.licence_id, USE.c.at)

AGREED = Table(
    "licence_agreed",
    METADATA,
    Column("agreed_id", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("department", Text, nullable=False),  # at whose counters
    Column("given_at", Text, nullable=False),
    Column("until", Text, nullable=False),
    Column("withdrawn_at", Text, nullable=False),
)
Index("licence_agreed_by_holder", AGREED.c.holder, AGREED.c.type)

TOLD = Table(
    "licence_told",
    METADATA,
    Column("licence_id", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("days", Integer, primary_key=True, autoincrement=False),  # how long before its end the holder was told
    Column("at", Text, nullable=False),
)

SIGNER = Table(
    "signing_key",
    METADATA,
    Column("kid", Text, primary_key=True),
    Column("holder", Text, nullable=False),  # person code
    Column("jwk", Text, nullable=False),
    Column("sealed", Text, nullable=False),
    Column("made_at", Text, nullable=False),
    Column("ended_at", Text, nullable=False),
)
Index("signing_key_by_holder", SIGNER.c.holder, SIGNER.c.made_at)

SIGNATURE = Table(
    "signature",
    METADATA,
    Column("signature_id", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("digest", Text, nullable=False),  # SHA-256 of the document
    Column("title", Text, nullable=False),
    Column("kid", Text, nullable=False),
    Column("asked_by", Text, nullable=False),  # department; empty when she signed of her own accord
    Column("case_ref", Text, nullable=False),
    Column("state", Text, nullable=False),  # asked, signed, refused
    Column("asked_at", Text, nullable=False),
    Column("signed_at", Text, nullable=False),
    Column("jws", Text, nullable=False),
    Column("line_id", Text, nullable=False),
)
Index("signature_by_holder", SIGNATURE.c.holder, SIGNATURE.c.asked_at)
Index("signature_by_digest", SIGNATURE.c.digest)

ORDER = Table(
    "licence_order",
    METADATA,
    Column("department", Text, primary_key=True),
    Column("reference", Text, primary_key=True),  # the department's own number: the same one is done once
    Column("digest", Text, nullable=False),  # of what was ordered
    Column("licence_id", Text, nullable=False),
    Column("at", Text, nullable=False),
)

COMPANY_ACCOUNT = Table(
    "company_account",
    METADATA,
    Column("organisation", Text, primary_key=True),  # permanent code
    Column("licence_id", Text, nullable=False),  # the licence that opened it
    Column("opened_at", Text, nullable=False),
)
