"""What a pack may say: load it, check it as a whole, hand it on as frozen values."""

from datong.spec.centres import Centre, load_centres
from datong.spec.check_service import load_services, service_nodes
from datong.spec.file_names import FileMatch, day_in_name, match_file
from datong.spec.licences import LicenceFact, LicenceType
from datong.spec.load import check_packs, load_packs
from datong.spec.nodes import Faults, Node, load_yaml
from datong.spec.packs import Packs
from datong.spec.read_service import node_of, read_kept, read_service
from datong.spec.service import (
    FIELD_TYPES,
    FOUND,
    LEVELS,
    LIFE_EVENTS,
    Confirming,
    Deciding,
    Document,
    Fact,
    FormField,
    LicenceSpec,
    Material,
    Places,
    SeatSpec,
    Service,
    SituationQuestion,
    StageSpec,
    TaskSpec,
    Words,
)
from datong.spec.shape import Shape
from datong.spec.source import BODY_LEVELS, Assertions, Column, Department, Division, Format, Precedence, Relation, Source, Subject

__all__ = [
    "BODY_LEVELS",
    "FIELD_TYPES",
    "FOUND",
    "LEVELS",
    "LIFE_EVENTS",
    "Assertions",
    "Centre",
    "Column",
    "Confirming",
    "Deciding",
    "Department",
    "Division",
    "Document",
    "Fact",
    "Faults",
    "FileMatch",
    "FormField",
    "Format",
    "LicenceFact",
    "LicenceSpec",
    "LicenceType",
    "Material",
    "Node",
    "Packs",
    "Places",
    "Precedence",
    "Relation",
    "SeatSpec",
    "Service",
    "Shape",
    "SituationQuestion",
    "Source",
    "StageSpec",
    "Subject",
    "TaskSpec",
    "Words",
    "check_packs",
    "day_in_name",
    "load_centres",
    "load_packs",
    "load_services",
    "load_yaml",
    "match_file",
    "node_of",
    "read_kept",
    "read_service",
    "service_nodes",
]
