"""All SQL of open data."""

from __future__ import annotations

COLUMNS = (
    *("code", "resource", "department", "title", "title_en", "summary", "shape", "register", "fields", "licence", "condition", "cycle"),
    *("state", "why", "version", "proposed_by", "proposed_at", "signed_by", "opened_at", "withdrawn_at"),
)
_DATASET = f"SELECT {', '.join(COLUMNS)} FROM open_dataset"  # noqa: S608
DATASET = _DATASET + " WHERE code = :code"
PUBLIC = _DATASET + " WHERE state IN ('opened', 'withdrawn') AND {where} ORDER BY state, opened_at DESC, code LIMIT :most"
HOW_MANY = "SELECT count(*) FROM open_dataset WHERE state IN ('opened', 'withdrawn') AND {where}"
OPENED = _DATASET + " WHERE state = 'opened' ORDER BY code"
ALL_OF = _DATASET + " WHERE (:department = '' OR department = :department) ORDER BY proposed_at DESC, code DESC LIMIT 200"
STANDING = "SELECT code FROM open_dataset WHERE resource = :resource AND title = :title AND state IN ('proposed', 'signed', 'opened')"
ADD = (
    f"INSERT INTO open_dataset ({', '.join(COLUMNS)}, search) VALUES "  # noqa: S608
    f"({', '.join(':' + name for name in COLUMNS)}, :search)"
)
MOVE = """UPDATE open_dataset SET state = :state, why = :why, signed_by = :signed_by, opened_at = :opened_at, withdrawn_at = :withdrawn_at
WHERE code = :code AND state = :before"""
NEWEST_DATA = "SELECT max(as_of) FROM member WHERE resource = :resource"
BEHIND = """SELECT code, made, newest FROM (SELECT d.code AS code, d.why AS why, v.as_of AS made,
(SELECT max(substr(x.as_of, 1, 10)) FROM delivery x WHERE x.resource = d.resource AND x.state = 'collected') AS newest
FROM open_dataset d JOIN open_version v ON v.code = d.code AND v.version = d.version WHERE d.state = 'opened') AS standing
WHERE newest > made AND why <> 'stuck:' || newest OR why = 'asked' ORDER BY code"""
ASK_RENEWAL = "UPDATE open_dataset SET why = 'asked' WHERE code = :code AND state = 'opened'"
NOTE_STUCK = "UPDATE open_dataset SET why = :why WHERE code = :code AND state = 'opened'"
SET_VERSION = "UPDATE open_dataset SET why = '', version = :version WHERE code = :code AND version = :version - 1"

ADD_VERSION = """INSERT INTO open_version (code, version, at, as_of, rows, csv_sha256, csv_size, json_sha256, json_size)
VALUES (:code, :version, :at, :as_of, :rows, :csv_sha256, :csv_size, :json_sha256, :json_size)"""
VERSIONS = """SELECT version, at, as_of, rows, csv_sha256, csv_size, json_sha256, json_size FROM open_version WHERE code = :code
ORDER BY version DESC LIMIT 50"""
COUNT_DOWNLOAD = """INSERT INTO open_download (code, version, form, day, times) VALUES (:code, :version, :form, :day, 1)
ON CONFLICT (code, version, form, day) DO UPDATE SET times = open_download.times + 1"""
DOWNLOADS = "SELECT code, sum(times) FROM open_download GROUP BY code"

_WISH = """SELECT wish_id, title, why, department, state, answer, basis, dataset, asked_at, due, answered_at, asked_by FROM open_wish"""
ADD_WISH = """INSERT INTO open_wish (wish_id, asked_by, title, why, department, state, answer, basis, dataset, asked_at, due, answered_at,
answered_by) VALUES (:wish_id, :asked_by, :title, :why, :department, 'open', '', '', '', :at, :due, '', '')"""
WISH = _WISH + " WHERE wish_id = :wish_id"
ANSWERED_WISHES = _WISH + " WHERE state <> 'open' ORDER BY answered_at DESC LIMIT 100"
OWN_WISHES = _WISH + " WHERE asked_by = :asked_by ORDER BY asked_at DESC LIMIT 100"
OPEN_WISHES = _WISH + " WHERE state = 'open' AND (:department = '' OR department = :department) ORDER BY due LIMIT 200"
ANSWER_WISH = """UPDATE open_wish SET state = :state, answer = :answer, basis = :basis, dataset = :dataset, answered_at = :at,
answered_by = :by WHERE wish_id = :wish_id AND state = 'open'"""

_CORRECTION = """SELECT c.correction_id, c.code, c.version, c.what, c.state, c.answer, c.reported_at, c.due, c.answered_at
FROM open_correction c"""
ADD_CORRECTION = """INSERT INTO open_correction (correction_id, code, version, what, state, answer, reported_at, due, answered_at,
answered_by) VALUES (:correction_id, :code, :version, :what, 'open', '', :at, :due, '', '')"""
CORRECTION = _CORRECTION + " WHERE c.correction_id = :correction_id"
CORRECTIONS_OF = _CORRECTION + " WHERE c.code = :code ORDER BY c.reported_at DESC LIMIT 50"
OPEN_CORRECTIONS = (
    _CORRECTION + " JOIN open_dataset d ON d.code = c.code WHERE c.state = 'open' AND (:department = '' OR d.department = :department) "
    "ORDER BY c.due LIMIT 200"
)
ANSWER_CORRECTION = """UPDATE open_correction SET state = :state, answer = :answer, answered_at = :at, answered_by = :by
WHERE correction_id = :correction_id AND state = 'open'"""
