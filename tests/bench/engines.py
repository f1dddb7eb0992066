"""Ours beside other engines in one run: the same listings and the same questions; milliseconds, and ours as a multiple of each.

Every engine gives the ten best by words in names, organizations and texts, and how many there are. A page has a filter, the counts of
all its filters and ten cards too. Ours also mends, weighs needs and freshness and leaves out what is too old, as every search of the
portal does. Phrases are left out: the portal does not look for any.

`python tests/bench/engines.py --sizes 5000,50000`
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np
import tantivy

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.corpus import SEED, make_listings
from relevance.judging import MOMENT
from whoosh import index as whoosh_index
from whoosh import query as whoosh_query
from whoosh.qparser import MultifieldParser, OrGroup
from whoosh.sorting import FieldFacet

from portal.directory.listing import Listing
from portal.search.find import Asked, _Search
from portal.search.generation import Generation, Origin, open_generation, write_generation
from portal.search.matching import measure
from portal.search.narrowing import Narrowing, all_of, facets
from portal.search.query import SearchQuery
from portal.search.ranking import freshness, in_order
from portal.search.understanding import Lexicon, Question, Term
from portal.taxonomy.stemming import stem
from portal.taxonomy.words import words
from portal.web.holdings import Holdings

QUESTIONS: Final = 60
TEN: Final = 10
WEIGHTS: Final = {"name": 3.0, "organization": 1.6, "body": 1.0}
FACETS: Final = ("cost", "how", "need")
EVERYTHING: Final = SearchQuery()
Ask = Callable[[str], object]


@dataclass(frozen=True)
class Drawn:
    """Questions of each kind, drawn from the listings with a fixed seed."""

    of_kind: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, listings: Sequence[Listing]) -> Drawn:
        """One word, three of one listing, the beginning of a word, a word with two letters turned round."""
        chance = random.Random(SEED)  # noqa: S311 - repeatable, not secret
        some = [[word for word in words(it.words) if len(word) > 4] for it in chance.sample(listings, QUESTIONS)]
        single = [chance.choice(each) for each in some]
        return cls(
            {
                "one word": single,
                "all of 3": [" ".join(chance.sample(each, 3)) for each in some],
                "any of 3": [" ".join(chance.sample(each, 3)) for each in some],
                "prefix": [word[:4] for word in single],
                "typo": [f"{word[:2]}{word[3]}{word[2]}{word[4:]}" for word in single],
                "filter": single,
                "facets": single,
                "page": single,
            }
        )


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
            "prefix": lambda text: self._best([Term(text, alternatives=self._lexicon._beginning_with(text))]),
            "typo": lambda text: self._best([Term(text, alternatives=self._lexicon.close_to(text))]),
            "filter": lambda text: self._best([Term(text)], query=free),
            "facets": lambda text: self._facets(text, free),
            "page": lambda text: self._page(text, free),
        }

    def _search(self, terms: Sequence[Term], query: SearchQuery) -> _Search:
        question = Question(words=tuple(term.word for term in terms), terms=tuple(terms))
        measured = measure(self._generation, question, self._searcher.need_numbers)
        return _Search(self._searcher, self._generation, query, question, None, Asked("en", MOMENT, set), measured)

    def _best(self, terms: Sequence[Term], least: float = 0.5, query: SearchQuery = EVERYTHING) -> object:
        search = self._search(terms, query)
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


class Tantivy:
    """The engine in Rust, through its Python package, in the same process."""

    def __init__(self, folder: Path, listings: Sequence[Listing]) -> None:
        schema = tantivy.SchemaBuilder()
        for name in WEIGHTS:
            schema.add_text_field(name, stored=False, tokenizer_name="raw" if name in FACETS else "default")
        for name in FACETS:
            schema.add_text_field(name, stored=False, tokenizer_name="raw", fast=True)
        schema.add_text_field("card", stored=True, tokenizer_name="raw", index_option="basic")
        self._index = tantivy.Index(schema.build(), path=str(folder))
        writer = self._index.writer(heap_size=200_000_000, num_threads=1)
        for it in listings:
            texts = {name: " ".join(map(stem, words(text))) for name, text in texts_of(it).items()}
            writer.add_document(tantivy.Document(**texts, **{key: list(some) for key, some in facets_of(it).items()}, card=card_of(it)))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()
        counting = {name: {"terms": {"field": name, "size": 100}} for name in FACETS}
        self.asks: dict[str, Ask] = {
            "one word": lambda text: self._best(self._any(text)),
            "all of 3": lambda text: self._best(self._all(text)),
            "any of 3": lambda text: self._best(self._any(text)),
            "prefix": lambda text: self._best(self._each(lambda name: self._near(name, text, 0, prefix=True))),
            "typo": lambda text: self._best(self._each(lambda name: self._near(name, stem(text), 2 if len(text) > 6 else 1))),
            "filter": lambda text: self._best(self._free(text)),
            "facets": lambda text: self._searcher.aggregate(self._free(text), counting),
            "page": lambda text: (self._best(self._free(text), cards=True), self._searcher.aggregate(self._free(text), counting)),
        }

    def _word(self, name: str, word: str) -> tantivy.Query:
        return tantivy.Query.boost_query(tantivy.Query.term_query(self._index.schema, name, stem(word)), WEIGHTS[name])

    def _near(self, name: str, word: str, distance: int, *, prefix: bool = False) -> tantivy.Query:
        return tantivy.Query.fuzzy_term_query(self._index.schema, name, word, distance=distance, prefix=prefix)

    def _each(self, of: Callable[[str], tantivy.Query]) -> tantivy.Query:
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, of(name)) for name in WEIGHTS])

    def _any(self, text: str) -> tantivy.Query:
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, self._word(name, word)) for word in text.split() for name in WEIGHTS])

    def _all(self, text: str) -> tantivy.Query:
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, self._any(word)) for word in text.split()])

    def _free(self, text: str) -> tantivy.Query:
        free = tantivy.Query.term_query(self._index.schema, "cost", "free")
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, self._any(text)), (tantivy.Occur.Must, free)])

    def _best(self, query: tantivy.Query, *, cards: bool = False) -> object:
        found = self._searcher.search(query, TEN, count=True)
        return [self._searcher.doc(at)["card"] for _, at in found.hits] if cards else (found.hits, found.count)


class FullText:
    """SQLite's own, with a table of what can be chosen beside it."""

    def __init__(self, path: Path, listings: Sequence[Listing]) -> None:
        self._database = sqlite3.connect(path)
        self._database.execute(
            "CREATE VIRTUAL TABLE listing USING fts5(name, organization, body, card UNINDEXED, tokenize='porter unicode61')"
        )
        self._database.execute("CREATE TABLE choice (id INTEGER, kind TEXT, value TEXT, PRIMARY KEY (id, kind, value)) WITHOUT ROWID")
        rows = ((at, *texts_of(it).values(), card_of(it)) for at, it in enumerate(listings))
        self._database.executemany("INSERT INTO listing (rowid, name, organization, body, card) VALUES (?, ?, ?, ?, ?)", rows)
        kinds = ((at, kind, value) for at, it in enumerate(listings) for kind, some in facets_of(it).items() for value in some)
        self._database.executemany("INSERT OR IGNORE INTO choice VALUES (?, ?, ?)", kinds)
        self._database.commit()
        self.asks: dict[str, Ask] = {"one word": self._best, "page": self._page}

    def _best(self, text: str) -> object:
        best = "SELECT rowid FROM listing WHERE listing MATCH ? ORDER BY bm25(listing, 3.0, 1.6, 1.0) LIMIT 10"
        count = "SELECT count(*) FROM listing WHERE listing MATCH ?"
        return self._database.execute(best, (f'"{text}"',)).fetchall(), self._database.execute(count, (f'"{text}"',)).fetchone()

    def _page(self, text: str) -> object:
        free = "listing MATCH ? AND rowid IN (SELECT id FROM choice WHERE kind = 'cost' AND value = 'free')"
        best = f"SELECT card FROM listing WHERE {free} ORDER BY bm25(listing, 3.0, 1.6, 1.0) LIMIT 10"  # noqa: S608 - our own words
        counts = f"SELECT kind, value, count(*) FROM choice WHERE id IN (SELECT rowid FROM listing WHERE {free}) GROUP BY 1, 2"  # noqa: S608
        return [self._database.execute(each, (f'"{text}"',)).fetchall() for each in (best, counts)]


