"""The page contract: what holds for every HTML page, whatever test fetches it. A response in, nothing or one clear failure out.

A rule (`contract_rules.py`) is a function that takes a `Page` and yields what is wrong, in words; `check` runs them all, so
that a broken page says everything at once. `CheckedClient` checks each page as it is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from contract_rules import RULES, Page, read
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.web.headers import HEADERS

NEVER_KEPT: Final = re.compile(r"^/\w\w/(list(/\w+)?|services/[0-9a-f-]+/report)$")


class CheckedClient(FlaskClient):
    """A client that holds every HTML page it is given to the contract."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """As Flask's; raises `AssertionError` for a page that breaks the contract."""
        response = super().open(*args, **kwargs)
        for fetched in (*response.history, response):
            fetched.page = check(fetched, fetched.request.path, self.application, _posted(kwargs.get("data")))
        return response


def _posted(given: Any) -> tuple[str, ...]:
    """The values of a form as a test gave them; a request that was answered cannot be read again."""
    if not isinstance(given, Mapping):
        return ()
    values = [value if isinstance(value, list | tuple) else [value] for value in given.values()]
    return tuple(str(one) for several in values for one in several)


def check(response: TestResponse, url: str, app: Flask, posted: tuple[str, ...] = ()) -> Page | None:
    """Hold a response to the contract and return it as read; what is not HTML is held to its headers only.

    `posted` is what was typed into a form that led here.

    Raises `AssertionError` with everything that is wrong.
    """
    path, page = urlsplit(url).path, None
    wrong = list(_headers(response, path))
    if response.mimetype == "text/html" and not 300 <= response.status_code < 400:
        page = read(response, path, app, posted)
        wrong += [problem for rule in RULES for problem in rule(page)]
    where = f"{response.request.method} {path} ({response.status_code})"
    assert not wrong, "\n  - ".join((f"{where} breaks the page contract:", *wrong))
    return page


def _headers(response: TestResponse, path: str) -> Iterator[str]:
    for name, value in HEADERS.items():
        if response.headers.get(name) != value:
            yield f"the header {name} is {response.headers.get(name)!r}"
    policy = response.headers.get("Content-Security-Policy", "")
    if "default-src 'none'" not in policy or "unsafe" in policy or "*" in policy:
        yield f"the content security policy is loose: {policy}"
    if response.status_code == 500:
        yield "something unexpected was raised: see the log"
    control = response.headers.get("Cache-Control", "")
    if not control.startswith(_may_keep(response, path)):
        yield f"Cache-Control is {control!r} and should begin with {_may_keep(response, path)!r}"
    if control.startswith("public") and "Set-Cookie" in response.headers:
        yield "a page for everybody sets a cookie"


def _may_keep(response: TestResponse, path: str) -> str:
    """How `Cache-Control` begins for a page of this kind."""
    if response.mimetype not in ("text/html", "text/calendar", "text/css") or 300 <= response.status_code < 400:
        return ""
    if NEVER_KEPT.match(path) or response.status_code not in (200, 410):
        return "no-store"
    return "private" if path.endswith("/search") else "public"
