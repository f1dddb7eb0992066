"""What people type, made safe to keep and to show: any text in, the same text without what nobody can see or means, out.

Control characters, unpaired and unassigned ones and marks that turn text around go; ZWNJ and ZWJ stay, for Urdu and Persian
need them. Composed (NFC), so that equal words are equal.
"""

from __future__ import annotations

import unicodedata
import uuid
from typing import Final

import regex

_DIGITS: Final = 9
_UNSEEN: Final = regex.compile(r"[\p{Cc}\p{Cs}\p{Cn}\u202a-\u202e\u2066-\u2069--[\n\t]]", regex.V1)


def one_line(text: str, longest: int) -> str:
    """`text` on one line of at most `longest` letters."""
    return " ".join(_seen(text[: longest * 2]).split())[:longest].strip()


def lines(text: str, longest: int) -> str:
    """`text` with its lines, of at most `longest` letters."""
    kept = (" ".join(line.split()) for line in _seen(text.replace("\r\n", "\n")[: longest * 2]).split("\n"))
    return "\n".join(kept).strip()[:longest]


def whole_number(text: str) -> int | None:
    """The number that up to nine plain digits say, so that every database can hold it; None for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _DIGITS else None


def uuid_in(text: str) -> uuid.UUID | None:
    """The id that a text is; None for anything else."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _seen(text: str) -> str:
    return unicodedata.normalize("NFC", _UNSEEN.sub("", text.replace("\r", " ")))
