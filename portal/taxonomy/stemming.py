"""Stems: words of one family to one form, by the snowball stemmer of a language; a language without one keeps its words."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Final

import Stemmer

from portal.taxonomy.phrases import unstemmed

_ALGORITHMS: Final = {
    "en": "english",
    "tr": "turkish",
    "ar": "arabic",
    "fr": "french",
    "pt": "portuguese",
    "ro": "romanian",
    "es": "spanish",
}
REMEMBERED: Final = 100_000


@cache
def stemmer(language: str) -> Callable[[str], str]:
    """The stemming function of a language code. Safe to share between threads; it remembers what it has seen."""
    if language not in _ALGORITHMS:
        return unstemmed
    snowball = Stemmer.Stemmer(_ALGORITHMS[language], 0)
    lock = threading.Lock()

    @lru_cache(maxsize=REMEMBERED)
    def stem(word: str) -> str:
        with lock:  # the C stemmer keeps state while it works
            return str(snowball.stemWord(word))

    return stem


def stem(word: str) -> str:
    """The stem of a folded word as listings are written: in English."""
    return stemmer("en")(word)
