"""Letters: plain text and HTML that say the same, in the reader's language and direction, with nothing that is fetched or told on."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from xml.etree import ElementTree as ET

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from portal.i18n.languages import LANGUAGES, direction
from portal.i18n.text import gettext, in_language, lazy_gettext, ngettext, speaking
from portal.i18n.untranslated import END, START
from portal.mail import Message
from portal.mail.drawing import BRAND, INK, LINE, MIST, PAPER, QUIET
from portal.mail.letter import Block, Code, Heading, Item, Items, Letter, Link, Paragraph, Small, apart
from portal.mail.message import as_email
from portal.pack import contrast_with_white

URL = "https://help.example.org/en/still-right/Az09-_?a=1&b=2"
BLOCKS: tuple[Block, ...] = (
    Paragraph("Please look at your listings.\nIt takes two minutes."),
    Heading("Listings"),
    Items((Item("Lunch <club>", "https://help.example.org/s/1", ("Tuesdays, 10am", "01632 960001")), Item("Walks"))),
    Link("Look at them", URL),
    Code("123456"),
    Small("Questions? Ring us."),
)
LETTER = Letter("Is this still right?", "Hello & welcome", BLOCKS, "en", "Doorstep <Calderwick>")
PLAIN = f"""Hello & welcome

Please look at your listings.
It takes two minutes.

Listings

- Lunch <club>
  Tuesdays, 10am
  01632 960001
  https://help.example.org/s/1
- Walks

Look at them
{URL}

    123456

Questions? Ring us.

