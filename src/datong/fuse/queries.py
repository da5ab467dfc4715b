"""The SQL of fusion: set-wise statements on DuckDB first, then the store's."""

# --- the working tables of a run (DuckDB) -----------------------------------------------------------------------------

MAKE_MENTION = """
CREATE SEQUENCE mention_n;
CREATE TABLE mention (
    n BIGINT, kind VARCHAR, resource VARCHAR, record_id VARCHAR, role VARCHAR, department VARCHAR,
    delivery_id VARCHAR, as_of VARCHAR, weak BOOLEAN, {evidence}, body VARCHAR
)"""

MAKE_STRUCTURE = "CREATE TABLE structure (resource VARCHAR, record_id VARCHAR, role VARCHAR, as_of VARCHAR, {structure})"

MAKE_JUDGED_REF = "CREATE TABLE judged_ref (ref VARCHAR)"

MAKE_TIE_RULE = "CREATE TABLE tie_rule (resource VARCHAR, from_role VARCHAR, to_role VARCHAR, type VARCHAR)"

ADD_MENTIONS = """
INSERT INTO mention
SELECT nextval('mention_n'), {kind}, {resource}, record_id, {role}, {department}, delivery_id, as_of, {weak}, {evidence}, {body}
FROM (SELECT * REPLACE (coalesce(problems, '') AS problems) FROM records)
WHERE {anything} IS NOT NULL"""

MAKE_PLACE_CHANGE = """
CREATE TABLE place_change (
    resource VARCHAR, record_id VARCHAR, role VARCHAR, place_change VARCHAR, place_changed_on VARCHAR, {structure}
)"""

ADD_PLACE_CHANGE = "INSERT INTO place_change SELECT {resource}, record_id, {role}, {change}, {day}, {structure} FROM records"

PLACE_CHANGES = "SELECT * FROM place_change ORDER BY resource, record_id, role"

ADD_STRUCTURE = "INSERT INTO structure SELECT {resource}, record_id, {role}, as_of, {structure} FROM records"

BODY = """
'{{"f":{{' || ltrim({facts}, ',') || '}}'
|| CASE WHEN {raws} = '' THEN '' ELSE ',"w":{{' || ltrim({raws}, ',') || '}}' END
|| CASE WHEN problems = '' THEN '' ELSE ',"b":{{' || ltrim({unsound}, ',') || '}}' END
|| CASE WHEN {ties} = '' THEN '' ELSE ',"r":[' || ltrim({ties}, ',') || ']' END"""
"""The body lacks its closing brace: linking appends what it found and closes it."""

BESIDE = "CREATE TABLE beside (n BIGINT)"
"""Mentions at hand only to vouch for others of their record; always empty in a whole run."""

LINK = """
CREATE TABLE link (n BIGINT, code VARCHAR, rule VARCHAR, score DOUBLE, evidence VARCHAR)"""

# --- premises ------------------------------------------------------------------------------------------------------------

STRUCTURED_ROWS = "SELECT * FROM structure ORDER BY resource, record_id, role"

MAKE_TEXT_PLACE = """
CREATE OR REPLACE TABLE text_place (
    text VARCHAR, place_id VARCHAR, verdict VARCHAR, reason VARCHAR, division VARCHAR, code VARCHAR
)"""

ADDRESS_TEXTS = """
SELECT DISTINCT text FROM (
    SELECT address AS text FROM mention UNION ALL
    SELECT registered_address FROM mention UNION ALL
    SELECT operating_address FROM mention
) WHERE text IS NOT NULL ORDER BY text"""

PREMISES_SEEN = """
CREATE TABLE premises_seen AS
SELECT m.n, a.place_id AS built, a.resource IS NOT NULL AS above, t.verdict, t.reason,
    CASE WHEN t.reason IS DISTINCT FROM 'wording_confirmed' THEN t.place_id END AS told,
    CASE WHEN t.reason = 'wording_confirmed' THEN t.place_id END AS worded,
    'title:' || m.title_unit_no AS title,
    'certificate:' || m.certificate_no AS certificate,
    'account:' || m.department || ':' || m.account_no AS account
FROM mention m
LEFT JOIN placed a ON a.resource = m.resource AND a.record_id = m.record_id AND a.role = m.role
LEFT JOIN text_place t ON t.text = m.address
WHERE m.kind = 'premises' AND m.n NOT IN (SELECT n FROM beside)"""

