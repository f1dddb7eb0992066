"""Answers without the index: plain but right, straight from the database, for as long as the index cannot be opened.

Needs, whole words and words that stand together only, no counts, no typing errors; the same places, reach, filters and reasons.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np
from sqlalchemy import ColumnElement, String, cast, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.directory.listing import Listing
from portal.directory.listings import list_listings
from portal.directory.models import PUBLIC_STATUSES, Organization, Service
from portal.directory.queries import is_shown
from portal.directory.terms import ServiceNeed
from portal.localities.answer import Place
from portal.search.columns import build_columns
from portal.search.find import PAGE_SIZE, Asked, Searcher, Where
from portal.search.hits import Reasons
from portal.search.narrowing import Narrowing, all_of
from portal.search.query import SearchQuery
from portal.search.quoting import understand_quoted
from portal.search.reach import reach
from portal.search.results import SearchResults
from portal.search.understanding import Lexicon, Question
from portal.taxonomy.words import words

MOST_CANDIDATES: Final = 400
LONGEST_NEEDLE: Final = 40
SEARCHED: Final = (Service.name, Service.description, Organization.name)
APOSTROPHES: Final = ("'", "’")  # which words of a question have lost


def find_in_database(searcher: Searcher, session: Session, query: SearchQuery, asked: Asked) -> SearchResults:
    """Answer `query` from the tables."""
    text, where = searcher.where(query)
    question = understand_quoted(text, asked.language, searcher.laywords, Lexicon((), searcher.laywords))
    results = _answer(searcher, session, _Question(query, question, where), asked)
    if results.total or not question.plain:
        return results
    return replace(_answer(searcher, session, _Question(query, question.plain, where), asked), is_unquoted=True)


@dataclass(frozen=True)
class _Question:
    """What was asked, what was made of its words, and what of its place."""

    query: SearchQuery
    question: Question
    where: Where


def _answer(searcher: Searcher, session: Session, whole: _Question, asked: Asked) -> SearchResults:
    query, question, where = whole.query, whole.question, whole.where
    here = where if isinstance(where, Place) else None
    candidates = list_listings(session, searcher.taxonomy, _candidates(session, question, query, asked.moment.date()))
    listings = [replace(listing, weights=(1,) * len(listing.needs)) for listing in candidates]
    columns = build_columns(enumerate(listings), len(listings), searcher.taxonomy, searcher.extents)
    reached = reach(columns, here, searcher.extents.numbers(here), float(query.within) if query.within else None)
    masks = Narrowing(columns, query, searcher.need_numbers, asked.moment).masks()
    reasons = Reasons(frozenset({*question.needs, *query.need}), here, reached, searcher.extents)
    rows = np.flatnonzero(all_of(masks, reached.counts)).tolist()
    ordered = sorted(rows, key=lambda row: (-_told(listings[row], question, reasons), -reached.weight[row], columns.name_order[row]))
    start = (query.page - 1) * PAGE_SIZE
    return SearchResults(
        query=query,
        place=where,
        question=question,
        hits=tuple(reasons.hit(row, listings[row]) for row in ordered[start : start + PAGE_SIZE]),
        total=len(ordered),
        pages=max(1, -(-len(ordered) // PAGE_SIZE)),
        from_database=True,
    )


def _candidates(session: Session, question: Question, query: SearchQuery, today: date) -> list[uuid.UUID]:
    needs = [*question.needs, *query.need]
    by_need = select(ServiceNeed.service_id).where(ServiceNeed.need.in_(needs))
    by_word = [_spelt(column).contains(term.word[:LONGEST_NEEDLE], autoescape=True) for term in question.terms[:4] for column in SEARCHED]
    shown = (Service.status.in_(PUBLIC_STATUSES), is_shown(today))
    public = select(Service.id).join(Service.organization).where(*shown).order_by(Service.name, Service.id)
    if needs or by_word:
        public = public.where(or_(Service.id.in_(by_need), *by_word))
    for phrase in question.phrases:
        public = public.where(or_(*(_spelt(column).contains(" ".join(phrase), autoescape=True) for column in SEARCHED)))
    return list(session.scalars(public.limit(MOST_CANDIDATES)))


def _spelt(column: InstrumentedAttribute[str]) -> ColumnElement[str]:
    text: ColumnElement[str] = func.lower(cast(column, String))
    for apostrophe in APOSTROPHES:
        text = func.replace(text, apostrophe, "")
    return text


def _told(listing: Listing, question: Question, reasons: Reasons) -> int:
    """How many of the needs asked for it meets, and of the words its name holds."""
    name = words(listing.name)
    return sum(need in reasons.needs for need in listing.needs) + sum(term.word in name for term in question.terms)
