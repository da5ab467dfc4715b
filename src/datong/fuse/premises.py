"""Premises: the departments that know the parts build the tree; every door gets a code; texts and numbers lead to doors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from datong.fuse import queries
from datong.fuse import store_queries as stored
from datong.fuse.address import PlaceRow, PlaceTree, Reader, add_divisions, city_entries, past, reader_for
from datong.fuse.address.rows import separate_homonyms
from datong.fuse.change_at_once import change_at_once
from datong.fuse.cluster import Edge, cluster
from datong.fuse.code import Cluster
from datong.fuse.codebook import codes_of_anchors, give_codes
from datong.fuse.given import rows_given, settled_beside, settled_together
from datong.fuse.mentions import STRUCTURE
from datong.fuse.model import JUDGEMENTS_ONLY
from datong.fuse.open import Linked, Linker, Verdicts, lay_out_profiles, nodes_of_judged, read_profiles
from datong.fuse.place_changes import Changed, PlaceChange, Side, grow, in_todays_words, read_changes, rows_of_changes, todays_rows
from datong.fuse.places import keep_new_places, keep_tree, places_of, reader_of
from datong.fuse.resolve import add_links, note_numbers
from datong.fuse.sets import batched
from datong.fuse.spread import Teller, Told, is_door
from datong.fuse.votes import Ballot, vote
from datong.fuse.wordings import confirm_wordings, keep_wordings
from datong.fuse.work import Work

_TEXTS_AT_ONCE = 200_000
_WEIGHT = "CASE WHEN built IS NOT NULL THEN 1000 ELSE 1 END"


def link_premises(work: Work) -> None:
    """Link every mention of premises: makes `link` rows, the tree, and `text_place` (address text → door)."""
    tree, reader = grow_tree(work)
    match_texts(work, tree, reader)
    if not work.whole and not work.rows("SELECT n FROM mention WHERE kind = 'premises' LIMIT 1"):
        return
    work.con.execute(queries.PREMISES_SEEN)
    vote(work, "premises", Ballot("title_vote", "title", "coalesce(built, told)", "premises_seen", _WEIGHT))
    work.con.execute(queries.PREMISES_HELD)
    vote(work, "premises", Ballot("certificate_vote", "certificate", "node", "premises_held"))
    vote(work, "premises", Ballot("account_vote", "account", "node", "premises_held"))
    if work.whole:
        confirm_wordings(work, tree, reader)
    work.con.execute(queries.PREMISES_NODES)
    give_premises_codes(work, tree)
    work.con.execute(queries.NAME_TEXT_PLACES)
    work.con.execute(queries.LINK_UNPLACED)
    if work.whole:
        keep_tree(work.session, tree, work.packs.divisions, work.now)
        keep_wordings(work.session, tree)
    else:
        keep_new_places(work.session, tree, work.new_places, work.now)


def grow_tree(work: Work) -> tuple[PlaceTree, Reader]:
    """The tree of the city, with the places that this run's structured records name; makes `placed` (record → door)."""
    rows = work.rows(queries.STRUCTURED_ROWS)
    values = [dict(zip(STRUCTURE, row[4:], strict=True)) | {"source": row[0]} for row in rows]
    divisions = work.packs.divisions
    given = rows_given(values, divisions, work.settings.division)
    sides = _sides(work)
    places: list[str]
    if work.whole:
        tree, places = _whole_tree(work, settled_together(given, divisions), [row[3] for row in rows], read_changes(sides))
        add_divisions(tree, (dict(one.cells) for one in divisions))
        reader = reader_for(tree, divisions=city_entries(dict(one.cells) for one in work.packs.divisions))
    else:
        tree, reader = places_of(work.session)
        _change_places(work, tree, sides)
        places = _add_places(work, tree, [row and in_todays_words(tree, row) for row in settled_beside(given, tree)])
        reader = reader_of(work.session, tree, reader)
    where = [(row[0], row[1], row[2], place) for row, place in zip(rows, places, strict=True)]
    where += [(one.resource, one.record_id, one.role, past.place_of(tree, one.row)) for one in sides]
    doors = ["place:" + place if place and is_door(tree, place) else None for *_, place in where]
    columns = {name: [row[at] for row in where] for at, name in enumerate(("resource", "record_id", "role"))}
    work.table("placed", columns | {"place_id": doors})
    return tree, reader


