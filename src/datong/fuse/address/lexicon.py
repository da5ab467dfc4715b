"""The names the reader knows before it looks at any grammar: divisions of the nation, and the city's own names by level.

One Aho-Corasick automaton finds every known name in one pass over a text. A name may stand for several things
(人民路 in two districts, 城区 everywhere); the grammar takes the longest one that fits the divisions read so far.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import ahocorasick

from datong.domain.address import Part
from datong.fuse.address.names import village_core

_HERE = Path(__file__).parent
_SUFFIXES = {
    Part.PROV: ("维吾尔自治区", "壮族自治区", "回族自治区", "特别行政区", "自治区", "省", "市"),
    Part.CITY: ("地区", "市", "盟"),
    Part.DISTRICT: ("市", "区", "县", "旗"),
    Part.STREET: ("街道", "镇", "乡", "苏木"),
}
_ZONE = re.compile("高新技术产业开发区|高新区|经济技术开发区|经济开发区|经开区")
_MUNICIPALITIES = frozenset(("11", "12", "31", "50"))
_NO_SHORT_FORM = frozenset(("城区", "郊区", "矿区", "市区", "新区"))


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing a name can stand for. `code` is the division it is or lies in; `short` marks a name without its ending."""

    part: Part
    code: str
    name: str
    short: bool = False
    former: bool = False
    digits: bool = False


NAMED = frozenset((Part.ROAD, Part.ESTATE, Part.VILLAGE, Part.COMMUNITY, Part.STREET, Part.ZONE, Part.BUILDING))
DIVISION_RANK = {Part.PROV: 1, Part.CITY: 2, Part.DISTRICT: 3, Part.STREET: 4}
Fit = tuple[Entry, int, bool]
"""An entry, the rank of its division, whether it agrees with the division read so far."""


class Entries(tuple[Entry, ...]):
    """What one name can stand for, with what the grammar asks of it again and again worked out once."""

    all_full: bool
    """Divisions under their full names, nothing else."""
    own_name: bool
    """An estate or road of the city and no division."""
    named: bool
    """Some road, estate, village … under its full name."""
    names: tuple[Entry, ...]
    """Those that can stand as a name of the city; a street under its short name cannot."""
    fits: dict[str, tuple[Fit, ...]]

    def __new__(cls, found: Iterable[Entry]) -> Entries:
        """Look through the entries once."""
        made = super().__new__(cls, found)
        made.all_full = all(entry.part in DIVISION_RANK and not entry.short for entry in made)
        made.own_name = not any(entry.part in DIVISION_RANK for entry in made) and any(entry.part in NAMED for entry in made)
        made.named = any(entry.part in NAMED and not entry.short for entry in made)
        made.names = tuple(entry for entry in made if entry.part in NAMED and not (entry.short and entry.part == Part.STREET))
        made.fits = {}
        return made

    def fitting(self, division: str) -> tuple[Fit, ...]:
        """The divisions of this name that may stand after `division` was read, in their order."""
        known = self.fits.get(division)
        if known is None:
            if len(self.fits) > 1000:
                self.fits.clear()
            known = self.fits[division] = tuple(self._fitting(division))
        return known

    def _fitting(self, division: str) -> Iterator[Fit]:
        for entry in self:
            rank = DIVISION_RANK.get(entry.part)
            if not rank:
                continue
            agrees = entry.code.startswith(division) or division.startswith(entry.code)
            if len(entry.name) == 2 and not entry.short and not (agrees and len(division) >= 4):
                continue  # 东区, 西区, 矿区: only inside the city they belong to
            if agrees or not (entry.short or rank == 4):
                yield entry, rank, agrees


Hits = dict[int, list[tuple[int, Entries]]]
"""Start → (end, entries), longest first."""


class Lexicon:
    """Known names: the city's own, and behind them the nation's divisions. Made once, only read afterwards."""

    def __init__(self, entries: Iterable[tuple[str, Entry]] = (), *, nation: bool = True, home: str = "") -> None:
        """With `nation` the shipped divisions of the whole country are known too; `home` is the city's code prefix:
        outside it short names of counties and towns are left out, they would cut the city's own names (方正 in 方正凤凰国际)."""
        own = [(name, entry) for name, entry in entries if len(name) > 1]
        self._automata = [
            automaton for automaton in (_nation_automaton(home) if nation else None, _automaton(own)) if automaton is not None
        ]
        self._both: dict[tuple[int, int], Entries] = {}
        self._digits = ahocorasick.Automaton()
        for name, _ in own:
            if any("0" <= char <= "9" for char in name):
                self._digits.add_word(name, len(name))
        self.has_digit_names = len(self._digits) > 0
        if self.has_digit_names:
            self._digits.make_automaton()

    def hits(self, text: str) -> Hits:
        """Every known name in the text, the longest first at each place; the city's own before the nation's."""
        found: Hits = {}
        for last, (before, entries) in self._automata[0].iter(text) if self._automata else ():
            start = last - before
            if start in found:
                found[start].insert(0, (last + 1, entries))
            else:
                found[start] = [(last + 1, entries)]
        for automaton in self._automata[1:]:
            self._merge(found, automaton, text)
        return found

    def _merge(self, found: Hits, automaton: ahocorasick.Automaton, text: str) -> None:
        """Add a second automaton's hits: before those of the first where both know a name."""
        for last, (before, entries) in automaton.iter(text):
            held = found.setdefault(last - before, [])
            at = 0
            while at < len(held) and held[at][0] > last + 1:
                at += 1
            if at < len(held) and held[at][0] == last + 1:
                key = (id(entries), id(held[at][1]))
                if key not in self._both:
                    self._both[key] = Entries(entries + held[at][1])
                held[at] = (last + 1, self._both[key])
            else:
                held.insert(at, (last + 1, entries))

    def digit_names(self, text: str) -> list[tuple[int, int]]:
        """Where known names with digits of their own stand (309国道, 1号公馆): those digits are not numbers."""
        if not self.has_digit_names:
            return []
        return [(last + 1 - length, last + 1) for last, length in self._digits.iter(text)]


