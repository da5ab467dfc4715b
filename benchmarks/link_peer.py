"""Splink 5 as a careful user would set it up, for the benchmarks that stand beside it: its own comparisons, blocks tuned to
each set, term frequencies, and the threshold chosen with the truth (which no user has)."""

from __future__ import annotations

import logging
import os
import resource
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import splink.comparison_library as cl
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI

from datong.fuse.tables.truth import Measured, measure_clusters, measure_pairs

logging.getLogger("splink").setLevel(logging.ERROR)
GRID = (0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 0.9999)


@dataclass(frozen=True)
class PeerModel:
    """What Splink is told of a set of rows."""

    row_id: str
    comparisons: Sequence[Any]
    blocks: Sequence[Any]
    training: Sequence[Any]
    certain: Sequence[Any]
    recall: float
    random_pairs: float = 2e6


@dataclass(frozen=True)
class Run:
    """One run: its outcome at the best threshold and what it cost."""

    pairs: Measured
    clusters: Measured
    threshold: str
    seconds: float
    cpu: float
    steps: dict[str, float]


def cpu_seconds() -> float:
    """Processor seconds of this process, its threads included."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def run_splink(model: PeerModel, table: pa.Table, truth: Any, at: float | None = None) -> Run:
    """Rows to clusters by Splink; the clustering that counts for the time is one, at the threshold that proved best
    (or at `at`). Trying the others is not counted."""
    wall, cpu, steps = time.perf_counter(), cpu_seconds(), {}
    linker = _linker(model, table)
    _train(linker, model)
    steps["training"] = time.perf_counter() - wall
    predicted = linker.inference.predict(threshold_match_probability=min(GRID) if at is None else at)
    steps["predicting"] = time.perf_counter() - wall - steps["training"]
    before = time.perf_counter() - wall, cpu_seconds() - cpu
    ids = table.column(model.row_id).combine_chunks()
    best: tuple[float, Any, Any] = (-1.0, None, None)
    for threshold in GRID if at is None else (at,):
        start, start_cpu = time.perf_counter(), cpu_seconds()
        clustered = linker.clustering.cluster_pairwise_predictions_at_threshold(predicted, threshold_match_probability=threshold)
        spent = time.perf_counter() - start, cpu_seconds() - start_cpu
        clusters = _labels(clustered, model.row_id, ids)
        measured = measure_clusters(truth, clusters)
        if measured.f1 > best[0]:
            best = (measured.f1, (threshold, measured), spent)
    (threshold, measured), spent = best[1], best[2]
    steps["clustering"] = spent[0]
    pairs = _pairs(predicted, model.row_id, ids, threshold)
    return Run(measure_pairs(truth, *pairs), measured, f"p ≥ {threshold}", before[0] + spent[0], before[1] + spent[1], steps)


def _linker(model: PeerModel, table: pa.Table) -> Any:
    api = DuckDBAPI(connection=":memory:")
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name=model.row_id,
        comparisons=list(model.comparisons),
        blocking_rules_to_generate_predictions=list(model.blocks),
        retain_intermediate_calculation_columns=False,
        retain_matching_columns=False,
    )
    return Linker(api.register(table), settings, log_level=logging.ERROR)


def _train(linker: Any, model: PeerModel) -> None:
    linker.training.estimate_probability_two_random_records_match(list(model.certain), recall=model.recall)
    linker.training.estimate_u_using_random_sampling(max_pairs=model.random_pairs, seed=1)
    for rule in model.training:
        linker.training.estimate_parameters_using_expectation_maximisation(rule)


def _labels(clustered: Any, row_id: str, ids: Any) -> Any:
    """Each row's cluster as a whole number."""
    found = _arrow(clustered)
    labels = np.empty(len(ids), np.int64)
    labels[_places(found.column(row_id), ids)] = np.asarray(found.column("cluster_id").combine_chunks().dictionary_encode().indices)
    return labels


def _pairs(predicted: Any, row_id: str, ids: Any, threshold: float) -> tuple[Any, Any]:
    """Pairs of rows at or above the threshold."""
    found = _arrow(predicted)
    keep = found.column("match_probability").to_numpy() >= threshold
    left, right = (_places(found.column(f"{row_id}_{side}"), ids)[keep] for side in "lr")
    return left, right


def _arrow(frame: Any) -> Any:
    return frame.as_pyarrow_table()


def _places(values: Any, ids: Any) -> Any:
    return np.asarray(pc.index_in(values, value_set=ids))


FEBRL = PeerModel(
    row_id="rec_id",
    comparisons=[
        cl.NameComparison("given_name").configure(term_frequency_adjustments=True),
        cl.NameComparison("surname").configure(term_frequency_adjustments=True),
        cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d", invalid_dates_as_null=True),
        cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
        cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
        cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]),
        cl.JaroWinklerAtThresholds("address_1", [0.9, 0.7]).configure(term_frequency_adjustments=True),
        cl.JaroWinklerAtThresholds("suburb", [0.9, 0.7]).configure(term_frequency_adjustments=True),
        cl.ExactMatch("state"),
    ],
    blocks=[
        block_on("soc_sec_id"),
        block_on("date_of_birth"),
        block_on("given_name", "surname"),
        block_on("given_name", "postcode"),
        block_on("surname", "postcode"),
        block_on("address_1"),
        block_on("street_number", "postcode"),
        block_on("suburb", "substr(surname, 1, 3)"),
    ],
    training=[block_on("date_of_birth"), block_on("postcode"), block_on("soc_sec_id")],
    certain=[block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth")],
    recall=0.9,
)
FAKE = PeerModel(
    row_id="unique_id",
    comparisons=[
        cl.NameComparison("first_name").configure(term_frequency_adjustments=True),
        cl.NameComparison("surname").configure(term_frequency_adjustments=True),
        cl.DamerauLevenshteinAtThresholds("dob", [1, 2]),
        cl.DamerauLevenshteinAtThresholds("city", [1, 2]).configure(term_frequency_adjustments=True),
        cl.JaroWinklerAtThresholds("email", [0.95, 0.88]),
    ],
    blocks=[
        block_on("first_name"),
        block_on("surname"),
        block_on("dob"),
        block_on("email"),
        "l.first_name = r.surname",
        "l.surname = r.first_name",
        block_on("substr(dob, 1, 4)", "city"),
        block_on("substr(email, 1, 5)"),
    ],
    training=[block_on("dob"), block_on("email"), block_on("first_name", "surname")],
    certain=[block_on("first_name", "dob"), block_on("email"), "l.first_name = r.first_name and levenshtein(r.surname, l.surname) <= 2"],
    recall=0.7,
)


def machine() -> str:
    """Load beside the run, for the reader of the figures."""
    return f"load {os.getloadavg()[0]:.1f}"
