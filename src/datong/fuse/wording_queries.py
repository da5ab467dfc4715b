"""The SQL of confirmed wordings, on the working tables of a run."""

WORDINGS_BY_NUMBER = """
SELECT DISTINCT m.address, coalesce(s.built, t.node, c.node) AS node,
    CASE WHEN s.built IS NOT NULL THEN 'place' WHEN t.node IS NOT NULL THEN 'title_unit_no' ELSE 'certificate_no' END AS number,
    m.department
FROM premises_seen s JOIN mention m ON m.n = s.n
LEFT JOIN title_vote t ON t.key = s.title
LEFT JOIN certificate_vote c ON c.key = s.certificate
WHERE s.told IS NULL AND s.verdict <> 'vague' AND m.address IS NOT NULL AND coalesce(s.built, t.node, c.node) LIKE 'place:%'
ORDER BY ALL"""
"""Addresses that lead to no door, beside a number, or parts in columns, that do.
One that is only vague is never a name: others write it too."""

UNPLACED_TEXTS = "SELECT text FROM text_place WHERE place_id IS NULL AND verdict <> 'vague' ORDER BY text"

PLACE_CONFIRMED = """
UPDATE text_place SET place_id = c.place_id, verdict = NULL, reason = 'wording_confirmed', division = NULL FROM confirmed_text c
WHERE c.text = text_place.text"""

TELL_CONFIRMED = """
UPDATE premises_seen SET worded = c.place_id FROM mention m, confirmed_text c WHERE m.n = premises_seen.n AND m.address = c.text"""
