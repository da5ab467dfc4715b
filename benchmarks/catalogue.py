"""The catalogue at a city's size: 100 departments, 1,200 systems, 4,000 resources (about 40,000 items of information).

    python benchmarks/catalogue.py            everything, in a temporary folder
    python benchmarks/catalogue.py --resources 1000

Search is compared with the same words sought by a plain scan of every published item in Python, in the same run: what a catalogue kept
as files would do. Times are medians of many different searches; CPU seconds stand beside wall seconds.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from datong import share
from datong.domain.access import Actor
from datong.settings import load_settings
from datong.share import boards, catalogue
from datong.spec import Department, load_packs
from datong.store import Session, migrate, open_store

ROOT = Path(__file__).parents[1]
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
THINGS = [
    "停车",
    "供水",
    "路灯",
    "桥梁",
    "学籍",
    "疫苗",
    "门诊",
    "粮食",
    "渔船",
    "仓库",
    "车站",
    "公园",
    "河道",
    "气象",
    "地震",
    "消防",
    "电梯",
    "锅炉",
    "特种设备",
    "食品",
    "药品",
    "化妆品",
    "商标",
    "专利",
    "合同",
    "招标",
    "采购",
    "预算",
    "国库",
    "债务",
]
KINDS = [
    "基本信息",
    "许可信息",
    "处罚信息",
    "检查记录",
    "统计数据",
    "监测数据",
    "人员名录",
    "机构名录",
    "台账",
    "目录",
    "评价结果",
    "预警信息",
]
ITEMS = [
    "名称",
    "编号",
    "代码",
    "地址",
    "经度",
    "纬度",
    "面积",
    "数量",
    "单价",
    "金额",
    "日期",
    "状态",
    "类别",
    "等级",
    "负责人",
    "电话",
    "备注",
    "来源",
    "开始日期",
    "结束日期",
]
KEEPER = Actor("keeper", "主管", "officer", "data", "", frozenset({"steward", "sharing_manager"}), ("",))


def resource(number: int, departments: int, systems: int, chance: random.Random) -> catalogue.Resource:
    system = number % systems
    names = chance.sample(ITEMS, 10)
    basis = catalogue.Basis("《政务数据共享条例》", "第十四条", "regulation", "conditional")
    return catalogue.Resource(
        title=f"{chance.choice(THINGS)}{chance.choice(KINDS)}{number}",
        department=f"d{system % departments:03d}",
        system=f"{chance.choice(THINGS)}管理系统{system}",
        summary=f"{chance.choice(THINGS)}业务中形成的{chance.choice(KINDS)}",
        classification=f"2{number % 12 + 1:02d}001",
        methods=("service",),
        condition="按协议使用",
        scope="本市各部门",
        used_for="履行职责",
        bases=(basis,),
        level=2,
        fields=tuple(catalogue.Field(name, f"f{at}", "text", 50, at % 2 + 1) for at, name in enumerate(names)),
    )


def timed(what: str, do: Callable[[], object], each: int = 1) -> object:
    wall, cpu = time.perf_counter(), time.process_time()
    found = do()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(f"{what:58} {wall:8.2f} s wall {cpu:8.2f} s CPU" + (f"  {each / wall:10,.0f}/s" if each > 1 else ""))
    return found


def medians(what: str, runs: list[Callable[[], object]]) -> float:
    times = []
    for run in runs:
        start = time.perf_counter()
        run()
        times.append(1000 * (time.perf_counter() - start))
    times.sort()
    median, late = statistics.median(times), times[int(0.95 * len(times))]
    print(f"{what:58} {median:8.2f} ms median {late:8.2f} ms p95   ({len(times)} runs)")
    return median


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--departments", type=int, default=100)
    parser.add_argument("--systems", type=int, default=1200)
    parser.add_argument("--resources", type=int, default=4000)
    size = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(load_settings(store=f"sqlite:///{folder}/store.db", environ={}))
        migrate(store)
        packs = load_packs(ROOT / "packs")
        more = {f"d{at:03d}": Department(f"d{at:03d}", f"第{at}局", f"Bureau {at}") for at in range(size.departments)}
        share.install(
            store, load_settings(environ={}, packs=str(ROOT / "packs")), replace(packs, departments={**packs.departments, **more})
        )
        chance = random.Random(7)
        made = [resource(at, size.departments, size.systems, chance) for at in range(size.resources)]
        with store.session() as session:
            run(session, made)
        store.close()


def run(session: Session, made: list[catalogue.Resource]) -> None:
    number = len(made)
    cast = catalogue.Cast({f"d{at:03d}": f"第{at}局" for at in range(1000)}, {})
    contents = {form: catalogue.write(made, form, cast) for form in catalogue.FORMS}
    for form in ("csv", "xlsx", "jsonld"):
        timed(
            f"read {form} of {number:,} ({len(contents[form]) / 1e6:.1f} MB)",
            lambda form=form: catalogue.read(contents[form], f"a.{form}", cast),
            number,
        )
    told = timed(
        f"import xlsx as {number:,} drafts, every check",
        lambda: catalogue.take_in(session, KEEPER, contents["xlsx"], "a.xlsx", now=NOW),
        number,
    )
    assert told.faults == () and len(told.entered) == number  # type: ignore[attr-defined]
    officer = replace(KEEPER, id="officer")

    def publish() -> None:
        for one in told.entered:  # type: ignore[attr-defined]
            session.run("UPDATE catalogue_item SET step = 'submitted', signed_by = 'head' WHERE resource = :one", {"one": one})
            assert catalogue.publish(session, officer, one, now=NOW) == ()

    timed(f"publish {number:,}, each with version, step and line", publish, number)
    found = catalogue.find(session, KEEPER, {}, size=500)
    assert found.total == number
    chance = random.Random(11)
    words = [f"{chance.choice(THINGS)} {chance.choice(ITEMS)}" for _ in range(200)]
    ours = medians("search two words, page 1 with the total", [lambda w=w: catalogue.find(session, KEEPER, {"q": w}) for w in words])
    bodies = [catalogue.words_of(one, "") for one in made]
    scan = medians(
        "the same words by a scan in Python", [lambda w=w: [b for b in bodies if all(part in b for part in w.split())] for w in words]
    )
    print(f"{'search against the bare scan in memory':58} {ours / scan:8.2f} times")
    cursor, cursors = "", []
    while True:
        page = catalogue.find(session, KEEPER, {}, cursor=cursor)
        if not (cursor := page.next_cursor):
            break
        cursors.append(cursor)
    medians("page 1 of everything", [lambda: catalogue.find(session, KEEPER, {})] * 50)
    medians("the last pages, by cursor", [lambda c=c: catalogue.find(session, KEEPER, {}, cursor=c) for c in cursors[-50:]])
    medians(
        "one item with versions, steps and clocks",
        [lambda r=r: catalogue.open_item(session, KEEPER, r, now=NOW) for r in chance.sample(told.entered, 200)],
    )  # type: ignore[attr-defined]
    for form in catalogue.FORMS:
        timed(f"export {form}", lambda form=form: catalogue.export(session, KEEPER, form), number)
    timed("the sharing board", lambda: boards.board(session, KEEPER, now=NOW))


if __name__ == "__main__":
    main()
