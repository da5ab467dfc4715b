"""The doors of the walks' city: a browser for each visitor, a key for each system, and a clock that the walk moves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.walks.conftest import City
from tests.web.conftest import send, sign_in, words

from datong import services
from datong.web import NewAccount, NewKey, clock, create_account, create_api_key, create_app

OWNED = """SELECT o.from_code, o.to_code FROM relation o JOIN entry h ON h.code = o.to_code AND h.kind = 'premises'
JOIN entry_key k ON k.code = o.to_code AND k.key_type = 'title_no' WHERE o.type = 'owns' AND o.until = '' AND o.from_code LIKE 'P%'
AND NOT EXISTS (SELECT 1 FROM mark m WHERE m.code = o.to_code) ORDER BY k.key_value"""
PASSWORD = "correct horse"
API = "api"
START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""A Monday morning, nine o'clock in the city."""
NUMBER = re.compile(r"C\d{8}-\d{4,9}")


@dataclass(frozen=True)
class Applied:
    """A case that was begun, and the codes for the other parties: what a seat is called → its code."""

    case_id: str
    codes: Mapping[str, str]

    @property
    def code(self) -> str:
        """The only code there is."""
        (found,) = self.codes.values()
        return found


class Doors:
    """Whoever comes to the city's doors in a walk."""

    def __init__(self, city: City, patch: pytest.MonkeyPatch) -> None:
        self.city, self.now = city, START
        patch.setattr(clock, "now", lambda: self.now)
        self._app = create_app(city.settings, city.store)
        self._open: dict[str, TestClient] = {}

    def phone(self, code: str) -> Phone:
        """A person of the registers, signed in."""
        account = NewAccount(f"of_{code.lower()}", PASSWORD, "某市民", "citizen", subject=code, roles=("citizen",))
        return Phone(self, self._visitor(account))

    def window(self, department: str, role: str = "officer") -> Window:
        """An officer of a department at her desk."""
        account = NewAccount(f"{role}_{department}", PASSWORD, "某科员", "officer", department, "一科", (role,), ("3703",))
        return Window(self, self._visitor(account))

    def key(self, department: str, *agreements: str) -> dict[str, str]:
        """The header of a department's system, with a key issued for these agreements."""
        with self.city.store.session() as session:
            secret = create_api_key(session, NewKey("业务系统", department, agreements), self.now.isoformat())
        return {"Authorization": f"Bearer {secret}"}

    def api(self) -> TestClient:
        """Where systems knock."""
        return self._client(API)

    def later(self, **time: float) -> None:
        """Time goes by; who was away for long signs in again."""
        self.now += timedelta(**time)
        for name, client in self._open.items():
            if name != API:
                assert sign_in(client, name, PASSWORD).status_code == 303

    def wait(self, **time: float) -> None:
        """Time goes by, and the clock of cases runs as the worker lets it."""
        self.later(**time)
        with self.city.store.session() as session:
            while services.tick(session, now=self.now):
                pass

    def times(self, service: str) -> tuple[services.Times, ...]:
        """How long an item's cases took."""
        with self.city.store.session(read_only=True) as session:
            return services.times(session, service)

    def close(self) -> None:
        """Everybody goes home."""
        for name, one in self._open.items():
            one.__exit__(None, None, None) if name == API else one.close()

    def _visitor(self, account: NewAccount) -> TestClient:
        if account.account_id not in self._open:
            with self.city.store.session() as session:
                create_account(session, account)
            made = self._client(account.account_id)
            assert sign_in(made, account.account_id, PASSWORD).status_code == 303
        return self._open[account.account_id]

    def _client(self, name: str) -> TestClient:
        if name not in self._open:
            self._open[name] = TestClient(self._app, follow_redirects=False)
            if name == API:
                self._open[name].__enter__()  # what systems send is committed together: that runs while the application does
        return self._open[name]


class Pages:
    """Somebody's pages."""

    def __init__(self, doors: Doors, client: TestClient) -> None:
        self.doors, self.client = doors, client

    def get(self, page: str) -> str:
        """What a page says."""
        answer = self.client.get(page)
        assert answer.status_code == 200, (page, words(answer.text))
        return words(answer.text)


