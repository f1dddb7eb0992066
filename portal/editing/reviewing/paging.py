"""A large proposal, some services at a time: a view and what was chosen in, the services of one page out, and the rest carried along.

What a reviewer chose on the other pages travels in one field of the form, so that nothing is kept for them, it works without script,
and thousands of services do not become thousands of fields.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

from portal.editing.proposals.seen import ProposalView, ProposedView
from portal.typed import whole_number

A_PAGE: Final = 20  # services: a page of more would weigh too much
MOST_CARRIED: Final = 1024 * 1024  # letters


class Carried(msgspec.Struct, frozen=True, array_like=True):
    """What was chosen of one service: the live version that was looked at, fields to publish, fields to leave, texts as rewritten.

    `ticked` is None where nobody has looked at it yet: then it is as at the first look.
    """

    version: str
    ticked: tuple[str, ...] | None = None
    kept: tuple[str, ...] = ()
    texts: dict[str, str] = {}


@dataclass(frozen=True)
class Part:
    """One page of a proposal's services. Pages count from 1; `total` is how many services there are in all."""

    services: tuple[ProposedView, ...]
    page: int
    pages: int
    total: int


def part_of(view: ProposalView, page: str, first: Collection[str] = ()) -> Part:
    """The page that was asked for, or the nearest there is; the first on which one of the services `first` (ids) is, where there is any."""
    total = len(view.services) + len(view.others)
    wanted = next((at // A_PAGE + 1 for at, it in enumerate(view.services) if str(it.id) in first), 0)
    number = _nearest(total, wanted or whole_number(page) or 1)
    services = view.services if view.others else view.services[_places(number)]
    return Part(services, number, _pages(total), total)


def places_of(page: str) -> Callable[[int], slice]:
    """Which of so many services are on the page that was asked for, or on the nearest there is."""
    return lambda total: _places(_nearest(total, whole_number(page) or 1))


def _pages(total: int) -> int:
    return max(1, -(-total // A_PAGE))


def _nearest(total: int, page: int) -> int:
    return min(max(page, 1), _pages(total))


def _places(page: int) -> slice:
    return slice((page - 1) * A_PAGE, page * A_PAGE)


def packed(carried: Mapping[str, Carried]) -> str:
    """What goes into the form, by id of the proposed service."""
    return msgspec.json.encode(carried).decode()


def unpacked(text: str) -> dict[str, Carried]:
    """What `packed` wrote; nothing for anything else."""
    try:
        return msgspec.json.decode(text[:MOST_CARRIED], type=dict[str, Carried]) if text else {}
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return {}
