"""One word for one thing: `translations/glossary.csv` in, messages whose translation does not keep to it out.

A row is an English term, a note for translators, and a column for each language: the word that residents meet, then other forms
that are right in running text, separated by bars. A translation keeps to a term when it contains one of them, whatever its ending.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog

from portal.errors import ContentError
from portal.i18n.catalogues import PLACEHOLDER, read_catalogue
from portal.i18n.languages import SOURCE

FILE: Final = "glossary.csv"


@dataclass(frozen=True)
class Glossary:
    """`forms` by language, then by English term: pieces of text, folded."""

    forms: Mapping[str, Mapping[str, tuple[str, ...]]]


def load_glossary(translations: Path, languages: tuple[str, ...]) -> Glossary:
    """Read `glossary.csv`. Raises `ContentError` for a term without a word in one of `languages`."""
    path = translations / FILE
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError(f"{path}: {error}") from error
    found: dict[str, dict[str, tuple[str, ...]]] = {language: {} for language in languages}
    for row in rows:
        for language in languages:
            forms = tuple(_folded(form) for form in (row.get(language) or "").split("|") if form.strip())
            if not forms:
                raise ContentError(f"{path}: {row['term']!r} has no word in {language!r}.")
            found[language][row["term"]] = forms
    return Glossary(found)


def straying_in(translations: Path, languages: tuple[str, ...]) -> Iterator[str]:
    """`straying` for the catalogue of each of `languages`, English aside. Raises `ContentError` as `load_glossary` does."""
    others = tuple(language for language in languages if language != SOURCE)
    glossary = load_glossary(translations, others)
    for language in others:
        yield from (f"{language}: {stray}" for stray in straying(read_catalogue(translations, language), language, glossary))


def straying(catalogue: Catalog, language: str, glossary: Glossary) -> Iterator[str]:
    """Each translated message that has none of the words for a term that its English has, in words."""
    terms = [(term.casefold(), _as_pattern(term), term, forms) for term, forms in glossary.forms[language].items()]
    for message in catalogue:
        english = message.id if isinstance(message.id, str) else " ".join(message.id)
        written = message.string if isinstance(message.string, str) else " ".join(message.string or ())
        english = PLACEHOLDER.sub("", english)
        if not english or not written.strip():
            continue
        said, read = _folded(written), english.casefold()
        for letters, pattern, term, forms in terms:  # most terms are not even letters of it, which is told at once
            if letters in read and pattern.search(english) and not any(form in said for form in forms):
                yield f"{term!r} is none of {' | '.join(forms)} in {english!r}: {written!r}"


def _as_pattern(term: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){re.escape(term)}s?(?![\w-])", re.IGNORECASE)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold().strip()
