"""How long archives of cases are kept, item by item, and when a closed case is filed: `archives.yml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from datong import share
from datong.spec import Faults, Packs, Shape
from datong.store import Session

PART = "services.archives.rules"


@dataclass(frozen=True)
class ArchiveRules:
    """The city's rules. Years of 0 are for ever; `keeper`: the department whose archivists see every department's archives."""

    reference: str = ""
    keeper: str = ""
    file_after_days: int = 30
    default_years: int = 10
    items: Mapping[str, int] = field(default_factory=dict)

    def years(self, service: str) -> int:
        """For how many years the archive of an item's case is kept; 0 is for ever."""
        return self.items.get(service, self.default_years)


def archive_rules(session: Session) -> ArchiveRules:
    """The rules of the session's city, read once for each store. Raises BadPack."""
    return share.once_of_packs(session, PART, lambda parts, faults: read_archive_rules(parts.packs, faults))


def read_archive_rules(packs: Packs, faults: Faults) -> ArchiveRules:
    """archives.yml; what cannot stand is noted with its line."""
    root = packs.raw("archives", faults)
    if root is None:
        return ArchiveRules()
    shape = Shape(root, "archives.yml", faults)
    shape.only(("reference", "keeper", "file_after_days", "default_years", "items"))
    items = {}
    for code, text in shape.texts("items").items():
        if not text.isdigit():
            shape.fault("items", f"{code}: {text!r} is no number of years; write one, or 0 for ever")
        else:
            items[code] = int(text)
    keeper = shape.choice("keeper", tuple(packs.departments))
    days, years = shape.number("file_after_days", 30, 0), shape.number("default_years", 10, 0)
    return ArchiveRules(shape.text("reference", required=True), keeper, days, years, items)
