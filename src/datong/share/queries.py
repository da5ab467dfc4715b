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
USED_TODAY = """SELECT count(*) FROM ledger_line WHERE actor = :actor AND at >= :since AND purpose = :purpose
AND type IN ('read', 'unmask') AND body LIKE :agreement"""
FIRST_LINE = "SELECT at FROM ledger_line ORDER BY leaf_index LIMIT 1"

# ---- who looked ------------------------------------------------------------------------------------------------------
LOOKS_SINCE = """SELECT department, purpose, type, count(*) FROM ledger_line WHERE subject = :code AND at >= :since AND actor <> :actor
GROUP BY department, purpose, type"""

# ---- serial numbers ------------------------------------------------------------------------------------------------
NEXT_SERIAL = """INSERT INTO share_serial (name, last) VALUES (:name, 1)
ON CONFLICT (name) DO UPDATE SET last = share_serial.last + 1 RETURNING last"""

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
_CONSENT = "SELECT consent_id, subject, department, purpose, given_at, until, withdrawn_at FROM share_consent"
LIVE_CONSENT = """SELECT consent_id FROM share_consent WHERE subject = :subject AND department = :department AND purpose = :purpose
AND withdrawn_at = '' AND until > :at LIMIT 1"""
CONSENTS_OF = _CONSENT + " WHERE subject = :subject ORDER BY given_at DESC, consent_id DESC LIMIT 200"
ADD_CONSENT = """INSERT INTO share_consent (consent_id, subject, department, purpose, given_at, until, withdrawn_at)
VALUES (:consent_id, :subject, :department, :purpose, :given_at, :until, '')"""
WITHDRAW_CONSENT = """UPDATE share_consent SET withdrawn_at = :at
WHERE consent_id = :consent_id AND subject = :subject AND withdrawn_at = ''"""

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
DISPUTES_ON = _DISPUTE + " WHERE code = :code ORDER BY raised_at DESC, dispute_id DESC LIMIT 200"
DISPUTES_OPEN = _DISPUTE + " WHERE state IN ('raised', 'checking') AND {area} ORDER BY due, dispute_id LIMIT :limit"
DISPUTES_IN = _DISPUTE + " WHERE state = :state AND {area} ORDER BY due DESC, dispute_id DESC LIMIT :limit"
SAME_DISPUTE = """SELECT dispute_id FROM share_dispute WHERE code = :code AND field = :field AND raised_by = :raised_by
AND state IN ('raised', 'checking')"""
RAISED_SINCE = "SELECT count(*) FROM share_dispute WHERE raised_by = :raised_by AND raised_at >= :since"
OPEN_ON_FIELD = "SELECT count(*) FROM share_dispute WHERE code = :code AND field = :field AND state IN ('raised', 'checking')"
ADD_DISPUTE = """INSERT INTO share_dispute (dispute_id, code, field, raised_by, raised_kind, raised_at, what, state, answer, mark_id, due,
division, department, raiser_subject, settled_by, settled_at) VALUES (:dispute_id, :code, :field, :raised_by, :raised_kind, :raised_at,
:what, 'raised', '', :mark_id, :due, :division, :department, :raiser_subject, '', '')"""
MOVE_DISPUTE = """UPDATE share_dispute SET state = :state, answer = :answer, settled_by = :settled_by, settled_at = :settled_at
WHERE dispute_id = :dispute_id AND state IN ('raised', 'checking')"""
READERS_SINCE = """SELECT DISTINCT department, purpose FROM ledger_line WHERE subject = :code AND at >= :since
AND type IN ('read', 'unmask') AND department <> '' ORDER BY department, purpose"""

# ---- notices -------------------------------------------------------------------------------------------------------
ADD_NOTICE = """INSERT INTO share_notice (notice_id, subject, at, kind, body, read_at)
VALUES (:notice_id, :subject, :at, :kind, :body, '')"""
NOTICES_OF = """SELECT notice_id, at, kind, body, read_at FROM share_notice WHERE subject = :subject
ORDER BY at DESC, notice_id DESC LIMIT :limit"""
UNREAD = "SELECT count(*) FROM share_notice WHERE subject = :subject AND read_at = ''"
READ_NOTICE = "UPDATE share_notice SET read_at = :at WHERE notice_id = :notice_id AND subject = :subject AND read_at = ''"