KEY_VOTES = """
CREATE OR REPLACE TABLE {table} AS
WITH votes AS (
    SELECT {key} AS key, {node} AS node, sum({weight}) AS weight FROM {seen} WHERE {key} IS NOT NULL AND {node} IS NOT NULL GROUP BY ALL
), ranked AS (
    SELECT key, node, weight, row_number() OVER (PARTITION BY key ORDER BY weight DESC, node) AS rank,
        lead(weight) OVER (PARTITION BY key ORDER BY weight DESC, node) AS next_weight
    FROM votes
)
SELECT key, CASE WHEN next_weight IS NULL OR weight >= 2 * next_weight THEN node END AS node FROM ranked WHERE rank = 1"""
"""Which subject a secondary number leads to: the one most records name, when at least twice as many as the next."""

PREMISES_NODES = """
CREATE TABLE premises_node AS
SELECT s.n,
    coalesce(s.built, t.node, CASE WHEN t.key IS NULL THEN s.title END, s.told, s.worded, c.node, a.node) AS node,
    CASE WHEN s.built IS NOT NULL THEN 'place' WHEN t.node IS NOT NULL OR (t.key IS NULL AND s.title IS NOT NULL) THEN 'title_unit_no'
        WHEN s.told IS NOT NULL THEN 'address' WHEN s.worded IS NOT NULL THEN 'confirmed_wording'
        WHEN c.node IS NOT NULL THEN 'certificate_no' WHEN a.node IS NOT NULL THEN 'account_no'
        WHEN t.key IS NOT NULL OR c.key IS NOT NULL OR a.key IS NOT NULL THEN 'ambiguous_number'
        WHEN s.verdict IS NOT NULL THEN s.verdict || '_address'
        WHEN s.above THEN 'above_doors' ELSE 'no_number' END AS rule,
    s.reason
FROM premises_seen s
LEFT JOIN title_vote t ON t.key = s.title
LEFT JOIN certificate_vote c ON c.key = s.certificate
LEFT JOIN account_vote a ON a.key = s.account"""

# --- organisations and people ------------------------------------------------------------------------------------------------

ORGANISATION_SEEN = """
CREATE TABLE organisation_seen AS
SELECT m.n, c.anchor AS uscc, r.anchor AS registration, 'account:' || m.department || ':' || m.account_no AS account
FROM mention m
LEFT JOIN credit_reading c ON c.text = m.credit_code
LEFT JOIN registration_reading r ON r.text = m.registration_no
WHERE m.kind = 'organisation' AND m.n NOT IN (SELECT n FROM beside)"""

ORGANISATION_NODES = """
CREATE OR REPLACE TABLE organisation_node AS
SELECT s.n, coalesce(s.uscc, r.node, CASE WHEN r.key IS NULL THEN s.registration END, a.node) AS node,
    CASE WHEN s.uscc IS NOT NULL THEN 'credit_code' WHEN s.registration IS NOT NULL AND (r.node IS NOT NULL OR r.key IS NULL)
        THEN 'registration_no' WHEN a.node IS NOT NULL THEN 'account_no' ELSE 'open' END AS rule
FROM organisation_seen s
LEFT JOIN registration_vote r ON r.key = s.registration
LEFT JOIN account_vote a ON a.key = s.account"""

PERSON_NODES = """
CREATE OR REPLACE TABLE person_node AS
SELECT m.n, CASE WHEN NOT m.weak AND NOT b.n IS NOT NULL THEN i.anchor END AS node,
    CASE WHEN i.anchor IS NULL THEN 'open' WHEN m.weak THEN 'open' WHEN b.n IS NOT NULL THEN 'borrowed' ELSE 'citizen_id' END AS rule
FROM mention m
LEFT JOIN id_reading i ON i.text = m.citizen_id
LEFT JOIN borrowed b ON b.n = m.n
WHERE m.kind = 'person' AND m.n NOT IN (SELECT n FROM beside)"""

DISTINCT_NUMBERS = "SELECT DISTINCT {column} FROM mention WHERE kind = '{kind}' AND {column} IS NOT NULL ORDER BY 1"

