"""Teaching a model: from labelled texts and from a register, its file, its confidence, the command."""

from __future__ import annotations

import io
import json
import random
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datong.cli.app import main
from datong.domain.address import Part
from datong.domain.errors import BadDelivery, BadValue, Missing
from datong.fuse.address import ALWAYS, Model, Reader, Recipe, from_register, label_text, load_model, read_labelled, teach
from datong.fuse.address.features import features_of, folded
from datong.fuse.address.known import KnownNames
from datong.fuse.address.model import best_sequence, spans_of, tags_of

SIGNS = "金银锦华兴安康宁泰和福瑞祥丰盛景秀丽明阳"
GENERAL = Reader()


def register(count: int, seed: int = 1) -> list[str]:
    """Addresses of a city that does not exist, in full."""
    draw = random.Random(seed)
    return [
        f"山东省淄博市张店区{''.join(draw.sample(SIGNS, 2))}路{draw.randrange(1, 300)}号{''.join(draw.sample(SIGNS, 2))}"
        f"{draw.choice(('花园', '小区', '家园'))}{draw.randrange(1, 20)}号楼{draw.randrange(1, 4)}单元{draw.randrange(1, 19)}0{draw.randrange(1, 5)}室"
        for _ in range(count)
    ]


@pytest.fixture(scope="module")
def model() -> Model:
    return teach(from_register(register(150)), recipes=(Recipe(rounds=8),))


def test_a_register_teaches_wordings_whose_spans_are_right_by_making() -> None:
    texts = from_register(register(60))
    assert texts == from_register(register(60))
    assert len({one.text for one in texts}) > 80
    for one in texts:
        for start, end, label in one.spans:
            assert one.text[start:end].strip(" -")
            assert label in {part.value for part in Part}


def test_a_taught_model_reads_wordings_of_doors_it_never_saw(model: Model) -> None:
    right = total = 0
    for one in from_register(register(80, seed=99)):
        found = label_text(GENERAL, model, one.text)
        right += len(set(found.spans) & set(one.spans))
        total += len(found.spans) + len(one.spans)
    assert 2 * right / total > 0.9


def test_confidence_is_what_was_measured_where_enough_was(model: Model) -> None:
    assert model.about["measured"]["texts"] == 30
    assert sum(band.strings for band in model.bands) == 30
    labelled = label_text(GENERAL, model, "张店区金华路12号锦绣花园3号楼2单元301室")
    assert 0 < model.confidence(labelled) <= 1


def test_a_model_file_gives_the_same_labels_again(model: Model, tmp_path: Path) -> None:
    model.save(tmp_path / "m")
    again = load_model(tmp_path / "m")
    for text in register(20, seed=5):
        assert label_text(GENERAL, again, text) == label_text(GENERAL, model, text)
    assert (again.labels, again.bands, again.about) == (model.labels, model.bands, model.about)


def test_members_vote(model: Model) -> None:
    twice = Model(model.labels, model.tags, model.names, model.members * 2)
    for text in register(10, seed=6):
        alone, voted = label_text(GENERAL, model, text), label_text(GENERAL, twice, text)
        assert voted.spans == alone.spans
        assert 0 < voted.probability <= 1


def damage(path: Path, kind: str) -> None:
    if kind == "text":
        path.write_text("柳泉路12号", encoding="utf-8")
    elif kind == "short":
        path.write_bytes(path.read_bytes()[:-200])
    else:
        with zipfile.ZipFile(path) as old:
            parts = {name: old.read(name) for name in old.namelist()}
        manifest = json.loads(parts["manifest.json"])
        if kind == "version":
            manifest["features"] += 1
        elif kind == "member":
            parts["0.crf"] = parts["0.crf"][:-1] + b"?"
        else:
            del manifest["tags"]
        parts["manifest.json"] = json.dumps(manifest).encode()
        with zipfile.ZipFile(path, "w") as new:
            for name, content in parts.items():
                new.writestr(name, content)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("text", "not a model file"),
        ("short", "not a model file"),
        ("version", "another version"),
        ("member", "checksums"),
        ("part", "not a model"),
    ],
)
def test_a_wrong_or_damaged_model_file_is_refused_with_the_reason(model: Model, tmp_path: Path, kind: str, reason: str) -> None:
    model.save(tmp_path / "m")
    damage(tmp_path / "m", kind)
    with pytest.raises(BadValue, match=reason):
        load_model(tmp_path / "m")
    with pytest.raises(Missing):
        load_model(tmp_path / "none")


