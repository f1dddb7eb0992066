"""How people write postcodes: any text in, the postcodes, sectors and districts that it can be read as out. Pure; knows no place.

Spaces and hyphens are ignored, and letters that look like digits (O for 0, I and L for 1) are read as the shape asks. Which reading is
meant, only a table of real postcodes can say.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, Literal

Form = Literal["full", "partial", "sector", "district"]

_OUTWARDS: Final = ("A9", "A99", "AA9", "AA99", "A9A", "AA9A")
_INWARDS: Final[tuple[tuple[Form, str], ...]] = (("full", "9AA"), ("partial", "9A"), ("sector", "9"), ("district", ""))
_RANK: Final[dict[Form, int]] = {form: rank for rank, (form, _) in enumerate(_INWARDS)}
_DIGIT: Final = {"O": "0", "I": "1", "L": "1"}
_LETTER: Final = {"0": "O", "1": "I"}
_PARTS: Final = re.compile(r"[A-Z0-9]+")
_SEPARATORS: Final = re.compile(r"[\W_]+")
SHORTEST: Final = 2
LONGEST: Final = 7
FULL: Final = re.compile(  # a full postcode inside a text, with a digit among its first letters or after its space
    r"(?<![^\W_])(?=[^\W_]{0,4}\d|[^\W_]{1,4}[\W_]{1,3}\d)"
    r"([A-Z01]{1,2}[0-9OIL][A-Z0-9]?)[ \t\u2010-\u2015.-]{0,3}([0-9OIL][A-Z01]{2})(?![^\W_])",
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True)
class Reading:
    """One way to read a text: `outward` such as "E8", `inward` such as "1EA", "1E", "1" or "". `changes` counts letters put right.

    `is_certain` is False where only a space tells a sector from a district and it was not typed so: E8 1 for "E81".
    """

    form: Form
    outward: str
    inward: str
    changes: int
    is_certain: bool = True

    @cached_property
    def compact(self) -> str:
        """The full postcode without its space: "E81EA"."""
        return self.outward + self.inward

    @cached_property
    def sector(self) -> str:
        """Such as "E8 1"; the district for a district."""
        return f"{self.outward} {self.inward[0]}" if self.inward else self.outward


def _templates() -> dict[int, list[tuple[Form, int, str]]]:
    by_length: dict[int, list[tuple[Form, int, str]]] = defaultdict(list)
    for form, inward in _INWARDS:
        for outward in _OUTWARDS:
            by_length[len(outward + inward)].append((form, len(outward), outward + inward))
    return dict(by_length)


_TEMPLATES: Final = _templates()


def tidy(compact: str) -> str:
    """A full postcode with its space: "E81EA" → "E8 1EA"."""
    return f"{compact[:-3]} {compact[-3:]}"


def squeeze(text: str) -> str:
    """`text` in capitals without spaces, hyphens and stops."""
    return _SEPARATORS.sub("", text.upper())


def readings(text: str) -> tuple[Reading, ...]:
    """Every way to read `text` as a postcode or part of one, likeliest first: fewest letters put right, then as it was spaced."""
    compact = squeeze(text)
    if not (SHORTEST <= len(compact) <= LONGEST and compact.isascii()):
        return ()
    parts = _PARTS.findall(text.upper())
    found = [reading for template in _TEMPLATES.get(len(compact), ()) if (reading := _read(compact, template))]
    found.sort(key=lambda reading: (reading.changes, not _spaced_as(reading, parts), _RANK[reading.form]))
    forms = {reading.form for reading in found}
    if forms >= {"sector", "district"}:  # only the space tells them apart
        found = [replace(reading, is_certain=_spaced_as(reading, parts)) for reading in found]
    return tuple(found)


def _spaced_as(reading: Reading, parts: list[str]) -> bool:
    if reading.form == "district":
        return len(parts) == 1
    return len(parts) == 2 and len(parts[0]) == len(reading.outward)


def _read(compact: str, template: tuple[Form, int, str]) -> Reading | None:
    form, width, shape = template
    letters = [_fit(letter, wanted) for letter, wanted in zip(compact, shape, strict=True)]
    read = "".join(letters)
    if len(read) < len(compact):
        return None
    changes = sum(one != other for one, other in zip(read, compact, strict=True))
    return Reading(form, read[:width], read[width:], changes)


def _fit(letter: str, wanted: str) -> str:
    """The letter as its place in the shape asks, or nothing where it cannot be read so."""
    if wanted == "A":
        return letter if letter.isalpha() else _LETTER.get(letter, "")
    return letter if letter.isdigit() else _DIGIT.get(letter, "")
