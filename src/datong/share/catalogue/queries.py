"""All SQL of the catalogue."""

from __future__ import annotations

_ITEM = """SELECT resource, number, code, department, system, title, sharing_class, cycle, origin, state, step, version, draft, conflicts,
entered_by, signed_by, changed_at, published_at FROM catalogue_item"""
ITEM = _ITEM + " WHERE resource = :resource"
ITEM_BY_TITLE = _ITEM + " WHERE department = :department AND title = :title ORDER BY number LIMIT 1"
IN_CONFLICT = _ITEM + " WHERE conflicts > 0 AND state = 'published' ORDER BY number LIMIT :most"
KEEP_ITEM = """INSERT INTO catalogue_item (resource, number, code, department, system, title, sharing_class, cycle, origin, state, step,
version, draft, search, conflicts, entered_by, signed_by, changed_at, published_at) VALUES (:resource, :number, :code, :department, :system,
:title, :sharing_class, :cycle, :origin, :state, :step, :version, :draft, :search, :conflicts, :entered_by, :signed_by, :changed_at,
:published_at)
ON CONFLICT (resource) DO UPDATE SET code = excluded.code, department = excluded.department, system = excluded.system,
title = excluded.title, sharing_class = excluded.sharing_class, cycle = excluded.cycle, state = excluded.state, step = excluded.step,
version = excluded.version, draft = excluded.draft, search = excluded.search, conflicts = excluded.conflicts,
entered_by = excluded.entered_by, signed_by = excluded.signed_by, changed_at = excluded.changed_at, published_at = excluded.published_at"""
RANK = "CASE WHEN lower(title) LIKE :first ESCAPE '!' THEN 0 ELSE 1 END"
FIND = _ITEM.replace(" FROM", f", {RANK} FROM") + " WHERE {where} ORDER BY " + RANK + ", number LIMIT :most"
HOW_MANY = "SELECT count(*) FROM catalogue_item WHERE {where}"
PUBLISHED = """SELECT i.resource, v.body, v.version, v.published_at FROM catalogue_item i
JOIN catalogue_version v ON v.resource = i.resource AND v.version = i.version
WHERE i.state = 'published' AND (:department = '' OR i.department = :department) ORDER BY i.number"""

ADD_VERSION = """INSERT INTO catalogue_version (resource, version, body, published_at, by_whom, note)
VALUES (:resource, :version, :body, :published_at, :by_whom, :note)"""
VERSION = "SELECT version, body, published_at, by_whom, note FROM catalogue_version WHERE resource = :resource AND version = :version"
VERSIONS = (
    "SELECT version, body, published_at, by_whom, note FROM catalogue_version WHERE resource = :resource ORDER BY version DESC LIMIT 50"
)

ADD_STEP = """INSERT INTO catalogue_step (resource, seq, at, act, by_whom, department, note)
SELECT :resource, coalesce(max(seq), 0) + 1, :at, :act, :by_whom, :department, :note FROM catalogue_step WHERE resource = :resource"""
STEPS = "SELECT at, act, by_whom, department, note FROM catalogue_step WHERE resource = :resource ORDER BY seq DESC LIMIT 100"

_CLOCK = "SELECT resource, kind, started, department, due, extended, ended, why FROM catalogue_clock"
CLOCKS_OF = _CLOCK + " WHERE resource = :resource ORDER BY started DESC"
RUNNING = _CLOCK + " WHERE ended = '' ORDER BY due LIMIT :most"
START_CLOCK = """INSERT INTO catalogue_clock (resource, kind, started, department, due, extended, ended, why)
VALUES (:resource, :kind, :started, :department, :due, 0, '', :why)
ON CONFLICT (resource, kind, started) DO UPDATE SET due = excluded.due, ended = '', why = excluded.why"""
END_CLOCK = "UPDATE catalogue_clock SET ended = :day WHERE resource = :resource AND kind = :kind AND ended = ''"
EXTEND_CLOCK = """UPDATE catalogue_clock SET due = :due, extended = :days WHERE resource = :resource AND kind = 'update' AND ended = ''
AND extended = 0"""
CLOCKS_KEPT = """SELECT department, kind, sum(CASE WHEN ended <> '' AND ended <= due THEN 1 ELSE 0 END),
sum(CASE WHEN (ended <> '' AND ended > due) OR (ended = '' AND :today > due) THEN 1 ELSE 0 END),
sum(CASE WHEN ended = '' AND :today <= due THEN 1 ELSE 0 END) FROM catalogue_clock GROUP BY department, kind ORDER BY department, kind"""

