"""The lay-word layer: folded words of a question in, the needs they speak of out, in any of our languages at once.

Books are `search_index/needs/<language>.yaml`. Listings are written in English; needs are what joins "میں اکیلا ہوں" to them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from portal.errors import ContentError
from portal.taxonomy.phrases import Match, PhraseBook
from portal.taxonomy.stemming import stemmer
from portal.taxonomy.terms import Taxonomy
from portal.taxonomy.words import words

MOST_NEEDS: Final = 4


@dataclass(frozen=True)
class LayWords:
    """Phrase books and stop words by language code."""

    books: Mapping[str, PhraseBook]
    stopwords: frozenset[str]
    english: frozenset[str]

    def needs_in(self, text: Sequence[str], language: str, known: Set[str] = frozenset()) -> tuple[Match, ...]:
        """Needs spoken of in folded words, at most `MOST_NEEDS`, the most telling first, each once.

        A match in another language than the page's is dropped when each of its words is also a common English word or one of
        `known` (words of listings): Turkish "iş" (work) must not be heard in "this is it".
        """
        found: list[Match] = []
        for code, book in self.books.items():
            matches = book.find(text)
            if code not in ("en", language):
                matches = [match for match in matches if not all(text[at] in self.english or text[at] in known for at in match.positions)]
            found.extend(matches)
        telling = sorted(found, key=lambda match: (-len(match.positions), match.positions))
        kept: dict[str, Match] = {}
        for match in telling:
            if match.meaning not in kept and not _inside_another(match, kept.values()):
                kept[match.meaning] = match
        return tuple(kept.values())[:MOST_NEEDS]

    @property
    def vocabulary(self) -> frozenset[str]:
        """Every whole word of every book: words that are spelt right."""
        return frozenset().union(*(book.vocabulary for book in self.books.values()))


def _inside_another(match: Match, others: Iterable[Match]) -> bool:
    return any(set(match.positions) < set(other.positions) for other in others)


def load_laywords(folder: Path, taxonomy: Taxonomy) -> LayWords:
    """Read `needs/*.yaml` and `stopwords/*.txt`. Raises `ContentError` for a need that the taxonomy does not have."""
    books: dict[str, PhraseBook] = {}
    for path in sorted((folder / "needs").glob("*.yaml")):
        entries = yaml.safe_load(path.read_text("utf-8"))
        unknown = set(entries) - set(taxonomy.needs)
        if unknown:
            raise ContentError(f"{path}: no such need: {', '.join(sorted(unknown))}")
        books[path.stem] = PhraseBook(entries, stemmer(path.stem))
    stops = {path.stem: _listed(path) for path in sorted((folder / "stopwords").glob("*.txt"))}
    return LayWords(books, frozenset().union(*stops.values()), stops.get("en", frozenset()))


def _listed(path: Path) -> frozenset[str]:
    lines = path.read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in words(line))
