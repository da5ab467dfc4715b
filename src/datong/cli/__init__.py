"""`datong <stage> <verb>`: everything the web can do to data, the terminal can."""

from datong.cli.app import main

__all__ = ["main"]
