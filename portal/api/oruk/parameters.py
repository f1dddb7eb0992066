"""Every parameter of the Open Referral UK addresses, in one table: what it is called, what it may be, what it means, where it works.

The readers (`reading.py`), the errors and the description of the interface are made from this table. Nothing here reads anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from portal.api.oruk.parameter import (
    LISTS,
    MOST_PER_PAGE,
    MOST_WHOLE,
    OF_ORGANIZATIONS,
    OF_SERVICES,
    PER_PAGE,
    WEEKDAYS,
    WITH_SERVICES_PER_PAGE,
    Answer,
    Kind,
    Parameter,
)

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
    Parameter(
        "page",
        Kind.WHOLE_NUMBER,
        LISTS,
        "Which page of the list, from 1. Pages of a whole list hold still while others write: nothing is missed or met twice. Where only"
        " what fits something is asked for, a page is of what fits when it is asked for, so that a record may move to another page"
        " between two requests: with `format=ndjson` all that fits comes at once, as it was chosen at one moment.",
        least=1,
        most=1_000_000,
        default=1,
    ),
    Parameter(
        "per_page",
        Kind.WHOLE_NUMBER,
        LISTS,
        "How many records a page holds at most. With `minimal`, everything comes on one page unless this is given."
        f" With `full_service`, a page of organizations holds at most {WITH_SERVICES_PER_PAGE}, and `total_pages` says how many there are.",
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
        "Whole services of each organization; without it, their ids, names and states (in the list only with `full`). On a page, of an"
        f" organization that has more than {MOST_WHOLE} services, the first {MOST_WHOLE} are whole and the others as without it: ask for"
        " it by its id, or with `format=ndjson`, to have every one whole.",
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
