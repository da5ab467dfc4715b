"""Windows: numbers taken and called, and minutes from there to acceptance.

visits.py   taken, called, begun, gone away      minutes.py   measured by item and by window
"""

from datong.services.windows.minutes import Minutes, WindowRules, WindowTimes, read_window_rules, window_times
from datong.services.windows.visits import Number, begun_at_window, call_number, leave_number, take_number, waiting_numbers, window_of

__all__ = [
    "Minutes",
    "Number",
    "WindowRules",
    "WindowTimes",
    "begun_at_window",
    "call_number",
    "leave_number",
    "read_window_rules",
    "take_number",
    "waiting_numbers",
    "window_of",
    "window_times",
]
