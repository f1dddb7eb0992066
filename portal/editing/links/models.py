"""Tables of links: each address that listings name, how looking at it went, and who is looking just now. No I/O."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class CheckedLink(Base):
    """An address. `id` is a digest of it; `failures` days in a row on which it failed, the last `failed_on`, and `reason` why.

    `broken_since` is there once it failed on enough different days; `next_at` is when it is looked at again.
    """

    __tablename__ = "checked_link"

    id: Mapped[str] = mapped_column(primary_key=True)
    url: Mapped[str]
    next_at: Mapped[datetime] = mapped_column(index=True)
    checked_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    failed_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(default="")
    broken_since: Mapped[date | None] = mapped_column(index=True)


class LinkRound(Base):
    """Whoever holds this one row until `held_until` looks at links; nobody else does meanwhile."""

    __tablename__ = "link_round"

    id: Mapped[int] = mapped_column(primary_key=True)
    held_until: Mapped[datetime]
