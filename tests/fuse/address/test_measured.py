"""What the reader reaches on the public labelled sets, read in place: floors a change may not fall below."""

from __future__ import annotations

import importlib.util
import json

import pytest
from tests.shared_data import shared

from datong.fuse.address import Reader, ncap_spans, read_many


@pytest.mark.parametrize(
    ("name", "floors"),
    [
        ("ncap_dev.jsonl", {"M1": 81.5, "M2": 86, "M4": 81, "M4s": 90, "M5": 56.5}),
        pytest.param("ccks21_train.jsonl", {"M1": 79, "M2": 83.5, "M4": 78, "M4s": 86.5, "M5": 49}, marks=pytest.mark.slow),
    ],
)
def test_reading_does_not_fall_below_what_was_reached(name: str, floors: dict[str, float]) -> None:
    spec = importlib.util.spec_from_file_location("address_metric", shared("address", "metric.py"))
    assert spec is not None and spec.loader is not None
    metric = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(metric)
    records = [json.loads(line) for line in shared("address", name).read_text(encoding="utf-8").splitlines()]
    parsed = read_many(Reader(), [record["text"] for record in records])
    figures = metric.evaluate(records, [ncap_spans(one) for one in parsed])
    reached = {key: figures[key][2] if isinstance(figures[key], tuple) else figures[key] for key in floors}
    assert all(reached[key] >= floors[key] for key in floors), reached
    districts = metric.admin_eval(records, [{"prov": one.prov, "city": one.city, "district": one.district} for one in parsed])
    assert districts["district"]["accuracy"] >= 96