NAMES_OF_NUMBERS = """
WITH named AS (
    SELECT i.anchor, m.name, m.former_name, m.resource FROM mention m JOIN id_reading i ON i.text = m.citizen_id
    WHERE m.kind = 'person' AND NOT m.weak AND i.anchor IS NOT NULL AND m.name IS NOT NULL
), several AS (
    SELECT anchor FROM named GROUP BY anchor HAVING count(DISTINCT name) > 1
)
SELECT DISTINCT anchor, name, resource FROM (
    SELECT anchor, name, resource FROM named UNION ALL
    SELECT anchor, former_name, 'former:' || resource FROM named WHERE former_name IS NOT NULL
) WHERE anchor IN (SELECT anchor FROM several) ORDER BY ALL"""

BORROWED = """
CREATE OR REPLACE TABLE borrowed AS
SELECT m.n FROM mention m JOIN id_reading i ON i.text = m.citizen_id
JOIN borrowed_name b ON b.anchor = i.anchor AND b.name = m.name AND b.resource = m.resource
WHERE m.kind = 'person'"""

FORGET_VOUCHERS = "DELETE FROM voucher"

VOUCHERS = """
CREATE TABLE IF NOT EXISTS voucher (n BIGINT, fact VARCHAR, value VARCHAR)"""
"""What the rest of its record says of a mention: the premises it is tied to, the organisation, relatives' names."""

PLACES_OF_MENTIONS = """
INSERT INTO voucher
SELECT DISTINCT n, 'place', code FROM (
    SELECT m.n, t.code FROM mention m JOIN text_place t ON t.text = m.address WHERE m.kind <> 'premises' AND t.code <> ''
    UNION ALL
    SELECT m.n, t.code FROM mention m JOIN text_place t ON t.text = m.registered_address WHERE t.code <> ''
    UNION ALL
    SELECT m.n, t.code FROM mention m JOIN text_place t ON t.text = m.operating_address WHERE t.code <> ''
    UNION ALL
    SELECT m.n, l.code FROM mention m
    JOIN tie_rule r ON r.resource = m.resource AND r.from_role = m.role
    JOIN mention o ON o.resource = m.resource AND o.record_id = m.record_id AND o.role = r.to_role AND o.kind = 'premises'
    JOIN link l ON l.n = o.n
    WHERE m.kind <> 'premises' AND l.code <> ''
)"""

ORGANISATIONS_OF_MENTIONS = """
INSERT INTO voucher
SELECT DISTINCT m.n, 'organisation', l.code FROM mention m
JOIN tie_rule r ON r.resource = m.resource AND r.from_role = m.role
JOIN mention o ON o.resource = m.resource AND o.record_id = m.record_id AND o.role = r.to_role AND o.kind = 'organisation'
JOIN link l ON l.n = o.n
WHERE m.kind = 'person' AND l.code <> ''"""

RELATIVES_OF_MENTIONS = """
INSERT INTO voucher
SELECT DISTINCT * FROM (
    SELECT m.n, 'relative', o.name FROM mention m
    JOIN tie_rule r ON r.resource = m.resource AND r.from_role = m.role
    JOIN mention o ON o.resource = m.resource AND o.record_id = m.record_id AND o.role = r.to_role AND o.kind = 'person'
    WHERE m.kind = 'person' AND o.name IS NOT NULL
    UNION ALL
    SELECT o.n, 'relative', 'child:' || m.name FROM mention m
    JOIN tie_rule r ON r.resource = m.resource AND r.from_role = m.role
    JOIN mention o ON o.resource = m.resource AND o.record_id = m.record_id AND o.role = r.to_role AND o.kind = 'person'
    WHERE m.kind = 'person' AND m.name IS NOT NULL
)"""

COUNT_VALUES = """
SELECT m.{column}, count(DISTINCT k.node) FROM {kind}_node k JOIN mention m ON m.n = k.n
WHERE k.node IS NOT NULL AND m.{column} IS NOT NULL GROUP BY 1 ORDER BY 1"""
COUNT_PLACES = """
SELECT v.value, count(DISTINCT k.node) FROM {kind}_node k JOIN voucher v ON v.n = k.n
WHERE k.node IS NOT NULL AND v.fact = 'place' GROUP BY 1 ORDER BY 1"""
COUNT_SUBJECTS = "SELECT count(DISTINCT node) FROM {kind}_node WHERE node IS NOT NULL"

FACTS_OF_NODES = """
CREATE OR REPLACE TABLE node_fact AS
SELECT DISTINCT node, fact, value FROM (
    {columns}
    UNION ALL
    SELECT k.node, v.fact, v.value FROM {kind}_node k JOIN voucher v ON v.n = k.n WHERE k.node IS NOT NULL
) WHERE value IS NOT NULL ORDER BY node, fact, value"""

