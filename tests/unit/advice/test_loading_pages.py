"""Pages are read whole and right, or the start is refused with the file and the reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from portal.advice.page import ADVICE, SITE
from portal.advice.pages import Library, load_pages
from portal.advice.writing import read_writing
from portal.config import Settings
from portal.errors import ContentError, NotFound
from portal.pack import Pack

Writer = Callable[..., Path]

DAY = date(2026, 11, 24)
MONEY = 'group = "money"\nneeds = ["food"]'


def test_a_page_is_read_whole(settings: Settings, pack: Pack, write: Writer) -> None:
    write("project/advice/food/en.md", "Ask {{council}}.", title="Food in {{borough}}", more=MONEY)
    page = load_pages(settings, pack, DAY).get_page(ADVICE, "food", "en")
    assert (page.title, page.lead, page.who, page.owner) == ("Food in Vale", "In short.", "For you.", "Town & Vale")
    assert page.body == "<p>Ask Town &amp; Vale.</p>\n"
    assert page.group is not None
    assert (page.group.id, [need.id for need in page.needs]) == ("money", ["food"])
    assert page.sources[0].url == "https://www.gov.uk/source"
    assert (page.reviewed_on.isoformat(), page.review_by.isoformat()) == ("2026-11-01", "2027-05-01")


def test_the_council_s_own_page_comes_before_the_project_s(settings: Settings, pack: Pack, write: Writer) -> None:
    write("pack/site/about/en.md", title="Our own")
    pages = load_pages(settings, pack, DAY)
    assert pages.get_page(SITE, "about", "en").title == "Our own"
    assert pages.get_page(SITE, "contact", "en").title == "Contact"


def test_a_missing_language_falls_back_to_english_and_says_so(settings: Settings, pack: Pack) -> None:
    assert load_pages(settings, pack, DAY).get_page(SITE, "about", "tr").language == "en"


def test_a_translation_keeps_its_own_words_and_takes_group_needs_and_sources_from_english(
    settings: Settings, pack: Pack, write: Writer
) -> None:
    english = write("project/advice/food/en.md", "Text.", more=MONEY)
    fingerprint = read_writing(english, is_translation=False).fingerprint
    write("project/advice/food/tr.md", "Metin.", title="Yiyecek", translates=fingerprint, more='state = "draft"')
    page = load_pages(settings, pack, DAY).get_page(ADVICE, "food", "tr")
    assert (page.language, page.title, page.body, page.is_draft, page.is_outdated) == ("tr", "Yiyecek", "<p>Metin.</p>\n", True, False)
    assert page.group is not None
    assert page.group.id == "money"
    assert [need.id for need in page.needs] == ["food"]
    assert page.sources
    assert page.reviewed_on.isoformat() == "2026-11-02"


def test_a_translation_of_an_older_english_is_told_apart(settings: Settings, pack: Pack, write: Writer) -> None:
    english = write("project/site/about/en.md", "Old.")
    fingerprint = read_writing(english, is_translation=False).fingerprint
    write("project/site/about/tr.md", "Eski.", translates=fingerprint)
    assert not load_pages(settings, pack, DAY).get_page(SITE, "about", "tr").is_outdated
    write("project/site/about/en.md", "New.")
    assert load_pages(settings, pack, DAY).get_page(SITE, "about", "tr").is_outdated


def test_a_language_that_the_pack_does_not_offer_is_not_read(settings: Settings, pack: Pack, write: Writer) -> None:
    write("project/site/about/xx.md", "{{nonsense}}", translates="0")
    assert load_pages(settings, pack, DAY).get_page(SITE, "about", "xx").language == "en"


def test_a_page_that_is_not_there_is_not_found(settings: Settings, pack: Pack) -> None:
    with pytest.raises(NotFound, match="nowhere"):
        load_pages(settings, pack, DAY).get_page(ADVICE, "nowhere", "en")


def test_shelves_follow_the_taxonomy_and_their_pages_the_alphabet(settings: Settings, pack: Pack, write: Writer) -> None:
    write("project/advice/b/en.md", title="Apples", more='group = "about"')
    write("project/advice/a/en.md", title="Zebra", more='group = "money"')
    write("project/advice/c/en.md", title="Bread", more='group = "money"')
    shelves = load_pages(settings, pack, DAY).list_shelves("tr")
    assert [(shelf.group.id, [page.title for page in shelf.pages]) for shelf in shelves] == [
        ("money", ["Bread", "Zebra"]),
        ("about", ["Apples"]),
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        ('group = "moon"', "Text.", "must be a group of the taxonomy"),
        ("", "Text.", "must be a group of the taxonomy"),
        ('group = "money"\nneeds = ["wings"]', "Text.", "needs wings are not in the taxonomy"),
        (MONEY, "{{mayor}}", "{{mayor}} is not a placeholder"),
        (MONEY, "[x](page:nowhere)", "page:nowhere leads nowhere"),
        (MONEY, "[x](site:nowhere)", "site:nowhere leads nowhere"),
        (MONEY, "[x](need:nowhere)", "need:nowhere leads nowhere"),
        (MONEY + '\ncolour = "red"', "Text.", "colour not known"),
        (MONEY + '\nstate = "done"', "Text.", "state may only be"),
        (MONEY + "\nbroken", "Text.", "food/en.md"),
    ],
)
def test_a_wrong_page_stops_the_start(settings: Settings, pack: Pack, write: Writer, wrong: tuple[str, str, str]) -> None:
    more, body, reason = wrong
    write("project/advice/food/en.md", body, more=more)
    with pytest.raises(ContentError, match=r"food/en\.md") as refused:
        load_pages(settings, pack, DAY)
    assert reason in str(refused.value)


def test_a_page_of_the_site_belongs_to_no_group(settings: Settings, pack: Pack, write: Writer) -> None:
    write("project/site/about/en.md", more='group = "money"')
    with pytest.raises(ContentError, match="nothing else for the site"):
        load_pages(settings, pack, DAY)


def test_a_page_without_english_stops_the_start(settings: Settings, pack: Pack, write: Writer) -> None:
    write("project/advice/food/tr.md", translates="0")
    with pytest.raises(ContentError, match=r"en\.md is missing"):
        load_pages(settings, pack, DAY)


def test_a_site_without_one_of_its_pages_stops_the_start(settings: Settings, pack: Pack) -> None:
    (settings.base_content / "site" / "privacy" / "en.md").unlink()
    with pytest.raises(ContentError, match="privacy missing"):
        load_pages(settings, pack, DAY)


@pytest.mark.parametrize("key", ["title", "lead", "owner", "reviewed_on", "review_by", "sources"])
def test_english_without_one_of_its_keys_stops_the_start(settings: Settings, pack: Pack, key: str) -> None:
    path = settings.base_content / "site" / "about" / "en.md"
    path.write_text("\n".join(line for line in path.read_text("utf-8").splitlines() if not line.startswith(key)), "utf-8")
    with pytest.raises(ContentError, match=f"{key} missing between"):
        load_pages(settings, pack, DAY)


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("2026-11-01\nreview_by", '"soon"\nreview_by', "reviewed_on must be a date"),
        ("2027-05-01", "2027-05-01T10:00:00", "review_by must be a date"),
        ("checked_on = 2026-11-01", 'checked_on = "today"', "checked_on must be a date"),
        (", checked_on = 2026-11-01", "", "a source lacks checked_on"),
        ("https://www.gov.uk/source", "http://www.gov.uk/source", "needs an https:// address"),
        ("+++\ntitle", "title", "must begin with front matter"),
    ],
)
def test_front_matter_of_the_wrong_kind_stops_the_start(settings: Settings, pack: Pack, before: str, after: str, reason: str) -> None:
    path = settings.base_content / "site" / "about" / "en.md"
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), "utf-8")
    with pytest.raises(ContentError, match=f"about/en.md.*{reason}"):
        load_pages(settings, pack, DAY)


def test_an_amount_of_money_is_that_of_the_year_and_its_line_is_left_out_in_a_year_without(
    settings: Settings, pack: Pack, write: Writer
) -> None:
    write("project/advice/food/en.md", "- The limit is {{money.limit}}.\n- The grant is {{money.grant}}.\n- Ask us.", more=MONEY)
    library = Library(settings, pack)
    body = library.on(date(2027, 4, 5)).get_page(ADVICE, "food", "en").body
    assert '<bdi dir="ltr">£23,250</bdi>' in body
    assert ("grant" in body, "Ask us." in body) == (False, True)
    assert "limit" not in library.on(date(2027, 4, 6)).get_page(ADVICE, "food", "en").body
    assert "limit" not in library.on(date(2026, 4, 5)).get_page(ADVICE, "food", "en").body


@pytest.mark.parametrize(
    "row", ['{amount: "23,250", source: "https://x.org", checked_on: 2026-11-01}', '{amount: "£1", checked_on: 2026-11-01}']
)
def test_an_amount_without_its_sign_or_source_stops_the_start(settings: Settings, pack: Pack, row: str) -> None:
    (settings.base_content / "money.yaml").write_text(f"names: {{limit: {{label: The limit}}}}\nyears: {{2026: {{limit: {row}}}}}", "utf-8")
    with pytest.raises(ContentError, match="2026, limit"):
        load_pages(settings, pack, DAY)


def test_advice_says_for_whom_it_is_and_pages_about_the_site_do_not(settings: Settings, pack: Pack, write: Writer) -> None:
    path = write("project/advice/food/en.md", more=MONEY)
    path.write_text(path.read_text("utf-8").replace('who = "For you."', ""), "utf-8")
    with pytest.raises(ContentError, match="for whom"):
        load_pages(settings, pack, DAY)


def test_easy_reads_are_filled_and_lead_to_their_pages(settings: Settings, pack: Pack) -> None:
    folder = settings.base_content / "easy-read"
    folder.mkdir()
    line = "{picture: phone, text: 'Ring {{council}}. See [food](need:food).'}"
    (folder / "about.yaml").write_text(
        f"title: About\nparts: [{{heading: First, lines: [{line}, {{picture: x, text: '{{{{email}}}}'}}]}}]", "utf-8"
    )
    [page] = Library(settings, pack).easy_reads.values()
    assert (page.slug, page.title, page.endpoint) == ("about", "About", "advice.about")
    [part] = page.parts
    assert [(line.picture, line.text) for line in part.lines] == [
        ("phone", '<p>Ring Town &amp; Vale. See <a href="need:food">food</a>.</p>\n')
    ], "a line that nothing fills is left out"


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("about", "title: A\nparts: [{heading: B, lines: [{picture: x}]}]", "needs title and parts"),
        ("nowhere", "title: A\nparts: []", "no page of this name"),
        ("about", "title: A\nparts: [{heading: B, lines: [{picture: x, text: '[a](page:nowhere)'}]}]", "leads nowhere"),
    ],
)
def test_a_wrong_easy_read_stops_the_start(settings: Settings, pack: Pack, name: str, text: str, reason: str) -> None:
    folder = settings.base_content / "easy-read"
    folder.mkdir()
    (folder / f"{name}.yaml").write_text(text, "utf-8")
    with pytest.raises(ContentError, match=reason):
        Library(settings, pack)
