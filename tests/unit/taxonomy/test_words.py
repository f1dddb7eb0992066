"""Words of any script are cut and folded in one way: spellings of one word are equal, and nothing that carries meaning is lost."""

from __future__ import annotations

import sys
from functools import partial
from unicodedata import category

import pytest
from effort import effort
from hypothesis import example, given, settings
from hypothesis import strategies as st

from portal.taxonomy.words import LONGEST_WORD, fold, words

# Everything that makes folding hard, at close quarters: marks, joiners, dotted and dotless i, Arabic shapes, apostrophes.
TROUBLE = "aeiIİıßøéÉŉΣςK&/12 -'’ʼ`\u0301\u0307\u200c\u200d\u0640ءاآأيىئےھہةۀەں\u064b\u0653\u0654কি়্ਸ਼ੰੱﷺ"
TEXTS = st.text(st.sampled_from(TROUBLE), max_size=12) | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
SAME_WORD = {
    "Turkish capitals with and without dots": ("İSTANBUL", "istanbul", "ıstanbul", "i\u0307stanbul", "ISTANBUL"),
    "accents typed whole, in pieces or not at all": ("café", "cafe\u0301", "CAFÉ", "cafe"),
    "letters that Turkish and Polish keyboards have": ("çağrı", "cagri", "ÇAĞRI"),
    "Urdu typed on an Arabic keyboard": ("اکیلی", "اكيلي"),
    "Urdu with and without short vowels": ("مدد", "مَدَد"),
    "the shapes of Urdu he": ("ہے", "هے", "ھے"),
    "alef with and without madda": ("آپ", "اپ"),
    "hamza alone": ("سوء", "سو"),
    "a stretched word": ("مـــدد", "مدد"),
    "a joiner inside a word": ("می\u200dں", "میں"),
    "straight and curly apostrophes": ("can't", "can’t", "canʼt", "can`t", "cant"),
    "German and Danish letters": ("straße", "STRASSE"),
}


@pytest.mark.parametrize("spellings", SAME_WORD.values(), ids=SAME_WORD.keys())
def test_spellings_of_one_word_fold_alike(spellings: tuple[str, ...]) -> None:
    assert len({words(spelling) for spelling in spellings}) == 1
    assert len(words(spellings[0])) == 1


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("A&E", ("a&e",)),
        ("the A&E's open 24/7", ("the", "a&e", "s", "open", "24/7")),
        ("B&B or M&S", ("b&b", "or", "m&s")),
        ("bed & breakfast", ("bed", "breakfast")),
        ("AT&T", ("at", "t")),
        ("I can't cope, mum's ill", ("i", "cant", "cope", "mums", "ill")),
        ("rock'n'roll", ("rocknroll",)),
        ("'quoted'", ("quoted",)),
        ("self-harm", ("self", "harm")),
        ("Eastmoor'da", ("eastmoorda",)),
        ("می‌خواهم", ("می", "خواہم")),
        ("9am–5pm, £2.50", ("9am", "5pm", "2", "50")),
        ("", ()),
        (" \n\t", ()),
        ("!?&/'", ()),
        ("ʼ", ()),
    ],
)
def test_text_is_cut_into_words(text: str, cut: tuple[str, ...]) -> None:
    assert words(text) == cut


@pytest.mark.parametrize("word", ["বিষণ্ণতা", "ক্ষুধা", "ਕਿਰਾਇਆ", "ਪਂਜਾਬੀ", "हिंदी", "தமிழ்", "ಕನ್ನಡ"])
def test_marks_of_indic_scripts_stay_in_their_words(word: str) -> None:
    assert words(word) == (word,)


@pytest.mark.parametrize(("spelt", "meant"), [("ਮਮੀ", "ਮੰਮੀ"), ("ਇਕਲਾਪਣ", "ਇਕੱਲਾਪਣ"), ("ਜਰੂਰਤ", "ਜ਼ਰੂਰਤ"), ("ਪਂਜਾਬੀ", "ਪੰਜਾਬੀ"), ("র‌্যাম্প", "র্যাম্প")])
def test_signs_that_people_leave_out_or_exchange_make_no_difference(spelt: str, meant: str) -> None:
    assert words(spelt)[0].replace("ਂ", "") == words(meant)[0].replace("ਂ", "")


def test_words_that_differ_by_a_mark_in_bengali_stay_apart() -> None:
    assert words("কর") != words("করা") != words("করি")


def test_every_letter_of_unicode_folds_once_and_for_all() -> None:
    folded = fold("\n".join(letter for letter in map(chr, range(sys.maxunicode + 1)) if category(letter)[0] in "LM"))
    assert [letter for letter, again in zip(folded.split("\n"), fold(folded).split("\n"), strict=True) if again != letter] == []


@settings(deadline=None)
@given(TEXTS)
@example("e\u200d\u0301")
@example("ا\u0640\u0653")
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@settings(deadline=None)
@given(TEXTS)
def test_words_are_never_empty_and_never_long_and_hold_no_space(text: str) -> None:
    for word in words(text):
        assert 0 < len(word) <= LONGEST_WORD
        assert not any(letter.isspace() for letter in word)


@settings(deadline=None)
@given(st.lists(TEXTS, max_size=4))
def test_words_of_a_text_are_the_words_of_its_parts(parts: list[str]) -> None:
    assert words("\n".join(parts)) == tuple(word for part in parts for word in words(part))


@settings(deadline=None)
@given(st.text(st.characters(categories=["Cs", "Cc", "Cn", "Co", "Cf", "Mn"]), max_size=30))
def test_no_text_is_too_broken_to_be_cut(text: str) -> None:
    assert all(isinstance(word, str) for word in words(text))


@pytest.mark.parametrize("text", ["a" * 100_000, "a\u0301" * 50_000, "a'" * 50_000, "1/" * 50_000, "a&" * 50_000, "\u0301" * 100_000])
def test_long_texts_are_cut_in_no_time(text: str) -> None:
    assert effort(partial(words, text)) < 25
