"""All SQL of the licences."""

from __future__ import annotations

# ---- keys ------------------------------------------------------------------------------------------------------------
NEWEST_KEY = "SELECT kid, jwk FROM licence_key WHERE department = :department ORDER BY made_at DESC, kid DESC LIMIT 1"
KEYS_OF = "SELECT kid FROM licence_key WHERE department = :department"
ALL_KEYS = "SELECT kid, department, jwk FROM licence_key ORDER BY made_at, kid"
ADD_KEY = "INSERT INTO licence_key (kid, department, jwk, made_at) VALUES (:kid, :department, :jwk, :made_at)"

# ---- the library -----------------------------------------------------------------------------------------------------
NEXT_IN_SERIES = """INSERT INTO licence_series (type, last) VALUES (:type, 1)
ON CONFLICT (type) DO UPDATE SET last = licence_series.last + 1 RETURNING last"""
LICENCE_COLUMNS = (
    *("licence_id", "version", "identifier", "type", "holder", "department", "state", "state_at", "reason", "issued_at"),
    *("valid_from", "valid_until", "case_ref", "list_id", "list_index", "digest", "replaces", "credential"),
)
_COLUMNS = ", ".join(LICENCE_COLUMNS)
_PLAIN = _COLUMNS.replace(", credential", ", ''")
ADD_LICENCE = f"""INSERT INTO licence ({_COLUMNS}, holder_key) VALUES
(:licence_id, :version, :identifier, :type, :holder, :department, :state, :state_at, :reason, :issued_at, :valid_from, :valid_until,
:case_ref, :list_id, :list_index, :digest, :replaces, :credential, :holder_key)"""  # noqa: S608 - names of our own columns
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

# ---- lists of states -------------------------------------------------------------------------------------------------
LISTS = "SELECT type, last FROM licence_series ORDER BY type"
NOT_VALID = "SELECT list_index, state FROM licence WHERE list_id = :list_id AND state <> 'valid'"
