"""A believable city with known truth: the departments' files, with every known trouble."""

from datong.simulate.deliver import TABLES, Delivered, Summary, Table, simulate

__all__ = ["TABLES", "Delivered", "Summary", "Table", "simulate"]
