"""What goes into a file of the read model: a Whoosh index in, or a few listings that came after it; the arrays of both out.

Of an index everything is taken from Whoosh itself: words, rows, how often, lengths, stored listings. A few listings are cut into words
by the same analyzers, and measured by the lengths that are average in the index, so that they stand beside its rows as if in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from portal.directory.listing import Listing
from portal.search.arrays.files import Array
from portal.search.arrays.positions import PHRASED, positions_of
from portal.search.arrays.postings import GROUPS, Field, Held, Postings, arrays_of
from portal.search.arrays.texts import Texts, joined
from portal.search.inverted import InvertedIndex, cut, document, rough_length
from portal.search.spellings import spelling_arrays

NOBODY: Final = bytes(16)  # the id of a row whose document is deleted


def arrays_of_index(index: InvertedIndex) -> dict[str, Array]:
    """The arrays of a Whoosh index, whose document numbers are the rows. Raises `IndexUnavailable`."""
    arrays: dict[str, Array] = {}
    for name, fields in GROUPS.items():
        arrays |= _group(name, [index.field(field) for field in fields])
    cards = dict(index.cards())
    ids = {row: known.bytes for row, known in index.ids().items()}
    return _completed(arrays, [cards.get(row, b"") for row in range(index.size)], [ids.get(row, NOBODY) for row in range(index.size)])


def arrays_of_listings(listings: Sequence[Listing], base: Mapping[str, Postings]) -> dict[str, Array]:
    """The arrays of listings, with their words, that came after the index of `base`; their places among them are the rows."""
    documents = [document(listing) for listing in listings]
    arrays: dict[str, Array] = {}
    for name, fields in GROUPS.items():
        arrays |= _group(name, [_field([cut(field, each[field]) for each in documents]) for field in fields], base[name])
    return _completed(arrays, [each["card"] for each in documents], [listing.id.bytes for listing in listings])


def _group(name: str, fields: Sequence[Field], base: Postings | None = None) -> dict[str, Array]:
    arrays = arrays_of(name, fields, base)
    return arrays | positions_of(name, fields, Texts(f"{name}.words", arrays)) if name in PHRASED else arrays


def _field(rows: Sequence[Sequence[tuple[str, int]]]) -> Field:
    held: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for row, cut_words in enumerate(rows):
        for word, place in cut_words:
            held[word].append((row, place))
    lengths = [len(cut_words) for cut_words in rows]
    rough = np.array([rough_length(length) for length in lengths], dtype=np.int64)
    return Field(tuple(_held(word, held[word]) for word in sorted(held)), rough, sum(lengths))


def _held(word: str, found: Sequence[tuple[int, int]]) -> Held:
    of_rows, places = np.array(found, dtype=np.int64).T
    rows, weights = np.unique(of_rows, return_counts=True)
    return Held(word, len(rows), rows, weights, places)


def _completed(arrays: dict[str, Array], cards: Sequence[bytes], ids: Sequence[bytes]) -> dict[str, Array]:
    languages = sorted({term.partition(":")[0] for term in Texts("told.words", arrays)})
    return {
        **arrays,
        **spelling_arrays(Texts("exact.words", arrays)),
        **joined("cards", cards),
        "ids": np.frombuffer(b"".join(ids), dtype=np.uint8).reshape(-1, len(NOBODY)),
        "told_in": np.array(languages, dtype=np.str_),
    }
