"""Ages, amounts of money, counts, years, degrees and yes-or-no."""

from __future__ import annotations

import math
import re
from typing import Final

from portal.directory.openreferral.rows import Cleaned, mended, refused
from portal.directory.openreferral.values.plain_text import EMPTY, as_text

OLDEST: Final = 130
MOST_MONEY: Final = 1_000_000
MOST_TIMES: Final = 1_000
YEARS: Final = range(900, 2201)
_NUMBER: Final = re.compile(r"[-+−]?\d[\d,]*(?:\.\d+)?|[-+−]?\.\d+")
_YES: Final = frozenset({"true", "yes", "y", "1", "t"})
_NO: Final = frozenset({"false", "no", "n", "0", "f"})


def clean_age(raw: object) -> Cleaned:
    """An age in years; -1 and other impossible ages mean that none was given."""
    number = _number(raw)
    if number is None:
        return _nothing(raw, "This is not an age, so it was left out.")
    if not 0 <= number <= OLDEST:
        return mended(None, "Nobody has this age: it was taken to mean that there is no limit.")
    return Cleaned(number)


def clean_amount(raw: object) -> Cleaned:
    """An amount of money."""
    number = _number(raw)
    if number is None or not 0 <= number <= MOST_MONEY:
        return _nothing(raw, "This is not an amount of money, so it was left out.")
    return Cleaned(round(number, 2))


def clean_count(raw: object) -> Cleaned:
    """How many, from 1."""
    number = _number(raw)
    if number is None or number != int(number) or not 1 <= number <= MOST_TIMES:
        return _nothing(raw, "This is not a number of times, so it was left out.")
    return Cleaned(int(number))


def clean_year(raw: object) -> Cleaned:
    """A year."""
    number = _number(raw)
    if number is None or number not in YEARS:
        return _nothing(raw, "This is not a year, so it was left out.")
    return Cleaned(int(number))


def clean_degrees(raw: object) -> Cleaned:
    """A latitude or a longitude; whether the two make sense together is for `mending.mend_position`."""
    number = _number(raw)
    if number is None:
        return _nothing(raw, "This is not a position on the map, so it was left out.")
    return Cleaned(round(number, 7))


def clean_flag(raw: object) -> Cleaned:
    """Yes or no."""
    text = (as_text(raw) or "").strip().casefold()
    if text in _YES or text in _NO:
        return Cleaned(text in _YES)
    return _nothing(raw, "This is neither yes nor no, so it was left out.")


def _number(raw: object) -> float | None:
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return float(raw) if -1e15 < raw < 1e15 and math.isfinite(raw) else None
    match = _NUMBER.search(raw) if isinstance(raw, str) and len(raw) < 100 else None
    return float(match[0].replace(",", "").replace("−", "-")) if match else None


def _nothing(raw: object, words: str) -> Cleaned:
    text = as_text(raw)
    return Cleaned(None) if text is not None and text.strip().casefold() in {"", *EMPTY} else refused(words)
