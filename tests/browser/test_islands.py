"""What scripts add, and that pages do without them: scanning, showing a field, completing an address; small windows, large targets."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
import segno
from playwright.sync_api import Browser, Playwright
from tests.browser.conftest import CHROMIUM, QUIET, Served, Visitor
from tests.web.small_city import HOME, OWNER

pytestmark = pytest.mark.browser
SECRET = "datong:pass:0123456789ABCDEFGHJKMNPQRS"
PATHS = ("/office", "/office/purpose", "/office/find", "/office/verify", "/office/address", "/office/disputes", f"/office/subject/{HOME}")


@pytest.fixture
def clerk(visitor: Visitor) -> Visitor:
    visitor.sign_in("clerk")
    visitor.choose_purpose("window_service")
    return visitor


def test_a_photo_of_a_code_fills_the_field(clerk: Visitor):
    picture = BytesIO()
    segno.make(SECRET, error="m").save(picture, kind="png", scale=6, border=4)
    clerk.go("/office/verify")
    clerk.page.set_input_files("[data-scan-photo]", {"name": "photo.png", "mimeType": "image/png", "buffer": picture.getvalue()})
    clerk.page.wait_for_selector("text=已识别")
    assert clerk.page.input_value("#f-premises") == SECRET


def test_a_photo_without_a_code_says_so(clerk: Visitor):
    picture = BytesIO()
    segno.make("x").save(picture, kind="png", scale=1, border=0, dark="white")
    clerk.go("/office/verify")
    clerk.page.set_input_files("[data-scan-photo]", {"name": "photo.png", "mimeType": "image/png", "buffer": picture.getvalue()})
    clerk.page.wait_for_selector("text=没有识别到二维码")
    assert clerk.page.input_value("#f-premises") == ""


@pytest.fixture
def camera(driver: Playwright, tmp_path: Path) -> Iterator[Browser]:
    """A browser whose camera looks at a code."""
    film = tmp_path / "code.y4m"
    film.write_bytes(_film(SECRET))
    started = driver.chromium.launch(executable_path=str(CHROMIUM), args=[*QUIET, f"--use-file-for-fake-video-capture={film}"])
    yield started
    started.close()


def test_the_camera_reads_a_code_into_the_field(camera: Browser, served: Served):
    context = camera.new_context(permissions=["camera"])
    clerk = Visitor(context.new_page(), served.address, [])
    clerk.sign_in("clerk")
    clerk.choose_purpose("window_service")
    clerk.go("/office/verify")
    clerk.page.click("[data-scan-camera]")
    clerk.page.wait_for_selector("text=已识别", timeout=20_000)
    assert clerk.page.input_value("#f-premises") == SECRET
    assert clerk.page.locator("[data-scan-video]").is_hidden()
    context.close()


def test_everything_works_without_scripts(browser: Browser, served: Served):
    context = browser.new_context(java_script_enabled=False)
    clerk = Visitor(context.new_page(), served.address, [])
    clerk.sign_in("clerk")
    clerk.choose_purpose("window_service")
    clerk.go(f"/office/subject/{OWNER}")
    assert clerk.page.locator("[data-print]").is_hidden()
    clerk.page.locator("#fact-name summary").click()
    clerk.page.fill("#reason-name", "核对当事人姓名")
    clerk.page.locator("#fact-name button").click()
    assert "张三" in clerk.page.locator("#fact-name").inner_text()
    clerk.go("/office/verify")
    assert clerk.page.locator("[data-scan-tools]").is_hidden()
    context.close()


def test_pages_fit_a_window_of_320_pixels_and_targets_are_44_high(browser: Browser, served: Served):
    context = browser.new_context(viewport={"width": 320, "height": 640})
    clerk = Visitor(context.new_page(), served.address, [])
    clerk.sign_in("clerk")
    clerk.choose_purpose("window_service")
    for path in PATHS:
        clerk.go(path)
        assert clerk.overflow() <= 0, f"{path} is wider than its window"
        small = clerk.page.evaluate(
            "() => [...document.querySelectorAll('button, input:not([type=hidden]):not(.visually-hidden), select, summary, .btn')]"
            ".filter(e => e.offsetParent && e.getBoundingClientRect().height < 43.5).map(e => e.outerHTML.slice(0, 90))"
        )
        assert small == [], path
    context.close()


def test_the_elders_view_has_targets_of_60_and_text_of_18(browser: Browser, served: Served):
    context = browser.new_context(viewport={"width": 390, "height": 844})
    clerk = Visitor(context.new_page(), served.address, [])
    clerk.sign_in("clerk")
    clerk.choose_purpose("window_service")
    for path in PATHS:
        clerk.go(path + "?elder=1")
        assert clerk.overflow() <= 0, path
        small = clerk.page.evaluate(
            "() => [...document.querySelectorAll('button, input:not([type=hidden]):not(.visually-hidden), select, .btn')]"
            ".filter(e => e.offsetParent && e.getBoundingClientRect().height < 59.5).map(e => e.outerHTML.slice(0, 90))"
        )
        assert small == [], path
        tiny = clerk.page.evaluate(
            "() => [...document.querySelectorAll('main *')].filter(e => e.offsetParent && [...e.childNodes].some(n => n.nodeType === 3 "
            "&& n.textContent.trim()) && parseFloat(getComputedStyle(e).fontSize) < 17.9).map(e => e.outerHTML.slice(0, 90))"
        )
        assert tiny == [], path
    context.close()


def test_the_menu_of_a_phone_opens_and_closes_by_keyboard(browser: Browser, served: Served):
    context = browser.new_context(viewport={"width": 390, "height": 844})
    clerk = Visitor(context.new_page(), served.address, [])
    clerk.sign_in("clerk")
    clerk.page.focus(".menu-small summary")
    clerk.page.keyboard.press("Enter")
    assert clerk.page.locator(".menu-small nav").is_visible()
    clerk.page.keyboard.press("Tab")
    assert clerk.page.evaluate("() => document.activeElement.getAttribute('href')") == "/office"
    clerk.page.keyboard.press("Escape")
    assert clerk.page.locator(".menu-small nav").is_hidden()
    context.close()


def _film(text: str, width: int = 640, height: int = 480, frames: int = 5) -> bytes:
    """A film in YUV4MPEG2 that shows nothing but a code."""
    rows = [[bool(module) for module in row] for row in segno.make(text, error="m").matrix]
    scale = (height - 80) // len(rows)
    left, top = (width - scale * len(rows)) // 2, (height - scale * len(rows)) // 2
    luma = bytearray(b"\xeb" * (width * height))
    for y, row in enumerate(rows):
        line = b"".join((b"\x10" if dark else b"\xeb") * scale for dark in row)
        for step in range(scale):
            at = (top + y * scale + step) * width + left
            luma[at : at + len(line)] = line
    frame = b"FRAME\n" + bytes(luma) + b"\x80" * (width * height // 2)
    return f"YUV4MPEG2 W{width} H{height} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * frames
