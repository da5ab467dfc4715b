"""Find a person, an organisation or premises by any key, see the card, and click through the three."""

from __future__ import annotations

from starlette.responses import Response

from datong import share
from datong.domain.access import Answer, Key, Question, Reason, SharedFact
from datong.web import sign_ins
from datong.web.labels import FIELDS, label
from datong.web.render import grouped
from datong.web.visit import Visit

PARTS = ("address", "division", "street", "community", "estate", "building", "entrance", "room", "longitude", "latitude")
"""What a standard address says already: folded away."""
LINKS = ("owns", "rents", "registered_at", "operates_at", "legal_representative_of", "lives_at", "household_registered_at")
"""The order of the links on a card: whose it is, who uses it, who lives there; what has ended comes last."""
TITLES = {"person": "name", "organisation": "org_name", "premises": "standard_address"}


def show(visit: Visit) -> Response:
    """The search form."""
    return _form(visit)


def search(visit: Visit) -> Response:
    """Keep what was typed and go on to an address that does not show it."""
    body = {"text": visit.text("key", 300), "birth_date": visit.optional("birth_date", 20)}
    assert visit.sign_in is not None
    return visit.go(f"/office/find/{sign_ins.keep_lookup(visit.session, visit.sign_in.token_hash, body, visit.now)}")


def result(visit: Visit) -> Response:
    """What was found by what was typed."""
    assert visit.sign_in is not None
    kept = sign_ins.lookup(visit.session, visit.sign_in.token_hash, visit.sent.params["lookup_id"], "text", "birth_date")
    key = share.read_key(kept["text"], kept["birth_date"])
    answer = look(visit, key)
    return _card(visit, answer) if answer.outcome == "found" else _form(visit, answer, key, kept["text"])


def subject(visit: Visit) -> Response:
    """The card of one subject, by its permanent code."""
    answer = look(visit, Key("code", visit.sent.params["code"]))
    return _card(visit, answer) if answer.outcome == "found" else _form(visit, answer)


def unmask(visit: Visit) -> Response:
    """Show one masked field whole, for a stated reason that its subject can read."""
    field, reason = visit.text("field", 80), Reason("unmask", text=visit.text("reason"))
    answer = look(visit, Key("code", visit.sent.params["code"]), reason, (field,) if visit.sent.fragment else (), (field,))
    if not visit.sent.fragment:
        return _card(visit, answer) if answer.outcome == "found" else _form(visit, answer)
    facts = [fact for entry in answer.entries for fact in entry.facts if fact.field == field]
    return visit.part("office/fact.html", field=field, facts=facts, answer=answer, code=visit.sent.params["code"])


def look(visit: Visit, key: Key, reason: Reason | None = None, fields: tuple[str, ...] = (), unmask: tuple[str, ...] = ()) -> Answer:
    """One look through the one door, for the purpose chosen."""
    question = Question(
        purpose=visit.purpose,
        operation="look_up",
        register=share.register_of(key),
        key=key,
        fields=fields,
        unmask=unmask,
        reason=reason or working_reason(visit),
    )
    return share.ask(visit.session, visit.actor, question, now=visit.now)


def working_reason(visit: Visit) -> Reason:
    """The case or reason she gave when she chose the purpose, where the purpose asks for one."""
    said = visit.working_reason
    return Reason("case", text=said) if said else Reason("none")


def note_verified(visit: Visit) -> Response:
    """Write down that an identity or a paper was verified: the next counter need not ask for it."""
    code, days = visit.sent.params["code"], visit.optional("days", 4)
    done = (visit.choice("how", tuple(share.VERIFIED_HOW)), visit.text("basis"))
    share.note_verified(
        visit.session, visit.actor, code, visit.text("what", 60), done, days=int(days) if days.isdigit() else 0, now=visit.now
    )
    return visit.go(f"/office/subject/{code}", "saved")


def withdraw_verified(visit: Visit) -> Response:
    """Take it back: the next counter verifies again."""
    code = visit.sent.params["code"]
    share.withdraw_verified(visit.session, visit.actor, code, visit.text("what", 60), now=visit.now)
    return visit.go(f"/office/subject/{code}", "withdrawn-verified")


def _form(visit: Visit, answer: Answer | None = None, key: Key | None = None, typed: str = "") -> Response:
    return visit.page("office/find.html", answer=answer, key=key, typed=typed)


def _folded(field: str, items: list[SharedFact]) -> bool:
    """Whether a part of the address may be folded away: the standard address says it, and nothing is wrong with it."""
    return field in PARTS and not any(one.conflict or one.marks for one in items)


def _card(visit: Visit, answer: Answer) -> Response:
    entry = answer.entries[0]
    named = next((fact.value for fact in entry.facts if fact.field == TITLES[entry.register]), "")
    can_unmask = share.installed(visit.session).policy.agreement(answer.decision.agreement).unmask if visit.may("office.unmask") else ()
    links = sorted(entry.links, key=lambda link: (bool(link.until), LINKS.index(link.type) if link.type in LINKS else len(LINKS)))
    found = grouped(entry.facts)
    facts = [(field, items) for field, items in found if not _folded(field, items)]
    parts = [(field, items) for field, items in found if _folded(field, items)]
    refused = [label(visit.language, field, FIELDS) for field in answer.decision.refused_fields]
    return visit.page(
        "office/subject.html",
        papers=list(share.known_papers(visit.session).items()) if visit.may("papers.verify") else [],
        paper_names=share.known_papers(visit.session),
        verified_how={word: pair[visit.language != "zh"] for word, pair in share.VERIFIED_HOW.items()},
        confirm_how=[(word, label(visit.language, f"how_{word}")) for word in share.CONFIRMED_HOW],
        entry=entry,
        answer=answer,
        named=named,
        can_unmask=can_unmask,
        refused=refused,
        facts=facts,
        parts=parts,
        links=links,
    )
