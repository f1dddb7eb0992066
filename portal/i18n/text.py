"""Messages in the reader's language, safe in a page: English in, escaped and filled text out.

Translators' text is never trusted: it is escaped before values are put in, and a translation whose placeholders do not fit
falls back to the English, so that a broken catalogue can spoil a sentence but never a page. A message that a language does not
have is the English, marked as such (see `untranslated`). Values are escaped too, unless
they are Markup.

Within a request the words are in the page's language. Letters are in their reader's, and many are written where there is no
request at all (the thread that tends, a command): `speaking` says in which language, and works in both.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, Final
from weakref import WeakSet

from babel import Locale
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from flask_babel import force_locale, get_locale, get_translations
from flask_babel.speaklater import LazyString as LazyString  # noqa: PLC0414 - for those who say what type a constant is
from markupsafe import Markup, escape

from portal.config import CHECKOUT
from portal.i18n.languages import LANGUAGES, SOURCE
from portal.i18n.untranslated import English

_DOMAIN: Final = "portal"
_falling_back: Final[WeakSet[NullTranslations]] = WeakSet()
_spoken: Final[ContextVar[str]] = ContextVar("spoken", default=SOURCE)  # where there is no request


def gettext(message: str, **values: Any) -> Markup:
    """`message` in the language of the request, with `%(name)s` filled from `values`."""
    return _filled(message, _catalogue().ugettext(message), values)


def pgettext(context: str, message: str, **values: Any) -> Markup:
    """As `gettext`, for a word whose meaning depends on `context`."""
    return _filled(message, str(_catalogue().upgettext(context, message)), values)


def ngettext(singular: str, plural: str, num: int, **values: Any) -> Markup:
    """The form for `num` in the way that the language counts; `%(num)s` is the number as it is written there."""
    source = singular if num == 1 else plural
    written = format_decimal(num, locale=_locale())
    return _filled(source, _catalogue().ungettext(singular, plural, num), {"num": written, **values})


def lazy_gettext(message: str, **values: Any) -> LazyString:
    """As `gettext`, looked up when shown: for words that are written before there is a request."""
    return LazyString(lambda: gettext(message, **values))


@contextmanager
def speaking(code: str) -> Iterator[Locale]:
    """All words inside are in the language of `code`, whatever the page's is, and also where there is no request; for letters.

    Gives the language's locale, which dates and numbers are written with. A code that is not ours (any more) is English.
    """
    known = code if code in LANGUAGES else SOURCE
    token = _spoken.set(known)
    try:
        with force_locale(known):  # does nothing outside a request
            yield Locale.parse(known)
    finally:
        _spoken.reset(token)


def in_language(code: str, message: str, **values: Any) -> Markup:
    """As `gettext`, in the language of a code instead of the page's."""
    with speaking(code):
        return gettext(message, **values)


def marked(message: str) -> str:
    """`message` as it is: marks words for extraction that are looked up elsewhere."""
    return message


def _locale() -> Locale:
    return get_locale() or Locale.parse(_spoken.get())


def _catalogue() -> NullTranslations:
    has_request = get_locale() is not None
    catalogue: NullTranslations = get_translations() if has_request else _read(_spoken.get())
    if catalogue not in _falling_back and str(_locale()) != SOURCE:
        catalogue.add_fallback(English())
        _falling_back.add(catalogue)
    return catalogue


@cache
def _read(code: str) -> NullTranslations:
    """The compiled catalogue of a language, and an empty one where it has none."""
    return NullTranslations() if code == SOURCE else Translations.load(CHECKOUT / "translations", [code], _DOMAIN)


def _filled(source: str, translated: str, values: dict[str, Any]) -> Markup:
    if not values:
        return escape(translated)
    try:
        return escape(translated) % values
    except (KeyError, ValueError, TypeError):
        return escape(source) % values
