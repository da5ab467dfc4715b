"""All SQL of the one door."""

from __future__ import annotations

# ---- subjects ----------------------------------------------------------------------------------------------------
ENTRY = "SELECT code, kind, division, label, body FROM entry WHERE code = :code"
DIVISION = "SELECT division FROM entry WHERE code = :code"
OPEN_MARKS = """SELECT field, kind FROM mark WHERE code = :code AND state = 'open'
UNION SELECT m.field, m.kind FROM subject s JOIN mark m ON m.code = s.code WHERE s.merged_into = :code AND m.state = 'open'"""
MERGED_FROM = "SELECT code FROM subject WHERE merged_into = :code ORDER BY code"
OWN_TIE = """SELECT 1 FROM relation WHERE from_code = :person AND to_code = :code AND until = ''
AND type IN ('owns', 'rents', 'lives_at') LIMIT 1"""
OWN_SINCE = """SELECT min(since) FROM relation WHERE from_code = :person AND to_code = :code AND until = '' AND since <> ''
AND type IN ('owns', 'rents', 'lives_at')"""
OWNERS = "SELECT from_code FROM relation WHERE to_code = :code AND type = 'owns' AND until = ''"
TIES = """SELECT r.type, 'out' AS direction, r.to_code, e.kind, e.label, r.since, r.until, r.resource, r.as_of, r.department
FROM relation r JOIN entry e ON e.code = r.to_code WHERE r.from_code = :code
UNION ALL
SELECT r.type, 'in', r.from_code, e.kind, e.label, r.since, r.until, r.resource, r.as_of, r.department
FROM relation r JOIN entry e ON e.code = r.from_code WHERE r.to_code = :code
ORDER BY 1, 2, 7, 3, 8"""
TIE_BY_KEY = """SELECT r.type, r.resource, r.as_of FROM entry_key k
JOIN relation r ON r.from_code = k.code AND r.to_code = :code AND r.until = '' AND r.type IN ('owns', 'rents')
WHERE k.key_type = :key_type AND k.key_value = :value ORDER BY CASE r.type WHEN 'owns' THEN 0 ELSE 1 END LIMIT 1"""
CODES_BY_KEY = "SELECT code FROM entry_key WHERE key_type = :key_type AND key_value = :value AND kind = :kind"
OWNER_LABELS = """SELECT e.label, r.resource, r.as_of FROM relation r JOIN entry e ON e.code = r.from_code
WHERE r.to_code = :code AND r.type = 'owns' AND r.until = ''"""
TARGETS = "SELECT to_code, resource, as_of FROM relation WHERE from_code = :code AND type = :type AND until = ''"
OWNS = "SELECT resource, as_of FROM relation WHERE from_code = :person AND to_code = :code AND type = 'owns' AND until = '' LIMIT 1"
HOMES = """SELECT to_code, type, resource, since, department, as_of FROM relation WHERE from_code = :person AND until = ''
AND type IN ('owns', 'rents', 'lives_at', 'household_registered_at') ORDER BY to_code, type"""

# ---- the meter -----------------------------------------------------------------------------------------------------
USED_TODAY = """SELECT count(*) FROM ledger_by_actor one WHERE actor = :actor AND at >= :since AND leaf_index >= :after
AND purpose = :purpose AND type IN ('read', 'unmask')
AND (SELECT body FROM ledger_line line WHERE line.leaf_index = one.leaf_index) LIKE :agreement"""
FIRST_LINE = "SELECT at FROM ledger_line ORDER BY leaf_index LIMIT 1"

# ---- who looked ------------------------------------------------------------------------------------------------------
LOOKS_SINCE = """SELECT department, purpose, type, count(*) FROM ledger_by_subject WHERE subject = :code AND at >= :since AND at < :until
AND actor <> :actor GROUP BY department, purpose, type"""

# ---- passes --------------------------------------------------------------------------------------------------------
_QR = """SELECT pass_id, holder, premises, purpose, once, issued_at, expires_at, revoked_at, used_at, used_by, uses FROM share_pass"""
PASS_BY_SECRET = _QR + " WHERE secret_hash = :secret_hash"
PASS_BY_ID = _QR + " WHERE pass_id = :pass_id"
PASSES_OF = _QR + " WHERE holder = :holder ORDER BY issued_at DESC, pass_id DESC LIMIT 200"
ADD_QR = """INSERT INTO share_pass (pass_id, secret_hash, holder, premises, purpose, once, issued_at, expires_at,
revoked_at, used_at, used_by, uses)
VALUES (:pass_id, :secret_hash, :holder, :premises, :purpose, :once, :issued_at, :expires_at, '', '', '', 0)"""
USE_QR = """UPDATE share_pass SET used_at = :at, used_by = :used_by, uses = uses + 1
WHERE pass_id = :pass_id AND revoked_at = '' AND expires_at > :at AND (once = 0 OR uses = 0)"""
REVOKE_QR = "UPDATE share_pass SET revoked_at = :at WHERE pass_id = :pass_id AND holder = :holder AND revoked_at = ''"

