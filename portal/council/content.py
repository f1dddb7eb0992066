"""What an entry of each kind says, frozen; and its shape in the database: content in, JSON values out, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import msgspec

from portal.council.banners import Banner
from portal.council.models import Kind

MOST_HELPERS: Final = 6
LONGEST_ABOUT: Final = 600


@dataclass(frozen=True)
class Amount:
    """An amount of money of a financial year, as written on a page ("£23,250"), where and when it was read. Empty: the file's counts."""

    amount: str
    source: str = ""
    read_on: date | None = None


@dataclass(frozen=True)
class LineWords:
    """A telephone line's number and hours, in place of those that the pack had (`pack_number`, `pack_hours`) when they were written.

    When the pack has changed since, somebody put it right there: then these words count no more.
    """

    number: str
    hours: str
    pack_number: str
    pack_hours: str


@dataclass(frozen=True)
class Check:
    """A page was read and is still right."""

    checked_on: date


@dataclass(frozen=True)
class Helper:
    """Somebody who helps in a locality; `what` by language."""

    name: str
    what: Mapping[str, str] = field(default_factory=dict)
    phone: str = ""
    url: str = ""


@dataclass(frozen=True)
class PlaceWords:
    """Words about a locality, by language, and who helps there."""

    about: Mapping[str, str] = field(default_factory=dict)
    helpers: tuple[Helper, ...] = ()


Content = Banner | Amount | LineWords | Check | PlaceWords
_SHAPES: Final[Mapping[Kind, type[Content]]] = {
    Kind.BANNER: Banner,
    Kind.AMOUNT: Amount,
    Kind.LINE: LineWords,
    Kind.CHECK: Check,
    Kind.LOCALITY: PlaceWords,
}


def pack(content: Content) -> dict[str, Any]:
    """Content as JSON values; fields as they are called."""
    packed: dict[str, Any] = msgspec.to_builtins(content)
    return packed


def unpack(kind: Kind, packed: Mapping[str, Any]) -> Content:
    """Content of a kind from JSON values. Raises `msgspec.ValidationError` for what is not of its shape."""
    return msgspec.convert(packed, _SHAPES[kind])
