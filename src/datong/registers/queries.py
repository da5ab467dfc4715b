"""The SQL of the registers; the same on SQLite and PostgreSQL."""

ENTRY_COLUMNS = ("code", "kind", "division", "label", "body")
KEY_COLUMNS = ("key_type", "key_value", "code", "kind")
RELATION_COLUMNS = (
    "from_code",
    "type",
    "to_code",
    "resource",
    "record_id",
    "since",
    "until",
    "as_of",
    "delivery_id",
    "department",
    "detail",
)
MARK_COLUMNS = ("mark_id", "code", "field", "kind", "state", "derived", "detail", "raised_at", "raised_by")
CHANGE_COLUMNS = ("seq", "at", "code", "kind", "what", "detail")

MEMBERS = """
SELECT code, resource, record_id, role, delivery_id, as_of, rule, body FROM member
WHERE code <> '' AND body <> '' {only} ORDER BY code, resource, record_id, role"""
TIES = """
SELECT m.code, m.resource, m.record_id, o.role, o.code, o.rule FROM member m
JOIN member o ON o.resource = m.resource AND o.record_id = m.record_id AND o.role <> m.role
WHERE m.code <> '' AND m.body LIKE '%"r":[%' {only} ORDER BY m.code"""
MEMBER_CODES = "SELECT DISTINCT code FROM member WHERE code > :after ORDER BY code LIMIT :limit"
ENTRY_CODES = "SELECT code FROM entry WHERE code > :after ORDER BY code LIMIT :limit"
PLACED_BODIES = "SELECT body FROM member WHERE body LIKE '%\"p\":%' {only}"
PLACES = "SELECT code, division, full_text FROM place WHERE code <> ''"
PLACES_OF = "SELECT code, division, full_text FROM place WHERE code IN ({marks})"

DROP_DERIVED = ("DELETE FROM entry", "DELETE FROM entry_key", "DELETE FROM relation", "DELETE FROM mark WHERE derived = 1")
DROP_ENTRY = "DELETE FROM entry WHERE code = :code"
DROP_KEYS = "DELETE FROM entry_key WHERE code = :code"
DROP_RELATIONS = "DELETE FROM relation WHERE from_code = :code"
DROP_MARKS = "DELETE FROM mark WHERE derived = 1 AND code = :code"

OLD_ENTRIES = "SELECT code, kind, division, label, body FROM entry WHERE code <> '' {only}"
OLD_RELATIONS = """
SELECT from_code, type, to_code, resource, record_id, since, until, as_of, delivery_id, department, detail FROM relation
WHERE from_code <> '' {only} ORDER BY from_code, type, to_code, resource, record_id"""
OLD_MARKS = """
SELECT mark_id, code, field, kind, state, derived, detail, raised_at, raised_by FROM mark
WHERE derived = 1 {only} ORDER BY code, field, kind"""
OLD_KEYS = "SELECT key_type, key_value, code, kind FROM entry_key WHERE code <> '' {only}"

SUBJECT = "SELECT kind, state, merged_into FROM subject WHERE code = :code"
MERGED_INTO = "SELECT code FROM subject WHERE merged_into = :code ORDER BY code"
SPLIT_FROM = "SELECT other FROM subject_event WHERE code = :code AND event = 'split' ORDER BY seq DESC LIMIT 1"
ENTRY = "SELECT code, kind, division, label, body FROM entry WHERE code = :code"
CODES_OF_KEY = "SELECT code FROM entry_key WHERE key_type = :type AND key_value = :value ORDER BY code LIMIT :limit"
CODES_OF_PREFIX = """
SELECT DISTINCT code FROM entry_key WHERE key_type = :type AND key_value >= :low AND key_value < :high ORDER BY code LIMIT :limit"""
LINKS_OUT = """
SELECT r.type, r.to_code, e.kind, e.label, r.since, r.until, r.resource, r.record_id, r.department, r.delivery_id, r.as_of, r.detail
FROM relation r JOIN entry e ON e.code = r.to_code WHERE r.from_code = :code
ORDER BY r.type, r.to_code, r.resource, r.record_id"""
LINKS_IN = """
SELECT r.type, r.from_code, e.kind, e.label, r.since, r.until, r.resource, r.record_id, r.department, r.delivery_id, r.as_of, r.detail
FROM relation r JOIN entry e ON e.code = r.from_code WHERE r.to_code = :code
ORDER BY r.type, r.from_code, r.resource, r.record_id"""
LIST = """
SELECT code, kind, division, label, body FROM entry
WHERE kind = :kind AND code > :after {conditions} ORDER BY code LIMIT :limit"""

LAST_CHANGE = "SELECT max(seq) FROM change"
CHANGES = "SELECT seq, at, code, kind, what, detail FROM change WHERE seq > :since ORDER BY seq LIMIT :limit"

ADD_MARK = """
INSERT INTO mark (mark_id, code, field, kind, state, derived, detail, raised_at, raised_by)
VALUES (:mark_id, :code, :field, :kind, 'open', 0, :detail, :raised_at, :raised_by)"""
SETTLE_MARK = "UPDATE mark SET state = 'settled', detail = :detail WHERE mark_id = :mark_id"
MARK = "SELECT mark_id, code, field, kind, state, derived, detail, raised_at, raised_by FROM mark WHERE mark_id = :mark_id"
MARKS_OF = """
SELECT mark_id, code, field, kind, state, derived, detail, raised_at, raised_by FROM mark
WHERE code IN ({marks}) AND state = 'open' ORDER BY derived, field, kind, mark_id"""

DIGESTED = ((OLD_ENTRIES, "code"), (OLD_KEYS, "code"), (OLD_RELATIONS, "from_code"), (OLD_MARKS, "code"))
"""What the digest of the registers covers, with the column of the subject; dates of rebuilding are not in it."""
