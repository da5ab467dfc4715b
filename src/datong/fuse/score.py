"""Score pairs and choose among candidates. Pure: personas and a model in, judgements out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from datong.domain.judgement import Compared, Judgement
from datong.fuse.compare import COMPARISONS
from datong.fuse.model import Model
from datong.fuse.persona import Persona
from datong.fuse.rarity import COUNTED, rarity_level


def score_pair(model: Model, left: Persona, right: Persona) -> Judgement:
    """Compare two sides by every declared comparison and judge them by the total."""
    compared = []
    total = 0.0
    levels: dict[str, str] = {}
    for name, weights in model.weights.items():
        level = levels[name] = level_of(model, name, levels, (left, right))
        weight = weights.get(level, 0.0)
        total += weight
        if level != "missing":
            compared.append(Compared(name, level, weight))
    return _judged(model, round(total, 3), tuple(compared))


def level_of(model: Model, name: str, before: Mapping[str, str], sides: tuple[Persona, Persona]) -> str:
    """The level that two sides reach in one comparison; `before` holds the levels of those declared before it."""
    if name in COUNTED:
        return rarity_level(name, model.rarity, before.get(COUNTED[name].comparison, "missing"), *sides)
    return COMPARISONS[name](*sides)


def _judged(model: Model, total: float, compared: tuple[Compared, ...]) -> Judgement:
    levels = {one.comparison: one.level for one in compared}
    if levels.get("number") == "two_sound":
        return Judgement("different", total, compared, "two_numbers")
    if total < model.unsure:
        return Judgement("different", total, compared)
    if total < model.same:
        return Judgement("unsure", total, compared)
    lacking = next((name for name, allowed in model.needs.items() if levels.get(name, "missing") not in allowed), "")
    return Judgement("unsure", total, compared, f"{lacking}_differs") if lacking else Judgement("same", total, compared)


@dataclass(frozen=True)
class Choice:
    """What became of one mention: the subject it belongs to, or the subjects a reviewer should look at."""

    key: str
    """The chosen subject's key; empty when none is certain."""
    judgement: Judgement | None
    unsure: tuple[tuple[str, Judgement], ...] = ()


def choose(model: Model, one: Persona, candidates: Iterable[Persona]) -> Choice:
    """The one subject a mention belongs to: the best candidate, if it is `gap` ahead of every other; else nobody yet."""
    scored = [(candidate, score_pair(model, one, candidate)) for candidate in candidates if candidate.key != one.key]
    likely = sorted(((c.key, j) for c, j in scored if j.verdict != "different"), key=lambda pair: (-pair[1].score, pair[0]))
    if not likely:
        return Choice("", None)
    best_key, best = likely[0]
    close = [key for key, judgement in likely[1:] if judgement.score > best.score - model.gap]
    if best.verdict == "same" and not close:
        return Choice(best_key, best)
    if close and best.verdict == "same":
        likely = [(key, replace(judgement, verdict="unsure", reason="runner_up")) for key, judgement in likely]
    return Choice("", None, tuple(likely[:5]))
