"""Recurrence as people write it: "Mon–Fri", "every day", "2nd Tuesday" become RFC 5545's days; DAILY becomes seven of them."""

from __future__ import annotations

import re
from typing import Final

from portal.directory.opening import WEEKDAYS
from portal.directory.openreferral.rows import Cleaned, mended, refused
from portal.directory.openreferral.values.plain_text import EMPTY, as_text

FREQUENCIES: Final = ("WEEKLY", "MONTHLY", "DAILY", "YEARLY")
_RULE: Final = re.compile(r"[+-]?[1-5]?(?:MO|TU|WE|TH|FR|SA|SU)(?:,[+-]?[1-5]?(?:MO|TU|WE|TH|FR|SA|SU))*")
_DAY: Final = re.compile(
    r"(?P<ordinal>[+-]?[1-5]|last|first|second|third|fourth)?\s*(?:st|nd|rd|th)?\s*"
    r"(?P<day>mo(?:n(?:day)?)?|tu(?:e(?:s(?:day)?)?)?|we(?:d(?:nesday)?)?|th(?:u(?:r(?:s(?:day)?)?)?)?|fr(?:i(?:day)?)?|sa(?:t(?:urday)?)?|su(?:n(?:day)?)?)"
    r"s?(?![a-z])",
    re.IGNORECASE,
)
_ORDINALS: Final = {"last": "-1", "first": "1", "second": "2", "third": "3", "fourth": "4"}
_TO: Final = re.compile(r"\s*(?:-|–|—|to|until|through)\s*", re.IGNORECASE)
_SETS: Final = {
    **dict.fromkeys(("daily", "every day", "everyday", "all week", "7 days", "7 days a week", "seven days a week", "all days"), WEEKDAYS),
    **dict.fromkeys(("weekdays", "weekday", "week days", "working days"), WEEKDAYS[:5]),
    **dict.fromkeys(("weekends", "weekend"), WEEKDAYS[5:]),
}


def clean_frequency(raw: object) -> Cleaned:
    """`WEEKLY`, `MONTHLY`, or what `mending.mend_recurrence` turns into one of them (`DAILY`, `YEARLY`)."""
    text = (as_text(raw) or "").strip().upper().removeprefix("FREQ=")
    if text in FREQUENCIES:
        return Cleaned(text) if text == raw else mended(text, "This was written in another way.")
    if text.casefold() in {"", *EMPTY} and as_text(raw) is not None:
        return Cleaned(None)
    return refused("Nobody can tell from this how often it happens, so it was left out.")


def clean_weekdays(raw: object) -> Cleaned:
    """Days as `MO,TU` or `2TU,-1FR`."""
    text = (as_text(raw) or "").strip()
    plain = re.sub(r"\s", "", text.upper())
    if _RULE.fullmatch(plain):
        return Cleaned(plain)
    if text.casefold() in {"", *EMPTY} and as_text(raw) is not None:
        return Cleaned(None)
    days = _SETS.get(text.casefold()) or _spoken(text[:200])
    if not days:
        return refused("There is no day of the week in this, so it was left out.")
    return mended(",".join(dict.fromkeys(days)), "The days were written in another way.")


def _spoken(text: str) -> list[str]:
    days: list[str] = []
    ends = 0
    for match in _DAY.finditer(text):
        day = match["day"][:2].upper()
        if days and _TO.fullmatch(text[ends : match.start()]) and days[-1] in WEEKDAYS:
            days.extend(_between(days[-1], day))
        ordinal = (match["ordinal"] or "").casefold()
        days.append(_ORDINALS.get(ordinal, ordinal) + day)
        ends = match.end()
    return days


def _between(first: str, last: str) -> list[str]:
    start = WEEKDAYS.index(first)
    steps = (WEEKDAYS.index(last) - start) % 7
    return [WEEKDAYS[(start + step) % 7] for step in range(1, steps)]
