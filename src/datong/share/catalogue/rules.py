"""The city's rules of the catalogue, from `catalogue.yml`: who keeps it, its clocks, classes, acts, papers and duties."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from datong.share.catalogue.item import Basis
from datong.share.workdays import Calendar
from datong.spec import Faults, Node, Packs, Shape

LIMITS = {"update": 10, "extension": 5, "review": 2}
"""Working days that the regulation gives at most (政务数据共享条例 第十七条)."""
KINDS = ("law", "regulation", "state_council", "judicial", "local_regulation", "department_rule", "local_rule", "document")
"""Kinds of acts, the highest rank first; the first three alone can withhold."""
WITHHOLDING = ("law", "regulation", "state_council")
PARTIES = ("providing", "requesting", "authority")
RULE_KEYS = ("authority", "clocks", "code", "classes", "acts", "bases", "obtainable", "responsibilities")
_LAW = re.compile(r"《中华人民共和国[^》]*(?:法|法典)》")
_CITED = re.compile(r"(《[^》]+》)((?:第[一二三四五六七八九十百千零\d]+条[、和]?)*)")


@dataclass(frozen=True)
class Paper:
    """A paper that people must not be asked for, because the named resources say what it says."""

    code: str
    title: str
    words: tuple[str, ...]
    resources: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Everything it is called."""
        return (self.title, *self.words)


@dataclass(frozen=True)
class Duty:
    """One duty of a party in sharing, the article it follows from, its clock, and the figure that counts it."""

    party: str
    text: str
    article: str
    within: str = ""
    counted: str = ""


@dataclass(frozen=True)
class Rules:
    """Everything `catalogue.yml` says."""

    authority: str = ""
    clocks: Mapping[str, int] = field(default_factory=lambda: dict(LIMITS))
    code: str = r"[1-3]\d{5,11}/\d{1,8}"
    classes: Mapping[str, tuple[str, Mapping[str, str]]] = field(default_factory=dict)
    acts: Mapping[str, str] = field(default_factory=dict)
    bases: Mapping[str, tuple[Basis, ...]] = field(default_factory=dict)
    papers: tuple[Paper, ...] = ()
    duties: tuple[Duty, ...] = ()
    calendar: Calendar = field(default_factory=Calendar)

    def kind_of(self, act: str) -> str:
        """The rank of an act by its title; empty when it is not known."""
        return self.acts.get(act) or ("law" if _LAW.fullmatch(act) else "")

    def cited(self, text: str, says: str) -> tuple[Basis, ...]:
        """The acts that a sentence like 《…法》第三条、《…条例》 cites; without brackets the whole sentence is one document."""
        found = _CITED.findall(text)
        if not found:
            return (Basis(text, "", "document", says),) if text else ()
        return tuple(Basis(act, article.rstrip("、和"), self.kind_of(act) or "document", says) for act, article in found)


def read_rules(packs: Packs, faults: Faults, calendar: Calendar | None = None) -> Rules:
    """The city's rules; what cannot stand is noted. Without the file the regulation's own clocks hold and nothing else is known."""
    root = packs.raw("catalogue", faults)
    if root is None:
        return Rules(calendar=calendar or Calendar())
    shape = Shape(root, "catalogue.yml", faults)
    shape.only(RULE_KEYS)
    acts = _acts(shape, faults)
    known = Rules(acts=acts)
    bases = {code: tuple(_basis(item, known, faults) for item in node.items()) for code, node in _part(shape, "bases").entries()}
    for code in bases.keys() - packs.sources.keys():
        faults.add(_part(shape, "bases").key_node(code), f"bases names {code!r}, which is no resource of the packs")
    return Rules(
        shape.choice("authority", tuple(packs.departments), required=True),
        _clocks(shape.part("clocks")),
        _pattern(shape),
        _classes(shape, faults),
        acts,
        bases,
        _papers(shape, packs, faults),
        _duties(shape, faults),
        calendar or Calendar(),
    )


def _part(shape: Shape, key: str) -> Node:
    return shape.node.get(key) or Node({}, shape.node.file, shape.node.line)


def _clocks(shape: Shape) -> dict[str, int]:
    shape.only(tuple(LIMITS))
    found = {}
    for name, most in LIMITS.items():
        days = shape.number(name, most, 0 if name == "extension" else 1)
        if days > most:
            shape.fault(name, f"{name}: the regulation gives at most {most} working days; a city may only be quicker")
        found[name] = min(days, most)
    return found


def _pattern(shape: Shape) -> str:
    text = shape.text("code", Rules.code)
    try:
        re.compile(text)
    except re.error:
        shape.fault("code", "'code' is no regular expression")
        return Rules.code
    return text


def _classes(shape: Shape, faults: Faults) -> dict[str, tuple[str, Mapping[str, str]]]:
    found: dict[str, tuple[str, Mapping[str, str]]] = {}
    for code, node in _part(shape, "classes").entries():
        part = Shape(node, f"class {code!r}", faults)
        part.only(("title", "items"))
        found[code] = (part.text("title", required=True), part.texts("items"))
        if not re.fullmatch(r"\d", code) or any(not re.fullmatch(r"\d\d", one) for one in found[code][1]):
            part.fault("items", "a class has one digit, its items have two")
    return found


def _acts(shape: Shape, faults: Faults) -> dict[str, str]:
    found = shape.texts("acts")
    for act, kind in found.items():
        if kind not in KINDS:
            faults.add(_part(shape, "acts").get(act) or shape.node, f"{kind!r} is no kind of act; write one of {', '.join(KINDS)}")
    return found


def _basis(node: Node, known: Rules, faults: Faults) -> Basis:
    shape = Shape(node, "a basis", faults)
    shape.only(("act", "article", "kind", "says"))
    act = shape.text("act", required=True)
    kind = shape.choice("kind", KINDS) or known.kind_of(act)
    if not kind:
        shape.fault("act", f"it is not known what kind of act {act} is: add it to acts, or write kind")
    says = shape.choice("says", ("open", "conditional", "withheld"), "conditional", required=True)
    return Basis(act, shape.text("article"), kind, says)


def _papers(shape: Shape, packs: Packs, faults: Faults) -> tuple[Paper, ...]:
    found = []
    for code, node in _part(shape, "obtainable").entries():
        part = Shape(node, f"paper {code!r}", faults)
        part.only(("title", "words", "resources"))
        paper = Paper(code, part.text("title", required=True), part.words("words"), part.words("resources"))
        for resource in paper.resources:
            if resource not in packs.sources:
                part.fault("resources", f"resources names {resource!r}, which no pack describes")
        if not paper.resources:
            part.fault("resources", f"paper {code!r} names no resource that gives what it says")
        found.append(paper)
    return tuple(found)


def _duties(shape: Shape, faults: Faults) -> tuple[Duty, ...]:
    found = []
    for party, node in _part(shape, "responsibilities").entries():
        if party not in PARTIES:
            faults.add(node, f"{party!r} is no party; write one of {', '.join(PARTIES)}")
        for item in node.items():
            part = Shape(item, "a duty", faults)
            part.only(("duty", "article", "within", "counted"))
            within = part.choice("within", tuple(LIMITS))
            found.append(Duty(party, part.text("duty", required=True), part.text("article", required=True), within, part.text("counted")))
    return tuple(found)
