"""Data opened to everybody: proposed, signed, reviewed, read under an agreement with the public, downloaded, corrected, withdrawn."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.walks.conftest import City, actor

from datong import share
from datong.domain.access import Actor, Answer, Question
from datong.domain.errors import BadValue, Forbidden, Missing
from datong.settings import load_settings
from datong.share import catalogue, open_data
from datong.share.csv_text import csv_text
from datong.share.open_data import copy, files
from datong.share.prepared import Prepared
from datong.store import Session

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
FIRMS = open_data.Wanted(
    "market_enterprise", "企业名录", "Register of companies", "本市登记企业的名称、代码、类型和状态", "rows", "organisation",
    ("org_name", "credit_code", "org_type", "status"),
)  # fmt: skip
BY_STATUS = replace(FIRMS, title="企业数量（按状态）", title_en="Companies by status", shape="counts", fields=("status",))


@pytest.fixture
def session(city: City) -> Iterator[Session]:
    with city.store.session() as opened:
        catalogue.bring_in(opened, AT)
        yield opened


def officer(department: str, role: str) -> Actor:
    return actor("officer", department, id=f"{role}-{department}", unit="数据科", roles=frozenset({role}), jurisdiction=("",))


STEWARD, HEAD = officer("market_regulation", "steward"), officer("market_regulation", "sharing_officer")
AUTHORITY, STRANGER = officer("data", "sharing_manager"), officer("tax", "steward")


def opened(session: Session, wanted: open_data.Wanted = FIRMS) -> str:
    dataset, faults = open_data.propose_opening(session, STEWARD, wanted, now=AT)
    assert dataset is not None and faults == ()
    open_data.sign_opening(session, HEAD, dataset.code, now=AT)
    assert open_data.open_to_public(session, AUTHORITY, dataset.code, now=AT).faults == ()
    return dataset.code


def test_personal_fields_classes_and_small_counts_are_refused_by_name(session: Session) -> None:
    with pytest.raises(Forbidden):
        open_data.propose_opening(session, STRANGER, FIRMS, now=AT)
    wanted = replace(FIRMS, fields=("org_name", "legal_representative", "legal_representative_id", "phone", "taxed_until"))
    dataset, faults = open_data.propose_opening(session, STEWARD, wanted, now=AT)
    assert dataset is None
    named = {one.field for one in faults}
    assert named == {f"fields.{name}" for name in ("legal_representative", "legal_representative_id", "phone", "taxed_until")}
    police = officer("police", "steward")
    faults = open_data.propose_opening(session, police, replace(FIRMS, resource="police_household", register="person"), now=AT)[1]
    assert {one.field for one in faults} >= {"resource", "register"}, "not classed as openable; persons never"
    faults = open_data.propose_opening(session, STEWARD, replace(FIRMS, register="premises", fields=("address",)), now=AT)[1]
    assert {one.field for one in faults} == {"shape"}
    by_name = replace(BY_STATUS, fields=("org_name",))
    assert open_data.propose_opening(session, STEWARD, by_name, now=AT)[1][0].field == "fields.org_name"
    small = replace(BY_STATUS, title="按成立日期", fields=("founded_on",))
    dataset, faults = open_data.propose_opening(session, STEWARD, small, now=AT)
    assert dataset is not None and faults == ()
    open_data.sign_opening(session, HEAD, dataset.code, now=AT)
    told = open_data.open_to_public(session, AUTHORITY, dataset.code, now=AT).faults
    assert told and all("少于 10 个" in one.reason for one in told) and "只有" in told[0].reason
    assert dataset.code not in share.installed(session).sharing.agreements, "nothing is in force that was not opened"
    with pytest.raises(Missing):
        open_data.show(session, dataset.code, now=AT)


def test_three_people_decide_and_everybody_has_the_very_file_that_was_published(session: Session, city: City) -> None:
    dataset, _ = open_data.propose_opening(session, STEWARD, FIRMS, now=AT)
    assert dataset is not None
    alone = replace(STEWARD, roles=frozenset({"steward", "sharing_officer"}))
    with pytest.raises(Forbidden):
        open_data.sign_opening(session, alone, dataset.code, now=AT)
    with pytest.raises(BadValue):
        open_data.open_to_public(session, AUTHORITY, dataset.code, now=AT)
    open_data.sign_opening(session, HEAD, dataset.code, now=AT)
    assert open_data.search(session, "企业名录", now=AT) == ((), 0)
    made = open_data.open_to_public(session, AUTHORITY, dataset.code, now=AT)
    (shown,), total = open_data.search(session, "企业 名录", "market_regulation", now=AT)
    assert total == 1 and shown.dataset.licence == "conditional" and shown.dataset.condition and shown.licence is not None
    assert shown.newest is not None and shown.newest.rows == made.rows > 20 and shown.fresh.light in ("green", "yellow", "red")
    with pytest.raises(Forbidden):
        open_data.take_copy(session, dataset.code, "csv", now=AT)
    table = open_data.take_copy(session, dataset.code, "csv", agreed=True, now=AT)
    assert table.content.startswith(b"\xef\xbb\xbf") and hashlib.sha256(table.content).hexdigest() == table.sha256 == made.sha256
    rows = list(csv.reader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert rows[0] == ["单位名称", "统一社会信用代码", "单位类型", "登记状态"] and len(rows) == made.rows + 1
    plain = json.loads(open_data.take_copy(session, dataset.code, "json", agreed=True, now=AT).content)
    assert [list(one.values()) for one in plain["rows"]] == rows[1:] and plain["version"] == 1
    piece = open_data.take_rows(session, dataset.code, 5, 3, agreed=True, now=AT)
    assert piece["rows"] == plain["rows"][5:8] and piece["total"] == made.rows
    assert open_data.show(session, dataset.code, now=AT).downloads == 3
    legal = {row[0] for row in city.all("SELECT label FROM entry WHERE kind = 'person'")}
    assert not legal & {cell for row in rows for cell in row}, "nobody's name is in it"


def test_it_is_read_under_an_agreement_with_the_public_and_each_subject_leaves_a_line(session: Session) -> None:
    before = session.one("SELECT count(*) FROM ledger_line WHERE purpose = 'open_data'")
    code = opened(session)
    agreement = share.installed(session).sharing.agreements[code]
    assert (agreement.requesting, agreement.operations, agreement.roles) == (("public",), ("extract",), ())
    after = session.one("SELECT count(*) FROM ledger_line WHERE purpose = 'open_data'")
    version = open_data.show(session, code, now=AT).newest
    assert before and after and version and after[0] - before[0] >= version.rows
    acts = [row[0] for row in session.all("SELECT body FROM ledger_line WHERE type = 'catalogue' ORDER BY leaf_index")][-3:]
    assert ["opening_proposed" in acts[0], "opening_signed" in acts[1], '"act":"opened"' in acts[2]] == [True] * 3
    assert version.csv_sha256 in acts[2]
    for question in (
        Question("open_data", "list", "organisation"),
        Question("open_data", "extract", "organisation", fields=("legal_representative",)),
        Question("open_data", "extract", "person"),
    ):
        public = Actor("public", "", "system", "public", jurisdiction=("",), agreements=(code,))
        assert share.ask(session, public, question, now=AT).outcome == "refused"
    stranger = Actor("k", "", "system", "tax", jurisdiction=("",), agreements=(code,))
    assert share.ask(session, stranger, Question("open_data", "extract", "organisation"), now=AT).outcome == "refused"


def test_counts_are_of_groups_that_are_large_enough(session: Session) -> None:
    wanted = replace(BY_STATUS, resource="market_enterprise")
    dataset, faults = open_data.propose_opening(session, STEWARD, wanted, now=AT)
    assert dataset is not None and faults == ()
    open_data.sign_opening(session, HEAD, dataset.code, now=AT)
    told = open_data.open_to_public(session, AUTHORITY, dataset.code, now=AT)
    if told.faults:
        assert all("少于" in one.reason for one in told.faults)
        return
    rows = json.loads(open_data.take_copy(session, dataset.code, "json", agreed=True, now=AT).content)["rows"]
    assert rows and all(int(row["number"]) >= 10 for row in rows)


@pytest.fixture
def code(city: City) -> str:
    with city.store.session() as session:
        catalogue.bring_in(session, AT)
        return opened(session)


def deliver_newer(city: City) -> None:
    with city.store.session() as session:
        session.run("UPDATE delivery SET as_of = '2026-11-25' WHERE resource = 'market_enterprise' AND state = 'collected'")
        session.run("UPDATE member SET as_of = '2026-11-25' WHERE resource = 'market_enterprise'")


def files_of(city: City) -> set[str]:
    return {one.name for one in (city.settings.home / "open").rglob("*") if one.is_file()}


def test_a_newer_delivery_makes_the_next_version_and_the_old_one_stays(city: City, code: str) -> None:
    assert open_data.renew_openings(city.store, now=AT) == 0
    with city.store.session() as session:
        first = open_data.take_copy(session, code, "csv", agreed=True, now=AT)
    deliver_newer(city)
    assert open_data.renew_openings(city.store, now=AT) == 1 and open_data.renew_openings(city.store, now=AT) == 0
    with city.store.session() as session:
        versions = open_data.show(session, code, now=AT).versions
        assert [one.version for one in versions] == [2, 1] and versions[0].as_of == "2026-11-25"
        assert open_data.take_copy(session, code, "csv", version=1, agreed=True, now=AT).content == first.content
        line = session.all("SELECT body FROM ledger_line WHERE type = 'catalogue' ORDER BY leaf_index")[-1][0]
    assert '"act":"opening_renewed"' in line and versions[0].csv_sha256 in line


def test_others_write_while_a_version_is_read_and_one_that_is_interrupted_leaves_nothing(
    city: City, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver_newer(city)
    monkeypatch.setattr(copy, "PAGE", 10)
    before, settled, written = files_of(city), copy.settle, []

    def interrupted(session: Session, prepared: Prepared) -> Answer:
        if len(written) == 2:
            raise KeyboardInterrupt
        written.append(1)
        return settled(session, prepared)

    monkeypatch.setattr(copy, "settle", interrupted)
    with pytest.raises(KeyboardInterrupt):
        open_data.renew_openings(city.store, now=AT)
    assert files_of(city) == before, "no file of it stays"
    with city.store.session(read_only=True) as session:
        assert [one.version for one in open_data.show(session, code, now=AT).versions] == [1]

    def meanwhile(session: Session, prepared: Prepared) -> Answer:
        answer = settled(session, prepared)
        written.append(1)
        return answer

    prepare = copy.prepare

    def while_reading(session: Session, actor: Actor, question: Question, *, now: datetime | None = None) -> Prepared:
        with city.store.session(wait=False) as other:
            other.run("UPDATE open_dataset SET summary = :text WHERE code = :code", {"text": f"{len(written)}", "code": code})
        return prepare(session, actor, question, now=now)

    monkeypatch.setattr(copy, "settle", meanwhile)
    monkeypatch.setattr(copy, "prepare", while_reading)
    assert open_data.renew_openings(city.store, now=AT) == 1 and len(written) > 4
    with city.store.session(read_only=True) as session:
        shown = open_data.show(session, code, now=AT)
    assert [one.version for one in shown.versions] == [2, 1] and shown.dataset.summary == str(len(written) - 1)


def test_a_version_replaced_or_withdrawn_meanwhile_is_not_published(city: City, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    deliver_newer(city)
    settle = copy.settle

    def withdrawn(session: Session, prepared: Prepared) -> Answer:
        answer = settle(session, prepared)
        session.run("UPDATE open_dataset SET state = 'withdrawn' WHERE code = :code", {"code": code})
        return answer

    monkeypatch.setattr(copy, "settle", withdrawn)
    before = files_of(city)
    assert open_data.renew_openings(city.store, now=AT) == 0
    assert files_of(city) == before and not city.all("SELECT code FROM open_version WHERE version = 2")


def test_the_steward_asks_and_the_worker_makes_the_next_version(city: City, code: str) -> None:
    with city.store.session() as session:
        with pytest.raises(Forbidden):
            open_data.ask_renewal(session, STRANGER, code, now=AT)
        work = open_data.opening_work(session, STEWARD, now=AT)
        assert ["renew" in acts for one, acts in work.datasets if one.code == code] == [True]
        assert open_data.ask_renewal(session, STEWARD, code, now=AT).asked
        work = open_data.opening_work(session, STEWARD, now=AT)
        assert ["renew" in acts for one, acts in work.datasets if one.code == code] == [False]
    assert open_data.renew_openings(city.store, now=AT) == 1 and open_data.renew_openings(city.store, now=AT) == 0
    with city.store.session() as session:
        assert [one.version for one in open_data.show(session, code, now=AT).versions] == [2, 1]


def test_pieces_are_the_same_with_and_without_an_index(city: City, code: str) -> None:
    with city.store.session() as session:
        whole = json.loads(open_data.take_copy(session, code, "json", agreed=True, now=AT).content)
        n = len(whole["rows"])
        pieces = [(0, 1), (0, 1000), (n - 1, 5), (n, 5), (n + 7, 5), (7, n)]
        first = [open_data.take_rows(session, code, *one, agreed=True, now=AT) for one in pieces]
        (index,) = (city.settings.home / "open").rglob("*.rows")
        kept = index.read_bytes()
        index.unlink()
        assert [open_data.take_rows(session, code, *one, agreed=True, now=AT) for one in pieces] == first
    assert index.read_bytes() == kept, "a version without an index gets the very same one"
    for (skip, limit), piece in zip(pieces, first, strict=True):
        assert piece == whole | {"rows": whole["rows"][skip : skip + limit], "total": n, "sha256": index.stem}


@given(st.lists(st.tuples(st.text(max_size=3), st.sampled_from(("", "=1", "甲", "\n,")))), st.integers(0, 9), st.integers(1, 9))
def test_files_are_what_they_were_when_all_rows_were_held(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]], skip: int, limit: int
) -> None:
    settings = load_settings(tmp_path_factory.mktemp("files"), {})
    heads, about = [("a", "甲"), ("b", "乙")], {"dataset": "O1", "version": 1}
    with pytest.MonkeyPatch.context() as patched, files.VersionFiles(settings) as made:
        patched.setattr(files, "RUN", 4)
        for row in rows:
            made.sorted.add([row])
        made.write(heads, about, made.sorted)
        table, plain = made.keep()
    document = about | {"rows": [{"a": a, "b": b} for a, b in sorted(rows)]}
    assert plain.path.read_bytes() == json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    assert table.path.read_bytes() == csv_text([["甲", "乙"], *sorted(rows)]).encode()
    assert files.read_piece(settings, plain.sha256, skip, limit) == document | {"rows": document["rows"][skip : skip + limit]}  # type: ignore[index]


def test_withdrawn_with_a_reason_suspended_and_stopped_nothing_is_given(session: Session) -> None:
    code = opened(session)
    share.act_on_agreement(session, officer("data", "sharing_manager"), code, "suspend", "核实数据后恢复", now=AT)
    with pytest.raises(Forbidden):
        open_data.take_copy(session, code, "csv", agreed=True, now=AT)
    share.act_on_agreement(session, officer("data", "sharing_manager"), code, "resume", "核实完毕恢复开放", now=AT)
    assert open_data.take_copy(session, code, "csv", agreed=True, now=AT).content
    with pytest.raises(BadValue):
        open_data.withdraw_opening(session, HEAD, code, "", now=AT)
    with pytest.raises(Forbidden):
        open_data.withdraw_opening(session, officer("tax", "sharing_officer"), code, "不归我管的数据", now=AT)
    open_data.withdraw_opening(session, HEAD, code, "数据质量需要整改", now=AT)
    shown = open_data.show(session, code, now=AT)
    assert (shown.dataset.state, shown.dataset.why) == ("withdrawn", "数据质量需要整改")
    with pytest.raises(Forbidden):
        open_data.take_copy(session, code, "csv", agreed=True, now=AT)
    assert code not in share.installed(session).sharing.agreements
    assert "opening_withdrawn" in session.all("SELECT body FROM ledger_line WHERE type = 'catalogue' ORDER BY leaf_index")[-1][0]


def test_public_data_on_demand_is_answered_with_reasons_on_a_clock(session: Session) -> None:
    code = opened(session)
    citizen = actor("citizen", id="citizen-1", subject="", roles=frozenset({"citizen"}))
    with pytest.raises(BadValue):
        open_data.wish(session, citizen, open_data.WishedFor("某人的档案", "身份证370303199001011239的"), now=AT)
    wanted = open_data.WishedFor("食品抽检结果", "想给家长做一个查询小程序", "market_regulation")
    asked = open_data.wish(session, citizen, wanted, now=AT)
    assert asked.state == "open" and asked.due > "2026-11-20" and open_data.wishes(session) == ()
    work = open_data.opening_work(session, officer("market_regulation", "sharing_officer"), now=AT)
    assert [one.wish_id for one in work.wishes] == [asked.wish_id] and work.wishes[0].light == "green"
    late = open_data.opening_work(session, HEAD, now=datetime(2027, 3, 1, 2, tzinfo=UTC))
    assert late.wishes[0].light == "red"
    with pytest.raises(Forbidden):
        open_data.answer_wish(
            session, officer("tax", "officer"), asked.wish_id, open_data.WishAnswer("planned", "明年开放这项数据"), now=AT
        )
    with pytest.raises(BadValue):
        open_data.answer_wish(session, HEAD, asked.wish_id, open_data.WishAnswer("declined", "这项数据不能开放"), now=AT)
    done = open_data.answer_wish(
        session, HEAD, asked.wish_id, open_data.WishAnswer("opened", "名录已经开放，可以使用", dataset=code), now=AT
    )
    assert (done.state, done.dataset) == ("opened", code)
    assert [one.wish_id for one in open_data.wishes(session)] == [asked.wish_id]
    assert [one.kind for one in share.notices(session, citizen)] == ["open_wish"]


def test_the_public_reports_what_is_wrong_and_reads_the_answer(session: Session) -> None:
    code = opened(session)
    made = open_data.report_correction(session, code, "第三行的名称与营业执照不一致", now=AT)
    (seen,) = open_data.show(session, code, now=AT).corrections
    assert (seen.correction_id, seen.state) == (made.correction_id, "open")
    work = open_data.opening_work(session, HEAD, now=AT)
    assert [one.correction_id for one in work.corrections] == [made.correction_id]
    open_data.answer_correction(session, HEAD, made.correction_id, ("upheld", "已在登记系统更正，下一版生效"), now=AT)
    (seen,) = open_data.show(session, code, now=AT).corrections
    assert (seen.state, seen.answer) == ("upheld", "已在登记系统更正，下一版生效")


def test_the_open_catalogue_is_dcat_ap_with_files_and_hashes(session: Session) -> None:
    code = opened(session)
    whole = open_data.dcat(session, "https://data.example")
    part = next(one for one in whole["dcat:dataset"] if one["dct:identifier"] == code)
    version = open_data.show(session, code, now=AT).newest
    assert version is not None
    files = {one["dct:title"].rpartition(" ")[2]: one for one in part["dcat:distribution"]}
    assert files["CSV"]["spdx:checksum"]["spdx:checksumValue"] == version.csv_sha256
    assert files["JSON"]["dcat:downloadURL"]["@id"] == f"https://data.example/api/v1/open/datasets/{code}/files/json"
    assert "datong:fields" not in part and part["dct:license"]["dct:title"] == "公共数据有条件开放许可"
    assert code in json.dumps(whole, ensure_ascii=False)
