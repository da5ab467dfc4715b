"""All SQL of requests, agreements and their use."""

from __future__ import annotations

# ---- state ---------------------------------------------------------------------------------------------------------
READ_STATE = "SELECT value FROM share_state WHERE name = :name"
KEEP_STATE = """INSERT INTO share_state (name, value) VALUES (:name, :value)
ON CONFLICT (name) DO UPDATE SET value = excluded.value"""

# ---- requests ------------------------------------------------------------------------------------------------------
_REQUEST = """SELECT request_id, requesting, providing, title, purpose, resource, terms, papers, sharing_class, state, clock, due,
lacking, answer, mediation, agreement, made_by, made_at FROM share_request"""
REQUEST = _REQUEST + " WHERE request_id = :request_id"
REQUESTS = _REQUEST + " WHERE {where} ORDER BY CASE WHEN due = '' THEN '9999' ELSE due END, request_id DESC LIMIT :most"
ADD_REQUEST = """INSERT INTO share_request (request_id, requesting, providing, title, purpose, resource, terms, papers, sharing_class,
state, clock, due, lacking, answer, mediation, agreement, made_by, made_at) VALUES (:request_id, :requesting, :providing, :title,
:purpose, :resource, :terms, :papers, :sharing_class, 'drafted', '', '', '[]', '{{}}', 0, '', :made_by, :made_at)""".replace("{{}}", "{}")
REDRAFT = """UPDATE share_request SET providing = :providing, title = :title, purpose = :purpose, resource = :resource, terms = :terms,
papers = :papers, sharing_class = :sharing_class WHERE request_id = :request_id AND state IN ('drafted', 'incomplete')"""
MOVE_REQUEST = """UPDATE share_request SET state = :state, clock = :clock, due = :due, lacking = :lacking, answer = :answer,
mediation = :mediation, agreement = :agreement WHERE request_id = :request_id AND state = :before"""

# ---- steps ---------------------------------------------------------------------------------------------------------
STEPS = """SELECT number, act, state, version, at, by_whom, department, note, clock, due, days FROM share_step
WHERE about = :about ORDER BY number"""
ADD_STEP = """INSERT INTO share_step (about, number, act, state, version, at, by_whom, department, note, clock, due, days)
VALUES (:about, (SELECT coalesce(max(number), 0) + 1 FROM share_step WHERE about = :about), :act, :state, :version, :at, :by_whom,
:department, :note, :clock, :due, :days)"""

# ---- agreements ----------------------------------------------------------------------------------------------------
_VERSION = """SELECT code, version, state, terms, request_id, why, proposed_by, proposed_at, requesting_by, requesting_at, providing_by,
providing_at, live_at FROM share_agreement"""
VERSIONS = _VERSION + " WHERE code = :code ORDER BY version DESC"
PROPOSED = _VERSION + " WHERE state = 'proposed' ORDER BY proposed_at, code"
LIVE = "SELECT code, version, terms FROM share_agreement WHERE state = 'live'"
ADD_VERSION = """INSERT INTO share_agreement (code, version, state, terms, request_id, why, proposed_by, proposed_at, requesting_by,
requesting_at, providing_by, providing_at, live_at)
VALUES (:code, (SELECT coalesce(max(version), 0) + 1 FROM share_agreement WHERE code = :code), 'proposed', :terms, :request_id, :why,
:by, :at, '', '', '', '', '') RETURNING version"""
DECLINE_PROPOSED = "UPDATE share_agreement SET state = 'declined' WHERE code = :code AND state = 'proposed'"
SIGN_REQUESTING = """UPDATE share_agreement SET requesting_by = :by, requesting_at = :at
WHERE code = :code AND version = :version AND state = 'proposed' AND requesting_by = ''"""
SIGN_PROVIDING = """UPDATE share_agreement SET providing_by = :by, providing_at = :at
WHERE code = :code AND version = :version AND state = 'proposed' AND providing_by = ''"""
WAIT_AGAIN = """UPDATE share_agreement SET state = 'proposed', live_at = '', requesting_by = '', requesting_at = ''
WHERE code = :code AND state = 'live'"""
SUPERSEDE = "UPDATE share_agreement SET state = 'superseded' WHERE code = :code AND state = 'live'"
GO_LIVE = "UPDATE share_agreement SET state = 'live', live_at = :at WHERE code = :code AND version = :version"

