"""The six digits that go with a link, for a browser other than the one that opens it: a token in, digits and a keyed hash out. Pure."""

from __future__ import annotations

import unicodedata
from typing import Final

from portal.sealing import key_of_site, key_of_token

DIGITS: Final = 6
_LONGEST_TYPED: Final = 60


def digits_of(token: str) -> str:
    """The digits that belong to a link's token: whoever holds the e-mail has both, and the database has neither."""
    return f"{int(key_of_token(token, 'sign-in digits').id, 16) % 10**DIGITS:0{DIGITS}}"


def hash_of(secret: str, ask_id: str, digits: str) -> str:
    """What is kept of the digits: of use only with the site's secret, and for one ask."""
    return key_of_site(secret, f"sign-in code {ask_id} {digits}").id


def read_digits(typed: str) -> str:
    """Six digits, however they are spaced and in whatever script they are written; empty for anything else."""
    kept = [letter for letter in typed[:_LONGEST_TYPED] if not letter.isspace() and letter not in "-–"]
    if len(kept) != DIGITS or not all(letter.isdecimal() for letter in kept):
        return ""
    return "".join(str(unicodedata.decimal(letter)) for letter in kept)


def in_groups(text: str, size: int) -> str:
    """`text` in groups, so that it can be read aloud and copied by hand."""
    return " ".join(text[at : at + size] for at in range(0, len(text), size))