# ---- consents ------------------------------------------------------------------------------------------------------
_CONSENT = """SELECT consent_id, subject, department, purpose, given_at, until, withdrawn_at, once, used_at, fields, keep, given_by
FROM share_consent"""
LIVE_CONSENT = (
    _CONSENT
    + """ WHERE subject = :subject AND department = :department AND purpose = :purpose
AND withdrawn_at = '' AND until > :at AND (once = 0 OR used_at = '') ORDER BY given_at DESC, consent_id DESC"""
)
CONSENT = _CONSENT + " WHERE consent_id = :consent_id"
CONSENTS_OF = _CONSENT + " WHERE subject = :subject ORDER BY given_at DESC, consent_id DESC LIMIT 200"
ADD_CONSENT = """INSERT INTO share_consent (consent_id, subject, department, purpose, given_at, until, withdrawn_at, once, used_at, fields,
keep, given_by) VALUES (:consent_id, :subject, :department, :purpose, :given_at, :until, '', :once, '', :fields, :keep, :given_by)"""
USE_CONSENT = """UPDATE share_consent SET used_at = :at
WHERE consent_id = :consent_id AND withdrawn_at = '' AND until > :at AND used_at = ''"""
WITHDRAW_CONSENT = """UPDATE share_consent SET withdrawn_at = :at
WHERE consent_id = :consent_id AND withdrawn_at = '' AND until > :at AND (once = 0 OR used_at = '')"""
_CONSENT_REQUEST = """SELECT r.request_id, r.subject, r.department, r.purpose, r.agreement, r.asked_by, r.asked_at, r.lapses_at, r.once,
r.days, r.keep, r.fields, r.state, r.answered_at, r.answered_by, r.consent_id, c.until, c.withdrawn_at, c.used_at
FROM share_consent_request r LEFT JOIN share_consent c ON c.consent_id = r.consent_id"""
CONSENT_REQUEST = _CONSENT_REQUEST + " WHERE r.request_id = :request_id"
CONSENT_REQUESTS_TO = _CONSENT_REQUEST + " WHERE r.subject = :subject ORDER BY r.asked_at DESC, r.request_id DESC LIMIT 50"
CONSENT_REQUESTS_BY = _CONSENT_REQUEST + " WHERE r.asked_by = :asked_by ORDER BY r.asked_at DESC, r.request_id DESC LIMIT 100"
CONSENT_ASKED_SINCE = (
    _CONSENT_REQUEST
    + """ WHERE r.subject = :subject AND r.department = :department AND r.purpose = :purpose AND r.asked_at >= :since
ORDER BY r.asked_at DESC, r.request_id DESC"""
)
ADD_CONSENT_REQUEST = """INSERT INTO share_consent_request (request_id, subject, department, purpose, agreement, asked_by, asked_at,
lapses_at, once, days, keep, fields, state, answered_at, answered_by, consent_id) VALUES (:request_id, :subject, :department, :purpose,
:agreement, :asked_by, :asked_at, :lapses_at, :once, :days, :keep, :fields, 'asked', '', '', '')"""
ANSWER_CONSENT_REQUEST = """UPDATE share_consent_request SET state = :state, answered_at = :at, answered_by = :by, consent_id = :consent_id
WHERE request_id = :request_id AND state = 'asked' AND lapses_at > :at"""
PARENTS = "SELECT DISTINCT to_code FROM relation WHERE from_code = :code AND type = 'child_of' AND until = ''"
CHILDREN = "SELECT DISTINCT from_code FROM relation WHERE to_code = :code AND type = 'child_of' AND until = ''"

