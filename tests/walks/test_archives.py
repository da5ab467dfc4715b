"""A closed case is filed as a package that anybody with the ledger's key checks, opened for a reason its applicant sees, and disposed of."""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest
from tests.simulated_city import City
from tests.walks.doors import Doors, Phone, doors, own_premises
from tests.walks.test_pack_business import FIRM, SHOP, through
from tests.web.conftest import send
from typer.testing import CliRunner

from datong import ledger, services
from datong.cli.services import app
from datong.cli.worker import sweep_archives
from datong.domain.access import Actor
from datong.domain.errors import BadValue, BrokenLedger, DatongError, Forbidden, Missing
from datong.services import archives
from datong.services.archives import dispose
from datong.settings import Settings
from datong.store import Session, drop_file, raw_file

__all__ = ["doors"]
PAPER = b"%PDF-1.7 the layout of the kitchen"


@dataclass
class Closed:
    """A granted restaurant, filed."""

    doors: Doors
    city: City
    phone: Phone
    case_id: str
    archive: archives.Archive

    @property
    def package(self) -> bytes:
        return raw_file(self.city.settings, self.archive.sha256, "archives").read_bytes()

    @property
    def key(self) -> ledger.VerifierKey:
        return ledger.load_verifier(self.city.settings.home)


def person(department: str, role: str, number: int = 1) -> Actor:
    return Actor(f"{role}-{department}-{number}", "某人", "officer", department, "一科", frozenset({role}), ("",))


@pytest.fixture
def closed(doors: Doors, city: City) -> Closed:
    owner, premises = own_premises(city, "commercial", "office")
    credit, _ = city.one(FIRM)
    phone = doors.phone(owner)
    citizen = Actor("of_" + owner.lower(), "某市民", "citizen", subject=owner, roles=frozenset({"citizen"}))
    form = {name.removeprefix("f_"): text for name, text in SHOP.items() if name.startswith("f_")}
    with city.store.session() as session:
        papers = services.take_papers(session, {"layout": ("布局图.pdf", PAPER)})
        wanted = services.NewCase(
            "restaurant_opening",
            answers={"tobacco": "yes", "sign": "no", "own": "yes"},
            form={**form, "dishes": "hot", "premises": premises, "credit_code": credit, "firm": "某店", "address": "某路"},
            papers=papers,
        )
        begun = services.begin(session, citizen, wanted, now=doors.now)
    case_id = begun.case.case_id
    through(doors, case_id, "food", "fire", "environment", "tobacco")
    assert "已办结，准予" in phone.case(case_id)
    with city.store.session() as session:
        assert archives.file_closed(session, now=doors.now) == 0, "not before the days the city says"
    doors.later(days=31)
    with city.store.session() as session:
        assert archives.has_closed(session, now=doors.now) and archives.file_closed(session, now=doors.now) == 1
        assert not archives.has_closed(session, now=doors.now)
        (found,) = archives.find_archives(session, person("approval", "officer"), case_id=case_id)
    return Closed(doors, city, phone, case_id, found)


