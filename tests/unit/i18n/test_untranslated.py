"""A message that a language does not have: English, marked where a page can mark it, and nothing else of the page changed."""

from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.i18n import untranslated
from portal.i18n.untranslated import END, START, English, settle


def test_a_missing_message_is_its_english_between_signs() -> None:
    english = English()
    assert english.gettext("Find help") == english.ugettext("Find help") == f"{START}Find help{END}"
    assert english.upgettext("button", "Find help") == f"{START}Find help{END}"
    assert [english.ngettext("%(num)s place", "%(num)s places", number) for number in (0, 1, 2)] == [
        f"{START}%(num)s places{END}",
        f"{START}%(num)s place{END}",
        f"{START}%(num)s places{END}",
    ]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<p>§Find help¤</p>", '<p><span lang="en" dir="ltr">Find help</span></p>'),
        ('<p title="§Find help¤">a</p>', '<p title="Find help">a</p>'),
        ("<title>§Home¤ – X</title><h1>§Home¤</h1>", '<title>Home – X</title><h1><span lang="en" dir="ltr">Home</span></h1>'),
        ("<option>§One¤</option><p>§Two¤</p>", '<option>One</option><p><span lang="en" dir="ltr">Two</span></p>'),
        ("<textarea>§a¤</textarea>§b¤", '<textarea>a</textarea><span lang="en" dir="ltr">b</span>'),
        ("<p>§Call <b>999</b> now¤</p>", '<p><span lang="en" dir="ltr">Call <b>999</b> now</span></p>'),
        ("<p>nothing</p>", "<p>nothing</p>"),
    ],
)
def test_signs_become_marked_elements_in_text_and_nothing_elsewhere(written: str, shown: str) -> None:
    assert settle(written.replace("§", START).replace("¤", END)) == shown


@given(st.text(st.characters(exclude_characters=START + END)))
def test_a_page_without_signs_stays_as_it_is(text: str) -> None:
    assert settle(text) == text


def test_an_answer_is_settled_once_whatever_it_is() -> None:
    app = Flask(__name__)
    app.add_url_rule("/page", "page", lambda: f"<p>{START}Help{END}</p>")
    app.add_url_rule("/data", "data", lambda: {"name": f"{START}Help{END}"})
    untranslated.install(app)
    client = app.test_client()
    assert client.get("/page").text == '<p><span lang="en" dir="ltr">Help</span></p>'
    assert client.get("/data").get_json() == {"name": "Help"} or START not in client.get("/data").text
