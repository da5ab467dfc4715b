"""The statements of fusion on the operational store; the same on SQLite and PostgreSQL."""

SUBJECT_COLUMNS = ("code", "kind", "serial", "issued_at", "state", "merged_into")
ANCHOR_COLUMNS = ("kind", "anchor", "code")
EVENT_COLUMNS = ("seq", "at", "kind", "event", "code", "other", "reason")
MEMBER_COLUMNS = ("resource", "record_id", "role", "kind", "code", "delivery_id", "as_of", "rule", "score", "evidence", "body")
BLOCK_COLUMNS = ("kind", "block", "code")
PLACE_COLUMNS = (
    "place_id",
    "parent_id",
    "level",
    "name",
    "full_text",
    "division",
    "code",
    "door",
    "aliases",
    "addresses",
    "title_unit_no",
    "longitude",
    "latitude",
    "source",
    "until",
    "became",
)

ALL_ANCHORS = "SELECT anchor, code FROM anchor WHERE kind = :kind"
CODES_OF_ANCHORS = "SELECT anchor, code FROM anchor WHERE kind = :kind AND anchor IN ({marks})"
ANCHORS_OF_CODES = "SELECT anchor, code FROM anchor WHERE code IN ({marks}) AND anchor NOT LIKE 'rec:%'"
MOVE_ANCHORS = "UPDATE anchor SET code = :into WHERE code = :code"
SET_ANCHOR = """
INSERT INTO anchor (kind, anchor, code) VALUES (:kind, :anchor, :code)
ON CONFLICT (kind, anchor) DO UPDATE SET code = excluded.code"""
ALL_SERIALS = "SELECT code, serial FROM subject WHERE kind = :kind"
SERIALS_OF_CODES = "SELECT code, serial FROM subject WHERE code IN ({marks})"
LAST_SERIAL = "SELECT max(serial) FROM subject WHERE kind = :kind"
LAST_EVENT = "SELECT max(seq) FROM subject_event"
EVENTS_SINCE = "SELECT seq, kind, event, code, other FROM subject_event WHERE seq > :seq ORDER BY seq"
MERGE_SUBJECT = "UPDATE subject SET state = 'merged', merged_into = :into WHERE code = :code"
SUBJECT_BY_CODE = "SELECT kind, merged_into, state, issued_at FROM subject WHERE code = :code"
SET_STATE = "UPDATE subject SET state = :state WHERE code = :code"
NOW_EMPTY = """
SELECT code, kind FROM subject WHERE state = 'active'
AND NOT EXISTS (SELECT 1 FROM member WHERE member.code = subject.code)
AND NOT EXISTS (SELECT 1 FROM place WHERE place.code = subject.code) ORDER BY code"""
NOW_REVIVED = """
SELECT code, kind FROM subject WHERE state = 'empty'
AND (EXISTS (SELECT 1 FROM member WHERE member.code = subject.code)
OR EXISTS (SELECT 1 FROM place WHERE place.code = subject.code)) ORDER BY code"""

LAST_DELIVERY = "SELECT max(delivery_id) FROM delivery WHERE state = 'collected'"
DELIVERIES_SINCE = """
SELECT delivery_id, resource, mode FROM delivery WHERE state = 'collected' AND delivery_id > :last ORDER BY delivery_id"""
STANDING_RECORDS = """
SELECT DISTINCT record_id, as_of, delivery_id FROM member WHERE resource = :resource AND record_id IN ({marks})"""
RECORDS_OF_RESOURCE = "SELECT DISTINCT record_id FROM member WHERE resource = :resource"
RECORDS_OF_CODES = "SELECT DISTINCT resource, record_id FROM member WHERE code IN ({marks})"
ROLES_OF_RECORD = "SELECT role FROM member WHERE resource = :resource AND record_id = :record_id"
NOW_EMPTY_OF = """
SELECT code FROM subject WHERE state = 'active' AND code IN ({marks})
AND NOT EXISTS (SELECT 1 FROM member WHERE member.code = subject.code)
AND NOT EXISTS (SELECT 1 FROM place WHERE place.code = subject.code) ORDER BY code"""
NOW_REVIVED_OF = """
SELECT code FROM subject WHERE state = 'empty' AND code IN ({marks})
AND (EXISTS (SELECT 1 FROM member WHERE member.code = subject.code)
OR EXISTS (SELECT 1 FROM place WHERE place.code = subject.code)) ORDER BY code"""

