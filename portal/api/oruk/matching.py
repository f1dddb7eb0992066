"""Single conditions: that words begin with what was typed, and that a schedule has sessions when it was asked for."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, union
from sqlalchemy.orm import Session

from portal import clock
from portal.api.oruk.reading import Asked
from portal.directory.places import ServiceAtLocation
from portal.directory.times import Schedule

Condition = ColumnElement[bool]


def begins(session: Session, text: Any, word: str) -> Condition:
    """That a word in `text` begins with `word`, whatever its capitals. `word` holds letters and digits only.

    A plain look for ASCII words goes first: databases read a pattern more slowly.
    """
    boundary = r"\m" if session.get_bind().dialect.name == "postgresql" else r"\b"
    begun: Condition = text.regexp_match(f"(?i){boundary}{word}")
    return and_(text.ilike(f"%{word}%"), begun) if word.isascii() else begun


def session_fits(asked: Asked) -> Condition:
    """That a schedule has sessions on the day and between the times that were asked for, and is not over.

    One that closes no later than it opens runs past midnight; one that does not say when it closes is there when it opens.
    """
    today = clock.today()
    fits = [or_(last.is_(None), last >= today) for last in (Schedule.valid_to, Schedule.until)]
    if asked.day:
        fits.append(Schedule.byday.contains(asked.day))
    if asked.start_time:
        opens_later = and_(Schedule.closes_at.is_(None), Schedule.opens_at >= asked.start_time)
        fits.append(or_(opens_later, Schedule.closes_at > asked.start_time, Schedule.closes_at <= Schedule.opens_at))
    if asked.end_time:
        fits.append(Schedule.opens_at < asked.end_time)
    return and_(*fits)


def services_with_sessions(asked: Asked) -> Any:
    """Ids of the services with such a schedule, of their own or at a place."""
    fits = session_fits(asked)
    own = select(Schedule.service_id).where(Schedule.service_id.is_not(None), fits)
    there = select(ServiceAtLocation.service_id).join(Schedule, Schedule.service_at_location_id == ServiceAtLocation.id).where(fits)
    return union(own, there)
