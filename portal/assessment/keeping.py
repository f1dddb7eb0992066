"""Answers while somebody is answering: a token from their cookie in, what they said out; sealed, short, and gone at once when asked.

A row is found by an id and opened by a key that both come from the token, which only the cookie holds: a copy of the database,
with or without the site's secret, reveals nothing. A sitting ends 30 minutes after it was last used.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Final, cast

import msgspec
from sqlalchemy import Connection, Executable, Table, bindparam, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal import clock
from portal.assessment.answers import Answers
from portal.db import Base, inserting_in
from portal.sealing import Key, Unreadable, key_of_token

LASTS: Final = timedelta(minutes=30)
_PURPOSE: Final = "sitting"


class SealedSitting(Base):
    """One person's answers, sealed."""

    __tablename__ = "sitting"

    id: Mapped[str] = mapped_column(primary_key=True)
    sealed: Mapped[bytes]
    ends_at: Mapped[datetime] = mapped_column(index=True)


_TABLE: Final = cast("Table", SealedSitting.__table__)
_FOUND: Final = select(_TABLE.c.sealed, _TABLE.c.ends_at).where(_TABLE.c.id == bindparam("id"))  # every page of the questions asks this


@cache
def _put(dialect: str) -> Executable:
    """A new row, or the new words of one that is there: written once for each database."""
    put = inserting_in(dialect, _TABLE)
    return put.on_conflict_do_update(index_elements=["id"], set_={"sealed": put.excluded.sealed, "ends_at": put.excluded.ends_at})


@dataclass(frozen=True)
class Sitting:
    """Answers, and what was done with them. `steps`: how each small step or service went.

    `code` under which the plan is kept, if it is, with its `key`. `shown`: services that the plan showed last; `before`: those that
    it showed when it was opened again, `is_returned` if it was. `is_counted`: the needs were counted; `counted`: marks of what was
    counted since. `is_aloud`: an adviser asks.
    """

    answers: Answers = field(default_factory=Answers)
    steps: dict[str, str] = field(default_factory=dict)
    code: str = ""
    key: Key | None = None
    shown: tuple[uuid.UUID, ...] = ()
    before: tuple[uuid.UUID, ...] = ()
    is_counted: bool = False
    counted: tuple[str, ...] = ()
    is_returned: bool = False
    is_aloud: bool = False


def find_sitting(session: Session | Connection, token: str) -> Sitting | None:
    """The sitting of a token; nothing when it has ended, or was never ours."""
    key = _key(token)
    row = session.execute(_FOUND, {"id": key.id}).one_or_none()
    if row is None or row.ends_at <= clock.now():
        return None
    try:
        return msgspec.json.decode(key.open(row.sealed, key.id), type=Sitting)
    except (Unreadable, msgspec.DecodeError):  # a row of an older shape is as good as ended
        return None


def save_sitting(session: Session, token: str, sitting: Sitting) -> None:
    """Keep a sitting for `LASTS` from now. Never commits."""
    key = _key(token)
    row = {"id": key.id, "sealed": key.seal(msgspec.json.encode(sitting), key.id), "ends_at": clock.now() + LASTS}
    session.execute(_put(session.get_bind().dialect.name), row)


def end_sitting(session: Session, token: str) -> None:
    """Forget a sitting. Never commits."""
    session.execute(delete(SealedSitting).where(SealedSitting.id == _key(token).id))


def purge_sittings(session: Session) -> None:
    """Forget those that have ended. Never commits."""
    session.execute(delete(SealedSitting).where(SealedSitting.ends_at <= clock.now()))


def _key(token: str) -> Key:
    return key_of_token(token, _PURPOSE)
