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
PLACES = "SELECT code, division, full_text FROM place WHERE code <> '' ORDER BY until = '', place_id"
PLACES_OF = "SELECT code, division, full_text FROM place WHERE code IN ({marks}) ORDER BY until = '', place_id"
"""Today's wording of a code comes last: a door that was renumbered has its former place under its code as well."""

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
SELECT mark_id, code, field, kind, state, derived, detail, raised_at, raised_by, owner, source, says FROM mark
WHERE derived = 1 {only} ORDER BY code, field, kind, mark_id"""
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
INSERT INTO mark (mark_id, code, field, kind, state, derived, detail, raised_at, raised_by, owner, source, says)
VALUES (:mark_id, :code, :field, :kind, 'open', 0, :detail, :raised_at, :raised_by, :owner, :source, '')"""
SETTLE_MARK = "UPDATE mark SET state = 'settled', detail = :detail WHERE mark_id = :mark_id"
MARK = "SELECT mark_id, code, field, kind, state, derived, detail, raised_at, raised_by FROM mark WHERE mark_id = :mark_id"
MARKS_OF = """
SELECT mark_id, code, field, kind, state, derived, detail, raised_at, raised_by FROM mark
WHERE code IN ({marks}) AND state = 'open' ORDER BY derived, field, kind, mark_id"""

DIGESTED = ((OLD_ENTRIES, "code"), (OLD_KEYS, "code"), (OLD_RELATIONS, "from_code"), (OLD_MARKS, "code"))
"""What the digest of the registers covers, with the column of the subject; dates of rebuilding are not in it."""

# ---- marks -------------------------------------------------------------------------------------------------------------
BODIES = "SELECT code, body FROM entry WHERE code IN ({marks}) ORDER BY code"
FIRM_TIES = """
SELECT from_code, type, to_code, as_of, resource, record_id FROM relation WHERE from_code IN ({marks}) AND until = ''
AND type IN ('registered_at', 'operates_at', 'account_holder_at') ORDER BY from_code, type, to_code, resource, record_id"""
HEADS = "SELECT to_code, from_code FROM relation WHERE to_code IN ({marks}) AND type = 'legal_representative_of' AND until = ''"
HOLDERS = """
SELECT to_code, type, from_code FROM relation WHERE to_code IN ({marks}) AND type IN ('owns', 'rents') AND (until = '' OR until >= :day)"""
SPOUSES = """
SELECT from_code, to_code FROM relation WHERE from_code IN ({marks}) AND type = 'married_to' AND until = ''
UNION SELECT to_code, from_code FROM relation WHERE to_code IN ({marks}) AND type = 'married_to' AND until = ''"""
REGISTERED_THERE = """
SELECT r.to_code, r.from_code, r.as_of, r.resource, r.record_id, e.body FROM relation r JOIN entry e ON e.code = r.from_code
WHERE r.to_code IN ({marks}) AND r.type = 'registered_at' AND r.until = '' ORDER BY r.to_code, r.from_code, r.resource, r.record_id"""
OTHERS = "SELECT DISTINCT {wanted} FROM relation WHERE {given} IN ({marks}) AND type IN ({types})"
DROP_NEIGHBOUR_MARKS = "DELETE FROM mark WHERE derived = 1 AND code IN ({marks}) AND kind IN ({kinds})"
NEWEST_DAY = "SELECT max(as_of) FROM member WHERE code <> '' {only}"
OLD_CODES = "SELECT code FROM entry WHERE code > :low AND code <= :high ORDER BY code"
FIRM_CODES = "SELECT code FROM entry WHERE kind = 'organisation'"
READ_STATE = "SELECT value FROM register_state WHERE name = :name"
WRITE_STATE = """
INSERT INTO register_state (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = excluded.value"""

CASE_COLUMNS = (
    *("mark_id", "code", "field", "kind", "says", "derived", "owner", "source", "state"),
    *("since", "due", "taken_by", "reason", "probe", "settled_at", "settled_by"),
)
_CASE = """SELECT mark_id, code, field, kind, says, derived, owner, source, state, since, due, taken_by, reason, probe,
settled_at, settled_by FROM mark_case"""
CASE = _CASE + " WHERE mark_id = :mark_id"
NEW_MARKS = """
SELECT m.mark_id, m.code, m.field, m.kind, m.says, m.owner, m.source FROM mark m LEFT JOIN mark_case c ON c.mark_id = m.mark_id
WHERE m.derived = 1 AND c.mark_id IS NULL {only} ORDER BY m.mark_id"""
BACK_AGAIN = """
SELECT c.mark_id, c.code, c.field, c.kind FROM mark_case c JOIN mark m ON m.mark_id = c.mark_id
WHERE c.state IN ('corrected', 'lapsed') AND m.derived = 1 {only} ORDER BY c.mark_id"""
GONE_MARKS = """
SELECT c.mark_id, c.code, c.field, c.kind, c.state, c.probe FROM mark_case c LEFT JOIN mark m ON m.mark_id = c.mark_id
WHERE c.derived = 1 AND c.state NOT IN ('corrected', 'lapsed') AND m.mark_id IS NULL {only} ORDER BY c.mark_id"""
QUIETED = """
UPDATE mark SET state = 'settled' WHERE derived = 1 AND state = 'open'
AND mark_id IN (SELECT c.mark_id FROM mark_case c WHERE c.state = 'right' {only})"""
OLD_CASE = """
SELECT c.state, c.since, c.due, c.taken_by, c.reason, c.owner FROM mark_case c JOIN subject s ON s.code = c.code
WHERE s.merged_into = :code AND c.field = :field AND c.kind = :kind AND c.says = :says
AND c.state NOT IN ('corrected', 'lapsed') ORDER BY c.since LIMIT 1"""
HAS_MERGED = "SELECT DISTINCT merged_into FROM subject WHERE merged_into IN ({marks})"
MOVE_CASE = """
UPDATE mark_case SET state = :state, reason = :reason, taken_by = :taken_by, owner = :owner, due = :due, since = :since, probe = :probe,
settled_at = :settled_at, settled_by = :settled_by WHERE mark_id = :mark_id"""
ADD_STEP = """
INSERT INTO mark_step (mark_id, seq, at, act, by_whom, department, reason)
SELECT :mark_id, coalesce(max(seq), 0) + 1, :at, :act, :by, :department, :reason FROM mark_step WHERE mark_id = :mark_id"""
STEPS = "SELECT at, act, by_whom, department, reason FROM mark_step WHERE mark_id = :mark_id ORDER BY seq"
SHOW_MARK = "UPDATE mark SET state = :state WHERE mark_id = :mark_id"
