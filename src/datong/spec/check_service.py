"""The cross-checks of a service: every field, fact, question, task and department it names exists, and no task waits for itself."""

from __future__ import annotations

import fnmatch
import gc
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from datong.spec.household import with_household
from datong.spec.item_lists import item_nodes
from datong.spec.licences import LicenceType
from datong.spec.nodes import Faults, Node, load_yaml
from datong.spec.packs import Packs
from datong.spec.read_service import read_service
from datong.spec.reuse import whole
from datong.spec.service import ADULT, ADULTS, ANY, FOUND, SUM, Fact, Service

APPLICANT = ("applicant.code", "applicant.name", "applicant.citizen_id")


def load_services(packs: Packs, faults: Faults) -> dict[str, Service]:
    """Every service of every pack, by code, checked within itself and against the departments."""
    collecting = gc.isenabled()
    gc.disable()  # a catalogue of many items is a hundred thousand small values, none of them garbage
    try:
        return _loaded(packs, faults)
    finally:
        if collecting:
            gc.enable()


def _loaded(packs: Packs, faults: Faults) -> dict[str, Service]:
    found: dict[str, Service] = {}
    for code, (pack, version, node) in service_nodes(packs, faults).items():
        found[code] = read_service(code, node, pack, version, faults)
        check_service(found[code], node, packs, faults)
    return found


def service_nodes(packs: Packs, faults: Faults) -> dict[str, tuple[str, str, Node]]:
    """Every service as written, whole, with its pack and the pack's version; what it takes from another keeps that one's places."""
    written: dict[str, Node] = {}
    origin: dict[str, tuple[str, str]] = {}
    for path in packs.files("*/service.yml"):
        name = str(path.relative_to(packs.folder))
        root = load_yaml(path, faults, name)
        _only(root, ("services",), faults)
        here = path.parent.name, _version(packs, path.parent.name)
        for code, node in (root.get("services") or Node({}, name, 1)).entries():
            if code in written:
                faults.add(root.key_node("services"), f"service {code!r} is already given by the pack {origin[code][0]!r}")
                continue
            written[code], origin[code] = node, here
    for code, path, node in item_nodes(packs, faults):
        if code not in written:
            written[code], origin[code] = node, (path.parent.name, _version(packs, path.parent.name))
    return {code: (*origin[code], with_household(whole(code, written, faults), faults)) for code in written}


def check_service(service: Service, node: Node, packs: Packs, faults: Faults) -> None:
    """Note everything in one service that names what does not exist, or that can never end."""
    if service.department and service.department not in packs.departments:
        faults.add(node.get("department") or node, f"department {service.department!r} is not in departments.yml")
    if service.promised > service.days:
        faults.add(node.get("days") or node, "the promised days may not exceed the statutory ones")
    if (service.facts or service.online) and not service.purpose:
        faults.add(node, f"service {service.code!r} lacks 'purpose': registers are read for a purpose only")
    check = _Check(service, node, faults)
    check.form()
    check.tasks(packs.departments)
    check.seats()
    check.decision(packs.folder / service.pack)
    check.licences(packs.licences)
    check.allocation()
    check.household()
    check.filed()
    check.units(packs.departments)


