"""Rules from a file: DMN's XML, or a pack's YAML."""

from __future__ import annotations

from pathlib import Path

from datong.domain.errors import BadValue
from datong.rules.decide import Model
from datong.rules.dmn_read import read_dmn
from datong.rules.model import Definitions
from datong.rules.pack_read import read_pack_rules
from datong.rules.xml_read import BadXml, read_xml
from datong.spec import Faults, load_yaml

_MOST_IMPORTS = 8


def read_rules(path: Path) -> Model:
    """A model from a .dmn, .xml or .yml file. Raises BadPack with every fault, each with file and line."""
    faults = Faults()
    model = Model(read_definitions(path, faults), faults)
    faults.raise_any()
    return model


def check_rules(path: Path) -> Model:
    """A model with its faults beside it, for who wants to see both."""
    faults = Faults()
    return Model(read_definitions(path, faults), faults)


def read_definitions(path: Path, faults: Faults, depth: int = 0) -> Definitions:
    """What a file defines; faults are collected. Raises BadValue for a file of another kind."""
    if path.suffix in (".dmn", ".xml"):

        def find(namespace: str, location: str) -> Definitions | None:
            found = _imported(path, namespace, location)
            return read_definitions(found, faults, depth + 1) if found is not None and depth < _MOST_IMPORTS else None

        return read_dmn(path.read_bytes(), path.name, faults, find)
    if path.suffix in (".yml", ".yaml"):
        return read_pack_rules(load_yaml(path, faults), faults)
    raise BadValue("file", f"{path.name} is neither .dmn, .xml nor .yml", "give a DMN model or a rule file of a pack")


def _imported(path: Path, namespace: str, location: str) -> Path | None:
    """The file beside a model that an import means: by the file's name, else by its namespace."""
    named = path.parent / Path(location).name if location else None
    if named is not None and named.is_file() and named != path:
        return named
    for other in sorted(path.parent.glob("*.dmn")):
        if other != path:
            try:
                if read_xml(other.read_bytes()).get("namespace") == namespace:
                    return other
            except BadXml:
                continue
    return None
