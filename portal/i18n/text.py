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
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from babel import Locale
from babel.support import NullTranslations, Translations
from flask import g, has_request_context
from flask_babel import force_locale, get_locale, get_translations
from flask_babel.speaklater import LazyString as LazyString  # noqa: PLC0414 - for those who say what type a constant is
from markupsafe import Markup, escape

from portal.config import CHECKOUT
from portal.i18n.languages import LANGUAGES, SOURCE
from portal.i18n.numbers import written
from portal.i18n.untranslated import English

_DOMAIN: Final = "portal"
MOST_SAID: Final = 10_000  # messages are ours; but what is no message could be asked for by mistake
_KEPT: Final = "tongue"
_spoken: Final[ContextVar[str | None]] = ContextVar("spoken", default=None)  # None for the page's own, and English where there is no page


def gettext(message: str, **values: Any) -> Markup:
    """`message` in the language of the request, with `%(name)s` filled from `values`."""
    tongue = _tongue()
    if values:
        return _filled(message, tongue.catalogue.ugettext(message), values)
    said = tongue.said.get(message)
    if said is None:
        said = escape(tongue.catalogue.ugettext(message))
        if len(tongue.said) < MOST_SAID:
            tongue.said[message] = said
    return said


def pgettext(context: str, message: str, **values: Any) -> Markup:
    """As `gettext`, for a word whose meaning depends on `context`."""
    return _filled(message, str(_tongue().catalogue.upgettext(context, message)), values)


def ngettext(singular: str, plural: str, num: int, **values: Any) -> Markup:
    """The form for `num` in the way that the language counts; `%(num)s` is the number as it is written there."""
    source = singular if num == 1 else plural
    tongue = _tongue()
    return _filled(source, tongue.catalogue.ungettext(singular, plural, num), {"num": written(tongue.locale, num), **values})


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


@dataclass(frozen=True)
class _Tongue:
    """A language's CLDR locale and its catalogue, which says in marked English what it does not have.

    `said` are messages without values that were said before: a page has hundreds, and they are the same on every page.
    """

    locale: Locale
    catalogue: NullTranslations
    said: dict[str, Markup] = field(default_factory=dict)


def locale() -> Locale:
    """The CLDR locale of what is written now."""
    return _tongue().locale


def _tongue() -> _Tongue:
    """Found out once a request: a page has hundreds of messages."""
    code = _spoken.get()
    if not has_request_context():
        return _of_code(code or SOURCE)
    known: dict[str | None, _Tongue] = g.setdefault("tongues", {})
    tongue = known.get(code)
    if tongue is None:
        tongue = known[code] = _with_fallback(get_locale() or Locale.parse(SOURCE), get_translations())
    return tongue


@cache
def _of_code(code: str) -> _Tongue:
    """A language as its compiled catalogue has it; an empty one where it has none."""
    catalogue = NullTranslations() if code == SOURCE else Translations.load(CHECKOUT / "translations", [code], _DOMAIN)
    return _with_fallback(Locale.parse(code), catalogue)


def _with_fallback(locale: Locale, catalogue: NullTranslations) -> _Tongue:
    of_catalogue = vars(catalogue)  # kept with it, and gone with it
    known: _Tongue | None = of_catalogue.get(_KEPT)
    if known is None or known.locale != locale:
        if known is None and str(locale) != SOURCE:
            catalogue.add_fallback(English())
        known = of_catalogue[_KEPT] = _Tongue(locale, catalogue)
    return known


def _filled(source: str, translated: str, values: dict[str, Any]) -> Markup:
    if not values:
        return escape(translated)
    try:
        return escape(translated) % values
    except (KeyError, ValueError, TypeError):
        return escape(source) % values
