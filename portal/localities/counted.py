"""Counts by locality under the localities of their day: tallies and versions in, sums for each version out.

Nobody who was counted is divided when boundaries change: a count stays whole, with the locality that it was counted for, as that was.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from portal import tally
from portal.localities.collection import Locality
from portal.localities.versions import AreaVersion, Span, Versions


@dataclass(frozen=True)
class PlaceCount:
    """How often `key` was counted in a locality while `version` was in force. `locality` is None for elsewhere, or where it was not said.

    `count` is never to be shown as it is: see `tally.published`.
    """

    version: AreaVersion
    key: str
    locality: Locality | None
    count: int


def list_place_counts(session: Session, kind: str, versions: Versions, first: date, last: date) -> list[PlaceCount]:
    """Counts of one kind on the days from `first` to `last`: by version, key and locality, in that order; elsewhere first."""
    return [found for span in versions.spans(first, last) for found in _in_span(session, kind, versions, span)]


def _in_span(session: Session, kind: str, versions: Versions, span: Span) -> Iterator[PlaceCount]:
    for key, slug, count in tally.totals(session, kind, span.first, span.last):
        yield PlaceCount(span.version, key, versions.find_locality(slug, span.version), count)
