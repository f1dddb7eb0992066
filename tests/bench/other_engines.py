"""Engines that ours is held against, each in this process with an index of its own of the same listings: kind of question → what asks it.

See `engines.py` for what is asked.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import tantivy
from whoosh import analysis, fields
from whoosh import index as whoosh_index
from whoosh import query as whoosh_query
from whoosh.qparser import MultifieldParser, OrGroup
from whoosh.sorting import Count, Facets

from portal.directory.listing import Listing
from portal.taxonomy.stemming import stem
from portal.taxonomy.words import words

TEN: Final = 10
WEIGHTS: Final = {"name": 3.0, "organization": 1.6, "body": 1.0}
FACETS: Final = ("cost", "how", "need")
Ask = Callable[[str], object]


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
        self.asks: dict[str, Ask] = {
            "one word": lambda text: self._best(self._any(text)),
            "all of 3": lambda text: self._best(self._all(text)),
            "any of 3": lambda text: self._best(self._any(text)),
            "phrase": lambda text: self._best(self._each(lambda name: self._phrase(name, text))),
            "prefix": lambda text: self._best(self._each(lambda name: self._near(name, text, 0, prefix=True))),
            "typo": lambda text: self._best(self._each(lambda name: self._near(name, stem(text), 2 if len(text) > 6 else 1))),
            "filter": lambda text: self._best(self._free(text)),
            "facets": self._counts,
            "page": self._page,
            "broad page": self._page,
        }

    def _word(self, name: str, word: str) -> tantivy.Query:
        return tantivy.Query.boost_query(tantivy.Query.term_query(self._index.schema, name, stem(word)), WEIGHTS[name])

    def _phrase(self, name: str, text: str) -> tantivy.Query:
        return tantivy.Query.phrase_query(self._index.schema, name, list(map(stem, text.split())))

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

    def _counts(self, text: str) -> object:
        return self._searcher.aggregate(self._free(text), {name: {"terms": {"field": name, "size": 100}} for name in FACETS})

    def _page(self, text: str) -> object:
        return self._best(self._free(text), cards=True), self._counts(text)

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
        self.asks: dict[str, Ask] = {"one word": self._best, "phrase": self._best, "page": self._page, "broad page": self._page}

    def _best(self, text: str) -> object:
        best = "SELECT rowid FROM listing WHERE listing MATCH ? ORDER BY bm25(listing, 3.0, 1.6, 1.0) LIMIT 10"
        count = "SELECT count(*) FROM listing WHERE listing MATCH ?"
        return self._database.execute(best, (f'"{text}"',)).fetchall(), self._database.execute(count, (f'"{text}"',)).fetchone()

    def _page(self, text: str) -> object:
        free = "listing MATCH ? AND EXISTS (SELECT 1 FROM choice WHERE id = listing.rowid AND kind = 'cost' AND value = 'free')"
        best = f"SELECT card FROM listing WHERE {free} ORDER BY bm25(listing, 3.0, 1.6, 1.0) LIMIT 10"  # noqa: S608 - our own words
        counts = f"SELECT kind, value, count(*) FROM choice WHERE id IN (SELECT rowid FROM listing WHERE {free}) GROUP BY 1, 2"  # noqa: S608
        return [self._database.execute(each, (f'"{text}"',)).fetchall() for each in (best, counts)]


class PlainWhoosh:
    """Whoosh as its manual has it: a parser over fields of words, keywords for what can be chosen, stored cards."""

    def __init__(self, folder: Path, listings: Sequence[Listing]) -> None:
        texts = {name: fields.TEXT(analysis.StemmingAnalyzer()) for name in WEIGHTS}
        choices = {name: fields.KEYWORD() for name in FACETS}
        made = whoosh_index.create_in(str(folder), fields.Schema(card=fields.STORED, **texts, **choices))
        writer = made.writer(limitmb=256)
        for it in listings:
            chosen = {name: " ".join(some) for name, some in facets_of(it).items()}
            writer.add_document(card=card_of(it), **texts_of(it), **chosen)
        writer.commit(optimize=True)
        self._searcher = made.searcher()
        self._parser = MultifieldParser(list(WEIGHTS), self._searcher.schema, fieldboosts=WEIGHTS, group=OrGroup)
        self._counted = Facets()
        for name in FACETS:
            self._counted.add_field(name, allow_overlap=True)
        self.asks: dict[str, Ask] = {
            "one word": lambda text: self._best(self._parser.parse(text)),
            "any of 3": lambda text: self._best(self._parser.parse(text)),
            "all of 3": lambda text: self._best(whoosh_query.And([self._parser.parse(word) for word in text.split()])),
            "phrase": lambda text: self._best(self._parser.parse(f'"{text}"')),
            "prefix": lambda text: self._best(whoosh_query.Or([whoosh_query.Prefix(name, text) for name in WEIGHTS])),
            "typo": lambda text: self._best(
                whoosh_query.Or([whoosh_query.FuzzyTerm(name, stem(text), prefixlength=1) for name in WEIGHTS])
            ),
            "page": self._page,
            "broad page": self._page,
        }

    def _best(self, query: Any) -> object:
        found = self._searcher.search(query, limit=TEN)
        return [hit.docnum for hit in found], len(found)

    def _page(self, text: str) -> object:
        free = whoosh_query.Term("cost", "free")
        found = self._searcher.search(self._parser.parse(text), limit=TEN, filter=free, groupedby=self._counted, maptype=Count)
        return [hit["card"] for hit in found], len(found), [found.groups(name) for name in FACETS]


def texts_of(listing: Listing) -> dict[str, str]:
    """What is looked for in."""
    return {"name": listing.name, "organization": listing.organization, "body": listing.words}


def facets_of(listing: Listing) -> dict[str, tuple[str, ...]]:
    """What can be chosen."""
    return {"cost": ("free",) if listing.is_free else (), "how": listing.how, "need": listing.needs}


def card_of(listing: Listing) -> str:
    """What a card shows, about as much as ours."""
    return json.dumps({"name": listing.name, "organization": listing.organization, "summary": listing.summary, "phone": listing.phone})