DROP_MEMBERS = "DELETE FROM member"
DROP_UNSURE = "DELETE FROM unsure"
DROP_BLOCKS = "DELETE FROM block"
DROP_PLACES = "DELETE FROM place"
MEMBERS_BESIDE = """
SELECT DISTINCT o.resource, o.record_id, o.role, o.kind, o.code, o.delivery_id, o.as_of, o.rule, o.score, o.evidence, o.body
FROM member m JOIN member o ON o.resource = m.resource AND o.record_id = m.record_id WHERE m.code IN ({marks})"""
MEMBER_BY_REFERENCE = """
SELECT code, kind, rule FROM member WHERE resource = :resource AND record_id = :record_id AND role = :role"""
FIRST_MEMBER = """
SELECT resource, record_id, role, kind FROM member WHERE code = :code
ORDER BY CASE WHEN rule IN ('compared', 'judged', 'alone') THEN 1 ELSE 0 END, CASE WHEN body = '' THEN 1 ELSE 0 END,
    resource, record_id, role LIMIT 1"""
EVIDENCE_OF_CODE = """
SELECT resource, record_id, role, delivery_id, as_of, rule, score, evidence FROM member WHERE code = :code
ORDER BY resource, record_id, role"""
MEMBERS_OF_RECORD = """
SELECT resource, record_id, role, kind, code, delivery_id, as_of, rule, score, evidence, body FROM member
WHERE resource = :resource AND record_id = :record_id"""
DROP_RECORD = "DELETE FROM member WHERE resource = :resource AND record_id = :record_id"
MOVE_MEMBER = """
UPDATE member SET code = :code, rule = :rule, score = :score, evidence = :evidence
WHERE resource = :resource AND record_id = :record_id AND role = :role"""
SET_BODY = "UPDATE member SET body = :body WHERE resource = :resource AND record_id = :record_id AND role = :role AND body = ''"
MOVE_CODE = "UPDATE member SET code = :into WHERE code = :code"
CODES_OF_RECORD = "SELECT code FROM member WHERE resource = :resource AND record_id = :record_id AND code <> ''"
CODES_OF_RECORDS = """
SELECT delivery_id, record_id, code FROM member WHERE resource = :resource AND record_id IN ({marks}) AND code <> ''"""
CODES_OF_BLOCKS = "SELECT block, code FROM block WHERE kind = :kind AND block IN ({marks})"
SET_BLOCK = "INSERT INTO block (kind, block, code) VALUES (:kind, :block, :code) ON CONFLICT (kind, block, code) DO NOTHING"
DROP_UNSURE_OF = """
DELETE FROM unsure WHERE kind IN ('person', 'organisation', 'premises') AND left_ref IN ({marks})"""
"""By the beginning of its key: each kind is looked up, none is read through."""
SET_UNSURE = """
INSERT INTO unsure (kind, left_ref, right_code, score, evidence) VALUES (:kind, :left_ref, :right_code, :score, :evidence)
ON CONFLICT (kind, left_ref, right_code) DO UPDATE SET score = excluded.score, evidence = excluded.evidence"""
ALL_UNSURE = "SELECT kind, left_ref, right_code, score, evidence FROM unsure ORDER BY score DESC, left_ref, right_code LIMIT :limit"

LAST_JUDGEMENT = "SELECT max(seq) FROM judgement"
ADD_JUDGEMENT = """
INSERT INTO judgement (seq, kind, left_ref, right_ref, verdict, judged_by, judged_at, note, undoes)
VALUES (:seq, :kind, :left_ref, :right_ref, :verdict, :judged_by, :judged_at, :note, :undoes)"""
JUDGEMENT = """
SELECT seq, kind, left_ref, right_ref, verdict, judged_by, judged_at, note, undoes FROM judgement WHERE seq = :seq"""
JUDGEMENTS_ON = """
SELECT seq, kind, left_ref, right_ref, verdict, judged_by, judged_at, note, undoes FROM judgement
WHERE (left_ref = :left AND right_ref = :right) OR (left_ref = :right AND right_ref = :left) ORDER BY seq"""
JUDGEMENTS_ABOUT = """
SELECT seq, kind, left_ref, right_ref, verdict, judged_by, judged_at, note, undoes FROM judgement
WHERE left_ref IN ({marks}) OR right_ref IN ({marks}) ORDER BY seq"""
NEWEST_JUDGEMENTS = """
SELECT seq, kind, left_ref, right_ref, verdict, judged_by, judged_at, note, undoes FROM judgement
WHERE :by = '' OR judged_by = :by ORDER BY seq DESC LIMIT :limit"""
JUDGEMENTS = "SELECT left_ref, right_ref, verdict FROM judgement WHERE kind = :kind ORDER BY seq"

