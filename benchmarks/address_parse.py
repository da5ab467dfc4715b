"""What reading addresses reaches: quality on the public labelled sets, with and without a taught model, confidence, speed.

    python benchmarks/address_parse.py [--data ../shared/data/address] [--only shipped|taught|bands|speed] [--units 1000000] [--model M]

The labelled sets and the company list are read in place and never copied. `taught` runs `datong address train` and
`datong address parse` as a user would, on ncap_train and ncap_dev (--model takes a model already made); its figures are by
`metric.py` as the reader's own are. `speed` counts addresses per CPU second: a register's list, read with all parts or
with nothing looked at, and company addresses by a reader that remembers nothing, real ones and a larger made list.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import importlib.util
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from datong.fuse.address import Reader, ncap_spans, parts_of, read_many

CLI = [sys.executable, "-c", "from datong.cli import main; main()"]
SIGNS = "金银锦华兴安康宁泰和福瑞祥丰盛景秀丽明阳春江湖海天玉龙凤翠碧云水柳松柏梅兰竹菊石桥山河"
SHOWN = ("M1", "M2", "M4", "M4s", "M4p", "M5")


def metric_of(data: Path) -> Any:
    """The metrics, from where they lie."""
    spec = importlib.util.spec_from_file_location("address_metric", data / "metric.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"{data / 'metric.py'} cannot be loaded")
    metric = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(metric)
    return metric


def records_of(path: Path) -> list[dict[str, Any]]:
    """Labelled texts."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def show(title: str, figures: dict[str, Any], more: str = "") -> None:
    """One line of figures: F1 of the span metrics, shares of the others."""
    cells = (f"{name} {figures[name][2] if isinstance(figures[name], tuple) else figures[name]}" for name in SHOWN)
    print(f"{title}: {'  '.join(cells)}  {more}", flush=True)


def measure_shipped(data: Path) -> None:
    """The reader as it is shipped: no label of any of these sets was used."""
    metric = metric_of(data)
    for name in ("ncap_dev", "ncap_train", "ccks21_train"):
        records = records_of(data / f"{name}.jsonl")
        parsed = read_many(Reader(), [record["text"] for record in records])
        divisions = metric.admin_eval(records, [{"prov": one.prov, "city": one.city, "district": one.district} for one in parsed])
        show(
            f"as shipped, {name}", metric.evaluate(records, [ncap_spans(one) for one in parsed]), f"M3 {divisions['district']['accuracy']}"
        )


def measure_taught(data: Path, model: Path | None) -> None:
    """Teach on ncap_train, read ncap_dev: the two commands a user would type."""
    metric, records = metric_of(data), records_of(data / "ncap_dev.jsonl")
    with tempfile.TemporaryDirectory() as folder:
        made = model or Path(folder) / "model"
        start = time.perf_counter()
        if not model:
            subprocess.run([*CLI, "address", "train", str(data / "ncap_train.jsonl"), "--out", str(made)], check=True)
            print(f"taught in {time.perf_counter() - start:.0f} s, {made.stat().st_size / 1e6:.1f} MB")
        texts = "\n".join(record["text"] for record in records)
        start = time.perf_counter()
        words = [*CLI, "address", "parse", "--model", str(made), "--labels", "ncap"]
        answered = subprocess.run(words, input=texts, capture_output=True, text=True, check=True, encoding="utf-8").stdout
        pace = len(records) / (time.perf_counter() - start)
        show(
            "taught, ncap_dev",
            metric.evaluate(records, [json.loads(line)["spans"] for line in answered.splitlines()]),
            f"{pace:,.0f} a second",
        )
        measure_bands(metric, records, [json.loads(line) for line in answered.splitlines()], made)


def measure_bands(metric: Any, records: list[dict[str, Any]], answers: list[dict[str, Any]], made: Path) -> None:
    """What the model says of its own confidence, beside what came true on the other set."""
    said: dict[float, list[bool]] = defaultdict(list)
    for record, answer in zip(records, answers, strict=True):
        right = metric.unit_seq(record["text"], record["spans"]) == metric.unit_seq(answer["text"], answer["spans"])
        said[answer["confidence"]].append(right)
    print(f"confidence of {made.name}: measured in teaching / numbers right on ncap_dev, texts")
    for confidence, rights in sorted(said.items(), reverse=True):
        print(f"  {100 * confidence:6.1f} % / {100 * sum(rights) / len(rights):5.1f} %  {len(rights):5,}")


