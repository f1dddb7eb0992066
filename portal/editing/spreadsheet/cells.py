"""Cells that hold one thing: words, ages, an e-mail address, a web address. Text in, a value out, or what to write instead. Pure."""

from __future__ import annotations

import re
from typing import Final

from email_validator import EmailNotValidError, validate_email

from portal.directory.openreferral.values.links import clean_url
from portal.editing.spreadsheet.table import Unclear
from portal.i18n.text import gettext
from portal.typed import one_line

LONGEST_NAME: Final = 120
OLDEST: Final = 120
_AGE: Final = r"(\d{1,3}(?:\.5)?)"
_YEARS: Final = r"(?:\s*(?:years?|yrs?)(?:\s*old)?)?"
_RANGE: Final = re.compile(rf"(?:ages?|aged)?\s*{_AGE}{_YEARS}\s*(?:to|-|–|—|and|until)\s*{_AGE}{_YEARS}", re.IGNORECASE)
_FROM: Final = re.compile(
    rf"(?:(?:over|from|aged?|ages?)\s*)?{_AGE}{_YEARS}\s*(?:\+|and (?:over|above|older|up)|or (?:over|above|older)|plus)", re.IGNORECASE
)
_OVER: Final = re.compile(rf"(?:over|older than)\s+{_AGE}{_YEARS}", re.IGNORECASE)
_TO: Final = re.compile(rf"up to\s*{_AGE}{_YEARS}|{_AGE}{_YEARS}\s*(?:and|or) (?:under|below|younger)", re.IGNORECASE)
_UNDER: Final = re.compile(rf"(?:under|below|younger than)\s*{_AGE}{_YEARS}", re.IGNORECASE)
_ALL: Final = frozenset({"all", "all ages", "any", "any age", "everyone", "everybody"})
_LOOSE: Final = re.compile(r"[\s,;]")


def read_name(text: str) -> str:
    """A name. Raises `Unclear` for none and for one that is too long."""
    name = one_line(text, 2 * LONGEST_NAME)
    if not name:
        raise Unclear(gettext("Write a name."))
    if len(name) > LONGEST_NAME:
        raise Unclear(gettext("Use %(most)s letters or fewer for the name.", most=LONGEST_NAME))
    return name


def write_ages(least: float | None, most: float | None) -> str:
    """Ages as words: "18 and over", "up to 25", "18 to 65"."""
    if least is not None and most is not None:
        return f"{least:g} to {most:g}"
    if least is not None:
        return f"{least:g} and over"
    return f"up to {most:g}" if most is not None else ""


def read_ages(text: str) -> tuple[float | None, float | None]:
    """The youngest and the oldest age, None for no limit. Raises `Unclear`."""
    plain = " ".join(text.split()).strip(" .")
    if not plain or plain.casefold() in _ALL:
        return None, None
    least, most = _limits(plain)
    if (least is None and most is None) or max(least or 0, most or 0) > OLDEST:
        raise Unclear(gettext("We cannot read “%(text)s” as ages. Write: 18 and over, up to 25, or 18 to 65.", text=plain[:60]))
    if least is not None and most is not None and least > most:
        raise Unclear(gettext("The youngest age comes first, like: 18 to 65."))
    return least, most


def read_email(text: str) -> str:
    """One e-mail address. Raises `Unclear`."""
    address = text.strip().removeprefix("mailto:")
    if not address:
        return ""
    try:
        return validate_email(address, check_deliverability=False, allow_smtputf8=False, test_environment=True).normalized
    except EmailNotValidError as error:
        raise Unclear(gettext("“%(text)s” is not an e-mail address. Write one, like name@example.com.", text=address[:60])) from error


def read_url(text: str) -> str:
    """One web address, with http or https. Raises `Unclear`."""
    address = text.strip()
    if not address:
        return ""
    url = None if _LOOSE.search(address) or "." not in address else clean_url(address).value
    if not isinstance(url, str):
        raise Unclear(gettext("“%(text)s” is not a web address. Write one, like https://www.example.org.", text=address[:60]))
    return url


def _limits(plain: str) -> tuple[float | None, float | None]:
    if match := _RANGE.fullmatch(plain):
        return float(match[1]), float(match[2])
    if match := _FROM.fullmatch(plain):
        return float(match[1]), None
    if match := _TO.fullmatch(plain):
        return None, float(match[1] or match[2])
    if match := _OVER.fullmatch(plain):
        return float(match[1]), None
    if match := _UNDER.fullmatch(plain):
        return None, float(match[1]) - 1
    return None, None
