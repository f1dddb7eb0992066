"""What pages of the core offer call its conditions, and a promise as words."""

from __future__ import annotations

from typing import Final

from babel import Locale
from markupsafe import Markup

from portal.i18n.text import gettext, marked, ngettext
from portal.insight.offer.promises import Condition, Promise
from portal.ui.filters import list_and

CONDITIONS: Final = {
    Condition.LOCAL: marked("in the area or near, or just for it"),
    Condition.FREE: marked("free"),
    Condition.STEP_FREE: marked("step-free"),
    Condition.EVENING: marked("open in the evening"),
}


def said(locale: Locale, promise: Promise) -> Markup:
    """What is promised, after the name of the need: "At least 2 services: free and open in the evening"."""
    number = ngettext("At least %(num)s service", "At least %(num)s services", promise.minimum)
    if not promise.conditions:
        return number
    each = list_and(locale, (gettext(CONDITIONS[condition]) for condition in promise.said))
    return gettext("%(services)s: %(conditions)s", services=number, conditions=each)
