"""The named rules of matching, and how often each was right."""

from __future__ import annotations

BY_WORDING = "confirmed_wording"
MEASURED = {
    BY_WORDING: 0.99,
    "name+number": 0.9995,
    "alias+number": 0.999,
    "name": 0.999,
    "number": 0.99,
    "road": 0.99,
    "village": 0.99,
    "village_number_unique_group": 0.98,
    "phase": 0.98,
    "phase+number": 0.99,
    "phase+road": 0.97,
    "alias": 0.998,
    "beginning+number": 0.99,
    "core+number": 0.99,
    "near+number": 0.998,
    "beginning+road": 0.97,
    "core+road": 0.97,
    "near+road": 0.97,
    "beginning": 0.93,
    "near": 0.9,
}
"""Rule → share of its answers that were right, the lowest of the benchmark's registers, rounded down. Rules too rare there
to be measured by themselves (alias, village, road, phase, a confirmed wording and the mixed ones with road) stand at a careful estimate."""
