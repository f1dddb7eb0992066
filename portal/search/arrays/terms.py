"""How words stand in the index: a folded word in, the terms that it is looked for by out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from portal.taxonomy.stemming import stem, stemmer

REMEMBERED: Final = 10_000


@dataclass(frozen=True)
class Spelt:
    """A word as it stands in each group of fields: by its `stem`, by its term in each language that anything is `told` in, and as it is."""

    word: str
    stem: str
    told: Mapping[str, str]


@lru_cache(maxsize=REMEMBERED)
def spelt(word: str, languages: tuple[str, ...]) -> Spelt:
    """The terms of a folded word."""
    return Spelt(word, stem(word), {language: told_term(language, word) for language in languages})


def told_term(language: str, word: str) -> str:
    """How a folded word of a translation is indexed: by its own language's stemmer, apart from all others."""
    return f"{language}:{stemmer(language)(word)}"
