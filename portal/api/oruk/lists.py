"""Lists: what was asked in, which records are on the page and how many there are in all out.

Each list has an order that writes do not change, and says of each place in it whether its record is to be given. What is not given
but keeps its place makes its page shorter and moves nothing: who reads page after page misses nothing that was there throughout and
meets nothing twice. Services, and services at locations, stand in the order in which they first were public, organizations in that of
their first service; what is added comes last. Which records fit what was asked is found once, and kept until anything is written.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, case, func, literal, or_, select
from sqlalchemy.orm import Session

from portal import clock
from portal.api.oruk.choosing import Chooser, is_public
from portal.api.oruk.envelope import Page
from portal.api.oruk.keeping import Kept
from portal.api.oruk.matching import begins, session_fits
from portal.api.oruk.parameter import Answer
from portal.api.oruk.reading import Asked
from portal.api.oruk.term_shapes import Shape
from portal.directory.changes import get_state
from portal.directory.listed import ListedPlace, ListedService, places_kept_since
from portal.directory.models import Organization
from portal.directory.places import ServiceAtLocation
from portal.directory.times import Schedule
from portal.history.queries import get_head

Places = Select[Any, int]  # keys in the order of a list, each with 1 where its record is to be given, or 0
MOST_KEYS: Final = 200_000  # that a process keeps: some 20 MB


@dataclass(frozen=True)
class Keys:
    """The keys of the records to give, of how many in all, on how many places."""

    shown: Sequence[Any]
    records: int
    places: int


class Finder:
    """Finds keys. Those of organizations, and of what was asked for with conditions, are kept for whoever goes on to the next page.

    Of a whole list only its length is kept: a page of it is one look-up.
    """

    def __init__(self) -> None:
        self._kept: Kept[list[tuple[Any, int]]] = Kept(MOST_KEYS)
        self._lengths: Kept[tuple[int, int]] = Kept(len(Answer))

    def find(self, session: Session, listed: Callable[[], Places], asked: Asked) -> Keys:
        """Of the page that was asked for; all of them where everything comes at once. `listed` may raise `Unanswerable` (422)."""
        state = (clock.today(), get_head(session), *get_state(session))  # read first: what is written meanwhile is another state
        if asked.has_conditions or asked.answer is Answer.ORGANIZATIONS:
            return keys_of(self._found(session, listed, asked, state), asked)
        if asked.is_whole:
            return keys_of(session.execute(listed()).all(), asked)
        return self._read_page(session, listed(), asked, state)

    def _found(self, session: Session, listed: Callable[[], Places], asked: Asked, state: Hashable) -> list[tuple[Any, int]]:
        found = self._kept.find(asked.conditions, state)
        if found is None:
            found = [(key, is_given) for key, is_given in session.execute(listed())]
            self._kept.keep(asked.conditions, state, found, len(found) + 1)
        return found

    def _read_page(self, session: Session, listed: Places, asked: Asked, state: Hashable) -> Keys:
        lengths = self._lengths.find(asked.answer, state) or _lengths(session, listed)
        self._lengths.keep(asked.answer, state, lengths, 1)
        page = session.execute(listed.limit(asked.per_page).offset((asked.page - 1) * asked.per_page))
        return Keys([key for key, is_given in page if is_given], *lengths)


def keys_of(found: Sequence[tuple[Any, int]], asked: Asked) -> Keys:
    """Of a list that is at hand, with 1 where a record is to be given."""
    start, end = (0, len(found)) if asked.is_whole else ((asked.page - 1) * asked.per_page, asked.page * asked.per_page)
    return Keys([key for key, is_given in found[start:end] if is_given], sum(is_given for _, is_given in found), len(found))


def _lengths(session: Session, listed: Places) -> tuple[int, int]:
    """How many records are to be given, on how many places."""
    each = listed.order_by(None).subquery()
    records, places = session.execute(select(func.coalesce(func.sum(each.c[1]), 0), func.count()).select_from(each)).one()
    return records, places


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


def list_services(session: Session, chooser: Chooser, asked: Asked) -> Places:
    """Services as their places in the open list. Raises `Unanswerable` (422) for an unknown postcode."""
    query = select(ListedService.position, _is_given(asked)).where(*chooser.conditions(session, asked))
    return query.order_by(ListedService.position)


def list_organizations(session: Session, asked: Asked) -> Places:
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
    return query


def list_service_at_locations(session: Session, chooser: Chooser, asked: Asked) -> Places:
    """Services at locations as ids. One that was taken away keeps its place as long as a service does, and is not given."""
    is_there = ListedPlace.gone_at.is_(None)
    query = (
        select(ListedPlace.place_id, case((is_there, _is_given(asked)), else_=0))
        .join(ListedService, ListedService.service_id == ListedPlace.service_id)
        .where(or_(is_there, ListedPlace.gone_at >= places_kept_since()), *chooser.conditions(session, asked))
        .order_by(ListedPlace.position)
    )
    return _narrowed(session, query, chooser, asked)


def _is_given(asked: Asked) -> ColumnElement[int]:
    """Whoever asks what changed is told of what is gone, too."""
    return literal(1) if asked.modified_after else case((is_public(), 1), else_=0)


def _narrowed(session: Session, query: Places, chooser: Chooser, asked: Asked) -> Places:
    """To the places that fit themselves, where one of a service's fits and another does not."""
    if (near := chooser.near(session, asked)) is not None:
        query = query.where(ListedPlace.place_id.in_(select(ServiceAtLocation.id).where(near)))
    if asked.day or asked.start_time or asked.end_time:
        fits = session_fits(asked)
        there = select(Schedule.service_at_location_id).where(Schedule.service_at_location_id.is_not(None), fits)
        anywhere = select(Schedule.service_id).where(Schedule.service_id.is_not(None), fits)
        query = query.where(or_(ListedPlace.place_id.in_(there), ListedPlace.service_id.in_(anywhere)))
    return query