STATE = "SELECT value FROM fuse_state WHERE name = :name"
SET_STATE_VALUE = """
INSERT INTO fuse_state (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = excluded.value"""
WORDING_COLUMNS = ("wording", "text", "place_id", "departments", "numbers")
DROP_WORDINGS = "DELETE FROM place_wording"
ALL_WORDINGS = "SELECT wording, text, place_id, departments, numbers FROM place_wording"
MOVE_WORDINGS = "UPDATE place_wording SET place_id = :here WHERE place_id = :former"
WORDINGS_OF_CODE = """
SELECT w.text, w.place_id, w.departments, w.numbers FROM place_wording w JOIN place p ON p.place_id = w.place_id
WHERE p.code = :code ORDER BY w.place_id, w.wording"""
DROP_PLACE = "DELETE FROM place WHERE place_id = :place_id"
SET_PLACE_CODE = "UPDATE place SET code = :into WHERE code = :code"
DROP_BLOCK_CODE = "DELETE FROM block WHERE code = :code"
MERGED_SINCE = "SELECT kind, code, other FROM subject_event WHERE seq > :seq AND event = 'merged' ORDER BY seq"
ALL_PLACES = """
SELECT place_id, parent_id, level, name, full_text, division, code, door, aliases, addresses,
    title_unit_no, longitude, latitude, source, until, became FROM place"""

JUDGEMENTS_AMONG = "SELECT left_ref, right_ref, verdict FROM judgement WHERE kind = :kind AND left_ref IN ({marks}) ORDER BY seq"
HELD_BY_COMPARISON = """
SELECT code FROM member WHERE rule IN ('compared', 'judged') AND code <> '' UNION
SELECT code FROM anchor WHERE anchor LIKE 'id:%' OR anchor LIKE 'uscc:%' GROUP BY code HAVING count(*) > 1 ORDER BY 1"""
SIZES = "SELECT kind, code, count(*) FROM member WHERE code <> '' GROUP BY kind, code"
OPEN_SAMPLE = """
SELECT resource, record_id, role FROM member
WHERE kind = :kind AND rule IN ('compared', 'alone', 'unsure', 'too_little', 'borrowed') AND body <> ''
ORDER BY record_id, resource, role LIMIT :limit"""
ACTIVE_SUBJECTS = "SELECT count(*) FROM subject WHERE kind = :kind AND state = 'active'"
FINDING_COLUMNS = ("code", "problem", "kind", "rank", "records", "concerned", "weight", "refs", "detail")
DROP_FINDINGS = "DELETE FROM cluster_finding"
FINDINGS = """
SELECT f.code, f.problem, f.kind, f.records, f.concerned, f.weight, f.refs, f.detail FROM cluster_finding f
JOIN subject s ON s.code = f.code WHERE s.state = 'active'
ORDER BY f.rank, CASE WHEN f.problem = 'bridge' THEN f.weight ELSE 0 END, f.concerned DESC, f.code LIMIT :limit"""
EVENTS_OF_CODE = """
SELECT seq, at, kind, event, code, other FROM subject_event WHERE code = :code
UNION SELECT seq, at, kind, event, code, other FROM subject_event WHERE other = :code ORDER BY 1"""
MERGES_AND_SPLITS = """
SELECT seq, at, kind, event, code, other FROM subject_event
WHERE event IN ('merged', 'split') AND seq < :before ORDER BY seq DESC LIMIT :limit"""
WAITING_PAIR = """
SELECT left_ref, right_code, score, evidence FROM unsure WHERE kind = :kind AND right_code IN (:left, :right) ORDER BY score DESC"""
BLOCK_SIZES = "SELECT block, count(*) FROM block WHERE kind = :kind AND block IN ({marks}) GROUP BY block"
PLACES_OF_CODE = "SELECT place_id, level, full_text, title_unit_no FROM place WHERE code = :code ORDER BY place_id"
