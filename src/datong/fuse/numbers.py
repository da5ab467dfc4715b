"""Distinct numbers → anchors: each written form is read once, however many records repeat it."""

from __future__ import annotations

from collections.abc import Callable

from datong.domain.identifiers import Reading, read_citizen_id, read_credit_code, read_registration_no
from datong.domain.names import compare_names
from datong.fuse import queries
from datong.fuse.work import Work

AUTHORITY = frozenset({"authority"})


def read_numbers(work: Work) -> None:
    """Make the tables of sound numbers: `id_reading`, `credit_reading`, `registration_reading` (text → anchor)."""
    _read_column(work, "id_reading", _of("citizen_id", "person"), "id:", read_citizen_id)
    _read_column(work, "credit_reading", _of("credit_code", "organisation"), "uscc:", read_credit_code)
    _read_column(work, "registration_reading", _of("registration_no", "organisation"), "registration:", read_registration_no)


def _of(column: str, kind: str) -> str:
    return queries.DISTINCT_NUMBERS.format(column=column, kind=kind)


def _read_column(work: Work, table: str, distinct: str, prefix: str, read: Callable[[str], Reading]) -> None:
    texts = [row[0] for row in work.rows(distinct)]
    anchors = [prefix + found.value if (found := read(text)).sound else None for text in texts]
    work.table(table, {"text": texts, "anchor": anchors})


def find_borrowed(work: Work) -> None:
    """Make the table `borrowed`: mentions whose sound number belongs to somebody with quite another name.

    The number's own name is what an authority says of it, else what most resources say. A mention with a
    different name in a single resource (a former name on record counts as a second one) is somebody else's
    record under a wrong number: it is compared like one without a number, and its number never merges it.
    """
    names: dict[str, dict[str, set[str]]] = {}
    for anchor, name, resource in work.rows(queries.NAMES_OF_NUMBERS):
        names.setdefault(anchor, {}).setdefault(name, set()).add(resource)
    wrong = [(anchor, name, resource) for anchor, by_name in names.items() for name, resource in _outsiders(work, by_name)]
    columns = {name: [row[at] for row in wrong] for at, name in enumerate(("anchor", "name", "resource"))}
    work.table("borrowed_name", columns)
    work.con.execute(queries.BORROWED)
    work.count("borrowed_numbers", len(wrong))


def _outsiders(work: Work, by_name: dict[str, set[str]]) -> list[tuple[str, str]]:
    """The (name, resource) pairs that disagree with the number's own name and stand alone."""

    def weight(name: str) -> tuple[int, int]:
        classes = [work.packs.sources[resource].precedence for resource in by_name[name] if resource in work.packs.sources]
        return (sum(one in AUTHORITY for one in classes), len(by_name[name]))

    own = max(sorted(by_name), key=weight)
    if weight(own)[1] < 2:
        return []
    return [
        (name, resource)
        for name, resources in sorted(by_name.items())
        if name != own and len(resources) == 1
        for resource in sorted(resources)
        if compare_names(own, name) == "different"
    ]
