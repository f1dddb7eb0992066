"""How long pages are kept, and which posted forms are ours."""

from __future__ import annotations

import pytest
from flask import Flask, Response, request
from werkzeug.exceptions import Forbidden

from portal.ui.caching import never, own, public
from portal.ui.posting import refuse_other_sites

APP = Flask(__name__)


@pytest.mark.parametrize(
    ("keep", "control"),
    [(public, "public, max-age=300"), (own, "private, max-age=120"), (never, "no-store")],
    ids=["public", "own", "never"],
)
def test_a_view_chooses_how_long_with_one_word(keep: object, control: str) -> None:
    with APP.test_request_context():
        for body in ("text", Response("text", status=410)):
            response = keep(body)  # type: ignore[operator]
            assert response.headers.getlist("Cache-Control") == [control]
            assert response.get_data(as_text=True) == "text"
    assert response.status_code == 410


def is_refused(method: str, host: str = "help.example.org", **headers: str) -> bool:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with APP.test_request_context("/en/list/keep", method=method, base_url=f"https://{host}/", headers=named):
        try:
            refuse_other_sites(request)
        except Forbidden:
            return True
    return False


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_reading_is_open_to_links_from_everywhere(method: str) -> None:
    assert not is_refused(method, Sec_Fetch_Site="cross-site", Origin="https://evil.example")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_changing_is_only_for_our_own_pages(method: str) -> None:
    assert is_refused(method, Sec_Fetch_Site="cross-site")
    assert is_refused(method, Sec_Fetch_Site="same-site"), "another site of the same council is another site"
    assert is_refused(method, Sec_Fetch_Site="Same-Origin "), "only the words that browsers send"
    assert not is_refused(method, Sec_Fetch_Site="same-origin")
    assert not is_refused(method, Sec_Fetch_Site="none")


@pytest.mark.parametrize(
    ("origin", "refused"),
    [
        ("https://help.example.org", False),
        ("https://help.example.org:8443", True),
        ("https://help.example.org.evil.example", True),
        ("https://evil.example/help.example.org", True),
        ("null", True),
        ("", True),
    ],
)
def test_older_browsers_are_told_by_their_origin(origin: str, refused: bool) -> None:
    assert is_refused("POST", Origin=origin) == refused


def test_the_newer_word_counts_where_both_are_there() -> None:
    assert is_refused("POST", Sec_Fetch_Site="cross-site", Origin="https://help.example.org")
    assert not is_refused("POST", Sec_Fetch_Site="same-origin", Origin="null")


def test_what_tells_neither_is_no_browser_and_let_in() -> None:
    assert not is_refused("POST")
