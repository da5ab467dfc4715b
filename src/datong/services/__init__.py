"""Items and cases: what people can apply for, who handles it by when, and what comes of it.

Begin a case with `begin`, act on it with `act`, see it with `case_of`, list a department's work with `queue`, and let the
clock run with `tick`. `decide` and `replay` are the pure heart: `state x command -> events`, and a case is the fold of them.
"""

from datong.services.benefits import Benefits, Saved, benefits, count_benefits
from datong.services.bpmn import export_bpmn
from datong.services.bpmn_read import Drawn, drawn_yaml, read_bpmn
from datong.services.catalogue import (
    KIND_WORDS,
    LEVEL_WORDS,
    LIFE_WORDS,
    Found,
    Guide,
    Search,
    Section,
    counts,
    find,
    guide,
    leading,
    search,
)
from datong.services.clocks import Working
from datong.services.consents import Agreed, agreed_in_cases, take_back
from datong.services.dealings import Dealing, dealings
from datong.services.decide import COMMANDS, decide
from datong.services.deciding import Replayed, Ruling, replay_decision
from datong.services.drafts import Draft, draft_of, drafts, drop_draft, drop_old_drafts, keep_draft
from datong.services.facts import Change
from datong.services.filed import Sold
from datong.services.firms import firms_of
from datong.services.flow import Begun, Doing, NewCase, Prepared, act, ask_again, begin, prepare, tick
from datong.services.fold import fold, replay
from datong.services.forms import Filled, applies, open_questions
from datong.services.group import MOST_AT_ONCE, CaseCommit, Outcome, Together, Work, closing, give
from datong.services.hours import HoursClock, hours_clock, tell_late
from datong.services.installed import Items, check_services, install, items
from datong.services.known import Known
from datong.services.money import (
    HttpLine,
    Line,
    Order,
    Receipt,
    Sent,
    SimulatedLine,
    dead_letters,
    line_of,
    move_money,
    orders_of,
    receipt_of,
    send_again,
)
from datong.services.nightly import Review, Run, Testing, due_tonight, last_run, retest, retest_piece, reviews, settle_review, tests_of
from datong.services.notes import KINDS as NOTE_WORDS
from datong.services.notes import Note, Standing, notes_of, standing, write_note
from datong.services.papers import TYPES as PAPER_TYPES
from datong.services.papers import KeptPaper, Paper, open_paper, take_papers
from datong.services.parties import open_invitation, seats_for
from datong.services.places import Allocation, Ranked, allocate, allocation_of, order_again
from datong.services.ratings import GRADES, Rating, answer_rating, rate, rating_of, ratings, ratings_counted
from datong.services.retest import Again, Rates, Tested, decide_all, rates, tested_again
from datong.services.samples import Sample, is_drawn, samples, settle_sample
from datong.services.scenario import Result, run_scenarios, test_packs
from datong.services.state import ENDS, STATES, Case, Clock, Command, Event, Task
from datong.services.store_case import definition
from datong.services.times import Times, times
from datong.services.told import STATE_WORDS
from datong.services.units import UnitState
from datong.services.views import (
    Brief,
    OneCase,
    Part,
    Waiting,
    Written,
    begun_case,
    case_in_brief,
    case_of,
    changes_since,
    department_words,
    my_cases,
    queue,
    queue_counts,
    seat_of,
    task_words,
)
from datong.services.waits import waits_due

__all__ = [
    "COMMANDS",
    "ENDS",
    "GRADES",
    "KIND_WORDS",
    "LEVEL_WORDS",
    "LIFE_WORDS",
    "MOST_AT_ONCE",
    "NOTE_WORDS",
    "PAPER_TYPES",
    "STATES",
    "STATE_WORDS",
    "Again",
    "Agreed",
    "Allocation",
    "Begun",
    "Benefits",
    "Brief",
    "Case",
    "CaseCommit",
    "Change",
    "Clock",
    "Command",
    "Dealing",
    "Doing",
    "Draft",
    "Drawn",
    "Event",
    "Filled",
    "Found",
    "Guide",
    "HoursClock",
    "HttpLine",
    "Items",
    "KeptPaper",
    "Known",
    "Line",
    "NewCase",
    "Note",
    "OneCase",
    "Order",
    "Outcome",
    "Paper",
    "Part",
    "Prepared",
    "Ranked",
    "Rates",
    "Rating",
    "Receipt",
    "Replayed",
    "Result",
    "Review",
    "Ruling",
    "Run",
    "Sample",
    "Saved",
    "Search",
    "Section",
    "Sent",
    "SimulatedLine",
    "Sold",
    "Standing",
    "Task",
    "Tested",
    "Testing",
    "Times",
    "Together",
    "UnitState",
    "Waiting",
    "Work",
    "Working",
    "Written",
    "act",
    "agreed_in_cases",
    "allocate",
    "allocation_of",
    "answer_rating",
    "applies",
    "ask_again",
    "begin",
    "begun_case",
    "benefits",
    "case_in_brief",
    "case_of",
    "changes_since",
    "check_services",
    "closing",
    "count_benefits",
    "counts",
    "dead_letters",
    "dealings",
    "decide",
    "decide_all",
    "definition",
    "department_words",
    "draft_of",
    "drafts",
    "drawn_yaml",
    "drop_draft",
    "drop_old_drafts",
    "due_tonight",
    "export_bpmn",
    "find",
    "firms_of",
    "fold",
    "give",
    "guide",
    "hours_clock",
    "install",
    "is_drawn",
    "items",
    "keep_draft",
    "last_run",
    "leading",
    "line_of",
    "move_money",
    "my_cases",
    "notes_of",
    "open_invitation",
    "open_paper",
    "open_questions",
    "order_again",
    "orders_of",
    "prepare",
    "queue",
    "queue_counts",
    "rate",
    "rates",
    "rating_of",
    "ratings",
    "ratings_counted",
    "read_bpmn",
    "receipt_of",
    "replay",
    "replay_decision",
    "retest",
    "retest_piece",
    "reviews",
    "run_scenarios",
    "samples",
    "search",
    "seat_of",
    "seats_for",
    "send_again",
    "settle_review",
    "settle_sample",
    "standing",
    "take_back",
    "take_papers",
    "task_words",
    "tell_late",
    "test_packs",
    "tested_again",
    "tests_of",
    "tick",
    "times",
    "waits_due",
    "write_note",
]
