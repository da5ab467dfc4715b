"""Review of linking: the pairs that wait for people, who has taken one up, and what each reviewer said."""

from sqlalchemy import Column, Float, Index, Integer, Table, Text

from datong.store.schema.metadata import METADATA

REVIEW = Table(
    "review",
    METADATA,
    Column("pair_id", Text, primary_key=True),  # a digest of the pair: addresses of pages hold it
    Column("kind", Text, nullable=False),
    Column("left_ref", Text, nullable=False),
    Column("right_code", Text, nullable=False),
    Column("score", Float, nullable=False),
    Column("department", Text, nullable=False),  # whose record the left side is
    Column("division", Text, nullable=False),  # where the right side belongs
    Column("chance", Float, nullable=False),  # that both are the same, from the sum and the threshold
    Column("touched", Integer, nullable=False),  # records and matters that a verdict would move
    Column("hanging", Integer, nullable=False),  # other pairs and subjects that hang on it
    Column("worth", Float, nullable=False),  # the queue's order
    Column("doubled", Integer, nullable=False),  # 1: given to two reviewers on purpose
    Column("state", Text, nullable=False),  # open, second (one of two has spoken), split (two disagree)
    Column("opened_at", Text, nullable=False),
    Column("claimed_by", Text, nullable=False, default=""),
    Column("claimed_until", Text, nullable=False, default=""),
)
Index("review_by_worth", REVIEW.c.state, REVIEW.c.worth)
Index("review_by_left", REVIEW.c.left_ref)

OPINION = Table(
    "review_opinion",
    METADATA,
    Column("seq", Integer, primary_key=True),
    Column("pair_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("left_ref", Text, nullable=False),
    Column("right_ref", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("judged_by", Text, nullable=False),
    Column("judged_at", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("doubled", Integer, nullable=False),  # 1: given blind to two reviewers; counts for their agreement
    Column("judgement", Integer, nullable=False, default=0),  # the judgement it became; 0 while a second reviewer is awaited
    Column("applied_at", Text, nullable=False, default=""),  # when the codes followed
)
Index("review_opinion_by_pair", OPINION.c.pair_id)
Index("review_opinion_by_judgement", OPINION.c.judgement)
