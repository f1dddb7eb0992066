"""Small turns of text: a first capital, the host of an address, languages by name."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel import Locale
from flask import Flask, g
from markupsafe import Markup

from portal.i18n import request as i18n
from portal.ui.turns import capitalise, host, language_names


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    app = Flask(__name__)
    folder: Path = tmp_path_factory.mktemp("translations")
    i18n.install(app, ("en", "tr", "ur"), folder)
    return app


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "ilk yardım", "Ilk yardım"),
        ("tr", "ilk yardım", "İlk yardım"),
        ("tr", "ılık", "Ilık"),
        ("tr", "şeker", "Şeker"),
        ("en", "", ""),
        ("tr", "", ""),
        ("ur", "مدد", "مدد"),
        ("en", "24/7", "24/7"),
    ],
)
def test_a_first_letter_is_raised_as_its_language_does(app: Flask, language: str, text: str, expected: str) -> None:
    with app.test_request_context():
        g.lang_code = language
        assert capitalise(text) == expected


def test_markup_stays_markup_and_text_stays_text(app: Flask) -> None:
    with app.test_request_context():
        assert capitalise(Markup("falls <b>now</b>")) == Markup("Falls <b>now</b>")
        assert isinstance(capitalise(Markup("falls")), Markup)
        assert not isinstance(capitalise("falls"), Markup)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://www.example.org/a/b?c=d", "example.org"),
        ("http://Example.ORG:8080", "example.org"),
        ("https://user:word@example.org", "example.org"),
        ("example.org", "example.org"),
        ("www.example.org", "example.org"),
        ("", ""),
    ],
)
def test_a_website_is_called_by_its_host(address: str, expected: str) -> None:
    assert host(address) == expected


def test_languages_have_the_names_of_the_page_and_their_own() -> None:
    spoken = [("tr", "Turkish"), ("ur", ""), ("", "Sylheti"), ("xx", ""), ("bfi", "BSL"), ("gu", "Gujarati")]
    in_english = ["Turkish (Türkçe)", "Urdu (اردو)", "Sylheti", "xx", "British Sign Language", "Gujarati"]
    assert language_names(spoken, Locale("en")) == in_english
    assert language_names([("tr", "Turkish"), ("en", "English")], Locale("tr")) == ["Türkçe", "İngilizce (English)"]
