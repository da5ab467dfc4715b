"""All SQL of the doors to other systems."""

from __future__ import annotations

# ---- signers -------------------------------------------------------------------------------------------------------
PUT_SIGNER = """INSERT INTO door_signer (key_id, public_key, added_at) VALUES (:key_id, :public_key, :at)
ON CONFLICT (key_id) DO UPDATE SET public_key = excluded.public_key, added_at = excluded.added_at"""
SIGNER = "SELECT public_key FROM door_signer WHERE key_id = :key_id"
KEY_EXISTS = "SELECT department FROM api_key WHERE key_id = :key_id AND state = 'active'"
KEY_HOLDER = """SELECT key_id, name, department, agreements, resources, jurisdiction FROM api_key
WHERE key_id = :key_id AND state = 'active'"""

# ---- extracts ------------------------------------------------------------------------------------------------------
_EXTRACT = """SELECT extract_id, department, asked_by, asked_name, purpose, register, agreement, question, reason, form, state, asked_at,
decided_by, decided_at, said, expires_at, takes, rows, sha256 FROM door_extract"""
EXTRACT = _EXTRACT + " WHERE extract_id = :extract_id"
EXTRACTS_OF = _EXTRACT + " WHERE asked_by = :asked_by ORDER BY asked_at DESC, extract_id DESC LIMIT :most"
EXTRACTS_IN = _EXTRACT + " WHERE state = :state ORDER BY asked_at, extract_id LIMIT :most"
ADD_EXTRACT = """INSERT INTO door_extract (extract_id, department, asked_by, asked_name, purpose, register, agreement, question, reason,
form, state, asked_at, decided_by, decided_at, said, expires_at, takes, rows, sha256)
VALUES (:extract_id, :department, :asked_by, :asked_name, :purpose, :register, :agreement, :question, :reason,
:form, 'asked', :at, '', '', '', '', 0, 0, '')"""
DECIDE_EXTRACT = """UPDATE door_extract SET state = :state, decided_by = :by, decided_at = :at, said = :said, expires_at = :expires_at
WHERE extract_id = :extract_id AND state = 'asked'"""
TAKE_EXTRACT = """UPDATE door_extract SET takes = takes + 1, rows = :rows, sha256 = :sha256
WHERE extract_id = :extract_id AND state = 'approved' AND takes < :most AND expires_at > :at"""

# ---- subscriptions -------------------------------------------------------------------------------------------------
_SUBSCRIPTION = """SELECT subscription_id, key_id, department, url, since, state, made_at, attempts, failing_since, due_at, error, told_at,
allowed_at, allowed_rate FROM door_subscription"""
SUBSCRIPTION = _SUBSCRIPTION + " WHERE subscription_id = :subscription_id"
SUBSCRIPTIONS_OF = _SUBSCRIPTION + " WHERE key_id = :key_id AND state <> 'ended' ORDER BY made_at, subscription_id"
SUBSCRIPTIONS = _SUBSCRIPTION + " WHERE state <> 'ended' ORDER BY department, subscription_id LIMIT :most"
SUBSCRIPTIONS_DUE = _SUBSCRIPTION + " WHERE state = 'active' AND due_at <= :now ORDER BY due_at, subscription_id"
ADD_SUBSCRIPTION = """INSERT INTO door_subscription (subscription_id, key_id, department, url, since, state, made_at, attempts,
failing_since, due_at, error, told_at) VALUES (:subscription_id, :key_id, :department, :url, :since, 'active', :at, 0, '', :at, '', '')"""
LEASE_SUBSCRIPTION = """UPDATE door_subscription SET due_at = :until
WHERE subscription_id = :subscription_id AND state = 'active' AND due_at = :due_at"""
TOLD = """UPDATE door_subscription SET since = :since, attempts = 0, failing_since = '', due_at = :at, error = '', told_at = :told_at
WHERE subscription_id = :subscription_id AND since <= :since"""
FAILED = """UPDATE door_subscription SET attempts = attempts + 1, failing_since = :failing_since, due_at = :due_at, error = :error
WHERE subscription_id = :subscription_id"""
HALT = """UPDATE door_subscription SET state = 'halted', attempts = 0, failing_since = '', error = :error
WHERE subscription_id = :subscription_id"""
RESUME = """UPDATE door_subscription SET state = 'active', due_at = :at, attempts = 0, failing_since = '', error = '', since = :since
WHERE subscription_id = :subscription_id AND state = 'halted'"""
END_SUBSCRIPTION = """UPDATE door_subscription SET state = 'ended'
WHERE subscription_id = :subscription_id AND key_id = :key_id AND state <> 'ended'"""

# ---- dead letters --------------------------------------------------------------------------------------------------
_LETTER = """SELECT d.letter_id, d.subscription_id, d.department, d.first_seq, d.last_seq, d.events, d.attempts, d.error, d.died_at,
d.state, s.url FROM door_dead_letter d JOIN door_subscription s ON s.subscription_id = d.subscription_id"""
LETTER = _LETTER + " WHERE d.letter_id = :letter_id"
LETTERS = _LETTER + " WHERE d.state = 'dead' ORDER BY d.died_at, d.letter_id LIMIT :most"
ADD_LETTER = """INSERT INTO door_dead_letter (letter_id, subscription_id, department, first_seq, last_seq, events, attempts, error, died_at,
state, settled_by, settled_at) VALUES (:letter_id, :subscription_id, :department, :first_seq, :last_seq, :events, :attempts, :error, :at,
'dead', '', '')"""
SETTLE_LETTER = """UPDATE door_dead_letter SET state = :state, settled_by = :by, settled_at = :at
WHERE letter_id = :letter_id AND state = 'dead'"""
ALLOWED = "UPDATE door_subscription SET allowed_at = :at, allowed_rate = :rate WHERE subscription_id = :subscription_id"

# ---- nonces ----------------------------------------------------------------------------------------------------------
TAKE_NONCE = "INSERT INTO door_nonce (key_id, nonce, seen_at) VALUES (:key_id, :nonce, :now) ON CONFLICT (key_id, nonce) DO NOTHING"
OLD_NONCES = "DELETE FROM door_nonce WHERE seen_at < :before"
