"""The table of what the council writes. No I/O.

One row for each thing: a banner, an amount of money, a telephone line, a page that was checked, a locality. What it says is JSON in the
shape of its kind (`content`), so that all of them share one way to be changed, looked back at and put back.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class Kind(StrEnum):
    """What an entry is about; its `name` says which one of these."""

    BANNER = "banner"  # its own id
    AMOUNT = "amount"  # "2026/capital_upper": the financial year and the name in money.yaml
    LINE = "line"  # the id of a line of the pack
    CHECK = "check"  # "advice/benefits": the kind and the name of a page
    LOCALITY = "locality"  # the locality's slug


class CouncilEntry(Base):
    """One thing that the council wrote, as it is now; how it was before is in the history. `version` goes up with every write."""

    __tablename__ = "council_entry"
    __table_args__ = (
        UniqueConstraint("kind", "name"),
        CheckConstraint("kind IN ('banner', 'amount', 'line', 'check', 'locality')", name="kind"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    kind: Mapped[str]
    name: Mapped[str]
    version: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    changed_by: Mapped[str]
    changed_at: Mapped[datetime]
