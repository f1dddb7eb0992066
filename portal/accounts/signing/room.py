"""What the pages of signing in, and whoever tends them, are given: the database, where the site is, its secret and its pack."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from sqlalchemy import Engine

from portal.mail import Carriers
from portal.pack import Pack


@dataclass(frozen=True)
class SigningRoom:
    """What these pages are given. `address`: the site's public one; `is_secure`: it is served over https."""

    engine: Engine
    address: str
    secret: str = field(repr=False)
    is_secure: bool
    pack: Pack
    carriers: Carriers

    @property
    def host(self) -> str:
        """The name that passkeys are made for (their "relying party")."""
        return urlsplit(self.address).hostname or ""

    @property
    def origin(self) -> str:
        """Where a passkey must say that it was used."""
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def has_passkeys(self) -> bool:
        """Whether browsers make passkeys for this site: they make none for a bare number."""
        try:
            ipaddress.ip_address(self.host)
        except ValueError:
            return True
        return False
