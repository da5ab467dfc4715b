"""The official divisions below the county as places, so that an address that goes no deeper still has somewhere to be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from datong.fuse.address.names import plain, street_core, village_core
from datong.fuse.address.rows import PlaceRow
from datong.fuse.address.tree import PlaceTree


def add_divisions(tree: PlaceTree, divisions: Iterable[Mapping[str, str]]) -> None:
    """Add the streets and communities of the counties that the tree has places in. What is there under another wording of
    its name (房镇镇 and 房镇街道, 麻营村 and 麻营村委会) stays the one it is. Divisions that have ended are left out."""
    names: dict[str, str] = {}
    for row in sorted(divisions, key=lambda one: (len(one["code"]), one["code"])):
        code, name = row["code"], row["name"]
        if row.get("valid_to") or row.get("kind", "legal") != "legal" or code[:6] not in tree.areas:
            continue
        if len(code) == 9:
            held = [tree.places[found].name for found in tree.named("S", street_core(name)) if found.startswith(code[:6] + "/")]
            names[code] = held[0] if held else name
            tree.add_division(PlaceRow(code, street=names[code], source="divisions"))
        elif len(code) == 12 and code[:9] in names:
            street = names[code[:9]]
            known = [place for step in "CV" for place in tree.named(step, plain(village_core(name)))]
            if not any(place.startswith(code[:6] + "/") and tree.street_of(place) == street for place in known):
                tree.add_division(PlaceRow(code, street=street, community=_short(code, name), source="divisions"))


def _short(code: str, name: str) -> str:
    """What people call it: 麻营村委会 is 麻营村, 金信社区居民委员会 is 金信社区."""
    bare = village_core(name)
    ending = "村" if code[9] == "2" else "社区"
    return bare if bare.endswith(ending) else bare + ending
