"""A plan kept under a code: the code in, what somebody wants to find again out. Without the code a copy of the database shows nothing.

The code is 16 letters and digits that are hard to mishear, about 77 bits; a slow function of it gives the row's id and its key.
The day on which the plan ends is bound into the seal, so that nobody can keep it longer than was promised.
"""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import msgspec
from sqlalchemy import delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal import clock
from portal.assessment.answers import Answers
from portal.db import Base, inserting
from portal.sealing import Key, Unreadable

LONGEST: Final = timedelta(days=90)
LETTERS: Final = "23456789BCDFGHJKMNPQRSTVWXYZ"  # no 0 O 1 I L, which are misread; no vowels, so that no word appears by chance
LENGTH: Final = 16
_GROUP: Final = 4


class KeptPlan(Base):
    """One plan, sealed."""

    __tablename__ = "kept_plan"

    id: Mapped[str] = mapped_column(primary_key=True)
    sealed: Mapped[bytes]
    ends_at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True)
class Kept:
    """What is kept: answers, how steps went, services that the plan showed then, and requests that were sent; `counted` as of a sitting."""

    answers: Answers
    ends_at: datetime
    steps: dict[str, str] = field(default_factory=dict)
    services: tuple[uuid.UUID, ...] = ()
    requests: tuple[uuid.UUID, ...] = ()
    counted: tuple[str, ...] = ()


def new_code() -> str:
    """A code that nobody has."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def shown(code: str) -> str:
    """A code in groups of four, as it is written and read out."""
    return "-".join(code[at : at + _GROUP] for at in range(0, LENGTH, _GROUP))


def read_code(typed: str) -> str:
    """A code as typed, however spaced; empty for what cannot be one."""
    code = "".join(letter for letter in typed.upper() if letter.isalnum())
    return code if len(code) == LENGTH and set(code) <= set(LETTERS) else ""


def find_kept(session: Session, key: Key) -> Kept | None:
    """What is kept under the key of a code; nothing for a wrong code, an ended plan or an altered row."""
    row = session.get(KeptPlan, key.id)
    if row is None or row.ends_at <= clock.now():
        return None
    try:
        return msgspec.json.decode(key.open(row.sealed, _bound(key, row.ends_at)), type=Kept)
    except (Unreadable, msgspec.DecodeError):
        return None


def save_kept(session: Session, key: Key, kept: Kept) -> None:
    """Keep it until its `ends_at`. Never commits."""
    row = {"id": key.id, "sealed": key.seal(msgspec.json.encode(kept), _bound(key, kept.ends_at)), "ends_at": kept.ends_at}
    put = inserting(session, KeptPlan).values(**row)
    session.execute(put.on_conflict_do_update(index_elements=["id"], set_={name: row[name] for name in ("sealed", "ends_at")}))


def delete_kept(session: Session, key: Key) -> None:
    """Delete it at once. Never commits."""
    session.execute(delete(KeptPlan).where(KeptPlan.id == key.id))


def purge_kept(session: Session) -> None:
    """Delete those that have ended. Never commits."""
    session.execute(delete(KeptPlan).where(KeptPlan.ends_at <= clock.now()))


def _bound(key: Key, ends_at: datetime) -> str:
    return f"{key.id} {int(ends_at.timestamp())}"
