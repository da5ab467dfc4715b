"""A master and two workers on this machine: the same tables as this process makes alone, row by row."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq
import pytest
from tests.fuse.bulk.deliveries import write_files
from tests.fuse.tables.small_tables import SPEC, people, spec_of

from datong.cli.app import main
from datong.domain.errors import BadSettings
from datong.fuse import bulk, tables
from datong.settings import load_settings

SOURCE = Path(__file__).parents[2] / "src"
SMALL = {
    "spark.executor.memory": "512m",
    "spark.driver.memory": "512m",
    "spark.executor.cores": "1",
    "spark.sql.shuffle.partitions": "4",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
}


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Spark's own master and two workers, by the programs in pyspark's wheel."""
    found = importlib.util.find_spec("pyspark")
    if found is None or found.origin is None:
        pytest.skip("pyspark is not installed (datong[spark])")
    if shutil.which("java") is None:
        pytest.skip("Java is not installed (openjdk-17-jre-headless)")
    home, folder = Path(found.origin).parent, tmp_path_factory.mktemp("spark")
    environ = {
        **os.environ,
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_DAEMON_MEMORY": "256m",
        "PYTHONPATH": str(SOURCE),
    }
    environ |= {"PYSPARK_PYTHON": sys.executable, "SPARK_WORKER_DIR": str(folder), "SPARK_LOCAL_DIRS": str(folder)}
    port = free_port()
    master = f"spark://127.0.0.1:{port}"
    place = ["--host", "127.0.0.1", "--webui-port", "0"]
    commands = [["org.apache.spark.deploy.master.Master", *place, "--port", str(port)]]
    commands += [["org.apache.spark.deploy.worker.Worker", *place, "--cores", "1", "--memory", "768m", master]] * 2
    running = []
    try:
        for number, command in enumerate(commands):
            with (folder / f"log-{number}").open("w") as log:
                running.append(subprocess.Popen([home / "bin/spark-class", *command], env=environ, stdout=log, stderr=log))
            wait_for(folder / f"log-{number}", "Successfully registered" if number else "I have been elected leader", running[-1])
        yield master
    finally:
        for one in reversed(running):
            one.terminate()
        for one in running:
            one.wait(30)


def wait_for(log: Path, words: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 120
    while words not in log.read_text():
        assert process.poll() is None and time.monotonic() < until, log.read_text()[-2000:]
        time.sleep(0.2)


def row_hashes(path: Path) -> list[str]:
    """A hash of every row of a Parquet file or of all files in a folder, in order."""
    files = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
    rows = (row for file in files for row in pq.read_table(file).to_pylist())
    return [hashlib.sha256(repr(sorted(row.items())).encode()).hexdigest() for row in rows]


@pytest.fixture
def as_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)


@pytest.mark.slow
def test_spark_and_duckdb_make_the_same_register_and_links(cluster: str, as_worker: None, tmp_path: Path) -> None:
    paths = write_files(tmp_path / "in", 100_000, files=5)
    pieces = bulk.pieces_of(paths, ["号码"], "number", "gb18030")
    outs = {name: tmp_path / name for name in ("duckdb", "spark")}
    outs["duckdb"].mkdir()
    duckdb = bulk.Local(load_settings(outs["duckdb"], environ={}))
    duckdb.rows_a_part = 30_000
    known = bulk.link_numbers(duckdb, pieces[: len(pieces) // 3], outs["duckdb"]).subjects
    shutil.copytree(outs["duckdb"], outs["spark"])
    reports = {"duckdb": bulk.link_numbers(duckdb, pieces, outs["duckdb"])}
    duckdb.close()
    spark = bulk.open_spark(cluster, SMALL)
    spark.rows_a_part = duckdb.rows_a_part
    try:
        reports["spark"] = bulk.link_numbers(spark, pieces, outs["spark"])
    finally:
        spark.close()
    assert reports["spark"] == reports["duckdb"]
    assert reports["spark"].rows == 100_000 and 0 < reports["spark"].new_subjects == reports["spark"].subjects - known
    for table in ("register.parquet", "links"):
        assert row_hashes(outs["spark"] / table) == row_hashes(outs["duckdb"] / table) != []
    assert len(list((outs["spark"] / "links").iterdir())) > 2


@pytest.mark.slow
@pytest.mark.parametrize("across", [False, True])
def test_spark_links_tables_as_this_process_does(cluster: str, as_worker: None, tmp_path: Path, across: bool) -> None:
    text = SPEC.replace("blocks:\n", 'blocks:\n  - ["family(name)"]\n') + "largest_block: 100\n"
    spec = spec_of(tmp_path, text + ("one_to_one: true\n" if across else ""))
    whole, _ = people(7, 600)
    given = [whole.take(pa.array(range(side, len(whole), 2))) for side in (0, 1)] if across else [whole]
    names = tables.row_names(spec, given, [range(len(one)) for one in given])
    engine = tables.SparkPairs(cluster, SMALL)
    try:
        found = {"spark": tables.link_tables(spec, given, engine=engine), "here": tables.link_tables(spec, given)}
    finally:
        engine.close()
    told = [[f"{digest}" for digest in table_hashes(spec, one, names)] for one in found.values()]
    assert told[0] == told[1]
    assert len(found["here"].pairs) > 200 and found["here"].pairs.dropped == found["spark"].pairs.dropped
    assert any(found["here"].pairs.dropped), "a block that is passed over as too common is met too"
    assert found["spark"].model.prior == found["here"].model.prior


def table_hashes(spec: tables.LinkSpec, linked: tables.Linked, names: pa.Array) -> Iterator[str]:
    """A hash of every row of the clusters and of the pairs, in order."""
    for table in (tables.cluster_table(spec, linked, names), tables.pair_table(spec, linked, names, -1_000.0)):
        yield from (hashlib.sha256(repr(sorted(row.items())).encode()).hexdigest() for row in table.to_pylist())


@pytest.mark.slow
def test_the_command_links_on_a_cluster(cluster: str, as_worker: None, tmp_path: Path) -> None:
    table, _ = people(3, 80)
    arrow_csv.write_csv(table, str(tmp_path / "people.csv"))
    (tmp_path / "link.yml").write_text(SPEC, encoding="utf-8")
    conf = [word for name, value in SMALL.items() for word in ("--conf", f"{name}={value}")]
    made = []
    for engine in ("local", cluster):
        out, pairs = (tmp_path / f"{name}-{engine[:5]}.csv" for name in ("clusters", "pairs"))
        words = ["link", str(tmp_path / "people.csv"), "--spec", str(tmp_path / "link.yml"), "--out", str(out), "--pairs", str(pairs)]
        with pytest.raises(SystemExit) as ended:
            main([*words, "--engine", engine, *(conf if engine != "local" else [])])
        assert not ended.value.code
        made.append(out.read_bytes() + pairs.read_bytes())
    assert made[0] == made[1]


def test_an_engine_that_is_none_is_told_before_anything_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["link", str(tmp_path / "none.csv"), "--spec", "auto", "--out", str(tmp_path / "out.csv"), "--engine", "spork://x"])
    assert ended.value.code and "--engine" in capsys.readouterr().err


def test_without_pyspark_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.errors", None)
    with pytest.raises(BadSettings, match=r"install datong\[spark\]"):
        bulk.open_spark("spark://127.0.0.1:1")


def test_linking_on_one_machine_loads_no_spark() -> None:
    program = "import sys; from datong.cli import fuse; from datong.fuse import bulk; sys.exit('pyspark' in sys.modules or 'pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], env={**os.environ, "PYTHONPATH": str(SOURCE)}).returncode == 0
