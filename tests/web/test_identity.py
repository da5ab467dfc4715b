"""One sign-in for other services: a service of the city signs citizens in, a department's system is opened from a case."""

from __future__ import annotations

import json
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from html import unescape
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest
from jwcrypto import jwk, jwt
from starlette.testclient import TestClient
from tests.web.conftest import send, sign_in, words
from tests.web.small_city import FIRM, HOME, OWNER_ID, PASSWORD
from tests.web.test_cases import FORM, ITEM, act, apply

from datong.domain.errors import BadValue
from datong.store import Store
from datong.web import NewAccount, clock, create_account, identity

BACK = "https://bus.example/signed-in"
START = "https://food.example/start?from=counter"
VERIFIER = "correct-horse-battery-staple-0123456789-abcdefgh"
CHALLENGE = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


@dataclass
class Outside:
    """A service of somebody else: all it knows is its name, its secret and what discovery says."""

    browser: TestClient
    name: str
    secret: str
    back: str

    def begin(self, **changes: str) -> Any:
        """Send the browser with a request."""
        usual = {"client_id": self.name, "redirect_uri": self.back, "response_type": "code", "scope": "openid profile"}
        usual |= {"state": "s-1", "nonce": "n-1", "code_challenge": CHALLENGE, "code_challenge_method": "S256"}
        return self.browser.get("/identity/authorize?" + urlencode({name: value for name, value in (usual | changes).items() if value}))

    def answer(self, where: str) -> dict[str, str]:
        """What came back with the browser."""
        assert where.startswith(self.back + "?")
        return {name: values[0] for name, values in parse_qs(urlsplit(where).query).items()}

    def exchange(self, given: str, **changes: str) -> Any:
        """Ask for the statement, from the service's own machine."""
        form = {"grant_type": "authorization_code", "code": given, "redirect_uri": self.back, "code_verifier": VERIFIER} | changes
        return self.browser.post("/identity/token", data=form, headers={"authorization": self.basic()})

    def basic(self) -> str:
        """Its name and secret."""
        return "Basic " + b64encode(f"{quote(self.name)}:{quote(self.secret)}".encode()).decode()

    def read(self, token: str) -> dict[str, Any]:
        """Verify a statement by an independent library, with the keys and the issuer that discovery names."""
        found = self.browser.get("/.well-known/openid-configuration").json()
        keys = jwk.JWKSet.from_json(json.dumps(self.browser.get(found["jwks_uri"].removeprefix(found["issuer"])).json()))
        checked = jwt.JWT(jwt=token, key=keys, algs=found["id_token_signing_alg_values_supported"], check_claims={"exp": None})
        stated: dict[str, Any] = json.loads(checked.claims)
        assert stated["iss"] == found["issuer"] and stated["aud"] == self.name
        return stated


@pytest.fixture
def services(store: Store) -> Iterator[dict[str, str]]:
    """Secrets by name: two of citizens, one of officers."""
    made: dict[str, str] = {}
    with store.session() as session:
        for name, audience, department, start in (
            ("bus-card", "citizen", "transport", ""),
            ("library", "citizen", "culture", ""),
            ("food-system", "officer", "market_regulation", START),
        ):
            new = identity.NewService(name, f"{name}服务", department, audience, (BACK, "https://food.example/signed-in"), start)
            made[name] = identity.add_service(session, new, clock.now())
    yield made
    with store.session() as session:
        for table in ("identity_service", "identity_request", "identity_agreed"):
            session.run(f"DELETE FROM {table}")


@pytest.fixture
def bus(client: TestClient, services: dict[str, str]) -> Outside:
    return Outside(client, "bus-card", services["bus-card"], BACK)


def elsewhere(answer: Any) -> str:
    """Where a page of ours sends the browser on to."""
    if answer.status_code == 303:
        return str(answer.headers["location"])
    return unescape(re.findall(r'http-equiv="refresh" content="0;url=([^"]+)"', answer.text)[0])


def signed_in(service: Outside) -> str:
    """A code, by whatever the page asks."""
    asked = service.begin().headers["location"]
    shown = service.browser.get(asked)
    return elsewhere(shown if "http-equiv" in shown.text else send(service.browser, asked, asked, act="agree"))