# ---- holds ---------------------------------------------------------------------------------------------------------
HOLDS = "SELECT code, state FROM share_hold"
HOLD = "SELECT code, state, since, clock, due, disposed_at FROM share_hold WHERE code = :code"
ADD_HOLD = """INSERT INTO share_hold (code, state, since, clock, due, disposed_at) VALUES (:code, :state, :since, :clock, :due, '')
ON CONFLICT (code) DO UPDATE SET state = excluded.state, since = excluded.since, clock = excluded.clock, due = excluded.due"""
DROP_HOLD = "DELETE FROM share_hold WHERE code = :code AND state = 'suspended'"
DISPOSED = "UPDATE share_hold SET disposed_at = :at, clock = '' WHERE code = :code AND state = 'terminated' AND disposed_at = ''"

# ---- use -----------------------------------------------------------------------------------------------------------
LINES_AFTER = """SELECT leaf_index, at, type, actor, department, body FROM ledger_line WHERE leaf_index > :after
ORDER BY leaf_index LIMIT :most"""
ADD_USE = """INSERT INTO share_use (agreement, field, day, lines) VALUES (:agreement, :field, :day, :lines)
ON CONFLICT (agreement, field, day) DO UPDATE SET lines = share_use.lines + excluded.lines"""
ADD_USE_BY = """INSERT INTO share_use_by (agreement, actor, day, department, lines, outside)
VALUES (:agreement, :actor, :day, :department, :lines, :outside) ON CONFLICT (agreement, actor, day)
DO UPDATE SET lines = share_use_by.lines + excluded.lines, outside = share_use_by.outside + excluded.outside"""
USE_OF = """SELECT field, sum(lines), max(day) FROM share_use WHERE agreement = :agreement AND day >= :since
GROUP BY field ORDER BY field"""
USE_SINCE = "SELECT agreement, field, sum(lines), max(day) FROM share_use WHERE day >= :since GROUP BY agreement, field"
USE_BY_DAY = "SELECT day, lines FROM share_use WHERE agreement = :agreement AND field = '' AND day >= :since ORDER BY day"
USE_THAT_DAY = "SELECT lines, outside FROM share_use_by WHERE agreement = :agreement AND actor = :actor AND day = :day"
USE_BEFORE = """SELECT coalesce(sum(lines), 0), count(*) FROM share_use_by
WHERE agreement = :agreement AND actor = :actor AND day >= :since AND day < :day"""
SUBJECTS_THAT_DAY = """SELECT count(DISTINCT subject) FROM ledger_by_actor WHERE actor = :actor AND at >= :begin AND at < :end
AND type IN ('read', 'unmask') AND subject <> ''"""

LINES_THAT_DAY = "SELECT count(*) FROM ledger_by_actor WHERE actor = :actor AND at >= :begin AND at < :end AND type = :type"

# ---- alerts --------------------------------------------------------------------------------------------------------
ADD_ALERT = """INSERT INTO share_alert (alert_id, kind, agreement, actor, department, day, found, usual, state, raised_at, answer,
answered_by, answered_at) VALUES (:alert_id, :kind, :agreement, :actor, :department, :day, :found, :usual, 'open', :at, '', '', '')
ON CONFLICT (kind, agreement, actor, day) DO UPDATE SET found = excluded.found"""
_ALERT = """SELECT alert_id, kind, agreement, actor, department, day, found, usual, state, raised_at, answer, answered_by, answered_at
FROM share_alert"""
ALERT_OF_DAY = "SELECT alert_id FROM share_alert WHERE kind = :kind AND agreement = :agreement AND actor = :actor AND day = :day"
ALERTS = _ALERT + " WHERE (:state = '' OR state = :state) ORDER BY raised_at DESC, alert_id DESC LIMIT :most"
ALERTS_OF = _ALERT + " WHERE agreement = :agreement ORDER BY raised_at DESC, alert_id DESC LIMIT :most"
ANSWER_ALERT = """UPDATE share_alert SET state = :state, answer = :answer, answered_by = :by, answered_at = :at
WHERE alert_id = :alert_id AND state = 'open'"""
