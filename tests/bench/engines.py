"""Ours beside other engines in one run: the same listings and the same questions; milliseconds, and ours as a multiple of each.

Every engine gives the ten best by words in names, organizations and texts, and how many there are. A page has a filter (free), the
counts of all that can be chosen and ten cards too, in every engine by the means that it has: a term query and aggregations in tantivy,
a table beside the words in SQLite, a filter and groups of keyword fields in Whoosh, each on an index of its own with nothing else in it.
"page" asks for a word of some listing, "broad page" for one of the commonest tenth, as residents do.

"ours" also mends, weighs needs and freshness, leaves out what is too old and counts more that can be chosen, as every search of the
portal does; "alone" is its read model asked for no more than the others are (`engine_alone.py`), to be held against them.
A phrase is two neighbouring words of some listing.

`python tests/bench/engines.py --sizes 5000,50000`
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path
from typing import Final

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.corpus import SEED, make_listings
from bench.engine_alone import Alone
from bench.other_engines import TEN, Ask, FullText, PlainWhoosh, Tantivy
from relevance.judging import MOMENT

from portal.directory.listing import Listing
from portal.search.find import Asked, _Search
from portal.search.generation import Generation, Origin, open_generation, write_generation
from portal.search.matching import measure
from portal.search.narrowing import Narrowing, all_of, facets
from portal.search.query import SearchQuery
from portal.search.ranking import freshness, in_order
from portal.search.understanding import Lexicon, Question, Term
from portal.taxonomy.words import words
from portal.web.holdings import Holdings

QUESTIONS: Final = 60
EVERYTHING: Final = SearchQuery()


@dataclass(frozen=True)
class Drawn:
    """Questions of each kind, drawn from the listings with a fixed seed."""

    of_kind: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, listings: Sequence[Listing]) -> Drawn:
        """One word, three of one listing, two that stand together, the beginning of a word, a mistyped word, one of the commonest tenth."""
        chance = random.Random(SEED)  # noqa: S311 - repeatable, not secret
        some = [[word for word in words(it.words) if len(word) > 4] for it in chance.sample(listings, QUESTIONS)]
        single = [chance.choice(each) for each in some]
        common = Counter(word for it in listings for word in {word for word in words(it.words) if len(word) > 4})
        broad = sorted(common, key=lambda word: (-common[word], word))[: len(common) // 10]
        return cls(
            {
                "one word": single,
                "all of 3": [" ".join(chance.sample(each, 3)) for each in some],
                "any of 3": [" ".join(chance.sample(each, 3)) for each in some],
                "phrase": [" ".join(chance.choice(each)) for each in filter(None, map(_pairs, chance.sample(listings, QUESTIONS)))],
                "prefix": [word[:4] for word in single],
                "typo": [f"{word[:2]}{word[3]}{word[2]}{word[4:]}" for word in single],
                "filter": single,
                "facets": single,
                "page": single,
                "broad page": chance.choices(broad, k=QUESTIONS),
            }
        )


def _pairs(listing: Listing) -> list[tuple[str, str]]:
    neighbours = (pair for line in listing.words.splitlines() for pair in pairwise(words(line)))
    return [pair for pair in neighbours if all(len(word) > 4 for word in pair)]


class Ours:
    """The read model, asked as a search asks it, but for what is done with a sentence before."""

    def __init__(self, holdings: Holdings, generation: Generation) -> None:
        self._searcher = holdings.search_room.searcher
        self._generation = generation
        self._lexicon = Lexicon(generation.inverted.spellings, self._searcher.laywords)
        free = SearchQuery(cost=("free",))
        self.asks: dict[str, Ask] = {
            "one word": lambda text: self._best([Term(text)]),
            "all of 3": lambda text: self._best([Term(word) for word in text.split()], least=1.0),
            "any of 3": lambda text: self._best([Term(word) for word in text.split()], least=0.01),
            "phrase": lambda text: self._best([Term(word) for word in text.split()], least=1.0, phrase=tuple(text.split())),
            "prefix": lambda text: self._best([Term(text, alternatives=self._lexicon._beginning_with(text))]),
            "typo": lambda text: self._best([Term(text, alternatives=self._lexicon.close_to(text))]),
            "filter": lambda text: self._best([Term(text)], query=free),
            "facets": lambda text: self._facets(text, free),
            "page": lambda text: self._page(text, free),
            "broad page": lambda text: self._page(text, free),
        }
        self.alone = Alone(generation, self._lexicon).asks

    def _search(self, terms: Sequence[Term], query: SearchQuery, phrase: tuple[str, ...] = ()) -> _Search:
        question = Question(words=tuple(term.word for term in terms), terms=tuple(terms), phrases=(phrase,) if phrase else ())
        measured = measure(self._generation, question, self._searcher.need_numbers)
        return _Search(self._searcher, self._generation, query, question, None, Asked("en", MOMENT, set), measured)

    def _best(self, terms: Sequence[Term], least: float = 0.5, query: SearchQuery = EVERYTHING, phrase: tuple[str, ...] = ()) -> object:
        search = self._search(terms, query, phrase)
        reached = search.reached(query)
        matched = search._matched(reached)
        masks = Narrowing(self._generation.columns, query, self._searcher.need_numbers, MOMENT, search.measured.rows).masks()
        kept = all_of(masks, matched.counts & (search.measured.share >= least))
        places = np.flatnonzero(kept)
        rows = search.measured.rows[places]
        worth = (matched.score * reached.weight)[places] * freshness(self._generation.columns, MOMENT.date())[rows]
        best = rows[in_order(worth, self._generation.columns.name_order[rows], TEN)]
        return self._generation.row_ids(best.tolist()), len(rows)

    def _facets(self, text: str, query: SearchQuery) -> object:
        search = self._search([Term(text)], query)
        narrowing = Narrowing(self._generation.columns, query, self._searcher.need_numbers, MOMENT, search.measured.rows)
        return facets(narrowing, narrowing.masks(), search._matched(search.reached(query)).counts)

    def _page(self, text: str, query: SearchQuery) -> object:
        return self._search([Term(text)], query).results()


def taken(ask: Ask, questions: Sequence[str], seconds: float = 10.0) -> float:
    """The middle of what the questions take, in milliseconds; as many as there is time for."""
    for question in islice(questions, 3):
        ask(question)
    each, end = [], time.perf_counter() + seconds
    for question in questions:
        started = time.process_time()
        ask(question)
        each.append((time.process_time() - started) * 1000)
        if time.perf_counter() > end and len(each) > 4:
            break
    return statistics.median(each)


def print_engines(holdings: Holdings, known: Sequence[Listing], size: int, folder: Path) -> None:
    """A table for one size."""
    listings = list(make_listings(known, size))
    origin = Origin(holdings.taxonomy, holdings.search_room.searcher.extents)
    name = write_generation(folder / "ours", origin, listings)
    print_beside(holdings, listings, open_generation(folder / "ours", name, origin), folder)


def print_beside(holdings: Holdings, listings: Sequence[Listing], generation: Generation, folder: Path) -> None:
    """The table, of a generation that holds these listings."""
    for name in ("tantivy", "whoosh"):
        (folder / name).mkdir(parents=True)
    ours = Ours(holdings, generation)
    others = {
        "alone": ours.alone,
        "tantivy": Tantivy(folder / "tantivy", listings).asks,
        "FTS5": FullText(folder / "listings.sqlite3", listings).asks,
        "Whoosh": PlainWhoosh(folder / "whoosh", listings).asks,
    }
    print(f"\n{len(listings):,} listings, ms of processor time (p50)\n{'':12}{'ours':>9}" + "".join(f"{name:>20}" for name in others))
    for kind, questions in Drawn.of(listings).of_kind.items():
        own = taken(ours.asks[kind], questions)
        row = f"{kind:12}{own:9.2f}"
        for asks in others.values():
            other = taken(asks[kind], questions) if kind in asks else None
            row += f"{'':20}" if other is None else f"{other:10.2f}  ({own / other:5.2f}x)"
        print(row, flush=True)


def main() -> None:
    """The demo's listings, made many."""
    from bench.run import _demo, _settings

    from portal.web.holdings import hold

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="5000,50000")
    with tempfile.TemporaryDirectory(prefix="portal-engines-") as made:
        folder = Path(made)
        known = _demo(folder)
        holdings = hold(_settings(folder / "demo"))
        for size in map(int, parser.parse_args().sizes.split(",")):
            print_engines(holdings, known, size, folder / str(size))


if __name__ == "__main__":
    main()
