"""What is true about the deliveries, kept beside them: who each row speaks of, what is wrong in it, and the city itself."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from datong.simulate.deliver.spoil import Spoiled
from datong.simulate.model import Block, Person


class TruthFile:
    """A gzipped CSV whose bytes depend on its rows alone."""

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("wb")
        self._packed = gzip.GzipFile(filename="", mode="wb", compresslevel=1, fileobj=self._file, mtime=0)
        self._stream = io.TextIOWrapper(self._packed, encoding="utf-8", newline="", write_through=False)
        self._rows = csv.writer(self._stream, lineterminator="\n")
        self._rows.writerow(columns)

    def append(self, row: Sequence[str | int]) -> None:
        """Write one row."""
        self._rows.writerow(row)

    def close(self) -> None:
        """Finish the file."""
        self._stream.flush()
        self._stream.close()
        self._packed.close()
        self._file.close()


class RowTruth:
    """Truth about the rows of one resource: `file, row_no` (as in the file, from 1, header and titles counted)
    and a world id a role."""

    def __init__(self, folder: Path, resource: str, roles: Sequence[str], troubles: TruthFile) -> None:
        self._roles = tuple(roles)
        self._resource = resource
        self._rows = TruthFile(folder / "rows" / f"{resource}.csv.gz", ("file", "row_no", *self._roles))
        self._troubles = troubles

    def append(self, file: str, row_no: int, spoiled: Spoiled) -> None:
        """Note one row of one file."""
        about = spoiled.about
        self._rows.append((file, row_no, *[about.get(role, "") for role in self._roles]))
        for note in spoiled.notes:
            self._troubles.append((self._resource, file, row_no, *note))

    def close(self) -> None:
        """Finish the file."""
        self._rows.close()


TROUBLE_COLUMNS = ("resource", "file", "row_no", "column", "trouble", "true_value")
PERSON_COLUMNS = (
    "id", "citizen_id", "name", "former_name", "sex", "birth", "death", "left", "floating", "phone", "home", "registered_unit", "employer",
    "spouse", "father", "mother", "household_no",
)  # fmt: skip
FIRM_COLUMNS = ("id", "kind", "name", "former_name", "credit_code", "status", "legal_representative", "registered_unit", "operating_unit")
UNIT_COLUMNS = ("id", "kind", "use", "address", "community", "site", "building", "title_unit_no", "certificate_no", "residents")
RELATION_COLUMNS = ("from", "type", "to", "since", "until")
TRAP_COLUMNS = ("kind", "ids")


class CityTruth:
    """The city's people, firms, premises, relations and planted difficulties."""

    def __init__(self, folder: Path) -> None:
        self._files = {
            name: TruthFile(folder / f"{name}.csv.gz", columns)
            for name, columns in (
                ("persons", PERSON_COLUMNS),
                ("firms", FIRM_COLUMNS),
                ("units", UNIT_COLUMNS),
                ("relations", RELATION_COLUMNS),
                ("traps", TRAP_COLUMNS),
            )
        }

    def append(self, block: Block) -> None:
        """Write down one block."""
        for person in block.people:
            self._files["persons"].append(_person_row(person))
        for firm in block.firms:
            operating = firm.operating_unit.id if firm.operating_unit else ""
            self._files["firms"].append(
                (firm.id, firm.kind, firm.name, firm.former_name, firm.credit_code, firm.status, firm.legal_representative.id,
                 firm.registered_unit.id, operating)
            )  # fmt: skip
        for unit in block.units:
            building = unit.building.id if unit.building else ""
            self._files["units"].append(
                (unit.id, unit.kind, unit.use, unit.address, unit.site.community.code, unit.site.id, building, unit.title_unit_no,
                 unit.certificate_no, len(unit.residents))
            )  # fmt: skip
        for relation in relations(block):
            self._files["relations"].append(relation)
        for trap in block.traps:
            self._files["traps"].append((trap.kind, " ".join(trap.ids)))

    def close(self) -> None:
        """Finish the files."""
        for file in self._files.values():
            file.close()


def _person_row(person: Person) -> tuple[str | int, ...]:
    others = (person.home, person.registered_unit, person.employer, person.spouse, person.father, person.mother)
    household = person.household.household_no if person.household else ""
    return (
        person.id, person.citizen_id, person.name, person.former_name, person.sex, person.birth, person.death, person.left,
        int(person.floating), person.phone, *(other.id if other else "" for other in others), household,
    )  # fmt: skip


def relations(block: Block) -> Iterator[tuple[str, str, str, str, str]]:
    """Every true relation of a block, past ones as well: from, type, to, since, until."""
    for stay in block.stays:
        yield stay.person.id, "lives_at", stay.unit.id, stay.since, stay.until
    for registration in block.registrations:
        yield registration.person.id, "household_registered_at", registration.unit.id, registration.since, registration.until
    for marriage in block.marriages:
        yield marriage.husband.id, "married_to", marriage.wife.id, marriage.on, marriage.ended_on
    for person in block.people:
        for parent in (person.mother, person.father):
            if parent:
                yield person.id, "child_of", parent.id, person.birth, ""
    for one in block.guardianships:
        yield one.ward.id, "ward_of", one.guardian.id, one.since, one.until
    for pupil in block.pupils:
        yield pupil.person.id, "studies_at", pupil.school.id, pupil.since, ""
    for employment in block.employments:
        yield employment.person.id, "works_for", employment.firm.id, employment.since, employment.until
    for title in block.ownerships:
        yield title.owner.id, "owns", title.unit.id, title.since, title.until
    for lease in block.leases:
        yield lease.tenant.id, "rents", lease.unit.id, lease.since, lease.until
    for account in block.accounts:
        yield account.holder.id, "account_holder_at", account.unit.id, account.opened_on, account.closed_on
    for firm in block.firms:
        yield firm.legal_representative.id, "legal_representative_of", firm.id, "", firm.closed_on
        for address in firm.addresses or ():
            yield firm.id, "registered_at", address.unit.id, address.since, address.until
        if firm.operating_unit:
            yield firm.id, "operates_at", firm.operating_unit.id, "", ""