SYSTEMS = """SELECT s.system_id, s.department, s.title, s.what_for, s.in_use, count(i.resource) FROM catalogue_system s
LEFT JOIN catalogue_item i ON i.department = s.department AND i.system = s.title AND i.state <> 'withdrawn'
WHERE (:department = '' OR s.department = :department) GROUP BY s.system_id, s.department, s.title, s.what_for, s.in_use
ORDER BY s.department, s.system_id"""
FIND_SYSTEM = "SELECT system_id FROM catalogue_system WHERE department = :department AND title = :title"
KEEP_SYSTEM = "UPDATE catalogue_system SET what_for = :what_for WHERE department = :department AND title = :title"
ADD_SYSTEM = """INSERT INTO catalogue_system (system_id, department, title, what_for, in_use, entered_at)
VALUES (:system_id, :department, :title, '', 1, :at) ON CONFLICT (department, title) DO NOTHING"""

BY_DEPARTMENT = """SELECT department, sharing_class, count(*) FROM catalogue_item WHERE state = 'published'
GROUP BY department, sharing_class ORDER BY department"""
CYCLES = "SELECT resource, department, cycle FROM catalogue_item WHERE state = 'published'"
COUNT_SYSTEMS = "SELECT department, count(*) FROM catalogue_system WHERE in_use = 1 GROUP BY department"

DELIVERED = """SELECT count(*), max(as_of), max(received_at) FROM delivery WHERE resource = :resource AND state = 'collected'"""
LAST_DELIVERIES = """SELECT delivery_id, as_of, received_at, mode, receipt FROM delivery WHERE resource = :resource AND state = 'collected'
ORDER BY as_of DESC, delivery_id DESC LIMIT 5"""

# ---- demand --------------------------------------------------------------------------------------------------------
ADD_DEMAND = """INSERT INTO catalogue_demand (demand_id, department, providing, resource, title, purpose, why, state, answer, entered_at,
entered_by, settled_at) VALUES (:demand_id, :department, :providing, :resource, :title, :purpose, :why, 'open', '', :at, :by, '')"""
_DEMAND = """SELECT demand_id, department, providing, resource, title, purpose, why, state, answer, entered_at, settled_at
FROM catalogue_demand"""
DEMANDS = _DEMAND + " WHERE (:state = '' OR state = :state) ORDER BY entered_at DESC, demand_id DESC"
DEMAND = _DEMAND + " WHERE demand_id = :demand_id"
SETTLE_DEMAND = """UPDATE catalogue_demand SET state = :state, answer = :answer, resource = :resource, settled_at = :at
WHERE demand_id = :demand_id"""
REFUSED_LINES = """SELECT leaf_index, at, department, purpose, body FROM ledger_line
WHERE leaf_index > :after AND leaf_index <= :until AND type = 'refusal' ORDER BY leaf_index"""
NEWEST_LINE = "SELECT coalesce(max(leaf_index), -1) FROM ledger_line"
COUNT_REFUSED = """INSERT INTO catalogue_refused (department, purpose, register, field, ground, times, first_at, last_at)
VALUES (:department, :purpose, :register, :field, :ground, :times, :first_at, :last_at)
ON CONFLICT (department, purpose, register, field, ground) DO UPDATE SET times = catalogue_refused.times + excluded.times,
last_at = excluded.last_at"""
REFUSED_REQUESTS = """SELECT requesting, providing, resource, title, purpose, made_at FROM share_request WHERE state = 'refused'
ORDER BY made_at"""
REFUSED = "SELECT department, purpose, register, field, ground, times, first_at, last_at FROM catalogue_refused"
