"""Invented subjects of `sandbox.yml`: to show what an agreement lets be seen, without anybody's data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from datong import registers
from datong.domain.access import Register
from datong.domain.registers import REGISTER_FIELDS
from datong.share.subject import Subject
from datong.spec import Faults, Packs, Shape

NO_SOURCE = "sandbox"


@dataclass(frozen=True)
class Sample:
    """One invented subject. `title` says what it is an example of: 中文, English."""

    code: str
    title: tuple[str, str]
    subject: Subject


def read_sandbox(packs: Packs, faults: Faults) -> Mapping[str, Sample]:
    """The invented subjects; fields that no register has are noted."""
    root = packs.raw("sandbox", faults)
    found: dict[str, Sample] = {}
    node = root.get("subjects") if root else None
    for code, child in node.entries() if node else ():
        shape = Shape(child, f"sample {code!r}", faults)
        shape.only(("title", "register", "division", "facts"))
        title, facts = shape.part("title"), shape.texts("facts")
        register = shape.choice("register", tuple(REGISTER_FIELDS), "person", required=True)
        for name in set(facts) - set(REGISTER_FIELDS[register]):
            shape.fault("facts", f"{name!r} is no field of the register {register!r}")
        body = registers.write_facts({name: [{"value": value, "resource": NO_SOURCE}] for name, value in facts.items()})
        label = next((facts[name] for name in ("name", "org_name", "standard_address") if name in facts), code)
        subject = Subject(code, cast(Register, register), shape.text("division", required=True), label, body)
        found[code] = Sample(code, (title.text("zh", required=True), title.text("en", required=True)), subject)
    return found
