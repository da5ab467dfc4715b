"""datong: collect the departments' records, fuse them into registers, share them on stated conditions."""

__version__ = "0.1.0"
