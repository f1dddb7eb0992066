"""What pages of claims are given: the database, and who writes to people."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine

from portal.accounts.people.room import Sender


@dataclass(frozen=True)
class ClaimingRoom:
    """What these pages are given."""

    engine: Engine
    sender: Sender
