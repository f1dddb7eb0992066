"""Values as programs write them: a text and its parameter in, the value out, or None for what the parameter may not be. Pure."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time
from typing import Any, Final

from portal.api.oruk.parameter import Kind, Parameter
from portal.localities import spelling

MOST_WORDS: Final = 20
_WORD: Final = re.compile(r"[^\W_]+")
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_CLOCK: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?", re.ASCII)
_MOMENT: Final = re.compile(
    r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d([.]\d{1,9})?)?(Z|[+ -]\d\d:?\d\d)?)?", re.ASCII | re.IGNORECASE
)  # a "+" that nobody escaped arrives as a space


def value_of(parameter: Parameter, text: str) -> Any:
    """What `text` says; None where `parameter` may not be that."""
    try:
        return _READERS[parameter.kind](text.strip(), parameter)
    except (ValueError, OverflowError):
        return None


def _words(text: str, parameter: Parameter) -> tuple[str, ...] | None:
    if parameter.most is not None and len(text) > parameter.most:
        return None
    return tuple(dict.fromkeys(word.lower() for word in _WORD.findall(text)))[:MOST_WORDS] or None


def _whole_number(text: str, parameter: Parameter) -> int | None:
    if not text.isascii() or not text.isdecimal() or len(text) > 9:
        return None
    return int(text) if _is_within(int(text), parameter) else None


def _number(text: str, parameter: Parameter) -> float | None:
    if not re.fullmatch(r"\d{1,6}([.]\d{1,6})?", text, re.ASCII):
        return None
    return float(text) if _is_within(float(text), parameter) else None


def _is_within(number: float, parameter: Parameter) -> bool:
    return (parameter.least is None or number >= parameter.least) and (parameter.most is None or number <= parameter.most)


def _truth(text: str, _parameter: Parameter) -> bool | None:
    return {"true": True, "false": False}.get(text.lower())


def _identifier(text: str, _parameter: Parameter) -> uuid.UUID | None:
    return uuid.UUID(text) if _UUID.fullmatch(text) else None


def _moment(text: str, _parameter: Parameter) -> datetime | None:
    if not _MOMENT.fullmatch(text):
        return None
    day, rest = text[:10], text[11:].upper().replace(" ", "+")
    moment = datetime.fromisoformat(f"{day}T{rest}" if rest else day)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _clock(text: str, _parameter: Parameter) -> time | None:
    return time.fromisoformat(text) if _CLOCK.fullmatch(text) else None


def _choice(text: str, parameter: Parameter) -> str | None:
    return next((choice for choice in parameter.choices if choice.casefold() == text.casefold()), None)


def _postcode(text: str, _parameter: Parameter) -> str | None:
    return next((reading.compact for reading in spelling.readings(text[:20]) if reading.form == "full"), None)


_READERS: Final[Mapping[Kind, Callable[[str, Parameter], Any]]] = {
    Kind.WORDS: _words,
    Kind.WHOLE_NUMBER: _whole_number,
    Kind.NUMBER: _number,
    Kind.TRUTH: _truth,
    Kind.IDENTIFIER: _identifier,
    Kind.MOMENT: _moment,
    Kind.CLOCK: _clock,
    Kind.CHOICE: _choice,
    Kind.POSTCODE: _postcode,
}
