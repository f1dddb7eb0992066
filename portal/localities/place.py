"""What a person typed → where that is: a `Place`, a choice, something unknown, or nothing typed. Pure, bounded, under a millisecond.

A postcode in any spelling wins over everything else in the text; then a name is looked for.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from portal.localities import spelling
from portal.localities.address import find_by_name
from portal.localities.answer import MOST_CHOICES, Ambiguous, Found, Place, Unknown
from portal.localities.gazetteer import Gazetteer

__all__ = ["Ambiguous", "Place", "Unknown", "place", "tidied"]

LONGEST: Final = 120  # letters that are read; no address line is longer
JOINERS: Final = "\u200c\u200d"  # Urdu and Persian words are written with them

_ORDINALS: Final = frozenset({"1st", "2nd", "3rd", *(f"{number}th" for number in range(10))})


def place(text: str, gazetteer: Gazetteer) -> Place | Ambiguous | Unknown | None:
    """Where `text` is; None where nothing was typed. Never raises, whatever the text."""
    typed = tidied(text)
    if not typed:
        return None
    plain = _plain(typed)
    for way in (_by_postcode, find_by_name, _by_letters):
        answer = way(plain, gazetteer)
        if isinstance(answer, Place):
            return answer
        if answer is not None:
            return Ambiguous(typed, answer[:MOST_CHOICES]) if answer else Unknown(typed)
    return Unknown(typed)


def tidied(text: str) -> str:
    """`text` as typed, on one line, without control and direction marks, and no longer than `LONGEST`."""
    kept = "".join(letter if letter in JOINERS else _visible(letter) for letter in text[: LONGEST * 2])
    return " ".join(unicodedata.normalize("NFC", kept).split())[:LONGEST].strip()


def _visible(letter: str) -> str:
    category = unicodedata.category(letter)
    if category in {"Cf", "Cs"}:
        return ""
    return " " if category[0] in "CZ" else letter


def _plain(typed: str) -> str:
    """Full-width letters and the digits of other scripts as an English keyboard has them."""
    folded = unicodedata.normalize("NFKC", typed).replace("İ", "I").replace("ı", "i")[:LONGEST]
    return "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in folded)


def _by_postcode(plain: str, gazetteer: Gazetteer) -> Found:
    """The postcode, or part of one, that the whole text is; or else the last full postcode in it."""
    if not any(letter.isdigit() for letter in plain):
        return None
    if spelt := spelling.readings(plain):
        return gazetteer.postcodes.meant(spelt)
    inside = spelling.FULL.findall(plain)
    if not inside:
        return None
    outward, inward = inside[-1]
    found = gazetteer.postcodes.meant(spelling.readings(f"{outward} {inward}"))
    return () if found is None and inward.casefold() not in _ORDINALS else found


def _by_letters(plain: str, gazetteer: Gazetteer) -> Found:
    """A full postcode typed with letters for all its digits: "NI IAA"."""
    for reading in spelling.readings(plain):
        if reading.form == "full" and (found := gazetteer.postcodes.find(reading.compact)):
            return found
    return None
