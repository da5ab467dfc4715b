"""A provincial platform on the loopback, the only thing of the cascade that is made up: it checks every signature and keeps what it was asked."""

from __future__ import annotations

import json
import threading
import time
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from datong.domain.access import Actor
from datong.domain.errors import BadValue
from datong.settings import Settings
from datong.share.doors import door_keys
from datong.share.doors.message import Message
from datong.share.doors.signers import check_signature

CATALOGUE = {
    "resources": [
        {
            "code": "370000/104005",
            "title": "高等教育学历学位信息",
            "provider": "省教育厅",
            "sharing_class": "conditional",
            "condition": "用于本人办理的事项",
            "cycle": "yearly",
            "basis": "《中华人民共和国高等教育法》",
            "items": [
                {"name": "education", "title": "学历层次"},
                {"name": "college", "title": "毕业院校"},
                {"name": "graduated_on", "title": "毕业日期"},
            ],
        },
        {
            "code": "370000/201007",
            "title": "职业技能等级证书",
            "provider": "省人力资源和社会保障厅",
            "sharing_class": "open",
            "items": [{"name": "skill_level", "title": "技能等级"}, {"name": "issued_on", "title": "发证日期"}],
        },
        {
            "code": "370000/900001",
            "title": "不予共享的资源",
            "provider": "省公安厅",
            "sharing_class": "withheld",
            "items": [{"name": "offence", "title": "有无犯罪记录"}],
        },
    ]
}


class Remembered:
    """What the province has seen of nonces: it keeps them its own way."""

    def __init__(self) -> None:
        self.seen: set[tuple[str, str]] = set()

    def take(self, key_id: str, nonce: str, now: int) -> bool:
        new = (key_id, nonce) not in self.seen
        self.seen.add((key_id, nonce))
        return new


@dataclass
class Province:
    """What it was asked, and what it answers with."""

    address: str = ""
    asked: list[tuple[str, str, Any]] = field(default_factory=list)
    decision: dict[str, Any] = field(default_factory=lambda: {"state": "processing"})
    person: dict[str, str] = field(default_factory=dict)
    bad: list[str] = field(default_factory=list)
    down: bool = False


@contextmanager
def running_province(settings: Settings) -> Iterator[Province]:
    """The platform, until the block is left."""
    province = Province()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(settings, province))
    province.address = f"http://127.0.0.1:{server.server_address[1]}/cascade"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield province
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def _handler(settings: Settings, province: Province) -> type[BaseHTTPRequestHandler]:
    """What answers one request, for this city's key."""
    nonces = Remembered()
    key = door_keys(settings)["keys"][0]  # type: ignore[index]
    public = Ed25519PublicKey.from_public_bytes(urlsafe_b64decode(key["x"] + "=="))

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            self.answer("GET")

        def do_POST(self) -> None:
            self.answer("POST")

        def answer(self, method: str) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            message = Message(method, "http", headers["host"], self.path, headers=headers)
            try:
                check_signature(message, body, Actor(key["kid"], "", "system"), public, nonces=nonces, now=int(time.time()))
            except BadValue as error:
                province.bad.append(str(error))
                return self.send(401, {})
            if province.down:
                return self.send(503, {})
            said = json.loads(body) if body else None
            province.asked.append((method, self.path, said))
            if self.path.endswith("/look-ups"):
                return self.send(200, {"found": bool(province.person), "items": province.person})
            return self.send(200, {"number": "S-2026-1"} if method == "POST" else province.decision)

        def send(self, status: int, content: dict[str, Any]) -> None:
            body = json.dumps(content, ensure_ascii=False).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler
