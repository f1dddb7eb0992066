"""What a parameter is, and the addresses that know some: words of the table in `parameters.py`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

ROOT: Final = "/api/oruk/v3"
PER_PAGE: Final = 50
MOST_PER_PAGE: Final = 500
WITH_SERVICES_PER_PAGE: Final = 10  # organizations with their services whole, so that a page of them stays one
MOST_WHOLE: Final = 50  # services of one organization, on a page
WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class Answer(StrEnum):
    """An address under `/api/oruk/v3`, and what it answers with."""

    DETAILS = "/"
    SERVICES = "/services"
    SERVICE = "/services/{id}"
    ORGANIZATIONS = "/organizations"
    ORGANIZATION = "/organizations/{id}"
    TAXONOMIES = "/taxonomies"
    TAXONOMY = "/taxonomies/{id}"
    TAXONOMY_TERMS = "/taxonomy_terms"
    TAXONOMY_TERM = "/taxonomy_terms/{id}"
    SERVICE_AT_LOCATIONS = "/service_at_locations"
    SERVICE_AT_LOCATION = "/service_at_locations/{id}"


class Kind(StrEnum):
    """How a value is written."""

    WORDS = "words"
    WHOLE_NUMBER = "whole number"
    NUMBER = "number"
    TRUTH = "truth"
    IDENTIFIER = "identifier"
    MOMENT = "moment"
    CLOCK = "clock"
    CHOICE = "choice"
    POSTCODE = "postcode"


LISTS: Final = (
    Answer.SERVICES,
    Answer.ORGANIZATIONS,
    Answer.TAXONOMIES,
    Answer.TAXONOMY_TERMS,
    Answer.SERVICE_AT_LOCATIONS,
)
OF_SERVICES: Final = (Answer.SERVICES, Answer.SERVICE_AT_LOCATIONS)
OF_ORGANIZATIONS: Final = (Answer.ORGANIZATIONS, Answer.ORGANIZATION)


@dataclass(frozen=True)
class Parameter:
    """One parameter. `least` and `most` bound numbers, and the letters of words; `choices` are all that it may be.

    `default` is what is meant where it is not given; None: nothing is asked. `answers` are the addresses that know it.
    """

    name: str
    kind: Kind
    answers: tuple[Answer, ...]
    meaning: str
    least: int | None = None
    most: int | None = None
    choices: tuple[str, ...] = ()
    default: str | int | bool | None = None

    @property
    def allowed(self) -> tuple[str, ...]:
        """What it may be, in words: its choices, or one sentence."""
        return self.choices or (_ALLOWED[self.kind].format(least=self.least, most=self.most),)


_ALLOWED: Final = {
    Kind.WORDS: "{least} to {most} letters, with a letter or a digit among them",
    Kind.WHOLE_NUMBER: "a whole number from {least} to {most}",
    Kind.NUMBER: "a number from {least} to {most}",
    Kind.TRUTH: "true or false",
    Kind.IDENTIFIER: "a UUID such as 3f7b145d-84af-42d7-8fae-eaca714b02b2",
    Kind.MOMENT: "a date and time such as 2026-11-24T10:30:00Z, or a date such as 2026-11-24; without a zone, UTC is meant",
    Kind.CLOCK: "a time of day in London such as 09:30 or 09:30:00",
    Kind.CHOICE: "",
    Kind.POSTCODE: "a whole UK postcode such as M33 7ZF",
}
