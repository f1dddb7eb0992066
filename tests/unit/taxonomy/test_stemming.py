"""Stems: forms of one word to one form, in languages that have a stemmer."""

from __future__ import annotations

import pytest

from portal.i18n.languages import LANGUAGES
from portal.taxonomy.stemming import stem, stemmer
from portal.taxonomy.words import words


@pytest.mark.parametrize(("one", "other"), [("falls", "falling"), ("groups", "group"), ("swimming", "swims")])
def test_listings_are_stemmed_as_english(one: str, other: str) -> None:
    assert stem(one) == stem(other) == stemmer("en")(one)


@pytest.mark.parametrize("language", ["ur", "pa", "bn", "pl", "nonsense", ""])
def test_a_language_without_a_stemmer_keeps_its_words(language: str) -> None:
    assert stemmer(language)("running") == "running"


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_language_of_ours_can_be_asked_for(language: str) -> None:
    assert stemmer(language)("x") == "x"


def test_a_turkish_plural_and_its_singular_share_a_stem() -> None:
    assert stemmer("tr")("kitaplar") == stemmer("tr")("kitap")


@pytest.mark.parametrize("joined", ["الوحدة", "بالوحدة", "والوحدة", "وحدة"])
def test_an_arabic_word_and_the_same_with_its_article_and_what_is_written_onto_it_share_a_stem(joined: str) -> None:
    assert stemmer("ar")(words(joined)[0]) == stemmer("ar")(words("وحدة")[0])


def test_a_polish_word_and_its_other_case_share_a_stem() -> None:
    assert stemmer("pl")("jedzenie") == stemmer("pl")("jedzenia")
