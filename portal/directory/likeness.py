"""How names and telephone numbers are held against each other, however people wrote them. Pure."""

from __future__ import annotations

import re
from typing import Final

from rapidfuzz.utils import default_process

from portal.taxonomy.words import fold

_LAST: Final = 9  # digits of a number that tell it from others, however it begins


def plain(name: str) -> str:
    """A name as names are compared. Thousands are, while somebody waits: only what needs it is folded."""
    bare = name.replace("'", "").replace("’", "")
    return " ".join(default_process(bare if bare.isascii() else fold(bare)).split())


def last_digits(number: str) -> str:
    """The digits by which a telephone number is known; empty where there are too few."""
    digits = re.sub(r"[^0-9]", "", number)
    return digits[-_LAST:] if len(digits) >= _LAST else ""
