"""The grown-up members of the applicant's household: who is registered in the same home under the same household number, and of age.

Who they are is compared, not read: of each it is asked whether she belongs to the household and is of age, which leaves its line in her
record. Everything else about her waits for her own word. Asked again later, somebody else than those who gave their word is not led to:
the household has changed, and that is a person's to look at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from datong.domain.access import Answer, Key, Question, Reason
from datong.domain.changed import changed
from datong.services.known import Known
from datong.spec import ADULT, ADULTS, Fact, Household

MOST_ASKED = 40
"""So many registered in one home are compared; a dormitory's household is looked at by people."""
Ask = Callable[[Question], Answer | None]
DOWN = ("数据来源暂时无法访问", "the source cannot be reached at the moment")
NO_NUMBER = ("没有取得户口登记，同户成年人由经办人员核实", "the household register is not known; an officer finds out who the adults are")
CROWDED = ("同址登记的人太多，由经办人员核实", "too many are registered there; an officer finds out who the adults are")
OTHERS = ("同户成年人与授权时不一致，由经办人员核实", "the adults are not those who consented; an officer finds out")


def adults_of(
    facts: Sequence[Fact], household: Household, answer: Answer | None, found: Mapping[str, Known], *, ask: Ask, purpose: str, case: str
) -> dict[str, Known]:
    """What an answer about the registered home says of the adults: each of `facts`, one led to after the other, and how many there are."""
    who = _registered(household, answer, found)
    if isinstance(who, Known):
        return {one.code: changed(who, code=one.code) for one in facts}
    number, members = found[household.number].value, []
    for code, label in who:
        claims = (("household_no", number), ("of_age", "yes"))
        about = Question(purpose, "verify", "person", Key("code", code), claims=claims, reason=Reason("case", case), automatic=True)
        told = ask(about)
        if told is None:
            return {one.code: Known(one.code, "down", why_zh=DOWN[0], why_en=DOWN[1]) for one in facts}
        if dict(told.compared) == {"household_no": "same", "of_age": "same"}:
            members.append((code, label, told.lines[0] if told.lines else ""))
    return _told(facts, members, found)


def _registered(household: Household, answer: Answer | None, found: Mapping[str, Known]) -> list[tuple[str, str]] | Known:
    """Who else is registered in the home, without those who have a seat of their own; or why that is not known."""
    if answer is None:
        return Known("", "down", why_zh=DOWN[0], why_en=DOWN[1])
    number = found.get(household.number)
    if not answer.entries or number is None or number.state != "verified" or not number.value:
        down = number is not None and number.state == "down"
        zh, en = DOWN if down else NO_NUMBER
        return Known("", "down" if down else "empty", why_zh=zh, why_en=en)
    but = {found[one].subject for one in household.but if one in found} | {number.subject}
    links = [one for one in answer.entries[0].links if one.type == "household_registered_at" and one.direction == "in" and not one.until]
    people = {one.code: one.label for one in links if one.register == "person" and one.code not in but}
    if len(people) > MOST_ASKED:
        return Known("", "empty", why_zh=CROWDED[0], why_en=CROWDED[1])
    return sorted(people.items())


def _told(facts: Sequence[Fact], members: Sequence[tuple[str, str, str]], found: Mapping[str, Known]) -> dict[str, Known]:
    """The facts in order. Adults who are known already stay who they are; when they are others now, how many there are is in dispute."""
    told: dict[str, Known] = {}
    each = [one for one in facts if one.gives == ADULT]
    for at, fact in enumerate(each):
        if at < len(members):
            code, label, line = members[at]
            told[fact.code] = Known(fact.code, "verified", label or code, subject=code, line=line)
        else:
            told[fact.code] = Known(fact.code, "empty", why_zh="没有更多成年人", why_en="there are no more")
    before = {one.subject for code, one in found.items() if code not in told and code.startswith(f"{ADULT}_") and code.count("_") == 1}
    for fact in facts:
        if fact.gives != ADULTS:
            continue
        same = bool(each) or before - {""} == {code for code, _, _ in members}
        told[fact.code] = Known(fact.code, "verified" if same else "disputed", str(len(members)))
        if not same:
            told[fact.code] = changed(told[fact.code], why_zh=OTHERS[0], why_en=OTHERS[1])
    return told
