"""The parts of a record that stand on lines of one cell: phones, prices, places, translations. Entries in, lines out, and back. Pure.

Between the parts of a line stands "|". Lines may be written more simply: "01632 960001 (office)", "£2.50 for members".
"""

from __future__ import annotations

import re
from typing import Final

from portal.directory.openreferral.values.phone_numbers import numbers_in
from portal.directory.openreferral.values.words import clean_postcode
from portal.directory.record import CostEntry, LanguageEntry, PhoneEntry, TranslationEntry, VenueEntry
from portal.editing.spreadsheet.table import Unclear
from portal.editing.spreadsheet.words import read_language, write_language
from portal.i18n.text import gettext

HIDDEN: Final = "address not shown"
LONGEST_PART: Final = 300
MOST_POUNDS: Final = 100_000
FEWEST_DIGITS: Final = 3  # 111
_EXTENSION: Final = re.compile(r"ext(?:ension)?\.? ?(\d{1,6})", re.IGNORECASE)
_AMOUNT: Final = re.compile(r"(?:£\s?(?P<pounds>\d[\d,]*(?:\.\d{1,2})?)|(?P<pence>\d{1,2})p\b|(?P<bare>\d+(?:\.\d{1,2})?)(?=\s*(?:$|\|)))")
_POSTCODE: Final = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2})\s*$", re.IGNORECASE)
_ZERO_LOST: Final = re.compile(r"[1-9]\d{8,9}")  # a spreadsheet took the number for a sum and the 0 before it for nothing


def write_phone(phone: PhoneEntry) -> str:
    """A number, what it is for, its extension."""
    return _joined(phone.number, phone.description, f"ext {phone.extension}" if phone.extension else "")


def read_phones(line: str) -> tuple[PhoneEntry, ...]:
    """The numbers of a line. Raises `Unclear` where there is none."""
    if "|" in line:
        number, *rest = _split(line)
        extension = next((match[1] for part in rest if (match := _EXTENSION.fullmatch(part))), "")
        words = ", ".join(part for part in rest if part and not _EXTENSION.fullmatch(part))
        found = _numbers(number)[0]
        return (PhoneEntry(found.number, words or found.description, extension or found.extension),)
    return _numbers(line)


def write_cost(cost: CostEntry) -> str:
    """A price, what it is for, more about it."""
    amount = "" if cost.amount is None else "Free" if cost.amount == 0 else f"£{cost.amount:.2f}".removesuffix(".00")
    return _joined(amount, cost.option, cost.description)


def read_cost(line: str) -> CostEntry:
    """A price. Raises `Unclear` for two in one line and for what could be either of two."""
    amount, *rest = _split(line)
    found = _AMOUNT.match(amount)
    if len(re.findall("£", amount)) > 1 or (not found and re.search(r"£|\d", amount)):
        raise Unclear(gettext("We cannot read “%(line)s” as a price. Write one price in each line, like: £2.50 | Members.", line=line[:60]))
    if not found and amount.casefold().startswith(("free", "no charge")):
        return CostEntry(0.0, *_two(amount[4:] if amount.casefold().startswith("free") else amount[9:], rest))
    if not found:
        return CostEntry(None, *_two(amount, rest))
    if re.match(r"[\d,]*,\d{1,2}(?!\d)", found["pounds"] or ""):
        raise Unclear(gettext("Is “%(line)s” pounds and pence? Write it with a point, like £2.50.", line=line[:60]))
    value = int(found["pence"]) / 100 if found["pence"] else float((found["pounds"] or found["bare"]).replace(",", ""))
    if value > MOST_POUNDS:
        raise Unclear(gettext("“%(line)s” is too much for a price. Check it.", line=line[:60]))
    return CostEntry(value, *_two(amount[found.end() :], rest))


def write_venue(venue: VenueEntry) -> str:
    """A place: its name, street, town, postcode."""
    said = [_one(venue.name), _one(venue.address), _one(venue.city), _one(venue.postcode), HIDDEN if venue.is_confidential else ""]
    while said and not said[-1]:
        said.pop()
    return " | ".join(said)


def read_venue(line: str) -> VenueEntry:
    """A place. Raises `Unclear` for one that has too many parts."""
    parts = _split(line)
    is_hidden = bool(parts) and parts[-1].casefold() == HIDDEN
    parts = parts[:-1] if is_hidden else parts
    if len(parts) == 1:
        parts = _from_commas(parts[0])
    if len(parts) > 4:
        raise Unclear(gettext("A place has four parts: its name | street | town | postcode. “%(line)s” has more.", line=line[:60]))
    name, address, city, postcode = (*parts, "", "", "", "")[:4]
    return VenueEntry(name, address, city, str(clean_postcode(postcode).value or ""), is_confidential=is_hidden)


def write_translation(translation: TranslationEntry) -> str:
    """A language, the name and the summary in it."""
    return " | ".join((write_language(LanguageEntry(translation.language)), _one(translation.name), _one(translation.summary)))


def read_translation(line: str) -> TranslationEntry:
    """A translation. Raises `Unclear` for one without a name, or in no language that we know."""
    language, name, *summary = (*_split(line), "")
    if not name:
        raise Unclear(gettext("Write a translation as: language | name | what it does. “%(line)s” has no name.", line=line[:60]))
    return TranslationEntry(read_language(language).code, name, " ".join(part for part in summary if part))


def _numbers(text: str) -> tuple[PhoneEntry, ...]:
    digits = text.strip()
    found = numbers_in(f"0{digits}" if _ZERO_LOST.fullmatch(digits) else digits)
    if not found or any(sum(map(str.isdigit, each.number)) < FEWEST_DIGITS for each in found):
        raise Unclear(gettext("“%(text)s” is not a phone number that people can ring. Write it like 01632 960001.", text=text[:40]))
    return tuple(PhoneEntry(each.number, _unwrapped(each.words), each.extension) for each in found)


def _unwrapped(words: str) -> str:
    return words.strip().removeprefix("(").removesuffix(")").strip()


def _two(first: str, rest: list[str]) -> tuple[str, str]:
    """The option and the words of a price."""
    said = [part for part in (first.strip(" :-–,."), *rest) if part]
    return (said[0] if said else "", ", ".join(said[1:]))


def _from_commas(text: str) -> list[str]:
    """ "Eastmoor Library, 5 High Street, Calderwick ZZ5 1AB" in parts."""
    postcode = _POSTCODE.search(text)
    parts = [part.strip() for part in (text[: postcode.start()] if postcode else text).split(",") if part.strip()]
    name, street, town = (*parts[:1], ", ".join(parts[1:-1]), parts[-1]) if len(parts) > 2 else (*parts, "", "", "")[:3]
    return [name, street, town, postcode[1] if postcode else ""]


def _joined(*parts: str) -> str:
    return " | ".join(_one(part) for part in parts if part)


def _one(text: str) -> str:
    return " ".join(text.split())


def _split(line: str) -> list[str]:
    return [_one(part)[:LONGEST_PART] for part in line.split("|")]
