"""One Chromium for all browser tests of a run, and pages of it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import Any

import pytest
from accounts import make_person
from driving import Opener, measure, open_browser, watched
from page_types import page_types
from playwright.sync_api import Browser, Page, sync_playwright
from serving import Served
from sqlalchemy import create_engine

from portal.accounts.audiences import Level
from portal.accounts.signing import sessions
from portal.accounts.signing.cookies import Cookie
from portal.db import open_engine, writing


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


@pytest.fixture
def open_signed_in(open_page: Opener, served: Served) -> Opener:
    """Opens a phone on which somebody new has signed in; keywords are `make_person`'s."""

    @contextmanager
    def opened(**about: Any) -> Iterator[Page]:
        engine = open_engine(f"sqlite:///{served.state / 'instance' / 'portal.sqlite3'}")
        person = make_person(engine, f"{uuid.uuid4()}@example.net", **about)
        with writing(engine) as session:
            token = sessions.start(session, person.id, Level.PASSKEY, "Chrome, Android")
        engine.dispose()
        with open_page(bypass_csp=True) as page:
            page.watch.is_expecting_errors = True  # type: ignore[attr-defined]  # a form that is sent back is one
            page.context.add_cookies([{"name": Cookie.SIGN_IN.value, "value": token, "url": served.url}])
            yield page

    return opened


@pytest.fixture
def measured(phone: Page) -> Callable[[str], None]:
    """Holds the phone's page as it stands, which is called so, to what every page promises."""
    return partial(measure, phone)


@pytest.fixture(scope="session")
def addresses(served: Served) -> dict[str, str]:
    """Every kind of page on the server."""
    engine = create_engine(f"sqlite:///{served.state / 'instance' / 'portal.sqlite3'}")
    found = page_types(engine)
    engine.dispose()
    return found
