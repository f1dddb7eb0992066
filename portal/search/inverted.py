"""The index of record: Whoosh, behind a few functions. Listings in, postings, words and cards out.

Searches read arrays that are made of it (see `arrays`), and never this.

Whoosh syncs nothing, its metadata is pickle and its `Searcher.refresh` brings deleted documents back: so an index is written
once into a folder of its own (see `generation`), never refreshed, and never taken from outside.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterable, Iterator
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
    """Whoosh's view of `taxonomy.words`: folded words, or their stems."""

    def __init__(self, *, stemmed: bool) -> None:
        self.stemmed = stemmed

    def __call__(self, value: str, **options: Any) -> Iterator[Any]:
        """Tokens of `value`, as Whoosh asks for them."""
        token = Token(mode=options.get("mode", ""))
        token.boost, token.stopped = 1.0, False
        for position, word in enumerate(words(value)):
            token.text, token.pos = stem(word) if self.stemmed else word, position
            yield token


class ToldWords(Tokenizer):
    """Translations, as `_told` writes them, to tokens `<language>:<stem>`: each language by its own stemmer, apart from the others."""

    def __call__(self, value: str, **options: Any) -> Iterator[Any]:
        """Tokens of `value`, as Whoosh asks for them."""
        token = Token(mode=options.get("mode", ""))
        token.boost, token.stopped = 1.0, False
        told = (told_term(code, word) for code, text in _lines(value) for word in words(text))
        for token.pos, token.text in enumerate(told):
            yield token


def _lines(value: str) -> Iterator[tuple[str, str]]:
    for line in value.splitlines():
        code, _, text = line.partition("\t")
        yield code, text


def _told(listing: Listing) -> str:
    return "\n".join(f"{each.language}\t{each.name} {' '.join(each.summary.split())}" for each in listing.translations)


def _schema() -> Any:
    stems, whole = FoldedWords(stemmed=True), FoldedWords(stemmed=False)
    return fields.Schema(
        id=fields.ID(unique=True, stored=True),
        card=fields.STORED,
        name=fields.TEXT(analyzer=stems, phrase=False),
        organization=fields.TEXT(analyzer=stems, phrase=False),
        body=fields.TEXT(analyzer=stems, phrase=False),
        told=fields.TEXT(analyzer=ToldWords(), phrase=False),
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


def cut(field: str, text: str) -> list[str]:
    """The words of a text as they are indexed in a field."""
    return [token.text for token in _analyzers()[field](text)]


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
        return Field(self._words(name), np.array(lengths, dtype=np.int64), int(reader.field_length(name)))

    def _words(self, field: str) -> Iterator[Held]:
        with self._whole():
            reader = self._searcher.reader()
            for text in reader.lexicon(field):
                matcher, rows, weights = reader.postings(field, text), [], []
                while matcher.is_active():
                    rows.append(matcher.id())
                    weights.append(matcher.weight())
                    matcher.next()
                frequency = reader.doc_frequency(field, text)
                yield Held(text.decode("utf-8"), frequency, np.array(rows, dtype=np.int64), np.array(weights, dtype=np.int64))

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
