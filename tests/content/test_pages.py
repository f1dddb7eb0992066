"""Every page of advice and about the site is sound: complete, translated, current, plain, and honest about figures."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from portal.advice.page import ADVICE, SITE, SITE_SLUGS, Page, Pages
from portal.advice.pages import load_pages
from portal.advice.rendering import list_inner_links
from portal.config import CHECKOUT, from_environment
from portal.i18n.languages import LANGUAGES, SOURCE
from portal.pack import load_pack

CONTENT = CHECKOUT / "content"
TODAY = date(2026, 11, 24)
SLUGS = sorted((folder.parent.name, folder.name) for kind in (ADVICE, SITE) for folder in (CONTENT / kind).iterdir())
ADVICE_SLUGS = [slug for kind, slug in SLUGS if kind == ADVICE]
LONGEST_SENTENCE = 20
OLDEST_READER = 11  # the age at which a child in school reads such words, by the automated readability index
LEAST_ADVICE = 30
# What is there in every language; the rest falls back to English.
WHOLE = {
    (ADVICE, "how-care-works"),
    (ADVICE, "help-for-carers"),
    (ADVICE, "paying-for-care"),
    (ADVICE, "abuse-and-neglect"),
    (ADVICE, "staying-steady"),
    (ADVICE, "money-and-food"),
    (ADVICE, "your-rights"),
    *((SITE, slug) for slug in SITE_SLUGS),
}
NEVER_SAID = (
    "eligible",
    "eligibility",
    "service user",
    "pathway",
    "referral",
    "click here",
    "n/a",
    "are you a carer",
    "vulnerable",
    "elderly",
)
REGULATIONS = "Public Sector Bodies (Websites and Mobile Applications) (No. 2) Accessibility Regulations 2018"
# Sentences of the model accessibility statement, whose words the law gives.
MODEL_VERSION = "Web Content Accessibility Guidelines version 2.2 AA standard"
PRESCRIBED = (
    "This accessibility statement applies to Doorstep Calderwick",
    f"The Equality and Human Rights Commission (EHRC) is responsible for enforcing the {REGULATIONS} (the ‘accessibility regulations’).",
    "If you’re not happy with how we respond to your complaint, contact the Equality Advisory and Support Service (EASS).",
    f"Calderwick Council is committed to making its website accessible, in accordance with the {REGULATIONS}.",
    f"This website is partially compliant with the {MODEL_VERSION}, due to the non-compliances listed below.",
    "The content listed below is non-accessible for the following reasons.",
)


@pytest.fixture(scope="module")
def pages() -> Pages:
    settings = replace(from_environment({}), content=CONTENT / "demo")
    return load_pages(settings, load_pack(settings), TODAY)


def _translations() -> list[tuple[str, str, str]]:
    return [(kind, slug, path.stem) for kind, slug in SLUGS for path in sorted((CONTENT / kind / slug).iterdir()) if path.stem != SOURCE]


def _text(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", markup)).split())


def _blocks(page: Page) -> list[str]:
    """The texts of headings, paragraphs and list items."""
    ends = re.sub(r"<(ul|ol)>", "</p>", page.body)
    return [text for block in re.split(r"</(?:p|li|h\d)>", ends) if (text := _text(block))]


def _sentences(page: Page) -> Iterator[str]:
    prescribed = re.compile("|".join(map(re.escape, PRESCRIBED)))
    for block in [page.lead, *(prescribed.sub("", block) for block in _blocks(page))]:
        yield from (sentence for sentence in re.split(r"(?<=[.?!:])[\"”)]?\s+(?=[A-Z\"“])", block) if sentence.strip(" ."))


def _reading_age(sentences: list[str]) -> float:
    """Age in years, by the automated readability index: letters a word and words a sentence."""
    words = [word for sentence in sentences for word in re.findall(r"[\w'’]+", sentence)]
    letters = sum(map(len, words))
    return 4.71 * letters / len(words) + 0.5 * len(words) / len(sentences) - 21.43 + 5


def _marks(body: str, pattern: str) -> list[str]:
    return sorted(re.findall(pattern, body))


def test_the_pages_that_the_site_must_have_are_there() -> None:
    assert [slug for kind, slug in SLUGS if kind == SITE] == sorted(SITE_SLUGS)
    assert len(ADVICE_SLUGS) >= LEAST_ADVICE


@pytest.mark.parametrize(("kind", "slug"), SLUGS)
def test_a_page_is_a_file_for_each_language_and_nothing_else(kind: str, slug: str) -> None:
    names = {path.name for path in (CONTENT / kind / slug).iterdir()}
    assert names <= {f"{language}.md" for language in LANGUAGES}
    assert "en.md" in names


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_everybody_must_be_able_to_read_is_there_in_every_language(pages: Pages, language: str) -> None:
    assert {(kind, slug) for kind, slug in WHOLE if pages.get_page(kind, slug, language).language != language} == set()


def test_the_project_s_pages_also_suit_a_council_that_has_only_a_name() -> None:
    settings = replace(from_environment({}), content=CONTENT)
    pages = load_pages(settings, load_pack(settings), TODAY)
    assert {(kind, slug) for kind, slug, _ in pages.by_name} == set(SLUGS)
    assert "Email" not in pages.get_page(SITE, "contact", "en").body


@pytest.mark.parametrize(("kind", "slug", "language"), _translations())
def test_a_translation_is_of_the_english_as_it_stands_and_says_that_it_is_a_draft(
    pages: Pages, kind: str, slug: str, language: str
) -> None:
    page = pages.get_page(kind, slug, language)
    assert page.language == language
    assert not page.is_outdated, "the English has changed: mend the translation, then write its new fingerprint"
    assert page.is_draft


@pytest.mark.parametrize(("kind", "slug", "language"), _translations())
def test_a_translation_has_the_shape_and_the_links_of_the_english(pages: Pages, kind: str, slug: str, language: str) -> None:
    english, page = pages.get_page(kind, slug, "en"), pages.get_page(kind, slug, language)
    assert re.findall(r"<(h\d|p|ul|ol|li)>", page.body) == re.findall(r"<(h\d|p|ul|ol|li)>", english.body)
    assert sorted(map(str, list_inner_links(page.body))) == sorted(map(str, list_inner_links(english.body)))
    assert _marks(page.body, r'href="((?:https|tel|mailto):[^"]+)"') == _marks(english.body, r'href="((?:https|tel|mailto):[^"]+)"')


@pytest.mark.parametrize(("kind", "slug"), SLUGS)
def test_english_is_plain(pages: Pages, kind: str, slug: str) -> None:
    page = pages.get_page(kind, slug, "en")
    sentences = list(_sentences(page))
    assert [sentence for sentence in sentences if len(sentence.split()) > LONGEST_SENTENCE] == []
    assert _reading_age(sentences) <= OLDEST_READER
    said = f"{page.title} {page.lead} {_text(page.body)}".lower()
    assert [word for word in NEVER_SAID if re.search(rf"\b{word}\b", said)] == []


@pytest.mark.parametrize("slug", ADVICE_SLUGS)
def test_advice_has_needs_sources_and_a_date_by_which_it_is_looked_at_again(pages: Pages, slug: str) -> None:
    page = pages.get_page(ADVICE, slug, "en")
    assert page.needs
    assert len(page.sources) >= 2
    assert page.who
    assert page.body.startswith("<h2>First steps</h2>\n<ol>")
    assert all(source.checked_on <= page.review_by for source in page.sources)
    assert page.reviewed_on < page.review_by


@pytest.mark.parametrize("path", sorted(CONTENT.glob("*/*/*.md")), ids=lambda path: "/".join(path.parts[-3:]))
def test_amounts_of_money_come_from_their_table(path: Path) -> None:
    assert "£" not in path.read_text("utf-8")


@pytest.mark.parametrize(("kind", "slug"), SLUGS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_telephone_link_dials_the_number_it_shows(pages: Pages, kind: str, slug: str, language: str) -> None:
    for dialled, shown in re.findall(r'<a href="tel:([^"]+)">(.*?)</a>', pages.get_page(kind, slug, language).body):
        assert re.sub(r"\D", "", _text(shown)) == dialled


@pytest.mark.parametrize(("kind", "slug"), SLUGS)
def test_no_markdown_is_left_over(pages: Pages, kind: str, slug: str) -> None:
    for language in LANGUAGES:
        assert re.search(r"\]\(|\*\*|\{\{|^#", "\n".join(_blocks(pages.get_page(kind, slug, language))), re.MULTILINE) is None


def test_the_accessibility_statement_has_the_words_of_the_law(pages: Pages) -> None:
    text = _text(pages.get_page(SITE, "accessibility", "en").body)
    assert [sentence for sentence in PRESCRIBED if sentence not in text] == []
    assert "https://www.equalityadvisoryservice.com/" in pages.get_page(SITE, "accessibility", "en").body


def test_the_accessibility_statement_was_reviewed_on_the_day_that_it_names(pages: Pages) -> None:
    page = pages.get_page(SITE, "accessibility", "en")
    day = f"{page.reviewed_on.day} {page.reviewed_on:%B %Y}"
    assert f"It was last reviewed on {day}." in page.body


def test_the_statement_admits_unchecked_translations_as_long_as_there_are_drafts(pages: Pages) -> None:
    drafts = any(page.is_draft for page in pages.by_name.values())
    admitted = "have not yet been checked by native speakers" in pages.get_page(SITE, "accessibility", "en").body
    assert admitted == drafts
