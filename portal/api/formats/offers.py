"""What is offered beside the Open Referral addresses, in one table: where, as what, and what may be asked of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class OfferParameter:
    """What may be asked of an offer. `pattern` is a regular expression that its text fits wholly."""

    name: str
    meaning: str
    pattern: str
    example: str


@dataclass(frozen=True)
class Offer:
    """One address. `file_name` is what a browser calls it where it saves it; empty where it is to be read."""

    path: str
    media_type: str
    meaning: str
    file_name: str = ""
    parameters: tuple[OfferParameter, ...] = ()


CHANGES: Final = Offer(
    "/api/changes.atom",
    "application/atom+xml",
    "What changed, newest first: new services, changed ones, and those that closed. An Atom feed in pages of 50.",
    parameters=(
        OfferParameter(
            "before",
            "Go on from here to what is older. Follow the feed's own link `next`: do not make this up.",
            r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z-\d{1,9}$",
            "2026-11-24T10:30:00.000Z-57",
        ),
    ),
)
FLAT: Final = Offer(
    "/api/services.csv",
    "text/csv",
    "Every service in one table, one line for each, for a spreadsheet. No cell is run as a formula.",
    "services.csv",
)
PACKAGE: Final = Offer(
    "/api/open-referral-uk.zip",
    "application/zip",
    "Everything, as the tabular package of Open Referral UK 3.0: a zip of CSV tables that refer to one another. For programs.",
    "open-referral-uk.zip",
)
OPENAPI: Final = Offer("/api/openapi.json", "application/json", "This interface, described for programs (OpenAPI 3.1).")
OFFERS: Final = (CHANGES, FLAT, PACKAGE, OPENAPI)
