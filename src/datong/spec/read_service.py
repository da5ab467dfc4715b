"""Read `service.yml`: every fault is noted with its line, and a usable value given."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from datong.spec.nodes import Faults, Node
from datong.spec.service import (
    AGAIN,
    APPLICANTS,
    AT_END,
    FIELD_TYPES,
    GIVES,
    KINDS,
    LEVELS,
    LIFE_EVENTS,
    LINES,
    ON_REFUSAL,
    TOWARDS,
    Answer,
    Condition,
    Confirming,
    Deciding,
    Document,
    Fact,
    Fee,
    FiledSpec,
    FormField,
    Household,
    LicenceSpec,
    Material,
    Places,
    SeatSpec,
    Service,
    SituationQuestion,
    StageSpec,
    TaskSpec,
    Unit,
    Words,
)
from datong.spec.shape import Shape, texts_of

SERVICE_KEYS = (
    "title", "kind", "applicant", "department", "levels", "purpose", "basis", "item_code", "words", "conditions", "materials",
    "documents", "fees", "results", "days", "accept_days", "supplement_days", "facts", "questions", "form", "confirming", "stages",
    "on_refusal", "at_least", "decision", "licences", "allocation", "household", "units", "filed", "saved",
    "life",
)  # fmt: skip
TASK_KEYS = (
    "title", "department", "days", "promised", "when", "after", "sees", "undo", "undo_days", "optional", "at_end",
    "reference", "unless_confirmed", "line",
)  # fmt: skip
SAVED = ("visits", "papers", "fees", "days")


def read_service(code: str, node: Node, pack: str, version: str, faults: Faults) -> Service:
    """One entry of `services:` in a pack's service.yml."""
    shape = Shape(node, f"service {code!r}", faults)
    shape.only(SERVICE_KEYS)
    days = shape.part("days")
    days.only(("statutory", "promised", "reference", "hours"))
    statutory = days.number("statutory", 20)
    department = shape.text("department", required=True)
    text = json.dumps(node.plain(), ensure_ascii=False, separators=(",", ":"))
    return Service(
        code=code,
        pack=pack,
        version=version,
        title=words_of(shape, "title", required=True),
        kind=shape.choice("kind", KINDS, "ordinary"),
        applicant=shape.choice("applicant", APPLICANTS, "person"),
        department=department,
        levels=_among(shape, "levels", LEVELS),
        purpose=shape.text("purpose"),
        basis=shape.text("basis", required=True),
        item_code=shape.text("item_code"),
        words=shape.words("words"),
        conditions=tuple(Condition(_pair(one), one.text("reference")) for one in _list(shape, "conditions", ("zh", "en", "reference"))),
        materials=tuple(_material(name, one) for name, one in _mapping(shape, "materials")),
        documents=tuple(_document(one) for one in _list(shape, "documents", ("code", "title", "because", "optional"))),
        fees=tuple(_fee(one) for one in _list(shape, "fees", ("title", "amount", "reference"))),
        results=tuple(_pair(one) for one in _list(shape, "results", ("zh", "en"))),
        days=statutory,
        promised=days.number("promised", statutory),
        days_reference=days.text("reference"),
        hours=days.number("hours", 0),
        accept_days=shape.number("accept_days", 5),
        supplement_days=shape.number("supplement_days", 15, 1),
        facts=tuple(_fact(name, one) for name, one in _mapping(shape, "facts")),
        questions=tuple(_question(name, one) for name, one in _mapping(shape, "questions")),
        form=tuple(_form_field(name, one) for name, one in _mapping(shape, "form")),
        confirming=_confirming(shape),
        stages=_stages(shape, department),
        on_refusal=shape.choice("on_refusal", ON_REFUSAL, "stop"),
        at_least=shape.number("at_least", 0),
        deciding=_deciding(shape),
        **_compared(shape),
        licences=tuple(_licence(name, one) for name, one in _mapping(shape, "licences")),
        saved=_saved(shape),
        life=_among(shape, "life", LIFE_EVENTS),
        text=text,
        digest=sha256(text.encode()).hexdigest()[:32],
    )


def read_kept(code: str, pack: str, version: str, text: str) -> Service:
    """A service from the definition that a case kept; it was checked when it was taken in."""
    return read_service(code, node_of(json.loads(text)), pack, version, Faults())


def node_of(value: Any) -> Node:
    """A plain value as a node without places."""
    if isinstance(value, dict):
        return Node({name: node_of(child) for name, child in value.items()}, "", 0)
    if isinstance(value, list):
        return Node([node_of(child) for child in value], "", 0)
    return Node(value, "", 0, "true" if value is True else "false" if value is False else "" if value is None else str(value))