def test_a_citizen_signs_in_to_a_service_and_sees_it_in_her_record(client: TestClient, bus: Outside) -> None:
    asked = bus.begin().headers["location"]
    assert client.get(asked).headers["location"].startswith("/sign-in?next=%2Fidentity%2Fask%2F"), "first she proves who she is"
    sign_in(client, "owner")
    page = client.get(asked).text
    assert "bus-card服务" in page and "您的姓名" in page and "不会知道您的密码" in page
    back = bus.answer(elsewhere(send(client, asked, asked, act="agree")))
    assert back["state"] == "s-1" and back["iss"]
    given = bus.exchange(back["code"]).json()
    stated = bus.read(given["id_token"])
    assert stated["nonce"] == "n-1" and stated["name"] and not re.search(r"[PHO][0-9A-HJKMNP-TV-Z]{9}|37\d{15}", json.dumps(stated))
    more = client.get("/identity/userinfo", headers={"authorization": f"Bearer {given['access_token']}"}).json()
    assert more["sub"] == stated["sub"]
    assert "您用统一身份登录了这个部门的服务" in client.get("/me/looked").text
    assert bus.exchange(back["code"]).json()["error"] == "invalid_grant", "a code is good once"


def test_the_second_time_nothing_is_asked_until_she_withdraws(client: TestClient, bus: Outside) -> None:
    sign_in(client, "owner")
    given = bus.exchange(bus.answer(signed_in(bus))["code"]).json()
    assert BACK in client.get(bus.begin().headers["location"]).text, "she agreed to just this"
    assert "同意并登录" in client.get(bus.begin(scope="openid").headers["location"]).text, "something else is asked again"
    assert "bus-card服务" in client.get("/me/identity").text
    send(client, "/me/identity/bus-card", "/me/identity")
    closed = client.get("/identity/userinfo", headers={"authorization": f"Bearer {given['access_token']}"})
    assert closed.status_code == 401 and closed.json()["error"] == "invalid_token"
    assert "同意并登录" in client.get(bus.begin().headers["location"]).text


def test_two_services_cannot_tell_that_it_is_the_same_person(client: TestClient, bus: Outside, services: dict[str, str]) -> None:
    sign_in(client, "owner")
    library = Outside(client, "library", services["library"], BACK)
    names = [one.read(one.exchange(one.answer(signed_in(one))["code"]).json()["id_token"])["sub"] for one in (bus, library, bus)]
    assert names[0] == names[2] != names[1]


def test_who_says_no_tells_nothing(client: TestClient, bus: Outside) -> None:
    sign_in(client, "owner")
    asked = bus.begin().headers["location"]
    told = bus.answer(elsewhere(send(client, asked, asked, act="refuse")))
    assert told["error"] == "access_denied" and "code" not in told


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"state": "x" * 600}, "invalid_request"),
    ],
)
def test_what_a_request_lacks_is_told_to_the_service(bus: Outside, changes: dict[str, str], error: str) -> None:
    assert bus.answer(bus.begin(**changes).headers["location"])["error"] == error


@pytest.mark.parametrize("changes", [{"client_id": "nobody"}, {"redirect_uri": "https://evil.example/"}, {"redirect_uri": BACK + "/more"}])
def test_nobody_is_sent_to_an_address_that_is_not_on_record(bus: Outside, changes: dict[str, str]) -> None:
    answer = bus.begin(**changes)
    assert answer.status_code == 404 and "evil" not in answer.text and "location" not in answer.headers


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"code_verifier": "x" * 50}, 400, "invalid_grant"),
        ({"redirect_uri": "https://food.example/signed-in"}, 400, "invalid_grant"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"code": "made-up"}, 400, "invalid_grant"),
    ],
)
def test_a_stolen_code_opens_nothing(client: TestClient, bus: Outside, changes: dict[str, str], status: int, error: str) -> None:
    sign_in(client, "owner")
    answer = bus.exchange(bus.answer(signed_in(bus))["code"], **changes)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_a_code_is_given_to_the_service_it_was_made_for(client: TestClient, bus: Outside, services: dict[str, str]) -> None:
    sign_in(client, "owner")
    code = bus.answer(signed_in(bus))["code"]
    assert Outside(client, "library", services["library"], BACK).exchange(code).json()["error"] == "invalid_grant"
    assert Outside(client, "bus-card", "wrong", BACK).exchange(code).status_code == 401