def measure_grammar_bands(data: Path) -> None:
    """How often the reader's own numbers are right, by its confidence."""
    metric, records = metric_of(data), records_of(data / "ncap_dev.jsonl")
    found: dict[float, list[bool]] = defaultdict(list)
    for record, parsed in zip(records, read_many(Reader(), [record["text"] for record in records]), strict=True):
        edge = next(edge for edge in (1.0, 0.95, 0.9, 0.8, 0.6, 0.0) if parsed.confidence >= edge)
        found[edge].append(metric.unit_seq(record["text"], record["spans"]) == metric.unit_seq(record["text"], ncap_spans(parsed)))
    print("confidence of the grammar from: numbers right on ncap_dev, texts")
    for edge, rights in sorted(found.items(), reverse=True):
        print(f"  {edge:.2f}: {100 * sum(rights) / len(rights):5.1f} %  {len(rights):5,}")


def units(count: int, draw: random.Random) -> Iterator[str]:
    """A register's addresses: estates with buildings, entrances, floors and rooms."""
    made = 0
    while True:
        road = "".join(draw.sample(SIGNS, 2)) + draw.choice(("路", "街", "大道"))
        name = "".join(draw.sample(SIGNS, draw.choice((2, 3)))) + draw.choice(("花园", "小区", "家园", "公寓", "新村"))
        head = f"山东省淄博市{draw.choice(('张店区', '临淄区', '周村区'))}{road}{draw.randrange(1, 400)}号{name}"
        for building in range(1, draw.randrange(4, 30)):
            for entrance in range(1, 4):
                for floor in range(1, draw.choice((7, 12, 19))):
                    for door in (1, 2):
                        yield f"{head}{building}号楼{entrance}单元{floor}0{door}室"
                        made += 1
                        if made == count:
                            return


def companies(texts: list[str], count: int, draw: random.Random) -> list[str]:
    """More company addresses than the list has, none twice: its own with other names and numbers."""
    found: dict[str, None] = {}
    while len(found) < count:
        text = draw.choice(texts)
        at = draw.randrange(len(text))
        text = text[:at] + draw.choice(SIGNS) + text[at + 1 :]
        found["".join(draw.choice("123456789") if "0" <= char <= "9" else char for char in text)] = None
    return list(found)


def per_second(count: int, work: Callable[[], object]) -> str:
    """Addresses per CPU second, of a short list the best of three."""
    best = float("inf")
    for _ in range(3 if count < 100_000 else 1):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return f"{count / best:,.0f}"


def measure_speed(data: Path, count: int) -> None:
    """Addresses per CPU second of one process; the nation's names are loaded before."""
    reader = Reader()
    listed = list(units(count, random.Random(1)))
    print(f"register list, {count:,} units, per CPU second:")
    print("  read, nothing looked at", per_second(count, lambda: _each(Reader(reader.lexicon), listed, lambda parsed: None)))
    print("  read, every part looked at", per_second(count, lambda: _each(Reader(reader.lexicon), listed, parts_of)))
    print("  read, every part and span looked at", per_second(count, lambda: _each(Reader(reader.lexicon), listed, _everything)))
    file = data / "enterprise_zibo.csv.gz"
    if not file.is_file():
        return
    with gzip.open(file, "rt", encoding="utf-8-sig", newline="") as lines:
        real = sorted({row["address"] for row in csv.DictReader(lines)})
    for title, texts in (("distinct company addresses", real), ("made company addresses", companies(real, 20_000, random.Random(2)))):
        print(f"{len(texts):,} {title}, nothing remembered before, per CPU second:")
        print("  read, nothing looked at", per_second(len(texts), lambda texts=texts: read_many(Reader(reader.lexicon), texts)))
        print("  read, every part looked at", per_second(len(texts), lambda texts=texts: _parts(Reader(reader.lexicon), texts)))


def _each(reader: Reader, texts: list[str], look: Callable[[Any], object]) -> None:
    for text in texts:
        look(reader.read(text))


def _parts(reader: Reader, texts: list[str]) -> list[dict[str, str]]:
    return [parts_of(parsed) for parsed in read_many(reader, texts)]


def _everything(parsed: Any) -> object:
    return parts_of(parsed), parsed.spans


def main() -> None:
    """Measure what was asked for, else everything that can be measured here."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[2] / "shared" / "data" / "address")
    options.add_argument("--only", choices=("shipped", "taught", "bands", "speed"))
    options.add_argument("--units", type=int, default=1_000_000)
    options.add_argument("--model", type=Path)
    given = options.parse_args()
    if given.only in (None, "speed"):
        measure_speed(given.data, given.units)
    if not given.data.is_dir():
        raise SystemExit(f"{given.data} is not there: nothing but speed can be measured")
    if given.only in (None, "shipped"):
        measure_shipped(given.data)
    if given.only in (None, "bands"):
        measure_grammar_bands(given.data)
    if given.only in (None, "taught"):
        measure_taught(given.data, given.model)


if __name__ == "__main__":
    main()
