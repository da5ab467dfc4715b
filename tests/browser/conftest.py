"""A running city and a browser to visit it: Debian's Chromium, driven by Playwright."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, Playwright, sync_playwright
from tests.web.small_city import PASSWORD, SmallCity, fill

from datong.settings import Settings, load_settings
from datong.store import Store, migrate, open_store
from datong.web import create_app

CHROMIUM = Path("/usr/bin/chromium")
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
SIZES = {"wide": (1280, 900), "phone": (390, 844)}
QUIET = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-default-apps",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
]


@dataclass
class Served:
    """A city being served."""

    address: str
    store: Store
    city: SmallCity


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    settings = load_settings(tmp_path_factory.mktemp("served"), {}, demo="1", rate_per_minute="100000")
    store = open_store(settings)
    migrate(store)
    city = fill(store, settings)
    with serving(settings, store) as address:
        yield Served(address, store, city)


@contextmanager
def serving(settings: Settings, store: Store) -> Iterator[str]:
    """A city served on a free loopback port: its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(create_app(settings, store), host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started:
        assert time.monotonic() < deadline, "the server did not start"
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="session")
def driver() -> Iterator[Playwright]:
    """The driver of browsers; skips with a reason where there is none to drive."""
    if not CHROMIUM.exists():
        pytest.skip("Debian's Chromium is not installed")
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(driver: Playwright) -> Iterator[Browser]:
    """The browser that most tests share."""
    started = driver.chromium.launch(executable_path=str(CHROMIUM), args=QUIET)
    yield started
    started.close()


_OPEN = "main :is(a[href], button, input:not([type=hidden]), select, textarea, summary)"
_WATCH = f"""() => {{
  document.addEventListener('focusin', event => event.target.setAttribute('data-reached', '1'));
  document.getElementById('main').focus();
  return document.querySelectorAll("{_OPEN}").length;
}}"""
_UNREACHED = f"""() => [...document.querySelectorAll("{_OPEN}")]
  .filter(one => one.checkVisibility() && !one.disabled && one.tabIndex >= 0 && !one.hasAttribute('data-reached'))
  .filter(one => one.type !== 'radio' || ![...document.getElementsByName(one.name)].some(other => other.hasAttribute('data-reached')))
  .map(one => one.outerHTML.slice(0, 120))"""
"""One of a group of radio buttons is enough: the arrow keys go on from there."""


@dataclass
class Visitor:
    """One person at one browser; collects what the browser complains of."""

    page: Page
    address: str
    complaints: list[str]

    def go(self, path: str) -> None:
        answer = self.page.goto(self.address + path)
        assert answer is not None
        assert answer.status < 400, f"{path} answered {answer.status}"

    def sign_in(self, account_id: str, password: str = PASSWORD) -> None:
        self.go("/sign-in")
        self.page.fill("form[action='/sign-in'] input[name=account_id]:visible", account_id)
        self.page.fill("form[action='/sign-in'] input[name=password]:visible", password)
        self.page.click("form[action='/sign-in'] button.btn-primary")
        self.page.wait_for_url(lambda url: "/sign-in" not in url)

    def choose_purpose(self, code: str) -> None:
        self.go("/office/purpose")
        self.page.click(f"form:has(input[value={code}]) button")

    def faults(self) -> list[str]:
        """What axe finds against WCAG 2.1 A and AA."""
        self.page.evaluate(AXE.read_text(encoding="utf-8") + "; true")
        found = self.page.evaluate("() => axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})")
        return [f"{one['id']}: {node['html'][:160]} {node['failureSummary'][:200]}" for one in found["violations"] for node in one["nodes"]]

    def unreached(self) -> list[str]:
        """What can be clicked or filled in on the page and is not come to by the Tab key."""
        count = self.page.evaluate(_WATCH)
        for _ in range(count + 10):  # a month or a date has stops within
            self.page.keyboard.press("Tab")
        return list(self.page.evaluate(_UNREACHED))

    def overflow(self) -> int:
        """How many pixels the page is wider than its window."""
        return int(self.page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.fixture
def visitor(request: pytest.FixtureRequest, browser: Browser, served: Served) -> Iterator[Visitor]:
    """A visitor with a window of the size named by the test's parameter; fails when the browser complained."""
    with visiting(browser, served.address, getattr(request, "param", "wide")) as somebody:
        yield somebody


@contextmanager
def visiting(browser: Browser, address: str, size: str, scripts: bool = True) -> Iterator[Visitor]:
    """Somebody at a browser of her own; in the end the browser must not have complained, of the content policy neither."""
    width, height = SIZES[size]
    window = {"width": width, "height": height}
    context = browser.new_context(viewport=window, locale="zh-CN", timezone_id="Asia/Shanghai", java_script_enabled=scripts)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield Visitor(page, address, complaints)
    context.close()
    assert complaints == []