class _Check:
    """One service's checks, with the names it may use."""

    def __init__(self, service: Service, node: Node, faults: Faults) -> None:
        self.service, self.node, self.faults = service, node, faults
        self.facts = {one.code for one in service.facts}
        self.fields = {one.code for one in service.form}
        self.papers = {one.code for one in service.documents}
        self.questions = {one.code: {answer.code for answer in one.answers} for one in service.questions}

    def form(self) -> None:
        """Form, questions, facts and materials name one another rightly."""
        for one in self.service.form:
            place = self.node.deepest("form", one.code)
            self._known(one.fact, self.facts, place, "fact")
            self._when(one.when, place)
            if (one.type == "choice") != bool(one.choices):
                self.faults.add(place, f"form {one.code!r}: a field has 'choices' exactly when its type is choice")
        for question in self.service.questions:
            place = self.node.deepest("questions", question.code)
            self._known(question.known, self.facts, place, "fact")
            for answer in question.answered_by.values():
                self._known(answer, self.questions[question.code], place, "answer")
        for fact in self.service.facts:
            self._fact(fact)
        for material in self.service.materials:
            place = self.node.deepest("materials", material.code)
            self._known(material.fact, self.facts, place, "fact")
            if not material.paper and not material.fact:
                self.faults.add(
                    place, f"material {material.code!r} says where sharing gives it: 'paper' or 'fact'; what people hand in is a document"
                )

    def _fact(self, fact: Fact) -> None:
        place = self.node.deepest("facts", fact.code)
        if fact.key != "applicant":
            self._someone(fact.key, place, self.facts - {fact.code})
        self._known(fact.to, self.facts - {fact.code}, place, "fact")
        if (fact.to or fact.gives or fact.towards != "any") and not fact.link:
            self.faults.add(place, f"fact {fact.code!r}: 'to', 'gives' and 'towards' say more of a 'link'")
        for value in fact.claims.values():
            if value not in APPLICANT:
                self._known(value.removeprefix("form."), self.fields, place, "form field")
        if bool(fact.field) + bool(fact.claims) + bool(fact.link) + bool(fact.event) != 1:
            self.faults.add(place, f"fact {fact.code!r} says one of 'field', 'claims', 'link' or 'event'")
        seats = {one.who for one in self.service.confirming.seats}
        if fact.is_of_another and fact.key not in seats and not self._tied(fact):
            told = f"fact {fact.code!r} is about another person: give her a seat with who: {fact.key}, to confirm before it is asked"
            self.faults.add(place, f"{told}; of a child, also ask for the tie to the applicant ('link: child_of', 'to')")

    def _tied(self, fact: Fact) -> bool:
        """Whether the service asks if the one it is about is the applicant's child."""
        return any(one.key == fact.key and one.link == "child_of" and one.to for one in self.service.facts)

    def _someone(self, name: str, place: Node, facts: Collection[str]) -> None:
        """A form field, or the one that a fact led to."""
        if name.startswith(FOUND):
            self._known(name.removeprefix(FOUND), facts, place, "fact")
        else:
            self._known(name, self.fields, place, "form field")

    def tasks(self, departments: Collection[str]) -> None:
        """Departments, situations and order of the tasks."""
        codes: set[str] = set()
        for stage in self.service.stages:
            here = {one.code for one in stage.tasks}
            for task in stage.tasks:
                place = self.node.deepest("stages", stage.code, "tasks", task.code)
                if task.code in codes or ":" in task.code or task.code == "acceptance":
                    self.faults.add(place, f"task {task.code!r} needs a name of its own, without ':' and not 'acceptance'")
                codes.add(task.code)
                if task.department not in departments:
                    self.faults.add(place, f"department {task.department!r} is not in departments.yml")
                if task.promised > task.days:
                    self.faults.add(place, f"task {task.code!r} promises more days than the law gives it")
                self._when(task.when, place)
                self._known(task.unless_confirmed, self.facts, place, "fact")
                for name in task.sees:
                    if not name.startswith(FOUND) or not fnmatch.filter(self.facts, name.removeprefix(FOUND)):
                        self._known(name, self.fields | self.papers, place, "form field or document")
                for name in task.after:
                    self._known(name, here, place, "task of the same stage")
            for name in _circle({one.code: set(one.after) & here for one in stage.tasks}):
                self.faults.add(self.node.deepest("stages", stage.code, "tasks", name), f"task {name!r} waits for itself by 'after'")
        binding = sum(not task.optional for task in self.service.tasks)
        if self.service.at_least > binding:
            self.faults.add(self.node.deepest("at_least"), f"at_least: only {binding} tasks are not optional")

    def seats(self) -> None:
        """Parties that confirm."""
        seats = self.service.confirming.seats
        codes = {one.code for one in seats}
        for one in seats:
            place = self.node.deepest("confirming", "seats", one.code)
            self._someone(one.who, place, self.facts)
            self._when(one.when, place)
            for name in one.after:
                self._known(name, codes, place, "seat")
        for name in _circle({one.code: set(one.after) & codes for one in seats}):
            self.faults.add(self.node.deepest("confirming", "seats", name), f"seat {name!r} waits for itself by 'after'")
        if self.service.confirming.need > len(seats):
            self.faults.add(self.node.deepest("confirming", "need"), f"need: there are only {len(seats)} seats")

    def decision(self, folder: Path) -> None:
        """The rules file is there and every input comes from somewhere."""
        for value in self._inputs().values():
            self._source(value, self.node.deepest("decision", "inputs"))
        deciding = self.service.deciding
        if deciding is None:
            if self.service.kind == "instant":
                self.faults.add(self.node, "an instant service needs a 'decision'")
            return
        if deciding.rules and not (folder / deciding.rules).is_file():
            self.faults.add(self.node.deepest("decision", "rules"), f"there is no file {deciding.rules!r} beside service.yml")
        tasks = {task.code for task in self.service.tasks}
        if self.service.kind == "instant" and deciding.officers not in tasks:
            self.faults.add(self.node.deepest("decision"), "'officers' names the task that other outcomes go to: a refusal is a person's")
        if not deciding.favourable and self.node.deepest("decision", "favourable") is self.node.deepest("decision"):
            self.faults.add(self.node.deepest("decision"), "'favourable' lists the outcomes that may be given without a person; [] is none")

    def licences(self, types: Mapping[str, LicenceType]) -> None:
        """Each licence is of a live type of the packs, and everything the type demands comes from somewhere."""
        for one in self.service.licences:
            place = self.node.deepest("licences", one.type)
            kind = types.get(one.type)
            if kind is None or not kind.live:
                self.faults.add(place, f"no pack describes a live licence type {one.type!r}")
                continue
            self._known(one.task, {task.code for task in self.service.tasks}, place, "task")
            if one.holder != "applicant":
                self._known(one.holder, self.facts, place, "fact")
            for name, source in one.facts.items():
                self._known(name, {fact.name for fact in kind.facts}, place, f"fact of the licence {one.type}")
                if not source.startswith("text:"):
                    self._source(source, place)
            for fact in kind.facts:
                if fact.required and fact.name not in one.facts:
                    self.faults.add(place, f"the licence {one.type!r} must state {fact.name!r}: say where it comes from")
            if one.parts != bool(kind.parts):
                self.faults.add(place, f"parts: {one.type!r} " + ("holds others together" if kind.parts else "has no parts"))

    def allocation(self) -> None:
        """Places are of a choice of the form, given by a task, to what the decision found."""
        one, place = self.service.allocation, self.node.deepest("allocation")
        if one is None:
            return
        field = next((each for each in self.service.form if each.code == one.by and each.choices), None)
        if field is None or self.service.deciding is None or not one.outcomes or not one.order:
            told = "allocation: 'by' is a choice of the form, 'outcomes' and 'order' are what the decision says"
            self.faults.add(place, told)
            return
        self._known(one.task, {task.code for task in self.service.tasks}, place, "task")
        for name in one.places:
            self._known(name, {each.code for each in field.choices}, place, "choice")

    def household(self) -> None:
        """What leads to the adults of a household is a fact of the service, and so is whoever has a seat of her own."""
        one, place = self.service.household, self.node.deepest("household")
        for name in (one.home, one.number, *one.but) if one is not None else ():
            self._known(name, self.facts, place, "fact")
        if one is None and any(fact.gives in (ADULT, ADULTS) for fact in self.service.facts):
            self.faults.add(place, "a fact that gives adults needs 'household:' to say whose")

    def filed(self) -> None:
        """What is sold is a fact that lists events; where and until when are a field and a task."""
        one, place = self.service.filed, self.node.deepest("filed")
        if one is not None:
            self._known(one.sold, {fact.code for fact in self.service.facts if fact.event}, place, "fact with an event")
            self._known(one.holds, {task.code for task in self.service.tasks}, place, "task")
            for name in one.place:
                self._known(name, self.fields, place, "form field")

    def units(self, departments: Collection[str]) -> None:
        """Each unit answers by facts that are there, or by a task of its own department."""
        tasks = {task.code: task.department for task in self.service.tasks}
        for one in self.service.units:
            place = self.node.deepest("units", one.code)
            if one.department not in departments:
                self.faults.add(place, f"department {one.department!r} is not in departments.yml")
            for name in one.facts:
                if not fnmatch.filter(self.facts, name):
                    self._known(name, self.facts, place, "fact")
            own = {code for code, department in tasks.items() if department == one.department}
            self._known(one.task, own, place, "task of its department")
            if not one.facts and not one.task:
                self.faults.add(place, f"unit {one.code!r} says what it answers by: 'facts' or 'task'")

    def _source(self, value: str, place: Node) -> None:
        kind, _, name = value.partition(".")
        if kind in (ANY, SUM) and fnmatch.filter(self.facts, name):
            return
        known: Collection[str] = {
            "form": self.fields,
            "fact": self.facts,
            "outcome": self.facts,
            "answer": set(self.questions),
        }.get(kind, ())
        if name not in known and value not in (*APPLICANT, "decision.outcome", "case.id", "case.day"):
            what = "form.x, fact.x, any.x_*, sum.x_*, outcome.x, answer.x, applicant.x, case.id, case.day"
            self.faults.add(place, f"there is no {value!r}; write {what}")

    def _inputs(self) -> Mapping[str, str]:
        return self.service.deciding.inputs if self.service.deciding else {}

    def _when(self, when: Mapping[str, str], place: Node) -> None:
        for question, answer in when.items():
            self._known(question, self.questions, place, "question")
            if question in self.questions:
                self._known(answer, self.questions[question], place, "answer")

    def _known(self, name: str, known: Collection[str], place: Node, what: str) -> None:
        if name and name not in known:
            self.faults.add(place, f"there is no {what} {name!r}; known are {', '.join(sorted(known)) or 'none'}")


def _circle(after: Mapping[str, Collection[str]]) -> list[str]:
    """The names that wait for one another in a circle."""
    left = {name: set(names) for name, names in after.items()}
    while free := [name for name, names in left.items() if not names & set(left)]:
        for name in free:
            del left[name]
    return sorted(left)


def _only(root: Node, known: Iterable[str], faults: Faults) -> None:
    for key, _ in root.entries():
        if key not in known:
            faults.add(root.key_node(key), f"unknown key {key!r} in service.yml; known are {', '.join(known)}")


def _version(packs: Packs, pack: str) -> str:
    path = packs.folder / pack / "pack.yml"
    root = load_yaml(path, Faults(), f"{pack}/pack.yml") if path.is_file() else None
    version = root.get("version") if root else None
    return version.text if version else ""
