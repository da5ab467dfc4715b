"""The shields around every request: pace, size, headers."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from datong.web.shields import BodyLimit, Pace, SafeHeaders


async def echo(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


def app() -> Starlette:
    return Starlette(routes=[Route("/", echo, methods=["GET", "POST"])])


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_gives_a_burst_and_then_one_token_at_a_time():
    clock = Clock()
    pace = Pace(app(), per_minute=60, clock=clock)
    assert [pace.take("a") for _ in range(60)] == [0] * 60
    assert pace.take("a") == 1
    assert pace.take("b") == 0
    clock.now += 1
    assert pace.take("a") == 0
    assert pace.take("a") > 0


def test_too_many_requests_say_how_long_to_wait():
    client = TestClient(Pace(app(), per_minute=3, clock=Clock()))
    assert [client.get("/").status_code for _ in range(3)] == [200] * 3
    answer = client.get("/")
    assert answer.status_code == 429
    assert answer.headers["content-type"] == "application/problem+json"
    assert int(answer.headers["retry-after"]) >= 1


def test_another_key_does_not_escape_the_address_for_ever():
    client = TestClient(Pace(app(), per_minute=2, clock=Clock()))
    answers = [client.get("/api/health", headers={"Authorization": f"Bearer {number}"}).status_code for number in range(21)]
    assert answers == [404] * 20 + [429]


def test_at_the_pages_a_key_buys_no_further_tries():
    client = TestClient(Pace(app(), per_minute=2, clock=Clock()))
    answers = [
        client.get("/", headers={"Authorization": f"Bearer {number}", "X-Forwarded-For": f"10.0.0.{number}"}).status_code
        for number in range(3)
    ]
    assert answers == [200, 200, 429]


def test_the_addresses_of_one_network_of_ipv6_share_a_bucket():
    clients = [TestClient(Pace(app(), per_minute=2, clock=Clock()), client=(f"2001:db8::{host}", 1)) for host in (1, 2, 3)]
    pace = clients[0].app
    answers = [TestClient(pace, client=(f"2001:db8::{host}", 1)).get("/").status_code for host in (1, 2, 3)]
    elsewhere = TestClient(pace, client=("2001:db8:0:1::1", 1)).get("/").status_code
    assert (answers, elsewhere) == ([200, 200, 429], 200)


def test_a_body_told_to_be_too_large_is_refused_before_it_is_read():
    client = TestClient(BodyLimit(app(), largest=10))
    assert client.post("/", content=b"0123456789").text == "10"
    answer = client.post("/", content=b"0123456789x")
    assert answer.status_code == 413
    assert answer.json()["type"] == "/api/problems/too-large"


def test_a_body_of_unknown_length_is_counted_while_it_is_read():
    client = TestClient(BodyLimit(app(), largest=10))
    assert client.post("/", content=iter([b"12345", b"12345"])).status_code == 200
    assert client.post("/", content=iter([b"12345", b"123456"])).status_code == 413


def test_a_length_that_is_no_number_is_refused():
    client = TestClient(BodyLimit(app(), largest=10))
    assert client.post("/", content=b"1", headers={"Content-Length": "many"}).status_code == 413


def test_every_answer_carries_the_security_headers():
    answer = TestClient(SafeHeaders(app())).get("/")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "strict-transport-security" not in answer.headers
    assert "strict-transport-security" in TestClient(SafeHeaders(app(), secure=True)).get("/").headers