def words_of(shape: Shape, key: str, required: bool = False) -> Words:
    """A text in both languages: `{zh: …, en: …}`."""
    if shape.node.get(key) is None:
        if required:
            shape.faults.add(shape.node, f"{shape.what} lacks {key!r}: write {{zh: …, en: …}}")
        return Words()
    part = shape.part(key, f"{key!r} of {shape.what}")
    part.only(("zh", "en"))
    return _pair(part)


def _pair(shape: Shape) -> Words:
    return Words(shape.text("zh", required=True), shape.text("en", required=True))


def _list(shape: Shape, key: str, known: tuple[str, ...]) -> list[Shape]:
    node = shape.node.get(key)
    if node is None:
        return []
    if not isinstance(node.value, list):
        shape.faults.add(node, f"{key!r} must be a list")
    found = [Shape(one, f"an entry of {key!r}", shape.faults) for one in node.items()]
    for one in found:
        one.only(known)
    return found


def _mapping(shape: Shape, key: str) -> list[tuple[str, Shape]]:
    node = shape.node.get(key)
    if node is None:
        return []
    if not node.is_mapping:
        shape.faults.add(node, f"{key!r} must be a mapping of names to what they are")
    return [(name, Shape(child, f"{key} {name!r}", shape.faults)) for name, child in node.entries()]


def _when(shape: Shape) -> Mapping[str, str]:
    node = shape.node.get("when")
    return {} if node is None else texts_of(node, "when", shape.faults)


def _material(code: str, shape: Shape) -> Material:
    shape.only(("title", "paper", "fact"))
    return Material(code, words_of(shape, "title", required=True), shape.text("paper"), shape.text("fact"))


