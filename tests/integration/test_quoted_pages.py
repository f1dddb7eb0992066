"""Words in quotation marks on the page of results: what holds them together alone, or each of them where nothing does, and it says so."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

SAYS_SO = {
    "en": "No service here has those exact words side by side, so we looked for each word.",
    "ur": "یہاں کسی سروس میں بالکل یہی الفاظ ساتھ ساتھ نہیں ہیں، اس لیے ہم نے ہر لفظ الگ الگ تلاش کیا۔",
}


def page(client: FlaskClient, language: str, text: str) -> str:
    return client.get(f"/{language}/search", query_string={"q": text}).get_data(as_text=True)


def names(html: str) -> list[str]:
    return re.findall(r'class="card-name">.*?<a[^>]*>([^<]*)', html)


@pytest.mark.parametrize("language", SAYS_SO)
@pytest.mark.parametrize("marks", ["“{}”", '"{}"', "«{}»"])
def test_a_phrase_shows_only_what_holds_it(reader: FlaskClient, language: str, marks: str) -> None:
    quoted, plain = (page(reader, language, text) for text in (marks.format("lunch club"), "lunch club"))
    assert set(names(quoted)) == {"Tuesday lunch club", "Lunch clubs"}
    assert len(names(plain)) == 10
    assert SAYS_SO[language] not in quoted


@pytest.mark.parametrize("language", SAYS_SO)
def test_words_that_stand_together_nowhere_are_looked_for_one_by_one_and_the_page_says_so(reader: FlaskClient, language: str) -> None:
    quoted = page(reader, language, "“club lunch”")
    assert SAYS_SO[language] in quoted
    assert "Lunch clubs" in names(quoted)


def test_danger_is_heard_in_quotation_marks(reader: FlaskClient) -> None:
    assert 'id="urgent"' in page(reader, "en", "“my husband beats me”")
