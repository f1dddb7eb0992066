"""The listings that changed since the base was written, as they are now: the newest generation's and what came in; all of them out.

They are kept whole, with their words, so that the next base can be made of them. `since` is the generation in which each changed.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from portal.directory.listing import Listing


@dataclass(frozen=True)
class Change:
    """A listing as it is since the generation of that name; None for one that is gone."""

    id: uuid.UUID
    since: str
    listing: Listing | None = None


@dataclass(frozen=True)
class Changes:
    """What changed since the base, each listing once."""

    held: tuple[Change, ...] = ()

    @property
    def listings(self) -> tuple[Listing, ...]:
        """Those that are there, in order: their places are the rows of the delta."""
        return tuple(change.listing for change in self.held if change.listing is not None)

    @property
    def ids(self) -> tuple[uuid.UUID, ...]:
        """All services that changed."""
        return tuple(change.id for change in self.held)

    @property
    def gone(self) -> tuple[uuid.UUID, ...]:
        """Services that are no longer shown."""
        return tuple(change.id for change in self.held if change.listing is None)

    def followed_by(self, listings: Iterable[Listing], gone: Collection[uuid.UUID], since: str) -> Changes:
        """These with others in place of themselves."""
        newer = {service_id: Change(service_id, since) for service_id in gone}
        newer |= {listing.id: Change(listing.id, since, listing) for listing in listings}
        return Changes((*(change for change in self.held if change.id not in newer), *newer.values()))

    def after(self, name: str) -> Changes:
        """Those that a generation of this name did not have yet."""
        return Changes(tuple(change for change in self.held if change.since > name))

    def save(self, file: Path) -> None:
        """Write them. Raises `OSError`."""
        file.write_bytes(msgspec.json.encode(self.held))


def read_changes(file: Path) -> Changes:
    """What `save` wrote. Raises `OSError` or `msgspec.MsgspecError`."""
    return Changes(msgspec.json.decode(file.read_bytes(), type=tuple[Change, ...]))
