"""One source file → a `Source`, noting every fault on the way."""

from __future__ import annotations

from collections.abc import Mapping

from datong.domain import registers
from datong.domain.secrecy import SECRECY
from datong.spec.nodes import Faults, Node
from datong.spec.shape import Shape, texts_of
from datong.spec.source import Assertions, Column, Format, Relation, Source, Subject

SOURCE_KEYS = (
    *("resource", "title", "department", "system", "file", "format", "delivery", "key", "update_cycle", "sharing_class"),
    *(
        "opened",
        "opened_condition",
        "legal_basis",
        "level",
        "secrecy",
        "precedence",
        "tree",
        "event",
        "columns",
        "ignored",
        "codes",
        "fixes",
        "assertions",
        "subjects",
        "relations",
    ),
)
FORMAT_KEYS = ["kind", "encoding", "header", "delimiter", "quote", "skip_rows", "sheet", "header_row", "table", "query"]
COLUMN_KEYS = ["field", "type", "list", "required", "strict", "width", "secrecy"]
_OPENED = {"no": "no", "conditional": "conditional", "unconditional": "yes"}
"""How a pack says whether the public may have it → how the catalogue does."""
ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "utf-8-sig": "utf-8",
    "gb18030": "gb18030",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "utf-16": "utf-16",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
}
"""Encodings a pack may name → how they are read (GBK and GB 2312 are parts of GB 18030)."""


def read_source(node: Node, faults: Faults) -> Source:
    """A source as its pack writes it."""
    shape = Shape(node, "a source", faults)
    shape.only(SOURCE_KEYS)
    _no_secret(shape, "a source")
    title = shape.part("title")
    title.only(("zh", "en"))
    form = _format(shape)
    return Source(
        resource=shape.text("resource", required=True),
        title_zh=title.text("zh", required=True),
        title_en=title.text("en", required=True),
        department=shape.text("department", required=True),
        system=shape.text("system"),
        file=shape.text("file", required=form.kind != "table"),
        format=form,
        delivery=shape.choice("delivery", registers.DELIVERY_MODES, "full", required=True),
        key=shape.words("key"),
        update_cycle=shape.choice("update_cycle", registers.UPDATE_CYCLES, "daily", required=True),
        sharing_class=shape.choice("sharing_class", registers.SHARING_CLASSES, "conditional", required=True),
        legal_basis=shape.text("legal_basis"),
        level=_level(shape),
        precedence=shape.choice("precedence", registers.PRECEDENCE_CLASSES, "reported", required=True),
        columns=_columns(shape, form),
        ignored=shape.words("ignored"),
        codes=_tables(shape, "codes"),
        fixes=_tables(shape, "fixes"),
        assertions=_assertions(shape.part("assertions")),
        subjects=_subjects(shape),
        relations=_relations(shape),
        tree=shape.choice("tree", ("authority", "changes")),
        event=shape.text("event"),
        path=node.file,
        opened=_OPENED[shape.choice("opened", tuple(_OPENED), "no")],
        opened_condition=shape.text("opened_condition"),
    )


def _format(shape: Shape) -> Format:
    part = shape.part("format")
    part.only(FORMAT_KEYS)
    kind = part.choice("kind", registers.FORMAT_KINDS, "csv", required=True)
    encoding = part.text("encoding").lower()
    if encoding and encoding not in ENCODINGS:
        part.fault("encoding", f"encoding: {encoding!r} is not known; write one of {', '.join(sorted(set(ENCODINGS)))}, or leave it out")
        encoding = ""
    for key in ("delimiter", "quote"):
        text = part.text(key, "x")
        if len(text) != 1 or not text.isascii():
            part.fault(key, f"{key!r} must be one ASCII character")
    if kind == "table" and bool(part.text("table")) == bool(part.text("query")):
        part.fault("table", "a format of kind table names one table or one query")
    return Format(
        kind=kind,
        encoding=ENCODINGS.get(encoding, ""),
        header=part.flag("header", default=kind != "fixed"),
        delimiter=part.text("delimiter", ",")[:1] or ",",
        quote=part.text("quote", '"')[:1] or '"',
        skip_rows=part.number("skip_rows"),
        sheet=part.text("sheet"),
        header_row=part.number("header_row"),
        table=part.text("table"),
        query=part.text("query"),
    )


