"""The departments' tables, one module a field of work. Importing this package declares them all in `row.TABLES`."""

from datong.simulate.deliver.row import TABLES
from datong.simulate.deliver.tables import civil, firms, grid, groups, health, housing, matters, police, supervision, utilities, work

__all__ = ["TABLES", "civil", "firms", "grid", "groups", "health", "housing", "matters", "police", "supervision", "utilities", "work"]
