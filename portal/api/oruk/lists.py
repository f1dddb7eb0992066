"""Lists: what was asked in, which records are on the page and all that is to know of the list out.

Each list is `Keys`: every record that is meant, in an order that writes do not change, and whether it is to be given. What is
not given but keeps its place makes its page shorter and moves nothing: who reads page after page misses nothing that was there
throughout and meets nothing twice. Services stand in the order in which they first were public, organizations in that of their first
service; what is added comes last.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import Session

from portal.api.oruk.choosing import Chooser, is_public, places_kept_since
from portal.api.oruk.envelope import Page
from portal.api.oruk.matching import begins, session_fits
from portal.api.oruk.reading import Asked
from portal.api.oruk.term_shapes import Shape
from portal.directory.listed import ListedService
from portal.directory.models import PUBLIC_STATUSES, Organization, Service
from portal.directory.places import ServiceAtLocation
from portal.directory.times import Schedule


@dataclass(frozen=True)
class Keys:
    """The keys of a list in its order; None where a record is no longer given but keeps its place."""

    places: Sequence[Any]

    @property
    def given(self) -> list[Any]:
        """Those that are given."""
        return [key for key in self.places if key is not None]

    def on_page(self, asked: Asked) -> list[Any]:
        """Those of the page that was asked for: all of them where everything comes at once."""
        if asked.is_whole:
            return self.given
        start = (asked.page - 1) * asked.per_page
        return [key for key in self.places[start : start + asked.per_page] if key is not None]


def page_of(keys: Keys, asked: Asked, contents: Sequence[Shape]) -> Page:
    """The envelope around what is on a page."""
    pages = min(len(keys.places), 1) if asked.is_whole else ceil(len(keys.places) / asked.per_page)
    return Page(
        total_items=len(keys.given),
        total_pages=pages,
        page_number=asked.page,
        size=len(contents),
        first_page=asked.page == 1,
        last_page=asked.page >= pages,
        empty=not contents,
        contents=list(contents),
    )


def list_services(session: Session, chooser: Chooser, asked: Asked) -> Keys:
    """Services as their places in the open list. Raises `Unanswerable` (422) for an unknown postcode."""
    query = select(ListedService.position, ListedService.status).join(Service, Service.id == ListedService.service_id)
    rows = session.execute(query.where(*chooser.conditions(session, asked)).order_by(ListedService.position))
    return Keys([position if asked.modified_after or status in PUBLIC_STATUSES else None for position, status in rows])


def list_organizations(session: Session, asked: Asked) -> Keys:
    """Organizations with a public service, as ids."""
    state = func.max(case((is_public(), 1), else_=0))
    query = (
        select(ListedService.organization_id, state)
        .join(Organization, Organization.id == ListedService.organization_id)
        .group_by(ListedService.organization_id)
        .having(or_(state == 1, func.max(ListedService.changed_at) >= places_kept_since()))
        .order_by(func.min(ListedService.position))
    )
    for word in asked.search:
        texts = (Organization.name, Organization.alternate_name, Organization.description)
        query = query.where(or_(*(begins(session, text, word) for text in texts)))
    return Keys([key if is_there else None for key, is_there in session.execute(query)])


def list_service_at_locations(session: Session, chooser: Chooser, asked: Asked) -> Keys:
    """Services at locations as ids: service after service, each one's places in the order in which people gave them."""
    query = (
        select(ServiceAtLocation.id, ListedService.status)
        .join(ListedService, ListedService.service_id == ServiceAtLocation.service_id)
        .join(Service, Service.id == ServiceAtLocation.service_id)
        .order_by(ListedService.position, ServiceAtLocation.position, ServiceAtLocation.id)
    )
    rows = session.execute(_narrowed(session, query.where(*chooser.conditions(session, asked)), chooser, asked))
    return Keys([row.id if asked.modified_after or row.status in PUBLIC_STATUSES else None for row in rows])


def _narrowed(session: Session, query: Select[uuid.UUID, str], chooser: Chooser, asked: Asked) -> Select[uuid.UUID, str]:
    """To the places that fit themselves, where one of a service's fits and another does not."""
    if (near := chooser.near(session, asked)) is not None:
        query = query.where(near)
    if asked.day or asked.start_time or asked.end_time:
        fits = session_fits(asked)
        there = select(Schedule.service_at_location_id).where(Schedule.service_at_location_id.is_not(None), fits)
        anywhere = select(Schedule.service_id).where(Schedule.service_id.is_not(None), fits)
        query = query.where(or_(ServiceAtLocation.id.in_(there), ServiceAtLocation.service_id.in_(anywhere)))
    return query
