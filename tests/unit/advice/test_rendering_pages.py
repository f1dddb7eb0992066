"""What authors write becomes safe HTML, filled from the pack, readable in both directions."""

from __future__ import annotations

import re

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from portal.advice.pages import pack_values
from portal.advice.rendering import InnerLink, fill_text, list_inner_links, render, resolve_links
from portal.errors import ContentError
from portal.pack import Line, Pack

SAFE_ELEMENTS = {
    *["html", "head", "body", "p", "h2", "h3", "h4", "h5", "h6"],
    *["ul", "ol", "li", "strong", "em", "a", "bdi", "span", "blockquote", "hr", "br", "pre", "code"],
}
SAFE_ATTRIBUTES = {"href", "title", "lang", "dir", "start", "class"}
SAFE_ADDRESS = re.compile(r"https?://|tel:\+?\d+$|mailto:|#|/(?!/)|(page|site|need):[a-z0-9-]+$|(urgent|home|advice):$")
PIECES = (
    *("<script>", "<img src=x onerror=y>", "[a]", "(javascript:x)", "(//evil.example)", "(page:a)", '(https://b.example "t")'),
    *("(lang:ur)", "![i](x)", "{{council}}", "{{website}}", "**", "_", "`", "\n", "\n\n", "- ", "1. ", "> ", "## ", "    "),
    *("<https://c.example>", "&amp;", '"', "£1", "1 2", "a", "---"),
)
DOOR = Line("front_door", "Care Line", "01632 960 001", "Weekdays", email="care@vale.example.org")
FULL = Pack(
    "Doorstep", "Town & Vale", "Vale", (), "#0b5c55", ("en",), {"front_door": DOOR}, "1 High St", "https://vale.example.org/", is_demo=True
)


def test_html_of_an_author_is_shown_as_text(pack: Pack) -> None:
    assert (
        render("<b>Hello</b> <script>alert(1)</script>", pack_values(pack), "en")
        == "<p>&lt;b&gt;Hello&lt;/b&gt; &lt;script&gt;alert(1)&lt;/script&gt;</p>\n"
    )


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "//evil.example",
        "ftp://x",
        "file:///etc",
        "tel:evil",
    ],
)
def test_a_link_to_anywhere_unsafe_is_dropped_and_its_words_stay(pack: Pack, address: str) -> None:
    html = render(f"[Words]({address})", pack_values(pack), "en")
    assert "<a" not in html
    assert "Words" in html


@pytest.mark.parametrize("address", ["https://www.nhs.uk/", "http://example.org", "tel:999", "/en/search", "#top", "page:falls", "urgent:"])
def test_a_link_to_somewhere_safe_is_kept(pack: Pack, address: str) -> None:
    assert f'<a href="{address}">Words</a>' in render(f"[Words]({address})", pack_values(pack), "en")


def test_pictures_are_not_shown(pack: Pack) -> None:
    assert "<img" not in render("![x](https://example.org/x.png)", pack_values(pack), "en")


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_nothing_that_can_be_written_gives_unsafe_html(markdown: str) -> None:
    try:
        html = render(markdown, pack_values(FULL), "ur")
    except ContentError:
        return  # refused, for a heading of the first rank under a line of dashes: nothing is shown
    for element in html5lib.parse(html, namespaceHTMLElements=False).iter():
        assert element.tag in SAFE_ELEMENTS
        assert set(element.attrib) <= SAFE_ATTRIBUTES
        assert SAFE_ADDRESS.match(element.get("href", "#"))


def test_placeholders_are_filled_and_escaped(pack: Pack) -> None:
    assert render("Ask {{council}} or {{ borough }}.", pack_values(pack), "en") == "<p>Ask Town &amp; Vale or Vale.</p>\n"


def test_the_number_of_the_front_door_can_be_tapped_and_reads_left_to_right(pack: Pack) -> None:
    assert '<a href="tel:01632960001"><bdi dir="ltr">01632 960 001</bdi></a>' in render(
        "Ring {{front_door_number}}.", pack_values(pack), "ur"
    )


def test_in_another_language_the_council_s_own_words_are_marked_as_english(pack: Pack) -> None:
    assert '<span lang="en" dir="ltr">Town &amp; Vale</span>' in render("{{council}}", pack_values(pack), "ur")


def test_a_line_that_this_council_has_nothing_for_is_left_out(pack: Pack) -> None:
    html = render("- Email: {{email}}\n- Post: {{address}}", pack_values(pack), "en")
    assert "Email" not in html
    assert "1 High St" in html


@pytest.mark.parametrize("text", ["{{counsil}}", "{{}}", "{{front-door}}", "{{pack.lines}}"])
def test_an_unknown_placeholder_is_refused_by_name(pack: Pack, text: str) -> None:
    with pytest.raises(ContentError, match=re.escape(f"{text} is not a placeholder")):
        render(f"Ask {text}.", pack_values(pack), "en")
    with pytest.raises(ContentError, match="is not a placeholder"):
        fill_text(text, pack_values(pack))


def test_a_title_is_filled_as_plain_text(pack: Pack) -> None:
    assert fill_text("About {{council}}", pack_values(pack)) == "About Town & Vale"


@pytest.mark.parametrize("heading", ["# Title", "Title\n====="])
def test_a_heading_of_the_first_rank_is_refused(pack: Pack, heading: str) -> None:
    with pytest.raises(ContentError, match="use ## and below"):
        render(heading, pack_values(pack), "en")


def test_numbers_with_spaces_and_money_are_isolated(pack: Pack) -> None:
    html = render("Ring 116 123, or 999. It costs £2.50. 10 years.", pack_values(pack), "ur")
    assert re.findall(r'<bdi dir="ltr">(.*?)</bdi>', html) == ["116 123", "£2.50"]


def test_words_in_another_language_are_marked_and_links_around_them_stay_links(pack: Pack) -> None:
    html = render("[One](https://a.example) [two](lang:en) [three](lang:ur) [four](https://b.example)", pack_values(pack), "tr")
    assert '<a href="https://a.example">One</a> <span lang="en" dir="ltr">two</span> <span lang="ur" dir="rtl">three</span>' in html
    assert '<a href="https://b.example">four</a>' in html


def test_links_within_the_site_are_listed_and_resolved_by_name(pack: Pack) -> None:
    body = render("[A](page:falls) [B](need:food) [C](urgent:) [D](https://d.example)", pack_values(pack), "en")
    assert list_inner_links(body) == (InnerLink("page", "falls"), InnerLink("need", "food"), InnerLink("urgent", ""))
    resolved = resolve_links(body, lambda link: f'/{link.kind}?"<{link.name}')
    assert 'href="/page?&#34;&lt;falls"' in resolved
    assert 'href="https://d.example"' in resolved


def test_text_that_looks_like_a_link_s_code_is_left_alone(pack: Pack) -> None:
    body = render('Write href="page:falls" here.', pack_values(pack), "en")
    assert list_inner_links(body) == ()
    assert resolve_links(body, lambda _: "changed") == body
    assert isinstance(resolve_links(body, lambda _: ""), Markup)
