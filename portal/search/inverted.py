"""The index of record: Whoosh, behind a few functions. Listings in, postings, words and cards out.

Searches read arrays that are made of it (see `arrays`), and never this.

Whoosh syncs nothing, its metadata is pickle and its `Searcher.refresh` brings deleted documents back: so an index is written
once into a folder of its own (see `generation`), never refreshed, and never taken from outside.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
from whoosh import fields, index
from whoosh.analysis import Token, Tokenizer
from whoosh.reading import TermNotFound
from whoosh.util.numeric import byte_to_length, length_to_byte

from portal.directory.listing import Listing
from portal.errors import IndexUnavailable
from portal.search.arrays.files import Array
from portal.search.arrays.postings import Field, Held
from portal.search.arrays.terms import told_term
from portal.taxonomy.stemming import stem
from portal.taxonomy.words import words

REMEMBERED_POSTINGS: Final = 2_000
MEMORY_MB: Final = 256


class FoldedWords(Tokenizer):
    """Whoosh's view of `taxonomy.words`: folded words, or their stems. Each line is a text of its own."""

    def __init__(self, *, stemmed: bool) -> None:
        self.stemmed = stemmed

    def __call__(self, value: str, **options: Any) -> Iterator[Any]:
        """Tokens of `value`, as Whoosh asks for them."""
        token = Token(mode=options.get("mode", ""))
        token.boost, token.stopped = 1.0, False
        for token.pos, word in _placed(map(words, value.splitlines())):
            token.text = stem(word) if self.stemmed else word
            yield token


class ToldWords(Tokenizer):
    """Translations, as `_told` writes them, to tokens `<language>:<stem>`: each language by its own stemmer, apart from the others."""

    def __call__(self, value: str, **options: Any) -> Iterator[Any]:
        """Tokens of `value`, as Whoosh asks for them."""
        token = Token(mode=options.get("mode", ""))
        token.boost, token.stopped = 1.0, False
        told = ([told_term(code, word) for word in words(text)] for code, text in _lines(value))
        for token.pos, token.text in _placed(told):
            yield token


def _placed(texts: Iterable[Sequence[str]]) -> Iterator[tuple[int, str]]:
    """The words of texts with their places. Between two texts a place stays free, so that no phrase goes over the border."""
    first = 0
    for text in texts:
        yield from enumerate(text, first)
        first += len(text) + 1


def _lines(value: str) -> Iterator[tuple[str, str]]:
    for line in value.splitlines():
        code, _, text = line.partition("\t")
        yield code, text


def _told(listing: Listing) -> str:
    texts = ((each.language, text) for each in listing.translations for text in (each.name, " ".join(each.summary.split())))
    return "\n".join(f"{language}\t{text}" for language, text in texts)


def _schema() -> Any:
    stems, whole = FoldedWords(stemmed=True), FoldedWords(stemmed=False)
    return fields.Schema(
        id=fields.ID(unique=True, stored=True),
        card=fields.STORED,
        name=fields.TEXT(analyzer=stems),
        organization=fields.TEXT(analyzer=stems),
        body=fields.TEXT(analyzer=stems),
        told=fields.TEXT(analyzer=ToldWords()),
        exact=fields.TEXT(analyzer=whole, phrase=False),
    )


def write(folder: Path, listings: Iterable[Listing], *, anew: bool, gone: Iterable[uuid.UUID] = ()) -> None:
    """Put `listings` into the index in `folder`, in place of themselves unless `anew`, and take `gone` out."""
    made = index.create_in(str(folder), _schema()) if anew else index.open_dir(str(folder))
    writer = made.writer(limitmb=MEMORY_MB)
    try:
        for service_id in gone:
            writer.delete_by_term("id", service_id.hex)
        for listing in listings:
            if not anew:
                writer.delete_by_term("id", listing.id.hex)
            writer.add_document(**document(listing))
        writer.commit(optimize=anew)
    except BaseException:
        if not writer.is_closed:  # a commit that failed has closed it
            writer.cancel()  # else its lock stays
        raise
    finally:
        made.close()


def document(listing: Listing) -> dict[str, Any]:
    """What is indexed of a listing: field → text, and its card as bytes."""
    return {
        "id": listing.id.hex,
        "card": msgspec.json.encode(replace(listing, words="")),
        "name": listing.name,
        "organization": listing.organization,
        "body": listing.words,
        "told": _told(listing),
        "exact": "\n".join((listing.name, listing.organization, listing.words, *(each.name for each in listing.translations))),
    }