# ---- mandates --------------------------------------------------------------------------------------------------------
_STANDING = """SELECT mandate_id, kind, principal, agent, acts, purposes, alone, until, principal_name, agent_name
FROM share_mandate WHERE state = 'live' AND until >= :day
AND NOT (kind = 'guardian' AND EXISTS (SELECT 1 FROM relation WHERE from_code = principal AND type = 'ward_of' AND to_code = agent
AND relation.until <> '' AND relation.until <= :day AND relation.until >= substr(made_at, 1, 10))) AND """
"""A guardianship entered from a paper ends with the record of it, where a source comes to know that it has ended."""
_RECORDED = "SELECT from_code, to_code, since, until, resource, department, detail, as_of FROM relation WHERE type = 'ward_of' AND "
RECORDED_FOR = _RECORDED + "from_code = :code ORDER BY since, to_code, resource"
RECORDED_BY = _RECORDED + "to_code = :code ORDER BY since, from_code, resource"
STANDING_FOR = _STANDING + "principal = :code ORDER BY mandate_id"
STANDING_BY = _STANDING + "agent = :code ORDER BY mandate_id"
ANSWERED_FOR = """SELECT from_code FROM relation WHERE from_code IN ({marks}) AND type = 'child_of' AND until = ''
UNION SELECT from_code FROM relation WHERE from_code IN ({marks}) AND type = 'ward_of'
UNION SELECT principal FROM share_mandate WHERE state = 'live' AND until >= :day AND principal IN ({marks})"""
"""Of these, the persons for whom somebody else may answer."""
_MANDATE = """SELECT mandate_id, kind, principal, agent, acts, purposes, alone, until, principal_name, agent_name, state, basis, paper,
made_by, made_at, answered_by, answered_at, ended_by, ended_at FROM share_mandate"""
MANDATE = _MANDATE + " WHERE mandate_id = :mandate_id"
MANDATES_OF = (
    _MANDATE
    + """ WHERE (principal = :code OR agent = :code) AND agent <> '' AND (kind = 'mandate' OR state IN ('live', 'ended'))
ORDER BY made_at DESC, mandate_id DESC LIMIT 100"""
)
GUARDIANSHIPS = _MANDATE + " WHERE kind = 'guardian' ORDER BY made_at DESC, mandate_id DESC LIMIT :most"
MANDATES_SINCE = "SELECT count(*) FROM share_mandate WHERE made_by = :made_by AND made_at >= :since"
ADD_MANDATE = """INSERT INTO share_mandate (mandate_id, kind, principal, agent, acts, purposes, alone, until, principal_name, agent_name,
state, basis, paper, made_by, made_at, answered_by, answered_at, ended_by, ended_at) VALUES (:mandate_id, :kind, :principal, :agent, :acts,
:purposes, :alone, :until, :principal_name, :agent_name, :state, :basis, :paper, :made_by, :made_at, '', '', '', '')"""
ANSWER_MANDATE = """UPDATE share_mandate SET state = :state, answered_by = :by, answered_at = :at
WHERE mandate_id = :mandate_id AND state = 'offered'"""
END_MANDATE = """UPDATE share_mandate SET state = 'ended', ended_by = :by, ended_at = :at
WHERE mandate_id = :mandate_id AND state IN ('offered', 'live')"""

# ---- claims --------------------------------------------------------------------------------------------------------
ADD_CLAIM = """INSERT INTO share_claim (claim_id, holder, premises, by_key, state, claimed_at)
VALUES (:claim_id, :holder, :premises, :by_key, :state, :claimed_at)"""
CLAIMS_OF = """SELECT claim_id, premises, by_key, state, claimed_at FROM share_claim WHERE holder = :holder
ORDER BY claimed_at DESC, claim_id DESC"""
CLAIM_OF = "SELECT claim_id FROM share_claim WHERE holder = :holder AND premises = :premises AND state = 'confirmed'"
REFUSED_CLAIMS = "SELECT count(*) FROM share_claim WHERE holder = :holder AND state = 'refused' AND claimed_at >= :since"
WITHDRAW_CLAIM = "UPDATE share_claim SET state = 'withdrawn' WHERE holder = :holder AND premises = :premises AND state = 'confirmed'"

