"""The walk of a guardianship: a court's judgment is delivered, the guardian answers for her ward, and no longer once the court says it ended."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from tests.simulated_city import City
from tests.walks.conftest import actor, citizen
from tests.walks.doors import Doors, doors
from tests.web.conftest import send

from datong import collect, fuse, registers, share
from datong.domain.access import Key, Reason
from datong.domain.errors import Forbidden

__all__ = ["doors"]
WARDS = """SELECT r.from_code, r.to_code, r.record_id, r.since FROM relation r
JOIN entry_key w ON w.code = r.from_code AND w.key_type = 'citizen_id' AND length(w.key_value) = 18
JOIN entry_key g ON g.code = r.to_code AND g.key_type = 'citizen_id' AND length(g.key_value) = 18
WHERE r.type = 'ward_of' AND r.until = '' AND r.resource = 'court_guardianship' ORDER BY r.from_code"""
RELIEF = actor("officer", "civil_affairs", roles=frozenset({"officer"}), jurisdiction=("",), domains=("welfare",))
HEADER = [
    "案号",
    "案由",
    "审理法院",
    "被监护人姓名",
    "被监护人身份证号",
    "民事行为能力",
    "监护人姓名",
    "监护人身份证号",
    "生效日期",
    "终止日期",
    "终止案号",
]


@pytest.fixture
def pair(city: City) -> tuple[str, str]:
    """A ward and her guardian, as the court's record has them."""
    ward, guardian, _, _ = city.one(WARDS)
    return ward, guardian


def sources_ends_it(city: City, pair: tuple[str, str], folder: Path) -> None:
    """The court's next delivery: the same judgments, this one with its last day."""
    kept = city.all("SELECT record_id, from_code, to_code, since, until, detail FROM relation WHERE type = 'ward_of' ORDER BY record_id")
    path = folder / "court_guardianship-20261121.csv"
    with path.open("w", encoding="gb18030", newline="") as target:
        rows = csv.writer(target)
        rows.writerow(HEADER)
        for number, (_, ward, guardian, since, until, detail) in enumerate(kept):
            capacity = "无民事行为能力" if '"none"' in detail else "限制民事行为能力"
            ended = "2026-11-21" if (ward, guardian) == pair else until
            people = [city.fact(one, field) for one in (ward, guardian) for field in ("name", "citizen_id")]
            rows.writerow([f"（2026）鲁0303民特{number}号", "申请", "区法院", *people[:2], capacity, *people[2:], since, ended, ""])
    source, now = city.packs.source("court_guardianship"), "2026-11-21T02:00:00+00:00"
    receipt = collect.receive(city.store, city.settings, source, path, received_at=now, received_from="cli", as_of="2026-11-21")
    assert receipt.state == "collected", receipt
    fuse.run(city.store, city.settings, city.packs, now)
    registers.rebuild(city.store, city.settings, city.packs, now)


def asked(city: City, doors: Doors, ward: str) -> str:
    """The counter asks for the ward's consent; the request's number."""
    wanted = share.WantedConsent("means_test", Key("citizen_id", city.fact(ward, "citizen_id")), once=False, reason=Reason("case", "救1"))
    with city.store.session() as session:
        made = share.ask_consent(session, RELIEF, wanted, now=doors.now)
    assert made.request is not None, made.grounds
    return made.request.request_id


def test_a_guardianship_begins_and_ends_by_the_courts_record(doors: Doors, city: City, pair: tuple[str, str], tmp_path: Path) -> None:
    ward, guardian = pair
    phone, other = doors.phone(guardian), doors.phone(ward)
    hers = f"/me/looked?home={ward}"
    assert "谁看过我照管的人" in phone.get(hers), "the guardian sees who looked at her ward"
    page = phone.get("/me/mandates")
    assert "我的被监护人" in page and "依来源部门的记录" in page and "成年人监护判决" in page and "有效" in page
    assert "我的监护人" in other.get("/me/mandates") and "监护人" in other.get("/me/data")
    request = asked(city, doors, ward)
    answer = send(phone.client, f"/me/consents/requests/{request}", "/me/consents", answer="give")
    assert answer.status_code == 303, answer.text
    with city.store.session() as session:
        given = next(one for one in share.my_consents(session, citizen(ward), now=doors.now) if one.purpose == "means_test")
        assert given.given_by == guardian, "she acted for the ward, and the ward's record says who did"
        assert share.may_act_for(session, guardian, ward, share.city_day(doors.now))
    sources_ends_it(city, pair, tmp_path)
    assert phone.client.get(hers).status_code == 403
    assert "已终止" in phone.get("/me/mandates") and "2026-11-21" in phone.get("/me/mandates")
    with city.store.session() as session:
        assert not share.may_act_for(session, guardian, ward, share.city_day(doors.now))
        with pytest.raises(Forbidden):
            share.who_looked(session, citizen(guardian), share.Wanted(subject=ward), now=doors.now)
    later = asked(city, doors, ward)
    assert send(phone.client, f"/me/consents/requests/{later}", "/me/consents", answer="give").status_code in (403, 404)


def test_nobody_else_answers_for_the_ward(doors: Doors, city: City, pair: tuple[str, str]) -> None:
    ward, guardian = pair
    (stranger,) = city.one(
        "SELECT code FROM entry WHERE kind = 'person' AND code NOT IN (SELECT from_code FROM relation WHERE to_code = :w) "
        "AND code NOT IN (SELECT to_code FROM relation WHERE from_code = :w) AND code <> :w ORDER BY code LIMIT 1",
        w=ward,
    )
    assert doors.phone(stranger).client.get(f"/me/looked?home={ward}").status_code == 403
    assert doors.phone(ward).client.get(f"/me/looked?home={guardian}").status_code == 403, "a ward does not look after her guardian"
    with city.store.session() as session:
        assert not share.may_act_for(session, stranger, ward, share.city_day(doors.now))
