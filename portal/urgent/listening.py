"""Urgent words: folded words of a question in, the kinds of danger they speak of out, gravest first.

Books are `search_index/urgent/<language>.yaml`. A phrase of danger is dropped when a harmless phrase of the same kind spans
it ("heart attack" in "heart attack recovery club"). All languages are heard at once, whatever the page's, since people mix them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from portal.errors import ContentError
from portal.pack import read_yaml
from portal.taxonomy.phrases import Match, PhraseBook
from portal.taxonomy.stemming import stemmer


@dataclass(frozen=True)
class _Language:
    say: PhraseBook
    unless: PhraseBook


def _spares(harmless: Match, said: Match) -> bool:
    return harmless.meaning == said.meaning and harmless.covers(said)


@dataclass(frozen=True)
class UrgentWords:
    """What to listen for, by language; `order` is the cards' ids, gravest first."""

    languages: Mapping[str, _Language]
    order: tuple[str, ...]

    def hear(self, text: Sequence[str]) -> tuple[str, ...]:
        """Kinds of danger that folded words speak of, gravest first; none for most questions."""
        said = [match for language in self.languages.values() for match in language.say.find(text)]
        if not said:  # as in most questions
            return ()
        spared = [match for language in self.languages.values() for match in language.unless.find(text)]
        heard = {match.meaning for match in said if not any(_spares(harmless, match) for harmless in spared)}
        return tuple(kind for kind in self.order if kind in heard)


def load_urgent_words(folder: Path, order: Sequence[str]) -> UrgentWords:
    """Read every language. Raises `ContentError` for a kind that no card has, or that does not say what to listen for."""
    return UrgentWords({path.stem: _language(path, order) for path in sorted(folder.glob("*.yaml"))}, tuple(order))


def _language(path: Path, order: Sequence[str]) -> _Language:
    raw = read_yaml(path)
    try:
        unknown = set(raw) - set(order)
        say, unless = ({kind: entry.get(part) or () for kind, entry in raw.items()} for part in ("say", "unless"))
    except (TypeError, AttributeError) as error:
        raise ContentError(f"{path}: each kind needs its phrases below say and unless ({error}).") from error
    if unknown:
        raise ContentError(f"{path}: no card for {', '.join(sorted(unknown))}.")
    stem = stemmer(path.stem)
    return _Language(PhraseBook(say, stem), PhraseBook(unless, stem))
