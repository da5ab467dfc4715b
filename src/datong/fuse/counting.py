"""A run's model: the declared one with what is known of how common values are."""

from __future__ import annotations

from dataclasses import replace

from datong.domain.access import Register
from datong.fuse import queries
from datong.fuse.model import Model, declared_models
from datong.fuse.rarity import COUNTED, OF_KIND, Rarity, count, keep_rarity, rarity_at_hand
from datong.fuse.work import Work
from datong.spec import Packs
from datong.store import Session


def model_at_hand(work: Work, kind: Register) -> Model:
    """The declared model of a register, with the rarity of values: counted among all subjects with a number in a whole run,
    as the last whole run counted them in a small one."""
    model = work.models[kind]
    if not work.whole:
        return replace(model, rarity=rarity_at_hand(work.session, kind))
    table = {name: found for name in OF_KIND[kind] if name in model.weights and (found := _counted(work, kind, name))}
    keep_rarity(work.session, kind, table, work.now)
    return replace(model, rarity=table)


def models_at_hand(session: Session, packs: Packs) -> dict[Register, Model]:
    """The declared models with the rarity of values that the last whole run counted."""
    return {kind: replace(model, rarity=rarity_at_hand(session, kind)) for kind, model in declared_models(session, packs).items()}


def _counted(work: Work, kind: Register, name: str) -> Rarity | None:
    fact = COUNTED[name].fact
    sql = queries.COUNT_PLACES.format(kind=kind) if fact == "place" else queries.COUNT_VALUES.format(kind=kind, column=fact)
    subjects = work.rows(queries.COUNT_SUBJECTS.format(kind=kind))[0][0]
    return count(name, ((row[0], row[1]) for row in work.rows(sql)), subjects)
