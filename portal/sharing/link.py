"""The link by which a list is shared: service ids in, text for an address out, and back.

A link says which services, never the notes.
"""

from __future__ import annotations

import re
import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from typing import Final

from portal.sharing.my_list import MOST_SERVICES

_ID: Final = 16
_WRITTEN: Final = re.compile(r"[A-Za-z0-9_-]{22,534}")  # from one id to MOST_SERVICES


def write_ids(service_ids: Iterable[uuid.UUID]) -> str:
    """The ids as text that needs no escaping in an address: 22 letters for one, 534 for a full list."""
    return urlsafe_b64encode(b"".join(service_id.bytes for service_id in service_ids)).rstrip(b"=").decode()


def read_ids(text: str) -> tuple[uuid.UUID, ...]:
    """The ids in such text, each once, in order; none when it is not whole or not ours."""
    if not _WRITTEN.fullmatch(text) or len(text) % 4 == 1:
        return ()
    packed = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if len(packed) % _ID or len(packed) > MOST_SERVICES * _ID:
        return ()
    return tuple(dict.fromkeys(uuid.UUID(bytes=packed[at : at + _ID]) for at in range(0, len(packed), _ID)))