ALL_FACTS = """
SELECT s.node, f.fact, f.value FROM node_size s LEFT JOIN node_fact f ON f.node = s.node ORDER BY s.node, f.fact, f.value"""

MAKE_NODE_BLOCKS = "CREATE OR REPLACE TABLE node_block (block VARCHAR, key VARCHAR, p BIGINT)"

FIT_BLOCKS = """
CREATE OR REPLACE TABLE fit_block AS
SELECT block FROM node_block WHERE block IN (SELECT block FROM node_block WHERE p >= 0) GROUP BY block HAVING count(*) <= {largest}"""

PAIRS = """
CREATE OR REPLACE TABLE pair AS
SELECT DISTINCT o.p, s.key AS node FROM node_block o JOIN fit_block f ON f.block = o.block
JOIN node_block s ON s.block = o.block AND s.p < 0 WHERE o.p >= 0 ORDER BY o.p, node"""

PAIRS_OF = "SELECT p, node FROM pair WHERE p >= {low} AND p < {high} ORDER BY p, node"

FACTS_OF_PAIRED = """
SELECT a.node, f.fact, f.value FROM (SELECT DISTINCT node FROM pair WHERE p >= {low} AND p < {high}) a
LEFT JOIN node_fact f ON f.node = a.node ORDER BY a.node, f.fact, f.value"""

PAIRS_AMONG = """
SELECT DISTINCT one.p, two.p FROM node_block one JOIN fit_block f ON f.block = one.block
JOIN node_block two ON two.block = one.block AND two.p > one.p
WHERE one.p IN (SELECT p FROM left_over) AND two.p IN (SELECT p FROM left_over) ORDER BY ALL"""

FACT_COLUMN = "SELECT k.node, '{fact}' AS fact, {value} AS value FROM {kind}_node k JOIN mention m ON m.n = k.n WHERE k.node IS NOT NULL"

OPEN_PROFILES = """
CREATE OR REPLACE TABLE open_profile AS
SELECT row_number() OVER (ORDER BY first) - 1 AS p, * FROM (
SELECT min(ref) AS first, list(n ORDER BY n) AS mentions, list(ref ORDER BY ref) AS refs, {columns}, vouched, borrowed, judged_node FROM (
    SELECT m.n, m.resource || '/' || m.record_id || '/' || m.role AS ref, {values},
        coalesce(v.vouched, '') AS vouched, CASE WHEN k.rule = 'borrowed' THEN 1 ELSE 0 END AS borrowed,
        s.node AS judged_node, s.n AS singled
    FROM {kind}_node k JOIN mention m ON m.n = k.n LEFT JOIN singled s ON s.n = k.n
    LEFT JOIN (
        SELECT n, string_agg(fact || chr(31) || value, chr(30) ORDER BY fact, value) AS vouched FROM voucher GROUP BY n
    ) v ON v.n = m.n
    WHERE k.node IS NULL
) GROUP BY {columns}, vouched, borrowed, judged_node, singled) ORDER BY p"""

PROFILES_OF = """
SELECT p, first, refs, {columns}, vouched, borrowed, judged_node FROM open_profile WHERE p >= {low} AND p < {high} ORDER BY p"""

HOLDERS_OF_JUDGED = """
SELECT u.ref, u.first FROM (SELECT first, unnest(refs) AS ref FROM open_profile) u JOIN judged j ON j.ref = u.ref"""

NODES_OF_JUDGED = """
SELECT m.n, k.node, m.resource || '/' || m.record_id || '/' || m.role AS ref FROM mention m
JOIN {kind}_node k ON k.n = m.n JOIN judged j ON j.ref = m.resource || '/' || m.record_id || '/' || m.role
WHERE k.node IS NOT NULL"""

FREE_SINGLED = "UPDATE {kind}_node SET node = NULL, rule = 'judged' WHERE n IN (SELECT n FROM singled)"

NODE_SIZES = "SELECT node, count(*) AS size FROM {kind}_node WHERE node IS NOT NULL GROUP BY node ORDER BY node"

MAKE_NODE_SIZES = "CREATE OR REPLACE TABLE node_size AS " + NODE_SIZES

SIZES_OF_ENDS = "SELECT s.node, s.size FROM node_size s JOIN edge_end e ON e.node = s.node ORDER BY s.node"

LONE_NODES = """
CREATE OR REPLACE TABLE lone AS SELECT node AS anchor, size FROM node_size WHERE node NOT IN (SELECT node FROM edge_end) ORDER BY node"""