def cut(field: str, text: str) -> list[tuple[str, int]]:
    """The words of a text as they are indexed in a field, each with its place."""
    return [(token.text, token.pos) for token in _analyzers()[field](text)]


@cache
def _analyzers() -> dict[str, Tokenizer]:
    return {name: field.analyzer for name, field in _schema().items() if field.scorable}


def rough_length(length: int) -> int:
    """A length in words as Whoosh keeps it, in one byte."""
    return int(byte_to_length(length_to_byte(length)))


class InvertedIndex:
    """An index open for reading: what arrays are made of, and what they are held to. Safe between threads."""

    def __init__(self, folder: Path) -> None:
        self._index = index.open_dir(str(folder))
        self._searcher = self._index.searcher()
        self._reading = threading.Lock()  # Whoosh's readers keep a position
        self.postings: Callable[[str, str], tuple[Array, Array]] = lru_cache(maxsize=REMEMBERED_POSTINGS)(self._postings)

    @property
    def size(self) -> int:
        """Number of document numbers, deleted ones too."""
        return int(self._searcher.reader().doc_count_all())

    def _postings(self, field: str, text: str) -> tuple[Array, Array]:
        """Document numbers that hold `text` in `field`, and their BM25F scores; empty where none does."""
        with self._whole():
            try:
                matcher = self._searcher.postings(field, text)
            except TermNotFound:
                return np.zeros(0, dtype=np.int64), np.zeros(0)
            rows, scores = [], []
            while matcher.is_active():
                rows.append(matcher.id())
                scores.append(matcher.score())
                matcher.next()
        return np.array(rows, dtype=np.int64), np.array(scores)

    def word_counts(self) -> dict[str, int]:
        """Every word that listings hold → in how many listings."""
        with self._whole():
            reader = self._searcher.reader()
            return {text.decode("utf-8"): reader.doc_frequency("exact", text) for text in reader.lexicon("exact")}

    def told_languages(self) -> tuple[str, ...]:
        """Codes of languages that any listing is translated into."""
        with self._whole():
            return tuple(sorted({term.decode("utf-8").partition(":")[0] for term in self._searcher.reader().lexicon("told")}))

    def listing(self, row: int) -> Listing:
        """The listing of a document number, as it was when it was written."""
        with self._whole():
            return msgspec.json.decode(self._searcher.stored_fields(row)["card"], type=Listing)

    @contextmanager
    def _whole(self) -> Iterator[None]:
        """One reader at a time; and whatever Whoosh makes of bytes that changed under it says only that it cannot be used."""
        with self._reading:
            try:
                yield
            except Exception as error:
                raise IndexUnavailable(f"damaged while open: {error!r}") from error

    def field(self, name: str) -> Field:
        """All that a field holds, in the rows that are not deleted; in how many rows each word is, deleted ones too."""
        reader = self._searcher.reader()
        lengths = [reader.doc_field_length(row, name, 0) or 0 for row in range(self.size)]
        return Field(tuple(self._words(name)), np.array(lengths, dtype=np.int64), int(reader.field_length(name)))

    def _words(self, field: str) -> Iterator[Held]:
        with self._whole():
            reader = self._searcher.reader()
            has_places = self._index.schema[field].format.supports("positions")
            for text in reader.lexicon(field):
                matcher = reader.postings(field, text)
                held: list[tuple[int, int]] = []
                places: list[int] = []
                while matcher.is_active():
                    held.append((matcher.id(), matcher.weight()))
                    places.extend(matcher.value_as("positions") if has_places else ())
                    matcher.next()
                rows, weights = np.array(held, dtype=np.int64).reshape(-1, 2).T
                yield Held(text.decode("utf-8"), reader.doc_frequency(field, text), rows, weights, np.array(places, dtype=np.int64))

    def ids(self) -> dict[int, uuid.UUID]:
        """The service of every document number that is not deleted."""
        return {row: uuid.UUID(hex=stored["id"]) for row, stored in self._searcher.reader().iter_docs()}

    def cards(self) -> Iterator[tuple[int, bytes]]:
        """(document number, stored listing) of every document that is not deleted."""
        for row, stored in self._searcher.reader().iter_docs():
            yield row, stored["card"]

    def listings(self) -> Iterator[tuple[int, Listing]]:
        """(document number, listing) of every document that is not deleted."""
        for row, card in self.cards():
            yield row, msgspec.json.decode(card, type=Listing)

    def close(self) -> None:
        """Let go of the files."""
        self._searcher.close()
        self._index.close()