class PlainWhoosh:
    """Whoosh as its manual has it: a parser over the fields, on the index of record."""

    def __init__(self, folder: Path) -> None:
        self._searcher = whoosh_index.open_dir(str(folder)).searcher()
        self._parser = MultifieldParser(list(WEIGHTS), self._searcher.schema, fieldboosts=WEIGHTS, group=OrGroup)
        facet = FieldFacet("organization", allow_overlap=True)  # a field with many values, in the place of filters, which it does not hold
        self.asks: dict[str, Ask] = {
            "one word": lambda text: self._best(self._parser.parse(text)),
            "any of 3": lambda text: self._best(self._parser.parse(text)),
            "all of 3": lambda text: self._best(whoosh_query.And([self._parser.parse(word) for word in text.split()])),
            "prefix": lambda text: self._best(whoosh_query.Or([whoosh_query.Prefix(name, text) for name in WEIGHTS])),
            "typo": lambda text: self._best(
                whoosh_query.Or([whoosh_query.FuzzyTerm(name, stem(text), prefixlength=1) for name in WEIGHTS])
            ),
            "page": lambda text: [hit["card"] for hit in self._searcher.search(self._parser.parse(text), limit=TEN, groupedby=facet)],
        }

    def _best(self, query: Any) -> object:
        found = self._searcher.search(query, limit=TEN)
        return [hit.docnum for hit in found], len(found)


def texts_of(listing: Listing) -> dict[str, str]:
    """What is looked for in."""
    return {"name": listing.name, "organization": listing.organization, "body": listing.words}


def facets_of(listing: Listing) -> dict[str, tuple[str, ...]]:
    """What can be chosen."""
    return {"cost": ("free",) if listing.is_free else (), "how": listing.how, "need": listing.needs}


def card_of(listing: Listing) -> str:
    """What a card shows, about as much as ours."""
    return json.dumps({"name": listing.name, "organization": listing.organization, "summary": listing.summary, "phone": listing.phone})


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
    (folder / "tantivy").mkdir(parents=True)
    others = {
        "tantivy": Tantivy(folder / "tantivy", listings).asks,
        "FTS5": FullText(folder / "listings.sqlite3", listings).asks,
        "Whoosh": PlainWhoosh(generation.folder).asks,
    }
    ours = Ours(holdings, generation).asks
    print(f"\n{len(listings):,} listings, ms of processor time (p50)\n{'':12}{'ours':>9}" + "".join(f"{name:>20}" for name in others))
    for kind, questions in Drawn.of(listings).of_kind.items():
        own = taken(ours[kind], questions)
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
