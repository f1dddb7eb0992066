"""The languages this portal can speak: a folder of `translations/` each; code in, own name and direction out.

A pack chooses among them, the likeliest first. Names and directions are CLDR's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from babel import Locale

from portal.config import CHECKOUT
from portal.errors import ContentError

SOURCE: Final = "en"


@dataclass(frozen=True)
class Language:
    """A language as its own readers write it. `direction` is `ltr` or `rtl`."""

    code: str
    name: str
    direction: str = "ltr"


def _language(code: str) -> Language:
    locale = Locale.parse(code)
    name = locale.get_language_name(code) or code
    return Language(code, name[0].upper() + name[1:], str(locale.text_direction))


def _known() -> dict[str, Language]:
    folders = (path.parent.name for path in (CHECKOUT / "translations").glob("*/LC_MESSAGES"))
    return {code: _language(code) for code in (SOURCE, *sorted(folders))}


LANGUAGES: Final[Mapping[str, Language]] = _known()


def choose(codes: Sequence[str]) -> tuple[Language, ...]:
    """The languages of these codes, in their order. Raises `ContentError` for a code that is not ours."""
    unknown = [code for code in codes if code not in LANGUAGES]
    if unknown:
        raise ContentError(f"languages: {', '.join(unknown)} cannot be spoken here; choose among {', '.join(LANGUAGES)}.")
    return tuple(LANGUAGES[code] for code in codes)


def direction(code: str) -> str:
    """The direction of a language code, `ltr` for one that is not ours."""
    return LANGUAGES[code].direction if code in LANGUAGES else "ltr"