def test_the_reader_asks_the_model_only_where_the_grammar_guesses(model: Model) -> None:
    asking, always = Reader(model=model), Reader(model=model, trust=ALWAYS)
    sure = "山东省淄博市张店区金华路12号锦绣花园3号楼2单元301室"
    assert asking.read(sure) == GENERAL.read(sure)
    taught = always.read(sure)
    assert (taught.road, taught.road_no, taught.building, taught.room) == ("金华路", "12", "3", "301")
    assert all(sure[span.start : span.end] == span.text for span in taught.spans)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(["山东省", "金华路", "12号", "3-2-301", "（北首", "🏠", "Ａ座", "\ufe0f", " ", "一", "弄", "㈠", "KTV"]), max_size=8
    )
)
def test_any_text_is_labelled_within_its_bounds(pieces: list[str]) -> None:
    text = "".join(pieces)
    taught = MODEL[0] if MODEL else MODEL.append(teach(from_register(register(30)), recipes=(Recipe(rounds=5),), measure=False)) or MODEL[0]
    reach = 0
    for start, end, _ in label_text(GENERAL, taught, text).spans:
        assert reach <= start < end <= len(text)
        reach = end
    for span in Reader(model=taught, trust=ALWAYS).read(text).spans:
        assert text[span.start : span.end] == span.text


MODEL: list[Model] = []


def test_a_text_too_long_to_be_an_address_is_not_labelled_to_its_end(model: Model) -> None:
    assert all(end <= 400 for _, end, _ in label_text(GENERAL, model, "一" * 1_000_000).spans)


def test_digits_never_change_a_feature() -> None:
    tokens = [(0, 3, Part.ROAD), (3, 6, Part.ROAD_NO)]
    first, second = (features_of(text, tokens, lexicon=GENERAL.lexicon, names=KnownNames([])) for text in ("金华路12号", "金华路79号"))
    assert first == second
    assert len(folded("金\ufe0f㈠１号")) == 5


@settings(max_examples=200, deadline=None)
@given(st.lists(st.fixed_dictionaries({tag: st.floats(0, 1) for tag in ("B-a", "I-a", "B-b", "I-b", "O")}), min_size=1, max_size=8))
def test_the_best_sequence_never_goes_on_with_what_was_not_begun(votes: list[dict[str, float]]) -> None:
    sequence = best_sequence(votes)
    assert len(sequence) == len(votes)
    for before, tag in zip(["", *sequence], sequence, strict=False):
        assert not tag.startswith("I-") or before[2:] == tag[2:]
    assert tags_of(len(votes), spans_of(sequence)) == sequence


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(["address", *words])
    return int(left.value.code or 0)


def test_the_command_teaches_and_reads_with_what_it_taught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    labelled, units, out = tmp_path / "l.jsonl", tmp_path / "u.csv", tmp_path / "m"
    named = {"road": "road", "road_no": "roadno", "estate": "poi", "building": "houseno", "entrance": "cellno", "room": "roomno"}
    rows = [
        {
            "text": one.text,
            "spans": [[start, end, named.get(label, label)] for start, end, label in one.spans if label not in ("relative", "noise")],
        }
        for one in from_register(register(40))
    ]
    labelled.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    units.write_text("code,address\n" + "\n".join(f"U{number},{one}" for number, one in enumerate(register(20, seed=3))), encoding="utf-8")
    assert run("train", str(labelled), "--register", str(units), "--out", str(out), "--no-measure") == 0
    assert "labels: ncap" in capsys.readouterr().err

    class Standard:
        buffer = io.BytesIO("张店区金华路12号锦绣花园3号楼2单元301室\n".encode())

    monkeypatch.setattr("datong.cli.address.sys.stdin", Standard)
    assert run("parse", "--model", str(out), "--labels", "ncap", "--parts") == 0
    answer = json.loads(capsys.readouterr().out)
    assert [3, 6, "road"] in answer["spans"]
    assert answer["parts"]["road_no"] == "12"
    assert 0 < answer["confidence"] <= 1


@pytest.mark.parametrize(
    ("line", "reason"),
    [("{", "line 21: not"), ('{"text": "柳泉路"}', "line 21: not"), ('{"text": "柳泉路", "spans": [[0, 9, "road"]]}', "outside"),
     ('{"text": "柳泉路", "spans": [[0, 2, "road"], [1, 3, "poi"]]}', "overlaps")],
)  # fmt: skip
def test_a_labelled_file_that_does_not_fit_is_refused_by_line(tmp_path: Path, line: str, reason: str) -> None:
    file = tmp_path / "l.jsonl"
    good = '{"text": "柳泉路", "spans": [[0, 3, "road"]]}\n'
    file.write_text(good * 20 + line, encoding="utf-8")
    with pytest.raises(BadDelivery, match=reason):
        read_labelled(file)
    file.write_text(good, encoding="utf-8")
    with pytest.raises(BadDelivery, match="too few"):
        read_labelled(file)


def test_the_command_says_what_it_needs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("train", "--out", str(tmp_path / "m")) == 1
    assert "nothing to teach from" in capsys.readouterr().err
    assert run("train", "--register", str(tmp_path / "u.csv"), "--out", str(tmp_path / "no" / "m")) == 1
    assert "there is no folder" in capsys.readouterr().err