def _no_secret(shape: Shape, what: str) -> None:
    """State and work secrets are outside the regulation on sharing: a pack that describes one is at fault."""
    if shape.choice("secrecy", SECRECY, "none") != "none":
        shape.fault("secrecy", f"{what} is marked as secret: secrets may not be delivered or shared here; take it out of the pack")


def _level(shape: Shape) -> int:
    level = shape.number_or_none("level", 1)
    if level is None and shape.node.get("level") is None:
        shape.fault("level", "a source lacks 'level'")
    if level is not None and level not in registers.DATA_LEVELS:
        shape.fault("level", "'level' must be a data level from 1 to 4")
    return level or 3


def _columns(shape: Shape, form: Format) -> tuple[Column, ...]:
    node = shape.node.get("columns")
    if node is None or not node.is_mapping or not node.value:
        shape.fault("columns", "'columns' must map at least one column to a field")
        return ()
    columns, given = [], set()
    for name, child in node.entries():
        column = _column(name, Shape(child, f"column {name!r}", shape.faults), form)
        if column.field in given:
            shape.faults.add(child, f"field {column.field!r} is given by two columns")
        given.add(column.field)
        columns.append(column)
    return tuple(columns)


def _column(name: str, shape: Shape, form: Format) -> Column:
    shape.only(COLUMN_KEYS)
    _no_secret(shape, f"column {name!r}")
    column = Column(
        name=name,
        field=shape.text("field", required=True),
        type=shape.choice("type", registers.COLUMN_TYPES, "text", required=True),
        list=shape.text("list"),
        required=shape.flag("required"),
        strict=shape.flag("strict"),
        width=shape.number("width", least=1),
    )
    if not column.field.isidentifier() or column.field != column.field.lower() or column.field.endswith("__raw"):
        shape.fault("field", f"field {column.field!r} must be a lower-case word of letters, digits and _")
    if column.type == "code" and not column.list:
        shape.fault("list", f"column {name!r} is a code: name its 'list'")
    if form.kind == "fixed" and not column.width:
        shape.fault("width", f"column {name!r} of a fixed-width file needs its 'width' in bytes")
    return column


def _tables(shape: Shape, key: str) -> Mapping[str, Mapping[str, str]]:
    part = shape.part(key)
    return {name: texts_of(child, f"{key}.{name}", shape.faults) for name, child in part.node.entries()}


def _assertions(shape: Shape) -> Assertions:
    shape.only(("rows", "filled", "change"))
    rows, filled = shape.part("rows"), shape.part("filled")
    rows.only(("min", "max"))
    shares = {name: filled.share_or_none(name) for name, _ in filled.node.entries()}
    return Assertions(
        rows_min=rows.number_or_none("min"),
        rows_max=rows.number_or_none("max"),
        filled={name: share for name, share in shares.items() if share is not None},
        change=shape.share_or_none("change"),
    )


def _subjects(shape: Shape) -> Mapping[str, Subject]:
    found: dict[str, Subject] = {}
    for role, child in shape.part("subjects").node.entries():
        part = Shape(child, f"subject {role!r}", shape.faults)
        part.only(("kind", "fields"))
        found[role] = Subject(role, part.choice("kind", tuple(registers.REGISTER_FIELDS), required=True), part.texts("fields"))
        if not found[role].fields:
            part.fault("fields", f"subject {role!r} gives no fields")
    return found


def _relations(shape: Shape) -> tuple[Relation, ...]:
    node = shape.node.get("relations")
    if node is not None and node.value is not None and not isinstance(node.value, list):
        shape.fault("relations", "'relations' must be a list")
    found = []
    for child in node.items() if node else ():
        part = Shape(child, "a relation", shape.faults)
        part.only(("from", "type", "to", "since", "until", "detail"))
        found.append(
            Relation(
                source=part.text("from", required=True),
                type=part.choice("type", registers.RELATION_TYPES, required=True),
                target=part.text("to", required=True),
                since=part.text("since"),
                until=part.text("until"),
                detail=part.texts("detail"),
            )
        )
    return tuple(found)
