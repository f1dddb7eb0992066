"""A text message to a caller: services and what was typed as a number in, a short text and a number that can be sent to out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from portal.directory.listing import Listing
from portal.pack import Pack

MOST_SERVICES: Final = 6
REGION: Final = "GB"
DIGITS: Final = 10  # of a mobile number after the 0; the library takes a few for a number within a town


def mobile_number(typed: str) -> str:
    """A British mobile number as +44…, however it is written; empty for what is none. Numbers kept for drama count.

    Not 070…, which costs as much as a premium line, nor a number with an extension.
    """
    try:
        number = phonenumbers.parse(typed, REGION)
    except NumberParseException:
        return ""
    is_british = number.country_code == phonenumbers.country_code_for_region(REGION) and not number.extension
    within = str(number.national_number)
    is_mobile = is_british and len(within) == DIGITS and within.startswith("7") and not within.startswith("70")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164) if is_mobile else ""


def list_callable(listings: Iterable[Listing]) -> tuple[Listing, ...]:
    """The first services that can be rung: a name alone is no help in a text."""
    return tuple([listing for listing in listings if listing.phone][:MOST_SERVICES])


def short_text(listings: Iterable[Listing], pack: Pack, address: str) -> str:
    """Names and numbers, the front door's last, and the site's address. Names are those by which people ask on the telephone."""
    door = pack.front_door
    named = [(listing.name, listing.phone) for listing in list_callable(listings)]
    return "\n".join([pack.site, *(f"{name}: {number}" for name, number in (*named, (door.name, door.number))), address])
