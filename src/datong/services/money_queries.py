"""All SQL of the line of money and of clocks that run in hours of the day."""

from __future__ import annotations

_ORDER = "SELECT case_id, step, round, tries, department, service, state, amount, next_at, number, why, began_at, at FROM service_money"
OPEN_STEPS = """SELECT t.case_id, t.code FROM service_task t WHERE t.department = :department AND t.state = 'open' AND t.kind = 'task'
AND t.who = '' AND NOT EXISTS (SELECT 1 FROM service_money m WHERE m.case_id = t.case_id AND m.step = t.code
AND m.state IN ('waiting', 'dead')) ORDER BY t.due, t.case_id LIMIT :most"""
ROUNDS = "SELECT count(*) FROM service_money WHERE case_id = :case_id AND step = :step"
ADD_ORDER = """INSERT INTO service_money (case_id, step, round, tries, department, service, state, amount, next_at, number,
why, began_at, at) VALUES (:case_id, :step, :round, 0, :department, :service, 'waiting', :amount, :at, '', '', :at, :at)
ON CONFLICT (case_id, step, round) DO NOTHING"""
DUE_ORDERS = _ORDER + " WHERE state = 'waiting' AND next_at <= :at ORDER BY next_at, case_id LIMIT :most"
ORDERS_OF = _ORDER + " WHERE case_id = :case_id ORDER BY began_at, round"
DEAD_ORDERS = _ORDER + " WHERE state = 'dead' ORDER BY at DESC LIMIT :most"
MOVE_ORDER = """UPDATE service_money SET state = :state, tries = :tries, next_at = :next_at, number = :number, why = :why, at = :at
WHERE case_id = :case_id AND step = :step AND round = :round AND state = :was AND tries = :before"""

NOTE_FILED = """INSERT INTO service_filed (item, number, case_id) VALUES (:item, :number, :case_id)
ON CONFLICT (item, number, case_id) DO NOTHING"""
FILED = """SELECT DISTINCT f.number FROM service_filed f JOIN service_case c ON c.case_id = f.case_id
WHERE f.item = :item AND c.state NOT IN (:e0, :e1, :e2, :e3)"""
LATE = """SELECT c.case_id FROM service_case c WHERE c.department = :department AND c.state = :state AND c.begun_at <= :before
AND c.service = :service AND NOT EXISTS (SELECT 1 FROM service_event e WHERE e.case_id = c.case_id AND e.kind = 'late')
ORDER BY c.begun_at LIMIT :most"""
