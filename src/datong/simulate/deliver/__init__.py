"""The departments' deliveries of the simulated city: their files with every known trouble, and the truth about each row."""

from datong.simulate.deliver.flow import Delivered, Summary, simulate
from datong.simulate.deliver.row import Table
from datong.simulate.deliver.tables import TABLES

__all__ = ["TABLES", "Delivered", "Summary", "Table", "simulate"]