def _among(shape: Shape, key: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """Words of a closed list."""
    found = shape.words(key)
    for one in found:
        if one not in known:
            shape.fault(key, f"{key}: {one!r} is not known; write one of {', '.join(known)}")
    return found


def _fee(shape: Shape) -> Fee:
    return Fee(words_of(shape, "title", required=True), shape.text("amount", required=True), shape.text("reference"))


def _document(shape: Shape) -> Document:
    title = words_of(shape, "title", required=True)
    return Document(shape.text("code", required=True), title, shape.text("because"), shape.flag("optional"))


def _fact(code: str, shape: Shape) -> Fact:
    shape.only(("title", "register", "key", "key_type", "field", "claims", "link", "to", "gives", "towards", "event"))
    return Fact(
        code,
        words_of(shape, "title", required=True),
        shape.choice("register", ("person", "organisation", "premises"), "person", required=True),
        shape.text("key", "applicant"),
        shape.text("key_type", "code"),
        shape.texts("claims"),
        shape.text("link"),
        shape.text("field"),
        shape.text("to"),
        shape.choice("gives", GIVES, ""),
        shape.text("event"),
        shape.choice("towards", TOWARDS, "any"),
    )


def _allocation(shape: Shape) -> Places | None:
    if shape.node.get("allocation") is None:
        return None
    part = shape.part("allocation")
    part.only(("by", "task", "outcomes", "order", "places", "reference"))
    room = part.part("places")
    return Places(
        part.text("by", required=True),
        part.text("task", required=True),
        part.words("outcomes"),
        part.words("order"),
        {name: room.number(name, 0) for name, _ in room.node.entries()},
        part.text("reference"),
    )


def _compared(shape: Shape) -> dict[str, Any]:
    """What is weighed against others, and who is asked beside the applicant."""
    units = tuple(_unit(name, one) for name, one in _mapping(shape, "units"))
    return {"allocation": _allocation(shape), "household": _household(shape), "filed": _filed(shape), "units": units}


def _household(shape: Shape) -> Household | None:
    if shape.node.get("household") is None:
        return None
    part = shape.part("household")
    return Household(part.text("home"), part.text("number"), part.words("but"), part.number("most", 6, 1))


def _filed(shape: Shape) -> FiledSpec | None:
    if shape.node.get("filed") is None:
        return None
    part = shape.part("filed")
    part.only(("sold", "item", "by", "place", "holds"))
    named = (part.text(name, required=True) for name in ("sold", "item", "by"))
    sold, item, by = named
    return FiledSpec(sold, item, by, part.words("place"), part.text("holds", required=True))


def _unit(code: str, shape: Shape) -> Unit:
    shape.only(("department", "answers", "facts", "task", "reference"))
    answers = words_of(shape, "answers", required=True)
    department = shape.text("department", required=True)
    return Unit(code, department, answers, shape.words("facts"), shape.text("task"), shape.text("reference"))


def _answers(shape: Shape, key: str) -> tuple[Answer, ...]:
    return tuple(Answer(name, _pair(one)) for name, one in _mapping(shape, key))


def _question(code: str, shape: Shape) -> SituationQuestion:
    shape.only(("title", "answers", "known", "answered_by"))
    found = _answers(shape, "answers")
    if len(found) < 2:
        shape.fault("answers", f"question {code!r} needs two answers at least")
    return SituationQuestion(code, words_of(shape, "title", required=True), found, shape.text("known"), shape.texts("answered_by"))


def _form_field(code: str, shape: Shape) -> FormField:
    shape.only(("title", "type", "required", "most", "fact", "when", "choices", "hint"))
    return FormField(
        code,
        words_of(shape, "title", required=True),
        shape.choice("type", FIELD_TYPES, "text"),
        shape.flag("required", True),
        shape.number("most", 200, 1),
        shape.text("fact"),
        _when(shape),
        _answers(shape, "choices"),
        words_of(shape, "hint"),
    )


def _stages(shape: Shape, department: str) -> tuple[StageSpec, ...]:
    found = []
    for number, (code, one) in enumerate(_mapping(shape, "stages")):
        one.only(("title", "tasks", "joint"))
        tasks = tuple(_task(name, part, department, number) for name, part in _mapping(one, "tasks"))
        if not tasks:
            one.fault("tasks", f"stage {code!r} has no tasks")
        found.append(StageSpec(code, words_of(one, "title", required=True), tasks, one.flag("joint")))
    return tuple(found)


def _task(code: str, shape: Shape, department: str, stage: int) -> TaskSpec:
    shape.only(TASK_KEYS)
    days = shape.number("days", 20)
    return TaskSpec(
        code=code,
        title=words_of(shape, "title", required=True),
        department=shape.text("department", department),
        days=days,
        promised=shape.number("promised", days),
        stage=stage,
        when=_when(shape),
        after=shape.words("after"),
        sees=shape.words("sees"),
        undo=words_of(shape, "undo"),
        undo_days=shape.number("undo_days", 5, 1),
        optional=shape.flag("optional"),
        at_end=shape.choice("at_end", AT_END, "overdue"),
        reference=shape.text("reference"),
        line=shape.choice("line", LINES, ""),
        unless_confirmed=shape.text("unless_confirmed"),
    )


def _confirming(shape: Shape) -> Confirming:
    part = shape.part("confirming")
    part.only(("seats", "need", "days"))
    seats = []
    for code, one in _mapping(part, "seats"):
        one.only(("title", "consequence", "who", "when", "after", "lead", "if_any"))
        words = words_of(one, "title", required=True), words_of(one, "consequence", required=True)
        seats.append(SeatSpec(code, *words, one.text("who"), _when(one), one.words("after"), one.flag("lead"), one.flag("if_any")))
    return Confirming(tuple(seats), part.number("need", 0), part.number("days", 15, 1))


def _deciding(shape: Shape) -> Deciding | None:
    if shape.node.get("decision") is None:
        return None
    part = shape.part("decision")
    again = part.part("again")
    again.only(("when", "days", "reference"))
    down = part.part("down")
    down.only(("minutes", "hours"))
    part.only(("rules", "name", "inputs", "favourable", "sample_of", "officers", "may_lack", "again", "down"))
    return Deciding(
        part.text("rules", required=True),
        part.text("name", required=True),
        part.texts("inputs"),
        part.words("favourable"),
        part.number("sample_of", 50),
        part.text("officers"),
        part.words("may_lack"),
        again.choice("when", AGAIN, ""),
        again.number("days", 10, 1),
        again.text("reference"),
        down.number("minutes", 5, 1) if down.node.entries() else 0,
        down.number("hours", 24, 1),
    )


def _licence(code: str, shape: Shape) -> LicenceSpec:
    shape.only(("task", "holder", "facts", "parts"))
    return LicenceSpec(code, shape.text("task"), shape.text("holder", "applicant"), shape.texts("facts"), shape.flag("parts"))


def _saved(shape: Shape) -> Mapping[str, int]:
    part = shape.part("saved")
    part.only(SAVED)
    return {name: part.number(name) for name in SAVED if part.node.get(name) is not None}
