"""What we say about services, for whoever is to say whether it is right: ids in, what residents read out, in the order of the ids."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.directory.listing import Listing
from portal.directory.listings import listing_of
from portal.directory.models import Service
from portal.directory.pages import When, when_of
from portal.directory.queries import list_services
from portal.taxonomy.terms import Taxonomy


@dataclass(frozen=True)
class Published:
    """A service as it is published: its listing, its hours (its own, then those of its places), its numbers."""

    listing: Listing
    whens: tuple[When, ...]
    phones: tuple[str, ...]


def list_published(session: Session, taxonomy: Taxonomy, service_ids: Sequence[uuid.UUID], moment: datetime) -> tuple[Published, ...]:
    """The public ones of these services at local `moment`."""
    return tuple(_published(service, taxonomy, moment) for service in list_services(session, service_ids))


def _published(service: Service, taxonomy: Taxonomy, moment: datetime) -> Published:
    places = [place for place in service.service_at_locations if place.location.location_type == "physical"]
    whens = (when_of(service.id, service, moment), *(when_of(place.id, place, moment) for place in places))
    numbers = [phone.number for phone in service.phones] + [phone.number for place in places for phone in place.phones]
    listing = listing_of(service, taxonomy)
    return Published(listing, tuple(when for when in whens if when.rules or when.words), tuple(dict.fromkeys(numbers)))
