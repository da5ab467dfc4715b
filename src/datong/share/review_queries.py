"""The SQL of reviewing; the same on SQLite and PostgreSQL."""

REVIEW_COLUMNS = (
    "pair_id",
    "kind",
    "left_ref",
    "right_code",
    "score",
    "department",
    "division",
    "chance",
    "touched",
    "hanging",
    "worth",
    "doubled",
    "state",
    "opened_at",
    "claimed_by",
    "claimed_until",
)
_COLUMNS = ", ".join(REVIEW_COLUMNS)

NEW_PAIRS = """
SELECT u.kind, u.left_ref, u.right_code, u.score, u.evidence FROM unsure u
LEFT JOIN review r ON r.left_ref = u.left_ref AND r.right_code = u.right_code
WHERE (r.pair_id IS NULL OR r.score <> u.score) AND NOT EXISTS (
    SELECT 1 FROM review_opinion o WHERE o.judgement > 0 AND o.applied_at = '' AND o.left_ref = u.left_ref AND o.right_ref = u.right_code)
ORDER BY u.score DESC, u.left_ref, u.right_code LIMIT :limit"""
GONE_PAIRS = """
DELETE FROM review WHERE NOT EXISTS (
    SELECT 1 FROM unsure u WHERE u.kind = review.kind AND u.left_ref = review.left_ref AND u.right_code = review.right_code)"""
SET_REVIEW = f"""
INSERT INTO review ({_COLUMNS}) VALUES ({", ".join(":" + name for name in REVIEW_COLUMNS)})
ON CONFLICT (pair_id) DO UPDATE SET score = excluded.score, chance = excluded.chance, touched = excluded.touched,
hanging = excluded.hanging, worth = excluded.worth, division = excluded.division"""  # noqa: S608 - names of our own columns
REVIEW = f"SELECT {_COLUMNS} FROM review WHERE pair_id = :pair_id"  # noqa: S608 - names of our own columns
REVIEWS = f"""
SELECT {_COLUMNS} FROM review WHERE {{conditions}} ORDER BY worth DESC, pair_id LIMIT :limit"""  # noqa: S608 - names of our own columns
COUNTS = "SELECT state, kind, count(*) FROM review WHERE {conditions} GROUP BY state, kind ORDER BY state, kind"
SET_STATE = "UPDATE review SET state = :state, claimed_by = '', claimed_until = '' WHERE pair_id = :pair_id"
CLAIM = """
UPDATE review SET claimed_by = :by, claimed_until = :until
WHERE pair_id = :pair_id AND (claimed_by = '' OR claimed_by = :by OR claimed_until <= :at)"""
DROP_REVIEW = "DELETE FROM review WHERE pair_id = :pair_id"
PAIR = "SELECT score, evidence FROM unsure WHERE kind = :kind AND left_ref = :left_ref AND right_code = :right_code"
BESIDE = "SELECT pair_id, left_ref, right_code FROM review WHERE (left_ref = :left_ref OR right_code = :right_code) AND pair_id <> :pair_id"

OPINION_COLUMNS = ("seq", "pair_id", "kind", "left_ref", "right_ref", "verdict", "judged_by", "judged_at", "reason", "doubled", "judgement")
ADD_OPINION = f"""
INSERT INTO review_opinion ({", ".join(OPINION_COLUMNS)}, applied_at)
VALUES ({", ".join(":" + name for name in OPINION_COLUMNS)}, '')"""  # noqa: S608 - names of our own columns
LAST_OPINION = "SELECT max(seq) FROM review_opinion"
OPINIONS = """
SELECT seq, verdict, judged_by, judged_at, reason, doubled, judgement, applied_at FROM review_opinion
WHERE pair_id = :pair_id ORDER BY seq"""
OPINION_OF_JUDGEMENT = "SELECT pair_id, applied_at FROM review_opinion WHERE judgement = :judgement ORDER BY seq DESC LIMIT 1"
SET_JUDGEMENT = "UPDATE review_opinion SET judgement = :judgement WHERE pair_id = :pair_id AND judgement = 0"
SET_APPLIED = "UPDATE review_opinion SET applied_at = :at WHERE judgement = :judgement AND applied_at = ''"
DOUBLE_OPINIONS = "SELECT pair_id, judged_by, verdict FROM review_opinion WHERE doubled = 1 ORDER BY pair_id, seq"
DONE_BY = "SELECT count(*) FROM review_opinion WHERE judged_by = :by AND judged_at >= :since"

DIVISIONS = "SELECT code, division FROM entry WHERE code IN ({marks})"
RECORDS = "SELECT code, count(*) FROM member WHERE code IN ({marks}) GROUP BY code"
TIES_OUT = "SELECT from_code, count(DISTINCT to_code) FROM relation WHERE until = '' AND from_code IN ({marks}) GROUP BY from_code"
TIES_IN = "SELECT to_code, count(DISTINCT from_code) FROM relation WHERE until = '' AND to_code IN ({marks}) GROUP BY to_code"
PAIRS_OF_CODES = "SELECT right_code, count(*) FROM unsure WHERE right_code IN ({marks}) GROUP BY right_code"
PAIRS_OF_LEFTS = "SELECT left_ref, count(*) FROM unsure WHERE left_ref IN ({marks}) GROUP BY left_ref"
MATTERS: dict[str, tuple[str, ...]] = {
    "passes": (
        "SELECT holder, count(*) FROM share_pass WHERE revoked_at = '' AND expires_at > :at AND holder IN ({marks}) GROUP BY holder",
        "SELECT premises, count(*) FROM share_pass WHERE revoked_at = '' AND expires_at > :at AND premises IN ({marks}) GROUP BY premises",
    ),
    "consents": (
        "SELECT subject, count(*) FROM share_consent WHERE withdrawn_at = '' AND until > :at AND subject IN ({marks}) GROUP BY subject",
    ),
    "claims": (
        "SELECT holder, count(*) FROM share_claim WHERE state = 'confirmed' AND holder IN ({marks}) GROUP BY holder",
        "SELECT premises, count(*) FROM share_claim WHERE state = 'confirmed' AND premises IN ({marks}) GROUP BY premises",
    ),
    "disputes": ("SELECT code, count(*) FROM share_dispute WHERE state IN ('raised', 'checking') AND code IN ({marks}) GROUP BY code",),
}
"""What is under way about a subject, by kind: statements that give code and number."""

MEMBER = "SELECT code, delivery_id, as_of, rule, score, evidence, body FROM member WHERE resource = :a AND record_id = :b AND role = :c"
SERIALS = "SELECT code, serial FROM subject WHERE code IN ({marks})"
SUBJECT = "SELECT code, kind, issued_at, state, merged_into FROM subject WHERE code = :code"
EVENTS_OF = """
SELECT seq, at, kind, event, code, other FROM subject_event WHERE code IN ({marks}) OR other IN ({marks}) ORDER BY seq"""
MERGED_AND_SPLIT = """
SELECT seq, at, kind, event, code, other FROM subject_event
WHERE event IN ('merged', 'split') AND seq < :before ORDER BY seq DESC LIMIT :limit"""
READERS = """
SELECT DISTINCT department FROM ledger_by_subject WHERE subject IN ({marks}) AND at >= :since AND department <> ''
AND type IN ('read', 'unmask') AND purpose <> 'linking_review' ORDER BY department"""