NODE_CODES = """
CREATE OR REPLACE TABLE node_code AS SELECT anchor AS node, code FROM lone_code UNION ALL SELECT node, code FROM some_code"""

MAKE_PROFILE_LINKS = """
CREATE OR REPLACE TABLE profile_link (p BIGINT, code VARCHAR, rule VARCHAR, score DOUBLE, evidence VARCHAR)"""

LINK_PROFILES = """
INSERT INTO link SELECT unnest(o.mentions), l.code, l.rule, l.score, l.evidence FROM profile_link l JOIN open_profile o ON o.p = l.p"""

MAKE_BLOCKS_OUT = "CREATE TABLE block_out (kind VARCHAR, block VARCHAR, code VARCHAR)"

BLOCKS_OF_NODES = """
INSERT INTO block_out SELECT '{kind}', b.block, c.code FROM node_block b JOIN node_code c ON c.node = b.key WHERE b.p < 0"""

BLOCKS_OF_PROFILES = """
INSERT INTO block_out
SELECT DISTINCT '{kind}', b.block, l.code FROM node_block b JOIN profile_link l ON l.p = b.p WHERE b.p >= 0 AND l.code <> ''"""

BLOCKS_OF_WAITING = """
INSERT INTO block_out
SELECT '{kind}', b.block, 'rec:' || unnest(o.refs) FROM node_block b JOIN profile_link l ON l.p = b.p JOIN open_profile o ON o.p = b.p
WHERE l.code = ''"""

BLOCKS_OF_NUMBERS = "INSERT INTO block_out SELECT '{kind}', v.key, c.code FROM {table} v JOIN node_code c ON c.node = v.node"

BLOCKS_OUT = "SELECT DISTINCT kind, block, code FROM block_out ORDER BY kind, block, code"

LINK_NODES = """
INSERT INTO link SELECT k.n, c.code, k.rule, 1.0, '' FROM {kind}_node k JOIN node_code c ON c.node = k.node"""

LINK_UNPLACED = """
INSERT INTO link SELECT n, '', rule, 0.0, CASE WHEN reason IS NULL THEN '' ELSE '[["address","' || reason || '",0.0]]' END
FROM premises_node WHERE node IS NULL AND n NOT IN (SELECT n FROM link)"""

CLOSED = """
WITH company AS (
    SELECT m.resource, m.record_id, string_agg(l.code, ',' ORDER BY m.role) AS codes FROM mention m JOIN link l ON l.n = m.n
    WHERE m.resource IN (SELECT resource FROM tie_rule) AND {only} GROUP BY ALL
), told AS (
    SELECT m.n, ltrim(concat(
        (',"address":"' || nullif(a.code, '') || '"'),
        (',"registered_address":"' || nullif(r.code, '') || '"'),
        (',"operating_address":"' || nullif(o.code, '') || '"')), ',') AS places,
        ltrim(concat(
        (',"address":["' || a.verdict || '","' || a.reason || '","' || a.division || '"]'),
        (',"registered_address":["' || r.verdict || '","' || r.reason || '","' || r.division || '"]'),
        (',"operating_address":["' || o.verdict || '","' || o.reason || '","' || o.division || '"]')), ',') AS doubts
    FROM mention m
    LEFT JOIN text_place a ON a.text = m.address
    LEFT JOIN text_place r ON r.text = m.registered_address
    LEFT JOIN text_place o ON o.text = m.operating_address
    WHERE m.kind <> 'premises' AND coalesce(m.address, m.registered_address, m.operating_address) IS NOT NULL AND {only}
)
SELECT l.code, m.resource, m.record_id, m.role, m.kind, m.delivery_id, m.as_of, l.rule, l.score, l.evidence,
        m.body || CASE WHEN coalesce(t.places, '') = '' THEN '' ELSE ',"p":{{' || t.places || '}}' END
        || CASE WHEN coalesce(t.doubts, '') = '' THEN '' ELSE ',"v":{{' || t.doubts || '}}' END || '}}' AS body
        , coalesce(c.codes, '') AS company
    FROM mention m JOIN link l ON l.n = m.n LEFT JOIN told t ON t.n = m.n
    LEFT JOIN company c ON c.resource = m.resource AND c.record_id = m.record_id AND contains(m.body, '"r":[')
    WHERE {only}"""
