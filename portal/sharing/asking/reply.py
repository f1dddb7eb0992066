"""What a recipient answers: one of three kinds with a day or a hint, and a message; frozen, and sealed with the request."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

import msgspec

CONTACT: Final = "contact"
NOT_US: Final = "not-us"
FULL: Final = "full"
KINDS: Final = (CONTACT, NOT_US, FULL)


@dataclass(frozen=True)
class Reply:
    """`on`: the day by which they get in touch, or until which they are full. `instead`: whom to try. `role` of the link it came by."""

    kind: str
    on: date | None = None
    instead: str = ""
    message: str = ""
    role: str = ""
    replied_at: datetime | None = None

    def says_the_same(self, other: Reply | None) -> bool:
        """Whether both say the same, whenever they were given: a second tap."""
        return other is not None and replace(self, replied_at=None) == replace(other, replied_at=None)

    def packed(self) -> bytes:
        """As bytes, to be sealed."""
        return msgspec.json.encode(self)

    @classmethod
    def unpacked(cls, packed: bytes) -> Reply:
        """What `packed` gave. Raises `msgspec.DecodeError` for anything else."""
        return msgspec.json.decode(packed, type=cls)
