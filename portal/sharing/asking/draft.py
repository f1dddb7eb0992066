"""What is about to be sent: recipients, what they would see and until when; with a mark that changes when any of it does.

Nothing is stored before "Send". The page on which somebody agrees carries the mark, so that what is sent is what they saw.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Final

from portal.sealing import key_of_token
from portal.sharing.asking.recipients import Recipient
from portal.sharing.asking.shared import Shared

MOST_RECIPIENTS: Final = 5
MOST_IN_A_DAY: Final = 10


@dataclass(frozen=True)
class Draft:
    """A request to each of `recipients`, all of whom see the same until the end of the day `until`. It is counted in `locality`."""

    recipients: tuple[Recipient, ...]
    shared: Shared
    until: date
    locality: str = ""

    @property
    def mark(self) -> str:
        """Another for every other draft."""
        whom = " ".join((self.until.isoformat(), *(f"{one.key} {one.email}" for one in self.recipients)))
        return hashlib.sha256(whom.encode() + b"\0" + self.shared.packed()).hexdigest()


def once(token: str, recipient_key: str) -> str:
    """What makes a second tap on the same page the same request; the token itself is kept nowhere."""
    return f"{key_of_token(token, 'once').id} {recipient_key}"
