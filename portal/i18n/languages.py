"""The languages this portal can speak: code in, own name and direction out. A pack chooses among them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Language:
    """A language as its own readers write it. `direction` is `ltr` or `rtl`."""

    code: str
    name: str
    direction: str = "ltr"


_ALL: Final = (
    Language("en", "English"),
    Language("ar", "العربية", "rtl"),
    Language("bn", "বাংলা"),
    Language("fr", "Français"),
    Language("pa", "ਪੰਜਾਬੀ"),
    Language("pl", "Polski"),
    Language("pt", "Português"),
    Language("ro", "Română"),
    Language("so", "Soomaali"),
    Language("es", "Español"),
    Language("tr", "Türkçe"),
    Language("ur", "اردو", "rtl"),
)
LANGUAGES: Final[Mapping[str, Language]] = {language.code: language for language in _ALL}
SOURCE: Final = "en"


def direction(code: str) -> str:
    """The direction of a language code, `ltr` for one that is not ours."""
    return LANGUAGES[code].direction if code in LANGUAGES else "ltr"
