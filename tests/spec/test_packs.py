"""Packs are checked as a whole: every fault at once, each with its file and line."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from datong import spec
from datong.domain.errors import BadPack
from datong.settings import packs_folder

DEPARTMENTS = "departments:\n  police: {title: {zh: 公安局, en: Police}, short: {zh: 公安, en: Police}}\n"
GOOD = """\
resource: {name}
title: {{zh: 居民, en: Residents}}
department: police
file: "{name}-{{date}}.csv"
format: {{kind: csv, encoding: gb18030}}
delivery: full
key: [citizen_id]
update_cycle: daily
sharing_class: conditional
level: 3
precedence: authority
columns:
  身份证号: {{field: citizen_id, type: citizen_id}}
  姓名: {{field: name, type: name}}
  性别: {{field: sex, type: code, list: sex}}
  住址: {{field: address, type: address}}
ignored: [备注]
codes: {{sex: {{男: male, "1": male, 是: yes}}}}
fixes: {{name: {{"张3": 张三}}}}
assertions: {{rows: {{min: 10}}, filled: {{citizen_id: 0.9}}, change: 0.6}}
subjects:
  person: {{kind: person, fields: {{citizen_id: citizen_id, name: name}}}}
  home: {{kind: premises, fields: {{address: address}}}}
relations:
  - {{from: person, type: lives_at, to: home, detail: {{kind: sex}}}}
