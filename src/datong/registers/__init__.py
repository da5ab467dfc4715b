"""The three registers: derived from members, judgements and precedence; read by `share` and the command line only."""

from datong.registers.body import Body, read_body, state_sql, value_sql, write_facts
from datong.registers.cases import WORKED, Case, Step, case_of, find_case, steps
from datong.registers.digest import digest
from datong.registers.feed import changes
from datong.registers.flow import rebuild, refresh
from datong.registers.kinds import Kinds, MarkKind, check_marks, mark_kinds, read_kinds
from datong.registers.look_up import entry, family_of, find, list_entries, query_of, relations, resolve, suggest
from datong.registers.marks import ACTS, INVESTIGATION, Act, Owner, act_on_mark, find_mark, open_marks, raise_mark, settle_mark
from datong.registers.reached import LEVELS, reached
from datong.registers.values import Change, Entry, Fact, Link, Listed, Mark, Suggestion

__all__ = [
    "ACTS",
    "INVESTIGATION",
    "LEVELS",
    "WORKED",
    "Act",
    "Body",
    "Case",
    "Change",
    "Entry",
    "Fact",
    "Kinds",
    "Link",
    "Listed",
    "Mark",
    "MarkKind",
    "Owner",
    "Step",
    "Suggestion",
    "act_on_mark",
    "case_of",
    "changes",
    "check_marks",
    "digest",
    "entry",
    "family_of",
    "find",
    "find_case",
    "find_mark",
    "list_entries",
    "mark_kinds",
    "open_marks",
    "query_of",
    "raise_mark",
    "reached",
    "read_body",
    "read_kinds",
    "rebuild",
    "refresh",
    "relations",
    "resolve",
    "settle_mark",
    "state_sql",
    "steps",
    "suggest",
    "value_sql",
    "write_facts",
]
