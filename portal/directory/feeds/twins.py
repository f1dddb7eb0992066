"""Whether a listing of a feed is here under another id: alike by name, at the same postcode or telephone, or of one organization."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from rapidfuzz import fuzz
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.directory.feeds.foreign import Offered
from portal.directory.feeds.models import FeedListing, State
from portal.directory.likeness import last_digits, plain
from portal.directory.models import PUBLIC_STATUSES, Organization, Service
from portal.directory.places import Address, Location, Phone, ServiceAtLocation

SAME_PLACE: Final = 78  # of 100: how alike names are at one postcode or telephone
SAME_OWNER: Final = 90  # where only the organization's name is the same


@dataclass(frozen=True)
class Known:
    """A service that is here: names as they are compared."""

    id: uuid.UUID
    name: str
    organization: str


class Twins:
    """The public services that are not a feed's own, to find those that its listings may be."""

    def __init__(self, session: Session, feed_id: uuid.UUID) -> None:
        own = select(FeedListing.service_id).where(FeedListing.feed_id == feed_id, FeedListing.state == State.TAKEN)
        shown = (Service.status.in_(PUBLIC_STATUSES), Service.id.not_in(own))
        rows = session.execute(select(Service.id, Service.name, Organization.name).join(Service.organization).where(*shown))
        self._known = {key: Known(key, plain(name), plain(owner)) for key, name, owner in rows}
        self._by: dict[str, set[uuid.UUID]] = defaultdict(set)
        for key, sign in _signs(session):
            if key in self._known:
                self._by[sign].add(key)
        for known in self._known.values():
            self._by[f"of {known.organization}"].add(known.id)

    def find(self, offered: Offered) -> uuid.UUID | None:
        """The service that a listing is likeliest to be; nothing where none is much like it."""
        name, organization = plain(offered.name), plain(_organization(offered.raw))
        near = {key for sign in _signs_of(offered.raw) for key in self._by.get(sign, ())}
        theirs = self._by.get(f"of {organization}", set()) if organization else set()
        scored = [(fuzz.token_sort_ratio(name, self._known[key].name), key) for key in near | theirs]
        fit = [(score, key) for score, key in scored if score >= (SAME_PLACE if key in near else SAME_OWNER)]
        return max(fit, key=lambda one: (one[0], one[1].int))[1] if fit and name else None


def _signs(session: Session) -> Iterator[tuple[uuid.UUID, str]]:
    """Service ids with each telephone number and postcode of theirs."""
    places = select(ServiceAtLocation.service_id, Address.postal_code).join(Location, Location.id == ServiceAtLocation.location_id)
    for key, code in session.execute(places.join(Address, Address.location_id == Location.id).where(~Location.is_confidential)):
        yield from ((key, sign) for sign in _postcode(code))
    own = select(Phone.service_id, Phone.number).where(Phone.service_id.is_not(None))
    there = select(ServiceAtLocation.service_id, Phone.number).join(Phone, Phone.service_at_location_id == ServiceAtLocation.id)
    for of, number in (*session.execute(own).all(), *session.execute(there).all()):
        if of is not None:
            yield from ((of, sign) for sign in _number(number))


def _signs_of(raw: object) -> Iterator[str]:
    """The telephone numbers and postcodes anywhere in a listing."""
    if isinstance(raw, dict):
        yield from _number(raw.get("number"))
        yield from _postcode(raw.get("postal_code"))
    inside: Iterable[Any] = raw.values() if isinstance(raw, dict) else raw if isinstance(raw, list) else ()
    for each in inside:
        yield from _signs_of(each)


def _number(given: object) -> Iterator[str]:
    if isinstance(given, str) and (digits := last_digits(given[:60])):
        yield f"tel {digits}"


def _postcode(given: object) -> Iterator[str]:
    code = "".join(given.split()).casefold() if isinstance(given, str) else ""
    if code:
        yield f"at {code}"


def _organization(raw: dict[str, Any]) -> str:
    owner = raw.get("organization")
    name = owner.get("name") if isinstance(owner, dict) else ""
    return name if isinstance(name, str) else ""
