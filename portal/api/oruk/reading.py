"""What a program asked: the pairs of a query in, a frozen `Asked` out, or an error that names the parameter and what it may be.

Nothing is passed over: an unknown parameter, an empty or impossible value and one given twice are all refused.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from http import HTTPStatus
from typing import Any, Final

from portal.api.oruk.parameters import PER_PAGE, Answer, Kind, Parameter, parameters_of
from portal.api.problems import Unanswerable
from portal.localities import spelling

MOST_WORDS: Final = 20
_WORD: Final = re.compile(r"[^\W_]+")
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_CLOCK: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?", re.ASCII)
_MOMENT: Final = re.compile(
    r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d([.]\d{1,9})?)?(Z|[+ -]\d\d:?\d\d)?)?", re.ASCII | re.IGNORECASE
)  # a "+" that nobody escaped arrives as a space


@dataclass(frozen=True)
class Asked:
    """What was asked; what was not is None, empty or False. Ages in years, `proximity` in metres, times on a clock in London.

    `is_paged`: somebody named a page or its size. `postcode` is compact: "M337ZF".
    """

    answer: Answer
    search: tuple[str, ...] = ()
    page: int = 1
    per_page: int = PER_PAGE
    format: str = "json"
    taxonomy_term_id: uuid.UUID | None = None
    taxonomy_id: uuid.UUID | None = None
    organization_id: uuid.UUID | None = None
    modified_after: datetime | None = None
    minimal: bool = False
    full: bool = False
    full_service: bool = False
    minimum_age: float | None = None
    maximum_age: float | None = None
    day: str | None = None
    start_time: time | None = None
    end_time: time | None = None
    postcode: str | None = None
    proximity: int | None = None
    parent_id: uuid.UUID | None = None
    top_only: bool = False
    given: frozenset[str] = field(default_factory=frozenset)

    @property
    def is_stream(self) -> bool:
        """Whether one record a line was asked for."""
        return self.format == "ndjson"

    @property
    def is_whole(self) -> bool:
        """Whether everything comes at once, without pages."""
        wants_all = self.is_stream or (self.minimal and "per_page" not in self.given)
        return wants_all and self.given.isdisjoint({"page", "per_page"} if self.is_stream else {"page"})


def read(answer: Answer, pairs: Iterable[tuple[str, str]]) -> Asked:
    """What `pairs` (decoded names and values) ask of `answer`. Raises `Unanswerable` (400)."""
    known = {parameter.name: parameter for parameter in parameters_of(answer)}
    values: dict[str, Any] = {}
    for name, text in pairs:
        if name not in known:
            raise Unanswerable(
                HTTPStatus.BAD_REQUEST,
                "There is no such parameter at this address. Leave it out, or use one of those that are allowed.",
                parameter=name[:60],
                allowed=tuple(known),
            )
        if name in values:
            raise _wrong(known[name], "Give this parameter once only.")
        values[name] = _value(known[name], text)
    if "proximity" in values and "postcode" not in values:
        raise _wrong(known["proximity"], "It says how near, but not to where: give `postcode` too.")
    return Asked(answer, **values, given=frozenset(values))


def _value(parameter: Parameter, text: str) -> Any:
    try:
        value = _READERS[parameter.kind](text.strip(), parameter)
    except (ValueError, OverflowError):
        value = None
    if value is None:
        raise _wrong(parameter, "This parameter cannot be read. Give what is allowed, or leave it out.")
    return value


def _wrong(parameter: Parameter, detail: str) -> Unanswerable:
    return Unanswerable(HTTPStatus.BAD_REQUEST, detail, parameter=parameter.name, allowed=parameter.allowed)


def _words(text: str, parameter: Parameter) -> tuple[str, ...] | None:
    if parameter.most is not None and len(text) > parameter.most:
        return None
    return tuple(dict.fromkeys(word.casefold() for word in _WORD.findall(text)))[:MOST_WORDS] or None


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
