"""The option every stage takes: which city."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Home = Annotated[Path | None, typer.Option("--home", help="The city's home folder; DATONG_HOME, or var/city.")]
