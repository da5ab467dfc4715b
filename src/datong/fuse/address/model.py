"""A taught reader: conditional random fields over the features of `features`, in one file with all they need.

The file is a zip archive: `manifest.json` (format, version of the features, label set, tags, names met, measured
confidence, checksums) and one CRF a member. Several members vote with their marginals. Nothing in a file is executed.
"""

from __future__ import annotations

import hashlib
import json
import math
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import pycrfsuite

from datong.domain.address import Part
from datong.domain.errors import BadValue, Missing
from datong.fuse.address.features import features_of, folded
from datong.fuse.address.known import KnownNames
from datong.fuse.address.labels import NUMBER_LABELS
from datong.fuse.address.lexicon import Lexicon

FORMAT = 1
FEATURES = 1
"""Grows when `features` changes what it says: an older model would be asked in words it does not know."""
PROBABILITY_BANDS = (0.98, 0.9, 0.75, 0.5, 0.25, 0.0)
"""Lower edges of the bands in which confidence is measured."""
_MANIFEST = "manifest.json"
_FEWEST = 20
LabelSpan = tuple[int, int, str]


class Labelled(NamedTuple):
    """What a model makes of a text: spans under its labels, the probability of the whole sequence, the grammar's consent."""

    spans: tuple[LabelSpan, ...]
    probability: float
    agrees: bool


class Band(NamedTuple):
    """Of `strings` held-out texts in this band of probability and consent: how many had all numbers, all spans right."""

    from_probability: float
    agrees: bool
    strings: int
    numbers_right: int
    all_right: int


@dataclass(slots=True)
class Model:
    """A taught model, ready to label texts. Not for several threads at once: a CRF holds the text it was given."""

    labels: str
    tags: tuple[str, ...]
    names: KnownNames
    members: tuple[bytes, ...]
    bands: tuple[Band, ...] = ()
    about: dict[str, Any] = field(default_factory=dict)
    _taggers: list[Any] = field(default_factory=list, repr=False)

    def label(self, raw: str, tokens: Sequence[tuple[int, int, Part]], *, lexicon: Lexicon, city: str = "") -> Labelled:
        """Label a text, given the grammar's tokens over it."""
        if not raw:
            return Labelled((), 1.0, True)
        rows = features_of(raw, tokens, lexicon=lexicon, names=self.names, city=city)
        sequence, probability = self._decode(pycrfsuite.ItemSequence(rows))
        spans = spans_of(sequence)
        return Labelled(spans, probability, same_numbers(raw, spans, tokens))

    def confidence(self, labelled: Labelled) -> float:
        """The measured share of texts like this one whose numbers were all right; the bare probability where none was measured."""
        for band in self.bands:
            if band.agrees == labelled.agrees and labelled.probability >= band.from_probability and band.strings >= _FEWEST:
                return round((band.numbers_right + 1) / (band.strings + 2), 4)
        return round(labelled.probability, 4)

    def save(self, path: Path) -> None:
        """Write the file whole or not at all."""
        manifest = {
            "format": FORMAT, "features": FEATURES, "labels": self.labels, "tags": self.tags, "names": self.names.names,
            "bands": self.bands, "about": self.about, "members": [hashlib.sha256(member).hexdigest() for member in self.members],
        }  # fmt: skip
        beside = path.with_name(path.name + ".part")
        with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(_MANIFEST, json.dumps(manifest, ensure_ascii=False))
            for number, member in enumerate(self.members):
                archive.writestr(f"{number}.crf", member)
        beside.replace(path)

    def _decode(self, rows: Any) -> tuple[list[str], float]:
        if not self._taggers:
            self._taggers = [_tagger(member) for member in self.members]
        if len(self._taggers) == 1:
            tagger = self._taggers[0]
            sequence = tagger.tag(rows)
            return sequence, float(tagger.probability(sequence))
        length = len(rows)
        for tagger in self._taggers:
            tagger.set(rows)
        voted = [{tag: sum(tagger.marginal(tag, at) for tagger in self._taggers) for tag in self.tags} for at in range(length)]
        sequence = best_sequence(voted)
        return sequence, sum(float(tagger.probability(sequence)) for tagger in self._taggers) / len(self._taggers)


