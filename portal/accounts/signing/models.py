"""Tables of signing in: passkeys, apps that make codes, sign-ins asked for, ceremonies under way, sign-ins that last. No I/O.

Ids that a browser or an e-mail holds the token of are one-way (`sealing.key_of_token`): a copy of the database signs nobody in.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class Passkey(Base):
    """One passkey. `name` is what its owner calls the device; `sign_count` as the authenticator said last."""

    __tablename__ = "passkey"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[bytes] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int]
    transports: Mapped[str] = mapped_column(default="")  # with commas between
    name: Mapped[str]
    added_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class CodeApp(Base):
    """An app that makes six-digit codes (TOTP). `sealed` is its secret; `last_step` the newest code's, so that none works twice."""

    __tablename__ = "code_app"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    sealed: Mapped[bytes]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(default=0)


class Asked(Base):
    """A link asked for by one browser, which holds the token of `id`.

    Whose address it is, is looked up afterwards, out of sight of whoever asked (`person_id` is empty until then, and for good where
    nobody has it). `link_id`: of the token in the e-mail. `code`: keyed hash of the six digits; none where the e-mail held neither link nor
    digits. `tries`: codes typed so far. `used_at`: when it was used, or a newer one took its place. `leads_to`: the page that was wanted.
    """

    __tablename__ = "sign_in_asked"

    id: Mapped[str] = mapped_column(primary_key=True)
    sealed_address: Mapped[bytes]
    language: Mapped[str]
    leads_to: Mapped[str] = mapped_column(default="")
    asked_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    looked_up_at: Mapped[datetime | None]
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    link_id: Mapped[str | None] = mapped_column(unique=True)
    code: Mapped[str | None]
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]


class Ceremony(Base):
    """A challenge given to one browser for a passkey to sign, once, within minutes. `person_id`: who is adding a passkey."""

    __tablename__ = "passkey_ceremony"

    id: Mapped[str] = mapped_column(primary_key=True)
    challenge: Mapped[bytes]
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    ends_at: Mapped[datetime] = mapped_column(index=True)


class SignIn(Base):
    """Somebody signed in on one device, which holds the token of `id`. `tries`: wrong codes of an app so far."""

    __tablename__ = "sign_in"

    id: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    level: Mapped[str]
    device: Mapped[str]
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(index=True)
    tries: Mapped[int] = mapped_column(default=0)
