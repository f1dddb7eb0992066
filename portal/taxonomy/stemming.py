"""Stems: words of one family to one form, by the snowball stemmer of a language; a language without one keeps its words."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Final

import Stemmer
from babel import Locale

from portal.taxonomy.phrases import unstemmed
from portal.taxonomy.words import fold

_ARABIC: Final = str.maketrans("کیہ", "كيه")
SHORTEST_JOINED: Final = 5
REMEMBERED: Final = 100_000
_forgetting: Final[list[Callable[[], None]]] = []
APART: Final = {"en": {"refugee": "refugee", "refugees": "refugee"}}  # the stemmer makes a refuge of a refugee


@cache
def stemmer(language: str) -> Callable[[str], str]:
    """The stemming function of a language code. Safe to share between threads; it remembers what it has seen."""
    name = str(Locale("en").languages.get(language, "")).casefold()
    if name not in Stemmer.algorithms():
        return unstemmed
    snowball = Stemmer.Stemmer(name, 0)
    lock = threading.Lock()
    apart = APART.get(language, {})

    @lru_cache(maxsize=REMEMBERED)
    def stem(word: str) -> str:
        if word in apart:
            return apart[word]
        with lock:  # the C stemmer keeps state while it works
            return fold(snowball.stemWord(_arabic(word))) if language == "ar" else str(snowball.stemWord(word))

    _forgetting.append(stem.cache_clear)
    return stem


def forget_stems() -> None:
    """Let go of all words seen so far: those of the books, which are read once, are hardly those that people ask for."""
    for forget in _forgetting:
        forget()


def _arabic(word: str) -> str:
    """A folded word in the letters that the Arabic stemmer knows, without "and", "with", "so" or "as" before the article.

    What ends in one of the two h's is taken to end in the feminine.
    """
    spelt = word.translate(_ARABIC)
    if len(spelt) > SHORTEST_JOINED and spelt[0] in "وبفك" and spelt[1:3] == "ال":
        spelt = spelt[1:]
    return f"{spelt[:-1]}ة" if spelt.endswith("ه") else spelt


def stem(word: str) -> str:
    """The stem of a folded word as listings are written: in English."""
    return stemmer("en")(word)
