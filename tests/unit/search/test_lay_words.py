"""What words mean in any language: needs spoken of, needs hinted at, bridges to English, names of languages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from little_borough import NEEDS, laywords, taxonomy

from portal.errors import ContentError
from portal.search.laywords import MOST_NEEDS, Heard, load_laywords
from portal.taxonomy.phrases import PhraseBook
from portal.taxonomy.words import words

BOOK = laywords()


def heard(text: str, language: str = "en", known: frozenset[str] = frozenset()) -> Heard:
    return BOOK.hear(words(text), language, known)


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ("I feel lonely", ("loneliness",)),
        ("çok yalnızım", ("loneliness",)),
        ("میں اکیلا ہوں", ("loneliness",)),
        ("yalnızım and I fell", ("loneliness", "falls")),
        ("I have no one to talk to and I keep falling", ("loneliness", "falls")),
        ("hungry", ()),
        ("", ()),
    ],
)
def test_needs_are_heard_in_every_language_at_once(text: str, needs: tuple[str, ...]) -> None:
    assert heard(text).needs == needs


def test_the_longest_phrase_is_the_most_telling() -> None:
    assert heard("I fell and have no one to talk to").needs == ("loneliness", "falls")


def test_a_word_that_only_hints_is_not_spoken_of() -> None:
    assert heard("I am hungry and wobbly") == Heard((), ("food", "falls"), frozenset())


def test_a_need_spoken_of_is_not_hinted_at_too() -> None:
    assert heard("hungry, where is a food bank") == Heard(("food",), (), frozenset({4, 5}))


def test_a_turkish_word_that_is_english_too_is_heard_on_turkish_pages_only() -> None:
    assert heard("this is it").needs == ()
    assert heard("this is it", "ur").needs == ()
    assert heard("iş", "tr").needs == ("work",)


def test_a_word_that_listings_hold_is_not_heard_in_another_language() -> None:
    assert heard("yalnizca").needs == ("loneliness",)
    assert heard("yalnizca", known=frozenset({"yalnizca"})).needs == ()
    assert heard("yalnizca", "tr", frozenset({"yalnizca"})).needs == ("loneliness",)


def test_words_that_listings_hold_are_heard_in_english() -> None:
    assert heard("lonely", "tr", frozenset({"lonely"})).needs == ("loneliness",)


def test_a_phrase_inside_a_longer_one_does_not_speak() -> None:
    book = replace(BOOK, books={"en": PhraseBook({"food": ["food bank"], "work": ["bank"]})})
    assert book.hear(words("food bank"), "en").needs == ("food",)
    assert book.hear(words("bank for food bank"), "en").needs == ("food", "work")


def test_only_a_few_needs_are_heard_in_one_question() -> None:
    many = replace(BOOK, books={"en": PhraseBook({f"need {number}": [f"word{number}"] for number in range(10)})})
    assert len(many.hear([f"word{number}" for number in range(10)], "en").needs) == MOST_NEEDS


def test_a_bridge_leads_from_a_word_to_english_words() -> None:
    assert BOOK.bridged(words("yüzme yüzmek istiyorum"), "en") == {"yuzme": ("swim",), "yuzmek": ("swim",)}


def test_a_word_repeated_is_bridged_once() -> None:
    assert BOOK.bridged(["yuzme"] * 50, "en") == {"yuzme": ("swim",)}


@pytest.mark.parametrize(("text", "codes"), [("Urdu and Türkçe", ("ur", "tr")), ("اردو", ("ur",)), ("urdu URDU", ("ur",)), ("x", ())])
def test_names_of_languages_are_heard_in_any_language(text: str, codes: tuple[str, ...]) -> None:
    assert BOOK.languages_in(words(text)) == codes


def test_the_vocabulary_is_of_every_book() -> None:
    assert {"fall", "fell", "is", "hungry", "urdu", "turkce"} <= BOOK.vocabulary
    assert not any(word.endswith("*") or "|" in word for word in BOOK.vocabulary)


WORD = st.sampled_from(["lonely", "is", "fell", "food", "bank", "hungry", "yalniz", "this", "cat", "no", "one", "to", "talk"])


@settings(deadline=None)
@given(st.lists(WORD, max_size=20), st.sampled_from(["en", "tr", "ur", "pl"]))
def test_what_is_heard_is_bounded_known_and_never_both_spoken_and_hinted(text: list[str], language: str) -> None:
    found = BOOK.hear(text, language)
    assert len(found.needs) <= MOST_NEEDS >= len(found.hints)
    assert set(found.needs) | set(found.hints) <= set(NEEDS)
    assert not set(found.needs) & set(found.hints)
    assert bool(found.needs) == bool(found.positions)
    assert all(0 <= at < len(text) for at in found.positions)


def write(folder: Path, name: str, content: str) -> None:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(content, "utf-8")


def test_books_are_read_from_their_folder(tmp_path: Path) -> None:
    write(tmp_path, "needs/en.yaml", "falls: [fell over]\n")
    write(tmp_path, "cues/tr.yaml", "food: [açım]\n")
    write(tmp_path, "bridges/tr.yaml", "swim: [yüzme*]\n")
    write(tmp_path, "stopwords/en.txt", "# common\nthe\ncan't\n")
    write(tmp_path, "stopwords/tr.txt", "için\n")
    book = load_laywords(tmp_path, taxonomy())
    assert book.hear(words("I fell over"), "en").needs == ("falls",)
    assert book.hear(words("açım"), "tr").hints == ("food",)
    assert book.bridged(words("yüzmeye"), "tr") == {"yuzmeye": ("swim",)}
    assert (book.stopwords, book.english) == ({"the", "cant", "icin"}, {"the", "cant"})
    assert book.languages_in(words("Polski, پولش, Lehçe or Polish")) == ("pl",)


def test_an_empty_folder_is_a_book_that_hears_nothing(tmp_path: Path) -> None:
    assert load_laywords(tmp_path, taxonomy()).hear(["lonely"], "en") == Heard((), (), frozenset())


@pytest.mark.parametrize("kind", ["needs", "cues"])
def test_a_need_that_does_not_exist_is_refused_by_name(tmp_path: Path, kind: str) -> None:
    write(tmp_path, f"{kind}/en.yaml", "falls: [fell]\nfals: [fell]\n")
    with pytest.raises(ContentError, match=r"en\.yaml: no such need: fals"):
        load_laywords(tmp_path, taxonomy())


def test_a_question_is_heard_through_the_languages_it_may_be_written_in() -> None:
    book = replace(BOOK, stops={"en": frozenset({"i"}), "tr": frozenset({"bir", "kendimi"}), "ur": frozenset()})
    text = words("kendimi bir lonely")
    assert set(book.spoken(text, "en").books) == {"en", "tr"}
    assert set(book.spoken(text, "ur").books) == {"en", "tr", "ur"}, "the page's own is always heard"
    assert set(book.spoken(words("lonely"), "en").books) == {"en"}


def test_a_common_word_of_the_page_s_language_is_nothing_in_another() -> None:
    book = replace(BOOK, stops={"en": frozenset(), "ur": frozenset({"job"}), "tr": frozenset({"yalniz"})})
    assert book.hear(words("job"), "ur").needs == ()
    assert book.hear(words("job"), "en").needs == ("work",)
    assert replace(book, stops={"ur": frozenset({"yuzme"})}).bridged(["yuzme"], "ur") == {}
