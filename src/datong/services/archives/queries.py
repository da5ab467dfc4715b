"""All SQL of the electronic archives of cases."""

from __future__ import annotations

COLUMNS = (
    *("archive_id", "case_id", "version", "service", "department", "applicant", "outcome", "ended_at", "filed_at", "years"),
    *("keep_until", "manifest", "sha256", "size", "disposal"),
)
_ARCHIVE = f"SELECT {', '.join(COLUMNS)} FROM case_archive"  # noqa: S608
ARCHIVE = _ARCHIVE + " WHERE archive_id = :archive_id"
ADD = f"INSERT INTO case_archive ({', '.join(COLUMNS)}) VALUES ({', '.join(':' + name for name in COLUMNS)})"  # noqa: S608
FIND = (
    _ARCHIVE
    + """ WHERE (:department = '' OR department = :department) AND (:service = '' OR service = :service)
AND (:case_id = '' OR case_id = :case_id) AND (:year = '' OR substr(ended_at, 1, 4) = :year)
ORDER BY filed_at DESC, archive_id DESC LIMIT :most"""
)
DUE = (
    _ARCHIVE
    + """ WHERE disposal = '' AND keep_until <> '' AND keep_until < :day AND (:department = '' OR department = :department)
ORDER BY keep_until, archive_id LIMIT :most"""
)
TO_FILE = """SELECT c.case_id FROM service_case c WHERE c.ended_at <> '' AND c.ended_at < :before
AND NOT EXISTS (SELECT 1 FROM case_archive a WHERE a.case_id = c.case_id AND a.ended_at = c.ended_at)
ORDER BY c.ended_at, c.case_id LIMIT :most"""
LAST_VERSION = "SELECT coalesce(max(version), 0) FROM case_archive WHERE case_id = :case_id"
CASE_LINES = "SELECT line_id, body FROM ledger_line WHERE at = :at AND type = 'case' ORDER BY leaf_index"
PAPERS = "SELECT paper_id, code, media_type, sha256 FROM service_paper WHERE case_id = :case_id ORDER BY at, paper_id"
LICENCES = """SELECT licence_id, version, identifier, type, state, issued_at, digest, credential FROM licence WHERE case_ref = :case_id
ORDER BY licence_id, version"""
SIGNATURES = (
    "SELECT signature_id, digest, title, signed_at, jws FROM signature WHERE case_ref = :case_id AND state = 'signed' ORDER BY signed_at"
)
DEFINITION = "SELECT text FROM service_definition WHERE digest = :digest"

_DISPOSAL = """SELECT disposal_id, department, state, archives, why, made_by, made_at, decided_by, decided_at, said FROM archive_disposal"""
DISPOSAL = _DISPOSAL + " WHERE disposal_id = :disposal_id"
DISPOSALS = _DISPOSAL + " WHERE (:department = '' OR department = :department) ORDER BY made_at DESC LIMIT 50"
ADD_DISPOSAL = """INSERT INTO archive_disposal (disposal_id, department, state, archives, why, made_by, made_at, decided_by, decided_at,
said) VALUES (:disposal_id, :department, 'proposed', :archives, :why, :by, :at, '', '', '')"""
DECIDE = """UPDATE archive_disposal SET state = :state, decided_by = :by, decided_at = :at, said = :said
WHERE disposal_id = :disposal_id AND state = 'proposed'"""
DISPOSED = "UPDATE case_archive SET disposal = :disposal_id, sha256 = '', size = 0 WHERE archive_id = :archive_id AND disposal = ''"
KEPT_OF_CASE = "SELECT count(*) FROM case_archive WHERE case_id = :case_id AND disposal = ''"
SAME_FILE = "SELECT count(*) FROM case_archive WHERE sha256 = :sha256"
PAPERS_OF = "SELECT sha256 FROM service_paper WHERE case_id = :case_id"
SAME_PAPER = "SELECT count(*) FROM service_paper WHERE sha256 = :sha256"
MARK_GONE = """INSERT INTO archive_file_gone (room, sha256, disposal) VALUES (:room, :sha256, :disposal)
ON CONFLICT (room, sha256) DO NOTHING"""
GONE = "SELECT room, sha256, disposal FROM archive_file_gone ORDER BY disposal, room, sha256"
UNMARK = "DELETE FROM archive_file_gone WHERE room = :room AND sha256 = :sha256"
CASE_ENDED = "SELECT ended_at FROM service_case WHERE case_id = :case_id"
DROP_CASE = tuple(
    f"DELETE FROM {table} WHERE case_id = :case_id"  # noqa: S608
    for table in (
        "service_paper",
        "service_note",
        "service_rating",
        "service_sample",
        "service_taken_back",
        "service_task",
        "service_event",
        "service_case",
    )
)
