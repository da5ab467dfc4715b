"""All SQL of windows."""

from __future__ import annotations

_VISIT = "SELECT visit_id, number, unit, taken_at, called_at FROM window_visit"
ADD = """INSERT INTO window_visit (visit_id, day, number, department, unit, service, case_id, taken_at, called_at, begun_at, left_at)
VALUES (:visit_id, :day, :number, :department, :unit, :service, :case_id, :taken_at, :called_at, :begun_at, '')"""
WAITING = (
    _VISIT
    + """ WHERE department = :department AND day = :day AND number > 0 AND begun_at = '' AND left_at = ''
ORDER BY number LIMIT 200"""
)
CALL = """UPDATE window_visit SET called_at = :at, unit = :unit WHERE visit_id = :visit_id AND department = :department AND day = :day
AND called_at = '' AND begun_at = '' AND left_at = ''"""
LEAVE = (
    """UPDATE window_visit SET left_at = :at WHERE visit_id = :visit_id AND department = :department AND begun_at = '' AND left_at = ''"""
)
BEGUN = """UPDATE window_visit SET begun_at = :at, case_id = :case_id, service = :service WHERE visit_id = :visit_id
AND department = :department AND unit = :unit AND called_at <> '' AND begun_at = '' AND left_at = ''"""
VISITS = """SELECT visit_id, department, unit, service, taken_at, called_at, begun_at, left_at FROM window_visit
WHERE day >= :since AND day <= :until AND (called_at <> '' OR left_at <> '') ORDER BY day, visit_id LIMIT :most"""
TAKEN_IN = """SELECT v.visit_id, e.at, e.data FROM window_visit v JOIN service_event e ON e.case_id = v.case_id AND e.kind = 'moved'
WHERE v.day >= :since AND v.day <= :until AND v.case_id <> '' ORDER BY v.visit_id, e.seq"""
