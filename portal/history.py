"""The change log: who did what to which record, when and why, with each field before and after.

Lines are only ever added. The shape is Open Referral's `metadata` object, kept for every write to the directory.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal import clock
from portal.db import Base


class HistoryLine(Base):
    """One act on one record. `changes` is {field: [before, after]}."""

    __tablename__ = "history"
    __table_args__ = (Index("ix_history_resource", "resource_type", "resource_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    resource_type: Mapped[str]
    resource_id: Mapped[uuid.UUID]
    action: Mapped[str]
    changes: Mapped[dict[str, Any]] = mapped_column(JSON)
    acted_by: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    acted_at: Mapped[datetime]


@dataclass(frozen=True)
class Act:
    """What was done, by whom, and why where somebody said so."""

    name: str
    acted_by: str
    reason: str = ""


def record(session: Session, resource: tuple[str, uuid.UUID], act: Act, changes: dict[str, Any]) -> None:
    """Add one line for `resource` (its table and id). Never commits."""
    session.add(
        HistoryLine(
            resource_type=resource[0],
            resource_id=resource[1],
            action=act.name,
            changes=changes,
            acted_by=act.acted_by,
            reason=act.reason,
            acted_at=clock.now(),
        )
    )
