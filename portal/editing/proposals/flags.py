"""What a reviewer should look at twice in a record, as flags: tricks with letters, dear numbers, addresses that pass for others. Pure.

Only what a record changes is looked at. Each flag is one sentence in the language of the page; it accuses nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import msgspec

from portal.directory.record import ServiceRecord, changed_fields
from portal.editing.proposals.links import odd_address
from portal.editing.proposals.numbers import numbers_in_words, odd_number
from portal.i18n.text import gettext as _

_TURNING: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_UNSEEN: Final = re.compile("[\u00ad\u061c\u180e\u200b\u2060-\u2064\ufeff\U000e0000-\U000e007f]")
_INSURANCE: Final = re.compile(r"\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\s?\d{2}\s?\d{2}\s?\d{2}\s?[A-D]\b", re.IGNORECASE)
_TEN_DIGITS: Final = re.compile(r"(?<![\d+])(\d{3})[\s-]?(\d{3})[\s-]?(\d{4})(?!\d)")
_BORN: Final = re.compile(r"\b(?:born(?: on)?|date of birth|d\.?\s?o\.?\s?b\.?|birthday)\b.{0,12}\d", re.IGNORECASE)
_AT_HOME: Final = re.compile(r"\b(?:(?:my|her|his|their) (?:own )?(?:home|house|flat)(?: address)?|lives at|home address)\b", re.IGNORECASE)
_LINK: Final = re.compile(r"\b(?:https?://|www\.)[^\s<>()]+", re.IGNORECASE)
_LEAST_SHOUTED: Final = 20  # letters, of which most are capitals
_MOST_CAPITALS: Final = 0.7
_CONTACTS: Final = ("phones", "url", "email")


@dataclass(frozen=True)
class Flag:
    """One thing to look at. `words` is a whole sentence in the language of the page; `is_grave` keeps it from being published at once."""

    field: str
    kind: str
    words: str
    is_grave: bool = True


def flag(record: ServiceRecord, before: ServiceRecord | None, own: tuple[str, ...] = ()) -> tuple[Flag, ...]:
    """What to look at in `record`, of what it changes from `before`. `own`: web addresses known to be the organization's."""
    known = (*own, *((before.url, before.email) if before else ()))
    found = [each for name in changed_fields(before, record) for each in _of_field(name, record, before, known)]
    return tuple(dict.fromkeys(found))


def personal(text: str) -> tuple[str, ...]:
    """Sentences about what looks like somebody's private details in `text`; also for editors, before they send it."""
    found = []
    if _INSURANCE.search(text):
        found.append(_("This looks like a National Insurance number. It must not be published."))
    if any(_is_nhs_number("".join(digits)) for digits in _TEN_DIGITS.findall(text)):
        found.append(_("This looks like an NHS number. It must not be published."))
    if _BORN.search(text):
        found.append(_("This looks like somebody's date of birth. Is it meant to be published?"))
    if _AT_HOME.search(text):
        found.append(_("This speaks of somebody's home. Is the address meant to be published?"))
    return tuple(found)


def _of_field(name: str, record: ServiceRecord, before: ServiceRecord | None, known: tuple[str, ...]) -> Iterator[Flag]:
    old = set(texts(getattr(before, name))) if before else set()
    for text in texts(getattr(record, name)):
        if text not in old:
            yield from _of_text(name, text)
    if name == "phones":
        numbers = {phone.number for phone in before.phones} if before else set()
        for phone in record.phones:
            if phone.number not in numbers and (words := odd_number(phone.number)):
                yield Flag(name, "number", words)
    elif name in ("url", "email") and (address := getattr(record, name)):
        yield from (Flag(name, "address", words) for words in odd_address(address, known))
    elif name == "venues" and before:
        yield from _of_secrets(record, before)


def _of_text(name: str, text: str) -> Iterator[Flag]:
    if _TURNING.search(text):
        yield Flag(name, "turned", _("There are hidden marks that turn the order of letters around."))
    if _UNSEEN.search(text):
        yield Flag(name, "unseen", _("There are letters in it that nobody can see."))
    yield from (Flag(name, "personal", words) for words in personal(text) if name != "phones")
    if name not in _CONTACTS:
        yield from _of_words(name, text)


def _of_words(name: str, text: str) -> Iterator[Flag]:
    """Ways to reach people that hide in words, where no second reviewer is asked for; and shouting."""
    for number in numbers_in_words(text):
        words = odd_number(number) or _("There is a phone number in the words: %(number)s. Is it the organisation's?", number=number)
        yield Flag(name, "number in words", words)
    for link in _LINK.findall(text):
        said = odd_address(link, ()) or (_("There is a link in the words: %(link)s. Is it the organisation's?", link=link),)
        yield from (Flag(name, "link in words", words) for words in said)
    letters = [letter for letter in text if letter.isalpha()]
    if len(letters) >= _LEAST_SHOUTED and sum(letter.isupper() for letter in letters) > _MOST_CAPITALS * len(letters):
        yield Flag(name, "shouting", _("It is written in capitals, which are hard to read."), is_grave=False)


def _of_secrets(record: ServiceRecord, before: ServiceRecord) -> Iterator[Flag]:
    secret = {venue.id for venue in before.venues if venue.is_confidential}
    if any(venue.id in secret and not venue.is_confidential for venue in record.venues):
        yield Flag("venues", "secret", _("The address of this place was kept secret. Now it would be shown to everybody."))


def texts(value: object) -> Iterator[str]:
    """All words in a value of a record."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from texts(each)
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from texts(getattr(value, name))


def _is_nhs_number(digits: str) -> bool:
    """Ten digits of which the last one checks the others, as the NHS counts (modulus 11); none begins with 0."""
    left = 11 - sum(int(digit) * (10 - place) for place, digit in enumerate(digits[:9])) % 11
    return digits[0] != "0" and len(set(digits)) > 1 and left % 11 == int(digits[9]) and left != 10
