"""Times of day as people type them: "10", "10.30am", "2pm", "half past ten", "12 noon" in; times out. Pure.

A bare hour is read the way a notice on a door is: 1 to 6 is the afternoon, 7 to 11 the morning. Digits of any script count.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import time
from typing import Final

NOON: Final = 12
DAY: Final = 24
_WORDS: Final = dict(
    zip("one two three four five six seven eight nine ten eleven twelve".split(), range(1, 13), strict=True)  # noqa: SIM905 - reads better
)
_NAMED: Final = {"noon": time(12), "midday": time(12), "12noon": time(12), "midnight": time(0), "12midnight": time(0)}
_PARTS: Final = {"half past": 30, "quarter past": 15, "quarter to": -15}
_SPELT: Final = {"a.m.": "am", "p.m.": "pm", "a.m": "am", "p.m": "pm", "’": "'", "half-": "half ", "quarter-": "quarter "}
_CLOCK: Final = re.compile(r"(\d{1,2})(?:[.:h]?(\d{2}))?(am|pm)?(?:o'?clock)?", re.ASCII)
_AFTER: Final = re.compile(r"(half past|quarter past|quarter to) (\w+?)(?: ?(am|pm))?", re.ASCII)


def read_time(typed: str) -> time | None:
    """The time that was typed, None where it is none that we know."""
    plain = _plain(typed)
    close = plain.replace(" ", "")
    if close in _NAMED:
        return _NAMED[close]
    if said := _AFTER.fullmatch(plain):
        hour = _hour(said[2])
        return None if hour is None else _moved(_of_clock(hour, 0, said[3] or ""), _PARTS[said[1]])
    if plain.split(" ")[0] in _WORDS:
        word, *rest = plain.split(" ", 1)
        close = f"{_WORDS[word]}{''.join(rest).replace(' ', '')}"
    found = _CLOCK.fullmatch(close)
    if not found:
        return None
    is_exact = len(found[1]) == 2 and found[1].startswith("0")
    hour, minute = int(found[1]), int(found[2] or 0)
    return time(hour, minute) if is_exact and not found[3] and minute < 60 else _of_clock(hour, minute, found[3] or "")


def read_span(opens: str, closes: str) -> tuple[time | None, time | None]:
    """When it opens and closes. A bare closing hour comes after the opening: "10" to "2" ends at 2pm, "7pm" to "9" at 9pm."""
    start, end = read_time(opens), read_time(closes)
    if start is None or end is None or end > start or not _is_bare(closes):
        return start, end
    later = end.replace(hour=end.hour + NOON) if end.hour < NOON else end
    return start, later if later > start else end


def _plain(typed: str) -> str:
    folded = unicodedata.normalize("NFKC", typed).casefold()[:40]
    digits = "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in folded)
    for said, meant in (
        ("a.m.", "am"),
        ("p.m.", "pm"),
        ("a.m", "am"),
        ("p.m", "pm"),
        ("’", "'"),
        ("half-", "half "),
        ("quarter-", "quarter "),
    ):
        digits = digits.replace(said, meant)
    return " ".join(digits.split())


def _hour(word: str) -> int | None:
    if word in _WORDS:
        return _WORDS[word]
    return int(word) if word.isdecimal() and 1 <= int(word[:3]) <= NOON else None


def _of_clock(hour: int, minute: int, half: str) -> time | None:
    if minute >= 60 or hour > DAY or (half and not 1 <= hour <= NOON):
        return None
    if half:
        return time(hour % NOON + (NOON if half == "pm" else 0), minute)
    if hour == DAY:
        return time(0) if minute == 0 else None
    return time(hour + NOON if 1 <= hour <= 6 else hour, minute)


def _moved(moment: time | None, minutes: int) -> time | None:
    if moment is None:
        return None
    whole = (moment.hour * 60 + moment.minute + minutes) % (DAY * 60)
    return time(whole // 60, whole % 60)


def _is_bare(typed: str) -> bool:
    plain = _plain(typed)
    return not (plain.startswith("0") or "am" in plain or "pm" in plain or "no" in plain or "mid" in plain)
