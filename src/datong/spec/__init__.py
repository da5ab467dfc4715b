"""What a pack may say: load it, check it as a whole, hand it on as frozen values."""

from datong.spec.file_names import FileMatch, day_in_name, match_file
from datong.spec.licences import LicenceFact, LicenceType
from datong.spec.load import check_packs, load_packs
from datong.spec.nodes import Faults, Node, load_yaml
from datong.spec.packs import Packs
from datong.spec.shape import Shape
from datong.spec.source import Assertions, Column, Department, Division, Format, Precedence, Relation, Source, Subject

__all__ = [
    "Assertions",
    "Column",
    "Department",
    "Division",
    "Faults",
    "FileMatch",
    "Format",
    "LicenceFact",
    "LicenceType",
    "Node",
    "Packs",
    "Precedence",
    "Relation",
    "Shape",
    "Source",
    "Subject",
    "check_packs",
    "day_in_name",
    "load_packs",
    "load_yaml",
    "match_file",
]