def test_codes_and_requests_end_by_themselves(client: TestClient, bus: Outside, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in(client, "owner")
    asked, code = bus.begin().headers["location"], bus.answer(signed_in(bus))["code"]
    began = clock.now()
    monkeypatch.setattr(clock, "now", lambda: began + timedelta(seconds=61))
    assert bus.exchange(code).json()["error"] == "invalid_grant"
    monkeypatch.setattr(clock, "now", lambda: began + timedelta(minutes=16))
    assert client.get(asked).status_code == 404, "and says to begin again at the service"


def test_a_service_of_officers_is_not_for_citizens(client: TestClient, services: dict[str, str]) -> None:
    sign_in(client, "owner")
    food = Outside(client, "food-system", services["food-system"], "https://food.example/signed-in")
    assert client.get(food.begin().headers["location"]).status_code == 403


def test_a_departments_system_is_opened_from_a_case_with_its_context(client: TestClient, store: Store, services: dict[str, str]) -> None:
    with store.session() as session:
        for name, department in (("lead_open", "approval"), ("food_open", "market_regulation")):
            if session.one("SELECT 1 FROM account WHERE account_id = :name", {"name": name}) is None:
                create_account(session, NewAccount(name, PASSWORD, "某人", "officer", department, "一科", ("officer",), ("3703",)))
    sign_in(client, "owner")
    number = apply(client)
    sign_in(client, "lead_open")
    act(client, number, "accept")
    where, case = f"/office/cases/{number}/open/food-system", f"/office/cases/{number}"
    assert send(client, where, case, task="food").status_code in (403, 404), "the system is another department's"
    sign_in(client, "food_open")
    assert "在“food-system服务”中办理" in client.get(case).text
    assert send(client, where, case, task="fire").status_code == 403, "the task is another department's"
    address = elsewhere(send(client, where, case, task="food"))
    food = Outside(client, "food-system", services["food-system"], "https://food.example/signed-in")
    assert address.startswith(START + "&")
    told = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    ticket = food.read(told["login_hint"])
    assert (ticket["case"], ticket["task"], ticket["department"]) == (number, "food", "market_regulation")
    stated = food.read(food.exchange(food.answer(signed_in(food))["code"]).json()["id_token"])
    assert stated["sub"] == ticket["sub"] and stated["department"] == "market_regulation", "the ticket and the sign-in name one officer"


@pytest.mark.parametrize(
    "new",
    [
        identity.NewService("x", "x", "transport", "citizen", (BACK,)),
        identity.NewService("good-name", "x", "nobody", "citizen", (BACK,)),
        identity.NewService("good-name", "x", "transport", "everybody", (BACK,)),
        identity.NewService("good-name", "x", "transport", "citizen", ()),
        identity.NewService("good-name", "x", "transport", "citizen", ("http://plain.example/back",)),
        identity.NewService("good-name", "x", "transport", "citizen", ("https://user@host.example/back",)),
        identity.NewService("good-name", "x", "transport", "citizen", (BACK,), "javascript:alert(1)"),
    ],
)
def test_a_service_is_let_in_only_with_all_it_needs(store: Store, new: identity.NewService) -> None:
    with store.session() as session, pytest.raises(BadValue):
        identity.add_service(session, new, clock.now())


def test_an_ended_service_asks_no_more(store: Store, bus: Outside) -> None:
    with store.session() as session:
        identity.end_service(session, "bus-card")
    assert bus.begin().status_code == 404


def test_any_counter_opens_another_departments_system_with_the_item_and_its_case(
    client: TestClient, store: Store, services: dict[str, str]
) -> None:
    with store.session() as session:
        new = identity.NewService("window-food", "食品窗口系统", "market_regulation", "counter", (BACK,), START)
        services["window-food"] = identity.add_service(session, new, clock.now())
    sign_in(client, "clerk")
    page = f"/office/counter/{ITEM}"
    assert "在“食品窗口系统”中办理" in client.get(page).text and "food-system" not in client.get(page).text
    food = Outside(client, "window-food", services["window-food"], BACK)
    where = "/office/counter-systems/window-food"
    ticket = food.read(shown_ticket(send(client, where, page, service=ITEM)))
    assert (ticket["item"], ticket["case"], ticket["task"], ticket["department"]) == (ITEM, "", "", "approval")
    made = send(client, page, page, applicant=OWNER_ID, name="张三", **FORM)
    number = re.search(r"C\d{8}-\d{4}", made.text)
    assert made.status_code == 200 and number and "在“食品窗口系统”中办理" in made.text
    ticket = food.read(shown_ticket(send(client, where, page, service=ITEM, case=number[0])))
    assert ticket["case"] == number[0] and "张三" not in json.dumps(ticket, ensure_ascii=False) and OWNER_ID not in json.dumps(ticket)
    stated = food.read(food.exchange(food.answer(signed_in(food))["code"]).json()["id_token"])
    assert stated["sub"] == ticket["sub"] and stated["department"] == "approval", "the system learns which window it is"
    with store.session(read_only=True) as session:
        line = session.all("SELECT body FROM ledger_line WHERE type = 'counter' ORDER BY leaf_index")[-1][0]
    assert number[0] in line and "window-food" in line
    assert send(client, where, page, service="insurance_statement").status_code == 404, "its department has no part in this item"
    assert send(client, "/office/counter-systems/food-system", page, service=ITEM).status_code == 404, "not opened to every counter"
    sign_in(client, "owner")
    own = apply(client)
    sign_in(client, "clerk")
    assert send(client, where, page, service=ITEM, case=own).status_code == 404, "a case that this counter did not begin"


def test_a_person_signs_in_for_a_company_she_represents_and_it_is_in_both_records(
    client: TestClient, bus: Outside, services: dict[str, str]
) -> None:
    sign_in(client, "owner")
    whole = "openid profile organisation"
    asked = bus.begin(scope=whole).headers["location"]
    page = client.get(asked).text
    assert "淄博鸿泰小超市有限公司" in page and "代表哪个企业登录" in page
    assert send(client, asked, asked, act="agree").status_code == 422, "she has to say which"
    assert send(client, asked, asked, act="agree", organisation=HOME).status_code == 422, "nothing else than hers"
    given = bus.exchange(bus.answer(elsewhere(send(client, asked, asked, act="agree", organisation=FIRM)))["code"]).json()
    stated = bus.read(given["id_token"])
    assert stated["organisation_name"] == "淄博鸿泰小超市有限公司" and stated["organisation"] not in (stated["sub"], FIRM)
    library = Outside(client, "library", services["library"], BACK)
    again = library.begin(scope="openid organisation").headers["location"]
    other = library.exchange(library.answer(elsewhere(send(client, again, again, act="agree", organisation=FIRM)))["code"]).json()
    told = library.read(other["id_token"])
    assert told["organisation"] != stated["organisation"] and "organisation_name" not in told, "another name for each service"
    bearer = {"authorization": f"Bearer {given['access_token']}"}
    assert client.get("/identity/userinfo", headers=bearer).json()["organisation"] == stated["organisation"]
    assert FIRM in client.get("/me/looked").text, "in her record, with the company she acted for"
    mine = words(client.get("/me/identity").text)
    assert "代表企业登录的记录" in mine and mine.count("淄博鸿泰小超市有限公司 ·") == 2
    once = bus.begin(scope=whole).headers["location"]
    assert "代表哪个企业登录" in client.get(once).text, "which company is asked each time"


def test_who_represents_nobody_signs_in_for_no_company_and_who_ceases_to_is_out(client: TestClient, bus: Outside, store: Store) -> None:
    sign_in(client, "tenant")
    asked = bus.begin(scope="openid organisation").headers["location"]
    assert "不能代表企业登录" in client.get(asked).text
    assert send(client, asked, asked, act="agree", organisation=FIRM).status_code == 422
    sign_in(client, "owner")
    asked = bus.begin(scope="openid organisation").headers["location"]
    code = bus.answer(elsewhere(send(client, asked, asked, act="agree", organisation=FIRM)))["code"]
    ended = "UPDATE relation SET until = :until WHERE type = 'legal_representative_of' AND to_code = :firm"
    with store.session() as session:
        session.run(ended, {"until": "2026-01-01", "firm": FIRM})
    try:
        assert bus.exchange(code).json()["error"] == "invalid_grant"
    finally:
        with store.session() as session:
            session.run(ended, {"until": "", "firm": FIRM})


def shown_ticket(answer: Any) -> str:
    """The signed ticket with which a browser is sent on."""
    return parse_qs(urlsplit(elsewhere(answer)).query)["login_hint"][0]
