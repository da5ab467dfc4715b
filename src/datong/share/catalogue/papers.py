"""May not ask again: the papers whose content sharing gives, and the packs that demand one of them all the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from datong.domain.access import Actor
from datong.domain.errors import Fault
from datong.share.catalogue.files import csv_text
from datong.share.catalogue.rules import WITHHOLDING, Paper, Rules, read_rules
from datong.share.catalogue.store_item import READ, must, rules_of
from datong.share.installed import installed
from datong.spec import Faults, Node, Packs, load_yaml
from datong.store import Session

DEMANDING = ("documents", "required_documents")
"""Under these keys a pack lists what people must hand in: titles, or mappings with `title` and `because` (the law that wants the
original)."""


@dataclass(frozen=True)
class Obtainable:
    """A paper nobody may be asked for: what gives its content, who provides it, and which agreements open it to whom."""

    paper: Paper
    providing: tuple[str, ...]
    agreements: tuple[str, ...]
    requesting: tuple[str, ...]


def papers(session: Session, actor: Actor) -> tuple[Obtainable, ...]:
    """The list of what can be had by sharing and may not be asked of people. Raises Forbidden."""
    must(session, actor, READ)
    parts = installed(session)
    found = []
    for paper in rules_of(session).papers:
        sources = [parts.packs.sources[one] for one in paper.resources if one in parts.packs.sources]
        fields = {(subject.kind, field) for source in sources for subject in source.subjects.values() for field in subject.fields}
        agreements = [
            one for one in parts.sharing.agreements.values() if any(one.register == kind and field in one.fields for kind, field in fields)
        ]
        providing = tuple(dict.fromkeys(source.department for source in sources))
        opened = [one for one in agreements if set(one.providing) & set(providing)]
        requesting = tuple(sorted({who for one in opened for who in one.requesting if who in parts.packs.departments}))
        found.append(Obtainable(paper, providing, tuple(one.code for one in opened), requesting))
    return tuple(found)


def export_papers(session: Session, actor: Actor) -> str:
    """The list as CSV."""
    sharing = installed(session).sharing
    head = ("材料", "别称", "由谁提供", "共享资源", "已可调取的部门")
    rows = []
    for one in papers(session, actor):
        names = ["、".join(sharing.department_words(code)[0] for code in codes) for codes in (one.providing, one.requesting)]
        resources = "、".join(sharing.resource_words(code)[0] for code in one.paper.resources)
        rows.append((one.paper.title, "、".join(one.paper.words), names[0], resources, names[1]))
    return csv_text((head, *rows))


def check_packs(packs: Packs) -> list[Fault]:
    """Every fault of the catalogue's rules, and of every pack that asks people for what sharing gives; empty when all is sound."""
    faults = Faults()
    rules = read_rules(packs, faults)
    return sorted({*faults.found, *_demanded_again(packs, rules)}, key=lambda one: (one.file, one.line, one.message))


def demanded_again(packs: Packs) -> list[Fault]:
    """Every place where a pack asks people for a paper whose content sharing gives."""
    return _demanded_again(packs, read_rules(packs, Faults()))


def _demanded_again(packs: Packs, rules: Rules) -> list[Fault]:
    faults = Faults()
    for path in packs.files("*/*.yml"):
        name = str(path.relative_to(packs.folder))
        if name != "registers/catalogue.yml":
            _check(load_yaml(path, Faults(), name), packs, rules, faults)
    return sorted(set(faults.found), key=lambda one: (one.file, one.line, one.message))


def _check(root: Node, packs: Packs, rules: Rules, faults: Faults) -> None:
    for node in _demanded(root):
        title, because = _title(node), node.get("because")
        paper = asked_again(title, rules.papers)
        if paper is None or (because is not None and _law_wants(because.text, rules)):
            continue
        sources = [packs.sources[one] for one in paper.resources if one in packs.sources]
        if not sources:
            continue
        given = "、".join(f"{packs.departments[one.department].title_zh}《{one.title_zh}》({one.resource})" for one in sources)
        faults.add(
            node,
            f"{title} 不得要求提交：可以通过共享取得，由{given}提供；从材料清单中删去，或在 because 写明要求原件的法律、行政法规 "
            f"(may not be asked again: sharing gives what it says; take it out, or name in 'because' the law that wants the original)",
        )


def _law_wants(text: str, rules: Rules) -> bool:
    return any(one.kind in WITHHOLDING for one in rules.cited(text, "conditional"))


def _demanded(node: Node) -> Iterator[Node]:
    """Every item of a list of demanded papers, wherever in the file it stands."""
    for key, child in node.entries():
        if key in DEMANDING:
            yield from child.items()
        yield from _demanded(child)
    for item in node.items():
        yield from _demanded(item)


def _title(node: Node) -> str:
    title = node.get("title") or node
    return (title.get("zh") or title).text if title.is_mapping else title.text


def asked_again(title: str, known: Sequence[Paper]) -> Paper | None:
    """The paper of the list that a demanded document is, by any of its names; 身份证复印件 and 户口本原件及复印件 are papers too."""
    bare = title.replace(" ", "")
    for word in ("原件及复印件", "原件和复印件", "复印件", "原件", "扫描件", "照片"):
        bare = bare.replace(word, "")
    bare = bare.strip("（）()的、，")
    return next((paper for paper in known if bare in paper.names or any(name in bare for name in paper.names)), None)