def _sides(work: Work) -> list[Side]:
    """What this run's records tell of changes of places."""
    rows = work.rows(queries.PLACE_CHANGES)
    values = [dict(zip(STRUCTURE, row[5:], strict=True)) | {"source": row[0]} for row in rows]
    given = rows_given(values, work.packs.divisions, work.settings.division)
    return [Side(row[0], row[1], row[2], row[3] or "", row[4] or "", place) for row, place in zip(rows, given, strict=True)]


def _whole_tree(work: Work, rows: list[PlaceRow | None], days: list[str], changes: list[PlaceChange]) -> tuple[PlaceTree, list[str]]:
    """The tree of a whole run, in today's names and numbers, and the place of each row."""
    today = todays_rows(rows, days, changes)
    distinct = dict.fromkeys([*(row for row in today if row), *rows_of_changes(changes)])
    settled = dict(zip(distinct, separate_homonyms(distinct), strict=True))
    tree = PlaceTree.build(settled.values(), {one.code: one.name for one in work.packs.divisions})
    places = [tree.upsert(settled[row]) if row else "" for row in today]
    moved = {(row, settled[now]) for row, now in zip(rows, today, strict=True) if row and now and row != now}
    work.changed = grow(tree, changes, sorted(moved, key=lambda pair: (pair[0].order(), pair[1].order())))
    return tree, places


def _change_places(work: Work, tree: PlaceTree, sides: list[Side]) -> None:
    """Let pushed changes of places take effect in the tree kept with the store; notes the places to write and the codes touched."""
    if not sides:
        return
    work.changed, work.new_places = change_at_once(tree, read_changes(sides))
    for former, here in work.changed.joined:
        work.session.run(stored.MOVE_WORDINGS, {"former": former, "here": here})
    work.moved = {tree.places[place].code for place in work.new_places if place in tree.places and tree.places[place].code}


def _add_places(work: Work, tree: PlaceTree, rows: list[PlaceRow | None]) -> list[str]:
    """Add a few structured records to the tree kept with the store; notes which places are new or refreshed."""
    known = set(tree.places) if rows else set()
    places = [tree.upsert(row) if row else "" for row in rows]
    work.new_places |= (set(tree.places) - known) | set(places) - {""} if rows else set()
    return places


def match_texts(work: Work, tree: PlaceTree, reader: Reader) -> None:
    """Make `text_place`: each distinct address text with the door it leads to, or why it leads to none."""
    work.con.execute(queries.MAKE_TEXT_PLACE)
    texts = (row[0] for row in work.stream(queries.ADDRESS_TEXTS))
    teller = Teller(tree, reader, [dict(one.cells) for one in work.packs.divisions], work.settings.threads)
    with teller:
        for part in batched(texts, _TEXTS_AT_ONCE):
            _note_texts(work, tree, part, teller.tell(part))


def _note_texts(work: Work, tree: PlaceTree, texts: list[str], told: list[Told]) -> None:
    columns: dict[str, list[Any]] = {
        "text": texts,
        "place_id": ["place:" + one.door if one.door else None for one in told],
        "verdict": [one.verdict or None for one in told],
        "reason": [(one.reason or None) if one.door else one.reason for one in told],
        "division": [None if one.door else one.division for one in told],
        "code": [tree.places[one.door].code if one.door else "" for one in told],
    }
    work.append("text_place", columns)
    work.count("address_texts", len(texts))
    work.count("address_texts_placed", sum(bool(one.door) for one in told))


