"""The command line: the stages in order, each loaded only when it is used."""

from __future__ import annotations

import sys
from importlib import import_module

from rich.console import Console
from rich.table import Table

from datong import __version__
from datong.domain.errors import DatongError

STAGES = {
    "init": "Make a city: its home folder, keys and store.",
    "simulate": "Write a believable city's deliveries, with known truth.",
    "collect": "Take in the departments' deliveries.",
    "fuse": "Link records to people, organisations and premises.",
    "registers": "Rebuild, inspect and list the registers.",
    "key": "Open everything one key leads to, for a purpose.",
    "verify": "Compare claims with the registers, for a purpose.",
    "licences": "Issue, end, list and verify electronic licences.",
    "catalogue": "Find, import and export the catalogue of what departments share.",
    "agreement": "List, show, compare, sign and suspend the sharing agreements.",
    "link": "Link the rows of any table, or of two.",
    "address": "Read and match Chinese addresses.",
    "services": "What people can apply for: items, guides, scenarios, the clock.",
    "ledger": "Verify and export the record of every read.",
    "door": "Let other systems join: keys, signatures, a sandbox.",
    "identity": "Let other services use the city's sign-in.",
    "pack": "Check the city's packs.",
    "rules": "Check, decide by, draw and test written rules.",
    "serve": "Serve the office, the citizens' pages and the API.",
    "worker": "Do the jobs that wait.",
    "demo": "Make the demonstration city and serve it.",
}
"""Stage → its one line of help; the module `datong.cli.<stage>` holds `app`, a Typer."""


def main(arguments: list[str] | None = None) -> None:
    """Run one stage's commands; an error on purpose becomes one clear line and exit code 1."""
    words = sys.argv[1:] if arguments is None else arguments
    if not words or words[0] in ("-h", "--help"):
        _show_stages()
    elif words[0] in ("-V", "--version"):
        Console().print(f"datong {__version__}", highlight=False)
    elif words[0] not in STAGES:
        _fail(f"There is no stage {words[0]!r}. Known are: {', '.join(STAGES)}.", 2)
    else:
        _run(words[0], words[1:])


def _run(stage: str, words: list[str]) -> None:
    app = import_module(f"datong.cli.{stage}").app
    try:
        app(words, prog_name=f"datong {stage}")
    except DatongError as error:
        _fail(error.message, 1)
    except KeyboardInterrupt:
        _fail("Interrupted; what was finished is kept, run the same command again to go on.", 130)


def _fail(message: str, code: int) -> None:
    Console(stderr=True).print(message, style="red", markup=False, highlight=False, soft_wrap=True)
    sys.exit(code)


def _show_stages() -> None:
    console = Console()
    console.print("Usage: datong STAGE [VERB] …   (datong STAGE --help tells more)\n", highlight=False, markup=False)
    console.print("datong 打通: collect the departments' records, fuse them into registers, share them on stated conditions.\n")
    table = Table(box=None, show_header=False, pad_edge=False)
    for stage, line in STAGES.items():
        table.add_row(f"  {stage}", line)
    console.print(table)
