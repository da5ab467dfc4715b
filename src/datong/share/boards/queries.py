"""All SQL of the boards."""

from __future__ import annotations

COUNT_EXCHANGES = """INSERT INTO share_exchange (month, department, purpose, type, times)
SELECT substr(at, 1, 7), department, purpose, type, count(*) FROM ledger_line
WHERE leaf_index > :after AND leaf_index <= :until AND type IN ('read', 'unmask', 'refusal', 'push', 'delivery')
GROUP BY substr(at, 1, 7), department, purpose, type
ON CONFLICT (month, department, purpose, type) DO UPDATE SET times = share_exchange.times + excluded.times"""
NEWEST_LINE = "SELECT coalesce(max(leaf_index), -1) FROM ledger_line"
EXCHANGES = "SELECT month, department, purpose, type, times FROM share_exchange"
ROWS = (
    """SELECT resource, mode, as_of, delivery_id, receipt FROM delivery WHERE state = 'collected' ORDER BY resource, as_of, delivery_id"""
)
DISPUTES = """SELECT department, sum(CASE WHEN state IN ('corrected', 'upheld') AND substr(settled_at, 1, 10) <= due THEN 1 ELSE 0 END),
sum(CASE WHEN (state IN ('corrected', 'upheld') AND substr(settled_at, 1, 10) > due)
OR (state NOT IN ('corrected', 'upheld') AND due < :today) THEN 1 ELSE 0 END),
sum(CASE WHEN state NOT IN ('corrected', 'upheld') AND due >= :today THEN 1 ELSE 0 END)
FROM share_dispute WHERE department <> '' GROUP BY department"""
MARKS = """SELECT owner, count(*), sum(CASE WHEN due < :today THEN 1 ELSE 0 END) FROM mark_case
WHERE state IN ('open', 'taken', 'investigating', 'wrong') GROUP BY owner"""
ENTRIES = "SELECT kind, count(*) FROM entry GROUP BY kind"
DEMANDS = "SELECT state, count(*) FROM catalogue_demand GROUP BY state"
REQUESTS = "SELECT state, count(*) FROM share_request GROUP BY state"
LATE_REQUESTS = """SELECT providing, sum(CASE WHEN due < :today THEN 1 ELSE 0 END), sum(CASE WHEN due >= :today THEN 1 ELSE 0 END)
FROM share_request WHERE clock <> '' AND due <> '' GROUP BY providing"""
