"""Applications of shared data: each a pack of one file with its purpose, its agreements, who answers for it, and a question that proves it.

`packs/applications/<code>.yml` holds everything of one special application. Its purpose has the application's own code; its agreements take
department, basis and term from it where they say nothing else. `ask` is a question on an invented subject: what it must see and must not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from datong.domain.access import Actor, Key, Operation, Purpose, Question, Reason, Register
from datong.share.agreement import Agreement, Sharing
from datong.share.policy import compile_agreement
from datong.share.requests.sandbox import Sample
from datong.share.rows import RowView, row_test
from datong.spec import Faults, Node, Packs, Shape, load_yaml

FOLDER = "applications"
KEYS = ("application", "title", "department", "basis", "version", "plain", "valid", "agreements", "asks", "documents")
ASK_KEYS = ("agreement", "sample", "role", "jurisdiction", "sees", "hides", "refused")
_REASON = Reason("case", "sandbox", "用样例检查应用")
Read = Callable[[str, Node], Agreement]


@dataclass(frozen=True)
class Ask:
    """A question on an invented subject: fields it must see, fields it must not, or that nothing may be seen at all."""

    agreement: str
    sample: str
    role: str
    jurisdiction: tuple[str, ...]
    sees: tuple[str, ...]
    hides: tuple[str, ...]
    refused: bool
    node: Node


@dataclass(frozen=True)
class Application:
    """One special application of shared data."""

    code: str
    title: tuple[str, str]
    department: str
    basis: str
    version: str
    agreements: tuple[str, ...]
    asks: tuple[Ask, ...]
    purpose: Purpose
    file: str


def application_nodes(packs: Packs) -> Iterator[tuple[str, Node]]:
    """Every application's file: its code (the file's name) and what it says."""
    for path in packs.files(f"{FOLDER}/*.yml"):
        yield path.stem, load_yaml(path, Faults(), str(path.relative_to(packs.folder)))


def read_application(code: str, node: Node, packs: Packs, faults: Faults) -> Application:
    """An application as its file writes it; what cannot stand is noted."""
    shape = Shape(node, f"application {code!r}", faults)
    shape.only(KEYS)
    if shape.text("application", required=True) != code:
        shape.fault("application", f"the file of application {shape.text('application')!r} must be called {code!r} after it")
    title, plain = shape.part("title"), shape.part("plain")
    words = (title.text("zh", required=True), title.text("en", required=True))
    department, basis = shape.choice("department", tuple(packs.departments), required=True), shape.text("basis", required=True)
    said = (plain.text("zh", required=True), plain.text("en", required=True))
    agreements = tuple(name for name, _ in (node.get("agreements") or Node({}, node.file, node.line)).entries())
    asks = tuple(_ask(item, faults) for item in (node.get("asks") or Node([], node.file, node.line)).items())
    if not agreements:
        shape.fault("agreements", f"application {code!r} has no agreement: without one it may read nothing")
    if not asks:
        shape.fault("asks", f"application {code!r} has no question that proves what it sees")
    purpose = Purpose(code, *words, *said, basis, department)
    return Application(code, words, department, basis, shape.text("version", required=True), agreements, asks, purpose, node.file)


def application_agreements(code: str, node: Node) -> Iterator[tuple[str, Node]]:
    """The application's agreements as nodes, with what they leave to the application written out."""
    valid = node.get("valid") or Node({}, node.file, node.line)
    given: dict[str, Node | None] = {
        "purpose": Node(code, node.file, node.line, code),
        "basis": node.get("basis"),
        "valid_from": valid.get("from"),
        "valid_to": valid.get("to"),
    }
    if (department := node.get("department")) is not None:
        given["requesting"] = Node([department], node.file, department.line)
    for name, child in (node.get("agreements") or Node({}, node.file, node.line)).entries():
        values = {key: value for key, value in given.items() if value is not None} | dict(child.entries())
        yield name, Node(values, child.file, child.line, child.text, {key: child.keys.get(key, child.line) for key in values})


def _ask(node: Node, faults: Faults) -> Ask:
    shape = Shape(node, "a question", faults)
    shape.only(ASK_KEYS)
    sees, hides, refused = shape.words("sees"), shape.words("hides"), shape.flag("refused")
    if not sees and not refused:
        shape.fault("sees", "a question says which fields it sees, or refused: true")
    return Ask(
        shape.text("agreement", required=True),
        shape.text("sample", required=True),
        shape.text("role", required=True),
        shape.words("jurisdiction"),
        sees,
        hides,
        refused,
        node,
    )


def check_applications(found: Sequence[Application], sharing: Sharing, sandbox: Mapping[str, Sample], faults: Faults) -> None:
    """Ask every application's questions of its agreements; each that is not answered as it says is a fault of the pack."""
    for one in found:
        for ask in one.asks:
            agreement, sample = sharing.agreements.get(ask.agreement), sandbox.get(ask.sample)
            if agreement is None or agreement.purpose != one.code:
                faults.add(ask.node, f"{ask.agreement!r} is no agreement of application {one.code!r}")
            elif sample is None or sample.subject.register != agreement.register:
                faults.add(ask.node, f"{ask.sample!r} is no sample of the register {agreement.register!r}")
            else:
                _check(ask, agreement, sample, sharing, faults)


def _check(ask: Ask, agreement: Agreement, sample: Sample, sharing: Sharing, faults: Faults) -> None:
    seen = seen_by(agreement, sample, ask.role, ask.jurisdiction, sharing=sharing)
    if ask.refused and seen:
        faults.add(ask.node, f"{agreement.code!r} should refuse, but shows {', '.join(sorted(seen))}")
    for name in sorted(set(ask.sees) - seen):
        faults.add(ask.node, f"{agreement.code!r} should show {name!r} of {ask.sample!r} and does not")
    for name in sorted(set(ask.hides) & seen):
        faults.add(ask.node, f"{agreement.code!r} should not show {name!r} of {ask.sample!r} and does")


def seen_by(agreement: Agreement, sample: Sample, role: str, jurisdiction: tuple[str, ...], *, sharing: Sharing) -> frozenset[str]:
    """The fields that an officer with a role, in charge of these divisions, sees or may compare of an invented subject."""
    officer = Actor("sandbox", "", "officer", agreement.requesting[0], "", frozenset({role}), jurisdiction)
    looks = "look_up" in agreement.operations
    operation = "look_up" if looks else "verify" if "verify" in agreement.operations else "list"
    key = Key(agreement.keys[0] if agreement.keys else "code", "sample") if operation != "list" else None
    claims = tuple((name, "x") for name in sorted(agreement.comparable)) if operation == "verify" else ()
    register = cast(Register, agreement.register)
    question = Question(agreement.purpose, cast(Operation, operation), register, key, claims=claims, limit=1, reason=_REASON)
    decision = compile_agreement(agreement, sharing, {})(officer, question, agreement.valid_from)
    view = RowView(sample.code, sample.subject.division, sample.subject)
    if not decision.allowed or not row_test(agreement, decision.jurisdiction, "")(view):
        return frozenset()
    if operation == "verify":
        return frozenset(name for name in agreement.comparable if sample.subject.get(name))
    masks = dict(decision.masks)
    return frozenset(name for name in decision.fields if masks[name] != "hidden" and sample.subject.get(name))
