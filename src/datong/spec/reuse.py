"""One service written as another with what differs: `like: other`, then only the differences.

They are laid over the other's definition as a JSON merge patch (RFC 7396): mappings are merged, anything else is replaced, and an
empty value leaves out what the other has. The whole is what is checked and what a case keeps; every value keeps its own file and line.
"""

from __future__ import annotations

from collections.abc import Mapping

from datong.spec.nodes import Faults, Node

LIKE = "like"


def whole(code: str, written: Mapping[str, Node], faults: Faults) -> Node:
    """A service's definition with everything that it takes from another, and from what that is like."""
    chain: list[Node] = []
    seen: list[str] = []
    node = written[code]
    while (like := node.get(LIKE)) is not None:
        chain.append(node)
        seen.append(code)
        if like.text in seen:
            faults.add(like, f"service {code!r} is like itself: {' → '.join((*seen, like.text))}")
            break
        if like.text not in written:
            faults.add(like, f"there is no service {like.text!r} to be like; known are {', '.join(sorted(written))}")
            break
        code, node = like.text, written[like.text]
    else:
        chain.append(node)
    found = chain.pop()
    for one in reversed(chain):
        found = laid_over(found, one, faults)
    return _without(found, LIKE)


def laid_over(base: Node, patch: Node, faults: Faults) -> Node:
    """`base` with the differences that `patch` says. Leaving out what is not there is a fault: it would hide a slip."""
    if not (base.is_mapping and patch.is_mapping):
        return patch
    values, keys = dict(base.value), dict(base.keys)
    for key, child in patch.entries():
        if child.value is None:
            if key not in values:
                faults.add(patch.key_node(key), f"there is no {key!r} to leave out; there are {', '.join(values) or 'none'}")
            values.pop(key, None)
            keys.pop(key, None)
            continue
        values[key] = laid_over(values[key], child, faults) if key in values else child
        keys[key] = patch.keys.get(key, patch.line)
    return Node(values, patch.file, patch.line, patch.text, keys)


def _without(node: Node, key: str) -> Node:
    if node.get(key) is None:
        return node
    return Node({name: child for name, child in node.entries() if name != key}, node.file, node.line, node.text, node.keys)
