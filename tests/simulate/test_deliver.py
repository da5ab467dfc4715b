"""The deliveries of the simulated city: the same for a seed, readable, troubled at known rates, with the truth beside them."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

import pytest
from tests.simulate.delivered import City

from datong.domain.identifiers import read_citizen_id
from datong.simulate import TABLES, simulate
from datong.simulate.deliver.troubles import ROW_TROUBLES, SAID_TROUBLES, TROUBLES
from datong.spec import load_packs

PACKS = Path(__file__).parents[2] / "packs"


@pytest.fixture(scope="module")
def sources() -> dict[str, object]:
    return dict(load_packs(PACKS).sources)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, sources: dict) -> City:
    folder = tmp_path_factory.mktemp("small")
    simulate(folder, 300, 7, PACKS)
    return City(folder, sources)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory, sources: dict) -> City:
    folder = tmp_path_factory.mktemp("city")
    simulate(folder, 2000, 1, PACKS)
    return City(folder, sources)


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_same_seed_gives_the_same_bytes_in_every_file(small: City, tmp_path: Path) -> None:
    simulate(tmp_path, 300, 7, PACKS)
    assert digests(tmp_path) == digests(small.folder)


def test_another_seed_gives_another_city(small: City, tmp_path: Path) -> None:
    simulate(tmp_path, 300, 8, PACKS)
    ours, others = digests(small.folder), digests(tmp_path)
    assert ours["deliveries/police/police_household-20261031.csv"] != others["deliveries/police/police_household-20261031.csv"]


def test_more_than_sixty_resources_of_more_than_twenty_departments_have_rows(city: City) -> None:
    filled = [file for file in city.files("") if file["rows"]]
    assert len(filled) >= 60
    assert len({file["department"] for file in filled}) >= 20


def test_every_file_reads_back_with_its_header_and_its_rows(city: City) -> None:
    for file in city.files("", "full", "changes"):
        header, rows = city.table(file)
        table = TABLES[file["resource"]]
        wanted = [*table.columns, ""] if table.trailing_comma else list(table.columns)
        assert header == wanted, file["file"]
        assert len(rows) == file["rows"], file["file"]
        assert {len(row) for row in rows} <= {len(wanted)}, file["file"]


def test_codes_in_the_files_are_on_the_lists_of_the_packs(city: City) -> None:
    for file in city.files(""):
        source = city.sources[file["resource"]]
        header, rows = city.table(file)
        for column in source.columns:
            if column.type == "code":
                used = {row[header.index(column.name)] for row in rows} - {""}
                assert used <= set(source.codes[column.list]), (file["resource"], column.name, used - set(source.codes[column.list]))


def test_truth_names_the_subject_of_every_row(city: City) -> None:
    known = {row["id"] for name in ("persons", "firms", "units") for row in city.truth(name)}
    known |= {row["building"] for row in city.truth("units")}
    schools = {row["to"] for row in city.truth("relations") if row["type"] == "studies_at"}
    for resource, source in city.sources.items():
        truth = city.truth(f"rows/{resource}")
        files = Counter(row["file"] for row in truth)
        for file in city.files("", "full", "changes", "new_column"):
            if file["resource"] == resource:
                assert files[Path(file["file"]).name] == file["rows"], file["file"]
        for row in truth:
            ids = {row[role] for role in source.subjects} - {""}
            assert ids or resource in ("power_account_unit",), (resource, row)
            assert ids <= known | schools, (resource, ids)


def test_truth_of_a_row_agrees_with_the_row(city: City) -> None:
    numbers = {row["id"]: row["citizen_id"] for row in city.truth("persons")}
    header, rows = city.table(next(file for file in city.files("") if file["resource"] == "medins_enrolment"))
    truth = [row for row in city.truth("rows/medins_enrolment") if row["file"].endswith("20261031.csv")]
    same = 0
    for row in truth:
        number = rows[int(row["row_no"]) - 2][header.index("身份证件号码")]
        same += number == numbers[row["person"]]
    assert same / len(truth) > 0.9


def test_every_trouble_happens_and_is_in_the_truth_with_the_right_value(city: City) -> None:
    notes = city.truth("troubles")
    seen = Counter(note["trouble"] for note in notes)
    wanted = {trouble.name for trouble in TROUBLES} | set(ROW_TROUBLES) | set(SAID_TROUBLES)
    assert wanted <= set(seen), wanted - set(seen)
    by_cell = {(note["file"], note["row_no"], note["column"]): note for note in notes}
    header, rows = city.table(next(file for file in city.files("") if file["resource"] == "health_visit"))
    start = 2
    checked = 0
    for place, row in enumerate(rows):
        note = by_cell.get(("health_visit-20261031.csv", str(place + start), "患者身份证号"))
        value = row[header.index("患者身份证号")]
        if note is None:
            assert read_citizen_id(value).sound
        elif note["trouble"].startswith("id_"):
            assert value != note["true_value"]
            assert read_citizen_id(note["true_value"]).sound
            checked += 1
    assert checked > 5


def test_about_one_person_row_in_twelve_has_no_usable_number_and_the_police_are_nearly_clean(city: City) -> None:
    usable: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for file in city.files(""):
        source = city.sources[file["resource"]]
        person = source.subjects.get("person")
        if person is None or "citizen_id" not in person.fields:
            continue
        column = source.by_field[person.fields["citizen_id"]].name
        header, rows = city.table(file)
        group = "police_household" if file["resource"] == "police_household" else "others"
        total[group] += len(rows)
        usable[group] += sum(read_citizen_id(row[header.index(column)]).sound for row in rows)
    lost = 1 - sum(usable.values()) / sum(total.values())
    assert 0.06 <= lost <= 0.10, lost
    assert usable["police_household"] / total["police_household"] > 0.99


def test_the_second_round_brings_changes_and_every_bad_file(city: City) -> None:
    notes = {file["note"] for file in city.files("full", "changes", "new_column", "truncated", "resent")}
    assert notes == {"full", "changes", "new_column", "truncated", "resent"}
    events = {note["trouble"] for note in city.truth("troubles")}
    assert {"phone_changed", "moved", "renamed", "renewed", "sold"} <= events


def test_a_department_with_nothing_to_say_sends_no_file(small: City) -> None:
    on_disk = {str(path.relative_to(small.folder)) for path in (small.folder / "deliveries").rglob("*") if path.is_file()}
    assert on_disk == {file["file"] for file in small.manifest["files"]}
    assert all(file["rows"] for file in small.manifest["files"] if file["note"] != "truncated")


def test_a_sold_home_has_its_new_owner_in_the_second_delivery(city: City) -> None:
    sold = [note for note in city.truth("troubles") if note["trouble"] == "sold" and note["column"] == "权利人证件号"]
    numbers = {row["id"]: row["citizen_id"] for row in city.truth("persons")}
    truth = {(row["file"], row["row_no"]): row for row in city.truth("rows/estate_title")}
    header, rows = city.table(next(file for file in city.files("full") if file["resource"] == "estate_title"))
    assert sold
    for note in sold:
        row = rows[int(note["row_no"]) - 2]
        assert row[header.index("权利人证件号")] == numbers[truth[note["file"], note["row_no"]]["person"]] != note["true_value"]


def test_a_resent_file_has_the_same_bytes(city: City) -> None:
    (file,) = city.files("resent")
    second = city.folder / file["file"]
    assert second.read_bytes() == second.with_name(second.name.replace("20261115", "20261031")).read_bytes()


def test_a_truncated_file_is_a_beginning_of_the_first(city: City) -> None:
    (file,) = city.files("truncated")
    second = city.folder / file["file"]
    first = second.with_name(second.name.replace("20261115", "20261031")).read_bytes()
    kept = second.read_bytes()
    assert first.startswith(kept)
    assert 0.3 < len(kept) / len(first) < 0.4
    assert not kept.endswith(b"\n")


def test_a_new_column_stands_at_the_end_of_the_header(city: City) -> None:
    (file,) = city.files("new_column")
    header, rows = city.table(file)
    assert header[:-1] == list(TABLES[file["resource"]].columns)
    assert {row[-1] for row in rows} <= {"是", "否"}


def test_a_full_second_delivery_keeps_nearly_all_rows(city: City) -> None:
    for second in city.files("full"):
        first = next(file for file in city.files("") if file["resource"] == second["resource"])
        if first["rows"] > 100:
            assert 0.95 * first["rows"] <= second["rows"] <= first["rows"]


def test_leases_have_line_breaks_and_quotes_inside_fields(city: City) -> None:
    _, rows = city.table(next(file for file in city.files("") if file["resource"] == "housing_lease"))
    remarks = [row[-1] for row in rows]
    assert any("\n" in remark for remark in remarks)
    assert any('"' in remark for remark in remarks)


def test_months_of_readings_are_as_many_as_asked_for(tmp_path: Path, sources: dict) -> None:
    simulate(tmp_path, 300, 7, PACKS, months=12)
    wide = City(tmp_path, sources)
    header, rows = wide.table(next(file for file in wide.files("") if file["resource"] == "power_reading"))
    assert {row[header.index("数据月份")] for row in rows} == {f"2025{month}" for month in (11, 12)} | {
        f"2026{month:02d}" for month in range(1, 11)
    }


def test_progress_is_told_after_each_block(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    simulate(tmp_path, 300, 7, PACKS, lambda done, people: told.append((done, people)))
    assert told == [(300, 300)]
