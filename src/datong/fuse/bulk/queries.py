"""The set-wise SQL of linking by numbers: one text for DuckDB and Spark.

Only what both engines do alike: scan, join, group, sort. No function on text, no hash, no division. A test runs both.
"""

KEY_COUNTS = """
SELECT kind, key, count(*) AS mentions FROM {keys} WHERE problem = 0 GROUP BY kind, key
"""

ALL_KEYS = """
SELECT kind, key, CAST(sum(mentions) AS BIGINT) AS mentions FROM key_counts GROUP BY kind, key
"""

REGISTER = """
SELECT coalesce(now.kind, old.kind) AS kind, coalesce(now.key, old.key) AS key, coalesce(now.mentions, 0) AS mentions,
       old.subject AS subject, old.code AS code
FROM ({all_keys}) now FULL OUTER JOIN known old ON now.key = old.key
ORDER BY kind, key
"""

LINKS = """
SELECT ranges.part AS part, ranges.subject AS subject, given.file_no AS file_no, given.row_no AS row_no
FROM {keys} given JOIN ranges ON given.key = ranges.key WHERE given.problem = 0
"""

SORTED_LINKS = """
SELECT subject, file_no, row_no FROM {part} ORDER BY subject, file_no, row_no
"""

PROBLEMS = """
SELECT file_no, problem, count(*) AS mentions FROM {keys} GROUP BY file_no, problem
"""
