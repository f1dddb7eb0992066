"""The list of services in another site's page, in a real browser: another origin, a narrow column, no cookie, no script."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from axe import violations
from driving import AXE, PATIENCE, SHOTS, follow, overflow, small_targets
from playwright.sync_api import Browser, Page, expect
from serving import Served

pytestmark = pytest.mark.browser


@pytest.fixture
def surgery(served: Served) -> Iterator[str]:
    """The page of a surgery, on an origin of its own, which frames the list as its snippet says."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            language, _, asked = self.path.lstrip("/").partition("?")
            frame = (
                f'<iframe src="{served.url}/{language}/embed?{asked}" title="Services near Eastmoor" width="100%" height="640"></iframe>'
            )
            page = (
                f'<!doctype html><html lang="en"><title>Surgery</title><link rel="icon" href="data:,"><main><h1>Surgery</h1>{frame}</main>'
            )
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def narrow(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 320, "height": 640}, bypass_csp=True)
    context.add_init_script(path=AXE)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    yield page
    context.close()


@pytest.mark.parametrize("language", ["en", "ur"])
def test_a_surgery_shows_it_in_a_narrow_column_without_cookie_or_script(narrow: Page, surgery: str, served: Served, language: str) -> None:
    asked: list[str] = []
    narrow.on("request", lambda request: asked.append(request.url))
    narrow.goto(f"{surgery}/{language}?near=Eastmoor&need=falls")
    frame = next(it for it in narrow.frames if it.url.startswith(served.url))
    frame.wait_for_selector("li[data-service]")
    assert frame.locator("li[data-service]").count() == 5
    assert narrow.context.cookies() == []
    assert all(url.startswith((surgery, served.url, "data:")) for url in asked)
    assert not any(url.endswith(".js") for url in asked)
    assert frame.evaluate("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    SHOTS.mkdir(exist_ok=True)
    narrow.screenshot(path=SHOTS / f"embedded-{language}.png", full_page=True)


def test_every_link_opens_the_site_in_the_whole_window(narrow: Page, surgery: str, served: Served) -> None:
    narrow.goto(f"{surgery}/en?near=Eastmoor&need=falls")
    frame = next(it for it in narrow.frames if it.url.startswith(served.url))
    frame.locator("li[data-service] a").first.click()
    narrow.wait_for_url(f"{served.url}/en/services/*")
    assert narrow.context.cookies() == []


@pytest.mark.parametrize("asked", ["near=Eastmoor&need=falls", "near=Eastmoor&need=domestic-abuse", "near=nowhere"])
def test_framed_or_not_it_can_be_used_by_everybody(narrow: Page, served: Served, asked: str) -> None:
    narrow.goto(f"{served.url}/en/embed?{asked}")
    assert violations(narrow) == []
    assert overflow(narrow) == []
    assert small_targets(narrow) == []


def test_the_page_that_makes_it_can_be_used_on_a_phone(narrow: Page, served: Served) -> None:
    narrow.goto(f"{served.url}/en/embed/make")
    narrow.fill("#near", "Eastmoor")
    narrow.select_option("#need", "falls")
    follow(narrow.locator("main button[type=submit]"))
    expect(narrow.locator("textarea").first).to_be_visible()
    assert violations(narrow) == []
    assert overflow(narrow) == []
    narrow.screenshot(path=SHOTS / "embed-make.png", full_page=True)
