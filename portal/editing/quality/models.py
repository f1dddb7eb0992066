"""Tables of quality: what reading a listing gave, kept with the version and the rule it was read by, and where it counts. No I/O."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class Quality(Base):
    """A service as it was measured. `missing` are parts of `checks.missing.Part`; it holds while `version` is the service's own.

    `rule` names what it was measured by (see `measures.rule_of`): where that has changed, it is measured anew.
    """

    __tablename__ = "quality"

    service_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int]
    rule: Mapped[str]
    is_complete: Mapped[bool]
    is_plain: Mapped[bool]
    missing: Mapped[list[str]] = mapped_column(JSON)
    measured_at: Mapped[datetime]


class QualityPlace(Base):
    """An area in which a service counts: a locality's slug, or one of `placing.EVERYWHERE` and `placing.ELSEWHERE`."""

    __tablename__ = "quality_place"

    service_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[str] = mapped_column(primary_key=True, index=True)