def load_model(path: Path) -> Model:
    """Read a model file; a wrong or damaged one is refused with the reason."""
    if not path.is_file():
        raise Missing(f"{path}: there is no such model file; make one with `datong address train`")
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = json.loads(archive.read(_MANIFEST))
            members = tuple(archive.read(f"{number}.crf") for number in range(len(manifest["members"])))
            _check(path, manifest, members)
            return Model(
                manifest["labels"], tuple(manifest["tags"]), KnownNames((name, label, often) for name, label, often in manifest["names"]),
                members, tuple(Band(*band) for band in manifest["bands"]), manifest["about"],
            )  # fmt: skip
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError, EOFError, OSError) as fault:
        raise BadValue(str(path), "is not a model file of datong, or is damaged", "make it anew with `datong address train`") from fault


def _check(path: Path, manifest: dict[str, Any], members: tuple[bytes, ...]) -> None:
    if manifest["format"] != FORMAT or manifest["features"] != FEATURES:
        raise BadValue(str(path), "was made by another version of the reader", "make it anew with `datong address train`")
    if not members or [hashlib.sha256(member).hexdigest() for member in members] != manifest["members"]:
        raise BadValue(str(path), "is damaged: its checksums do not hold", "make it anew with `datong address train`")


def _tagger(member: bytes) -> Any:
    tagger = pycrfsuite.Tagger()
    tagger.open_inmemory(member)
    return tagger


def best_sequence(voted: Sequence[dict[str, float]]) -> list[str]:
    """The likeliest sequence of tags in which every I- follows its own B- or I-, given each character's votes."""
    scores: dict[str, float] = {"": 0.0}
    steps: list[dict[str, str]] = []
    for votes in voted:
        ahead = max(scores, key=scores.__getitem__)
        here: dict[str, float] = {}
        step: dict[str, str] = {}
        for tag, vote in votes.items():
            before = ahead
            if tag.startswith("I-"):
                begin = "B-" + tag[2:]
                before = tag if scores.get(tag, -math.inf) >= scores.get(begin, -math.inf) else begin
            step[tag] = before
            here[tag] = scores.get(before, -math.inf) + math.log(max(vote, 1e-9))
        scores = here
        steps.append(step)
    tag = max(scores, key=scores.__getitem__)
    sequence = [tag]
    for step in reversed(steps[1:]):
        tag = step[tag]
        sequence.append(tag)
    return sequence[::-1]


def spans_of(sequence: Sequence[str]) -> tuple[LabelSpan, ...]:
    """Tags as spans: a B- opens one, I- of the same label goes on."""
    spans: list[LabelSpan] = []
    for at, tag in enumerate(sequence):
        label = tag[2:]
        if tag.startswith("I-") and spans and spans[-1][1:] == (at, label):
            spans[-1] = (spans[-1][0], at + 1, label)
        elif label:
            spans.append((at, at + 1, label))
    return tuple(spans)


def tags_of(length: int, spans: Sequence[LabelSpan]) -> list[str]:
    """Spans as one tag a character."""
    tags = ["O"] * length
    for start, end, label in spans:
        tags[start:end] = ["B-" + label, *["I-" + label] * (end - start - 1)]
    return tags


def same_numbers(raw: str, spans: Sequence[LabelSpan], tokens: Sequence[tuple[int, int, Part]]) -> bool:
    """Whether model and grammar cut the same numbers out of the text, whatever they call them."""
    text = folded(raw)
    taught = {(start, end) for start, end, label in spans if label in NUMBER_LABELS and "0" in text[start:end]}
    told = {(start, end) for start, end, part in tokens if part.value in NUMBER_LABELS and "0" in text[start:end]}
    return taught == told
