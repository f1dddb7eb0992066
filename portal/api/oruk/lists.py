"""Lists: what was asked in, which records are on the page and how many there are in all out.

Each list has an order that writes do not change, and says of each place in it whether its record is to be given. What is not given
but keeps its place makes its page shorter and moves nothing: who reads page after page misses nothing that was there throughout and
meets nothing twice. Services stand in the order in which they first were public, organizations in that of their first service; what is
added comes last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal, or_, select
from sqlalchemy.orm import Session

from portal.api.oruk.choosing import Chooser, is_public, places_kept_since
from portal.api.oruk.envelope import Page
from portal.api.oruk.matching import begins, session_fits
from portal.api.oruk.reading import Asked
from portal.api.oruk.term_shapes import Shape
from portal.directory.listed import ListedService
from portal.directory.models import Organization
from portal.directory.places import ServiceAtLocation
from portal.directory.times import Schedule

Places = Select[Any, int]  # keys in the order of a list, each with 1 where its record is to be given, or 0


@dataclass(frozen=True)
class Keys:
    """The keys of the records to give, of how many in all, on how many places."""

    shown: Sequence[Any]
    records: int
    places: int


def read_keys(session: Session, listed: Places, asked: Asked) -> Keys:
    """Of the page that was asked for; all of them where everything comes at once."""
    if asked.is_whole:
        rows = session.execute(listed).all()
        found = [key for key, is_given in rows if is_given]
        return Keys(found, len(found), len(rows))
    each = listed.order_by(None).subquery()
    places, records = session.execute(select(func.count(), func.coalesce(func.sum(each.c[1]), 0)).select_from(each)).one()
    page = session.execute(listed.limit(asked.per_page).offset((asked.page - 1) * asked.per_page))
    return Keys([key for key, is_given in page if is_given], records, places)


def keys_among(found: Sequence[Shape], asked: Asked) -> Keys:
    """As `read_keys`, of a list that is at hand."""
    start = 0 if asked.is_whole else (asked.page - 1) * asked.per_page
    return Keys(found if asked.is_whole else found[start : start + asked.per_page], len(found), len(found))


def page_of(keys: Keys, asked: Asked, contents: Sequence[Shape]) -> Page:
    """The envelope around what is on a page."""
    pages = min(keys.places, 1) if asked.is_whole else ceil(keys.places / asked.per_page)
    return Page(
        total_items=keys.records,
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
    query = select(ListedService.position, _is_given(asked)).where(*chooser.conditions(session, asked))
    return read_keys(session, query.order_by(ListedService.position), asked)


def list_organizations(session: Session, asked: Asked) -> Keys:
    """Organizations with a public service, as ids."""
    state: ColumnElement[int] = func.max(case((is_public(), 1), else_=0))
    query = (
        select(ListedService.organization_id, state)
        .group_by(ListedService.organization_id)
        .having(or_(state == 1, func.max(ListedService.changed_at) >= places_kept_since()))
        .order_by(func.min(ListedService.position))
    )
    for word in asked.search:
        texts = (Organization.name, Organization.alternate_name, Organization.description)
        found = select(Organization.id).where(or_(*(begins(session, text, word) for text in texts)))
        query = query.where(ListedService.organization_id.in_(found))
    return read_keys(session, query, asked)


def list_service_at_locations(session: Session, chooser: Chooser, asked: Asked) -> Keys:
    """Services at locations as ids: service after service, each one's places in the order in which people gave them."""
    query = (
        select(ServiceAtLocation.id, _is_given(asked))
        .join(ListedService, ListedService.service_id == ServiceAtLocation.service_id)
        .where(*chooser.conditions(session, asked))
        .order_by(ListedService.position, ServiceAtLocation.position, ServiceAtLocation.id)
    )
    return read_keys(session, _narrowed(session, query, chooser, asked), asked)


def _is_given(asked: Asked) -> ColumnElement[int]:
    """Whoever asks what changed is told of what is gone, too."""
    return (literal(1) if asked.modified_after else case((is_public(), 1), else_=0)).label("is_given")


def _narrowed(session: Session, query: Places, chooser: Chooser, asked: Asked) -> Places:
    """To the places that fit themselves, where one of a service's fits and another does not."""
    if (near := chooser.near(session, asked)) is not None:
        query = query.where(near)
    if asked.day or asked.start_time or asked.end_time:
        fits = session_fits(asked)
        there = select(Schedule.service_at_location_id).where(Schedule.service_at_location_id.is_not(None), fits)
        anywhere = select(Schedule.service_id).where(Schedule.service_id.is_not(None), fits)
        query = query.where(or_(ServiceAtLocation.id.in_(there), ServiceAtLocation.service_id.in_(anywhere)))
    return query