class Phone(Pages):
    """A citizen's pages."""

    def form(self, service: str, **fields: str) -> str:
        """The form as it stands filled when she has written this much."""
        page = f"/me/services/{service}/apply"
        if not fields:
            return self.client.get(page).text
        return str(send(self.client, page, page, **{**_dotted(fields), "step": "fill"}).text)

    def send(self, service: str, **fields: str) -> Any:
        """Send the form; `f_x` is a field, `a_x` an answer, `d_x` a paper."""
        page = f"/me/services/{service}/apply"
        return send(self.client, page, page, **{**_dotted(fields), "step": "send"})

    def apply(self, service: str, **fields: str) -> Applied:
        """Send the form; it must be taken."""
        answer = self.send(service, **fields)
        assert answer.status_code == 303, words(answer.text)
        where = answer.headers["location"]
        found = NUMBER.search(where)
        assert found, where
        codes = {}
        if "/invited/" in where:
            shown = self.client.get(where).text
            codes = {str(at): code for at, code in enumerate(re.findall(r'class="code">([2-9A-Z]{10})<', shown))}
        return Applied(found[0], codes)

    def case(self, case_id: str) -> str:
        """What she reads of a case."""
        return self.get(f"/me/cases/{case_id}")

    def asked(self, code: str) -> str:
        """What she reads before she answers for a seat."""
        return words(send(self.client, "/me/confirm", "/me/confirm", code=code).text)

    def answer(self, code: str = "", *, says: str = "confirm", case_id: str = "", seat: str = "") -> None:
        """Her word in a seat, opened by its code or by her name."""
        given = {"code": code} if code else {"case": case_id, "seat": f"seat:{seat}"}
        done = send(self.client, "/me/confirm", "/me/confirm", **given, answer=says)
        assert done.status_code == 303, words(done.text)

    def messages(self) -> str:
        """What she was told."""
        return self.get("/me/messages")

    def do(self, case_id: str, act: str, **fields: str) -> None:
        """Withdraw, urge, hand in what lacked."""
        done = send(self.client, f"/me/cases/{case_id}/act", f"/me/cases/{case_id}", act=act, **_dotted(fields))
        assert done.status_code == 303, words(done.text)


class Window(Pages):
    """An officer's pages."""

    def case(self, case_id: str) -> str:
        """What she may read of a case."""
        return self.get(f"/office/cases/{case_id}")

    def do(self, case_id: str, act: str, task: str = "", **fields: str) -> Any:
        """One act upon a case; it must be taken."""
        page = f"/office/cases/{case_id}"
        done = send(self.client, f"{page}/act", page, act=act, task=task, **fields)
        assert done.status_code == 303, words(done.text)
        return done

    def finish(self, case_id: str, task: str, outcome: str = "agree", note: str = "") -> None:
        """Take a task and say yes or no."""
        self.do(case_id, "claim", task)
        self.do(case_id, "finish", task, outcome=outcome, note=note)

    def counter(self, service: str, number: str, name: str, **fields: str) -> Any:
        """Begin a case for the person at the counter."""
        page = f"/office/counter/{service}"
        return send(self.client, page, page, applicant=number, name=name, **_dotted(fields), step="send")


def own_premises(city: City, *uses: str) -> tuple[str, str]:
    """Somebody and premises of hers that nobody doubts, used as wished."""
    for owner, premises in city.all(OWNED):
        if city.fact(premises, "use") in uses:
            return owner, premises
    raise AssertionError(f"nobody in the city owns {uses}")


def stranger_to(city: City, owner: str, premises: str) -> str:
    """Somebody grown up, of whom nothing ties her to these premises or their owner."""
    return city.one(
        "SELECT k.code FROM entry_key k JOIN entry e ON e.code = k.code WHERE k.key_type = 'citizen_id' AND length(k.key_value) = 18 "
        "AND substr(k.key_value, 7, 4) < '2000' AND k.code <> :owner AND NOT EXISTS (SELECT 1 FROM relation r WHERE r.from_code = k.code "
        "AND r.to_code IN (:home, :owner)) AND NOT EXISTS (SELECT 1 FROM mark m WHERE m.code = k.code) ORDER BY k.key_value LIMIT 1",
        owner=owner,
        home=premises,
    )[0]


def _dotted(fields: Mapping[str, str]) -> dict[str, str]:
    kinds = {"a": "answer", "f": "form", "d": "document"}
    return {f"{kinds[name[0]]}.{name[2:]}": value for name, value in fields.items()}


@pytest.fixture
def doors(city: City, monkeypatch: pytest.MonkeyPatch) -> Iterator[Doors]:
    """The doors of a fresh copy of the city, on a Monday morning."""
    made = Doors(city, monkeypatch)
    yield made
    made.close()
