"""What matching addresses reaches on a made register, and how fast. Reading them is measured by `address_parse.py`.

    python benchmarks/address.py [--data ../shared/data/address] [--estates 1500] [--queries 30000]

The estate list is read in place and never copied; without it only the invented register is measured.
Doors and wordings are made here with a fixed seed: 85 % of the queries name a door of the register in some other wording,
15 % cannot be matched (no such room, building or estate, or no door given). A last measure leaves one listed estate in ten out of
the register and asks for its doors too: what names that the register never heard of are taken for.
"""

from __future__ import annotations

import argparse
import csv
import random
import re
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from datong.domain.address import Verdict
from datong.fuse.address import PlaceRow, PlaceTree, Reader, match_many, reader_for

CN = "零一二三四五六七八九"
SURNAMES = "金银锦华兴安康宁泰和福瑞祥丰盛景秀丽明阳春江湖海天玉龙凤翠碧云水"
ENDINGS = ("花园", "小区", "家园", "公寓", "苑", "新村", "广场", "府", "城")


@dataclass(frozen=True)
class Estate:
    """One estate of the register to be made."""

    name: str
    road: str
    road_no: str
    division: str
    district: str
    street: str
    buildings: int
    households: int


def invented_estates(count: int, draw: random.Random) -> list[Estate]:
    """Estates of a city that does not exist."""
    names: dict[str, None] = {}
    while len(names) < count:
        names[
            "".join(draw.sample(SURNAMES, draw.choice((2, 2, 3))))
            + draw.choice(ENDINGS)
            + draw.choice(("", "", "", "一区", "二区", "东区"))
        ] = None
    roads = ["".join(draw.sample(SURNAMES, 2)) + ending for ending in ("路", "街", "大道") for _ in range(40)]
    return [
        Estate(
            name,
            draw.choice(roads),
            str(draw.randrange(1, 400)),
            "370303",
            "张店区",
            f"{draw.choice(SURNAMES)}园街道",
            draw.randrange(1, 20),
            0,
        )
        for name in names
    ]


def listed_estates(path: Path, count: int) -> list[Estate]:
    """Estates of the public list: name, road and size are real, doors are made."""
    reader = Reader()
    estates: dict[tuple[str, str], Estate] = {}
    codes = {"张店区": "370303", "淄川区": "370302", "博山区": "370304", "临淄区": "370305", "周村区": "370306"}
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            parsed = reader.read(re.sub(r"^\(.*?\)", "", row["address"]))
            district = next((name for name in codes if name in row["address"]), "张店区")
            buildings = min(60, max(1, int(float(row["buildings"] or 1))))
            road_no = parsed.road_no if parsed.road and re.fullmatch(r"[0-9甲-]+", parsed.road_no) else ""
            estates.setdefault(
                (row["name"], district), Estate(row["name"], parsed.road, road_no, codes[district], district, "", buildings, 0)
            )
    return list(estates.values())[:count]


def doors_of(estate: Estate, draw: random.Random) -> list[PlaceRow]:
    """Made doors of one estate: buildings with entrances, floors and rooms."""
    rows = []
    entrances, floors = draw.choice((0, 1, 2, 3)), draw.choice((6, 11, 18))
    per_floor = draw.choice((2, 4))
    for building in range(1, estate.buildings + 1):
        for entrance in range(1, entrances + 1) if entrances else ("",):
            for floor in range(1, floors + 1):
                rows += [
                    PlaceRow(
                        estate.division, street=estate.street, road=estate.road, road_no=estate.road_no, estate=estate.name,
                        building=str(building), entrance=str(entrance), room=f"{floor}{unit:02}", district_name=estate.district,
                        code=f"{estate.division}{estate.name}{building}-{entrance}-{floor}{unit:02}",
                    )
                    for unit in range(1, per_floor + 1)
                ]  # fmt: skip
    return rows


def chinese(number: str) -> str:
    """12 → 十二, for small numbers."""
    value = int(number)
    if value < 10:
        return CN[value]
    tens, ones = divmod(value, 10)
    return (
        ("" if tens == 1 else CN[tens]) + "十" + (CN[ones] if ones else "") if value < 100 else "".join(CN[int(digit)] for digit in number)
    )


