"""All SQL of the sign-in for other services. A request is open, then agreed to (a code), then used (a token)."""

from __future__ import annotations

# ---- services ------------------------------------------------------------------------------------------------------
ADD_SERVICE = """INSERT INTO identity_service (service_id, title, department, audience, redirects, start_url, secret_hash, state, made_at)
VALUES (:service_id, :title, :department, :audience, :redirects, :start_url, :secret_hash, 'active', :at)"""
_SERVICE = "SELECT service_id, title, department, audience, redirects, start_url, secret_hash FROM identity_service"
FIND_SERVICE = _SERVICE + " WHERE service_id = :service_id AND state = 'active'"
ALL_SERVICE = _SERVICE + " WHERE state = 'active' ORDER BY service_id"
OPENABLE_SERVICE = f"""{_SERVICE} WHERE state = 'active' AND department = :department AND audience IN ('officer', 'counter')
AND start_url <> '' ORDER BY service_id"""
COUNTER_SERVICE = _SERVICE + " WHERE state = 'active' AND audience = 'counter' AND start_url <> '' ORDER BY department, service_id"
TAKEN_SERVICE = "SELECT 1 FROM identity_service WHERE service_id = :service_id"
END_SERVICE = "UPDATE identity_service SET state = 'ended' WHERE service_id = :service_id AND state = 'active'"

# ---- requests ------------------------------------------------------------------------------------------------------
ADD_REQUEST = """INSERT INTO identity_request (request_id, service_id, redirect_uri, state, nonce, challenge, scope, until, account_id,
signed_in_at, code_hash, token_hash, organisation,
organisation_name)
VALUES (:request_id, :service_id, :redirect_uri, :state, :nonce, :challenge, :scope, :until, '', '', '', '', '', '')"""
_REQUEST = """SELECT request_id, service_id, redirect_uri, state, nonce, challenge, scope, account_id, signed_in_at, organisation,
organisation_name FROM identity_request"""
REQUEST = _REQUEST + " WHERE request_id = :request_id AND code_hash = '' AND token_hash = '' AND until > :at"
BY_CODE = _REQUEST + " WHERE code_hash = :code_hash AND code_hash <> '' AND until > :at"
BY_TOKEN = _REQUEST + " WHERE token_hash = :token_hash AND token_hash <> '' AND until > :at"
APPROVE = """UPDATE identity_request SET account_id = :account_id, signed_in_at = :signed_in_at, code_hash = :code_hash,
until = :until, organisation = :organisation, organisation_name = :organisation_name
WHERE request_id = :request_id AND code_hash = '' AND token_hash = ''"""
USE_CODE = """UPDATE identity_request SET code_hash = '', token_hash = :token_hash, until = :until
WHERE request_id = :request_id AND code_hash = :code_hash"""
DROP = "DELETE FROM identity_request WHERE request_id = :request_id"
SWEEP = "DELETE FROM identity_request WHERE until < :at"
AGREED = "SELECT scope FROM identity_agreed WHERE account_id = :account_id AND service_id = :service_id"
KEEP_AGREED = """INSERT INTO identity_agreed (account_id, service_id, scope, at) VALUES (:account_id, :service_id, :scope, :at)
ON CONFLICT (account_id, service_id) DO UPDATE SET scope = excluded.scope, at = excluded.at"""
AGREED_OF = """SELECT a.service_id, s.title, s.department, a.at FROM identity_agreed a
JOIN identity_service s ON s.service_id = a.service_id WHERE a.account_id = :account_id ORDER BY a.at DESC, a.service_id"""
WITHDRAW = "DELETE FROM identity_agreed WHERE account_id = :account_id AND service_id = :service_id"
END_REQUESTS = "DELETE FROM identity_request WHERE account_id = :account_id AND service_id = :service_id"
