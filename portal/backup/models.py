"""The table of what was deleted on purpose: which row of which table, never what it held. Triggers write it, so that nothing can forget to.

Triggers are made by migrations. A new table with something personal in it, which people can have deleted before its time is over, gets
one too, and its name in `WHAT`.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal import clock
from portal.db import Base

LASTS: Final = timedelta(days=366)  # no backup can be restored for longer: nobody would know what to leave out
LETTERS_LAST: Final = timedelta(days=7)  # a letter that waited is given up after three days, in a restored site too
PERSON: Final = "person"  # somebody who closed their account: the row stays, without a name
WITHDRAWN: Final = "withdrawn"  # a request to get in touch: the row stays, without what was shared
LETTER: Final = "outgoing"  # a letter that was sent
WHAT: Final[Mapping[str, tuple[str, ...]]] = {  # by table: the columns that name a row, in the order of its key
    "claim": ("id",),
    "code_app": ("person_id",),
    "contact_request": ("id",),
    "kept_plan": ("id",),
    "listing_report": ("id",),
    "membership": ("person_id", "organization_id"),
    "mobile": ("person_id",),
    "passkey": ("id",),
    "role_grant": ("person_id", "role"),
    "upload": ("id",),
}


class Purged(Base):
    """A row that was deleted, or emptied: `what` is its table or what befell it, `key` its columns as text with spaces between."""

    __tablename__ = "purged"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    what: Mapped[str]
    key: Mapped[str]
    purged_at: Mapped[datetime] = mapped_column(index=True)


def forget_purges(session: Session) -> None:
    """Delete what is older than any backup that can still be restored. Never commits."""
    now = clock.now()
    is_old = Purged.purged_at <= now - LASTS
    is_old_letter = (Purged.what == LETTER) & (Purged.purged_at <= now - LETTERS_LAST)
    session.execute(delete(Purged).where(is_old | is_old_letter))
