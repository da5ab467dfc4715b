"""All SQL of the licences."""

from __future__ import annotations

from datong.store import Series

# ---- keys ------------------------------------------------------------------------------------------------------------
NEWEST_KEY = "SELECT kid, jwk FROM licence_key WHERE department = :department ORDER BY made_at DESC, kid DESC LIMIT 1"
KEYS_OF = "SELECT kid FROM licence_key WHERE department = :department"
ALL_KEYS = "SELECT kid, department, jwk FROM licence_key ORDER BY made_at, kid"
ADD_KEY = "INSERT INTO licence_key (kid, department, jwk, made_at) VALUES (:kid, :department, :jwk, :made_at)"

# ---- the library -----------------------------------------------------------------------------------------------------
SERIES = Series("licence_series", "type")
LICENCE_COLUMNS = (
    *("licence_id", "version", "identifier", "type", "holder", "department", "state", "state_at", "reason", "issued_at"),
    *("valid_from", "valid_until", "case_ref", "list_id", "list_index", "digest", "replaces", "credential"),
)
_COLUMNS = ", ".join(LICENCE_COLUMNS)
_PLAIN = _COLUMNS.replace(", credential", ", ''")
LICENCE_FIELDS = tuple("case" if name == "case_ref" else name for name in LICENCE_COLUMNS)
"""The same as a `Licence` names them."""
NEWEST = f"SELECT {_COLUMNS} FROM licence WHERE licence_id = :licence_id ORDER BY version DESC LIMIT 1"  # noqa: S608
VERSIONS = f"SELECT {_PLAIN} FROM licence WHERE licence_id = :licence_id ORDER BY version DESC"  # noqa: S608
BY_IDENTIFIER = f"SELECT {_COLUMNS} FROM licence WHERE identifier = :identifier"  # noqa: S608
OF_HOLDER = f"""SELECT {_COLUMNS} FROM licence WHERE holder = :holder AND state <> 'replaced'
ORDER BY issued_at DESC, licence_id"""  # noqa: S608
OF_TYPE = f"""SELECT {_PLAIN} FROM licence WHERE type = :type AND state <> 'replaced' AND licence_id > :after
ORDER BY licence_id LIMIT :limit"""  # noqa: S608
HOLDER_KEY = "SELECT holder_key FROM licence WHERE licence_id = :licence_id AND version = :version"
SET_STATE = """UPDATE licence SET state = :state, state_at = :at, reason = :reason WHERE licence_id = :licence_id AND version = :version
AND state = :before"""
COUNT_BY_STATE = """SELECT type, state, count(*), sum(CASE WHEN state = 'valid' AND valid_until < :today THEN 1 ELSE 0 END)
FROM licence WHERE state <> 'replaced' GROUP BY type, state"""
ADD_PART = "INSERT INTO licence_part (composite_id, part_id) VALUES (:composite_id, :part_id)"
DROP_PARTS = "DELETE FROM licence_part WHERE composite_id = :composite_id"
PARTS_OF = "SELECT part_id FROM licence_part WHERE composite_id = :composite_id ORDER BY part_id"
COMPOSITES_OF = "SELECT composite_id FROM licence_part WHERE part_id = :part_id ORDER BY composite_id"

# ---- ordered by systems; accounts of companies -----------------------------------------------------------------------
ADD_ORDER = """INSERT INTO licence_order (department, reference, digest, licence_id, at)
VALUES (:department, :reference, :digest, '', :at) ON CONFLICT (department, reference) DO NOTHING"""
ORDER = "SELECT digest, licence_id FROM licence_order WHERE department = :department AND reference = :reference"
SET_ORDER = "UPDATE licence_order SET licence_id = :licence_id WHERE department = :department AND reference = :reference"
OPEN_ACCOUNT = """INSERT INTO company_account (organisation, licence_id, opened_at) VALUES (:organisation, :licence_id, :at)
ON CONFLICT (organisation) DO NOTHING"""
ACCOUNT = "SELECT organisation, licence_id, opened_at FROM company_account WHERE organisation = :organisation"

# ---- lists of states -------------------------------------------------------------------------------------------------
LISTS = "SELECT type, last FROM licence_series ORDER BY type"
NOT_VALID = "SELECT list_index, state FROM licence WHERE list_id = :list_id AND state <> 'valid'"

