"""Electronic archives of cases: filed as packages that anybody with the ledger's key checks offline, opened for a reason, disposed of by
a reviewed list.

rules.py    terms, item by item        package.py  what lies in a package       check.py    offline, with a key alone
keep.py     filed, found, opened       dispose.py  gone at the end of its term
"""

from datong.services.archives.check import CheckedArchive, check_package
from datong.services.archives.dispose import (
    Disposal,
    decide_disposal,
    disposals,
    due_archives,
    find_disposal,
    has_disposed,
    propose_disposal,
    sweep_disposed,
)
from datong.services.archives.keep import (
    Archive,
    OpenedArchive,
    file_case,
    file_closed,
    find_archive,
    find_archives,
    has_closed,
    open_archive,
    take_package,
)
from datong.services.archives.rules import archive_rules, read_archive_rules

__all__ = [
    "Archive",
    "CheckedArchive",
    "Disposal",
    "OpenedArchive",
    "archive_rules",
    "check_package",
    "decide_disposal",
    "disposals",
    "due_archives",
    "file_case",
    "file_closed",
    "find_archive",
    "find_archives",
    "find_disposal",
    "has_closed",
    "has_disposed",
    "open_archive",
    "propose_disposal",
    "read_archive_rules",
    "sweep_disposed",
    "take_package",
]
