"""Who is who: codes (kept for ever), judgements (kept for ever), members and the premises tree (derived)."""

from sqlalchemy import Column, Float, Index, Integer, Table, Text

from datong.store.schema.metadata import METADATA

SUBJECT = Table(
    "subject",
    METADATA,
    Column("code", Text, primary_key=True),
    Column("kind", Text, nullable=False),  # person, organisation, premises
    Column("serial", Integer, nullable=False),
    Column("issued_at", Text, nullable=False),
    Column("state", Text, nullable=False),  # active, merged, empty
    Column("merged_into", Text, nullable=False, default=""),
)
Index("subject_by_serial", SUBJECT.c.kind, SUBJECT.c.serial, unique=True)
Index("subject_by_survivor", SUBJECT.c.merged_into)


ANCHOR = Table(
    "anchor",
    METADATA,
    Column("kind", Text, primary_key=True),
    Column("anchor", Text, primary_key=True),  # id:…, uscc:…, title:…, place:…, rec:resource/record/role
    Column("code", Text, nullable=False),
    sqlite_with_rowid=False,
)
Index("anchor_by_code", ANCHOR.c.code)

SUBJECT_EVENT = Table(
    "subject_event",
    METADATA,
    Column("seq", Integer, primary_key=True),
    Column("at", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("event", Text, nullable=False),  # issued, merged, split, revived
    Column("code", Text, nullable=False),
    Column("other", Text, nullable=False, default=""),
    Column("reason", Text, nullable=False, default=""),
)
Index("subject_event_by_code", SUBJECT_EVENT.c.code)


JUDGEMENT = Table(
    "judgement",
    METADATA,
    Column("seq", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("left_ref", Text, nullable=False),  # member reference resource/record_id/role
    Column("right_ref", Text, nullable=False),
    Column("verdict", Text, nullable=False),  # same, different, unsure
    Column("judged_by", Text, nullable=False),
    Column("judged_at", Text, nullable=False),
    Column("note", Text, nullable=False, default=""),
    Column("undoes", Integer, nullable=False, default=0),  # the judgement this one takes back; 0 for a verdict of its own
)
Index("judgement_by_left", JUDGEMENT.c.left_ref)
Index("judgement_by_right", JUDGEMENT.c.right_ref)

MEMBER = Table(
    "member",
    METADATA,
    Column("code", Text, primary_key=True),  # first: what belongs together lies together
    Column("resource", Text, primary_key=True),
    Column("record_id", Text, primary_key=True),
    Column("role", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("delivery_id", Text, nullable=False),
    Column("as_of", Text, nullable=False),
    Column("rule", Text, nullable=False),  # how it was linked: the named rule
    Column("score", Float, nullable=False),
    Column("evidence", Text, nullable=False),  # JSON list of comparisons with weights
    Column("body", Text, nullable=False),  # JSON of the mention's fields
    sqlite_with_rowid=False,
)
Index("member_by_record", MEMBER.c.resource, MEMBER.c.record_id, MEMBER.c.role, unique=True)

UNSURE = Table(
    "unsure",
    METADATA,
    Column("kind", Text, primary_key=True),
    Column("left_ref", Text, primary_key=True),
    Column("right_code", Text, primary_key=True),
    Column("score", Float, nullable=False),
    Column("evidence", Text, nullable=False),
)

BLOCK = Table(
    "block",
    METADATA,
    Column("kind", Text, primary_key=True),
    Column("block", Text, primary_key=True),  # the hash of a key two sides must share to be compared, or a secondary number
    Column("code", Text, primary_key=True),
    sqlite_with_rowid=False,
)
Index("block_by_code", BLOCK.c.code)

PLACE = Table(
    "place",
    METADATA,
    Column("place_id", Text, primary_key=True),  # path key, for example 370303/zhangdian/estate:…/b:3/e:2/u:301
    Column("parent_id", Text, nullable=False),
    Column("level", Text, nullable=False),  # city district street community road estate building entrance unit
    Column("name", Text, nullable=False),
    Column("full_text", Text, nullable=False),
    Column("division", Text, nullable=False),  # deepest division code known, 6 to 12 digits
    Column("code", Text, nullable=False, default=""),  # permanent code, units only
    Column("aliases", Text, nullable=False, default="[]"),
    Column("door", Integer, nullable=False, default=0),  # 1: a row speaks of exactly this place
    Column("addresses", Text, nullable=False, default="[]"),  # estates: place_ids of the door numbers they are known by
    Column("title_unit_no", Text, nullable=False, default=""),
    Column("longitude", Float),
    Column("latitude", Float),
    Column("source", Text, nullable=False),
    Column("until", Text, nullable=False, server_default=""),  # the day since which the place is no more
    Column("became", Text, nullable=False, server_default="[]"),  # place_ids of what it became; none: demolished
)
Index("place_by_parent", PLACE.c.parent_id)
Index("place_by_code", PLACE.c.code)
Index("place_by_level_name", PLACE.c.level, PLACE.c.name)

PLACE_WORDING = Table(
    "place_wording",
    METADATA,
    Column("wording", Text, primary_key=True),  # as it is looked up: one spelling of the text
    Column("text", Text, nullable=False),  # as a department wrote it
    Column("place_id", Text, nullable=False),  # the door it means
    Column("departments", Text, nullable=False),  # JSON: whose records with a number say so
    Column("numbers", Text, nullable=False),  # JSON: title_unit_no, certificate_no
)
Index("place_wording_by_place", PLACE_WORDING.c.place_id)

FUSE_STATE = Table(
    "fuse_state",
    METADATA,
    Column("name", Text, primary_key=True),  # places (version of the tree), divisions (JSON rows the address reader knows)
    Column("value", Text, nullable=False),
)

CLUSTER_FINDING = Table(
    "cluster_finding",
    METADATA,
    Column("code", Text, primary_key=True),
    Column("problem", Text, primary_key=True),  # two_numbers, contradiction, falls_apart, bridge, size
    Column("kind", Text, nullable=False),
    Column("rank", Integer, nullable=False),  # the gravest problem first
    Column("records", Integer, nullable=False),
    Column("concerned", Integer, nullable=False),
    Column("weight", Float, nullable=False),
    Column("refs", Text, nullable=False),  # JSON list of the mentions to look at
    Column("detail", Text, nullable=False, default=""),
)