# ---- showing and using -----------------------------------------------------------------------------------------------
ADD_TICKET = """INSERT INTO licence_ticket (ticket_hash, kind, licence_id, holder, department, purpose, body, made_at, expires_at, used_at,
used_by) VALUES (:ticket_hash, :kind, :licence_id, :holder, :department, :purpose, :body, :made_at, :expires_at, '', '')"""
TICKET = """SELECT licence_id, holder, department, purpose, body, expires_at, used_at FROM licence_ticket
WHERE ticket_hash = :ticket_hash AND kind = :kind"""
USE_TICKET = """UPDATE licence_ticket SET used_at = :at, used_by = :by, body = :body WHERE ticket_hash = :ticket_hash AND used_at = ''
AND expires_at > :at"""
SET_TICKET = "UPDATE licence_ticket SET body = :body WHERE ticket_hash = :ticket_hash"
SWEEP_TICKETS = "DELETE FROM licence_ticket WHERE expires_at < :before"
ADD_USE = """INSERT INTO licence_use (use_id, licence_id, holder, at, how, department, unit, purpose, fields, outcome, line_id) VALUES
(:use_id, :licence_id, :holder, :at, :how, :department, :unit, :purpose, :fields, :outcome, :line_id)"""
_USE = "SELECT use_id, licence_id, at, how, department, unit, purpose, fields, outcome, line_id FROM licence_use"
USES_OF_LICENCE = f"{_USE} WHERE licence_id = :licence_id ORDER BY at DESC LIMIT :limit"
USES_OF_HOLDER = f"{_USE} WHERE holder = :holder ORDER BY at DESC LIMIT :limit"
TOLD_TODAY = """SELECT 1 FROM licence_use WHERE licence_id = :licence_id AND how = 'attempt' AND outcome = :outcome AND at >= :since
LIMIT 1"""
ADD_AGREED = """INSERT INTO licence_agreed (agreed_id, holder, type, department, given_at, until, withdrawn_at)
VALUES (:agreed_id, :holder, :type, :department, :given_at, :until, '')"""
AGREED_OF = """SELECT agreed_id, type, department, given_at, until, withdrawn_at FROM licence_agreed WHERE holder = :holder
ORDER BY given_at DESC"""
AGREED = """SELECT agreed_id FROM licence_agreed WHERE holder = :holder AND type = :type AND department = :department
AND withdrawn_at = '' AND given_at <= :at AND until > :at LIMIT 1"""
WITHDRAW_AGREED = """UPDATE licence_agreed SET withdrawn_at = :at WHERE agreed_id = :agreed_id AND holder = :holder
AND withdrawn_at = ''"""
IN_FORCE_OF = f"""SELECT {_COLUMNS} FROM licence WHERE holder = :holder AND type = :type AND state <> 'replaced'
ORDER BY CASE WHEN state = 'valid' THEN 0 ELSE 1 END, valid_until DESC LIMIT 1"""  # noqa: S608

# ---- told in time ----------------------------------------------------------------------------------------------------
ENDING = f"""SELECT {_PLAIN} FROM licence WHERE state = 'valid' AND type = :type AND valid_until >= :today AND valid_until <= :last
AND NOT EXISTS (SELECT 1 FROM licence_told t WHERE t.licence_id = licence.licence_id AND t.version = licence.version
AND t.days <= :days) ORDER BY valid_until, licence_id LIMIT :limit"""  # noqa: S608
ADD_TOLD = "INSERT INTO licence_told (licence_id, version, days, at) VALUES (:licence_id, :version, :days, :at)"

# ---- signatures of people --------------------------------------------------------------------------------------------
SIGNING_KEY = "SELECT kid, jwk, sealed FROM signing_key WHERE holder = :holder AND ended_at = '' ORDER BY made_at DESC LIMIT 1"
KEY_BY_KID = "SELECT holder, jwk, made_at, ended_at FROM signing_key WHERE kid = :kid"
ADD_SIGNING_KEY = """INSERT INTO signing_key (kid, holder, jwk, sealed, made_at, ended_at)
VALUES (:kid, :holder, :jwk, :sealed, :made_at, '')"""
END_SIGNING_KEY = "UPDATE signing_key SET ended_at = :at WHERE holder = :holder AND ended_at = ''"
SIGNATURE_COLUMNS = (
    *("signature_id", "holder", "digest", "title", "kid", "asked_by", "case_ref", "state", "asked_at", "signed_at", "jws", "line_id"),
)
_SIGNATURE = ", ".join(SIGNATURE_COLUMNS)
ADD_SIGNATURE = f"""INSERT INTO signature ({_SIGNATURE}) VALUES
(:signature_id, :holder, :digest, :title, '', :asked_by, :case_ref, 'asked', :asked_at, '', '', '')"""  # noqa: S608
SIGNATURE = f"SELECT {_SIGNATURE} FROM signature WHERE signature_id = :signature_id"  # noqa: S608
SIGNATURES_OF = f"SELECT {_SIGNATURE} FROM signature WHERE holder = :holder ORDER BY asked_at DESC LIMIT 100"  # noqa: S608
SIGN = """UPDATE signature SET state = 'signed', kid = :kid, jws = :jws, signed_at = :at, line_id = :line_id
WHERE signature_id = :signature_id AND state = 'asked'"""
REFUSE = "UPDATE signature SET state = 'refused', signed_at = :at WHERE signature_id = :signature_id AND state = 'asked'"
SIGNATURE_BY_JWS = f"SELECT {_SIGNATURE} FROM signature WHERE jws = :jws"  # noqa: S608