def give_premises_codes(work: Work, tree: PlaceTree) -> None:
    """Give every door and every title unit its code; makes `node_code` and links the mentions."""
    sizes = dict(work.rows(queries.NODE_SIZES.format(kind="premises")))
    titles: dict[str, list[str]] = {}
    for key, node in work.rows("SELECT key, node FROM title_vote WHERE node IS NOT NULL ORDER BY key"):
        titles.setdefault(node, []).append(key)
    linked = _judged(work)
    groups: dict[str, list[str]] = {}
    joined = _joined(work.changed, linked)
    for node in dict.fromkeys((*sizes, *joined)):
        groups.setdefault(joined.get(node) or linked.root.get(node, node), []).append(node)
    profiles = {one.key: one for one in work.open_premises}
    for key in profiles:
        if (root := joined.get(linked.root.get(key, key)) or linked.root.get(key, key)) in groups:
            groups[root].append(key)
    former = _handed_on(work)
    known = {root: [*nodes, *(former[node] for node in nodes if node in former)] for root, nodes in groups.items()}
    clusters = [_cluster(work.changed, root, nodes, titles, sizes) for root, nodes in known.items()]
    codes = give_codes(work, "premises", clusters)
    of_node = {node: codes[root] for root, nodes in groups.items() for node in nodes}
    work.table("node_code", {"node": list(of_node), "code": list(of_node.values())})
    work.con.execute(queries.LINK_NODES.format(kind="premises"))
    work.moved |= {of_node["place:" + here] for _, here in work.changed.joined if not work.whole and "place:" + here in of_node}
    mentions = dict(work.rows("SELECT p, mentions FROM open_profile")) if profiles else {}
    judged = [(one, of_node[key]) for key, one in profiles.items() if key in of_node]
    add_links(work, [(n, code, "judged", 1.0, "") for one, code in judged for n in mentions[one.number]])
    for table in ("certificate_vote", "account_vote"):
        note_numbers(work, "premises", table)
    for node, code in of_node.items():
        if node.startswith("place:") and node[6:] in tree.places:
            tree.set_code(node[6:], code)


def _handed_on(work: Work) -> dict[str, str]:
    """Node → the former place its code comes from, for doors that are not in the book of codes yet."""
    pairs = {"place:" + here: "place:" + former for here, former in work.changed.handed_on.items()}
    known = codes_of_anchors(work.session, "premises", pairs)
    return {node: former for node, former in pairs.items() if node not in known}


def _joined(changed: Changed, linked: Linked) -> dict[str, str]:
    """Node → the smallest node of the doors that are one with it by a change of number or by merging."""
    ends = [[linked.root.get("place:" + place, "place:" + place) for place in pair] for pair in changed.joined]
    edges = [Edge(former, here, 1.0) for former, here in ends]
    nodes: dict[str, frozenset[str]] = {end: frozenset() for edge in edges for end in (edge.left, edge.right)}
    return dict(cluster(nodes, edges).root)


def _cluster(changed: Changed, root: str, nodes: list[str], titles: Mapping[str, list[str]], sizes: Mapping[str, int]) -> Cluster:
    own = [node for node in nodes if not node.startswith("rec:")]
    anchors = {anchor for node in own for anchor in (node, *titles.get(node, ())) if not anchor.startswith("code:")}
    parted = {"place:" + changed.parted[node[6:]] for node in own if node[6:] in changed.parted}
    return Cluster(root, tuple(sorted(anchors)), True, sum(sizes.get(node, 1) for node in own), tuple(sorted(parted - anchors)))


def _judged(work: Work) -> Linked:
    """People's verdicts on premises: there is nothing to score, only same and different."""
    judged = work.judged("premises")
    nodes = nodes_of_judged(work, "premises", judged)
    if not judged:
        work.open_premises = []
        return Linked()
    wanted = {ref for left, right, _ in judged for ref in (left, right)}
    lay_out_profiles(work, "premises")
    work.open_premises = [one for one in read_profiles(work, "premises") if wanted & set(one.refs)]
    holders = {ref: one.key for one in work.open_premises for ref in one.refs}
    linker = Linker(JUDGEMENTS_ONLY, Verdicts(tuple(judged), holders | nodes))
    for one in work.open_premises:
        linker.take(one, ())
    strong = {node: frozenset((node,)) for node in (*nodes.values(), *(one.node for one in work.open_premises)) if node}
    return linker.finish((), strong)
