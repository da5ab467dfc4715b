"""What a decision model is made of, as frozen values: decisions, inputs, knowledge, services, types, and the boxes they are written in.

The same values come from DMN's XML and from a pack's YAML; the compilers and writers read nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Place:
    """Where something is written."""

    file: str = ""
    line: int = 0


@dataclass(frozen=True, kw_only=True)
class Box:
    """An expression of a model; `type` is the type it is declared to have."""

    place: Place = Place()
    type: str = ""


@dataclass(frozen=True, kw_only=True)
class LiteralBox(Box):
    """FEEL text."""

    text: str


@dataclass(frozen=True, kw_only=True)
class ContextBox(Box):
    """Named entries, later ones seeing earlier ones; the result if there is one, else all entries."""

    entries: tuple[tuple[str, Box], ...]
    result: Box | None = None


@dataclass(frozen=True, kw_only=True)
class InvocationBox(Box):
    """A function called with named arguments."""

    callee: Box
    bindings: tuple[tuple[str, Box], ...]


@dataclass(frozen=True, kw_only=True)
class FunctionBox(Box):
    """A function: parameters with their types, and a body. `kind` is FEEL; Java and PMML cannot be run here."""

    parameters: tuple[tuple[str, str], ...]
    body: Box
    kind: str = "FEEL"


@dataclass(frozen=True, kw_only=True)
class RelationBox(Box):
    """Rows of named columns: a list of contexts."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Box, ...], ...]


@dataclass(frozen=True, kw_only=True)
class ListBox(Box):
    """A list of boxes."""

    items: tuple[Box, ...]


@dataclass(frozen=True, kw_only=True)
class ConditionalBox(Box):
    """If, then, else."""

    condition: Box
    then: Box
    otherwise: Box


@dataclass(frozen=True, kw_only=True)
class IteratorBox(Box):
    """`for`, `some` or `every` over a list."""

    kind: str
    name: str
    source: Box
    body: Box


@dataclass(frozen=True, kw_only=True)
class FilterBox(Box):
    """The items of a list that match."""

    source: Box
    match: Box


@dataclass(frozen=True)
class Input:
    """A column of conditions: the expression they are about."""

    expression: str
    type: str = ""
    values: str = ""
    """Unary tests that the value must pass; empty for any value."""
    label: str = ""
    place: Place = Place()


@dataclass(frozen=True)
class Output:
    """A column of results. `values` in their order are the priority of hit policies P and O."""

    name: str = ""
    type: str = ""
    values: str = ""
    default: str = ""
    label: str = ""
    place: Place = Place()


@dataclass(frozen=True)
class Rule:
    """One row of a decision table."""

    id: str
    tests: tuple[str, ...]
    results: tuple[str, ...]
    reference: str = ""
    """The article of law it rests on."""
    note: str = ""
    place: Place = Place()


@dataclass(frozen=True, kw_only=True)
class TableBox(Box):
    """A decision table. `hit` is its policy: U A P F R O C, and C+ C< C> C#."""

    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    hit: str = "U"


@dataclass(frozen=True)
class ItemDefinition:
    """A named type: of another type with allowed values, or of components."""

    name: str
    type: str = ""
    many: bool = False
    values: str = ""
    values_of_all: str = ""
    """Allowed values of the whole list, where the type is of many."""
    components: tuple[ItemDefinition, ...] = ()
    parameters: tuple[tuple[str, str], ...] | None = None
    place: Place = Place()


@dataclass(frozen=True)
class Needs:
    """What an element may use: identifiers of inputs, decisions and knowledge, with their model's namespace before a # if imported."""

    inputs: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()
    knowledge: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Element:
    """Something with a name in a model."""

    id: str
    name: str
    type: str = ""
    label: str = ""
    note: str = ""
    place: Place = Place()


@dataclass(frozen=True, kw_only=True)
class Logic(Element):
    """An element that needs others."""

    needs: Needs = Needs()


@dataclass(frozen=True, kw_only=True)
class InputData(Element):
    """A fact that is given."""


@dataclass(frozen=True, kw_only=True)
class Decision(Logic):
    """Something that is decided."""

    box: Box | None
    reference: str = ""


@dataclass(frozen=True, kw_only=True)
class Knowledge(Logic):
    """A business knowledge model: a function that decisions use."""

    box: FunctionBox | None


@dataclass(frozen=True, kw_only=True)
class Service(Element):
    """A decision service: some decisions made available as a function of others and of inputs."""

    outputs: tuple[str, ...]
    within: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Definitions:
    """A whole model as written."""

    name: str
    namespace: str = ""
    label: str = ""
    note: str = ""
    types: tuple[ItemDefinition, ...] = ()
    inputs: tuple[InputData, ...] = ()
    decisions: tuple[Decision, ...] = ()
    knowledge: tuple[Knowledge, ...] = ()
    services: tuple[Service, ...] = ()
    imports: Mapping[str, Definitions] = field(default_factory=dict)
    """Imported models by the name they have here."""

    def elements(self) -> tuple[Element, ...]:
        """All that has a name, in order."""
        return (*self.inputs, *self.decisions, *self.knowledge, *self.services)
