"""Licence types as packs say them: what a licence of a type states, who issues it to whom, for how long, on what basis."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

from datong.domain import registers
from datong.domain.identifiers import MOD37_ALPHABET, read_credit_code
from datong.spec.nodes import Faults, Node, load_yaml
from datong.spec.shape import Shape
from datong.spec.source import Department

TYPE_KEYS = (
    *("number", "authority", "title", "department", "holder", "valid", "basis", "live", "facts", "parts", "remind", "counter"),
    *("cover", "account"),
)
FACT_KEYS = ("zh", "en", "type", "from", "required", "open", "values")
FACT_TYPES = ("text", "date", "integer", "flag")
TERMS = ("days", "months", "years")
RESERVED = frozenset(
    (
        *("iss", "sub", "aud", "iat", "nbf", "exp", "cnf", "vct", "vct#integrity", "status", "jti", "_sd", "_sd_alg", "..."),
        *("identifier", "issuer", "department", "version", "parts"),
    )
)
"""Names that the credential itself uses."""
_CODE = re.compile(r"[a-z][a-z0-9_]{1,59}")


@dataclass(frozen=True)
class LicenceFact:
    """One thing a licence states. `source` is the register field it is taken from, if any; `open` facts are always shown."""

    name: str
    title_zh: str
    title_en: str
    type: str = "text"
    source: str = ""
    required: bool = False
    open: bool = False
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class LicenceType:
    """One type of licence. A type that is not `live` stands in the catalogue only: nothing is issued of it yet."""

    code: str
    number: str
    authority: str
    """The credit code of the body that defined the type: the first 18 characters of the type's code in GB/T 36904."""
    title_zh: str
    title_en: str
    department: str
    """Who issues it."""
    holder: str
    """person, organisation or premises."""
    basis: str
    live: bool = False
    term: tuple[int, str] = (0, "")
    """How long it is valid, for example (5, "years"); (0, "") is without end."""
    facts: tuple[LicenceFact, ...] = ()
    parts: tuple[str, ...] = ()
    """Of a composite licence: the types it holds together."""
    remind: tuple[int, ...] = ()
    """How many days before its end the holder is told."""
    counter: bool = False
    """Whether a holder may agree to its use at a counter by her ID card alone."""
    account: bool = False
    """Whether its holder, an organisation, has an account of its own from the moment it is issued."""
    cover: str = ""
    """The sentence printed on the face of the licence."""

    @cached_property
    def type_code(self) -> str:
        """The 21 characters of GB/T 36904: who defined the type, and its number."""
        return self.authority + self.number

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The facts by name, in the order of the face."""
        return tuple(fact.name for fact in self.facts)

    def fact(self, name: str) -> LicenceFact | None:
        """One of its facts, or nothing."""
        return self._by_name.get(name)

    @cached_property
    def _by_name(self) -> Mapping[str, LicenceFact]:
        return {fact.name: fact for fact in self.facts}

    def last_day(self, first: date) -> date | None:
        """The last day of a licence valid from `first`; nothing when it has no end."""
        amount, unit = self.term
        if not amount:
            return None
        if unit == "days":
            return first + timedelta(days=amount - 1)
        months = amount * 12 if unit == "years" else amount
        year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
        ends = date(year, month + 1, 1)
        last_of_month = (date(year + month // 11, (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
        if first.day > last_of_month:
            return ends.replace(day=last_of_month)
        return ends.replace(day=first.day) - timedelta(days=1)


def read_licence_types(folder: Path, departments: Mapping[str, Department], faults: Faults) -> Mapping[str, LicenceType]:
    """Every licence type of the packs (`*/licences.yml` and `licences/types/*.yml`), checked against each other."""
    found: dict[str, LicenceType] = {}
    nodes: dict[str, Node] = {}
    for path in sorted((*folder.glob("*/licences.yml"), *folder.glob("licences/types/*.yml"))):
        root = load_yaml(path, faults, str(path.relative_to(folder)))
        if root.value and (strange := [key for key, _ in root.entries() if key != "types"]):
            faults.add(root.key_node(strange[0]), f"unknown key {strange[0]!r} in a file of licence types; known is types")
        for code, node in (root.get("types") or Node({}, root.file, root.line)).entries():
            if code in found:
                faults.add(node, f"licence type {code!r} is already given by {nodes[code].file}")
                continue
            found[code], nodes[code] = _type(code, node, departments, faults), node
    _check_together(found, nodes, faults)
    return found


def _type(code: str, node: Node, departments: Mapping[str, Department], faults: Faults) -> LicenceType:
    shape = Shape(node, f"licence type {code!r}", faults)
    shape.only(TYPE_KEYS)
    if not _CODE.fullmatch(code):
        faults.add(node, f"licence type {code!r}: write small Latin letters, digits and _, beginning with a letter")
    title = shape.part("title")
    department = shape.choice("department", tuple(departments), required=True)
    holder = shape.choice("holder", tuple(registers.REGISTER_FIELDS), required=True)
    read = LicenceType(
        code=code,
        number=shape.text("number", required=True),
        authority=shape.text("authority", departments[department].credit_code if department else ""),
        title_zh=title.text("zh", required=True),
        title_en=title.text("en", required=True),
        department=department,
        holder=holder,
        basis=shape.text("basis", required=True),
        live=shape.flag("live"),
        term=_term(shape, faults),
        facts=_facts(shape, holder, faults),
        parts=shape.words("parts"),
        remind=_remind(shape, faults),
        counter=shape.flag("counter"),
        cover=shape.text("cover"),
        account=shape.flag("account"),
    )
    _check_type(read, shape)
    return read


def _term(shape: Shape, faults: Faults) -> tuple[int, str]:
    part = shape.part("valid")
    part.only(TERMS)
    given = [(amount, unit) for unit in TERMS if (amount := part.number_or_none(unit, 1)) is not None]
    if len(given) > 1:
        faults.add(part.node, "valid: write one of days, months or years")
    return given[0] if given else (0, "")


def _remind(shape: Shape, faults: Faults) -> tuple[int, ...]:
    days = shape.words("remind")
    for item in (shape.node.get("remind") or Node([], shape.node.file, shape.node.line)).items():
        if not item.text.isdigit():
            faults.add(item, f"remind: {item.text!r} is no number of days")
    return tuple(sorted({int(one) for one in days if one.isdigit()}, reverse=True))


def _facts(shape: Shape, holder: str, faults: Faults) -> tuple[LicenceFact, ...]:
    found = []
    for name, node in (shape.node.get("facts") or Node({}, shape.node.file, shape.node.line)).entries():
        part = Shape(node, f"fact {name!r}", faults)
        part.only(FACT_KEYS)
        if not _CODE.fullmatch(name) or name in RESERVED:
            faults.add(part.node, f"fact {name!r}: write small Latin letters, digits and _, and none of {', '.join(sorted(RESERVED))}")
        source = part.text("from")
        if source and holder and source not in registers.REGISTER_FIELDS[holder]:
            part.fault("from", f"from names {source!r}, which is no field of the register of {holder}")
        kind = part.choice("type", FACT_TYPES, "text")
        words = part.words("values")
        flags = part.flag("required"), part.flag("open")
        found.append(LicenceFact(name, part.text("zh", required=True), part.text("en", required=True), kind, source, *flags, words))
    return tuple(found)


def _check_type(read: LicenceType, shape: Shape) -> None:
    if len(read.number) != 3 or any(char not in MOD37_ALPHABET for char in read.number):
        shape.fault("number", 'number: write three digits or capital letters, for example "021"')
    if read.authority and not read_credit_code(read.authority).sound:
        shape.fault("authority", "authority: not a sound unified social credit code of 18 characters")
    if read.basis and "《" not in read.basis:
        shape.fault("basis", "basis: name the act in 《》, with its article")
    if read.account and read.holder and read.holder != "organisation":
        shape.fault("account", "account: only organisations have an account opened by a licence")
    if read.live and not read.facts:
        shape.fault("live", "live: a type that is issued must say its facts")
    if read.remind and not read.term[0]:
        shape.fault("remind", "remind: a licence without end has no end to be told of; give valid, or leave remind out")
    if read.counter and read.holder != "person":
        shape.fault("counter", "counter: only a person comes with her ID card alone")


def _check_together(found: Mapping[str, LicenceType], nodes: Mapping[str, Node], faults: Faults) -> None:
    numbers: dict[str, str] = {}
    for code, one in found.items():
        if one.type_code in numbers:
            faults.add(nodes[code].get("number") or nodes[code], f"number {one.number!r} is already that of {numbers[one.type_code]!r}")
        numbers.setdefault(one.type_code, code)
        _check_parts(one, nodes[code].get("parts") or nodes[code], found, faults)


def _check_parts(one: LicenceType, node: Node, known: Collection[str] | Mapping[str, LicenceType], faults: Faults) -> None:
    assert isinstance(known, Mapping)
    for item in node.items():
        part = known.get(item.text)
        if part is None:
            faults.add(item, f"parts names {item.text!r}, which is no licence type")
        elif part.parts or part.holder != one.holder:
            faults.add(item, f"parts names {item.text!r}: a part is a simple licence of the same kind of holder")
