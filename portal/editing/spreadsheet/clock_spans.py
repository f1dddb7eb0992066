"""Times within a sentence: "10am to 12 noon", "10:00–12:00", "from 2pm" in, opening and closing out. Pure."""

from __future__ import annotations

import re
from datetime import time
from typing import Final

from portal.editing.spreadsheet.table import Unclear
from portal.editing.writing.clock_words import read_span, read_time
from portal.i18n.text import gettext

_TIME: Final = (
    r"(?:12 ?noon|12 ?midnight|noon|midday|midnight|(?:half past|quarter past|quarter to) \w+(?: ?[ap]m)?"
    r"|\d{1,2}(?:[:.]\d{2})? ?(?:[ap]\.?m\b\.?)?)"
)
SPAN: Final = re.compile(
    rf"(?:\b(?:from|between|at)\s+)?(?<![\d/.-])(?P<opens>{_TIME})\s*(?:-|–|—|\bto\b|\btill?\b|\buntil\b|\band\b)\s*(?P<closes>{_TIME})(?![\d/])",
    re.IGNORECASE,
)
START: Final = re.compile(rf"\b(?:from|at|starts? at|opens? at)\s+(?P<opens>{_TIME})(?![\d/-])", re.IGNORECASE)
_HALF: Final = re.compile(r"([ap])\.?m\b\.?|noon|midnight|midday|past|quarter", re.IGNORECASE)
_EITHER: Final = (7, 8)  # hours that may as well be the evening


def read_clocks(opens: str, closes: str) -> tuple[time, time]:
    """Both ends of a span. Raises `Unclear` for no time, and for what may be morning or evening."""
    closing_half = _HALF.search(closes)
    if closing_half and closing_half[1] and not _HALF.search(opens):
        opens = _with_half_of(opens, closes, closing_half[1])
    start, end = read_span(opens, closes)
    if start is None or end is None:
        raise Unclear(gettext("We cannot read “%(times)s” as times. Write them like 10am to 12.30pm.", times=f"{opens}–{closes}"))
    is_bare = not _HALF.search(opens) and not _HALF.search(closes) and not opens.startswith("0")
    if is_bare and start.hour in _EITHER and end.hour <= 12:
        raise Unclear(gettext("Is “%(times)s” in the morning or the evening? Write am or pm.", times=f"{opens}–{closes}"))
    if end == start:
        raise Unclear(gettext("“%(times)s” ends when it starts. Write both times, like 10am to 12.30pm.", times=f"{opens}–{closes}"))
    return start, end


def read_start(opens: str) -> time:
    """A start without an end. Raises `Unclear`."""
    found = read_time(opens)
    if found is None:
        raise Unclear(gettext("We cannot read “%(times)s” as times. Write them like 10am to 12.30pm.", times=opens))
    return found


def _with_half_of(opens: str, closes: str, half: str) -> str:
    """ "2" of "2 to 4pm" is 2pm; "10" of "10 to 2pm" is the morning."""
    start, end = read_time(f"{opens.strip()}{half}m"), read_time(closes)
    return f"{opens.strip()}{half}m" if start and end and start < end else f"{opens.strip()}am"
