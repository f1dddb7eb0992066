"""What a phone downloads that has never been here, over HTTP: page, style, script and icons, compressed, with their headers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.i18n.languages import LANGUAGES

KB: Final = 1024
MOST: Final = {"/": 15 * KB, "/search?q=falls&place=Eastmoor": 25 * KB}  # headers and all
LOADED: Final = re.compile(r'<(?:link rel="(?:stylesheet|icon)" href|script type="module"[^>]* src)="([^"]+)"|<use href="([^"#]+)')
BY_SERVER: Final = "HTTP/1.1 200 OK\r\nServer: gunicorn\r\nDate: Tue, 24 Nov 2026 10:30:00 GMT\r\nConnection: keep-alive\r\n\r\n"
PHONE: Final = {"Accept-Encoding": "gzip, deflate, br, zstd"}


@pytest.fixture
def phone(_reading_app: Flask, stopped_clock: object) -> FlaskClient:
    """A phone that takes what is compressed as it comes."""
    return FlaskClient(_reading_app, _reading_app.response_class)


def transferred(answer: TestResponse) -> int:
    """Bytes of a response as the server sends it, headers and all."""
    headers = sum(len(f"{name}: {value}\r\n") for name, value in answer.headers.items())
    return len(BY_SERVER) + headers + len(answer.data)


def loaded(page: str) -> Iterator[str]:
    """Addresses of the files that a page asks for, each once."""
    yield from dict.fromkeys(style or icons for style, icons in LOADED.findall(page))


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_home_and_results_stay_light_for_a_phone_that_was_never_here(phone: FlaskClient, language: str) -> None:
    for path, most in MOST.items():
        with phone.get(f"/{language}{path}", headers=PHONE) as page:
            assert page.headers["Content-Encoding"] == "br"
            total, files = transferred(page), list(loaded(brotli.decompress(page.data).decode()))
        assert len(files) == 4, "style, icon of the tab, script, icons"
        for file in files:
            with phone.get(file, headers=PHONE) as answer:
                assert answer.status_code == 200
                assert "immutable" in answer.headers["Cache-Control"]
                assert "max-age=31" in answer.headers["Cache-Control"]
                total += transferred(answer)
        assert total <= most, f"{path} takes {total / KB:.1f} KB"


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_files_are_served_as_they_were_compressed_beforehand(phone: FlaskClient, encoding: str) -> None:
    with phone.get("/en/") as page:
        files = [file for file in loaded(page.text) if file.startswith("/static/")]
    assert len(files) == 4
    for file in files:
        with phone.get(file, headers={"Accept-Encoding": encoding}) as answer:
            assert (answer.headers.get("Content-Encoding"), answer.headers["Vary"]) == (encoding, "Accept-Encoding"), file
