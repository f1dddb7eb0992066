"""Answers without the index: plain but right, straight from the database, for as long as the index cannot be opened.

Needs and whole words only, no counts, no typing errors; the same places, reach and order of importance.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Final

from sqlalchemy import String, cast, func, or_, select
from sqlalchemy.orm import Session

from portal.directory.listing import Listing
from portal.directory.listings import list_listings
from portal.directory.models import PUBLIC_STATUSES, Organization, Service
from portal.directory.terms import ServiceNeed
from portal.localities.answer import Place
from portal.localities.distance import miles
from portal.search.find import PAGE_SIZE, Asked, Searcher
from portal.search.query import SearchQuery
from portal.search.reach import REACH_MILES
from portal.search.results import Hit, SearchResults
from portal.search.understanding import Lexicon, Question, understand

MOST_CANDIDATES: Final = 400
LONGEST_NEEDLE: Final = 40


@dataclass(frozen=True)
class _Found:
    hit: Hit
    order: tuple[float, float, str]


def find_in_database(searcher: Searcher, session: Session, query: SearchQuery, asked: Asked) -> SearchResults:
    """Answer `query` from the tables."""
    text, where = searcher.where(query)
    question = understand(text, asked.language, searcher.laywords, Lexicon({}, searcher.laywords))
    here = where if isinstance(where, Place) else None
    candidates = list_listings(session, searcher.taxonomy, _candidates(session, question, query))
    found = [entry for listing in candidates if (entry := _found(searcher, listing, question, query, here))]
    ordered = sorted(found, key=lambda entry: entry.order)
    start = (query.page - 1) * PAGE_SIZE
    return SearchResults(
        query=query,
        place=where,
        question=question,
        hits=tuple(entry.hit for entry in ordered[start : start + PAGE_SIZE]),
        total=len(ordered),
        pages=max(1, -(-len(ordered) // PAGE_SIZE)),
        from_database=True,
    )


def _candidates(session: Session, question: Question, query: SearchQuery) -> list[uuid.UUID]:
    needs = [*question.needs, *query.need]
    by_need = select(ServiceNeed.service_id).where(ServiceNeed.need.in_(needs))
    columns = (Service.name, Service.description, Organization.name)
    by_word = [
        func.lower(cast(column, String)).contains(term.word[:LONGEST_NEEDLE], autoescape=True)
        for term in question.terms[:4]
        for column in columns
    ]
    public = select(Service.id).join(Service.organization).where(Service.status.in_(PUBLIC_STATUSES)).order_by(Service.name, Service.id)
    if needs or by_word:
        public = public.where(or_(Service.id.in_(by_need), *by_word))
    return list(session.scalars(public.limit(MOST_CANDIDATES)))


def _found(searcher: Searcher, listing: Listing, question: Question, query: SearchQuery, here: Place | None) -> _Found | None:
    needs = tuple(need for need in listing.needs if need in {*question.needs, *query.need})
    coverage = searcher.extents.coverage(listing.areas)
    number = searcher.extents.localities.index(here.locality) if here and here.locality else None
    covers = coverage.beyond or (number is not None and (coverage.borough or number in coverage.localities))
    positions = [position for site in listing.sites if (position := searcher.extents.position(site))]
    away = min((miles(here.latitude, here.longitude, *position) for position in positions), default=None) if here else None
    if here and coverage.declares and not covers:
        return None
    if here and not covers and positions and away is not None and away > REACH_MILES:
        return None
    name = listing.name.casefold()
    named = sum(term.word in name for term in question.terms)
    hit = Hit(listing, needs, covers and here is not None, away, next(iter(listing.sites), None))
    return _Found(hit, (-len(needs) - named, away or 0.0, name))
