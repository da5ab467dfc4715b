"""A city's whole catalogue, 755 items of three levels, found and read by anybody, signed in or not."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.web.conftest import words
from tests.web.small_city import fill

from datong import services, spec
from datong.settings import load_settings
from datong.spec.item_lists import COLUMNS
from datong.store import migrate, open_store
from datong.web import create_app

PACKS = Path(__file__).parents[2] / "packs"
LISTS = {"district": 345, "town": 282, "village": 77}
"""What a district publishes for each of its three levels."""
WHOLE = 755


def write_lists(folder: Path) -> None:
    """The three levels' lists, and the city's own items up to the whole catalogue's number: `items.csv` of a pack of its own."""
    shutil.copytree(PACKS, folder)
    (folder / "item_lists").mkdir()
    known = spec.load_services(spec.load_packs(PACKS), spec.Faults())
    missing = {level: number - sum(level in one.levels for one in known.values()) for level, number in LISTS.items()}
    rows = [(level, place) for level, number in missing.items() for place in range(number)]
    rows += [("city", place) for place in range(WHOLE - len(known) - len(rows))]
    with (folder / "item_lists" / "items.csv").open("w", encoding="utf-8", newline="") as file:
        made = csv.DictWriter(file, COLUMNS, restval="")
        made.writeheader()
        for level, place in rows:
            title = {"title_zh": f"{services.LEVEL_WORDS[level].zh}第{place}号证明", "title_en": f"Proof {place} of the {level}"}
            more = {
                "department": "civil_affairs",
                "levels": level,
                "statutory": "10",
                "promised": "3",
                "basis": "《中华人民共和国行政许可法》",
            }
            made.writerow({"code": f"{level}_{place}", **title, **more, "life": "family" if place % 2 else ""})


@pytest.fixture(scope="module")
def anybody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    place = tmp_path_factory.mktemp("portal")
    write_lists(place / "packs")
    settings = load_settings(place / "home", {}, rate_per_minute="100000", packs=str(place / "packs"))
    store = open_store(settings)
    migrate(store)
    fill(store, settings)
    with TestClient(create_app(settings, store), follow_redirects=False) as client:
        yield client
    store.close()


def total(page: str) -> int:
    found = re.search(r'role="status">共 (\d+) 项', page)
    assert found
    return int(found[1])


def test_every_level_shows_its_list(anybody: TestClient) -> None:
    page = anybody.get("/services").text
    assert total(page) == WHOLE
    for level, number in LISTS.items():
        assert f"{services.LEVEL_WORDS[level].zh} ({number})" in page, "the catalogue counts the items of each level"
        assert total(anybody.get(f"/services?level={level}").text) == number


def test_items_are_found_by_word_department_kind_and_event_of_a_life(anybody: TestClient) -> None:
    assert "开餐馆一件事" in anybody.get("/services?q=饭店").text
    assert "没有找到" in anybody.get("/services?q=造火箭").text
    led = anybody.get("/services?department=fire_rescue").text
    assert "开餐馆一件事" in led and "第1号证明" not in led
    assert total(anybody.get("/services?kind=one_thing").text) < total(anybody.get("/services?kind=ordinary").text)
    school = anybody.get("/services?life=school").text
    assert "小学一年级入学报名" in school and total(school) < 5
    second = anybody.get("/services?level=town&skip=40").text
    assert "skip=80" in second and "skip=0" in second, "page by page, forth and back to the first"
    assert anybody.get("/services?skip=-1&level=x'--").status_code == 200


def test_a_guide_is_read_without_signing_in_and_applying_asks_to_sign_in(anybody: TestClient) -> None:
    guide = words(anybody.get("/services/restaurant_opening").text)
    assert "不用您提交，由共享取得" in guide and "《食品经营许可和备案管理办法》第十二条" in guide
    assert anybody.get("/me/services/restaurant_opening/apply").headers["location"].startswith("/sign-in")
    assert "到窗口办理" in anybody.get("/services?q=第3号证明").text
    told_only = anybody.get("/services/town_3").text
    assert "承诺3个工作日" in told_only and "登录办理" not in told_only, "what nobody has worked out is told, not begun"
    assert anybody.get("/services/nothing_like_it").status_code == 404


def test_a_guide_says_where_to_go_at_each_level_that_handles_it(anybody: TestClient) -> None:
    both = words(anybody.get("/services/restaurant_opening").text)
    assert "到哪里办" in both and "市政务服务中心" in both and "高新区政务服务大厅" in both and "电话12345" in both
    assert "街道便民服务中心" not in both and "不动产登记与办税分中心" not in both, "another level's, and another department's"
    assert "不动产登记与办税分中心" in words(anybody.get("/services/new_home_transfer").text)
    assert "四宝山街道便民服务中心" in words(anybody.get("/services/town_3").text)
    assert "Where to go in person" in words(anybody.get("/services/restaurant_opening?lang=en").text)


def test_a_centre_with_a_fault_is_named(tmp_path: Path) -> None:
    shutil.copytree(PACKS / "registers", tmp_path / "registers")
    (tmp_path / "registers" / "centres.yml").write_text(
        "centres:\n  one:\n    title: {zh: 某大厅, en: A hall}\n    level: moon\n    division: here\n    departments: [nobody]\n",
        encoding="utf-8",
    )
    faults = spec.Faults()
    spec.load_centres(spec.load_packs(tmp_path), faults)
    said = " ".join(str(one) for one in faults.found)
    assert all(one in said for one in ("moon", "division", "nobody", "'address'", "'phone'", "centres.yml:4")), said


def test_a_list_with_a_fault_names_its_line(tmp_path: Path) -> None:
    (tmp_path / "registers").mkdir()
    shutil.copytree(PACKS / "registers", tmp_path / "registers", dirs_exist_ok=True)
    (tmp_path / "lists").mkdir()
    lines = [",".join(COLUMNS), "good,证明,Proof,civil_affairs,town,,10,3,《某法》,,,", "Bad Code,证明,Proof,civil_affairs,town,,10,3,x,,,"]
    lines += ["odd,证明,Proof,nobody,moon,,x,3,《某法》,,,"]
    (tmp_path / "lists" / "items.csv").write_text("\n".join(lines), encoding="utf-8")
    faults = spec.Faults()
    found = spec.load_services(spec.load_packs(tmp_path), faults)
    said = [str(one) for one in faults.found]
    assert "good" in found and any("items.csv:3" in one and "no name" in one for one in said), said
    assert any("items.csv:4" in one and "moon" in one for one in said) and any("nobody" in one for one in said), said
