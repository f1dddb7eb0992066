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
from portal.search.ranking import checked_lately, in_order
from portal.search.reach import Reach, reach
from portal.search.relaxing import relaxations
from portal.search.results import SearchResults
from portal.search.understanding import Question, understand
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
    question = understand(text, asked.language, searcher.laywords, snapshot.lexicon)
    search = _Search(searcher, snapshot.generation, query, question, where, asked)
    results = search.results()
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

    @property
    def here(self) -> Place | None:
        return self.where if isinstance(self.where, Place) else None

    @property
    def _typed(self) -> Place | None:
        """The place in its own box, where letting go of it would not leave another that the text names."""
        return None if find_in_sentence(self.query.text, self.searcher.extents.gazetteer) else self.here

    def results(self) -> SearchResults:
        columns, today = self.generation.columns, self.asked.moment.date()
        reached = self.reached(self.query)
        measured = measure(self.generation, self.question, self.searcher.need_numbers)
        matched = fit(measured, columns.shown(today) & reached.counts)
        narrowing = Narrowing(columns, self.query, self.searcher.need_numbers, self.asked.moment)
        masks = narrowing.masks()
        rows, page = self._public_page(all_of(masks, matched.counts), matched, reached)
        total = int(rows.sum())
        reasons = Reasons(frozenset({*self.question.needs, *self.query.need}), self.here, reached, self.searcher.extents)
        return SearchResults(
            query=self.query,
            place=self.where,
            question=self.question,
            hits=tuple(reasons.hit(row, self.generation.inverted.listing(row)) for row in page),
            total=total,
            recent=int((rows & checked_lately(columns, today)).sum()),
            pages=max(1, -(-total // PAGE_SIZE)),
            facets=facets(narrowing, masks, matched.counts),
            relaxations=relaxations(self.query, self._typed, total, lambda wider: self._count(wider, measured, masks)),
            is_loose=matched.is_loose,
        )

    def reached(self, query: SearchQuery) -> Reach:
        here = self.here if query.place == self.query.place else None
        localities = self.searcher.extents.numbers(here)
        return reach(self.generation.columns, here, localities, float(query.within) if query.within else None)

    def _count(self, wider: SearchQuery, measured: Measured, masks: dict[str, Array]) -> int:
        kept = {group: mask for group, mask in masks.items() if getattr(wider, group)}
        matched = fit(measured, self.generation.columns.shown(self.asked.moment.date()) & self.reached(wider).counts)
        return int(all_of(kept, matched.counts).sum())

    def _public_page(self, rows: Array, matched: Fit, reached: Reach) -> tuple[Array, list[int]]:
        """`rows`, and those on the page asked for in order, both without what the database no longer shows."""
        start = (self.query.page - 1) * PAGE_SIZE
        while True:
            ordered = in_order(rows, matched, reached, self.generation.columns, self.asked.moment.date())
            page = [int(row) for row in ordered[start : start + PAGE_SIZE]]
            ids = self.generation.row_ids(page)
            public = self.asked.still_public(ids) if ids else set()
            gone = [row for row, service_id in zip(page, ids, strict=True) if service_id not in public]
            if not gone:
                return rows, page
            rows = rows.copy()
            rows[gone] = False
