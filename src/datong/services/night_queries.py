"""All SQL of the nightly test and of what it leaves to people."""

from __future__ import annotations

COUNTED = (
    "cases",
    "people",
    "ineligible_cases",
    "ineligible_people",
    "refused",
    "not_paid",
    "retested",
    "retested_people",
    "changed",
    "down",
)
_RUN = f"SELECT service, night, state, after_case, version, began_at, changed_at, {', '.join(COUNTED)} FROM service_retest"  # noqa: S608
LAST_RUN = _RUN + " WHERE service = :service ORDER BY night DESC LIMIT 1"
LAST_DONE = _RUN + " WHERE service = :service AND state = 'done' ORDER BY night DESC LIMIT 1"
BEGIN_RUN = f"""INSERT INTO service_retest (service, night, state, after_case, version, began_at, changed_at, {", ".join(COUNTED)})
VALUES (:service, :night, 'running', '', '', :at, :at, {", ".join("0" for _ in COUNTED)}) ON CONFLICT (service, night) DO NOTHING"""  # noqa: S608
MOVE_RUN = f"""UPDATE service_retest SET state = :state, after_case = :after_case, version = :version, changed_at = :at,
{", ".join(f"{name} = {name} + :{name}" for name in COUNTED)}
WHERE service = :service AND night = :night AND state = 'running' AND after_case = :before"""  # noqa: S608
TESTED_AFTER = """SELECT case_id, service, digest, state, applicant, department, seq, body, form, facts, decision, begun_by, begun_at,
changed_at, ended_at FROM service_case WHERE service = :service AND case_id > :after AND decision <> '' ORDER BY case_id LIMIT :most"""
_REVIEW = "SELECT case_id, night, service, department, state, was, now_is, rule, version, due, note, by_whom, at FROM service_review"
LAST_REVIEW = _REVIEW + " WHERE case_id = :case_id ORDER BY night DESC LIMIT 1"
REVIEWS = _REVIEW + " WHERE department = :department AND state = :state ORDER BY due, case_id LIMIT :most"
ADD_REVIEW = """INSERT INTO service_review (case_id, night, service, department, state, was, now_is, rule, version, due, note, by_whom, at)
VALUES (:case_id, :night, :service, :department, 'open', :was, :now_is, :rule, :version, :due, '', '', :at)
ON CONFLICT (case_id, night) DO NOTHING"""
SETTLE_REVIEW = """UPDATE service_review SET state = :state, note = :note, by_whom = :by, at = :at
WHERE case_id = :case_id AND night = :night AND department = :department AND state = 'open'"""
REVIEWS_COUNTED = "SELECT service, state, count(*) FROM service_review WHERE department = :department GROUP BY service, state"
