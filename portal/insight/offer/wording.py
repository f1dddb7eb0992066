"""What pages of the core offer call its conditions, and a promise as words."""

from __future__ import annotations

from typing import Final

from babel import Locale
from babel.lists import format_list
from markupsafe import Markup

from portal.i18n.text import gettext, marked, ngettext
from portal.insight.offer.promises import Condition, Promise

CONDITIONS: Final = {
    Condition.LOCAL: marked("in the area or near, or just for it"),
    Condition.FREE: marked("free"),
    Condition.STEP_FREE: marked("step-free"),
    Condition.EVENING: marked("open in the evening"),
}


def said(locale: Locale, promise: Promise) -> Markup:
    """What is promised, after the name of the need: "At least 2 services: free, open in the evening"."""
    number = ngettext("At least %(num)s service", "At least %(num)s services", promise.minimum)
    if not promise.conditions:
        return number
    each = format_list([gettext(CONDITIONS[condition]) for condition in promise.said], style="unit", locale=locale)
    return gettext("%(services)s: %(conditions)s", services=number, conditions=Markup(each))  # noqa: S704 - each is escaped already
