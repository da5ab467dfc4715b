"""The decision by written rules: what they say of a case, kept with everything needed to say it again.

What favours the applicant may be given without a person. Every other outcome, every fact that is disputed or whose source is
down, and every fault of the rules goes to an officer, with the reasons.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from datong import rules, share
from datong.domain.access import Actor
from datong.domain.errors import BadValue, Missing
from datong.services import queries
from datong.services.known import Known
from datong.services.parties import WORK, sees
from datong.services.sources import facts_named, facts_of, value_of
from datong.services.store_case import Kept, kept_case
from datong.spec import Deciding, Service
from datong.store import Session

DOUBT = "doubt"
DIFFERS = "differs"
"""Under this a case keeps the questions that a source, come later, answers otherwise than the applicant did."""
DOUBTED = ("disputed", "down", "waiting")
MODELS = "services.rules"
KEPT = "rules:"
"""How the rules that decided are kept beside the definitions: under this and their version."""


@dataclass(frozen=True)
class Ruling:
    """What the rules say of a case. `doubts` are facts that nobody may decide on by rule."""

    outcome: str
    favourable: bool
    decided: Mapping[str, Any] = field(default_factory=dict)
    inputs: Mapping[str, Any] = field(default_factory=dict)
    sources: tuple[Mapping[str, str], ...] = ()
    """Of each input that a fact gave: which department and resource, as of when."""
    day: str = ""
    doubts: tuple[str, ...] = ()
    reason: str = ""

    def shown(self) -> dict[str, Any]:
        """What the timeline says: the rules that applied with their law, the reason, and what was in doubt."""
        hits = [{name: str(one[name]) for name in ("table", "rule", "reference")} for one in self.decided.get("rules", ())]
        told = {"rules": hits, "references": list(self.decided.get("references", ())), "reason": self.reason}
        return {**told, "doubts": list(self.doubts), "version": self.decided.get("version", "")}

    def kept(self) -> dict[str, Any]:
        """What the case keeps."""
        body = {"outcome": self.outcome, "favourable": self.favourable, "day": self.day, "reason": self.reason}
        sources = [dict(one) for one in self.sources]
        return {**body, "inputs": dict(self.inputs), "sources": sources, "doubts": list(self.doubts), "decided": dict(self.decided)}


def rule_on(session: Session, service: Service, kept: Kept, now: datetime) -> Ruling:
    """What the rules say of a case now."""
    assert service.deciding is not None
    models: dict[tuple[str, str], rules.Model] = session.store.parts.setdefault(MODELS, {})
    where = (service.pack, service.deciding.rules)
    model = models.get(where)
    if model is None:
        model = models[where] = rules.read_rules(_path(session, service))
    _keep_rules(session, service, model.version, share.moment_text(now))
    return ruling_of(service, kept, model, share.city_day(now))


def ruling_of(service: Service, kept: Kept, model: rules.Model, day: date) -> Ruling:
    """What a model says of a case on a day. Pure."""
    deciding = service.deciding
    assert deciding is not None
    facts = facts_of(kept)
    inputs = {name: value_of(service, kept, source, facts) for name, source in deciding.inputs.items()}
    doubts = (*doubts_of(service, facts), *(f"answer.{code}:{DIFFERS}" for code in kept.facts.get(DIFFERS, ())))
    sources = _sources(service, deciding, facts)
    try:
        given = {name: value for name, value in inputs.items() if value is not None or name in deciding.may_lack}
        decided = model.decide(deciding.name, given, on=day)
    except (BadValue, Missing) as error:
        return Ruling(DOUBT, False, {}, _plain(inputs), sources, day.isoformat(), (*doubts, error.message))
    outcome, reason = _outcome(decided.outcome)
    favourable = not doubts and _is_certain(deciding, decided) and outcome in deciding.favourable
    return Ruling(outcome or DOUBT, favourable, decided.as_data(), _plain(inputs), sources, day.isoformat(), doubts, reason)


def _is_certain(deciding: Deciding, decided: rules.Decided) -> bool:
    """Whether nothing was unknown on the way but what may be: a table goes past a rule whose fact is not known to one that may grant."""
    unknown = {name for name, value in decided.facts.items() if value is None}
    return not decided.missing and not decided.notes and unknown <= set(deciding.may_lack)


def _outcome(value: Any) -> tuple[str, str]:
    if isinstance(value, Mapping):
        return str(value.get("outcome") or ""), str(value.get("reason") or "")
    return str(value or ""), ""


def doubts_of(service: Service, facts: Mapping[str, Known]) -> tuple[str, ...]:
    """Facts of the decision that are disputed, whose source did not answer, or that somebody has yet to agree to."""
    deciding = service.deciding
    named = [code for source in (deciding.inputs.values() if deciding else ()) for code in facts_named(service, source)]
    return tuple(f"{code}:{facts[code].state}" for code in dict.fromkeys(named) if code in facts and facts[code].state in DOUBTED)


def _sources(service: Service, deciding: Deciding, facts: Mapping[str, Known]) -> tuple[Mapping[str, str], ...]:
    found = []
    for name, source in deciding.inputs.items():
        for known in (facts[code] for code in facts_named(service, source) if code in facts):
            told = {"department": known.department, "resource": known.resource, "as_of": known.as_of, "line": known.line}
            found.append({"input": name, "state": known.state, **told})
    return tuple(found)


def _plain(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in inputs.items() if value is not None}


def _path(session: Session, service: Service) -> Path:
    assert service.deciding is not None
    return share.installed(session).packs.folder / service.pack / service.deciding.rules


def _keep_rules(session: Session, service: Service, version: str, at: str) -> None:
    """Keep the rules as they are written, once a version, so that what they decided can be decided again."""
    known: set[str] = session.store.parts.setdefault("services.rules.kept", set())
    if version in known:
        return
    path = _path(session, service)
    params = {"digest": KEPT + version, "service": path.name, "pack": service.pack, "version": service.version}
    session.run(queries.KEEP_DEFINITION, {**params, "text": path.read_text(encoding="utf-8"), "since": at})
    session.when_durable(lambda: known.add(version))


@dataclass(frozen=True)
class Replayed:
    """A past decision made again under the rules of its day."""

    same: bool
    then: str
    now: str
    why: str


def replay_decision(session: Session, actor: Actor, case_id: str, facts: Mapping[str, object] | None = None) -> Replayed:
    """Decide a case's decision again: with its own facts it must be the same; with others (`facts`) it says which changed.

    Raises Missing when the case is not the actor's to see, or was not decided by rules.
    """
    kept = kept_case(session, case_id)
    decided = kept.decision.get("decided")
    if actor.kind == "citizen" or not sees(session, actor, kept) or not decided:
        raise Missing("没有由规则作出的决定 (no decision was made by rules)")
    if actor.kind == "officer":
        share.installed(session).must(actor, WORK)
    model = _model_of(session, str(decided["version"]))
    given = dict(kept.decision["inputs"]) | dict(facts or {})
    found = rules.replay(model, decided, given, date.fromisoformat(kept.decision["day"]))
    return Replayed(found.same, _outcome(found.then)[0], _outcome(found.now)[0], found.why())


def _model_of(session: Session, version: str) -> rules.Model:
    """The rules of a version, as they were kept."""
    row = session.one(queries.DEFINITION, {"digest": KEPT + version})
    if row is None:
        raise Missing("没有这个版本的规则 (there is no such version of the rules)")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(row[0]).name
        path.write_text(row[3], encoding="utf-8")
        return rules.read_rules(path)
