"""Telephone numbers that cost more than people expect, or are none: a number in, a sentence for the reviewer out. Pure."""

from __future__ import annotations

import re
from typing import Final

import phonenumbers
from phonenumbers import Leniency, PhoneNumberMatcher, PhoneNumberType

from portal.i18n.text import gettext as _

_REGION: Final = "GB"
_COUNTRY: Final = 44
_SHORT: Final = re.compile(r"(?:116\s?\d{3}|1\d{2}|999|18000|18001.*|[6-8]\d{4})")  # 111, 105, 116 123, text numbers
_DEAR: Final = frozenset({PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST})
_DEAR_STARTS: Final = ("9", "84", "87", "118")


def odd_number(number: str) -> str:
    """What to look at in a number; empty for one that people can ring without a thought."""
    if _SHORT.fullmatch(number.strip()):
        return _("%(number)s costs people extra to ring.", number=number) if number.strip().startswith("118") else ""
    try:
        parsed = phonenumbers.parse(number, _REGION)
    except phonenumbers.NumberParseException:
        return _("%(number)s does not look like a phone number.", number=number)
    return _of_parsed(number, parsed)


def _of_parsed(number: str, parsed: phonenumbers.PhoneNumber) -> str:
    if parsed.country_code != _COUNTRY:
        return _("%(number)s is a number in another country. Ringing it can cost a lot.", number=number)
    kind, national = phonenumbers.number_type(parsed), str(parsed.national_number)
    if kind in _DEAR or national.startswith(_DEAR_STARTS):
        return _("%(number)s costs people extra to ring.", number=number)
    if kind == PhoneNumberType.PERSONAL_NUMBER or national.startswith("70"):
        return _("%(number)s is a personal number (070), which can cost a lot and is often used to deceive.", number=number)
    is_whole = phonenumbers.is_possible_number_with_reason(parsed) == phonenumbers.ValidationResult.IS_POSSIBLE  # not without its area
    return "" if is_whole else _("%(number)s has too few or too many digits.", number=number)


def numbers_in_words(text: str) -> tuple[str, ...]:
    """Numbers that somebody could ring, among other words."""
    found = PhoneNumberMatcher(text[:20_000], _REGION, leniency=Leniency.POSSIBLE)
    return tuple(match.raw_string for match in found if sum(letter.isdigit() for letter in match.raw_string) >= 10)
