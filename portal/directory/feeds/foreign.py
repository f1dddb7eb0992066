"""Listings of a feed made fit for the loader: as sent in, raw rows out that speak of the feed's own records and nobody else's.

Only a service keeps the id that it has in the feed, and only once `taking` has seen that it is free. Every other id (of organizations,
places, numbers, times, terms) becomes one made from the feed and that id, so that no feed can write to a record that is not its own.
What would bring in other services, or claim another source, is left out.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from portal.directory.openreferral.identifiers import Identities, made_id
from portal.directory.openreferral.readers.nesting import At, Flattener
from portal.directory.openreferral.rows import Source

DEEPEST: Final = 12
_NOT_THEIRS: Final = frozenset({"services", "service", "service_id", "source", "link_id", "link_entity", "assurer_email"})
_NO_NEWS: Final = frozenset({"last_modified"})
GONE: Final = frozenset({"inactive", "defunct"})


@dataclass(frozen=True)
class Offered:
    """A listing as a feed offers it: what it calls it, the whole of it, a digest by which a change shows, and whether it is withdrawn."""

    remote_id: str
    raw: dict[str, Any]
    digest: str

    @property
    def is_gone(self) -> bool:
        """Whether the feed says that it is no longer there."""
        status = self.raw.get("status")
        return isinstance(status, str) and status.strip().casefold() in GONE

    @property
    def name(self) -> str:
        """What it is called."""
        name = self.raw.get("name")
        return name if isinstance(name, str) else ""

    @property
    def packed(self) -> str:
        """The whole of it, as it is kept: ASCII, which every database holds."""
        return json.dumps(self.raw)


@dataclass(frozen=True)
class Placed:
    """A listing and the service that it is here; `organization_id` where that service's own organization stays as it is."""

    offered: Offered
    service_id: uuid.UUID
    organization_id: uuid.UUID | None = None


def offered(remote_id: str, thing: Mapping[str, Any]) -> Offered:
    """A listing as sent, without what it may not say."""
    raw = {key: _own(value, 1) for key, value in thing.items() if key not in _NOT_THEIRS}
    news = {key: value for key, value in raw.items() if key not in _NO_NEWS}
    return Offered(remote_id, raw, hashlib.sha256(json.dumps(news, sort_keys=True).encode()).hexdigest())


def unpacked(remote_id: str, packed: str) -> Offered:
    """What `Offered.packed` gave."""
    return offered(remote_id, json.loads(packed))


def own_id(feed_id: uuid.UUID, remote_id: str) -> uuid.UUID:
    """A service id that is the feed's own, whatever the feed calls the listing."""
    return made_id(str(feed_id), "service", remote_id)


def wanted_id(feed_id: uuid.UUID, remote_id: str) -> uuid.UUID:
    """The id that the feed gives a listing where that is a UUID, else one of the feed's own."""
    try:
        return uuid.UUID(remote_id)
    except ValueError:
        return own_id(feed_id, remote_id)


def source_of(feed_id: uuid.UUID, name: str, placed: Iterable[Placed]) -> Source:
    """Raw rows of listings; `name` is the feed's, which they show."""
    flattener = Flattener(name, str(feed_id), _Foreign(str(feed_id)))
    for number, each in enumerate(placed, start=1):
        thing: dict[str, Any] = {**each.offered.raw, "id": each.service_id}
        if each.organization_id is not None:
            thing.pop("organization", None)
            thing["organization_id"] = each.organization_id
        flattener.add("service", thing, At(where=f"service {each.offered.remote_id}", record=number))
    return flattener.finish()


class _Foreign(Identities):
    """Ids of a feed. What is a UUID already was put there by us: JSON has none."""

    def find(self, table: str, raw: object) -> uuid.UUID | None:
        """Ours as it is; theirs as one made from the feed."""
        if isinstance(raw, uuid.UUID):
            return raw
        text = str(raw).strip() if isinstance(raw, str | int) and not isinstance(raw, bool) else ""
        return made_id(self._source, table, text) if text else None


def _own(value: Any, depth: int) -> Any:
    """Nothing of what others own, nor nested beyond all measure."""
    if depth > DEEPEST:
        return None
    if isinstance(value, dict):
        return {key: _own(each, depth + 1) for key, each in value.items() if key not in _NOT_THEIRS}
    return [_own(each, depth + 1) for each in value] if isinstance(value, list) else value
