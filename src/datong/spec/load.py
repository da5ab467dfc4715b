"""Load a folder of packs and check it as a whole: all faults at once, each with file and line."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from datong.domain.errors import BadPack, Fault
from datong.spec.check import check_precedence, check_resources, check_source
from datong.spec.licences import read_licence_types
from datong.spec.nodes import Faults, Node, load_yaml
from datong.spec.packs import Packs
from datong.spec.read_source import read_source
from datong.spec.shape import Shape
from datong.spec.source import BODY_LEVELS, Department, Division, Precedence, Source

DEPARTMENT_KEYS = ("title", "short", "credit_code", "domain", "contact", "phone", "units", "level", "parent", "division")


def load_packs(folder: Path) -> Packs:
    """The city's packs. Raises BadPack with every fault when anything contradicts itself."""
    packs, faults = _loaded(folder)
    faults.raise_any()
    return packs


def check_packs(folder: Path) -> list[Fault]:
    """Every fault of a folder of packs; empty when it is sound."""
    try:
        load_packs(folder)
    except BadPack as error:
        return error.faults
    return []


def _loaded(folder: Path) -> tuple[Packs, Faults]:
    faults = Faults()
    registers = folder / "registers"
    if not registers.is_dir():
        faults.found.append(
            Fault("registers", 1, f"there is no folder 'registers' in {folder.name!r}: it holds departments.yml and sources/")
        )
        return Packs(folder, {}, {}), faults
    departments = _departments(registers / "departments.yml", faults)
    sources = _sources(registers / "sources", departments, faults)
    precedence = registers / "precedence.yml"
    orders = check_precedence(load_yaml(precedence, faults, "registers/precedence.yml"), sources, faults) if precedence.is_file() else {}
    divisions = _divisions(registers / "divisions.csv", faults)
    licences = read_licence_types(folder, departments, faults)
    return Packs(folder, sources, departments, Precedence(orders), divisions, licences), faults


def _sources(folder: Path, departments: Mapping[str, Department], faults: Faults) -> dict[str, Source]:
    read: list[tuple[Source, Node]] = []
    for path in sorted(folder.glob("*.yml")):
        node = load_yaml(path, faults, f"registers/sources/{path.name}")
        if not node.value:
            if not any(fault.file == node.file for fault in faults.found):
                faults.add(node, "the file is empty: describe a source or remove it")
            continue
        source = read_source(node, faults)
        check_source(source, node, departments, faults)
        read.append((source, node))
    check_resources(read, faults)
    return {source.resource: source for source, _ in read}


def _departments(path: Path, faults: Faults) -> dict[str, Department]:
    if not path.is_file():
        faults.found.append(
            Fault("registers/departments.yml", 1, "the file is missing: it names the departments that send and read records")
        )
        return {}
    node = load_yaml(path, faults, "registers/departments.yml")
    entries = list((node.get("departments") or node).entries())
    found = {code: _department(code, child, faults) for code, child in entries}
    for code, child in entries:
        _check_level(found, found[code], child, faults)
    return found


def _check_level(found: Mapping[str, Department], one: Department, node: Node, faults: Faults) -> None:
    """A body belongs to one of the same or a higher level, whose division holds its own; below the city every body has a division."""
    above = found.get(one.parent)
    if one.parent and above is None:
        faults.add(node.get("parent") or node, f"parent {one.parent!r} is not in departments.yml")
    if above is not None and BODY_LEVELS.index(above.level) > BODY_LEVELS.index(one.level):
        told = f"{one.code!r} of level {one.level} cannot belong to {above.code!r} of the lower level {above.level}"
        faults.add(node.get("parent") or node, told)
    if above is not None and not one.division.startswith(above.division):
        faults.add(node.get("division") or node, f"division {one.division!r} lies outside that of {above.code!r}, {above.division!r}")
    if (BODY_LEVELS.index(one.level) > BODY_LEVELS.index("city")) != bool(one.division):
        faults.add(node, f"{one.code!r}: bodies below the city, and they alone, name their division")
    if one.division and not one.division.isdigit():
        faults.add(node.get("division") or node, "a division must be digits")


def _department(code: str, node: Node, faults: Faults) -> Department:
    shape = Shape(node, f"department {code!r}", faults)
    shape.only(DEPARTMENT_KEYS)
    title, short = shape.part("title"), shape.part("short")
    return Department(
        code=code,
        title_zh=title.text("zh", required=True),
        title_en=title.text("en", required=True),
        short_zh=short.text("zh", title.text("zh")),
        short_en=short.text("en", title.text("en")),
        credit_code=shape.text("credit_code"),
        domain=shape.text("domain"),
        level=shape.choice("level", BODY_LEVELS, "city"),
        parent=shape.text("parent"),
        division=shape.text("division"),
    )


def _divisions(path: Path, faults: Faults) -> tuple[Division, ...]:
    if not path.is_file():
        return ()
    with path.open(encoding="utf-8-sig", newline="") as lines:
        numbered = ((number, line) for number, line in enumerate(lines, start=1) if not line.startswith("#"))
        rows = [(number, next(csv.reader([line]))) for number, line in numbered if line.strip()]
    if not rows or not {"code", "name"} <= set(rows[0][1]):
        faults.found.append(Fault("registers/divisions.csv", rows[0][0] if rows else 1, "the header must name the columns code and name"))
        return ()
    names = rows[0][1]
    for number, cells in rows[1:]:
        if len(cells) != len(names):
            faults.found.append(Fault("registers/divisions.csv", number, f"{len(cells)} cells where the header has {len(names)}"))
    dicts = [dict(zip(names, cells, strict=False)) for _, cells in rows[1:] if len(cells) == len(names)]
    return tuple(Division(cells["code"], cells["name"], cells) for cells in dicts)
