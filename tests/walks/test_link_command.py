"""`datong link` at the terminal: from a file to clusters, with a spec of one's own or a proposed one."""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq
import pytest
import yaml
from tests.fuse.tables.small_tables import SPEC, people

from datong.cli.app import main


def said(capsys: pytest.CaptureFixture[str], *words: object, code: int = 0) -> str:
    """What the command says, both ways."""
    with pytest.raises(SystemExit) as ended:
        main(["link", *map(str, words)])
    out, err = capsys.readouterr()
    assert (ended.value.code or 0) == code, out + err
    return " ".join((out + err).split())


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A table in GB 18030 with its truth in a column."""
    rows, truth = people(11)
    path = tmp_path / "people.csv"
    with path.open("w", encoding="gb18030", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow([*rows.column_names, "who"])
        writer.writerows([*row.values(), who] for row, who in zip(rows.to_pylist(), truth, strict=True))
    (tmp_path / "link.yml").write_text(SPEC, encoding="utf-8")
    return path


def test_a_table_is_linked_measured_and_written(table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, pairs, model = tmp_path / "clusters.csv", tmp_path / "pairs.csv", tmp_path / "model.json"
    words = (table, "--spec", tmp_path / "link.yml", "--out", out, "--pairs", pairs, "--truth", "who", "--model", model)
    text = said(capsys, *words)
    assert "clusters" in text and "precision" in text and "1.0000" in text
    clusters = arrow_csv.read_csv(out)
    assert clusters.column_names == ["row", "cluster", "rows"]
    assert {"left", "right", "score", "outcome", "blocks", "name", "name bits"} <= set(arrow_csv.read_csv(pairs).column_names)
    first, learnt = out.read_bytes(), model.read_bytes()
    said(capsys, *words)
    assert (out.read_bytes(), model.read_bytes()) == (first, learnt), "with its model kept, a second run writes the very same"


def test_auto_proposes_a_spec_says_why_and_links_with_it(table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "clusters.csv"
    text = said(capsys, table, "--spec", "auto", "--out", out, "--truth", "who")
    for part in ("chinese_name", "sound as citizen_id", "read as dates", "phone numbers", "names rows", "block"):
        assert part in text, part
    proposed = yaml.safe_load((tmp_path / "clusters.link.yml").read_text(encoding="utf-8"))
    assert "who" not in proposed["columns"] and proposed["id"] == "row"
    assert proposed["never"] == [["citizen_id", "name"]]
    assert "kept apart" in text and "1.0000" in text
    again = said(capsys, table, "--spec", tmp_path / "clusters.link.yml", "--out", tmp_path / "again.csv")
    assert "clusters" in again and (tmp_path / "again.csv").read_bytes() == out.read_bytes()


def test_a_pair_is_explained_whether_linked_or_not(table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = ("--spec", tmp_path / "link.yml", "--out", tmp_path / "c.csv")
    together = said(capsys, table, *spec, "--explain", "0", "1")
    assert "in one cluster" in together and "prior" in together and "threshold" in together and "blocks that hold both" in together
    apart = said(capsys, table, *spec, "--explain", "0", "100")
    assert "in two clusters" in apart and "never compared" in apart
    assert "no row 'x'" in said(capsys, table, *spec, "--explain", "0", "x", code=1)


def test_two_tables_of_other_formats_are_linked_across(table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows, _ = people(11)
    pq.write_table(rows, tmp_path / "other.parquet")
    out = tmp_path / "c.csv"
    said(capsys, table, tmp_path / "other.parquet", "--spec", tmp_path / "link.yml", "--out", out)
    found = {row["row"]: row["cluster"] for row in csv.DictReader(out.open(encoding="utf-8"))}
    assert len(found) == 2 * rows.num_rows
    same = sum(found[f"1:{row}"] == found[f"2:{row}"] for row in rows["row"].to_pylist())
    assert same > 0.97 * rows.num_rows


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("none.csv", None, "there is no such file"),
        ("empty.csv", b"", "empty"),
        ("image.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)), "binary"),
        ("twice.csv", b"a,b,a\n1,2,3\n", "stands twice"),
        ("half.parquet", b"PAR1 and no more", "Parquet"),
        ("half.xlsx", b"PK\x03\x04 and no more", "damaged"),
        ("page.csv", b"<html><body>no table</body></html>", "web page"),
        ("other.csv", b"a,b\n1,2\n", "column"),
    ],
)
def test_what_is_no_table_is_refused_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes | None, says: str
) -> None:
    (tmp_path / "link.yml").write_text(SPEC, encoding="utf-8")
    if content is not None:
        (tmp_path / name).write_bytes(content)
    text = said(capsys, tmp_path / name, "--spec", tmp_path / "link.yml", "--out", tmp_path / "c.csv", code=1)
    assert says in text and "Traceback" not in text
    assert not (tmp_path / "c.csv").exists()


def test_rows_that_are_no_rows_are_left_out_and_named(table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with table.open("ab") as lines:
        lines.write("900,只有两格\n合计,,,,,\n".encode("gb18030"))
    text = said(capsys, table, "--spec", tmp_path / "link.yml", "--out", tmp_path / "c.csv")
    assert "is left out" in text


def test_faults_of_the_spec_a_wrong_truth_and_a_place_that_is_none_are_said(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad.yml").write_text("columns:\n  name: {kind: nmae}\n", encoding="utf-8")
    text = said(capsys, table, "--spec", tmp_path / "bad.yml", "--out", tmp_path / "c.csv", code=1)
    assert "bad.yml:2" in text and "comparisons" in text and "blocks" in text
    good = ("--spec", tmp_path / "link.yml")
    assert "no column 'nobody'" in said(capsys, table, *good, "--out", tmp_path / "c.csv", "--truth", "nobody", code=1)
    assert "cannot be written" in said(capsys, table, *good, "--out", tmp_path / "no" / "c.csv", code=1)
