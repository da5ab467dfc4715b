"""All SQL of services."""

from __future__ import annotations

# ---- definitions ---------------------------------------------------------------------------------------------------
KEEP_DEFINITION = """INSERT INTO service_definition (digest, service, pack, version, text, since)
VALUES (:digest, :service, :pack, :version, :text, :since) ON CONFLICT (digest) DO NOTHING"""
DEFINITION = "SELECT service, pack, version, text FROM service_definition WHERE digest = :digest"

# ---- cases ---------------------------------------------------------------------------------------------------------
_CASE = """SELECT case_id, service, digest, state, applicant, department, seq, body, form, facts, decision, begun_by, begun_at,
changed_at, ended_at FROM service_case"""
CASE = _CASE + " WHERE case_id = :case_id"
CASES_OF = _CASE + " WHERE applicant = :applicant ORDER BY begun_at DESC, case_id DESC LIMIT :most"
OPEN_CASES_OF = CASES_OF.replace("ORDER BY", "AND ended_at = '' ORDER BY")
CASES_BEGUN_BY = _CASE + " WHERE applicant = :applicant AND begun_by = :by ORDER BY begun_at DESC LIMIT :most"
ADD_CASE = """INSERT INTO service_case (case_id, service, digest, state, applicant, department, seq, body, form, facts, decision,
begun_by, begun_at, changed_at, ended_at) VALUES (:case_id, :service, :digest, :state, :applicant, :department, :seq, :body, :form,
:facts, :decision, :by, :at, :at, :ended_at)"""
MOVE_CASE = """UPDATE service_case SET state = :state, seq = :seq, body = :body, changed_at = :at, ended_at = :ended_at
WHERE case_id = :case_id AND seq = :before"""
STEP_CASE = MOVE_CASE.replace("state = :state, ", "", 1)
"""The same where the state stays: its index is left alone."""
SAID = "form = :form, facts = :facts, decision = :decision, body = :body"
MOVE_AND_SAY, STEP_AND_SAY = (one.replace("body = :body", SAID) for one in (MOVE_CASE, STEP_CASE))
"""Both with what the case holds beside its fold, where a step changed that as well."""

# ---- tasks ---------------------------------------------------------------------------------------------------------
TASK_COLUMNS = ("case_id", "code", "kind", "department", "state", "who", "secret", "due", "wake")
CHANGE_TASK = """UPDATE service_task SET state = :state, who = :who, due = :due, wake = :wake
WHERE case_id = :case_id AND code = :code"""
DROP_TASK = "DELETE FROM service_task WHERE case_id = :case_id AND code = :code"
DUE = "SELECT DISTINCT case_id FROM service_task WHERE wake <> '' AND wake < :day ORDER BY case_id LIMIT :most"
QUEUE = """SELECT t.case_id, t.code, t.kind, t.state, t.who, t.due, c.service, c.digest, c.state, c.begun_at
FROM service_task t JOIN service_case c ON c.case_id = t.case_id
WHERE t.department = :department AND t.state = :state AND (t.due > :after_due OR (t.due = :after_due AND t.case_id > :after_case))
ORDER BY t.due, t.case_id LIMIT :most"""
COUNT_QUEUE = """SELECT count(*) FROM (SELECT 1 FROM service_task WHERE department = :department AND state = :state
AND due < :until LIMIT 1000) counted"""
SEATS_OF = """SELECT case_id, code FROM service_task WHERE who = :who AND state = 'open' AND kind = 'seat' ORDER BY due LIMIT 100"""
SEAT_INVITED = "SELECT case_id, code FROM service_task WHERE secret = :hash AND state = 'open' AND kind = 'seat'"
MAY_SEE = "SELECT 1 FROM service_task WHERE case_id = :case_id AND department = :department LIMIT 1"

# ---- events --------------------------------------------------------------------------------------------------------
EVENT_COLUMNS = ("case_id", "seq", "kind", "at", "by_whom", "task", "data")
EVENTS = "SELECT kind, at, by_whom, task, data FROM service_event WHERE case_id = :case_id ORDER BY seq"

# ---- looked at again -----------------------------------------------------------------------------------------------
SEED = "SELECT seed FROM service_seed WHERE month = :month"
ADD_SEED = "INSERT INTO service_seed (month, seed, made_at) VALUES (:month, :seed, :at) ON CONFLICT (month) DO NOTHING"
ADD_SAMPLE = """INSERT INTO service_sample (case_id, service, department, month, state, note, by_whom, at)
VALUES (:case_id, :service, :department, :month, 'open', '', '', :at) ON CONFLICT (case_id) DO NOTHING"""
SAMPLES = """SELECT case_id, service, department, month, state, note, by_whom, at FROM service_sample
WHERE department = :department AND state = :state ORDER BY at, case_id LIMIT :most"""
SETTLE_SAMPLE = """UPDATE service_sample SET state = :state, note = :note, by_whom = :by, at = :at
WHERE case_id = :case_id AND department = :department AND state = 'open'"""

# ---- what an owner's pass opened while a form was filled -------------------------------------------------------------
KEEP_OPENED = """INSERT INTO service_opened (applicant, service, shown, facts, until) VALUES (:applicant, :service, :shown, :facts, :until)
ON CONFLICT (applicant, service, shown) DO UPDATE SET facts = excluded.facts, until = excluded.until"""
OPENED = "SELECT facts FROM service_opened WHERE applicant = :applicant AND service = :service AND shown = :shown AND until > :at"
DROP_OPENED = "DELETE FROM service_opened WHERE until <= :at OR (applicant = :applicant AND service = :service AND shown = :shown)"

# ---- places ----------------------------------------------------------------------------------------------------------
WAITING_FOR_PLACES = """SELECT t.case_id FROM service_task t JOIN service_case c ON c.case_id = t.case_id
WHERE c.service = :service AND c.state = 'accepted' AND t.code = :task AND t.state = 'open' ORDER BY t.case_id"""
ADD_ALLOCATION = """INSERT INTO service_allocation (allocation_id, service, choice, places, seed, body, by_whom, at)
VALUES (:id, :service, :choice, :places, :seed, :body, :by, :at)"""
ALLOCATION = "SELECT service, choice, places, seed, body, by_whom, at FROM service_allocation WHERE allocation_id = :id"

# ---- tested again ----------------------------------------------------------------------------------------------------
TESTED_CASES = _CASE + " WHERE service = :service AND decision <> '' ORDER BY case_id"

# ---- how long it took ------------------------------------------------------------------------------------------------
GRANTED_ITEMS = "SELECT DISTINCT service FROM service_case WHERE state = 'granted' ORDER BY service"
GRANTED_TIMES = """SELECT begun_at, ended_at FROM service_case WHERE service = :service AND state = 'granted'
ORDER BY begun_at DESC LIMIT :most"""
