"""Tables of the change log: its lines, and the head of the chain."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Connection, Index, Table, event, insert
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base
from portal.history.chain import START

HEAD = 1  # the one row of the head


class HistoryLine(Base):
    """One act on one record. `changes` is {field: [before, after]}.

    `position` counts lines without a gap from 1, and `chained` is the hash over this line and the one before it. Both are empty
    within the transaction that adds the line, and set when it commits.
    """

    __tablename__ = "history"
    __table_args__ = (Index("ix_history_resource", "resource_type", "resource_id"), Index("ix_history_position", "position", unique=True))

    id: Mapped[int] = mapped_column(primary_key=True)
    resource_type: Mapped[str]
    resource_id: Mapped[uuid.UUID]
    action: Mapped[str]
    changes: Mapped[dict[str, Any]] = mapped_column(JSON)
    acted_by: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    acted_at: Mapped[datetime]
    position: Mapped[int | None]
    chained: Mapped[str | None]


class HistoryHead(Base):
    """The last line of the chain: one row. Whoever adds lines holds it until they commit, so that there is one chain only."""

    __tablename__ = "history_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int]
    chained: Mapped[str]


@event.listens_for(Base.metadata.tables[HistoryHead.__tablename__], "after_create")
def _begin(table: Table, connection: Connection, **_given: object) -> None:
    """The head of a chain without lines, where tables are made from models; migrations write their own."""
    connection.execute(insert(table).values(id=HEAD, position=0, chained=START))
