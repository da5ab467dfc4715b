"""All SQL of what stands around a case: drafts, papers, notes, ratings, what was saved."""

from __future__ import annotations

# ---- drafts --------------------------------------------------------------------------------------------------------
_DRAFT = "SELECT draft_id, service, body, changed_at, until FROM service_draft"
DRAFTS_OF = _DRAFT + " WHERE owner = :owner AND until >= :day ORDER BY changed_at DESC LIMIT 50"
DRAFT = _DRAFT + " WHERE draft_id = :id AND owner = :owner AND until >= :day"
KEEP_DRAFT = """INSERT INTO service_draft (draft_id, owner, service, body, made_at, changed_at, until)
VALUES (:id, :owner, :service, :body, :at, :at, :until)
ON CONFLICT (draft_id) DO UPDATE SET body = excluded.body, changed_at = excluded.changed_at, until = excluded.until
WHERE service_draft.owner = :owner"""
DROP_DRAFT = "DELETE FROM service_draft WHERE draft_id = :id AND owner = :owner"
DROP_OLD_DRAFTS = "DELETE FROM service_draft WHERE until < :day"

# ---- papers handed in ----------------------------------------------------------------------------------------------
ADD_PAPER = """INSERT INTO service_paper (paper_id, case_id, code, name, media_type, sha256, by_whom, at, size)
VALUES (:id, :case_id, :code, :name, :media_type, :sha256, :by, :at, :size)"""
_PAPER = "SELECT code, name, media_type, size, sha256, paper_id, at FROM service_paper"
PAPERS = _PAPER + " WHERE case_id = :case_id ORDER BY at, paper_id"
PAPER = _PAPER + " WHERE case_id = :case_id AND paper_id = :id"

# ---- consents taken back ---------------------------------------------------------------------------------------------
TAKEN_BACK = "SELECT seat FROM service_taken_back WHERE case_id = :case_id"
TAKE_BACK = "INSERT INTO service_taken_back (case_id, seat, at) VALUES (:case_id, :seat, :at) ON CONFLICT (case_id, seat) DO NOTHING"
SAT = """SELECT t.case_id, t.code, coalesce(b.at, '') FROM service_task t LEFT JOIN service_taken_back b
ON b.case_id = t.case_id AND 'seat:' || b.seat = t.code
WHERE t.who = :who AND t.kind = 'seat' AND t.state = 'done' ORDER BY t.case_id DESC LIMIT 100"""

# ---- notes with a code ---------------------------------------------------------------------------------------------
ADD_NOTE = "INSERT INTO service_note (secret_hash, case_id, kind, by_whom, at) VALUES (:hash, :case_id, :kind, :by, :at)"
NOTE = "SELECT case_id, kind FROM service_note WHERE secret_hash = :hash"

# ---- ratings -------------------------------------------------------------------------------------------------------
_RATING = "SELECT case_id, service, department, state, grade, again, words, at, contact_due, due, answer, answered_at FROM service_rating"
RATING = _RATING + " WHERE case_id = :case_id"
RATINGS = _RATING + " WHERE department = :department AND state = :state ORDER BY due, case_id LIMIT :most"
ADD_RATING = """INSERT INTO service_rating (case_id, service, department, state, grade, again, words, at, contact_due, due, answer,
answered_by, answered_at) VALUES (:case_id, :service, :department, :state, :grade, 0, :words, :at, :contact_due, :due, '', '', '')
ON CONFLICT (case_id) DO NOTHING"""
RATE_AGAIN = "UPDATE service_rating SET again = :grade WHERE case_id = :case_id AND state = 'answered' AND again = 0"
ANSWER_RATING = """UPDATE service_rating SET state = 'answered', answer = :answer, answered_by = :by, answered_at = :at
WHERE case_id = :case_id AND department = :department AND state = 'open'"""
RATINGS_COUNTED = """SELECT count(*), sum(CASE WHEN grade <= :bad THEN 1 ELSE 0 END), sum(CASE WHEN state = 'answered' THEN 1 ELSE 0 END),
sum(CASE WHEN state = 'open' AND due < :day THEN 1 ELSE 0 END) FROM service_rating WHERE department = :department"""

# ---- what was saved ------------------------------------------------------------------------------------------------
COUNTED_UNTIL = "SELECT ended_at, case_id FROM service_benefit ORDER BY ended_at DESC, case_id DESC LIMIT 1"
ENDED_SINCE = """SELECT case_id, service, digest, department, state, body, facts, begun_by, begun_at, ended_at FROM service_case
WHERE ended_at <> '' AND (ended_at > :after OR (ended_at = :after AND case_id > :case_id)) AND ended_at < :before
ORDER BY ended_at, case_id LIMIT :most"""
ADD_BENEFIT = """INSERT INTO service_benefit (case_id, service, department, month, state, ended_at, online, visits, papers, fees, days)
VALUES (:case_id, :service, :department, :month, :state, :ended_at, :online, :visits, :papers, :fees, :days)
ON CONFLICT (case_id) DO UPDATE SET month = excluded.month, state = excluded.state, ended_at = excluded.ended_at,
visits = excluded.visits, papers = excluded.papers, fees = excluded.fees, days = excluded.days"""
DROP_BENEFIT = "DELETE FROM service_benefit WHERE case_id = :case_id"
BENEFITS = """SELECT month, service, count(*), sum(CASE WHEN state = 'granted' THEN 1 ELSE 0 END), sum(online), sum(visits), sum(papers),
sum(fees), sum(days) FROM service_benefit WHERE month >= :since AND month <= :until GROUP BY month, service ORDER BY month, service"""

# ---- everything somebody has to do with ----------------------------------------------------------------------------
CASES_OF_MANY = """SELECT case_id, service, digest, state, applicant, begun_at, changed_at FROM service_case
WHERE applicant IN ({marks}) ORDER BY changed_at DESC LIMIT 200"""

WAIT = "SELECT tries, next_at, until FROM service_wait WHERE case_id = :case_id"
ADD_WAIT = "INSERT INTO service_wait (case_id, tries, next_at, until) VALUES (:case_id, 0, :next_at, :until)"
MOVE_WAIT = "UPDATE service_wait SET tries = :tries, next_at = :next_at WHERE case_id = :case_id"
DROP_WAIT = "DELETE FROM service_wait WHERE case_id = :case_id"
WAITS_DUE = """SELECT case_id, tries, next_at, until FROM service_wait WHERE next_at <> '' AND next_at <= :at
ORDER BY next_at, case_id LIMIT :most"""
