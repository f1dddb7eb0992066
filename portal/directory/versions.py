"""Versions of services: what a service said, as a whole record, each time that somebody published it. Session in, versions out.

A version has the number that `Service.version` had while it stood. Loads raise that number without keeping a version; the next
publish then also keeps what the load had left, so that every record that people wrote over can be restored.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal import clock
from portal.db import Base, inserting
from portal.directory.record import ServiceRecord, pack, unpack
from portal.directory.records import Recorded
from portal.errors import NotFound


class ServiceVersion(Base):
    """A record as it stood. `acted_by` is empty for what stood before anybody published here, or what a load had left."""

    __tablename__ = "service_version"

    service_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    record: Mapped[str]
    published_at: Mapped[datetime]
    acted_by: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")


@dataclass(frozen=True)
class Version:
    """One version, whole. `acted_by` as the history writes it; empty where nobody here published it."""

    service_id: uuid.UUID
    number: int
    record: ServiceRecord
    published_at: datetime
    acted_by: str
    reason: str


def list_versions(session: Session, service_id: uuid.UUID) -> list[Version]:
    """All versions of a service, the newest first."""
    query = select(ServiceVersion).where(ServiceVersion.service_id == service_id).order_by(ServiceVersion.number.desc())
    return [_version(row) for row in session.scalars(query)]


def get_version(session: Session, service_id: uuid.UUID, number: int) -> Version:
    """One version. Raises `NotFound`."""
    row = session.get(ServiceVersion, (service_id, number))
    if row is None:
        raise NotFound(f"no version {number} of service {service_id}")
    return _version(row)


def keep_standing(session: Session, standing: Recorded) -> None:
    """Keep what a service says now as a version, if nobody has, since a load is about to write over it. Never commits."""
    stood = {"number": standing.version, "record": pack(standing.record), "published_at": clock.now(), "acted_by": "", "reason": ""}
    put = inserting(session, ServiceVersion).values(service_id=standing.service_id, **stood)
    session.execute(put.on_conflict_do_nothing(index_elements=["service_id", "number"]))


def _version(row: ServiceVersion) -> Version:
    return Version(row.service_id, row.number, unpack(row.record), row.published_at, row.acted_by, row.reason)
