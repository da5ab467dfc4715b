"""Teach a model from labelled texts: names cross-fitted, CRFs trained, confidence measured on texts held out.

A name met in teaching is a feature, so each text is taught with the names of the other folds only; otherwise the model
would learn that every name is known. Confidence is measured on a tenth of the texts that a first round did not see;
the model that is kept is then taught on all of them.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pycrfsuite

from datong.domain.address import Part
from datong.domain.errors import BadDelivery, Missing
from datong.fuse.address.features import features_of, folded
from datong.fuse.address.known import KnownNames
from datong.fuse.address.labels import LABEL_SETS, NCAP, NUMBER_LABELS, label_set_of
from datong.fuse.address.model import PROBABILITY_BANDS, Band, LabelSpan, Model, tags_of
from datong.fuse.address.reader import Reader, tokens_over
from datong.fuse.address.wordings import wordings

FOLDS = 5
HELD_OUT = 10
_ROUND = re.compile(r"(?:Iteration|Epoch) #([0-9]+)")
FEWEST_TEXTS = 20
Progress = Callable[[str, float], None]
"""Told what is being done and the share of it that is."""


@dataclass(frozen=True, slots=True)
class LabelledText:
    """One text with its spans: start, end (exclusive) and label, not overlapping, in order."""

    text: str
    spans: tuple[LabelSpan, ...]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a CRF is trained: by averaged perceptron (`ap`), passive-aggressive steps (`pa`), or `lbfgs` with L1 and L2 penalties."""

    algorithm: str = "ap"
    rounds: int = 12
    c1: float = 0.1
    c2: float = 0.05


RECIPES = (Recipe(),) * 4
"""One member each: a perceptron goes through the texts in an order of chance, and several that vote are right more often than one."""


def read_labelled(path: Path) -> list[LabelledText]:
    """Texts of a JSON Lines file: `{"text": …, "spans": [[start, end, label], …]}`; the first line that does not fit is named."""
    if not path.is_file():
        raise Missing(f"{path}: there is no such file")
    found: list[LabelledText] = []
    with path.open(encoding="utf-8-sig") as lines:
        try:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    found.append(_labelled(path, number, line))
        except UnicodeDecodeError:
            raise BadDelivery("encoding", f"{path.name}: not UTF-8") from None
    if len(found) < FEWEST_TEXTS:
        raise BadDelivery("rows", f"{path.name}: {len(found)} labelled texts are too few, at least {FEWEST_TEXTS} are needed")
    return found


def _labelled(path: Path, number: int, line: str) -> LabelledText:
    where = f"{path.name}, line {number}"
    try:
        row = json.loads(line)
        text = row["text"]
        spans = tuple(sorted((int(start), int(end), str(label)) for start, end, label in row["spans"]))
    except (ValueError, KeyError, TypeError):
        raise BadDelivery("shape", f'{where}: not {{"text": …, "spans": [[start, end, label], …]}}') from None
    reach = 0
    for start, end, label in spans:
        if not (isinstance(text, str) and reach <= start < end <= len(text) and label):
            raise BadDelivery("spans", f"{where}: a span lies outside the text, is empty, or overlaps the one before it")
        reach = end
    return LabelledText(text, spans)


def from_register(addresses: Iterable[str], *, like: Sequence[LabelledText] = ()) -> list[LabelledText]:
    """A register's addresses in many wordings, under the label set of `like` where there are some."""
    labels = label_set_of({label for one in like for _, _, label in one.spans})
    if labels not in LABEL_SETS:
        raise BadDelivery("labels", "the labelled texts have labels of their own: a register cannot be added to them")
    named = {part.value: NCAP[part] if labels == "ncap" else part.value for part in Part}
    texts = [LabelledText(text, tuple((start, end, named[label]) for start, end, label in spans)) for text, spans in wordings(addresses)]
    if len(texts) < FEWEST_TEXTS:
        raise BadDelivery("rows", "the register has too few addresses that say in full what each part is")
    return texts


