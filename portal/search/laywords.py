"""The lay-word layer: folded words of a question in, the needs they speak of or hint at out, in any of our languages at once.

Books are `search_index/needs/<language>.yaml` (phrases that surely mean a need) and `search_index/cues/<language>.yaml`
(words that hint at one). Listings are written in English; needs are what joins "میں اکیلا ہوں" to them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final

from babel import Locale

from portal.errors import ContentError
from portal.i18n.languages import LANGUAGES, SOURCE
from portal.pack import read_yaml
from portal.search.spellings import Spellings
from portal.taxonomy.phrases import Match, PhraseBook
from portal.taxonomy.stemming import stemmer
from portal.taxonomy.terms import Taxonomy
from portal.taxonomy.words import words

MOST_NEEDS: Final = 4
SPOKEN_SHARE: Final = 0.7
SPOKEN: Final = (
    *LANGUAGES,
    "hi",
    "gu",
    "ta",
    "zh",
    "fa",
    "ku",
    "ps",
    "ti",
    "am",
    "uk",
    "ru",
    "lt",
    "bg",
    "hu",
    "it",
    "de",
    "yi",
    "vi",
    "sq",
    "el",
)


@dataclass(frozen=True)
class Heard:
    """Needs that words speak of, and those that they only hint at; the most telling first. `positions` are of words that speak."""

    needs: tuple[str, ...]
    hints: tuple[str, ...]
    positions: frozenset[int]


@dataclass(frozen=True)
class LayWords:
    """Phrase books by language code: `books` surely mean a need, `cues` hint at one, `bridges` mean an English word.

    `languages` are names of languages, in every language; `stops` are words that say nothing, by language.
    """

    books: Mapping[str, PhraseBook]
    cues: Mapping[str, PhraseBook]
    bridges: Mapping[str, PhraseBook]
    languages: PhraseBook
    stops: Mapping[str, frozenset[str]]

    @property
    def stopwords(self) -> frozenset[str]:
        """The words that say nothing in any of the languages."""
        return frozenset().union(*self.stops.values())

    @property
    def english(self) -> frozenset[str]:
        """The English words that say nothing."""
        return self.stops.get(SOURCE, frozenset())

    def spoken(self, text: Sequence[str], language: str, known: Set[str] = frozenset()) -> LayWords:
        """The books of English, of the page's `language`, and of those that folded words may be written in.

        A language may be spoken when it knows nearly as many of the words as the one that knows most; English words and
        `known` (words of listings) tell nothing. So a Romanian question is not heard through Panjabi in Latin letters.
        """
        telling = [word for word in text if word not in self.english and word not in known]
        counts = {code: sum(self._knows(code, word) for word in telling) for code in self._codes if code != SOURCE}
        least = SPOKEN_SHARE * max(counts.values(), default=0)
        heard = {SOURCE, language, *(code for code, count in counts.items() if count and count >= least)}
        return replace(
            self,
            books={code: book for code, book in self.books.items() if code in heard},
            cues={code: book for code, book in self.cues.items() if code in heard},
            bridges={code: book for code, book in self.bridges.items() if code in heard},
            stops={code: words for code, words in self.stops.items() if code in heard},
        )

    @property
    def _codes(self) -> Set[str]:
        return self.books.keys() | self.cues.keys() | self.bridges.keys() | self.stops.keys()

    def _knows(self, code: str, word: str) -> bool:
        books = (self.books.get(code), self.cues.get(code), self.bridges.get(code))
        return word in self.stops.get(code, ()) or any(book is not None and book.knows(word) for book in books)

    def hear(self, text: Sequence[str], language: str, known: Set[str] = frozenset()) -> Heard:
        """Needs in folded words, at most `MOST_NEEDS` of each kind.

        A match in another language than the page's is dropped when each of its words is also a common word of the page's
        language: French "dans" is no dance. Where that language is not English either, so it is when each is a common English
        word or one of `known` (words of listings): Turkish "iş" (work) must not be heard in "this is it".
        """
        spoken = self._telling(self.books, text, language, known)
        hinted = self._telling(self.cues, text, language, known)
        positions = frozenset(at for match in spoken.values() for at in match.positions)
        return Heard(tuple(spoken)[:MOST_NEEDS], tuple(need for need in hinted if need not in spoken)[:MOST_NEEDS], positions)

    def _telling(self, books: Mapping[str, PhraseBook], text: Sequence[str], language: str, known: Set[str]) -> dict[str, Match]:
        found: list[Match] = []
        for code, book in books.items():
            nothing = {at for at, word in enumerate(text) if self._says_nothing(word, code, language, known)}
            found.extend(match for match in book.find(text) if not nothing.issuperset(match.positions))
        kept: dict[str, Match] = {}
        for match in sorted(found, key=lambda match: (-len(match.positions), match.positions)):
            if match.meaning not in kept and not _inside_another(match, kept.values()):
                kept[match.meaning] = match
        return kept

    def _says_nothing(self, word: str, code: str, language: str, known: Set[str]) -> bool:
        """Whether a word tells nothing when the book of `code` hears it: Romanian "cât" is no cat."""
        if code == language:
            return False
        return word in self.stops.get(language, ()) or (code != SOURCE and (word in self.english or word in known))

    def bridged(self, text: Sequence[str], language: str) -> dict[str, tuple[str, ...]]:
        """Each folded word that a bridge leads from → the English words it leads to; of a phrase, its first word.

        None leads from a common word of the page's `language`, unless the bridge is of that language.
        """
        found: dict[str, tuple[str, ...]] = {}
        for code, book in self.bridges.items():
            for match in book.find(text):
                word = text[match.positions[0]]
                if code != language and word in self.stops.get(language, ()):
                    continue
                found[word] = tuple(dict.fromkeys((*found.get(word, ()), match.meaning)))
        return found

    def languages_in(self, text: Sequence[str]) -> tuple[str, ...]:
        """Codes of languages that folded words name, each once."""
        return tuple(dict.fromkeys(match.meaning for match in self.languages.find(text)))

    @cached_property
    def spellings(self) -> Spellings:
        """Every word that is spelt right in any of the languages: made once, for it is large."""
        return Spellings.of(dict.fromkeys(self.vocabulary | self.stopwords, 0))

    @property
    def vocabulary(self) -> frozenset[str]:
        """Every whole word of every book: words that are spelt right."""
        return frozenset().union(
            *(book.vocabulary for book in (*self.books.values(), *self.cues.values(), *self.bridges.values(), self.languages))
        )


def _inside_another(match: Match, others: Iterable[Match]) -> bool:
    return any(set(match.positions) < set(other.positions) for other in others)


def load_laywords(folder: Path, taxonomy: Taxonomy) -> LayWords:
    """Read `needs/*.yaml`, `cues/*.yaml` and `stopwords/*.txt`. Raises `ContentError` for a need that the taxonomy does not have."""
    stops = {path.stem: _listed(path) for path in sorted((folder / "stopwords").glob("*.txt"))}
    return LayWords(
        books=_books(folder / "needs", taxonomy),
        cues=_books(folder / "cues", taxonomy),
        bridges=_books(folder / "bridges", None),
        languages=_language_names(),
        stops=stops,
    )


def _language_names() -> PhraseBook:
    """The languages that listings are likely to be offered in, by their names in each of ours."""
    names = {code: {str(Locale.parse(ours).languages.get(code, "")) for ours in LANGUAGES} for code in SPOKEN}
    return PhraseBook({code: sorted(filter(None, spellings)) for code, spellings in names.items()})


def _books(folder: Path, taxonomy: Taxonomy | None) -> dict[str, PhraseBook]:
    books: dict[str, PhraseBook] = {}
    for path in sorted(folder.glob("*.yaml")):
        entries = read_yaml(path)
        unknown = set(entries) - set(taxonomy.needs) if taxonomy else set()
        if unknown:
            raise ContentError(f"{path}: no such need: {', '.join(sorted(unknown))}")
        books[path.stem] = PhraseBook(entries, stemmer(path.stem))
    return books


def _listed(path: Path) -> frozenset[str]:
    lines = path.read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in words(line))
