"""Typed words in, a `Question` out: the needs they speak of and the words worth looking for, with typing errors mended.

Whole sentences, any of our languages, or a mixture. Typing errors are mended only towards words that listings or the
lay-word books really hold, by one letter in a short word and two in a longer one, and for a few words a question.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise
from typing import Final

from spellchecker import SpellChecker

from portal.search.arrays.texts import Texts, sorted_texts
from portal.search.laywords import MOST_NEEDS, LayWords
from portal.search.spellings import Spellings
from portal.taxonomy.words import words

MOST_WORDS: Final = 60
MOST_TERMS: Final = 16
MOST_MENDED: Final = 5
SHORTEST_MENDED: Final = 4
LONG_WORD: Final = 7
SHORTEST_HALF: Final = 3
COMMON: Final = 50  # times in the speller's texts: rarer entries are often misspellings themselves
MOST_ALTERNATIVES: Final = 4
MOST_BEGUN: Final = 1_000  # words that begin as one typed does, of which the most used are taken


@dataclass(frozen=True)
class Term:
    """A word worth looking for.

    `bridged` are English words for it; `alternatives` are known words close to one that is not known. Each may be several
    words, all of which must then be there. `speaks_of_need`: what it says is already said by a need.
    """

    word: str
    bridged: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    speaks_of_need: bool = False


@dataclass(frozen=True)
class Question:
    """What was asked.

    `needs` are taxonomy ids that it speaks of, the most telling first, and `hints` those it hints at. `speaks` are codes of
    languages that it names. `mended` is each unknown word and what it was read as. `phrases` are words that must stand together as they
    are, and then `plain` is the same question with them as words like all others.
    """

    words: tuple[str, ...] = ()
    terms: tuple[Term, ...] = ()
    needs: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    speaks: tuple[str, ...] = ()
    mended: Mapping[str, str] = field(default_factory=dict)
    phrases: tuple[tuple[str, ...], ...] = ()
    plain: Question | None = None

    @property
    def said(self) -> Question:
        """All that was said, quoted or not: what danger and delicate matters are heard in."""
        return self.plain or self

    @property
    def read(self) -> tuple[str, ...]:
        """The words as they were read, mended ones in place of typed ones; two for two that were run together."""
        return tuple(read for word in self.words for read in self.mended.get(word, word).split())

    @property
    def is_empty(self) -> bool:
        """Whether nothing was asked that could be looked for."""
        return not (self.terms or self.needs or self.hints)


@lru_cache(maxsize=1)
def english_words() -> Texts:
    """Common English words, folded, so that a right word that no listing holds is not taken for a mistyped one."""
    known = SpellChecker(language="en").word_frequency.dictionary
    common = {folded for word, count in known.items() if count >= COMMON for folded in words(word)}
    return Texts("english", sorted_texts("english", sorted(common)))


class Lexicon:
    """Words that are spelt right: those `held` by listings, with their counts, and those of the lay-word books."""

    def __init__(self, held: Sequence[Spellings], laywords: LayWords) -> None:
        self._held = tuple(held)
        self._all = (*self._held, laywords.spellings)
        self._english = english_words()

    def __contains__(self, word: object) -> bool:
        """Whether a listing holds the word."""
        return any(word in spellings for spellings in self._held)

    def count(self, word: str) -> int:
        """In how many listings a word is."""
        return sum(spellings.count(word) for spellings in self._held)

    def knows(self, word: str) -> bool:
        """Whether the word, or another form of it, is spelt so somewhere."""
        return self._english.find(word) is not None or any(spellings.knows(word) for spellings in self._all)

    def close_to(self, word: str) -> tuple[str, ...]:
        """Known words that `word` may be a mistyping or the beginning of: nearest first, then the more frequent."""
        if len(word) < SHORTEST_MENDED or word.isdecimal():
            return ()
        most = 2 if len(word) >= LONG_WORD else 1
        found = {close: distance for spellings in self._all for close, distance in spellings.close_to(word, most).items()}
        ranked = sorted(found, key=lambda close: (found[close], close[0] != word[0], -self.count(close), close))
        return tuple(ranked[:MOST_ALTERNATIVES]) or self._beginning_with(word)

    def split(self, word: str) -> tuple[str, ...]:
        """An unknown word as two known ones run together, "blue badge" for "bluebadge"; empty where it is none."""
        halves = [(word[:at], word[at:]) for at in range(SHORTEST_HALF, len(word) - SHORTEST_HALF + 1)]
        return tuple(f"{one} {two}" for one, two in halves if one in self and two in self)[:1]

    def _beginning_with(self, word: str) -> tuple[str, ...]:
        longer = {begun for spellings in self._held for begun in spellings.beginning_with(word, MOST_BEGUN)}
        return tuple(sorted(longer, key=lambda begun: (-self.count(begun), begun))[:MOST_ALTERNATIVES])


def understand(text: str, language: str, laywords: LayWords, lexicon: Lexicon) -> Question:
    """The question in `text`, read with the page's `language` first. Any text gives a question; an empty one if it says nothing."""
    typed = words(text)[:MOST_WORDS]
    close = _close_words(typed, lexicon)
    mended = {word: near[0] for word, near in close.items() if near}
    read = [(spelt, word) for word in typed for spelt in mended.get(word, word).split()]
    known = frozenset(word for word in (*typed, *(spelt for spelt, _ in read)) if word in lexicon)
    spoken = laywords.spoken(typed, language, known)
    as_typed = spoken.hear(typed, language, known)
    heard = [as_typed, spoken.hear([spelt for spelt, _ in read], language, known) if mended else as_typed]
    needs = tuple(dict.fromkeys(need for each in heard for need in each.needs))[:MOST_NEEDS]
    said = {typed[at] for at in heard[0].positions} | {read[at][1] for at in heard[1].positions}
    terms = _terms(typed, spoken.bridged(typed, language), spoken, lexicon)
    return Question(
        words=typed,
        terms=tuple(replace(term, alternatives=close.get(term.word, ()), speaks_of_need=term.word in said) for term in terms),
        needs=needs,
        hints=tuple(dict.fromkeys(need for each in heard for need in each.hints if need not in needs))[:MOST_NEEDS],
        speaks=laywords.languages_in(typed),
        mended=mended,
    )


def _close_words(typed: Sequence[str], lexicon: Lexicon) -> dict[str, tuple[str, ...]]:
    unknown = [word for word in dict.fromkeys(typed) if not lexicon.knows(word)][:MOST_MENDED]
    return {word: lexicon.close_to(word) or lexicon.split(word) for word in unknown}


def _terms(typed: Sequence[str], bridged: Mapping[str, tuple[str, ...]], spoken: LayWords, lexicon: Lexicon) -> list[Term]:
    nothing = spoken.stopwords
    content = [word for word in dict.fromkeys(typed) if word not in nothing or word in bridged][:MOST_TERMS]
    joined = [one + two for one, two in pairwise(typed) if one + two in lexicon]
    return [*(Term(word, bridged.get(word, ())) for word in content), *map(Term, joined)]
