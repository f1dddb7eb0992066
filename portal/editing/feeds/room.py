"""What pages of feeds are given: the database, how listings are loaded, and who writes to people."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine

from portal.accounts.people.room import Sender
from portal.directory.openreferral.loading import LoadOptions


@dataclass(frozen=True)
class FeedsRoom:
    """What these pages, and whoever tends them, are given."""

    engine: Engine
    options: LoadOptions
    sender: Sender