Doorstep <Calderwick>"""
XML = "{http://www.w3.org/XML/1998/namespace}lang"


def parsed(html: str) -> ET.Element:
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    tree: ET.Element = parser.parse(html)
    return tree


def letter_in(language: str, *blocks: Block) -> Message:
    return Letter("Subject", "", blocks or BLOCKS, language, "Doorstep").message("sam@example.org")


def test_the_plain_text_has_all_of_it_with_links_on_lines_of_their_own() -> None:
    message = LETTER.message("sam@example.org")
    assert message.body == PLAIN
    assert (message.channel, message.to, message.subject, message.language) == ("email", "sam@example.org", "Is this still right?", "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_html_is_valid_and_says_its_language_and_direction_on_every_level(language: str) -> None:
    page = parsed(letter_in(language).html)
    assert (page.get("lang"), page.get("dir")) == (language, direction(language))
    cells = [cell for cell in page.iter("td") if cell.get("lang")]
    assert len(cells) == 2
    assert {(cell.get("lang"), cell.get("dir")) for cell in cells} == {(language, direction(language))}
    side = "right" if direction(language) == "rtl" else "left"
    assert all(f"text-align:{side}" in str(cell.get("style")) for cell in cells)
    [items] = page.iter("ul")
    assert f"padding-{side}:" in str(items.get("style"))


def test_both_say_the_same() -> None:
    message = LETTER.message("sam@example.org")
    said = " ".join(" ".join(parsed(message.html).find("body").itertext()).split())  # type: ignore[union-attr]
    for line in PLAIN.splitlines():
        words = line.strip().removeprefix("- ")
        assert words in said or any(link.get("href") == words for link in parsed(message.html).iter("a")), words


def test_nothing_is_fetched_and_nobody_is_told() -> None:
    html = LETTER.message("sam@example.org").html
    page = parsed(html)
    assert {element.tag for element in page.iter() if isinstance(element.tag, str)} <= {
        *("html", "head", "meta", "title", "body", "table", "tbody", "tr", "td"),
        *("p", "h2", "a", "br", "ul", "li", "span", "bdi"),
    }
    assert sorted(str(link.get("href")) for link in page.iter("a")) == [URL, "https://help.example.org/s/1"]
    assert not re.search(r"url\(|@import|<style|<img|<link|src=|background=|javascript", html)
    assert [element.get("style") for element in page.iter() if element.get("class")] == []


def colours(style: str) -> dict[str, str]:
    return dict(part.split(":", 1) for part in style.split(";") if ":" in part)


def test_every_colour_comes_with_its_ground_and_can_be_read() -> None:
    page = parsed(LETTER.message("sam@example.org").html)
    pairs = set()
    for element in page.iter():
        style = colours(str(element.get("style") or ""))
        assert ("color" in style) == ("background-color" in style), element.tag
        if "color" in style:
            pairs.add((style["color"], style["background-color"]))
    assert pairs == {(INK, MIST), (INK, PAPER), (PAPER, BRAND), (QUIET, PAPER), (BRAND, PAPER)}
    assert all(contrast(*pair) >= 7 for pair in pairs)
    assert contrast(LINE, PAPER) >= 4.5


def test_turned_round_for_the_dark_it_can_still_be_read() -> None:
    pairs = [(INK, MIST), (INK, PAPER), (PAPER, BRAND), (QUIET, PAPER), (BRAND, PAPER)]
    assert all(contrast(*(f"#{0xFFFFFF - int(colour[1:], 16):06x}" for colour in pair)) >= 4.5 for pair in pairs)


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((1.05 / contrast_with_white(colour) for colour in (one, other)), reverse=True)
    return lighter / darker


def test_the_colour_of_a_council_is_that_of_its_letters() -> None:
    html = replace(LETTER, brand="#123456").message("sam@example.org").html
    assert "#123456" in html
    assert BRAND not in html


def test_words_that_gettext_gives_are_not_escaped_twice_and_plain_ones_once() -> None:
    name = "<b>Café & Co</b>"
    for text in (gettext("Saved %(name)s", name=name), lazy_gettext("Saved %(name)s", name=name), f"Saved {name}"):
        message = letter_in("en", Paragraph(text))
        assert message.body == f"Saved {name}\n\nDoorstep"
        assert "Saved &lt;b&gt;Café &amp; Co&lt;/b&gt;" in message.html
    assert type(Letter(Markup("A &amp; B"), "", BLOCKS).message("x@example.org").subject) is str
    assert Letter(Markup("A &amp; B"), "", BLOCKS).message("x@example.org").subject == "A & B"


def test_what_is_not_translated_yet_is_marked_as_english_and_the_plain_text_shows_no_sign() -> None:
    with speaking("ur"):
        missing = gettext("No such message in any catalogue")
    message = letter_in("ur", Paragraph(missing), Paragraph(f"بولیے {missing}"), Items((Item(missing),)))
    assert not {START, END} & set(message.body + message.html + message.subject)
    assert message.html.count("No such message in any catalogue") == 3
    assert '<p lang="en" dir="ltr"' in message.html
    assert 'بولیے <span lang="en" dir="ltr">No such message' in message.html


def test_a_name_in_another_language_says_so() -> None:
    html = letter_in("ur", Paragraph("Lunch club", "en"), Items((Item("Walks", language="en"),))).html
    assert '<p lang="en" dir="ltr"' in html
    assert re.search(r'<span lang="en" dir="ltr" style="font-family:system-ui[^"]*">Walks</span>', html)


def test_a_number_is_kept_apart_in_both() -> None:
    message = letter_in("ur", Small(f"فون: {apart('01632 960001')}"))
    assert "\u206801632 960001\u2069" in message.body
    assert "\u206801632 960001\u2069" in message.html


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "/en/plan", "", "mailto:x@example.org"])
def test_a_link_is_an_address_of_the_web(url: str) -> None:
    for block in (Link("Go", url), Items((Item("Go", url),)) if url else Link("Go", url)):
        with pytest.raises(ValueError, match="https://"):
            letter_in("en", block)


@given(st.text(min_size=1, max_size=60))
def test_any_words_are_words_and_never_markup(words: str) -> None:
    blocks = (Paragraph(words), Heading(words), Link(words, URL), Code(words), Items((Item(words, URL, (words,)),)), Small(words))
    message = Letter(words, words, blocks, "ur", words).message("sam@example.org")
    plain_page = Letter("x", "x", tuple(replace_words(block) for block in blocks), "ur", "x").message("sam@example.org").html
    tags = re.compile(r"</?(?!br|span)\w+")
    assert tags.findall(message.html) == tags.findall(plain_page)
    as_email(message, "id", "doorstep@example.org", "quoted-printable").as_bytes()


def replace_words(block: Block) -> Block:
    if isinstance(block, Items):
        return Items((Item("x", URL, ("x",)),))
    return replace(block, text="x")


def test_a_letter_in_a_language_that_is_not_ours_any_more_is_english() -> None:
    message = letter_in("xx")
    assert message.language == "en"
    assert parsed(message.html).get("lang") == "en"


def test_an_e_mail_says_its_language_and_holds_both() -> None:
    message = letter_in("ur")
    found = as_email(message, "id", "doorstep@example.org", "8bit")
    assert found["Content-Language"] == "ur"
    assert [part.get_content_type() for part in found.iter_parts()] == ["text/plain", "text/html"]
    alone = as_email(replace(message, html="", language=""), "id", "doorstep@example.org", "8bit")
    assert (alone["Content-Language"], alone.get_content_type()) == (None, "text/plain")


def test_it_comes_back_from_the_outbox_as_it_went_in() -> None:
    message = letter_in("ur")
    assert Message.unpacked(message.packed()) == message
    assert unescape(message.html).count(URL) == 2


def test_words_are_in_the_language_that_is_spoken_where_there_is_no_request() -> None:
    with speaking("ur") as locale:
        assert str(locale) == "ur"
        assert gettext("There is an answer") == "جواب آ گیا ہے"
        assert in_language("en", "There is an answer") == "There is an answer"
        with speaking("tr"):
            tr = ngettext("%(num)s service", "%(num)s services", 1_234)
        assert gettext("There is an answer") == "جواب آ گیا ہے"
    assert "1.234" in tr
    assert gettext("There is an answer") == "There is an answer"
    with speaking("xx") as locale:
        assert str(locale) == "en"