# ---- disputes ------------------------------------------------------------------------------------------------------
_DISPUTE = """SELECT dispute_id, code, field, raised_by, raised_kind, raised_at, what, state, answer, mark_id, due, division,
department, raiser_subject, settled_by, settled_at FROM share_dispute"""
DISPUTE = _DISPUTE + " WHERE dispute_id = :dispute_id"
DISPUTES_BY = _DISPUTE + " WHERE raised_by = :raised_by ORDER BY raised_at DESC, dispute_id DESC LIMIT 200"
DISPUTES_OPEN = _DISPUTE + " WHERE state IN ('raised', 'checking') AND {area} ORDER BY due, dispute_id LIMIT :limit"
DISPUTES_IN = _DISPUTE + " WHERE state = :state AND {area} ORDER BY due DESC, dispute_id DESC LIMIT :limit"
SAME_DISPUTE = """SELECT dispute_id FROM share_dispute WHERE code = :code AND field = :field AND raised_by = :raised_by
AND state IN ('raised', 'checking')"""
RAISED_SINCE = "SELECT count(*) FROM share_dispute WHERE raised_by = :raised_by AND raised_at >= :since"
ADD_DISPUTE = """INSERT INTO share_dispute (dispute_id, code, field, raised_by, raised_kind, raised_at, what, state, answer, mark_id, due,
division, department, raiser_subject, settled_by, settled_at) VALUES (:dispute_id, :code, :field, :raised_by, :raised_kind, :raised_at,
:what, 'raised', '', :mark_id, :due, :division, :department, :raiser_subject, '', '')"""
MOVE_DISPUTE = """UPDATE share_dispute SET state = :state, answer = :answer, settled_by = :settled_by, settled_at = :settled_at
WHERE dispute_id = :dispute_id AND state IN ('raised', 'checking')"""
READERS_SINCE = """
SELECT DISTINCT department, (SELECT body FROM ledger_line line WHERE line.leaf_index = one.leaf_index) FROM ledger_by_subject one
WHERE subject = :code AND at >= :since AND type IN ('read', 'unmask') AND department <> '' ORDER BY department"""

# ---- notices -------------------------------------------------------------------------------------------------------
NOTICE_COLUMNS = ("notice_id", "subject", "at", "kind", "body", "read_at")
NOTICES_OF = """SELECT notice_id, at, kind, body, read_at FROM share_notice WHERE subject = :subject
ORDER BY at DESC, notice_id DESC LIMIT :limit"""
UNREAD = "SELECT count(*) FROM share_notice WHERE subject = :subject AND read_at = ''"
READ_NOTICE = "UPDATE share_notice SET read_at = :at WHERE notice_id = :notice_id AND subject = :subject AND read_at = ''"

# ---- problems --------------------------------------------------------------------------------------------------------
PROBLEMS = """SELECT c.mark_id, c.code, c.field, c.kind, c.says, c.derived, c.owner, c.source, c.state, c.since, c.due, c.taken_by,
c.reason, c.probe, c.settled_at, c.settled_by, e.kind, e.division, e.label, e.body FROM mark_case c JOIN entry e ON e.code = c.code
WHERE {where} ORDER BY c.due, c.mark_id LIMIT :most"""
PROBLEM_COUNTS = """SELECT c.kind, count(*) FROM mark_case c JOIN entry e ON e.code = c.code WHERE {where}
GROUP BY c.kind ORDER BY 2 DESC, 1"""

# ---- field checks ----------------------------------------------------------------------------------------------------
_SAMPLE = """SELECT sample_id, measure, division, digits, size, seed_hash, seed, commit_line, state, committed_at, drawn_at, by_whom, strata
FROM quality_sample"""
SAMPLE = _SAMPLE + " WHERE sample_id = :sample_id"
SAMPLES = _SAMPLE + " ORDER BY committed_at DESC, sample_id DESC LIMIT 50"
ADD_SAMPLE = """INSERT INTO quality_sample (sample_id, measure, division, digits, size, seed_hash, seed, commit_line, state,
committed_at, drawn_at, by_whom, strata) VALUES (:sample_id, :measure, :division, :digits, :size, :seed_hash, :seed, :commit_line,
'committed', :committed_at, '', :by_whom, '')"""
DRAWN_SAMPLE = "UPDATE quality_sample SET state = 'drawn', drawn_at = :at, strata = :strata WHERE sample_id = :sample_id"
BLOCK_OF_PLACE = "SELECT {value} FROM place p JOIN entry e ON e.code = p.code WHERE p.place_id = :place_id"
BLOCKS_BESIDE = """SELECT {value} FROM place o JOIN place p ON p.parent_id = o.parent_id JOIN entry e ON e.code = p.code
WHERE o.place_id = :place_id AND o.level IN ('unit', 'entrance') AND p.code <> '' LIMIT 60"""
BLOCKS_BELOW = """SELECT {value} FROM place p JOIN entry e ON e.code = p.code WHERE p.parent_id = :place_id AND p.code <> ''
UNION ALL SELECT {value} FROM place h JOIN place p ON p.parent_id = h.place_id JOIN entry e ON e.code = p.code
WHERE h.parent_id = :place_id AND p.code <> '' LIMIT 60"""
AROUND = """SELECT level, name, longitude, latitude FROM place
WHERE parent_id = :place_id AND level IN ('building', 'number') AND longitude IS NOT NULL AND until = ''
UNION ALL SELECT p.level, p.name, p.longitude, p.latitude FROM place h JOIN place p ON p.parent_id = h.place_id
WHERE h.parent_id = :place_id AND p.level IN ('building', 'number') AND p.longitude IS NOT NULL AND p.until = '' LIMIT :most"""
PREMISES_POPULATION = """SELECT code, division, '{}' FROM entry WHERE kind = 'premises' AND code > :after
AND substr(division, 1, :n) = :division ORDER BY code LIMIT :most"""
FIRM_POPULATION = """SELECT code, division, body FROM entry e WHERE kind = 'organisation' AND code > :after
AND substr(division, 1, :n) = :division
AND EXISTS (SELECT 1 FROM relation r WHERE r.from_code = e.code AND r.type = 'registered_at' AND r.until = '')
ORDER BY code LIMIT :most"""
OPEN_CHECKS = """SELECT k.sample_id, k.number, k.code, k.division, e.label, e.body FROM quality_check k
JOIN quality_sample s ON s.sample_id = k.sample_id JOIN entry e ON e.code = k.code
WHERE k.result = '' AND s.measure = :measure AND {where} ORDER BY k.division, k.sample_id, k.number LIMIT :most"""
ONE_CHECK = """SELECT k.code, s.measure FROM quality_check k JOIN quality_sample s ON s.sample_id = k.sample_id
WHERE k.sample_id = :sample_id AND k.number = :number AND k.result = '' AND {where}"""
ENTER_CHECK = """UPDATE quality_check SET result = :result, found = :found, checked_by = :by, department = :department, checked_at = :at
WHERE sample_id = :sample_id AND number = :number AND result = ''"""
CHECK_COUNTS = "SELECT stratum, result, count(*) FROM quality_check WHERE sample_id = :sample_id GROUP BY stratum, result"

