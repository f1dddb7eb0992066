"""What search hands to a page: frozen results, no words of any language."""

from __future__ import annotations

from dataclasses import dataclass, field

from portal.directory.listing import Listing, Site
from portal.localities.place import Ambiguous, Place, Unknown
from portal.search.query import SearchQuery
from portal.search.understanding import Question


@dataclass(frozen=True)
class Hit:
    """A listing that answers, with why. `miles` to `site`, the nearest of its places; None where place or position is unknown."""

    listing: Listing
    needs: tuple[str, ...] = ()
    covers: bool = False
    miles: float | None = None
    site: Site | None = None


@dataclass(frozen=True)
class Choice:
    """A value of a filter and how many listings it would leave."""

    value: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Facet:
    """A filter with its values that leave something, or are chosen."""

    group: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Relaxation:
    """A wider question and how many listings it brings. `kind` is the group that was let go, or `wider`."""

    kind: str
    query: SearchQuery
    count: int


@dataclass(frozen=True)
class SearchResults:
    """One page of answers. `place` is what was made of the place typed. `recent` of `total` were checked in six months.

    `is_loose`: only some of the words fit. `is_unquoted`: nothing holds what stands in quotation marks, so that its words were looked
    for one by one. `nearest` stands in when nothing was found. `from_database`: the index did not
    answer, so that filters have no counts.
    """

    query: SearchQuery
    place: Place | Ambiguous | Unknown | None
    question: Question = field(default_factory=Question)
    hits: tuple[Hit, ...] = ()
    total: int = 0
    recent: int = 0
    pages: int = 1
    facets: tuple[Facet, ...] = ()
    relaxations: tuple[Relaxation, ...] = ()
    nearest: tuple[Hit, ...] = ()
    is_loose: bool = False
    is_unquoted: bool = False
    from_database: bool = False

    @property
    def place_kind(self) -> str:
        """What was made of the place typed: `known`, `ambiguous`, `unknown`, or empty where none was."""
        kinds = {Place: "known", Ambiguous: "ambiguous", Unknown: "unknown"}
        return kinds.get(type(self.place), "")

    @property
    def here(self) -> Place | None:
        """The place, if one was made out."""
        return self.place if isinstance(self.place, Place) else None
