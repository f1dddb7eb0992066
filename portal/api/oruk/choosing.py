"""Which services are meant: what was asked in, conditions on the open list and its services out, all of which must hold.

What is no longer public stays among them while its place is kept, so that pages do not slip under somebody who reads them: for a
day; and wherever somebody asks what changed. Who gives it out leaves it out, or says that it is gone.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta
from http import HTTPStatus
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, false, func, or_, select, union
from sqlalchemy.orm import Session

from portal import clock
from portal.api.oruk.covering import areas_around, places_near
from portal.api.oruk.reading import Asked
from portal.api.oruk.vocabulary import Vocabulary
from portal.api.problems import Unanswerable
from portal.directory import terms
from portal.directory.listed import ListedService
from portal.directory.models import PUBLIC_STATUSES, Organization, Service
from portal.directory.openreferral.needs import OURS
from portal.directory.places import ServiceArea, ServiceAtLocation
from portal.directory.times import Schedule
from portal.localities.answer import Place
from portal.search.areas import Extents

PLACE_KEPT: Final = timedelta(days=1)
Condition = ColumnElement[bool]


class Chooser:
    """Makes conditions. `own` is our vocabulary; `extents` knows postcodes, and what areas are called."""

    def __init__(self, own: Vocabulary, extents: Extents) -> None:
        self._own, self._extents = own, extents

    def conditions(self, session: Session, asked: Asked) -> list[Condition]:
        """What must hold of a row of the open list joined with its service. Raises `Unanswerable` (422) for an unknown postcode."""
        found = [_standing(asked), *self._of_terms(asked), *_of_ages(asked), *_of_words(session, asked)]
        if asked.organization_id:
            found.append(ListedService.organization_id == asked.organization_id)
        if asked.day or asked.start_time or asked.end_time:
            found.append(Service.id.in_(_sessions_of(asked)))
        return [*found, *self._of_place(session, asked)]

    def near(self, session: Session, asked: Asked) -> Condition | None:
        """That a service at a location is within what was asked; None where nothing was. Raises `Unanswerable` (422)."""
        if asked.postcode is None or asked.proximity is None:
            return None
        ids = places_near(session, self._extents.gazetteer, self._place(asked.postcode), asked.proximity)
        return ServiceAtLocation.location_id.in_(ids) if ids else false()

    def _of_terms(self, asked: Asked) -> Iterator[Condition]:
        if asked.taxonomy_term_id:
            yield self._with_terms(asked.taxonomy_term_id, terms.TaxonomyTerm.id == asked.taxonomy_term_id)
        if asked.taxonomy_id:
            yield self._with_terms(asked.taxonomy_id, terms.TaxonomyTerm.taxonomy_id == asked.taxonomy_id)

    def _with_terms(self, asked: uuid.UUID, is_asked: Condition) -> Condition:
        """Services that a term is attached to: a need, where it is our own, or else an attribute."""
        needs = [need for term, need in self._own.need_of.items() if asked in (term, self._own.id)]
        if needs:
            return Service.id.in_(select(terms.ServiceNeed.service_id).where(terms.ServiceNeed.need.in_(needs)))
        attached = select(terms.Attribute.link_id).join(terms.TaxonomyTerm).where(terms.Attribute.link_entity == "service", is_asked)
        return Service.id.in_(attached.where(_is_not_ours()))

    def _of_place(self, session: Session, asked: Asked) -> Iterator[Condition]:
        if asked.postcode is None:
            return
        near = self.near(session, asked)
        if near is not None:
            yield Service.id.in_(select(ServiceAtLocation.service_id).where(near))
            return
        around = areas_around(session, self._extents, self._place(asked.postcode))
        named = select(ServiceArea.service_id)
        yield or_(Service.id.not_in(named), Service.id.in_(named.where(around)))

    def _place(self, postcode: str) -> Place:
        place = self._extents.gazetteer.postcodes.find(postcode)
        if place is None:
            raise Unanswerable(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                "This postcode is not known here. Check it, or give one in or near the area of this directory.",
                parameter="postcode",
            )
        return place


def is_public() -> Condition:
    """That a listed service is public now."""
    return ListedService.status.in_(PUBLIC_STATUSES)


def _standing(asked: Asked) -> Condition:
    if asked.modified_after:
        return ListedService.changed_at >= asked.modified_after
    return or_(is_public(), ListedService.changed_at > clock.now() - PLACE_KEPT)


def _is_not_ours() -> Condition:
    return or_(terms.TaxonomyTerm.taxonomy.is_(None), func.lower(terms.TaxonomyTerm.taxonomy) != OURS)


def _of_ages(asked: Asked) -> Iterator[Condition]:
    if asked.minimum_age is not None:
        yield or_(Service.maximum_age.is_(None), Service.maximum_age >= asked.minimum_age)
    if asked.maximum_age is not None:
        yield or_(Service.minimum_age.is_(None), Service.minimum_age <= asked.maximum_age)


def _of_words(session: Session, asked: Asked) -> Iterator[Condition]:
    if not asked.search:
        return
    provider = select(Organization.id)
    for word in asked.search:
        theirs = provider.where(begins(session, Organization.name, word))
        texts = (Service.name, Service.alternate_name, Service.description)
        yield or_(*(begins(session, text, word) for text in texts), Service.organization_id.in_(theirs))


def begins(session: Session, text: Any, word: str) -> Condition:
    """That a word in `text` begins with `word`, whatever its capitals. `word` holds letters and digits only.

    A plain look for ASCII words goes first: databases read a pattern more slowly.
    """
    boundary = r"\m" if session.get_bind().dialect.name == "postgresql" else r"\b"
    begun: Condition = text.regexp_match(f"(?i){boundary}{word}")
    return and_(text.ilike(f"%{word}%"), begun) if word.isascii() else begun


def session_fits(asked: Asked) -> Condition:
    """That a schedule has sessions on the day and between the times that were asked for, and is not over.

    One that closes no later than it opens runs past midnight; one that does not say when it closes is there when it opens.
    """
    today = clock.today()
    fits = [or_(last.is_(None), last >= today) for last in (Schedule.valid_to, Schedule.until)]
    if asked.day:
        fits.append(Schedule.byday.contains(asked.day))
    if asked.start_time:
        opens_later = and_(Schedule.closes_at.is_(None), Schedule.opens_at >= asked.start_time)
        fits.append(or_(opens_later, Schedule.closes_at > asked.start_time, Schedule.closes_at <= Schedule.opens_at))
    if asked.end_time:
        fits.append(Schedule.opens_at < asked.end_time)
    return and_(*fits)


def _sessions_of(asked: Asked) -> Any:
    fits = session_fits(asked)
    own = select(Schedule.service_id).where(Schedule.service_id.is_not(None), fits)
    there = select(ServiceAtLocation.service_id).join(Schedule, Schedule.service_at_location_id == ServiceAtLocation.id).where(fits)
    return union(own, there)
