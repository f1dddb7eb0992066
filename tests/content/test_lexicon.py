"""The books of words people use are sound: every phrase can be found, means a need that exists, and each language has enough."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import regex

from portal.config import CHECKOUT
from portal.i18n.languages import LANGUAGES
from portal.pack import read_yaml
from portal.taxonomy.terms import load_taxonomy
from portal.taxonomy.words import words

LEXICON = CHECKOUT / "search_index"
NEEDS = load_taxonomy(CHECKOUT / "content" / "taxonomy.yaml").needs
LEAST_NEEDS = 60
LEAST_PHRASINGS = 6
LEAST_URGENT = 15
KINDS = [kind["id"] for kind in read_yaml(CHECKOUT / "content" / "urgent.yaml")["kinds"]]
BOOKS = sorted(path for folder in ("needs", "cues", "bridges", "urgent") for path in (LEXICON / folder).glob("*.yaml"))
SCRIPTS = {"ar": "Arabic", "ur": "Arabic", "bn": "Bengali", "pa": "Gurmukhi"}


def phrases(path: Path) -> Iterator[tuple[str, str]]:
    """(meaning, phrase) of a book."""
    for meaning, entry in read_yaml(path).items():
        listed = [*(entry.get("say") or ()), *(entry.get("unless") or ())] if isinstance(entry, dict) else entry
        for phrase in listed:
            yield str(meaning), phrase


def called(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


@pytest.mark.parametrize("path", BOOKS, ids=called)
def test_a_book_is_of_a_language_of_ours(path: Path) -> None:
    assert path.stem in LANGUAGES


@pytest.mark.parametrize("path", BOOKS, ids=called)
def test_every_phrase_is_composed_text_of_words_that_can_be_found(path: Path) -> None:
    for meaning, phrase in phrases(path):
        assert isinstance(phrase, str), f"{meaning}: {phrase!r} is not text: put it in quotes"
        assert unicodedata.is_normalized("NFC", phrase), f"{meaning}: {phrase!r}"
        assert phrase == " ".join(phrase.split()) != "", f"{meaning}: {phrase!r}"
        for part in phrase.split():
            for choice in part.split("|"):
                assert words(choice.replace("*", "")), f"{meaning}: {choice!r} in {phrase!r} is no word"
                assert "*" not in choice[:-1], f"{meaning}: {choice!r}: a star ends a word"


@pytest.mark.parametrize("path", BOOKS, ids=called)
def test_no_phrase_is_there_twice_for_one_meaning(path: Path) -> None:
    raw = read_yaml(path)
    for meaning, entry in raw.items():
        for listed in (entry.get("say") or (), entry.get("unless") or ()) if isinstance(entry, dict) else (entry,):
            twice = [phrase for phrase, count in Counter(listed).items() if count > 1]
            assert not twice, f"{meaning}: {twice}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_words_for_at_least_sixty_needs_and_none_for_a_need_that_is_not(language: str) -> None:
    book = read_yaml(LEXICON / "needs" / f"{language}.yaml")
    assert set(book) <= set(NEEDS)
    assert sum(len(entry) >= LEAST_PHRASINGS for entry in book.values()) >= LEAST_NEEDS


def test_english_has_words_for_every_need() -> None:
    assert set(NEEDS) - set(read_yaml(LEXICON / "needs" / "en.yaml")) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_sixty_needs_have_words_in_the_languages_own_letters(language: str) -> None:
    """Those that have letters of their own are typed in Latin letters too; those phrases are there beside."""
    book = read_yaml(LEXICON / "needs" / f"{language}.yaml")
    own = regex.compile(rf"\p{{{SCRIPTS.get(language, 'Latin')}}}")
    assert sum(sum(bool(own.search(phrase)) for phrase in entry) >= 3 for entry in book.values()) >= LEAST_NEEDS
    if language in SCRIPTS:
        latin = regex.compile(r"\p{Latin}")
        assert sum(any(latin.search(phrase) for phrase in entry) for entry in book.values()) >= LEAST_NEEDS


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_danger_is_heard_in_each_language_and_none_that_has_no_card(language: str) -> None:
    book = read_yaml(LEXICON / "urgent" / f"{language}.yaml")
    assert set(book) == set(KINDS)
    assert all(entry.get("say") for entry in book.values())
    assert sum(len(entry["say"]) for entry in book.values()) >= LEAST_URGENT


@pytest.mark.parametrize("language", LANGUAGES)
def test_stop_words_eat_no_phrase_whole(language: str) -> None:
    lines = (LEXICON / "stopwords" / f"{language}.txt").read_text("utf-8").splitlines()
    stops = {word for line in lines if not line.startswith("#") for word in words(line)}
    assert len(stops) >= 50
    eaten = [
        phrase
        for _, phrase in phrases(LEXICON / "needs" / f"{language}.yaml")
        if len(phrase.split()) == 1 and all(set(words(choice)) <= stops for choice in phrase.split("|"))
    ]
    assert eaten == []


@pytest.mark.parametrize("typed", ["A&E", "24/7", "not coping", "can't cope", "یہاں", "işsizim", "ਪੰਜਾਬੀ", "বাংলা", "מאַמע"])
def test_words_of_every_script_survive_being_cut_and_folded(typed: str) -> None:
    found = words(typed)
    assert found
    for letter in unicodedata.normalize("NFC", typed):
        if unicodedata.category(letter).startswith("M"):
            assert any(unicodedata.category(kept).startswith("M") for word in found for kept in word) or len(found) == 1
