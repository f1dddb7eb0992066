"""Messages in the reader's language, safe in a page: English in, escaped and filled text out.

Translators' text is never trusted: it is escaped before values are put in, and a translation whose placeholders do not fit
falls back to the English, so that a broken catalogue can spoil a sentence but never a page. A message that a language does not
have is the English, marked as such (see `untranslated`). Values are escaped too, unless
they are Markup.
"""

from __future__ import annotations

from typing import Any, Final
from weakref import WeakSet

from babel.numbers import format_decimal
from babel.support import NullTranslations
from flask_babel import force_locale, get_locale, get_translations
from flask_babel.speaklater import LazyString
from markupsafe import Markup, escape

from portal.i18n.languages import SOURCE
from portal.i18n.untranslated import English

_falling_back: Final[WeakSet[NullTranslations]] = WeakSet()


def gettext(message: str, **values: Any) -> Markup:
    """`message` in the language of the request, with `%(name)s` filled from `values`."""
    return _filled(message, _catalogue().ugettext(message), values)


def pgettext(context: str, message: str, **values: Any) -> Markup:
    """As `gettext`, for a word whose meaning depends on `context`."""
    return _filled(message, str(_catalogue().upgettext(context, message)), values)


def ngettext(singular: str, plural: str, num: int, **values: Any) -> Markup:
    """The form for `num` in the way that the language counts; `%(num)s` is the number as it is written there."""
    source = singular if num == 1 else plural
    written = format_decimal(num, locale=get_locale())
    return _filled(source, _catalogue().ungettext(singular, plural, num), {"num": written, **values})


def lazy_gettext(message: str, **values: Any) -> LazyString:
    """As `gettext`, looked up when shown: for words that are written before there is a request."""
    return LazyString(lambda: gettext(message, **values))


def in_language(code: str, message: str, **values: Any) -> Markup:
    """As `gettext`, in the language of a code instead of the page's."""
    with force_locale(code):
        return gettext(message, **values)


def marked(message: str) -> str:
    """`message` as it is: marks words for extraction that are looked up elsewhere."""
    return message


def _catalogue() -> NullTranslations:
    catalogue: NullTranslations = get_translations()
    if catalogue not in _falling_back and str(get_locale() or SOURCE) != SOURCE:
        catalogue.add_fallback(English())
        _falling_back.add(catalogue)
    return catalogue


def _filled(source: str, translated: str, values: dict[str, Any]) -> Markup:
    if not values:
        return escape(translated)
    try:
        return escape(translated) % values
    except (KeyError, ValueError, TypeError):
        return escape(source) % values
