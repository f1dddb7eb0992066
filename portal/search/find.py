"""The question flow: a `SearchQuery` in, ranked `SearchResults` out, from one generation of the index.

A listing that the database no longer shows is left out whatever the index says. Nothing found is never the end: wider
questions are counted, and the best of them shows its first answers as the nearest.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Final

import numpy as np

from portal.localities.answer import Ambiguous, Place, Unknown
from portal.localities.place import place
from portal.localities.sentence import find_in_sentence
from portal.search.areas import Extents
from portal.search.columns import Array
from portal.search.generation import Generation
from portal.search.hits import Reasons
from portal.search.index import Snapshot
from portal.search.laywords import LayWords
from portal.search.matching import Fit, Measured, fit, measure
from portal.search.narrowing import Narrowing, all_of, facets
from portal.search.query import SearchQuery
from portal.search.quoting import understand_quoted
from portal.search.ranking import checked_lately, freshness, in_order
from portal.search.reach import Reach, reach
from portal.search.relaxing import relaxations
from portal.search.results import SearchResults
from portal.search.understanding import Question
from portal.taxonomy.terms import Taxonomy

PAGE_SIZE: Final = 10
MOST_NEAREST: Final = 3

Where = Place | Ambiguous | Unknown | None


@dataclass(frozen=True)
class Asked:
    """The circumstances of a question: the page's language, the local moment, and which services the database still shows."""

    language: str
    moment: datetime
    still_public: Callable[[Sequence[uuid.UUID]], set[uuid.UUID]]


@dataclass(frozen=True)
class Searcher:
    """What all searches of a process share."""

    taxonomy: Taxonomy
    laywords: LayWords
    extents: Extents

    @cached_property
    def need_numbers(self) -> dict[str, int]:
        """Need id → its column."""
        return {need: number for number, need in enumerate(self.taxonomy.needs)}

    def where(self, query: SearchQuery) -> tuple[str, Where]:
        """The text to look for, and what was made of the place: the one typed in its own box, or one named in the text."""
        typed = place(query.place, self.extents.gazetteer)
        if typed is None and (inside := find_in_sentence(query.text, self.extents.gazetteer)):
            return inside[1], inside[0]
        return query.text, typed


def find(searcher: Searcher, snapshot: Snapshot, query: SearchQuery, asked: Asked) -> SearchResults:
    """Answer `query` from `snapshot`."""
    text, where = searcher.where(query)
    question = understand_quoted(text, asked.language, searcher.laywords, snapshot.lexicon)

    def searched(question: Question) -> _Search:
        measured = measure(snapshot.generation, question, searcher.need_numbers)
        return _Search(searcher, snapshot.generation, query, question, where, asked, measured)

    search = searched(question)
    results = search.results()
    if question.plain and not results.total:
        search = searched(question.plain)
        results = replace(search.results(), is_unquoted=True)
    if results.total or not results.relaxations:
        return results
    wider = results.relaxations[0].query
    nearest = replace(search, query=wider, where=where if wider.place == query.place else None).results()
    return replace(results, nearest=nearest.hits[:MOST_NEAREST])


@dataclass(frozen=True)
class _Search:
    searcher: Searcher
    generation: Generation
    query: SearchQuery
    question: Question
    where: Where
    asked: Asked
    measured: Measured

    @property
    def here(self) -> Place | None:
        return self.where if isinstance(self.where, Place) else None

    @property
    def _typed(self) -> Place | None:
        """The place in its own box, where letting go of it would not leave another that the text names."""
        is_named = self.query.place and find_in_sentence(self.query.text, self.searcher.extents.gazetteer)
        return None if is_named else self.here

    def results(self) -> SearchResults:
        columns, today = self.generation.columns, self.asked.moment.date()
        measured = self.measured
        reached = self.reached(self.query)
        matched = self._matched(reached)
        narrowing = Narrowing(columns, self.query, self.searcher.need_numbers, self.asked.moment, measured.rows)
        masks = narrowing.masks()
        kept, page = self._public_page(all_of(masks, matched.counts), matched, reached)
        rows = measured.rows[kept]
        reasons = Reasons(frozenset({*self.question.needs, *self.query.need}), self.here, reached, self.searcher.extents)
        return SearchResults(
            query=self.query,
            place=self.where,
            question=self.question,
            hits=tuple(reasons.hit(at, self.generation.inverted.listing(int(measured.rows[at]))) for at in page),
            total=len(rows),
            recent=int(np.count_nonzero(checked_lately(columns, today)[rows])),
            pages=max(1, -(-len(rows) // PAGE_SIZE)),
            facets=facets(narrowing, masks, matched.counts),
            relaxations=relaxations(self.query, self._typed, len(rows), lambda wider: self._count(wider, masks)),
            is_loose=matched.is_loose,
        )

    def reached(self, query: SearchQuery) -> Reach:
        here = self.here if query.place == self.query.place else None
        localities = self.searcher.extents.numbers(here)
        return reach(self.generation.columns, here, localities, float(query.within) if query.within else None, self.measured.rows)

    def _matched(self, reached: Reach) -> Fit:
        shown = self.generation.columns.shown(self.asked.moment.date())
        return fit(self.measured, shown[self.measured.rows] & reached.counts)

    def _count(self, wider: SearchQuery, masks: dict[str, Array]) -> int:
        kept = {group: mask for group, mask in masks.items() if getattr(wider, group)}
        return int(np.count_nonzero(all_of(kept, self._matched(self.reached(wider)).counts)))

    def _public_page(self, kept: Array, matched: Fit, reached: Reach) -> tuple[Array, list[int]]:
        """Which of the measured rows are `kept`, and those on the page asked for in order, both without what the database no longer shows.

        Rows are told by their places among those that were measured.
        """
        columns, start = self.generation.columns, (self.query.page - 1) * PAGE_SIZE
        worth = matched.score * reached.weight * freshness(columns, self.asked.moment.date())[self.measured.rows]
        names = columns.name_order[self.measured.rows]
        places = np.flatnonzero(kept)
        while True:
            best = places[in_order(worth[places], names[places], start + PAGE_SIZE)]
            page = best[start:].tolist()
            ids = self.generation.row_ids(self.measured.rows[page].tolist())
            public = self.asked.still_public(ids) if ids else set()
            gone = [at for at, service_id in zip(page, ids, strict=True) if service_id not in public]
            if not gone:
                return places, page
            places = np.setdiff1d(places, gone, assume_unique=True)
