"""The page contract: what holds for every HTML page, whatever test fetches it. A response in, nothing or one clear failure out.

A rule (`contract_rules.py`) is a function that takes a `Page` and yields what is wrong, in words; `check` runs them all, so
that a broken page says everything at once. `CheckedClient` checks each page as it is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from contract_rules import RULES, Page, read
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.web.headers import FRAMED, HEADERS, OF_FILES

NEVER_KEPT: Final = re.compile(  # after the language: what is personal
    r"^/\w\w/(("
    r"account|adviser|answer|council|due|exit|insight|my-listings|people|plan|quality|questions|reports|review|sign-in|signed-out|still-right"
    r"|claim|claims|add-organisation|feeds"
    r")\b.*|"
    r"list(/\w+)?|on-this-phone/list|organizations/[0-9a-f-]+/(claims|people(/.*)?)|services/[0-9a-f-]+/(report|history(/.*)?))$"
)

FOR_PROGRAMS: Final = "/api/"  # any site's script may read what is there
FILES: Final = "/static/"
FRAMED_PATH: Final = re.compile(r"^/\w\w/embed$")  # other sites show it in theirs


class CheckedClient(FlaskClient):
    """A client that holds every HTML page it is given to the contract, and remembers what was typed into its forms."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._typed: list[str] = []

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """As Flask's, with the page as `response.page`. Raises `AssertionError` for a page that breaks the contract."""
        if isinstance(form := kwargs.get("data"), Mapping):
            values = [value if isinstance(value, list | tuple) else [value] for value in form.values()]
            self._typed += [str(one) for several in values for one in several]
        response = super().open(*args, **kwargs)
        response.page = check(response, response.request.path, self.application, self._typed)
        return response


def check(response: TestResponse, url: str, app: Flask, typed: Sequence[str] = ()) -> Page | None:
    """Hold a response to the contract and return it as read; what is not HTML is held to its headers only.

    `typed` is what was typed into forms before it.

    Raises `AssertionError` with everything that is wrong.
    """
    path, page = urlsplit(url).path, None
    wrong = list(_headers(response, path))
    if response.mimetype == "text/html" and response.status_code != 204 and not 300 <= response.status_code < 400:
        page = read(response, path, app, typed)
        wrong += [problem for rule in RULES for problem in rule(page)]
    where = f"{response.request.method} {path} ({response.status_code})"
    assert not wrong, "\n  - ".join((f"{where} breaks the page contract:", *wrong))
    return page


def _headers(response: TestResponse, path: str) -> Iterator[str]:
    is_framed = bool(FRAMED_PATH.match(path))
    is_file = path.startswith(FILES) and response.mimetype != "text/html"  # a page says that there is no such file
    wanted = FRAMED if is_framed else OF_FILES if is_file else HEADERS
    if path.startswith(FOR_PROGRAMS):
        wanted = {**HEADERS, "Cross-Origin-Resource-Policy": "cross-origin", "Access-Control-Allow-Origin": "*"}
    for name, value in wanted.items():
        if response.headers.get(name) != value:
            yield f"the header {name} is {response.headers.get(name)!r}"
    policy = response.headers.get("Content-Security-Policy", "")
    ours = policy.removesuffix("; frame-ancestors *") if is_framed else policy
    if "default-src 'none'" not in policy or "unsafe" in policy or "*" in ours:
        yield f"the content security policy is loose: {policy}"
    if response.status_code == 500:
        yield "something unexpected was raised: see the log"
    control = response.headers.get("Cache-Control", "")
    if _may_keep(response, path) not in control:
        yield f"Cache-Control is {control!r} and should say {_may_keep(response, path)!r}"
    if "public" in control and "Set-Cookie" in response.headers:
        yield "a page for everybody sets a cookie"


def _may_keep(response: TestResponse, path: str) -> str:
    """What `Cache-Control` says for a page of this kind."""
    if response.mimetype not in ("text/html", "text/calendar", "text/css") or 300 <= response.status_code < 400:
        return ""
    if NEVER_KEPT.match(path) or response.status_code not in (200, 410):
        return "no-store"
    return "private" if path.endswith("/search") else "public"
