"""Everything one key leads to, for one purpose: the subject, and every subject linked to it that the purpose lets be seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from datong.domain.access import Actor, Answer, Key, Question, Reason
from datong.share.flow import ask
from datong.share.installed import installed
from datong.share.keys import register_of
from datong.share.policy import asking_for
from datong.store import Session

MOST_LINKED = 20


def open_package(
    session: Session, actor: Actor, purpose: str, key: Key, *, reason: Reason | None = None, now: datetime | None = None
) -> tuple[Answer, ...]:
    """Look a key up and follow its live links one step; each subject has its own decision and its own ledger line.

    The first answer is the key's own; a linked subject that no agreement shows for this purpose is left at its label.
    """
    question = Question(purpose, "look_up", register_of(key), key, reason=reason or Reason())
    answers = [ask(session, actor, question, now=now)]
    if answers[0].outcome != "found":
        return tuple(answers)
    covered = _covered(session, actor, purpose)
    links = {link.code: link for link in answers[0].entries[0].links if not link.until and link.register in covered}
    for link in list(links.values())[:MOST_LINKED]:
        following = replace(question, register=link.register, key=Key("code", link.code))
        answer = ask(session, actor, following, now=now)
        if answer.outcome == "found":
            answers.append(answer)
    return tuple(answers)


def _covered(session: Session, actor: Actor, purpose: str) -> set[str]:
    """The registers that the purpose lets be looked up by code: others would only leave refusals in the record."""
    agreements = installed(session).policy.agreements_of(actor)
    found = {one.register for one in agreements if one.purpose == purpose and "look_up" in one.operations and "code" in one.keys}
    return found if asking_for(actor) else set()
