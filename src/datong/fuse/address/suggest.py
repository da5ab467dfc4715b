"""Suggest places while a name is being typed: by its beginning, any piece of it, or the first letters of its pinyin."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from pypinyin import Style, lazy_pinyin

from datong.domain.address import Level
from datong.fuse.address.names import plain
from datong.fuse.address.tree import PlaceTree

_RANK = {Level.ESTATE: 0, Level.ROAD: 1, Level.COMMUNITY: 2, Level.STREET: 3}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One place to choose: its name, where it lies, and its whole text to fill in."""

    place_id: str
    name: str
    level: Level
    street: str
    community: str
    full_text: str


@dataclass(frozen=True, slots=True)
class _Names:
    """Sorted keys → place, for beginnings; all names once, for pieces."""

    keys: tuple[str, ...]
    places: tuple[str, ...]
    whole: tuple[tuple[str, str], ...]


def suggest(tree: PlaceTree, typed: str, limit: int = 10) -> list[Suggestion]:
    """Places whose name begins with what was typed (in signs, or pinyin initials, or pinyin), then those that contain it."""
    wanted = plain(typed)
    if not wanted:
        return []
    names = _names(tree)
    found: dict[str, int] = {}
    at = bisect_left(names.keys, wanted)
    while at < len(names.keys) and names.keys[at].startswith(wanted) and len(found) < limit * 8:
        found.setdefault(names.places[at], len(names.keys[at]))
        at += 1
    ordered = sorted(found, key=lambda place: (found[place], _RANK.get(tree.places[place].level, 9), place))
    if len(ordered) < limit and len(wanted) > 1:
        ordered += sorted({place for name, place in names.whole if wanted in name and place not in found})
    return [_suggestion(tree, place) for place in ordered[:limit]]


def _names(tree: PlaceTree) -> _Names:
    """The name index of a tree, made once per version of it."""
    key = ("suggest", tree.version)
    index: _Names | None = tree.memo.get(key)
    if index is None:
        pairs: list[tuple[str, str]] = []
        whole: list[tuple[str, str]] = []
        for (_, name), ids in tree.by_name.items():
            initials = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).upper()
            spelled = "".join(lazy_pinyin(name)).upper()
            for place in ids:
                whole.append((name, place))
                pairs += [(spelling, place) for spelling in {name, initials, spelled}]
        pairs.sort()
        index = _Names(tuple(spelling for spelling, _ in pairs), tuple(place for _, place in pairs), tuple(whole))
        tree.memo[key] = index
    return index


def _suggestion(tree: PlaceTree, place_id: str) -> Suggestion:
    place = tree.places[place_id]
    community = next((above.name for above in tree.ancestors(place.parent_id) if above.level == Level.COMMUNITY), "")
    return Suggestion(place_id, place.name, place.level, tree.street_of(place_id), community, tree.full_text(place_id))
