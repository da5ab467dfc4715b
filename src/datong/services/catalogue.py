"""The catalogue of items: searched in plain words, and the guide of each, made from its pack."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from datong.domain.errors import Missing
from datong.services.installed import Items
from datong.share import catalogue
from datong.spec import LEVELS, Service, Words

LEVEL_WORDS = {
    "city": Words("市级", "City"),
    "district": Words("区县级", "District"),
    "town": Words("镇（街道）级", "Town"),
    "village": Words("村（社区）级", "Village"),
}
KIND_WORDS = {
    "ordinary": Words("单项", "Single item"),
    "one_thing": Words("一件事", "One thing"),
    "instant": Words("秒批", "Instant"),
}


LIFE_WORDS = {
    "birth": Words("生育", "A birth"),
    "school": Words("入学", "School"),
    "work": Words("就业", "Work"),
    "business": Words("开办经营", "A business"),
    "home": Words("安居置业", "A home"),
    "family": Words("婚姻家庭", "Family"),
    "illness": Words("就医", "Illness"),
    "hardship": Words("困难帮扶", "Hardship"),
    "old_age": Words("退休养老", "Old age"),
    "death": Words("身后", "A death"),
}
"""What each event of a life is called."""


@dataclass(frozen=True)
class Search:
    """What somebody looks for among the items; empty parts ask for nothing."""

    words: str = ""
    level: str = ""
    department: str = ""
    kind: str = ""
    life: str = ""
    skip: int = 0
    most: int = 50


@dataclass(frozen=True)
class Found:
    """An item as a list shows it: what is asked of people, and how long it takes."""

    service: Service
    papers: int
    prefilled: int
    days: int


@dataclass(frozen=True)
class Section:
    """One part of a guide: a heading and its lines."""

    title: Words
    lines: tuple[Words, ...]


@dataclass(frozen=True)
class Guide:
    """Everything somebody needs to know before she begins, as the pack says it."""

    service: Service
    sections: tuple[Section, ...] = field(default_factory=tuple)


def find(items: Items, words: str = "", *, level: str = "", department: str = "", most: int = 50) -> tuple[Found, ...]:
    """Items whose name, search words or results hold all the words; whole names first. Without words: every item."""
    return search(items, Search(words, level, department, most=max(1, most)))[0]


def search(items: Items, search: Search) -> tuple[tuple[Found, ...], int]:
    """A page of the items that fit, best first, and how many fit in all."""
    words = search.words.lower()
    wanted = [one for one in words.split() if one]
    found = [one for one in items.services.values() if _is(one, wanted, search)]
    found.sort(key=lambda one: (not one.online, words not in one.title.zh, one.kind != "one_thing", one.code))
    return tuple(_found(one) for one in found[search.skip : search.skip + search.most]), len(found)


def _is(service: Service, wanted: Sequence[str], search: Search) -> bool:
    if search.level and search.level not in service.levels:
        return False
    if search.department and search.department not in _departments(service):
        return False
    if (search.kind and search.kind != service.kind) or (search.life and search.life not in service.life):
        return False
    text = " ".join((service.title.zh, service.title.en, *service.words, *(one.zh for one in service.results))).lower()
    return all(one in text for one in wanted)


def _found(service: Service) -> Found:
    return Found(service, len(service.documents), sum(bool(one.fact) for one in service.form), service.promised)


def counts(items: Items) -> Mapping[str, int]:
    """How many items each level handles."""
    return {level: sum(level in one.levels for one in items.services.values()) for level in LEVELS}


def leading(items: Items) -> Mapping[str, int]:
    """How many items each department has a part in."""
    return Counter(code for one in items.services.values() for code in _departments(one))


def guide(items: Items, code: str, departments: Mapping[str, Words]) -> Guide:
    """The guide of an item. `departments`: code → what it is called. Raises Missing."""
    if code not in items.services:
        raise Missing("没有这个事项 (there is no such item)")
    service = items.services[code]
    made = (
        Section(Words("谁可以办", "Who may apply"), tuple(_cited(one.words, one.reference) for one in service.conditions)),
        Section(Words("不用您提交，由共享取得", "Not asked of you: sharing gives it"), _shared(service, items.papers)),
        Section(Words("需要提交", "What you hand in"), _handed_in(service)),
        Section(Words("需要确认的其他当事人", "Who else must confirm"), tuple(one.title for one in service.confirming.seats)),
        Section(Words("由谁办理", "Who handles it"), _handlers(service, departments)),
        Section(Words("到哪里办", "Where to go in person"), _where(items, service)),
        Section(Words("办理时限", "How long it takes"), (_time(service),)),
        Section(Words("收费", "Fees"), _fees(service)),
        Section(Words("办理结果", "What you get"), service.results),
        Section(Words("依据", "Legal basis"), (Words(service.basis, service.basis),)),
    )
    return Guide(service, tuple(one for one in made if one.lines))


def _where(items: Items, service: Service) -> tuple[Words, ...]:
    """The centres of its levels, each with its address, hours and telephone."""
    return tuple(
        Words(
            f"{LEVEL_WORDS[one.level].zh}：{one.title.zh}，{one.address.zh}，{one.hours.zh}，电话{one.phone}",
            f"{LEVEL_WORDS[one.level].en}: {one.title.en}, {one.address.en}. {one.hours.en}. Telephone {one.phone}",
        )
        for one in items.centres
        if one.takes(service.levels, service.department)
    )


def _cited(words: Words, reference: str) -> Words:
    return Words(f"{words.zh}（{reference}）", f"{words.en} ({reference})") if reference else words


def _shared(service: Service, papers: Mapping[str, catalogue.Paper]) -> tuple[Words, ...]:
    lines = []
    for one in service.materials:
        paper = papers.get(one.paper)
        lines.append(Words(f"{one.title.zh}（{paper.title}）", one.title.en) if paper and paper.title != one.title.zh else one.title)
    return tuple(lines)


def _handed_in(service: Service) -> tuple[Words, ...]:
    if not service.documents:
        return (Words("不需要任何纸质材料", "No paper at all"),)
    optional = Words("（如有）", " (if there is one)")
    lines = []
    for one in service.documents:
        title = Words(one.title.zh + optional.zh, one.title.en + optional.en) if one.optional else one.title
        lines.append(_cited(title, one.because))
    return tuple(lines)


def _handlers(service: Service, departments: Mapping[str, Words]) -> tuple[Words, ...]:
    named = {code: departments.get(code, Words(code, code)) for code in _departments(service)}
    lead = named.pop(service.department)
    lines = [Words(f"{lead.zh}（牵头）", f"{lead.en} (in the lead)")]
    for task in service.tasks:
        who = departments.get(task.department, Words(task.department, task.department))
        zh = f"{task.title.zh}：{who.zh}，承诺{task.promised}个工作日（法定{task.days}个）"
        en = f"{task.title.en}: {who.en}, {task.promised} working days promised ({task.days} by law)"
        lines.append(_cited(Words(zh, en), task.reference))
    return tuple(lines)


def _time(service: Service) -> Words:
    if service.kind == "instant":
        return Words("符合条件的当场办结，无人工干预；其他转人工办理", "At once when the rules are met; anything else goes to an officer")
    zh = f"承诺{service.promised}个工作日，法定{service.days}个工作日"
    return _cited(Words(zh, f"{service.promised} working days promised, {service.days} by law"), service.days_reference)


def _fees(service: Service) -> tuple[Words, ...]:
    if not service.fees:
        return (Words("不收费", "No fee"),)
    return tuple(
        _cited(Words(f"{one.title.zh}：{one.amount}元", f"{one.title.en}: {one.amount} yuan"), one.reference) for one in service.fees
    )


def _departments(service: Service) -> tuple[str, ...]:
    return tuple(dict.fromkeys((service.department, *(one.department for one in service.tasks))))
