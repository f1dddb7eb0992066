"""What a program asked: the pairs of a query in, a frozen `Asked` out, or an error that names the parameter and what it may be.

Nothing is passed over: an unknown parameter, an empty or impossible value and one given twice are all refused.
"""

from __future__ import annotations

import uuid
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, time
from http import HTTPStatus
from typing import Any, Final

from portal.api.oruk.parameter import PER_PAGE, WITH_SERVICES_PER_PAGE, Answer, Parameter
from portal.api.oruk.parameters import parameters_of
from portal.api.oruk.texts import value_of
from portal.api.problems import Unanswerable

FORMS: Final = frozenset({"page", "per_page", "format", "minimal", "full", "full_service"})  # how it is given, not what


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
    def conditions(self) -> Hashable:
        """The list, and what must hold of its records, whatever page or form of them was asked for."""
        return self.answer, *((name, getattr(self, name)) for name in sorted(self.given - FORMS))

    @property
    def has_conditions(self) -> bool:
        """Whether not the whole list was asked for."""
        return not self.given <= FORMS

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
    given = frozenset(values)
    if answer is Answer.ORGANIZATIONS and values.get("full_service"):
        values["per_page"] = min(values.get("per_page", PER_PAGE), WITH_SERVICES_PER_PAGE)
    return Asked(answer, **values, given=given)


def _value(parameter: Parameter, text: str) -> Any:
    value = value_of(parameter, text)
    if value is None:
        raise _wrong(parameter, "This parameter cannot be read. Give what is allowed, or leave it out.")
    return value


def _wrong(parameter: Parameter, detail: str) -> Unanswerable:
    return Unanswerable(HTTPStatus.BAD_REQUEST, detail, parameter=parameter.name, allowed=parameter.allowed)
