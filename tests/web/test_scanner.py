"""Files that people send pass the city's scanner before anything of them is kept."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.web.conftest import form_token, sign_in, words
from tests.web.test_case_around import PAGE, PDF, upload, without_layout

from datong.domain.errors import BadSettings
from datong.settings import Settings, load_settings
from datong.store import Store, raw_file
from datong.web import create_app

BAD = PDF + b"%this-is-the-test-virus"


class Clamd(socketserver.StreamRequestHandler):
    """The scanner's side of INSTREAM, for a test virus."""

    def handle(self) -> None:
        if self.rfile.read(10) != b"zINSTREAM\0":
            self.wfile.write(b"UNKNOWN COMMAND\0")
            return
        content = b""
        while size := int.from_bytes(self.rfile.read(4), "big"):
            content += self.rfile.read(size)
        self.wfile.write(b"stream: Test.Virus FOUND\0" if b"test-virus" in content else b"stream: OK\0")


class TcpServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


class UnixServer(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


@pytest.fixture(params=["tcp", "unix"])
def scanner(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A scanner that listens: how the setting names it."""
    place = tmp_path / "clamd.ctl"
    server = TcpServer(("127.0.0.1", 0), Clamd) if request.param == "tcp" else UnixServer(str(place), Clamd)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"tcp:127.0.0.1:{server.server_address[1]}" if isinstance(server, TcpServer) else f"unix:{place}"
    server.shutdown()
    server.server_close()


def owner(settings: Settings, store: Store, scanner: str) -> TestClient:
    client = TestClient(create_app(replace(settings, scanner=scanner), store), follow_redirects=False)
    sign_in(client, "owner")
    return client


def kept(settings: Settings, content: bytes) -> bool:
    return raw_file(settings, sha256(content).hexdigest(), "papers").exists()


def test_what_the_scanner_finds_is_not_kept_and_the_form_is_still_there(settings: Settings, store: Store, scanner: str) -> None:
    client = owner(settings, store, scanner)
    refused = upload(client, PAGE, PAGE, {"layout": ("图.pdf", BAD)}, **{**without_layout(), "form.shop_name": "还在的面馆"})
    assert refused.status_code == 422 and "文件未通过安全检查" in words(refused.text) and "还在的面馆" in refused.text
    assert not kept(settings, BAD)
    large = PDF + bytes(300_000)
    assert upload(client, PAGE, PAGE, {"layout": ("图.pdf", large)}, **without_layout()).status_code == 303
    assert kept(settings, large)


def test_a_silent_scanner_lets_nothing_through(settings: Settings, store: Store, tmp_path: Path) -> None:
    client = owner(settings, store, f"unix:{tmp_path / 'nobody.ctl'}")
    content = PDF + b"%silent"
    refused = upload(client, PAGE, PAGE, {"layout": ("图.pdf", content)}, **without_layout())
    assert refused.status_code == 422 and "暂时无法检查文件" in words(refused.text) and not kept(settings, content)
    saved = upload(client, PAGE, PAGE, {}, **{**without_layout(), "step": "save"})
    assert saved.status_code == 303, "the rest can be kept"


def test_files_for_other_pages_pass_it_too(settings: Settings, store: Store, scanner: str) -> None:
    client = TestClient(create_app(replace(settings, scanner=scanner), store), follow_redirects=False)
    token = form_token(client.get("/verify-licence").text)
    refused = client.post("/verify-licence", data={"form_token": token}, files={"file": ("licence.pdf", BAD)})
    assert refused.status_code == 422 and "文件未通过安全检查" in words(refused.text)


@pytest.mark.parametrize("wrong", ["clamd", "unix:", "tcp:localhost", "tcp:host:port"])
def test_a_setting_that_names_no_scanner_is_refused(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(BadSettings, match="scanner"):
        load_settings(tmp_path, {}, scanner=wrong)
