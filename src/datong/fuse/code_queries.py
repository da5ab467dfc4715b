"""The SQL by which lone numbers keep or get their codes, on a run's working tables (DuckDB)."""

KNOWN_CONTESTED = """
SELECT code FROM (
    SELECT k.code, l.anchor AS cluster FROM known k JOIN lone l ON l.anchor = k.anchor
    UNION ALL SELECT k.code, c.cluster FROM known k JOIN claim c ON c.anchor = k.anchor
) GROUP BY code HAVING count(DISTINCT cluster) > 1"""

CONTESTED_LONE = """
SELECT l.anchor, l.size FROM lone l JOIN known k ON k.anchor = l.anchor WHERE k.code IN (SELECT code FROM contested) ORDER BY l.anchor"""

DROP_CONTESTED = """
DELETE FROM lone WHERE anchor IN (SELECT k.anchor FROM known k WHERE k.code IN (SELECT code FROM contested))"""

KNOWN_OF_CLAIMS = "SELECT DISTINCT k.anchor, k.code FROM known k JOIN claim c ON c.anchor = k.anchor ORDER BY k.anchor"

LONE_KNOWN = "CREATE OR REPLACE TABLE lone_code AS SELECT l.anchor, k.code FROM lone l JOIN known k ON k.anchor = l.anchor"

LONE_NEW = "SELECT anchor FROM lone WHERE anchor NOT IN (SELECT anchor FROM known) ORDER BY anchor"
