"""Which services are meant: what was asked in, conditions on the open list and its services out, all of which must hold.

What is no longer public stays among them while its place is kept, so that pages do not slip under somebody who reads them: until the
end of the next day; and wherever somebody asks what changed. Who gives it out leaves it out, or says that it is gone.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from http import HTTPStatus

from sqlalchemy import false, func, or_, select
from sqlalchemy.orm import Session

from portal.api.oruk.covering import areas_around, places_near
from portal.api.oruk.matching import Condition, begins, services_with_sessions
from portal.api.oruk.reading import Asked
from portal.api.oruk.vocabulary import Vocabulary
from portal.api.problems import Unanswerable
from portal.directory import terms
from portal.directory.listed import ListedService, places_kept_since
from portal.directory.models import PUBLIC_STATUSES, Organization, Service
from portal.directory.openreferral.needs import OURS
from portal.directory.places import ServiceArea, ServiceAtLocation
from portal.localities.answer import Place
from portal.search.areas import Extents


class Chooser:
    """Makes conditions. `own` is our vocabulary; `extents` knows postcodes, and what areas are called."""

    def __init__(self, own: Vocabulary, extents: Extents) -> None:
        self._own, self._extents = own, extents

    def conditions(self, session: Session, asked: Asked) -> list[Condition]:
        """What must hold of a row of the open list. Raises `Unanswerable` (422) for an unknown postcode."""
        found = [_standing(asked), *self._of_terms(asked), *_of_ages(asked), *_of_words(session, asked)]
        if asked.organization_id:
            found.append(ListedService.organization_id == asked.organization_id)
        if asked.day or asked.start_time or asked.end_time:
            found.append(ListedService.service_id.in_(services_with_sessions(asked)))
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
            return ListedService.service_id.in_(select(terms.ServiceNeed.service_id).where(terms.ServiceNeed.need.in_(needs)))
        attached = select(terms.Attribute.link_id).join(terms.TaxonomyTerm).where(terms.Attribute.link_entity == "service", is_asked)
        return ListedService.service_id.in_(attached.where(_is_not_ours()))

    def _of_place(self, session: Session, asked: Asked) -> Iterator[Condition]:
        if asked.postcode is None:
            return
        near = self.near(session, asked)
        if near is not None:
            yield ListedService.service_id.in_(select(ServiceAtLocation.service_id).where(near))
            return
        around = areas_around(session, self._extents, self._place(asked.postcode))
        named = select(ServiceArea.service_id)
        yield or_(ListedService.service_id.not_in(named), ListedService.service_id.in_(named.where(around)))

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
    return or_(is_public(), ListedService.changed_at >= places_kept_since())


def _is_not_ours() -> Condition:
    return or_(terms.TaxonomyTerm.taxonomy.is_(None), func.lower(terms.TaxonomyTerm.taxonomy) != OURS)


def _of_ages(asked: Asked) -> Iterator[Condition]:
    told = select(Service.id)
    if asked.minimum_age is not None:
        yield ListedService.service_id.not_in(told.where(Service.maximum_age < asked.minimum_age))
    if asked.maximum_age is not None:
        yield ListedService.service_id.not_in(told.where(Service.minimum_age > asked.maximum_age))


def _of_words(session: Session, asked: Asked) -> Iterator[Condition]:
    if not asked.search:
        return
    for word in asked.search:
        texts = (Service.name, Service.alternate_name, Service.description)
        told = select(Service.id).where(or_(*(begins(session, text, word) for text in texts)))
        provider = select(Organization.id).where(begins(session, Organization.name, word))
        yield or_(ListedService.service_id.in_(told), ListedService.organization_id.in_(provider))
