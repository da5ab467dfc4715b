"""File names of deliveries: which source a file belongs to, and the day it speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from datong.spec.source import Source


@dataclass(frozen=True)
class FileMatch:
    """A file name that fits a source; `as_of` is its date as ISO text, empty when the name has none."""

    resource: str
    as_of: str


@lru_cache(maxsize=4096)
def file_pattern(glob: str) -> re.Pattern[str] | None:
    """The pack's file glob as a pattern; nothing when it is not a plain file name."""
    if "/" in glob or "\\" in glob or glob.count("{date}") > 1 or "{" in glob.replace("{date}", ""):
        return None
    parts = re.split(r"(\{date\}|\*|\?)", glob)
    words = {"{date}": r"(?P<date>\d{8})", "*": r".*", "?": "."}
    return re.compile("".join(words.get(part, re.escape(part)) for part in parts), re.IGNORECASE)


def match_file(sources: Iterable[Source], name: str) -> list[FileMatch]:
    """Every source whose glob fits the file name."""
    found = []
    for source in sources:
        pattern = file_pattern(source.file)
        hit = pattern.fullmatch(name) if pattern and source.file else None
        if hit:
            found.append(FileMatch(source.resource, iso_day(hit.groupdict().get("date") or "")))
    return found


def day_in_name(source: Source, name: str) -> str:
    """The day a file name of this source carries, as ISO text; empty when it has none."""
    return next((match.as_of for match in match_file([source], name)), "")


def iso_day(digits: str) -> str:
    """YYYYMMDD as ISO text; empty when it is no date."""
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8])).isoformat()
    except ValueError:
        return ""
