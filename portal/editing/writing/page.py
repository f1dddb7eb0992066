"""What every page of writing is: a record and what was posted in; a new record, or errors that say what to do, out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from wtforms import Form

from portal.directory.record import ServiceRecord, VenueEntry
from portal.editing.writing.rows import Posted
from portal.localities.gazetteer import Gazetteer
from portal.pack import Pack
from portal.taxonomy.terms import Taxonomy


@dataclass(frozen=True)
class Offer:
    """What there is to choose from. `places_at`: the public places that we know at a postcode; `needs_in`: needs that words speak of."""

    pack: Pack
    taxonomy: Taxonomy
    gazetteer: Gazetteer
    places_at: Callable[[str], Sequence[VenueEntry]]
    needs_in: Callable[[str], Sequence[str]]
    language_names: Mapping[str, str]
    today: date


class Writing(ABC):
    """One page. `record` is what it was made of; `errors` are (id of a field, what to do), in the order of the page."""

    def __init__(self, record: ServiceRecord, offer: Offer, posted: Posted | None) -> None:
        self.record, self.offer, self.posted = record, offer, posted
        self.errors: list[tuple[str, Any]] = []

    @property
    @abstractmethod
    def forms(self) -> Iterable[Form]:
        """Every form on the page, in its order."""

    @abstractmethod
    def result(self) -> ServiceRecord:
        """The record as valid forms mean it."""

    def validate(self) -> bool:
        """Whether everything can be understood; fills `errors`."""
        self.errors = []
        for form in self.forms:
            form.validate()
            self.errors += [(each.id, each.errors[0]) for each in form if each.errors]
        return not self.errors

    def do(self, act: str) -> None:  # noqa: B027 - most pages have no such buttons
        """What a button on the page does before anything is sent: add a row, take one away, look something up."""