def _automaton(entries: Iterable[tuple[str, Entry]]) -> ahocorasick.Automaton | None:
    """One automaton over these names; None for none."""
    by_name: dict[str, dict[Entry, None]] = defaultdict(dict)
    for name, entry in entries:
        by_name[name][entry] = None
    if not by_name:
        return None
    automaton = ahocorasick.Automaton()
    for name, found in by_name.items():
        automaton.add_word(name, (len(name) - 1, Entries(found)))
    automaton.make_automaton()
    return automaton


@cache
def _nation_automaton(home: str) -> ahocorasick.Automaton | None:
    """The nation's names as a reader at `home` needs them; made once for each city."""
    local = (Part.DISTRICT, Part.STREET)
    return _automaton(
        (name, entry) for name, entry in _nation() if not (home and entry.short and entry.part in local) or entry.code.startswith(home)
    )


def division_entries(code: str, name: str, level: Part, *, former: bool = False) -> Iterator[tuple[str, Entry]]:
    """A division under its full name and, where it can stand without its ending, under the short one."""
    yield name, Entry(level, code, name, former=former)
    if level == Part.STREET and name.endswith("街道"):
        yield name + "办事处", Entry(level, code, name)
        yield name.removesuffix("街道") + "办事处", Entry(level, code, name)
    for suffix in _SUFFIXES.get(level, ()):
        if name.endswith(suffix):
            short = name[: -len(suffix)]
            if len(short) >= 2 and name not in _NO_SHORT_FORM and not short.endswith(("路", "街", "大道")):
                yield short, Entry(level, code, name, short=True, former=former)
            return


def division_rows(path: Path) -> list[dict[str, str]]:
    """Rows of a divisions file (code,name,level,parent,valid_from,valid_to,kind); none when the file is not there."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return [
            {key: (value or "").strip() for key, value in row.items() if key}
            for row in csv.DictReader(line for line in lines if not line.startswith("#"))
            if row.get("code") and row.get("name")
        ]


def city_entries(rows: Iterable[dict[str, str]]) -> Iterator[tuple[str, Entry]]:
    """Entries of the city's own divisions and functional zones, as the packs' register lists them."""
    for row in rows:
        code, name = row["code"], row["name"]
        former = bool(row.get("valid_to"))
        if row.get("kind") in ("functional", "zone", "functional_zone") or row.get("level") == "zone":
            for known in (name, *_zone_names(name)):
                yield known, Entry(Part.ZONE, row.get("parent", ""), name, short=known == "开发区")
            continue
        digits = code.rstrip("0") if len(code) > 6 else code
        level = _division_level(code, name)
        yield from division_entries(_prefix(code, digits), name, level, former=former)
        if level in (Part.VILLAGE, Part.COMMUNITY):
            for ending in ("村", "社区") if len(village_core(name)) > 1 else ():
                part = Part.VILLAGE if ending == "村" else Part.COMMUNITY
                yield village_core(name) + ending, Entry(part, code, name)


def _zone_names(name: str) -> tuple[str, ...]:
    """How people call a functional zone: 淄博高新技术产业开发区 is 高新区 and 淄博高新区."""
    found = _ZONE.search(name)
    if not found:
        return ()
    short = "高新区" if "高新" in found.group() else "经开区"
    own = name[: found.start()]
    return tuple(dict.fromkeys((short, own + short, "开发区", own + "开发区", short.replace("区", "技术开发区"))))


def _division_level(code: str, name: str) -> Part:
    if len(code) >= 12 and code[9:12] != "000":
        return Part.VILLAGE if name.endswith(("村", "村委会", "村民委员会")) else Part.COMMUNITY
    if len(code) >= 9 and code[6:9] != "000":
        return Part.STREET
    if code[2:6].ljust(4, "0") == "0000":
        return Part.PROV
    return Part.CITY if code[4:6].ljust(2, "0") == "00" else Part.DISTRICT


def _prefix(code: str, digits: str) -> str:
    """The meaningful part of a code: 2, 4, 6, 9 or 12 digits."""
    six = code[:6].ljust(6, "0")
    if len(digits) <= 6:
        return six[:2] if six[2:] == "0000" else six[:4] if six[4:] == "00" else six
    return code[:9] if len(digits) <= 9 else code[:12]


@cache
def _nation() -> tuple[tuple[str, Entry], ...]:
    """Three levels of the nation, its towns, and the counties abolished in living memory."""
    entries: list[tuple[str, Entry]] = []
    with (_HERE / "nation.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(line for line in lines if not line.startswith("#")):
            code = row["code"]
            level = {2: Part.PROV, 4: Part.CITY}.get(len(code), Part.DISTRICT)
            if code in _MUNICIPALITIES:
                level = Part.CITY
            entries += division_entries(code, row["name"], level)
            for town in row["towns"].split():
                entries += division_entries(code, town, Part.STREET)
    with (_HERE / "former.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(line for line in lines if not line.startswith("#")):
            entries += [
                (name, Entry(entry.part, row["code"], row["today"], entry.short, former=True))
                for name, entry in division_entries(row["code"], row["former"], Part.DISTRICT)
            ]
    return tuple(entries)
