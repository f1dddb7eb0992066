"""How findable a listing is: its needs and what people really type in; for each question, whether this listing answers it, out.

Questions come from the books of lay words that search itself listens with, so that the promise is the one that search keeps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from portal.pack import read_yaml

LEAST_WORDS: Final = 2
MOST_WORDS: Final = 6
OF_EACH_NEED: Final = 2
MOST_QUESTIONS: Final = 6
MOST_TRIED: Final = 12  # of each need, the longest first


@dataclass(frozen=True)
class Asked:
    """A question as people type it, the needs that search hears in it, and those of them that the listing has."""

    words: str
    needs: tuple[str, ...]
    met: tuple[str, ...]


def load_questions(folder: Path) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Language → need → questions, from `needs/*.yaml` of the lay words."""
    return {path.stem: _questions(read_yaml(path)) for path in sorted((folder / "needs").glob("*.yaml"))}


def _questions(book: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    return {need: tuple(question for phrase in phrases if (question := _spoken(phrase))) for need, phrases in book.items()}


def _spoken(phrase: str) -> str:
    """A phrase of the book as somebody would type it; empty for one that is no whole words."""
    parts = [part.split("|")[0] for part in phrase.split()]
    if any("*" in part for part in parts) or not LEAST_WORDS <= len(parts) <= MOST_WORDS:
        return ""
    return " ".join(parts)


def findable(
    needs: Iterable[str], suggested: Iterable[str], questions: Mapping[str, Sequence[str]], hears: Callable[[str], Sequence[str]]
) -> tuple[Asked, ...]:
    """Questions about the listing's `needs`, then about needs that its words speak of and that are not ticked; each as search hears it."""
    mine = tuple(needs)

    def fitting(need: str) -> Iterator[Asked]:
        for words in sorted(questions.get(need, ()), key=len, reverse=True)[:MOST_TRIED]:
            if need in (meant := tuple(hears(words))):
                yield Asked(words, meant, tuple(each for each in meant if each in mine))

    # search listens to one question after the other, and no longer than it takes
    all_of_them = (asked for need in dict.fromkeys((*mine, *suggested)) for asked in islice(fitting(need), OF_EACH_NEED))
    return tuple(islice(all_of_them, MOST_QUESTIONS))
