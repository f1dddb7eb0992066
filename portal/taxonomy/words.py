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
_SILENT: Final = dict.fromkeys(  # vowel signs, the long stroke, joiners
    (*range(0x0610, 0x061B), *range(0x064B, 0x0660), 0x0670, *range(0x06D6, 0x06EE), 0x0640, 0x200D, ord("ء"))
)
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
    if text.isascii():  # nothing below is in it; most of what is read, and of what a portal reads when it starts, is so
        return text.lower()
    lowered = _BENGALI_JOINER.sub("", text.replace("İ", "i").casefold()).translate(_SILENT)
    decomposed = unicodedata.normalize("NFD", lowered)
    plain = _LATIN_MARKS.sub("", decomposed)
    return unicodedata.normalize("NFC", plain).translate(_LETTERS)


def words(text: str) -> tuple[str, ...]:
    """The folded words of `text` in order; "can't" is "cant", "A&E" and "24/7" are one word each. Nothing else is dropped."""
    if text.isascii() and text.isalnum():  # one word, as it stands
        return (text.lower()[:LONGEST_WORD],)
    spelt = (_APOSTROPHES.sub("", token)[:LONGEST_WORD] for token in _TOKEN.findall(fold(text)))
    return tuple(word for word in spelt if word)
