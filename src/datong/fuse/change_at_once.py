"""A pushed change of a place takes effect at once in the tree that stands; the next whole run builds the same from the records. Pure.

Renamed and renumbered places, new and demolished ones. A place that was merged or split, and one whose new name or number is borne by
another already, waits for the next whole run: which records mean which of the two, only all of them tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from datong.fuse.address import PlaceRow, PlaceTree, past
from datong.fuse.place_changes import Changed, PlaceChange


def change_at_once(tree: PlaceTree, changes: Sequence[PlaceChange]) -> tuple[Changed, set[str]]:
    """Change the tree; says which doors are one and the ids of every place that is new, another, or no more."""
    changed, touched = Changed(), set[str]()
    for change in changes:
        if change.kind == "new" and change.after is not None:
            touched.add(tree.upsert(change.after))
        elif change.kind == "demolished" and change.before is not None:
            touched |= _demolish(tree, change.before, change.on)
        elif change.kind in ("renamed", "renumbered") and change.before is not None and change.after is not None:
            touched |= _move(tree, change, changed)
    return changed, touched


def _demolish(tree: PlaceTree, before: PlaceRow, day: str) -> set[str]:
    top = past.place_of(tree, before)
    doors = {place for place in past.under(tree, top) if tree.places[place].door} if top else set()
    for door in doors:
        past.end(tree, door, day, ())
    tree.forget()
    return doors


def _move(tree: PlaceTree, change: PlaceChange, changed: Changed) -> set[str]:
    """Let a place and all inside it go by its new name or number, beside the former one (a number) or in place of it (a name)."""
    before, after = _sides(tree, change)
    top, goal = past.place_of(tree, before), past.path_of(tree.settled(after))
    if not top or goal == top or goal in tree.places or tree.places[top].until or _step(goal) != tree.places[top].step:
        return set()
    pairs = past.copy_under(tree, top, goal, tree.settled(after))
    doors = [(former, here) for former, here in pairs.items() if tree.places[former].door and not tree.has_doors(former)]
    changed.joined += doors
    touched = {*pairs, *pairs.values()}
    if change.kind == "renamed":
        name = tree.places[top].name
        for estate in past.take_out(tree, top, pairs):
            touched.update(past.under(tree, estate))  # their standard wording names the road
        past.add_name(tree, goal, name)
    else:
        for former, here in doors:
            past.end(tree, former, change.on, (here,))
            changed.ended[former] = change.on
    tree.wordings = {
        key: replace(one, place_id=pairs[one.place_id]) if one.place_id in pairs else one for key, one in tree.wordings.items()
    }
    tree.forget()
    return touched


def _sides(tree: PlaceTree, change: PlaceChange) -> tuple[PlaceRow, PlaceRow]:
    """Both sides as rows of the tree: a street that one side leaves out is the other's, or the one that is known."""
    before, after = change.before or PlaceRow(""), change.after or PlaceRow("")
    before = tree.settled(replace(before, street=before.street or after.street, community=before.community or after.community))
    return before, replace(after, street=after.street or before.street, community=after.community or before.community)


def _step(path: str) -> str:
    return path.rpartition("/")[2][:1]