# ---- quality ---------------------------------------------------------------------------------------------------------
READ_STATE = "SELECT value FROM register_state WHERE name = :name"
KEEP_STATE = """INSERT INTO register_state (name, value) VALUES (:name, :value)
ON CONFLICT (name) DO UPDATE SET value = excluded.value"""
ENTRIES_BY_KIND = "SELECT kind, count(*) FROM entry GROUP BY kind"
MARKED_FIELDS = """SELECT m.kind, e.kind, m.field, count(DISTINCT m.code) FROM mark m JOIN entry e ON e.code = m.code
WHERE m.derived = 1 AND m.kind IN ('gap', 'conflict') AND m.state = 'open' GROUP BY m.kind, e.kind, m.field"""
NEWEST_DELIVERIES = "SELECT resource, max(as_of) FROM delivery WHERE state = 'collected' GROUP BY resource"
CASES_BY_KIND = """SELECT kind, sum(CASE WHEN state IN ('open', 'taken', 'investigating', 'wrong') THEN 1 ELSE 0 END),
sum(CASE WHEN state IN ('open', 'taken', 'investigating', 'wrong') THEN 0 ELSE 1 END) FROM mark_case GROUP BY kind ORDER BY 2 DESC, 1"""
WORST_SOURCES = """SELECT source, count(*) FROM mark_case WHERE state IN ('open', 'taken', 'investigating', 'wrong') AND source <> ''
GROUP BY source ORDER BY 2 DESC, 1 LIMIT :most"""
OPENED_BY_MONTH = "SELECT source, substr(since, 1, 7), count(*) FROM mark_case WHERE source <> '' GROUP BY 1, 2"
SETTLED_BY_MONTH = """SELECT source, substr(settled_at, 1, 7), count(*) FROM mark_case
WHERE source <> '' AND settled_at <> '' GROUP BY 1, 2"""

# ---- the index, complaints ---------------------------------------------------------------------------------------------
RECORDS_OF = "SELECT resource, count(DISTINCT record_id), max(as_of) FROM member WHERE code = :code GROUP BY resource"
AT_PREMISES = """SELECT DISTINCT from_code FROM relation WHERE to_code = :code AND until = ''
AND type IN ('registered_at', 'operates_at')"""
LAST_CHANGE = "SELECT max(seq) FROM change"

# ---- who acts for an organisation ------------------------------------------------------------------------------------
FIRMS_OF = """SELECT DISTINCT to_code FROM relation WHERE from_code = :person AND type = 'legal_representative_of' AND until = ''
ORDER BY to_code"""
FIRM_OF = """SELECT 1 FROM relation WHERE from_code = :person AND to_code = :code AND type = 'legal_representative_of'
AND until = '' LIMIT 1"""
REPRESENTATIVES = """SELECT DISTINCT from_code FROM relation WHERE to_code = :code AND type = 'legal_representative_of' AND until = ''
ORDER BY from_code"""
