"""Which files of a folder are deliveries, and of which source: one answer for `datong collect` and for the whole flow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from datong import spec
from datong.domain.errors import BadDelivery


@dataclass
class Found:
    """What lies in a folder: deliveries with their sources, and the files that were left, each with why."""

    deliveries: list[tuple[spec.Source, Path]] = field(default_factory=list)
    left: list[tuple[Path, str]] = field(default_factory=list)


def deliveries_in(packs: spec.Packs, folder: Path, resource: str = "") -> Found:
    """Every file below a folder with its source, told by its name (or `resource`); by path, first deliveries first.

    Hidden files and folders are passed over. A link that leads out of the folder is left, whatever its name:
    a folder that someone sent must not make us read what its sender may not.
    """
    inside, found = folder.resolve(), Found()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        if any(part.startswith(".") for part in path.relative_to(folder).parts):
            continue
        if not path.resolve().is_relative_to(inside):
            found.left.append((path, "是指向文件夹之外的链接，未读取 · a link that leads out of the folder: send the file itself"))
            continue
        fits = [resource] if resource else fitting(packs, path)
        if len(fits) == 1:
            found.deliveries.append((packs.source(fits[0]), path))
        else:
            found.left.append((path, _unfit(fits)))
    return found


def source_of(packs: spec.Packs, path: Path) -> spec.Source:
    """The source of one file by its name; BadDelivery when none fits, or several do."""
    fits = fitting(packs, path)
    if len(fits) != 1:
        raise BadDelivery("unknown_file", f"{path.name}: {_unfit(fits)}")
    return packs.source(fits[0])


def fitting(packs: spec.Packs, path: Path) -> list[str]:
    """The resources whose sources name their files like this one."""
    return [match.resource for match in spec.match_file(packs.sources.values(), path.name)]


def _unfit(fits: Sequence[str]) -> str:
    if fits:
        return f"文件名符合多个数据源（{'、'.join(fits)}），请用 --resource 指明 · fits several sources: name one with --resource"
    return "文件名不符合任何数据源，请改名或用 --resource 指明 · fits no source: rename it or name one with --resource"
