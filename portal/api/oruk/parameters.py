"""Every parameter of the Open Referral UK addresses, in one table: what it is called, what it may be, what it means, where it works.

The readers (`reading.py`), the errors and the description of the interface are made from this table. Nothing here reads anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

PER_PAGE: Final = 50
MOST_PER_PAGE: Final = 500
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

PARAMETERS: Final = (
    Parameter(
        "search",
        Kind.WORDS,
        LISTS,
        "Words to look for. Every one must begin a word in the record's name, other name or description, or (of a service) in the name"
        " of its organization. Capitals make no difference.",
        least=1,
        most=200,
    ),
    Parameter("page", Kind.WHOLE_NUMBER, LISTS, "Which page of the list, from 1.", least=1, most=1_000_000, default=1),
    Parameter(
        "per_page",
        Kind.WHOLE_NUMBER,
        LISTS,
        "How many records a page holds at most. With `minimal`, everything comes on one page unless this is given.",
        least=1,
        most=MOST_PER_PAGE,
        default=PER_PAGE,
    ),
    Parameter(
        "format",
        Kind.CHOICE,
        LISTS,
        "`json`: a page. `ndjson`: one record a line, all of them, as they are read; with `page` or `per_page`, those of that page only.",
        choices=("json", "ndjson"),
        default="json",
    ),
    Parameter("taxonomy_term_id", Kind.IDENTIFIER, OF_SERVICES, "Only services that this term of a taxonomy is attached to."),
    Parameter(
        "taxonomy_id",
        Kind.IDENTIFIER,
        (*OF_SERVICES, Answer.TAXONOMY_TERMS),
        "Only services that any term of this taxonomy is attached to; of the list of terms, those of this taxonomy.",
    ),
    Parameter("organization_id", Kind.IDENTIFIER, OF_SERVICES, "Only services that this organization provides."),
    Parameter(
        "modified_after",
        Kind.MOMENT,
        OF_SERVICES,
        "Only what changed here at this moment or after it, as `last_modified` says it, among it services that are no longer listed: of"
        " those only id, name, organization, last_modified and a status of `inactive` or `defunct` are given. Ask from a few minutes"
        " before your last reading, for a change takes a moment to be written.",
    ),
    Parameter(
        "minimal",
        Kind.TRUTH,
        (Answer.SERVICES,),
        "Only what tells services apart and when each changed, all on one page. Where `full` is asked for as well, this holds.",
        default=False,
    ),
    Parameter(
        "full",
        Kind.TRUTH,
        (*OF_SERVICES, Answer.ORGANIZATIONS),
        "Whole records, with everything that belongs to them, as one record by its id.",
        default=False,
    ),
    Parameter(
        "full_service",
        Kind.TRUTH,
        OF_ORGANIZATIONS,
        "Whole services of each organization; without it, their ids, names and states (in the list only with `full`).",
        default=False,
    ),
    Parameter("minimum_age", Kind.NUMBER, OF_SERVICES, "Only services for somebody of this age or older, in years.", least=0, most=150),
    Parameter("maximum_age", Kind.NUMBER, OF_SERVICES, "Only services for somebody of this age or younger, in years.", least=0, most=150),
    Parameter(
        "day",
        Kind.CHOICE,
        OF_SERVICES,
        "Only services with a session on this day of the week. With `start_time` or `end_time`, one and the same session must fit.",
        choices=WEEKDAYS,
    ),
    Parameter("start_time", Kind.CLOCK, OF_SERVICES, "Only services with a session that is still open after this time."),
    Parameter("end_time", Kind.CLOCK, OF_SERVICES, "Only services with a session that opens before this time."),
    Parameter(
        "postcode",
        Kind.POSTCODE,
        OF_SERVICES,
        "Only services for people who live at this postcode: those whose areas take it in, or that name no area."
        " With `proximity`, only what happens so near to it, whatever the areas.",
    ),
    Parameter(
        "proximity",
        Kind.WHOLE_NUMBER,
        OF_SERVICES,
        "Only what happens within so many metres of the middle of `postcode`, which must be given too. Places whose address is kept"
        " secret are never found so.",
        least=1,
        most=1_000_000,
    ),
    Parameter("parent_id", Kind.IDENTIFIER, (Answer.TAXONOMY_TERMS,), "Only terms that stand directly below this one."),
    Parameter("top_only", Kind.TRUTH, (Answer.TAXONOMY_TERMS,), "Only terms that stand below no other.", default=False),
)


def parameters_of(answer: Answer) -> Sequence[Parameter]:
    """Those that an address knows, in the order of the table."""
    return [parameter for parameter in PARAMETERS if answer in parameter.answers]
