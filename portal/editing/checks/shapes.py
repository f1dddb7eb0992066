"""Whether numbers, links and postcodes look as if they work: a record in, what to look at again out. Pure; rings nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import urlsplit

import phonenumbers
from phonenumbers import ValidationResult

from portal.directory.record import ServiceRecord
from portal.editing.checks.hint import Hint
from portal.i18n.text import gettext
from portal.ui.filters import dialable

SHORT: Final = 6  # digits: 999, 111, 116 123 are dialled as they are
BRITISH: Final = (10, 11)  # digits, with the 0 before the area
SHORTEST_FREE: Final = 8  # digits: 0800 1111


def shapes(record: ServiceRecord, knows_postcode: Callable[[str], bool]) -> Iterator[Hint]:
    """What may be mistyped. `knows_postcode`: whether we know where a postcode is."""
    for phone in record.phones:
        if not is_number(phone.number):
            yield Hint("start", gettext("Count the digits of this number: we think that nobody can ring it."), phone.number)
    if record.url and urlsplit(record.url).scheme == "http":
        yield Hint("start", gettext("This web address is not secure. Does it work with https:// too?"), record.url)
    for venue in record.venues:
        if venue.postcode and not knows_postcode(venue.postcode):
            words = gettext("We do not know where this postcode is. People near it may not find you. Check it.")
            yield Hint("where", words, venue.postcode)


def is_number(written: str) -> bool:
    """Whether a telephone would take it: a short one, or one with as many digits as numbers have."""
    dialled = dialable(written)
    if len(dialled) <= SHORT:
        return bool(dialled)
    if dialled.startswith("0") and not dialled.startswith("00"):
        return len(dialled) in BRITISH or (dialled.startswith("0800") and len(dialled) >= SHORTEST_FREE)
    try:
        number = phonenumbers.parse(dialled, "GB")
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE
