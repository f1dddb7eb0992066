"""The frame and the components, rendered strictly and read back as HTML5."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
from babel import Locale
from jinja2 import DictLoader, Environment, FileSystemLoader, StrictUndefined, UndefinedError
from jinja2.loaders import ChoiceLoader
from markupsafe import Markup, escape
from wtforms import BooleanField, Form, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from portal.ui.assets import STATIC, Assets
from portal.ui.components import install

TEMPLATES = STATIC.parent / "templates"
ASSETS = Assets({name: name for name in ("app.css", "app.rtl.css", "app.js", "icons.svg", "favicon.svg", "touch-icon.png")})


def spoken(message: str, **values: Any) -> Markup:
    return escape(message) % values if values else escape(message)


def environment(**templates: str) -> Environment:
    loader = ChoiceLoader([FileSystemLoader(TEMPLATES), DictLoader(templates)])
    env = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    env.globals["_"] = spoken
    env.globals["council_banners"] = lambda _place: ()
    install(env, ASSETS, lambda: Locale("en"))
    return env


def written(source: str, **context: Any) -> str:
    return environment(page=source).get_template("page").render(**context)


@dataclass(frozen=True)
class LanguageLink:
    code: str
    name: str
    direction: str
    url: str
    current: bool


def frame(code: str = "en", direction: str = "ltr", *, is_demo: bool = True) -> dict[str, Any]:
    names = (
        "home",
        "urgent",
        "my_list",
        "advice",
        "about",
        "privacy",
        "accessibility",
        "contact",
        "languages",
        "sign_in",
        "finder",
        "open_data",
    )
    return {
        "page_language": SimpleNamespace(code=code, name="", direction=direction),
        "pack": SimpleNamespace(
            site="Doorstep & Co",
            council="Calderwick Council",
            brand="#0b5c55",
            is_demo=is_demo,
            front_door=SimpleNamespace(name="Care Line", number="01632 960 001", hours="Weekdays"),
        ),
        "language_links": (
            links := tuple(
                LanguageLink(link, name, way, f"/{link}/", link == code)
                for link, name, way in (("en", "English", "ltr"), ("ur", "اردو", "rtl"))
            )
        ),
        "likely_links": links,
        "alternates": (),
        "is_draft": lambda _part: False,
        "frame_links": SimpleNamespace(**{name: f"/{code}/{name}" for name in names}),
    }


PAGE = '{% extends "ui/base.html" %}{% block title %}Help{% endblock %}{% block content %}<h1>Help</h1>{% endblock %}'


def parsed(html: str) -> Element:
    parser = html5lib.HTMLParser(strict=True, tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    return parser.parse(html)


def test_the_frame_is_valid_html_with_a_title_that_starts_with_the_page() -> None:
    page = parsed(written(PAGE, **frame()))
    assert page.findtext("head/title") == "Help – Doorstep & Co"
    assert [main.get("id") for main in page.iter("main")] == ["main"]


@pytest.mark.parametrize(("code", "direction", "style"), [("en", "ltr", "app.css"), ("ur", "rtl", "app.rtl.css")])
def test_the_frame_takes_language_direction_and_style_together(code: str, direction: str, style: str) -> None:
    page = parsed(written(PAGE, **frame(code, direction)))
    assert (page.get("lang"), page.get("dir")) == (code, direction)
    assert [link.get("href") for link in page.iter("link") if link.get("rel") == "stylesheet"] == [f"/static/{style}"]


def test_the_frame_has_no_style_or_script_of_its_own() -> None:
    page = parsed(written(PAGE, **frame()))
    assert [element.tag for element in page.iter() if element.get("style") or element.tag == "style"] == []
    assert [script.text for script in page.iter("script") if script.text] == []
    assert not [name for element in page.iter() for name in element.keys() if name.startswith("on")]  # noqa: SIM118 - an Element, not a dict


def test_urgent_help_is_in_the_bar_and_in_no_menu() -> None:
    bar = next(element for element in parsed(written(PAGE, **frame())).iter("div") if element.get("class") == "bar")
    assert [link.get("href") for link in bar.iter("a")] == ["/en/home", "/en/urgent"]
    assert not list(bar.iter("details"))


def test_languages_stand_in_their_own_names_and_the_current_one_is_marked() -> None:
    page = parsed(written(PAGE, **frame("ur", "rtl")))
    links = [link for link in page.iter("a") if link.get("hreflang")]
    assert [(link.text, link.get("lang"), link.get("dir"), link.get("aria-current")) for link in links] == [
        ("English", "en", "ltr", None),
        ("اردو", "ur", "rtl", "true"),
    ]


def test_a_pack_with_one_language_offers_no_choice() -> None:
    context = frame()
    context["language_links"] = context["likely_links"] = context["language_links"][:1]
    assert "hreflang" not in written(PAGE, **context)


def test_the_packs_english_names_are_marked_on_other_pages() -> None:
    assert '<span lang="en" dir="ltr">Doorstep &amp; Co</span>' in written(PAGE, **frame("ur", "rtl"))
    assert 'lang="en" dir="ltr">Doorstep' not in written(PAGE, **frame())


def test_only_a_demonstration_says_that_it_is_one() -> None:
    assert "demonstration" in written(PAGE, **frame())
    assert "demonstration" not in written(PAGE, **frame(is_demo=False))


def test_a_telephone_link_dials_and_keeps_its_number_left_to_right() -> None:
    html = written('{% from "ui/components.html" import tel %}{{ tel("01632 960 001") }}')
    assert 'href="tel:01632960001"' in html
    assert 'Call <bdi dir="ltr">01632 960 001</bdi>' in html


def test_a_text_message_link_brings_its_word() -> None:
    html = written('{% from "ui/components.html" import sms %}{{ sms("85258", "SHOUT") }}')
    assert 'href="sms:85258?&amp;body=SHOUT"' in html


def test_what_people_wrote_is_escaped_in_every_piece() -> None:
    html = written(
        """{% from "ui/components.html" import heading, tel, tag, foreign, way, notice, urgent, back %}
        {% from "ui/lists.html" import card, chips, table, tiles, figures, filter_group %}
        {{ heading(bad, bad, "ur") }}{{ tel(bad) }}{{ tag(bad) }}{{ foreign(bad, "ur") }}{{ way(bad, bad, bad) }}{{ back(bad, bad) }}
        {% call notice("care", bad) %}{{ bad }}{% endcall %}{% call urgent(bad) %}{{ bad }}{% endcall %}
        {% call card(bad, bad, bad, bad, lang=bad) %}{{ bad }}{% endcall %}{{ chips([(bad, bad)], bad) }}
        {{ table(bad, [bad, bad], [(bad, bad)]) }}{{ tiles([(bad, bad, "home")]) }}{{ figures([(bad, bad)]) }}
        {% call filter_group(bad) %}{{ bad }}{% endcall %}""",
        bad="<script>\"'",
    )
    assert "<script" not in html
    assert "&lt;script&gt;&#34;" in html


def test_words_in_another_language_carry_it_and_its_direction() -> None:
    assert written('{% from "ui/components.html" import foreign %}{{ foreign("سلام", "ur") }}') == '<span lang="ur" dir="rtl">سلام</span>'


def test_only_icons_that_point_turn_round() -> None:
    assert 'class="icon icon-turns"' in written("{{ icon('back') }}")
    assert 'class="icon"' in written("{{ icon('phone') }}")


def test_what_was_checked_today_says_today() -> None:
    source = '{% from "ui/components.html" import checked %}{{ checked(day, today) }}'
    today = date(2026, 3, 22)
    assert written(source, day=today, today=today).strip() == "Checked today"
    assert written(source, day=date(2026, 3, 1), today=today).strip() == "Checked 3 weeks ago"


def test_pages_have_no_link_where_there_is_no_page() -> None:
    html = written('{% from "ui/lists.html" import pages %}{{ pages(1, 5, next="?page=2") }}')
    assert "Page 1 of 5" in html
    assert re.findall(r'rel="(\w+)"', html) == ["next"]


def test_a_table_keeps_its_headings_when_it_turns_into_cards() -> None:
    html = written('{% from "ui/lists.html" import table %}{{ table("When", ["Day", "Time"], [("Monday", "10am")]) }}')
    assert '<td role="cell" data-label="Time">10am</td>' in html
    assert '<th scope="row" role="rowheader">Monday</th>' in html


class ReportForm(Form):
    what = RadioField("What is wrong?", choices=[SelectChoice("phone", "The number")], validators=[InputRequired("Choose what is wrong")])
    tell = TextAreaField("Tell us more", description="No names")
    place = StringField("Where?", validators=[InputRequired("Tell us where")])
    who = SelectField("Who?", choices=[SelectChoice("", "Choose one"), SelectChoice("gp", "A doctor")])
    ways = SelectMultipleField("How?", choices=[SelectChoice("p", "Phone")])
    ok = BooleanField("You may tell them")


FORM = """<!doctype html><html lang="en"><head><title>x</title></head><body>
{% from "ui/forms.html" import error_summary, text, textarea, radios, select, checkboxes, tick, hidden, submit %}
{{ error_summary(form) }}{{ radios(form.what) }}{{ textarea(form.tell) }}{{ text(form.place, autocomplete="postal-code") }}
{{ select(form.who) }}{{ checkboxes(form.ways) }}{{ tick(form.ok) }}{{ submit("Send") }}</body></html>"""


def test_every_error_is_linked_from_the_summary_to_its_field() -> None:
    form = ReportForm(data={"place": "", "who": ""})
    assert not form.validate()
    page = parsed(written(FORM, form=form))
    ids = {element.get("id") for element in page.iter()}
    targets = [link.get("href", "")[1:] for link in page.iter("a")]
    assert targets == ["what", "place"]
    assert set(targets) <= ids


def test_every_control_of_a_form_has_a_label() -> None:
    page = parsed(written(FORM, form=ReportForm()))
    labelled = {label.get("for") for label in page.iter("label")}
    controls = [element.get("id") for tag in ("input", "select", "textarea") for element in page.iter(tag)]
    assert len(controls) == 6
    assert set(controls) <= labelled


def test_a_form_without_errors_has_no_summary() -> None:
    assert "govuk-error-summary" not in written(FORM, form=ReportForm())


def test_our_own_templates_stay_strict_about_what_is_undefined() -> None:
    with pytest.raises(UndefinedError):
        written("{{ nothing.of.the.kind }}")


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("ui/*.html")), ids=lambda path: path.name)
def test_templates_say_at_their_top_what_they_give(path: Path) -> None:
    assert path.read_text("utf-8").startswith("{#-")


def test_what_nobody_checked_says_so_in_the_footer_and_leads_to_the_english() -> None:
    draft = written(PAGE, **{**frame("ur", "rtl"), "is_draft": lambda part: part == "messages"})
    foot = next(parsed(draft).iter("footer"))
    assert "No native speaker has checked these words yet." in "".join(foot.itertext())
    assert "/en/" in [link.get("href") for link in foot.iter("a")]


def test_languages_beyond_the_likely_ones_are_a_link_away() -> None:
    context = frame()
    context["likely_links"] = context["language_links"][:1]
    page = parsed(written(PAGE, **context))
    assert "/en/languages" in [link.get("href") for link in next(page.iter("nav")).iter("a")]


def test_search_engines_are_told_of_the_page_in_other_languages() -> None:
    context = frame()
    context["alternates"] = context["language_links"]
    links = [(link.get("hreflang"), link.get("href")) for link in parsed(written(PAGE, **context)).iter("link") if link.get("hreflang")]
    assert links == [("en", "/en/"), ("ur", "/ur/")]
