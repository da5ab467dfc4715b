"""A link spec is checked as a whole: every fault at once, each with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.fuse.tables.small_tables import SPEC, spec_of

from datong.domain.errors import BadPack, Missing
from datong.fuse.tables import read_spec

WRONG = """\
id: row
colour: red
columns:
  name: {kind: chinese_name}
  age: {kind: years}
  citizen_id: {kind: identifier, scheme: passport}
  town: {kind: category, scheme: citizen_id}
comparisons:
  name: {levels: [homophone, "jaro_winkler", swapped, nearly, "crossed nobody"]}
  phone:
same:
  - [name, nickname]
never: [name]
blocks:
  - [name]
  - ["first(name)"]
  - ["first(name, x)"]
  - ["rhyme(name)"]
  - ["sound(phone)"]
  - ["(("]
costs: {false_link: 0}
threshold: high
largest_block: 1
one_to_one: maybe
"""


def test_every_fault_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(BadPack) as caught:
        spec_of(tmp_path, WRONG)
    found = {(fault.line, fault.message.split(":")[0].split(";")[0]) for fault in caught.value.faults}
    lines = [line for line, _ in found]
    assert {2, 5, 6, 7, 9, 10, 12, 13, 16, 17, 18, 19, 20, 21, 22, 23, 24} <= set(lines)
    text = str(caught.value)
    for part in (
        "unknown key 'colour'",
        "'years' is not known",
        "no column 'phone'",
        "no function 'rhyme'",
        "swapped",
        "'nearly'",
        "is no identifier",
    ):
        assert part in text, part
    assert "jaro_winkler 0.9" in text, "says how a level with a number is written"
    assert sum(line == 9 for line in lines) == 4


def test_what_is_not_said_has_a_default(tmp_path: Path) -> None:
    spec = spec_of(tmp_path, SPEC)
    assert spec.comparisons[0].levels == ("variant", "pinyin", "lost_character", "part", "homophone", "one_character", "surname")
    assert spec.comparisons[0].frequencies and not spec.comparisons[1].frequencies
    assert (spec.false_link, spec.missed_link, spec.threshold, spec.largest_block) == (1.0, 1.0, None, 1000)
    assert [str(block) for block in spec.blocks] == ["citizen_id", "name + birth_date", "sound(name) + phone", "birth_date + phone"]


def test_columns_may_be_called_otherwise_in_each_table(tmp_path: Path) -> None:
    text = "columns:\n  name: {kind: name, left: 姓名, right: nm}\n  born: {kind: date, column: 生日}\ncomparisons: {name: , born: }\nblocks: [[name]]\n"
    spec = spec_of(tmp_path, text)
    assert (spec.columns[0].left, spec.columns[0].right) == ("姓名", "nm")
    assert (spec.columns[1].left, spec.columns[1].right) == ("生日", "生日")


@pytest.mark.parametrize(
    "text", ["", "[]", "- a\n- b\n", "columns: 3\ncomparisons: 4\nblocks: 5\n", "columns:\n  a: text\n", "\t{", "a: &x [*x]"]
)
def test_any_other_text_is_a_fault_and_nothing_worse(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadPack):
        spec_of(tmp_path, text)


def test_a_spec_that_is_not_there_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(Missing, match="--spec auto"):
        read_spec(tmp_path / "none.yml")
