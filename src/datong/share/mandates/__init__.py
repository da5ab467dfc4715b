"""Who answers for another: mandates between people, guardians of adults. What they allow is asked in `share/guardians.py` at each use."""

from datong.share.guardians import Recorded, Represented
from datong.share.mandates.flow import (
    Mandate,
    Named,
    NewGuardian,
    NewMandate,
    answer_mandate,
    confirm_guardian,
    end_guardian,
    end_mandate,
    enter_guardian,
    guardianships,
    i_answer_for,
    my_guardianships,
    my_mandates,
    name_agent,
)

__all__ = [
    "Mandate",
    "Named",
    "NewGuardian",
    "NewMandate",
    "Recorded",
    "Represented",
    "answer_mandate",
    "confirm_guardian",
    "end_guardian",
    "end_mandate",
    "enter_guardian",
    "guardianships",
    "i_answer_for",
    "my_guardianships",
    "my_mandates",
    "name_agent",
]