"""Mentions `m` with their links as they are stored: of a whole city a resource at a time, for their texts are joined in memory."""
MAKE_CLOSED = f"CREATE OR REPLACE TABLE closed AS {CLOSED}"
ADD_CLOSED = f"INSERT INTO closed {CLOSED}"

SIZES_OF_PREFIXES = "SELECT substr(code, 1, 2) AS prefix, count(*) FROM closed WHERE code <> '' GROUP BY prefix ORDER BY prefix"

MEMBERS = """
SELECT resource, record_id, role, kind, code, delivery_id, as_of, rule, score, evidence,
    CASE WHEN row_number() OVER (PARTITION BY code, resource, role, body, company ORDER BY as_of DESC, record_id DESC) = 1 OR code = ''
        OR resource || '/' || record_id || '/' || role IN (SELECT ref FROM judged_ref)
        THEN body ELSE '' END AS body
FROM closed WHERE code >= '{low}' AND code < '{high}' ORDER BY code, resource, record_id, role"""
"""Members as they are stored. A body that repeats word for word within a resource
(and beside the same other subjects) is kept once, with its newest record; that of a mention people judged is always kept."""

PREMISES_HELD = """
CREATE TABLE premises_held AS
SELECT s.n, coalesce(s.built, t.node, CASE WHEN t.key IS NULL THEN s.title END, s.told) AS node, s.certificate, s.account
FROM premises_seen s LEFT JOIN title_vote t ON t.key = s.title"""
"""Which door a record of premises names by itself: by its parts, its title unit number, or its address."""

NAME_TEXT_PLACES = """
UPDATE text_place SET code = c.code FROM node_code c WHERE c.node = text_place.place_id"""

# --- a few pushed records --------------------------------------------------------------------------------------------------

REFERENCES = "SELECT resource || '/' || record_id || '/' || role, resource || '/' || record_id FROM mention"

ANCHORS_AT_HAND = """
SELECT DISTINCT r.anchor FROM mention m JOIN {table} r ON r.text = m.{column}
WHERE m.kind = '{kind}' AND r.anchor IS NOT NULL AND m.n NOT IN (SELECT n FROM beside) ORDER BY 1"""

ALL_OPEN = """
CREATE OR REPLACE TABLE {kind}_node AS
SELECT m.n, CAST(NULL AS VARCHAR) AS node, 'open' AS rule FROM mention m
WHERE m.kind = '{kind}' AND m.n NOT IN (SELECT n FROM beside) {only}"""

NOBODY_SINGLED = "CREATE OR REPLACE TABLE singled (n BIGINT, node VARCHAR, ref VARCHAR)"

RESTORE = """
INSERT INTO mention
SELECT CAST(n AS BIGINT), kind, resource, record_id, role, department, delivery_id, as_of,
    coalesce(json_extract_string(body, '$.b.citizen_id') = 'old15', false), {evidence},
    CASE WHEN body = '' THEN '{{"f":{{}}' ELSE left(body, length(body) - 1) END
FROM (SELECT * REPLACE (CASE WHEN body = '' THEN '{{}}' ELSE body END AS body) FROM stored)"""

RESTORE_TEXTS = """
INSERT INTO text_place (text, place_id, verdict, reason, division, code)
SELECT DISTINCT ON (text) text, NULL, NULL, NULL, NULL, code FROM (
    SELECT json_extract_string(body, '$.f.' || name) AS text, json_extract_string(body, '$.p.' || name) AS code
    FROM stored, (VALUES ('address'), ('registered_address'), ('operating_address')) AS names (name) WHERE body <> ''
) WHERE text IS NOT NULL AND code IS NOT NULL AND text NOT IN (SELECT text FROM text_place)"""

RESTORE_LINKS = """
INSERT INTO link SELECT b.n, s.code, s.rule, CAST(s.score AS DOUBLE), s.evidence
FROM beside b JOIN stored s ON CAST(s.n AS BIGINT) = b.n WHERE b.n NOT IN (SELECT n FROM link)"""

BODIES_OF_JUDGED = """
SELECT resource, record_id, role, body || '}' FROM mention
WHERE resource || '/' || record_id || '/' || role IN (SELECT ref FROM judged_ref) ORDER BY ALL"""

LINKS_OF_REFERENCES = """
SELECT m.resource, m.record_id, m.role, l.code, l.rule, l.score, l.evidence FROM mention m JOIN link l ON l.n = m.n
WHERE m.n < 0 AND m.n NOT IN (SELECT n FROM beside)"""
