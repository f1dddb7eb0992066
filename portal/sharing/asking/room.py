"""What the pages of requests, and whoever tends them, are given: who sends, and how requests are remembered with a plan."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from portal.assessment.keeping import Sitting
from portal.mail import Carriers
from portal.pack import Pack
from portal.sealing import Key, key_of_site

Keeper = Callable[[Session, Sitting, tuple[uuid.UUID, ...]], Sitting]
RequestsOf = Callable[[Session, Sitting], tuple[uuid.UUID, ...]]


@dataclass(frozen=True)
class Sender:
    """Who writes to recipients: the pack, the site's public address, and its secret, with which mail and requests are sealed."""

    pack: Pack
    base_url: str
    secret: str = field(repr=False)

    @property
    def key(self) -> Key:
        """The key of what is shared and answered."""
        return key_of_site(self.secret, "request")


@dataclass(frozen=True)
class AskingRoom:
    """What these pages are given.

    `keeper` adds requests to the kept plan of a sitting, in the caller's transaction, and keeps it under a new code where it is not
    kept yet; the sitting that it returns has the code. `requests_of` are the requests of a sitting's kept plan, oldest first.
    """

    engine: Engine
    sender: Sender
    carriers: Carriers
    keeper: Keeper
    requests_of: RequestsOf
