"""A city's packs as one frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from datong.domain.errors import Missing
from datong.spec.licences import LicenceType
from datong.spec.nodes import Faults, Node, load_yaml
from datong.spec.source import Department, Division, Precedence, Source


@dataclass(frozen=True)
class Packs:
    """Everything the city's packs say, checked as a whole."""

    folder: Path
    sources: Mapping[str, Source]
    departments: Mapping[str, Department]
    precedence: Precedence = field(default_factory=Precedence)
    divisions: tuple[Division, ...] = ()
    licences: Mapping[str, LicenceType] = field(default_factory=dict)

    def source(self, resource: str) -> Source:
        """The source of a resource; Missing names the ones there are."""
        if resource not in self.sources:
            raise Missing(f"No pack describes the resource {resource!r}. Known are: {', '.join(sorted(self.sources))}.")
        return self.sources[resource]

    def raw(self, name: str, faults: Faults | None = None) -> Node | None:
        """A further pack file with its line numbers, for the stage that understands it ("purposes", "share/agreements.yml").

        A bare word is looked for in `registers/`, then in the packs folder, then in a folder of any application.
        """
        path = self._find(name)
        return load_yaml(path, faults, str(path.relative_to(self.folder))) if path else None

    def files(self, pattern: str) -> tuple[Path, ...]:
        """Files of the packs by glob, in name order ("*/agreements.yml")."""
        return tuple(sorted(self.folder.glob(pattern)))

    def _find(self, name: str) -> Path | None:
        file = name if name.endswith((".yml", ".yaml")) else f"{name}.yml"
        places = [self.folder / "registers" / file, self.folder / file, *sorted(self.folder.glob(f"*/{file}"))]
        return next((place for place in places if place.is_file()), None)
