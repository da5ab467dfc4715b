"""How long a city's catalogue of 755 service items takes to load and check as a whole, and to search: `python benchmarks/items.py`.

Each item has the size of a usual guide: conditions, materials, documents, fees, questions, a form and three departments' tasks.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

from datong import services, share, spec

PACKS = Path(__file__).parents[1] / "packs"
ITEMS, LIMIT = 755, 1.0
FILES = 40


def item(number: int) -> str:
    """One item as YAML."""
    tasks = "\n".join(
        f"          part{part}: {{title: {{zh: 审查{part}, en: Part {part}}}, department: {department}, days: 10, promised: 5, sees: [name, matter]}}"
        for part, department in enumerate(("market_regulation", "fire_rescue", "ecology"))
    )
    return f"""  item_{number}:
    title: {{zh: 第{number}号事项许可, en: Permit number {number}}}
    department: approval
    levels: [city, district]
    purpose: catering_licensing
    basis: 《中华人民共和国行政许可法》
    conditions:
      - {{zh: 依法登记并有固定场所, en: Registered and with premises, reference: 第三十八条}}
      - {{zh: 具备相应的人员和设备, en: People and equipment fit, reference: 第三十九条}}
    materials:
      identity: {{title: {{zh: 申请人身份信息, en: Identity}}, paper: household_booklet}}
      title: {{title: {{zh: 房屋权属信息, en: Title}}, paper: title_certificate}}
    documents:
      - {{code: plan, title: {{zh: 平面布局图, en: Layout}}, because: 第十二条}}
    results:
      - {{zh: 许可证, en: Permit}}
    days: {{statutory: 20, promised: 8, reference: 第四十二条}}
    facts:
      name: {{title: {{zh: 姓名, en: Name}}, register: person, key: applicant, field: name}}
    questions:
      again: {{title: {{zh: 是否变更, en: Is it a change}}, answers: {{"yes": {{zh: 是, en: "Yes"}}, "no": {{zh: 否, en: "No"}}}}}}
    form:
      name: {{title: {{zh: 姓名, en: Name}}, fact: name}}
      matter: {{title: {{zh: 事由, en: Matter}}, type: long_text}}
    stages:
      review:
        title: {{zh: 审查, en: Review}}
        tasks:
{tasks}
"""


def main() -> None:
    """Write the items, load them, and say how long it took."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for name in ("registers", "catering", "licences"):
            shutil.copytree(PACKS / name, folder / name)
        for number in range(FILES):
            (folder / f"office_{number:02}").mkdir()
            body = "".join(item(one) for one in range(number, ITEMS - 1, FILES))
            (folder / f"office_{number:02}" / "service.yml").write_text(f"services:\n{body}", encoding="utf-8")
        packs = spec.load_packs(folder)
        best, processor = float("inf"), 0.0
        for _ in range(3):
            faults, began, cpu = spec.Faults(), time.perf_counter(), time.process_time()
            found = spec.load_services(packs, faults)
            if (taken := time.perf_counter() - began) < best:
                best, processor = taken, time.process_time() - cpu
        faults.raise_any()
    items = services.Items(found, services.Working(share.calendar_of(packs)))
    print(f"{len(found)} items loaded and checked in {best:.2f} s ({processor:.2f} s cpu); limit {LIMIT:.0f} s")
    for words, level in (("", ""), ("事项 许可", ""), ("饭店", ""), ("许可", "district")):
        print(f"search {words!r} {level!r}: {timed(items, words, level)}")


def timed(items: services.Items, words: str, level: str) -> str:
    """Middle and slowest but two of 200 searches, with the processor time of one."""
    taken, cpu = [], time.process_time()
    for _ in range(200):
        began = time.perf_counter()
        services.search(items, services.Search(words, level))
        taken.append(time.perf_counter() - began)
    taken.sort()
    return f"p50 {taken[100] * 1000:.2f} ms, p99 {taken[197] * 1000:.2f} ms, {(time.process_time() - cpu) * 5:.2f} ms cpu each"


if __name__ == "__main__":
    main()
