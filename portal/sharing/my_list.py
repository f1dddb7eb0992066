"""My list: the services that a person keeps, in the order kept, each with a note to self. Pure; every change gives a new list.

What is typed as a note comes in, what is safe to keep and to show comes out.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from portal.typed import one_line

MOST_SERVICES: Final = 25
LONGEST_NOTE: Final = 140
LONGEST_TYPED: Final = 2_000  # letters of a note that are read, to be given back with an error
# Marks that turn the direction of text around can make a note say what it does not. ZWNJ and ZWJ stay: Urdu and emoji need them.


@dataclass(frozen=True)
class Kept:
    """A service on the list and what its owner wrote about it."""

    service_id: uuid.UUID
    note: str = ""


@dataclass(frozen=True)
class MyList:
    """What is kept, each service once."""

    kept: tuple[Kept, ...] = ()

    @property
    def service_ids(self) -> tuple[uuid.UUID, ...]:
        """The services in order."""
        return tuple(kept.service_id for kept in self.kept)

    @property
    def is_over_full(self) -> bool:
        """Whether it holds more services than a list may."""
        return len(self.kept) > MOST_SERVICES

    def keeping(self, service_ids: Iterable[uuid.UUID]) -> MyList:
        """With these services at the end; those already on it stay where they are, with their notes."""
        new = [service_id for service_id in dict.fromkeys(service_ids) if service_id not in self.service_ids]
        return MyList((*self.kept, *(Kept(service_id) for service_id in new)))

    def without(self, service_id: uuid.UUID) -> MyList:
        """Without this service and its note."""
        return MyList(tuple(kept for kept in self.kept if kept.service_id != service_id))

    def noting(self, service_id: uuid.UUID, note: str) -> MyList:
        """With this note in place of the one before. A service that is not there is kept: a note is not thrown away."""
        kept = self.keeping([service_id]).kept
        return MyList(tuple(replace(one, note=note) if one.service_id == service_id else one for one in kept))


def clean_note(typed: str | None) -> str:
    """A note on one line, composed (NFC), without control characters or marks that turn text around."""
    return one_line(typed or "", LONGEST_TYPED)
