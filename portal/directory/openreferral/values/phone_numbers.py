"""Telephone numbers as people write them, with words and extensions and several in one field, as numbers that can be dialled."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import phonenumbers
from phonenumbers import Leniency, PhoneNumberFormat, PhoneNumberMatcher

from portal.directory.openreferral.values.plain_text import clean_line

REGION: Final = "GB"
MOST: Final = 6  # numbers in one field
_PLAIN: Final = re.compile(r"[\d\s+()–-]+")
_SHORT: Final = re.compile(r"(?<!\d)(?:116 ?\d{3}|1\d{2}|\d{5})(?!\d)")  # 999, 111, 105, 116 123, and text numbers of five digits
_EXTENSION: Final = re.compile(r"[,;(]?\s*\b(?:ext(?:ension|n)?|x)\.?:?\s*(\d{1,6})\b\s*\)?", re.IGNORECASE)
_LABEL: Final = re.compile(r"^(?:tel(?:ephone)?|phone|mob(?:ile)?|t|m|call|ring|on|no|number)\b[\s.:]*$", re.IGNORECASE)
_JOINER: Final = re.compile(r"^(?:or|and|/|&|,|;|\|)?$", re.IGNORECASE)
_TRIM: Final = " \t,;:/|–-.()&"


@dataclass(frozen=True)
class Number:
    """A number as printed in the United Kingdom, its extension, and the words that stood around it."""

    number: str
    extension: str = ""
    words: str = ""


@lru_cache(maxsize=20_000)
def numbers_in(text: str) -> tuple[Number, ...]:
    """The numbers in a text, in order; none where there is nothing to dial. Words after a number are taken to speak of it."""
    spans = _spans(text)
    found = []
    before = text[: spans[0][0]] if spans else ""
    for index, (_, end, number) in enumerate(spans):
        until = spans[index + 1][0] if index + 1 < len(spans) else len(text)
        extension, words = _around(text[end:until])
        found.append(Number(number, extension, _joined(before, words)))
        before = ""
    return tuple(found)


def as_written(raw: object) -> str:
    """The field on one line."""
    return str(clean_line(raw).value or "")


def _spans(text: str) -> list[tuple[int, int, str]]:
    masked = _EXTENSION.sub(lambda match: "·" * len(match[0]), text)
    spans = []
    for match in PhoneNumberMatcher(masked, REGION, leniency=Leniency.POSSIBLE):
        if _is_whole(match.number, match.raw_string):
            spans.append((match.start, match.end, _printed(match.number)))
    if spans:
        return spans[:MOST]
    short = _SHORT.search(masked)
    if short:
        return [(short.start(), short.end(), short[0])]
    return [(0, len(text), " ".join(text.split()))] if _PLAIN.fullmatch(text) and any(map(str.isdigit, text)) else []


def _is_whole(number: phonenumbers.PhoneNumber, written: str) -> bool:
    """Whether this can be dialled from anywhere in the country: drama's numbers can be written so, local and short ones not."""
    looks_whole = len(str(number.national_number)) >= 9 and re.match(r"\s*[+(]*0|\+", written) is not None
    return looks_whole or phonenumbers.is_valid_number(number)


def _printed(number: phonenumbers.PhoneNumber) -> str:
    home = number.country_code == phonenumbers.country_code_for_region(REGION)
    return str(phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL))


def _around(text: str) -> tuple[str, str]:
    extension = _EXTENSION.search(text)
    words = _EXTENSION.sub(" ", text, count=1)
    return (extension[1] if extension else ""), words


def _joined(before: str, after: str) -> str:
    before = "" if _LABEL.match(before.strip(_TRIM)) else before
    parts = [" ".join(part.split()).strip(_TRIM) for part in (before, after)]
    return ", ".join(part for part in parts if part and not _JOINER.match(part))
