"""Text in, words out: one way to cut and fold text of any script, shared by rules, urgent words and search.

Folding makes spellings of one word equal: case, accents on Latin letters, Turkish dotted and dotless i, the Arabic, Persian
and Urdu shapes of one letter, short vowels, the signs that people leave out in Gurmukhi (nukta, addak). Other combining marks
of Bengali, Gurmukhi and others are part of their words and stay.
"""

from __future__ import annotations

import unicodedata
from typing import Final

import regex

LONGEST_TEXT: Final = 1_000  # letters of a question that are read; the rest says nothing new
LONGEST_WORD: Final = 40

_TOKEN = regex.compile(r"[a-z]&[a-z](?![\w\p{M}])|\d+/\d+|[\w\p{M}]+(?:['’ʼ`][\w\p{M}]+)*", regex.IGNORECASE)
_APOSTROPHES = regex.compile(r"['’ʼ`]")
_LATIN_MARKS = regex.compile(r"(?<=\p{Latin})\p{Mn}+")
_SILENT = regex.compile(r"[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640\u200dء]")  # vowel signs, the long stroke, joiners
_BENGALI_JOINER = regex.compile(r"(?<=\p{Bengali})\u200c(?=\p{Bengali})")  # shapes letters; in Urdu it parts words
_LETTERS: Final = str.maketrans(
    {
        "ı": "i", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th",
        "ي": "ی", "ى": "ی", "ئ": "ی", "ك": "ک", "ة": "ہ", "ۃ": "ہ", "ه": "ہ", "ھ": "ہ", "ۂ": "ہ", "ۀ": "ہ", "ە": "ہ",
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ؤ": "و", "ں": "ن", "ے": "ی", "ۓ": "ی",
        "\u0a3c": None, "\u0a71": None, "\u0a70": "\u0a02",
        "\u200c": " ",
    }
)  # fmt: skip


def fold(text: str) -> str:
    """`text` in lower case with the spellings of one word made equal. Length may change; word order does not."""
    lowered = _SILENT.sub("", _BENGALI_JOINER.sub("", text.replace("İ", "i").casefold()))
    decomposed = unicodedata.normalize("NFD", lowered)
    plain = _LATIN_MARKS.sub("", decomposed)
    return unicodedata.normalize("NFC", plain).translate(_LETTERS)


def words(text: str) -> tuple[str, ...]:
    """The folded words of `text` in order; "can't" is "cant", "A&E" and "24/7" are one word each. Nothing else is dropped."""
    spelt = (_APOSTROPHES.sub("", token)[:LONGEST_WORD] for token in _TOKEN.findall(fold(text)))
    return tuple(word for word in spelt if word)
