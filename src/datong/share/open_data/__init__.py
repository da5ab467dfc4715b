"""Open data: what a department opens to the public by a reviewed decision, found and had by anybody, asked for, corrected, withdrawn.

rules.py    licences of use, smallest count, clocks        check.py    everything that speaks against opening, by name
dataset.py  what is kept                                   copy.py     a version: read through the one door, published
files.py    its files as streams, read in pieces
steps.py    proposed, signed, opened, renewed, withdrawn   find.py     search, one, files, DCAT-AP
told.py     public data on demand; corrections
"""

from datong.share.open_data.check import Wanted, openable
from datong.share.open_data.dataset import SHAPES, Dataset, Version, find_dataset
from datong.share.open_data.find import FORMS, MOST_ROWS_AT_ONCE, Copy, Shown, dcat, search, show, take_copy, take_rows
from datong.share.open_data.office import OpeningWork, can_open, opening_work
from datong.share.open_data.rules import read_open_rules
from datong.share.open_data.steps import (
    ask_renewal,
    open_to_public,
    propose_opening,
    renew_openings,
    return_opening,
    sign_opening,
    waiting_renewals,
    withdraw_opening,
)
from datong.share.open_data.told import (
    CORRECTION_STATES,
    WISH_STATES,
    Correction,
    Wish,
    WishAnswer,
    WishedFor,
    answer_correction,
    answer_wish,
    own_wishes,
    report_correction,
    wish,
    wishes,
)

__all__ = [
    "CORRECTION_STATES",
    "FORMS",
    "MOST_ROWS_AT_ONCE",
    "SHAPES",
    "WISH_STATES",
    "Copy",
    "Correction",
    "Dataset",
    "OpeningWork",
    "Shown",
    "Version",
    "Wanted",
    "Wish",
    "WishAnswer",
    "WishedFor",
    "answer_correction",
    "answer_wish",
    "ask_renewal",
    "can_open",
    "dcat",
    "find_dataset",
    "open_to_public",
    "openable",
    "opening_work",
    "own_wishes",
    "propose_opening",
    "read_open_rules",
    "renew_openings",
    "report_correction",
    "return_opening",
    "search",
    "show",
    "sign_opening",
    "take_copy",
    "take_rows",
    "waiting_renewals",
    "wish",
    "wishes",
    "withdraw_opening",
]
