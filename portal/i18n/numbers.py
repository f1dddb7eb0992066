"""Numbers with the separators of a language: 1,284. Kept, since a page has a hundred and the library looks each rule up anew."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from babel import Locale
from babel.numbers import format_decimal

MOST_KEPT: Final = 10_000


def written(locale: Locale, value: float) -> str:
    """A count or measure as it is written in a locale."""
    return _written(locale.language, locale.territory, locale.script, value)


@lru_cache(maxsize=MOST_KEPT)
def _written(language: str, territory: str | None, script: str | None, value: float) -> str:
    """By what tells a locale, as a locale itself is slow to find again."""
    return format_decimal(value, locale=Locale(language, territory, script))
