"""Similar services nearby: a listing in, a few others that meet its needs out, those close to it first."""

from __future__ import annotations

from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import clock
from portal.directory.listing import Listing
from portal.directory.listings import list_listings
from portal.directory.models import PUBLIC_STATUSES, Service
from portal.directory.queries import is_shown
from portal.directory.terms import ServiceNeed
from portal.localities.distance import miles
from portal.taxonomy.terms import Taxonomy

MOST: Final = 4
CANDIDATES: Final = 24
NO_PLACE_MILES: Final = 2.0  # what comes to people ranks among things a short way off


def list_similar(session: Session, taxonomy: Taxonomy, listing: Listing) -> list[Listing]:
    """At most `MOST` listings that searches show and that share needs with `listing`, the most shared and nearest first."""
    shared = func.count(ServiceNeed.need)
    shown = (Service.status.in_(PUBLIC_STATUSES), is_shown(clock.today()))
    query = (
        select(ServiceNeed.service_id)
        .join(Service, Service.id == ServiceNeed.service_id)
        .where(ServiceNeed.need.in_(listing.needs[:2]), Service.id != listing.id, *shown)
        .group_by(ServiceNeed.service_id)
        .order_by(shared.desc(), func.min(ServiceNeed.position), ServiceNeed.service_id)
        .limit(CANDIDATES)
    )
    candidates = list(list_listings(session, taxonomy, list(session.scalars(query))))
    shares = {it.id: len(set(it.needs) & set(listing.needs)) for it in candidates}
    return sorted(candidates, key=lambda it: (-shares[it.id], _apart(listing, it), it.name))[:MOST]


def _apart(one: Listing, other: Listing) -> float:
    pairs = [(a, b) for a in _placed(one) for b in _placed(other)]
    return min((miles(*a, *b) for a, b in pairs), default=NO_PLACE_MILES)


def _placed(listing: Listing) -> list[tuple[float, float]]:
    return [(site.latitude, site.longitude) for site in listing.sites if site.latitude is not None and site.longitude is not None]
