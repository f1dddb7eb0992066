"""Keeping what was measured: read listings in, their rows written. Nothing commits.

Written by as many processes as like to, in any order: a row of an older version never takes the place of a newer one, and what was
measured twice is the same twice.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal import clock
from portal.db import inserting
from portal.directory.models import Service
from portal.editing.quality.measures import Measured
from portal.editing.quality.models import Quality, QualityPlace


@dataclass(frozen=True)
class Reading:
    """A listing's version and what reading it gave."""

    version: int
    measured: Measured


def keep(session: Session, readings: Mapping[uuid.UUID, Reading], rule: str) -> None:
    """Keep these readings, by the id of the service; of what is gone by now, nothing."""
    held = select(Service.id).where(Service.id.in_(readings)).order_by(Service.id).with_for_update(read=True, key_share=True)
    there = session.scalars(held).all()
    if not there:
        return
    newer = inserting(session, Quality).values([_row(key, readings[key], rule) for key in there])
    given = {name: newer.excluded[name] for name in ("version", "rule", "is_complete", "is_plain", "missing", "measured_at")}
    kept = newer.on_conflict_do_update(index_elements=["service_id"], set_=given, where=newer.excluded.version >= Quality.version)
    written = session.scalars(kept.returning(Quality.service_id)).all()
    session.execute(delete(QualityPlace).where(QualityPlace.service_id.in_(written)))
    places = [{"service_id": key, "place": place} for key in written for place in readings[key].measured.places]
    if places:
        session.execute(inserting(session, QualityPlace).values(places).on_conflict_do_nothing())


def _row(service_id: uuid.UUID, reading: Reading, rule: str) -> dict[str, object]:
    measured = reading.measured
    return {
        "service_id": service_id,
        "version": reading.version,
        "rule": rule,
        "is_complete": measured.is_complete,
        "is_plain": measured.is_plain,
        "missing": list(measured.missing),
        "measured_at": clock.now(),
    }
