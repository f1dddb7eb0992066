"""Small turns of text for templates: a first capital, the host of an address, languages by name. Pure but for the page's locale."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from babel import Locale
from jinja2 import Environment

from portal.i18n.languages import LANGUAGES
from portal.i18n.text import gettext, locale

SIGNED = ("bfi", "bsl")


def install(env: Environment) -> None:
    """Register them as filters."""
    env.filters.update(capitalise=capitalise, host=host, language_names=lambda pairs: language_names(pairs, locale()))


def capitalise(text: str) -> str:
    """`text` with a capital first letter, the Turkish way in Turkish; the rest as it is."""
    first = "İ" if text[:1] == "i" and locale().language == "tr" else text[:1].upper()
    return first + text[1:]  # of Markup, this is Markup again


def host(address: str) -> str:
    """What people call a website: its host without "www."."""
    return (urlsplit(address).hostname or address).removeprefix("www.")


def language_names(pairs: Iterable[tuple[str, str]], into: Locale) -> list[str]:
    """Languages, given as (code, name as listed), by their names in the page's language."""
    return [_name(code, listed, into) for code, listed in pairs]


def _name(code: str, listed: str, into: Locale) -> str:
    if code in SIGNED:
        return str(gettext("British Sign Language"))
    own = LANGUAGES[code].name if code in LANGUAGES else ""
    name = into.languages.get(code) or listed or code
    return f"{name} ({own})" if own and own != name and code != into.language else name
