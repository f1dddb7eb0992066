"""Stems: forms of one word to one form, in languages that have a stemmer; safe between threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from portal.i18n.languages import LANGUAGES
from portal.taxonomy.stemming import stem, stemmer


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


def test_many_threads_get_the_stems_that_one_gets() -> None:
    known = [f"{start}{end}" for start in ("swim", "walk", "talk", "help", "cook") for end in ("", "s", "ed", "ing", "er", "ers")] * 40
    alone = [stem(word) for word in known]
    stemmer.cache_clear()  # so that nothing is remembered
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(stem, known)) == alone
