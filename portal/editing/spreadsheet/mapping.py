"""Whose column is which: the headings of a file in, the key of our column for each out, or nothing where we cannot tell. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rapidfuzz import fuzz, process

from portal.editing.spreadsheet.columns import COLUMNS, ID_HEADING, VERSION_HEADING, synonyms
from portal.editing.spreadsheet.table import folded

LEAVE_OUT: Final = ""
_ALIKE: Final = 84.0  # per cent: "Telephone numbr" is one, "Name of venue" and "Name" are not
_SHORTEST: Final = 4  # letters of a heading that may have a slip in it


def guess(headings: Sequence[str]) -> tuple[str, ...]:
    """The key for each heading, each key once: headings that say it exactly come before those that nearly do."""
    known = synonyms()
    found = [LEAVE_OUT] * len(headings)
    for index, heading in enumerate(headings):
        key = known.get(folded(heading), LEAVE_OUT)
        if key and key not in found:
            found[index] = key
    for index, heading in enumerate(headings):
        if not found[index] and (key := _near(heading)) and key not in found and folded(heading) not in known:
            found[index] = key
    return tuple(found)


def is_ours(headings: Sequence[str]) -> bool:
    """Whether a file has just the columns that we send out: nobody needs to be asked whose column is which."""
    ours = (ID_HEADING, VERSION_HEADING, *(column.heading for column in COLUMNS))
    return list(map(folded, headings)) == list(map(folded, ours))


def known_for_sure(heading: str) -> bool:
    """Whether a heading is one that we know, letter for letter."""
    return folded(heading) in synonyms()


def _near(heading: str) -> str:
    known = synonyms()
    plain = folded(heading)
    if len(plain) < _SHORTEST:
        return LEAVE_OUT
    match = process.extractOne(plain, known.keys(), scorer=fuzz.token_sort_ratio, score_cutoff=_ALIKE)
    return known[match[0]] if match else LEAVE_OUT
