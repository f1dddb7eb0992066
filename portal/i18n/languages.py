"""The languages this portal can speak: code in, own name and direction out. A pack chooses among them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from portal.errors import ContentError


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


def choose(codes: Sequence[str]) -> tuple[Language, ...]:
    """The languages of these codes, in their order. Raises `ContentError` for a code that is not ours."""
    unknown = [code for code in codes if code not in LANGUAGES]
    if unknown:
        raise ContentError(f"languages: {', '.join(unknown)} cannot be spoken here; choose among {', '.join(LANGUAGES)}.")
    return tuple(LANGUAGES[code] for code in codes)


def direction(code: str) -> str:
    """The direction of a language code, `ltr` for one that is not ours."""
    return LANGUAGES[code].direction if code in LANGUAGES else "ltr"
