"""Lists of items as a district, a town or a village publishes them: `items.csv` in a pack, one item a line, told by its guide only.

What is worked out with form and tasks stands in `service.yml`; where both name an item, that one holds, and the list need not be cut.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from datong.spec.nodes import Faults, Node
from datong.spec.packs import Packs

COLUMNS = (
    "code", "title_zh", "title_en", "department", "levels", "life", "statutory", "promised", "basis", "words", "result_zh", "result_en",
)  # fmt: skip
"""`levels`, `life` and `words` hold several, with blanks between."""


def item_nodes(packs: Packs, faults: Faults) -> Iterator[tuple[str, Path, Node]]:
    """Each line of each list as the entry of a service.yml that says the same: code, file, node with its line."""
    for path in packs.files("*/items.csv"):
        name = str(path.relative_to(packs.folder))
        reader = csv.DictReader(StringIO(path.read_text(encoding="utf-8-sig")))
        head = Node({}, name, 1)
        if wrong := [one for one in COLUMNS if one not in (reader.fieldnames or ())]:
            faults.add(head, f"the list lacks the column {wrong[0]!r}; it has {', '.join(COLUMNS)}")
            continue
        for row in reader:
            line = reader.line_num
            code = (row["code"] or "").strip()
            if not code.isidentifier() or code != code.lower():
                faults.add(Node({}, name, line), f"code {code!r} is no name: write small letters, digits and _")
                continue
            yield code, path, _node({key: (value or "").strip() for key, value in row.items() if key in COLUMNS}, name, line)


def _node(row: dict[str, str], name: str, line: int) -> Node:
    def text(value: str) -> Node:
        return Node(value, name, line, value)

    def number(value: str) -> Node:
        return Node(int(value) if value.isdigit() else value, name, line, value)

    def mapping(**parts: Node) -> Node:
        return Node(parts, name, line)

    def several(value: str) -> Node:
        return Node([text(one) for one in value.split()], name, line)

    entry = {
        "title": mapping(zh=text(row["title_zh"]), en=text(row["title_en"])),
        "department": text(row["department"]),
        "levels": several(row["levels"]),
        "basis": text(row["basis"]),
    }
    if row["statutory"]:
        entry["days"] = mapping(statutory=number(row["statutory"]), promised=number(row["promised"] or row["statutory"]))
    if row["result_zh"]:
        entry["results"] = Node([mapping(zh=text(row["result_zh"]), en=text(row["result_en"]))], name, line)
    for key in ("life", "words"):
        if row[key]:
            entry[key] = several(row[key])
    return Node(entry, name, line)
