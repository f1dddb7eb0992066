"""Names of listings, organisations and places: one line, not shouted, not "Older People'S"."""

from __future__ import annotations

import re
from typing import Final

from portal.directory.openreferral.rows import Action, Cleaned, Remark
from portal.directory.openreferral.values.plain_text import clean_prose, shorten

LONGEST: Final = 200
SHORTEST_SHOUT: Final = 9  # letters; a shorter name in capitals is likely to be initials
_SMALL: Final = frozenset({"a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"})
_CERTAINLY_SMALL: Final = re.compile(r"(?<=\S )(?:And|For|Of|The)(?= \S)")  # "In" or "By" may be part of a name: "Step By Step"
_INITIALS: Final = frozenset(
    {"BAME", "BME", "BSL", "CAB", "CIC", "CIO", "CVS", "DWP", "GP", "GPS", "HIV", "ICB", "LGBT", "LGBTQ", "NCT", "NHS", "PTA", "RAF",
     "RNIB", "RNLI", "RSPB", "RVS", "SEN", "SEND", "UK", "USA", "WI", "YMCA", "YWCA"}
)  # fmt: skip
_APOSTROPHE_S: Final = re.compile(r"(?<=[a-z])(['’])S\b")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def clean_title(raw: object) -> Cleaned:
    """A name of at most `LONGEST` letters, in ordinary capitals."""
    found = clean_prose(raw)
    if not isinstance(found.value, str):
        return found
    remarks = list(found.remarks)
    name = " ".join(found.value.split())
    spoken = _spoken(name)
    if spoken != name:
        remarks.append(Remark(Action.MENDED, "Capital letters were put right in this name."))
    if len(spoken) > LONGEST:
        spoken = shorten(spoken, LONGEST)
        remarks.append(Remark(Action.MENDED, f"This name was longer than {LONGEST} letters, so the end was cut off."))
    return Cleaned(spoken, tuple(remarks))


def _spoken(name: str) -> str:
    mended = _APOSTROPHE_S.sub(r"\1s", name)
    letters = [letter for letter in name if letter.isalpha()]
    if all(map(str.isupper, letters)) and " " in name and len(letters) >= SHORTEST_SHOUT:
        mended = _WORD.sub(_quietly, name)
        return mended[:1].upper() + mended[1:]
    if mended != name:  # a machine put a capital on every word, whatever the word was
        mended = _CERTAINLY_SMALL.sub(lambda match: match[0].lower(), mended)
        mended = _WORD.sub(lambda match: match[0].upper() if match[0].upper() in _INITIALS else match[0], mended)
    return mended


def _quietly(match: re.Match[str]) -> str:
    word = match[0]
    if word in _INITIALS or (len(word) > 1 and not set(word) & set("AEIOUY")):
        return word
    return word.lower() if word.lower() in _SMALL else word[:1] + word[1:].lower()
