"""A listing: what a card, the index and a page of results need to know of one service, whole and frozen.

`Listing` crosses the border between the directory and search, and is what the index stores. It never holds a confidential
address or position, nor a private person's name.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from portal.directory.opening import Hours

LONGEST_SUMMARY: Final = 150


@dataclass(frozen=True)
class Site:
    """A place where a service happens. Without a position where none is known or it is confidential."""

    name: str
    address: str = ""
    postcode: str = ""
    latitude: float | None = None
    longitude: float | None = None
    is_confidential: bool = False
    hours: Hours = field(default_factory=Hours)


@dataclass(frozen=True)
class Area:
    """An area that a service says it covers, as it says so."""

    name: str = ""
    extent: str = ""
    uri: str = ""


@dataclass(frozen=True)
class Translation:
    """What a service is called and does, in another language."""

    language: str
    name: str
    summary: str = ""


@dataclass(frozen=True)
class Listing:
    """One service. `needs` strongest first, with `weights` 0–100 once search has weighed them.

    `who_for` empty is everybody; `how` of `taxonomy.terms.DELIVERIES`.

    Ages in years. `known_on` is the day we first had it. `cost` is one short phrase, empty where nothing is known. `words` is all that
    can be searched and is not on the card: it is emptied before a listing is stored.
    """

    id: uuid.UUID
    name: str
    organization_id: uuid.UUID
    organization: str
    summary: str = ""
    status: str = "active"
    needs: tuple[str, ...] = ()
    weights: tuple[int, ...] = ()
    inferred: bool = False
    who_for: tuple[str, ...] = ()
    how: tuple[str, ...] = ()
    minimum_age: float | None = None
    maximum_age: float | None = None
    languages: tuple[str, ...] = ()
    is_free: bool = False
    cost: str = ""
    areas: tuple[Area, ...] = ()
    sites: tuple[Site, ...] = ()
    hours: Hours = field(default_factory=Hours)
    phone: str = ""
    access: tuple[str, ...] = ()
    assured_on: date | None = None
    known_on: date | None = None
    translations: tuple[Translation, ...] = ()
    words: str = ""

    def __hash__(self) -> int:
        """By its id, which is quick; listings are equal when all they say is."""
        return hash(self.id)

    @property
    def since(self) -> date | None:
        """The day from which it ages: when it was last checked, or first known where nobody has."""
        return self.assured_on or self.known_on

    @property
    def is_closed_for_now(self) -> bool:
        """Whether it is known and will be back: its hours do not hold meanwhile."""
        return self.status == "temporarily closed"

    def in_language(self, code: str) -> Translation | None:
        """The translation into a language, if there is one."""
        return next((each for each in self.translations if each.language == code), None)


def summarise(description: str) -> str:
    """The first sentence or two of a description that fit on one line of a card (`LONGEST_SUMMARY` letters)."""
    text = " ".join(description.split())
    if len(text) <= LONGEST_SUMMARY:
        return text
    ends = [match.end() for match in re.finditer(r"[.!?](?=\s)", text[: LONGEST_SUMMARY + 1])]
    if ends and ends[-1] >= LONGEST_SUMMARY // 3:
        return text[: ends[-1]]
    return text[:LONGEST_SUMMARY].rsplit(" ", 1)[0].rstrip(",;:–- ") + "…"