def teach(
    texts: Sequence[LabelledText],
    *,
    recipes: Sequence[Recipe] = RECIPES,
    measure: bool = True,
    progress: Progress | None = None,
    seed: int = 0,
) -> Model:
    """A model of these texts. With `measure` a first round tells how right it is where; without, confidence is the bare probability."""
    told = progress or (lambda what, share: None)
    reader = Reader()
    bands: tuple[Band, ...] = ()
    about: dict[str, Any] = {"texts": len(texts), "recipes": [[one.algorithm, one.rounds] for one in recipes]}
    if measure and len(texts) >= FEWEST_TEXTS * HELD_OUT:
        held = [text for number, text in enumerate(texts) if number % HELD_OUT == 0]
        rest = [text for number, text in enumerate(texts) if number % HELD_OUT != 0]
        first = _fit(reader, rest, recipes, lambda what, share: told(f"first round, {what}", share))
        bands, about["measured"] = measured(reader, first, held)
    model = _fit(reader, texts, recipes, told)
    model.bands = bands
    model.about = about
    return model


def measured(reader: Reader, model: Model, held: Sequence[LabelledText]) -> tuple[tuple[Band, ...], dict[str, float]]:
    """How right a model is on texts it has not seen: by band of probability and consent, and over all."""
    counts: dict[tuple[float, bool], Counter[str]] = {(edge, agrees): Counter() for edge in PROBABILITY_BANDS for agrees in (True, False)}
    spans: Counter[str] = Counter()
    for one in held:
        tokens, city = tokens_over(reader, one.text)
        labelled = model.label(one.text, tokens, lexicon=reader.lexicon, city=city)
        band = counts[next(edge for edge in PROBABILITY_BANDS if labelled.probability >= edge), labelled.agrees]
        numbers = [[span for span in found if span[2] in NUMBER_LABELS] for found in (labelled.spans, one.spans)]
        band["strings"] += 1
        band["numbers"] += numbers[0] == numbers[1]
        band["all"] += labelled.spans == one.spans
        spans["both"] += len(set(labelled.spans) & set(one.spans))
        spans["either"] += len(labelled.spans) + len(one.spans)
    bands = tuple(Band(edge, agrees, found["strings"], found["numbers"], found["all"]) for (edge, agrees), found in counts.items())
    return bands, {
        "texts": len(held),
        "span_f1": round(200 * spans["both"] / max(1, spans["either"]), 2),
        "numbers_right": round(100 * sum(band.numbers_right for band in bands) / max(1, len(held)), 2),
        "all_right": round(100 * sum(band.all_right for band in bands) / max(1, len(held)), 2),
    }


def _fit(reader: Reader, texts: Sequence[LabelledText], recipes: Sequence[Recipe], told: Progress) -> Model:
    """Features of every text, the names of its own fold left out, then one CRF a recipe."""
    trainers = [_Trainer(told, recipe, number, len(recipes)) for number, recipe in enumerate(recipes)]
    for fold in range(FOLDS):
        names = _names(text for number, text in enumerate(texts) if number % FOLDS != fold)
        for number in range(fold, len(texts), FOLDS):
            one = texts[number]
            tokens, city = tokens_over(reader, one.text)
            if rows := features_of(one.text, tokens, lexicon=reader.lexicon, names=names, city=city):
                items, tags = pycrfsuite.ItemSequence(rows), tags_of(len(rows), one.spans)
                for trainer in trainers:
                    trainer.append(items, tags)
        told("looking at the texts", (fold + 1) / FOLDS)
    members = tuple(trainer.trained() for trainer in trainers)
    tags = sorted({tag for one in texts for tag in tags_of(len(one.text), one.spans)})
    return Model(label_set_of({label for one in texts for _, _, label in one.spans}), tuple(tags), _names(texts), members)


def _names(texts: Iterable[LabelledText]) -> KnownNames:
    return KnownNames.of((folded(one.text), one.spans) for one in texts)


class _Trainer(pycrfsuite.Trainer):  # type: ignore[misc]
    """One CRF being trained; tells after each round."""

    def __init__(self, told: Progress, recipe: Recipe, number: int, of: int) -> None:
        super().__init__(algorithm=recipe.algorithm, verbose=False)
        penalties = {"c1": recipe.c1, "c2": recipe.c2} if recipe.algorithm == "lbfgs" else {}
        self.set_params({"max_iterations": recipe.rounds, **penalties})
        self.told, self.rounds, self.number, self.of = told, recipe.rounds, number, of

    def message(self, message: str) -> None:
        """CRFsuite's own report of a round."""
        if found := _ROUND.search(message):
            self.told("training", (self.number + int(found[1]) / self.rounds) / self.of)

    def trained(self) -> bytes:
        """Train and give the CRF's bytes."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "crf"
            self.train(str(path))
            self.told("training", (self.number + 1) / self.of)
            return path.read_bytes()