"""


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    """A folder of packs with one sound source."""
    (tmp_path / "registers" / "sources").mkdir(parents=True)
    (tmp_path / "registers" / "departments.yml").write_text(DEPARTMENTS, encoding="utf-8")
    write(tmp_path, "resident", GOOD.format(name="resident"))
    return tmp_path


def write(folder: Path, name: str, text: str) -> None:
    (folder / "registers" / "sources" / f"{name}.yml").write_text(text, encoding="utf-8")


def test_a_sound_pack_is_read_as_written(packs: Path) -> None:
    found = spec.load_packs(packs)
    source = found.source("resident")
    assert source.fields == ("citizen_id", "name", "sex", "address")
    assert source.codes["sex"] == {"男": "male", "1": "male", "是": "yes"}, "texts are taken as written, never as YAML's own words"
    assert source.assertions == spec.Assertions(rows_min=10, filled={"citizen_id": 0.9}, change=0.6)
    assert source.relations[0] == spec.Relation("person", "lives_at", "home", detail={"kind": "sex"})
    assert source.by_field["sex"].list == "sex" and source.format.encoding == "gb18030" and source.key == ("citizen_id",)
    assert found.departments["police"].short_zh == "公安"


FAULTS = {
    # what is changed: (old text, new text, line of the fault, what it says)
    "an unknown key": ("level: 3", "levle: 3", 10, "unknown key 'levle'"),
    "an unknown column key": ("field: name, type: name", "field: name, typ: name", 14, "unknown key 'typ'"),
    "an unknown type": ("type: name", "type: nme", 14, "'nme' is not known"),
    "a key no column gives": ("key: [citizen_id]", "key: [citizen]", 7, "key names 'citizen', a field that no column gives"),
    "an unknown department": ("department: police", "department: polce", 3, "'polce' is not in departments.yml"),
    "another resource than the file's name": ("resource: resident", "resource: residents", 1, "must be the file's own name, 'resident'"),
    "a list that is not there": ("list: sex", "list: sexes", 15, "list 'sexes' is not in 'codes'"),
    "a code without a list": ("type: code, list: sex", "type: code", 15, "name its 'list'"),
    "a subject naming a field no column gives": ("{address: address}", "{address: adress}", 23, "'adress', a field that no column gives"),
    "an unknown register field": ("{address: address}", "{adress: address}", 23, "unknown premises field 'adress'"),
    "an address part without the tree": ("{address: address}", "{road: address}", 23, "tree: authority"),
    "an unknown kind of subject": ("kind: premises", "kind: house", 23, "'house' is not known"),
    "a relation of unknown roles": ("to: home", "to: house", 25, "role 'house'"),
    "an unknown relation": ("lives_at", "lives_in", 25, "'lives_in' is not known"),
    "a relation detail no column gives": ("detail: {kind: sex}", "detail: {kind: tenure}", 25, "'tenure', a field that no column gives"),
    "a column mapped and ignored": ("ignored: [备注]", "ignored: [姓名]", 17, "both mapped and ignored"),
    "a fix of no field": ('fixes: {name: {"张3"', 'fixes: {nme: {"张3"', 19, "fixes names 'nme'"),
    "an assertion on no field": ("filled: {citizen_id", "filled: {citizen", 20, "assertions.filled names 'citizen'"),
    "a share beyond one": ("change: 0.6", "change: 60", 20, "must be a number from 0 to 1"),
    "an unknown encoding": ("encoding: gb18030", "encoding: gb18", 5, "'gb18' is not known"),
    "an unknown delivery": ("delivery: full", "delivery: all", 6, "'all' is not known"),
    "a file with a folder": ('file: "resident-', 'file: "../resident-', 4, "plain file name"),
    "a level beyond four": ("level: 3", "level: 7", 10, "data level from 1 to 4"),
    "a flag that is none": ("field: name, type: name", "field: name, type: name, required: maybe", 14, "must be true or false"),
    "two columns for one field": ("field: name, type", "field: citizen_id, type", 14, "given by two columns"),
    "a field that is no word": ("field: name, type", "field: Name-x, type", 14, "must be a lower-case word"),
    "a key that stands twice": ("level: 3", "level: 3\nlevel: 2", 11, "stands twice"),
    "broken YAML": ("columns:", "columns: [", 14, "not valid YAML"),
}


@pytest.mark.parametrize("what", FAULTS)
def test_a_fault_names_its_file_and_line(what: str, packs: Path) -> None:
    old, new, line, said = FAULTS[what]
    text = GOOD.format(name="resident")
    assert old in text
    write(packs, "resident", text.replace(old, new, 1))
    found = [(fault.file, fault.line) for fault in spec.check_packs(packs) if said in fault.message]
    assert ("registers/sources/resident.yml", line) in found, "\n".join(map(str, spec.check_packs(packs)))


def test_all_faults_of_all_files_are_told_at_once(packs: Path) -> None:
    broken = GOOD.format(name="resident").replace("polic", "polc").replace("lives_at", "x").replace("level: 3", "level: 9")
    write(packs, "resident", broken)
    write(packs, "other", GOOD.format(name="other").replace("key: [citizen_id]", "key: [nothing]"))
    with pytest.raises(BadPack) as raised:
        spec.load_packs(packs)
    assert [(fault.file.split("/")[-1], fault.line) for fault in raised.value.faults] == [
        ("other.yml", 7),
        ("resident.yml", 3),
        ("resident.yml", 10),
        ("resident.yml", 25),
    ]
    assert str(raised.value).count("\n") == 3 and str(raised.value).startswith("registers/sources/other.yml:7: ")


def test_one_resource_in_two_files_is_a_fault(packs: Path) -> None:
    write(packs, "zz", GOOD.format(name="resident"))
    assert any("already given by registers/sources/resident.yml" in fault.message for fault in spec.check_packs(packs))


def test_precedence_is_checked_against_registers_and_resources(packs: Path) -> None:
    place = packs / "registers" / "precedence.yml"
    place.write_text("person:\n  default: [authority, official]\n  name: [resident, reported]\n", encoding="utf-8")
    orders = spec.load_packs(packs).precedence
    assert orders.order("person", "name") == ("resident", "reported") and orders.order("person", "sex") == ("authority", "official")
    assert orders.order("premises", "address") == ()
    place.write_text("persn: {default: [authority]}\nperson:\n  nme: [authority]\n  name: [residents]\n", encoding="utf-8")
    assert [fault.line for fault in spec.check_packs(packs)] == [1, 3, 4]


def test_divisions_are_read_and_a_torn_row_is_a_fault(packs: Path) -> None:
    place = packs / "registers" / "divisions.csv"
    place.write_text("# where from\ncode,name,level\n370303,张店区,3\n", encoding="utf-8")
    assert spec.load_packs(packs).divisions[0].cells["level"] == "3"
    place.write_text("# where from\ncode,name,level\n370303,张店区\n", encoding="utf-8")
    assert [fault.line for fault in spec.check_packs(packs)] == [3]


def test_further_files_are_handed_on_with_their_lines(packs: Path) -> None:
    (packs / "share").mkdir()
    (packs / "share" / "agreements.yml").write_text("# agreements\na1:\n  fields: [name]\n", encoding="utf-8")
    node = spec.load_packs(packs).raw("agreements")
    assert node is not None and node.plain() == {"a1": {"fields": ["name"]}}
    assert (node.file, node.keys["a1"]) == ("share/agreements.yml", 2)
    assert spec.load_packs(packs).raw("purposes") is None
    assert [path.name for path in spec.load_packs(packs).files("*/agreements.yml")] == ["agreements.yml"]


@pytest.mark.parametrize(
    ("glob", "name", "day"),
    [
        ("resident-{date}.csv", "resident-20260301.csv", "2026-03-01"),
        ("resident-{date}.csv", "RESIDENT-20260301.CSV", "2026-03-01"),
        ("resident-{date}.csv", "resident-20261301.csv", ""),
        ("*居民*.xlsx", "张店区居民表.xlsx", ""),
        ("resident-{date}.csv", "resident-2026.csv", None),
        ("resident.csv", "residentXcsv", None),
    ],
)
def test_a_file_name_tells_its_source_and_its_day(glob: str, name: str, day: str | None, packs: Path) -> None:
    write(packs, "resident", GOOD.format(name="resident").replace('"resident-{date}.csv"', f'"{glob}"'))
    found = spec.match_file(spec.load_packs(packs).sources.values(), name)
    assert found == ([] if day is None else [spec.FileMatch("resident", day)])


def test_the_packs_that_come_with_datong_are_sound() -> None:
    assert [str(fault) for fault in spec.check_packs(packs_folder())] == []


def test_hundreds_of_sources_load_in_about_a_second(packs: Path) -> None:
    for number in range(755):
        write(packs, f"r{number}", GOOD.format(name=f"r{number}"))
    began = time.process_time()
    assert len(spec.load_packs(packs).sources) == 756
    assert time.process_time() - began < 2.0


def test_every_key_type_problem_and_reason_stands_in_the_reference_page() -> None:
    from datong.collect.judge_delivery import WAIVABLE
    from datong.collect.values import PROBLEM_WORDS
    from datong.domain import registers
    from datong.spec.read_source import COLUMN_KEYS, ENCODINGS, FORMAT_KEYS, SOURCE_KEYS

    root = Path(__file__).parents[2]
    page = (root / "docs/reference/source-pack.md").read_text(encoding="utf-8")
    words = {
        *SOURCE_KEYS,
        *FORMAT_KEYS,
        *COLUMN_KEYS,
        *registers.COLUMN_TYPES,
        *registers.FORMAT_KINDS,
        *WAIVABLE,
        "rows",
        "filled",
        "change",
    }
    words |= {*registers.UPDATE_CYCLES, *registers.SHARING_CLASSES, *registers.PRECEDENCE_CLASSES, *PROBLEM_WORDS, *ENCODINGS.values()} - {
        ""
    }
    for file in (root / "src/datong/collect").glob("*.py"):
        words.update(re.findall(r'BadDelivery\("(\w+)"', file.read_text(encoding="utf-8")))
    absent = sorted(word for word in words - {"missing_file", "birth_date"} if word not in page)
    assert not absent, f"docs/reference/source-pack.md does not explain {', '.join(absent)}"
