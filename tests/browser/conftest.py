"""One Chromium for all browser tests of a run, and pages of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from driving import Opener, open_browser, watched
from page_types import page_types
from playwright.sync_api import Browser, Page, sync_playwright
from serving import Served
from sqlalchemy import create_engine


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = open_browser(playwright.chromium)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser, served: Served) -> Iterator[Page]:
    """A phone."""
    with watched(chromium, served.url) as page:
        yield page


@pytest.fixture
def open_page(chromium: Browser, served: Served) -> Opener:
    """Opens pages with options of a browser context."""

    def opened(**options: Any) -> AbstractContextManager[Page]:
        return watched(chromium, served.url, **options)

    return opened


@pytest.fixture(scope="session")
def addresses(served: Served) -> dict[str, str]:
    """Every kind of page on the server."""
    engine = create_engine(f"sqlite:///{served.state / 'instance' / 'portal.sqlite3'}")
    found = page_types(engine)
    engine.dispose()
    return found