def wording(row: PlaceRow, draw: random.Random) -> str:
    """The door in some other wording."""
    name = row.estate
    if draw.random() < 0.06 and len(name) > 3:
        at = draw.randrange(len(name))
        name = name[:at] + draw.choice(("", draw.choice(SURNAMES))) + name[at + 1 :]
    head = draw.choice(("山东省淄博市", "淄博市", "", "山东淄博", "淄博")) + draw.choice((row.district_name, row.district_name, ""))
    head += draw.choice((row.street, "")) + draw.choice((f"{row.road}{row.road_no}号" if row.road and row.road_no else row.road, ""))
    style = draw.random()
    if style < 0.25:
        tail = "-".join(part for part in (row.building, row.entrance, row.room) if part)
    else:
        word = draw.choice(("号楼", "幢", "栋", "#", "#楼"))
        number = chinese(row.building) if draw.random() < 0.08 and not word.startswith("#") else row.building
        entrance = f"{chinese(row.entrance) if draw.random() < 0.15 else row.entrance}单元" if row.entrance else ""
        tail = f"{number}{word}{entrance}{row.room}{draw.choice(('室', '', '号', '户'))}"
    text = f"{head}{name}{draw.choice(('', '', '', ' '))}{tail}"
    if draw.random() < 0.05:
        text = "".join(chr(ord(char) + 0xFEE0) if char.isascii() and char.isalnum() else char for char in text)
    return text


def impossible(row: PlaceRow, names: set[str], draw: random.Random) -> str:
    """A query no door answers."""
    kind = draw.randrange(4)
    head = f"淄博市{row.district_name}"
    if kind == 0:
        return f"{head}{row.estate}{row.building}号楼{row.entrance + '单元' if row.entrance else ''}{draw.randrange(30, 60)}99室"
    if kind == 1:
        return f"{head}{row.estate}{draw.randrange(300, 400)}号楼{row.room}"
    if kind == 2:
        name = "".join(draw.sample(SURNAMES, 3)) + draw.choice(ENDINGS)
        return f"{head}{name}{row.building}号楼{row.room}" if name not in names else f"{head}无此{name}1号楼101"
    return f"{head}{row.road}{row.estate}"


def query(row: PlaceRow, names: set[str], lacking: set[str], draw: random.Random) -> tuple[str, str]:
    """A text and the code it must be answered with; no code where there is no door to be found."""
    if row.estate in lacking:
        return wording(row, draw), ""
    return (wording(row, draw), row.code) if draw.random() < 0.85 else (impossible(row, names, draw), "")


def measure_matching(title: str, estates: list[Estate], queries: int, draw: random.Random, *, leave_out: int = 0) -> None:
    """Precision, recall, false accepts and speed on one register, which lacks every `leave_out`-th estate."""
    rows = [row for estate in estates for row in doors_of(estate, draw)]
    names = {estate.name for estate in estates}
    lacking = {name for at, name in enumerate(sorted(names), start=1) if leave_out and at % leave_out == 0}
    start = time.process_time()
    known = [row for row in rows if row.estate not in lacking]
    tree = PlaceTree.build(known, {"3703": "淄博市"} | {estate.division: estate.district for estate in estates})
    reader = reader_for(tree)
    built = time.process_time() - start
    picked = [draw.choice(rows) for _ in range(queries)]
    asked = [query(row, names, lacking, draw) for row in picked]
    texts = [text for text, _ in asked]
    speeds = []
    for _ in ("cold", "warm"):
        start = time.process_time()
        answers = match_many(reader, tree, texts)
        speeds.append(round(len(texts) / (time.process_time() - start)))
    right: Counter[str] = Counter()
    by_rule: dict[str, Counter[bool]] = {}
    for (_, truth), answer in zip(asked, answers, strict=True):
        given = answer.code if answer.verdict == Verdict.EXACT else ""
        right["possible" if truth else "impossible"] += 1
        right["given"] += bool(given) and bool(truth)
        right["found"] += bool(truth) and given == truth
        right["false accept"] += bool(given) and not truth
        if given:
            by_rule.setdefault(answer.rule, Counter())[given == truth] += 1
    print(f"\n{title}: {len(known):,} doors, {len(estates) - len(lacking):,} estates, tree and reader in {built:.1f} s")
    precision = 100 * right["found"] / max(1, right["given"])
    recall = 100 * right["found"] / max(1, right["possible"])
    accepts = 100 * right["false accept"] / max(1, right["impossible"])
    print(f"  precision {precision:.2f} %  recall {recall:.2f} %  false accepts {accepts:.2f} %")
    print(f"  per CPU second: cold {speeds[0]:,}, warm {speeds[1]:,}")
    for rule, counts in sorted(by_rule.items(), key=lambda item: -item[1].total()):
        print(f"    {rule:60} {counts.total():7,}  {100 * counts[True] / counts.total():.2f} %")


def main() -> None:
    """Measure everything that can be measured here."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[2] / "shared" / "data" / "address")
    options.add_argument("--estates", type=int, default=1500)
    options.add_argument("--queries", type=int, default=30_000)
    given = options.parse_args()
    measure_matching("invented register", invented_estates(given.estates // 4, random.Random(1)), given.queries // 2, random.Random(2))
    if (given.data / "estates_zibo.csv").is_file():
        listed = listed_estates(given.data / "estates_zibo.csv", given.estates)
        measure_matching("listed estates", listed, given.queries, random.Random(3))
        measure_matching("listed estates, one in ten not in the register", listed, given.queries // 2, random.Random(4), leave_out=10)


if __name__ == "__main__":
    main()
