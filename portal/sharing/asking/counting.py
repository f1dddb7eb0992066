"""What came of requests first, as counts: a request and a result in, one more of it today in the locality of whoever asked out.

The locality is sealed apart from what was shared, so that nothing personal is opened to count; it is deleted once it is counted,
so that each request is counted once.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from sqlalchemy.orm import Session

from portal import clock, tally
from portal.clock import day_of
from portal.directory.days import working_days
from portal.sealing import Unreadable
from portal.sharing.asking.models import ContactRequest
from portal.sharing.asking.room import Sender

KIND: Final = "request"


class Result(StrEnum):
    """What came first: an answer within so many working days, or none."""

    IN_1 = "answered in 1"
    IN_2 = "answered in 2"
    IN_5 = "answered in 5"
    LATER = "answered later"
    PASSED_ON = "passed on"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


_WITHIN: Final = {1: Result.IN_1, 2: Result.IN_2, 5: Result.IN_5}  # working days, fewest first


def sealed_locality(sender: Sender, request_id: uuid.UUID, locality: str) -> bytes:
    """The locality in which a request is to be counted; as long as any other, for its length would tell which."""
    return sender.key.seal(locality.encode().ljust(64), _bound(request_id))


def count_result(session: Session, sender: Sender, result: Result, requests: Iterable[ContactRequest]) -> None:
    """Count what came of requests, without those of which something came before; all at once. Never commits."""
    localities = [locality for request in requests if (locality := _taken(sender, request)) is not None]
    today = clock.today()
    tally.add(session, Counter(tally.Subject(today, KIND, result, locality) for locality in localities))


def _taken(sender: Sender, request: ContactRequest) -> str | None:
    """The locality in which to count a request, which is forgotten; None where it was before, or is sealed by another secret."""
    sealed, request.locality = request.locality, b""
    try:
        return sender.key.open(sealed, _bound(request.id)).decode().strip()
    except Unreadable:
        return None


def result_of_answer(request: ContactRequest) -> Result:
    """How soon an answer that comes now comes."""
    waited = working_days(day_of(request.asked_at), clock.today())
    return next((result for within, result in _WITHIN.items() if waited <= within), Result.LATER)


def _bound(request_id: uuid.UUID) -> str:
    return f"{request_id} locality"
