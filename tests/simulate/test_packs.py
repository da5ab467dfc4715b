"""The packs of the departments' sources, and the tables the simulated city writes for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from datong.domain.registers import REGISTER_FIELDS, RELATION_TYPES
from datong.simulate import TABLES
from datong.spec import Source, check_packs, load_packs

PACKS = Path(__file__).parents[2] / "packs"
SOURCES = load_packs(PACKS).sources


def test_the_packs_contradict_themselves_nowhere() -> None:
    assert check_packs(PACKS) == []


def test_more_than_sixty_sources_come_from_more_than_twenty_departments() -> None:
    assert len(SOURCES) >= 60
    assert len({source.department for source in SOURCES.values()}) >= 20


def test_every_source_is_written_by_the_simulated_city_and_every_table_has_a_source() -> None:
    assert set(TABLES) == set(SOURCES)


@pytest.mark.parametrize("source", SOURCES.values(), ids=lambda source: source.resource)
def test_columns_and_ignored_columns_are_the_header(source: Source) -> None:
    header = TABLES[source.resource].columns
    named = [column.name for column in source.columns] + list(source.ignored)
    assert sorted(named) == sorted(header)
    if not source.format.header:
        assert tuple(named) == header, "without a header the pack's order is the file's"


@pytest.mark.parametrize("source", SOURCES.values(), ids=lambda source: source.resource)
def test_a_source_says_on_what_law_it_stands_and_what_its_rows_speak_of(source: Source) -> None:
    assert source.legal_basis.startswith("《")
    assert source.subjects
    assert source.key
    assert source.title_en[0].isupper()


def test_the_sources_feed_all_three_registers_and_every_relation() -> None:
    kinds = {subject.kind for source in SOURCES.values() for subject in source.subjects.values()}
    assert kinds == set(REGISTER_FIELDS)
    assert {relation.type for source in SOURCES.values() for relation in source.relations} == set(RELATION_TYPES)


def test_sources_that_build_the_tree_give_the_structured_address() -> None:
    trees = [source for source in SOURCES.values() if source.tree == "authority"]
    assert {source.department for source in trees} >= {"police", "housing", "sub_district"}
    for source in trees:
        fields = source.subjects["premises"].fields
        assert {"division", "street", "community", "estate", "building"} <= set(fields), source.resource


def test_one_list_of_codes_says_the_same_in_every_source() -> None:
    meant: dict[tuple[str, str], str] = {}
    for source in SOURCES.values():
        for column in source.columns:
            if column.type == "code" and column.field in ("sex", "marital_status", "ethnicity", "education", "use", "structure", "status"):
                for word, value in source.codes[column.list].items():
                    assert meant.setdefault((column.field, word), value) == value, (source.resource, word)


def test_premises_rows_of_the_grid_and_property_companies_have_what_a_collector_notes() -> None:
    wanted = {"address", "area", "use", "certificate_no", "owner_name", "contact"}
    for resource in ("grid_premises", "housing_property_premises"):
        assert wanted <= set(SOURCES[resource].subjects["premises"].fields)


def test_formats_are_as_mixed_as_departments_are() -> None:
    forms = [source.format for source in SOURCES.values()]
    assert {form.kind for form in forms} >= {"csv", "xlsx", "jsonl", "fixed", "table", "parquet"}
    assert {form.encoding for form in forms if form.kind == "csv"} >= {"gb18030", "utf-8", "utf-16"}
    assert {form.delimiter for form in forms if form.kind == "csv"} >= {",", "\t", "|"}
    assert any(not form.header for form in forms if form.kind == "csv")
