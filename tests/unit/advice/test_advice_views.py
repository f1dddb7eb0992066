"""The views, on an application of their own: what a reader is told about the language of a page, and where its links go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient
from jinja2 import ChoiceLoader, DictLoader, FileSystemLoader
from markupsafe import Markup

import portal.advice
import portal.ui
from portal.advice import views
from portal.advice.pages import Library
from portal.advice.writing import read_writing
from portal.config import Settings
from portal.errors import NotFound
from portal.i18n import request as i18n
from portal.i18n import text, untranslated
from portal.pack import Pack
from portal.ui import components
from portal.ui.assets import Assets

FRAME = "<title>{% block title %}{% endblock %}</title>{% block before_main %}{% endblock %}<main>{% block content %}{% endblock %}</main>"
Writer = Callable[..., Path]
OF_LANGUAGE = "/<any(en,tr):lang_code>"


@dataclass(frozen=True)
class Council:
    """What it takes to open a council's pages."""

    settings: Settings
    pack: Pack
    translations: Path

    def open(self) -> FlaskClient:
        """A reader's browser."""
        app = Flask("advice", static_folder=None)
        rooms = [FileSystemLoader(Path(room.__file__ or "").parent / "templates") for room in (portal.advice, portal.ui)]
        app.jinja_loader = ChoiceLoader([DictLoader({"ui/base.html": FRAME}), *rooms])
        i18n.install(app, self.pack.languages, self.translations)
        components.install(app.jinja_env, Assets(defaultdict(str, {"icons.svg": "icons.svg"})), text.locale)
        for name, endpoint in (("home", "home"), ("search", "results"), ("urgent", "urgent"), ("states", "languages")):
            room = Blueprint(name, __name__)
            room.add_url_rule(f"/{name}-{endpoint}" if name == "states" else f"/{endpoint}", endpoint, lambda: "")
            app.register_blueprint(room, url_prefix=OF_LANGUAGE)
        app.register_error_handler(NotFound, lambda _error: ("not found", 404))
        views.install(app, OF_LANGUAGE, views.AdviceRoom(Library(self.settings, self.pack), beside))
        untranslated.install(app)
        return app.test_client()


def beside(needs: Sequence[str]) -> Markup:
    return Markup("<p>beside {}</p>").format(" ".join(needs))


@pytest.fixture
def council(settings: Settings, pack: Pack, tmp_path: Path) -> Council:
    return Council(settings, pack, tmp_path / "translations")


def test_every_page_of_the_site_opens_and_may_be_kept_by_anybody(council: Council) -> None:
    client = council.open()
    for name in ("about", "using-this-site", "privacy", "accessibility", "contact", "languages", "advice", "easy-read"):
        answer = client.get(f"/en/{name}")
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "public, max-age=300"


def test_a_page_shows_title_lead_text_needs_sources_and_who_looks_after_it(council: Council, write: Writer) -> None:
    write("project/advice/food/en.md", "Body.", title="Food", more='group = "money"\nneeds = ["food"]')
    page = council.open().get("/en/advice/food").text
    assert "<title>Food</title>" in page
    assert "<h1>Food</h1>" in page
    assert '<p class="lead">In short.</p>' in page
    assert "For you." in page
    assert "<p>Body.</p>" in page
    assert "<p>beside food</p>" in page
    assert '<a href="/en/results?need=food">See local services for food when money is short</a>' in page
    assert '<a href="https://www.gov.uk/source">Source</a> (checked 1 November 2026)' in page
    assert "Last reviewed 1 November 2026. Next review by 1 May 2027." in page
    assert "Who looks after it: Town &amp; Vale" in page
    assert 'lang="' not in page.split("<main>")[1]


def test_links_by_name_lead_to_the_page_in_the_reader_s_language(council: Council, write: Writer) -> None:
    write("project/advice/food/en.md", more='group = "money"')
    links = "[a](page:food) [b](site:contact) [c](need:food) [d](urgent:) [e](home:) [f](advice:)"
    write("project/site/about/en.md", links)
    page = council.open().get("/tr/about").text
    for address in ("/tr/advice/food", "/tr/contact", "/tr/results?need=food", "/tr/urgent", "/tr/home", "/tr/advice"):
        assert f'href="{address}"' in page


def test_a_page_that_is_not_translated_is_marked_as_english_with_a_notice(council: Council) -> None:
    page = council.open().get("/tr/about").text
    assert '<article class="stack" data-listen lang="en" dir="ltr">' in page
    assert "This page is in English for now." in page


def test_a_translated_page_is_not_marked_as_english(council: Council, write: Writer) -> None:
    fingerprint = read_writing(council.settings.base_content / "site/about/en.md", is_translation=False).fingerprint
    write("project/site/about/tr.md", title="Hakkında", translates=fingerprint)
    page = council.open().get("/tr/about").text
    assert '<article class="stack" data-listen>' in page
    assert "notice" not in page


@pytest.mark.parametrize(
    ("translates", "more", "notice"),
    [
        ("same", 'state = "draft"', "No native speaker has checked this translation yet."),
        ("older", "", "The English page has changed since"),
    ],
)
def test_a_draft_and_an_outdated_translation_say_so_and_lead_to_the_english(
    council: Council, write: Writer, translates: str, more: str, notice: str
) -> None:
    same = read_writing(council.settings.base_content / "site/about/en.md", is_translation=False).fingerprint
    write("project/site/about/tr.md", translates=same if translates == "same" else "0" * 12, more=more)
    page = council.open().get("/tr/about").text
    assert notice in page
    assert '<a href="/en/about" hreflang="en"><span lang="en" dir="ltr">Read it in English</span></a>' in page


def test_an_unknown_page_is_not_found(council: Council) -> None:
    assert council.open().get("/en/advice/nowhere").status_code == 404


def test_the_list_shows_pages_by_group_and_marks_those_in_english(council: Council, write: Writer) -> None:
    write("project/advice/food/en.md", title="Food", more='group = "money"')
    page = council.open().get("/tr/advice").text
    assert '<h2><span lang="en" dir="ltr">Money</span></h2>' in page
    assert '<div lang="en" dir="ltr"><a class="way" href="/tr/advice/food">' in page


def test_every_language_is_a_plain_link_in_its_own_name(council: Council) -> None:
    page = council.open().get("/en/languages").text
    assert 'href="/tr/" lang="tr" hreflang="tr" dir="ltr">Türkçe</a>' in page
    assert 'aria-current="true">English</a>' in page


@pytest.mark.parametrize(
    ("here", "kept"),
    [("/search?q=falls", "/search?q=falls"), ("//evil.example", "/"), ("evil", "/"), ("/a\\b", "/"), ("/a b", "/"), ("", "/")],
)
def test_the_languages_lead_back_to_the_page_that_somebody_came_from(council: Council, here: str, kept: str) -> None:
    page = council.open().get("/en/languages", query_string={"here": here}).text
    assert f'href="/tr{kept}" lang="tr"' in page
