"""What a register can be taught from: a sample of its open mentions with the subjects they share a block with, and people's judgements."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from datong.domain.access import Register
from datong.domain.judgement import read_reference
from datong.fuse import store_queries as stored
from datong.fuse.block import BLOCKS
from datong.fuse.candidates import short_block
from datong.fuse.counting import models_at_hand
from datong.fuse.judge import judgements
from datong.fuse.known import Known, known_of_codes, known_of_records, persona_of_mention, persona_of_number
from datong.fuse.learn import Learnt, Pair, learn, strangers
from datong.fuse.model import Model
from datong.fuse.persona import Persona
from datong.spec import Packs
from datong.store import Session, in_chunks, marks


@dataclass(frozen=True)
class Sample:
    """Open mentions, the subjects they share a block with, and the pairs of the two."""

    mentions: list[Persona]
    subjects: dict[str, Persona]
    pairs: list[Pair]


def learn_weights(session: Session, packs: Packs, kind: Register, *, sample: int = 2_000) -> Learnt:
    """Estimate the weights of a register's comparisons from `sample` open mentions, of the city as it was last linked.

    Changes nothing. Which mentions are taken hangs on their record ids alone, so it can be repeated.
    """
    model = models_at_hand(session, packs)[kind]
    drawn = draw_sample(session, model, sample)
    known = {(pair.left.key, pair.right.key) for pair in drawn.pairs}
    everyone = [drawn.subjects[code] for code in sorted(drawn.subjects)]
    number = int((session.one(stored.ACTIVE_SUBJECTS, {"kind": kind}) or (0,))[0])
    pairs = drawn.pairs + judged_pairs(session, kind)
    return learn(model, pairs, strangers(drawn.mentions, everyone, known), mentions=len(drawn.mentions), subjects=number)


def draw_sample(session: Session, model: Model, size: int) -> Sample:
    """So many open mentions with the subjects a run would compare them with."""
    rows = session.all(stored.OPEN_SAMPLE, {"kind": model.kind, "limit": size})
    mentions = [persona_of_mention(one) for one in known_of_records(session, ((row[0], row[1], row[2]) for row in rows))]
    shared = _shared_blocks(session, model.kind, mentions, model.blocks, model.largest_block)
    subjects = _subjects(session, model.kind, {code for codes in shared.values() for code in codes})
    pairs = [
        Pair(one, subjects[code], tuple(sorted(names))) for one in mentions for code, names in shared[one.key].items() if code in subjects
    ]
    return Sample(mentions, subjects, pairs)


def _shared_blocks(
    session: Session, kind: Register, mentions: Iterable[Persona], names: Iterable[str], largest: int
) -> dict[str, dict[str, set[str]]]:
    """Mention → code → names of the blocks that both are in; crowded blocks are passed over as in a run."""
    asked: dict[str, dict[str, str]] = {
        one.key: {short_block(f"{name}:{key}"): name for name in names for key in BLOCKS[name](one)} for one in mentions
    }
    rows: list[tuple[str, str]] = []
    for chunk in in_chunks(block for blocks in asked.values() for block in blocks):
        rows += [(row[0], row[1]) for row in session.all(stored.CODES_OF_BLOCKS.format(marks=marks(chunk)), {"kind": kind, **chunk})]
    crowd = Counter(block for block, _ in rows)
    codes: dict[str, list[str]] = defaultdict(list)
    for block, code in rows:
        if crowd[block] <= largest and not code.startswith("rec:"):
            codes[block].append(code)
    found: dict[str, dict[str, set[str]]] = {}
    for key, blocks in asked.items():
        found[key] = defaultdict(set)
        for block, name in blocks.items():
            for code in codes.get(block, ()):
                found[key][code].add(name)
    return found


def _subjects(session: Session, kind: Register, codes: Iterable[str]) -> dict[str, Persona]:
    """Code → what the mentions with a number say of it; a subject without any is left out."""
    wanted = sorted(codes)
    anchors: dict[str, str] = {}
    for chunk in in_chunks(wanted):
        for anchor, code in session.all(stored.ANCHORS_OF_CODES.format(marks=marks(chunk)), chunk):
            anchors[code] = min(anchors.get(code, anchor), anchor)
    found: dict[str, Persona] = {}
    for code, mentions in known_of_codes(session, anchors).items():
        if numbered := [one for one in mentions if one.by_number]:
            found[code] = persona_of_number(kind, anchors[code], numbered)
    return found


def judged_pairs(session: Session, kind: Register) -> list[Pair]:
    """Every pair that people judged and have not taken back; a mention with a number stands for its subject."""
    verdicts = judgements(session, kind)
    refs = sorted({ref for left, right, _ in verdicts for ref in (left, right)})
    parts = (read_reference(ref) for ref in refs)
    known = {str(one.reference): one for one in known_of_records(session, ((ref.resource, ref.record_id, ref.role) for ref in parts))}
    codes: Mapping[str, Persona] = _subjects(session, kind, {one.code for one in known.values() if one.by_number and one.code})
    pairs = []
    for left, right, verdict in verdicts:
        if left in known and right in known:
            one, two = (_side(known[ref], codes) for ref in (left, right))
            if one.key != two.key:
                pairs.append(Pair(one, two, (), verdict))
    return pairs


def _side(one: Known, codes: Mapping[str, Persona]) -> Persona:
    return codes[one.code] if one.by_number and one.code in codes else persona_of_mention(one)
