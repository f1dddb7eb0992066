"""What an address answers with: what was asked in, records as they are given out; a page, or one batch after another.

Every batch of a stream is read in a transaction of its own, so that a slow reader keeps no connection and no memory.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final

import msgspec
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal.api.oruk import lists, organizations, services, vocabulary
from portal.api.oruk.choosing import Chooser, is_public
from portal.api.oruk.envelope import Page
from portal.api.oruk.lists import Keys
from portal.api.oruk.parameter import MOST_WHOLE, Answer
from portal.api.oruk.reading import Asked
from portal.api.oruk.services import Ground
from portal.api.oruk.term_shapes import Shape, Taxonomy
from portal.api.oruk.whole import WholeRecords, list_with_services
from portal.api.problems import Unanswerable
from portal.directory.listed import ListedService
from portal.standby import reading_copy

AT_ONCE: Final = 50  # records of a stream that are held at one time


class Records:
    """Reads records. `ground` and `chooser` are the same for all; a `Session` is handed to each act."""

    def __init__(self, ground: Ground, chooser: Chooser) -> None:
        self._ground, self._whole, find = ground, WholeRecords(ground), lists.Finder().find
        self._lists: Mapping[Answer, Callable[[Session, Asked], Keys]] = {
            Answer.SERVICES: lambda session, asked: find(session, lambda: lists.list_services(session, chooser, asked), asked),
            Answer.ORGANIZATIONS: lambda session, asked: find(session, lambda: lists.list_organizations(session, asked), asked),
            Answer.SERVICE_AT_LOCATIONS: lambda session, asked: find(
                session, lambda: lists.list_service_at_locations(session, chooser, asked), asked
            ),
            Answer.TAXONOMIES: self._taxonomies,
            Answer.TAXONOMY_TERMS: self._terms,
        }
        self._given: Mapping[Answer, Callable[[Session, Asked, Sequence[Any]], Sequence[Shape]]] = {
            Answer.SERVICES: self._services,
            Answer.ORGANIZATIONS: self._organizations,
            Answer.SERVICE_AT_LOCATIONS: self._service_at_locations,
            Answer.TAXONOMIES: lambda _session, _asked, found: found,
            Answer.TAXONOMY_TERMS: lambda _session, _asked, found: found,
        }

    def page(self, session: Session, asked: Asked) -> Page:
        """A page of a list. Raises `Unanswerable` (422) for an unknown postcode."""
        keys = self._lists[asked.answer](session, asked)
        return lists.page_of(keys, asked, self._given[asked.answer](session, asked, keys.shown))

    def stream(self, engine: Engine, session: Session, asked: Asked) -> Iterator[bytes]:
        """One record a line. Which records is read at once, from `session`; they themselves as they are taken. Raises as `page`."""
        return self._lines(engine, asked, self._lists[asked.answer](session, asked).shown)

    def _lines(self, engine: Engine, asked: Asked, keys: Sequence[Any]) -> Iterator[bytes]:
        encoder = msgspec.json.Encoder()
        for start in range(0, len(keys), AT_ONCE):
            with reading_copy(engine) as session:
                given = self._given[asked.answer](session, asked, keys[start : start + AT_ONCE])
            yield encoder.encode_lines(given)

    def one(self, session: Session, answer: Answer, key: uuid.UUID, asked: Asked) -> Shape:
        """A record by its id. Raises `Unanswerable` (404)."""
        found = self._find(session, answer, key, asked)
        if found is None:
            raise Unanswerable(HTTPStatus.NOT_FOUND, "There is no record with this id.")
        return found

    def _find(self, session: Session, answer: Answer, key: uuid.UUID, asked: Asked) -> Shape | None:
        whole = replace(asked, full=True)
        if answer is Answer.SERVICE:
            at = session.scalar(select(ListedService.position).where(ListedService.service_id == key))
            return next(iter(self._services(session, whole, [at] if at else [])), None)
        if answer is Answer.ORGANIZATION:
            there = session.scalar(select(ListedService.position).where(ListedService.organization_id == key, is_public()).limit(1))
            return next(iter(self._organizations(session, whole, [key] if there else [])), None)
        if answer is Answer.SERVICE_AT_LOCATION:
            return next(iter(list_with_services(session, self._ground, [key], is_whole=True)), None)
        if answer is Answer.TAXONOMY:
            return self._taxonomy(session, key)
        return next((term for term in vocabulary.list_terms(session, self._ground.vocabulary) if term.id == key), None)

    def _services(self, session: Session, asked: Asked, positions: Sequence[int]) -> Sequence[Shape]:
        if asked.minimal:
            return services.list_stubs(session, positions)
        if not asked.full:
            return services.list_plain(session, positions)
        return list(self._whole.services(session, positions, is_kept=not asked.is_stream).values())

    def _organizations(self, session: Session, asked: Asked, ids: Sequence[uuid.UUID]) -> Sequence[Shape]:
        found = organizations.list_organizations(session, ids, is_whole=asked.full)
        if asked.full or asked.full_service:
            for key, theirs in self._services_of(session, asked, ids).items():
                if key in found:
                    found[key].services = theirs
        return [found[key] for key in ids if key in found]

    def _services_of(self, session: Session, asked: Asked, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, list[Any]]:
        """Services by organization: whole where that was asked, up to `MOST_WHOLE` of each on a page; of the rest what tells them apart."""
        of = services.list_by_organization(session, ids)
        most = MOST_WHOLE if asked.answer is Answer.ORGANIZATIONS and not asked.is_stream else None
        positions = [position for each in of.values() for position, _ in each[:most]] if asked.full_service else []
        whole = self._whole.services(session, positions, is_kept=not asked.is_stream)
        return {key: [whole.get(stub.id, stub) for _, stub in each] for key, each in of.items()}

    def _service_at_locations(self, session: Session, asked: Asked, ids: Sequence[uuid.UUID]) -> Sequence[Shape]:
        if asked.full:
            return self._whole.places(session, ids, is_kept=not asked.is_stream)
        return list_with_services(session, self._ground, ids)

    def _taxonomies(self, session: Session, asked: Asked) -> Keys:
        found = vocabulary.list_taxonomies(session, self._ground.vocabulary)
        return lists.keys_of([(each, 1) for each in found if vocabulary.named((each.name, each.description), asked.search)], asked)

    def _terms(self, session: Session, asked: Asked) -> Keys:
        found = vocabulary.list_terms(session, self._ground.vocabulary)
        return lists.keys_of(
            [
                (term, 1)
                for term in found
                if (asked.taxonomy_id is None or term.taxonomy_id == asked.taxonomy_id)
                and (asked.parent_id is None or term.parent_id == asked.parent_id)
                and not (asked.top_only and term.parent_id)
                and vocabulary.named((term.name, term.description), asked.search)
            ],
            asked,
        )

    def _taxonomy(self, session: Session, key: uuid.UUID) -> Taxonomy | None:
        taxonomy = next((each for each in vocabulary.list_taxonomies(session, self._ground.vocabulary) if each.id == key), None)
        if taxonomy is None:
            return None
        terms = [term for term in vocabulary.list_terms(session, self._ground.vocabulary) if term.taxonomy_id == key]
        return msgspec.structs.replace(taxonomy, taxonomy_terms=terms)