def repacked(package: bytes, change: Callable[[dict[str, bytes]], None], whole: bool = False) -> bytes:
    """The package with something changed; `whole`: with a manifest that fits the change."""
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        files = {name: opened.read(name) for name in opened.namelist()}
    change(files)
    if whole:
        manifest = json.loads(files["manifest.json"])
        rest = {name: content for name, content in files.items() if name not in ("manifest.json", "filed.tlog-proof")}
        manifest["files"] = {name: {"sha256": sha256(content).hexdigest(), "size": len(content)} for name, content in rest.items()}
        files["manifest.json"] = json.dumps(manifest, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in files.items():
            made.writestr(name, content)
    return out.getvalue()


def test_the_package_holds_the_whole_case_and_is_checked_with_a_key_alone(closed: Closed, tmp_path: Path) -> None:
    found = archives.check_package(closed.package, closed.key)
    assert (found.case_id, found.papers, found.licences) == (closed.case_id, 1, 5) and found.events > 10 and found.lines > 4
    with zipfile.ZipFile(io.BytesIO(closed.package)) as opened:
        metadata = opened.read("metadata.xml").decode()
        assert PAPER in [opened.read(name) for name in opened.namelist() if name.startswith("papers/")]
        assert json.loads(opened.read("form.json"))["form"]["shop_name"] == "某面馆"
        assert json.loads(opened.read("definition.json"))
    for said in ("保管期限", "30年", closed.case_id, closed.archive.archive_id, "开餐馆一件事"):
        assert said in metadata
    assert closed.archive.keep_until.startswith("2056-12-31")
    file = tmp_path / "archive.zip"
    file.write_bytes(closed.package)
    told = CliRunner().invoke(app, ["check-archive", str(file), "--key", str(closed.key)])
    assert told.exit_code == 0 and "Sound: archive" in told.output, told.output


def test_nothing_in_it_can_be_changed_left_out_or_added_unseen(closed: Closed) -> None:
    def form(files: dict[str, bytes]) -> None:
        files["form.json"] = files["form.json"].replace("某面馆".encode(), "别家店".encode())

    def paper(files: dict[str, bytes]) -> None:
        del files[next(name for name in files if name.startswith("papers/"))]

    def event(files: dict[str, bytes]) -> None:
        events = json.loads(files["events.json"])
        files["events.json"] = json.dumps(events[:-1], ensure_ascii=False).encode()

    def added(files: dict[str, bytes]) -> None:
        files["papers/extra.pdf"] = b"%PDF-"

    def proof(files: dict[str, bytes]) -> None:
        del files["proofs/002.tlog-proof"]

    for change in (form, paper, event, added, proof):
        for whole in (False, True):
            with pytest.raises(BrokenLedger):
                archives.check_package(repacked(closed.package, change, whole), closed.key)
    with pytest.raises(DatongError):
        archives.check_package(closed.package, ledger.VerifierKey("else.example/log", b"\x01" * 32))
    with pytest.raises(BrokenLedger):
        archives.check_package(b"no package", closed.key)


def test_an_officer_opens_it_for_a_reason_that_the_applicant_sees(closed: Closed) -> None:
    page = closed.doors.window("approval").get(f"/office/archives?case={closed.case_id}")
    assert closed.archive.archive_id in page and "保管到 2056-12-31" in page and "某面馆" not in page
    with closed.city.store.session() as session:
        with pytest.raises(BadValue):
            archives.open_archive(session, person("approval", "officer"), closed.archive.archive_id, "看", now=closed.doors.now)
        with pytest.raises(Missing):
            archives.open_archive(session, person("tax", "officer"), closed.archive.archive_id, "核对办件材料", now=closed.doors.now)
        with pytest.raises(Forbidden):
            archives.open_archive(
                session, person("approval", "window_clerk"), closed.archive.archive_id, "核对办件材料", now=closed.doors.now
            )
        opened = archives.open_archive(
            session, person("data", "archivist"), closed.archive.archive_id, "行政复议调阅", now=closed.doors.now
        )
    assert opened.form["shop_name"] == "某面馆" and len(opened.licences) == 5 and opened.events[0][0] == "submitted"
    page = f"/office/archives/{closed.archive.archive_id}"
    answer = send(closed.doors.window("approval").client, page, page, reason="诉讼举证调阅", way="open")
    assert "某面馆" in answer.text and "证照已签发" in answer.text
    looked = closed.phone.get("/me/looked")
    assert looked.count("为写明的目的查阅了这份电子档案") == 2 and closed.case_id in looked


def test_a_case_opened_again_and_closed_is_filed_again(closed: Closed) -> None:
    closed.doors.window("approval").do(closed.case_id, "reopen", tasks="food", note="发现材料有误")
    with closed.city.store.session() as session:
        assert not archives.has_closed(session, now=closed.doors.now)
    closed.doors.window("market_regulation").finish(closed.case_id, "food")
    closed.doors.later(days=31)
    with closed.city.store.session() as session:
        assert archives.file_closed(session, now=closed.doors.now) == 1
        found = archives.find_archives(session, person("approval", "officer"), case_id=closed.case_id)
        assert sorted(one.version for one in found) == [1, 2]
        second = next(one for one in found if one.version == 2)
    content = raw_file(closed.city.settings, second.sha256, "archives").read_bytes()
    assert archives.check_package(content, closed.key).events > archives.check_package(closed.package, closed.key).events


def test_at_the_end_of_its_term_it_goes_by_a_list_that_two_people_decide(closed: Closed) -> None:
    first, leader = person("approval", "archivist"), person("approval", "leader")
    number, now = closed.archive.archive_id, closed.doors.now
    with closed.city.store.session() as session:
        with pytest.raises(BadValue):
            archives.propose_disposal(session, first, [number], "保管期限已满，无保存价值", now=now)
        late = now.replace(year=2057)
        assert [one.archive_id for one in archives.due_archives(session, first, now=late)] == [number]
        made = archives.propose_disposal(session, first, [number], "保管期限已满，无保存价值", now=late)
        with pytest.raises(Forbidden):
            archives.decide_disposal(session, first, made.disposal_id, True, "同意按期销毁", now=late)
        refused = archives.decide_disposal(session, leader, made.disposal_id, False, "尚有诉讼未结", now=late)
        assert refused.state == "refused" and archives.find_archive(session, first, number).kept
        made = archives.propose_disposal(session, first, [number], "诉讼已结，期满", now=late)
        assert archives.decide_disposal(session, leader, made.disposal_id, True, "同意按期销毁", now=late).state == "done"
        assert not archives.find_archive(session, first, number).kept
        with pytest.raises(Missing):
            archives.open_archive(session, first, number, "再看一看内容", now=late)
        bodies = [row[0] for row in session.all("SELECT body FROM ledger_line WHERE type = 'archive' ORDER BY leaf_index")]
    assert all(one.exists() for one in files_of(closed)), "not before the disposal is committed"
    grown_old(closed)
    sweep(closed)
    assert not any(one.exists() for one in files_of(closed))
    for table in ("service_case", "service_event", "service_task", "service_paper"):
        assert closed.city.all(f"SELECT 1 FROM {table} WHERE case_id = :case", case=closed.case_id) == []
    assert "disposal_done" in bodies[-1] and number in bodies[-1]


def files_of(closed: Closed) -> tuple[Path, Path]:
    """The package and the paper of a case."""
    paper = raw_file(closed.city.settings, sha256(PAPER).hexdigest(), "papers")
    return raw_file(closed.city.settings, closed.archive.sha256, "archives"), paper


def grown_old(closed: Closed) -> None:
    """Nobody has handed the files in within the hour."""
    for file in files_of(closed):
        os.utime(file, (1_000_000_000, 1_000_000_000))


def sweep(closed: Closed) -> None:
    sweep_archives(closed.city.store, closed.city.settings, closed.doors.now.isoformat())


def disposed(session: Session, closed: Closed) -> None:
    late, first = closed.doors.now.replace(year=2057), person("approval", "archivist")
    made = archives.propose_disposal(session, first, [closed.archive.archive_id], "保管期限已满，无保存价值", now=late)
    archives.decide_disposal(session, person("approval", "leader"), made.disposal_id, True, "同意按期销毁", now=late)


def test_a_disposal_that_is_not_committed_loses_no_file_and_one_that_is_leaves_none(
    closed: Closed, monkeypatch: pytest.MonkeyPatch
) -> None:
    grown_old(closed)
    with pytest.raises(KeyboardInterrupt), closed.city.store.session() as session:
        disposed(session, closed)
        raise KeyboardInterrupt
    sweep(closed)
    assert all(one.exists() for one in files_of(closed)), "the disposal was interrupted: everything is still there"
    with closed.city.store.session() as session:
        assert archives.find_archive(session, person("approval", "archivist"), closed.archive.archive_id).kept
        disposed(session, closed)
    with monkeypatch.context() as patched:
        dropped: list[str] = []

        def interrupted(settings: Settings, digest: str, room: str) -> bool:
            if dropped:
                raise KeyboardInterrupt
            dropped.append(digest)
            return drop_file(settings, digest, room)

        patched.setattr(dispose, "drop_file", interrupted)
        with pytest.raises(KeyboardInterrupt):
            sweep(closed)
    assert sorted(one.exists() for one in files_of(closed)) == [False, True], "the sweep was interrupted between two files"
    sweep(closed)
    assert not any(one.exists() for one in files_of(closed))
    body = closed.city.all("SELECT body FROM ledger_line WHERE type = 'archive' ORDER BY leaf_index")[-1][0]
    assert json.loads(body) | {"act": "disposal_files_gone", "files": 2} == json.loads(body)
    assert closed.city.all("SELECT 1 FROM archive_file_gone") == []


def test_a_paper_handed_in_again_is_not_removed(closed: Closed) -> None:
    package, paper = files_of(closed)
    grown_old(closed)
    with closed.city.store.session() as session:
        disposed(session, closed)
        services.take_papers(session, {"layout": ("布局图.pdf", PAPER)})
    sweep(closed)
    assert paper.exists() and not package.exists(), "who handed it in may not have committed yet"
    os.utime(paper, (1_000_000_000, 1_000_000_000))
    with closed.city.store.session() as session:
        row = {"p": "p1", "c": "another", "d": sha256(PAPER).hexdigest()}
        session.run(
            "INSERT INTO service_paper (paper_id, case_id, code, name, media_type, size, sha256, at, by_whom) "
            "VALUES (:p, :c, 'layout', 'x.pdf', 'application/pdf', 1, :d, '2026-11-20', 'x')",
            row,
        )
    sweep(closed)
    assert paper.exists() and closed.city.all("SELECT 1 FROM archive_file_gone") == [], "another case has it"
