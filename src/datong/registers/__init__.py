"""The three registers: derived from members, judgements and precedence; read by `share` and the command line only."""

from datong.registers.digest import digest
from datong.registers.feed import changes
from datong.registers.flow import rebuild, refresh
from datong.registers.look_up import entry, family_of, find, list_entries, relations, resolve, suggest
from datong.registers.marks import open_marks, raise_mark, settle_mark
from datong.registers.values import Change, Entry, Fact, Link, Listed, Mark, Suggestion

__all__ = [
    "Change",
    "Entry",
    "Fact",
    "Link",
    "Listed",
    "Mark",
    "Suggestion",
    "changes",
    "digest",
    "entry",
    "family_of",
    "find",
    "list_entries",
    "open_marks",
    "raise_mark",
    "rebuild",
    "refresh",
    "relations",
    "resolve",
    "settle_mark",
    "suggest",
]
