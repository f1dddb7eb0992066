"""Bringing the measures in line with the listings: an engine in, how many listings were read out.

A listing waits while it has no row of its version and of today's rule; so it does not matter who wrote it, how often, or whether
this was killed half-way. Listings are read without a lock and written a few at a time, and each process begins somewhere else, so
that several do not read the same ones.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from typing import Final

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from portal.db import reading, writing
from portal.directory.models import PUBLIC_STATUSES, Service
from portal.directory.records import find_records
from portal.editing.quality.measures import measure, rule_of
from portal.editing.quality.models import Quality
from portal.editing.quality.operations import Reading, keep
from portal.editing.quality.room import QualityRoom

AT_ONCE: Final = 100
LONGEST: Final = 10.0  # seconds of one pass: mail and reminders wait behind it


def bring_up_to_date(room: QualityRoom, longest: float = LONGEST) -> int:
    """Measure what waits, for at most `longest` seconds; how many listings were read."""
    until, number = time.monotonic() + longest, 0
    start = uuid.uuid4()
    for service_ids in _batches(room, start):
        _measure(room, service_ids)
        number += len(service_ids)
        if time.monotonic() > until:
            break
    return number


def is_measured(rule: str) -> ColumnElement[bool]:
    """How a row of `Quality` is joined to its service: only while it says how the service is now."""
    return and_(Quality.service_id == Service.id, Quality.version == Service.version, Quality.rule == rule)


def count_waiting(session: Session, rule: str) -> int:
    """How many public listings are not measured as they are now."""
    waiting = select(func.count()).select_from(Service).outerjoin(Quality, is_measured(rule))
    return session.scalar(waiting.where(Service.status.in_(PUBLIC_STATUSES), Quality.service_id.is_(None))) or 0


def _batches(room: QualityRoom, start: uuid.UUID) -> Iterator[list[uuid.UUID]]:
    """Ids of what waits, once round from `start`."""
    rule = rule_of(room.ground)
    for is_in_half in (Service.id >= start, Service.id < start):
        after = None
        while batch := _waiting(room, rule, is_in_half if after is None else and_(is_in_half, Service.id > after)):
            yield batch
            after = batch[-1]


def _waiting(room: QualityRoom, rule: str, where: ColumnElement[bool]) -> list[uuid.UUID]:
    waiting = select(Service.id).outerjoin(Quality, is_measured(rule))
    public = waiting.where(Service.status.in_(PUBLIC_STATUSES), Quality.service_id.is_(None), where)
    with reading(room.engine) as session:
        return list(session.scalars(public.order_by(Service.id).limit(AT_ONCE)))


def _measure(room: QualityRoom, service_ids: list[uuid.UUID]) -> None:
    with reading(room.engine) as session:
        found = find_records(session, service_ids)
    readings = {key: Reading(it.version, measure(it.record, room.ground)) for key, it in found.items()}
    with writing(room.engine) as session:
        keep(session, readings, rule_of(room.ground))
