"""What the addresses of other formats are given, and how they read: everything they say is what the Open Referral interface gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from portal.api.oruk import vocabulary
from portal.api.oruk.parameter import Answer
from portal.api.oruk.reading import read
from portal.api.oruk.room import OrukRoom
from portal.directory.models import PUBLIC_STATUSES


@dataclass(frozen=True)
class FormatsRoom:
    """The Open Referral room, and the folder in which files are kept until the directory changes."""

    oruk: OrukRoom
    folder: Path


def whole_services(session: Session, room: FormatsRoom) -> Iterator[dict[str, Any]]:
    """Every service that is listed, whole, as the interface gives it. One closed meanwhile is left out."""
    asked = read(Answer.SERVICES, [("full", "true"), ("format", "ndjson")])
    for some in room.oruk.records.stream(room.oruk.engine, session, asked):
        for line in some.splitlines():
            service = msgspec.json.decode(line)
            if service["status"] in PUBLIC_STATUSES:
                yield service


def all_records(session: Session, room: FormatsRoom) -> Iterator[tuple[str, dict[str, Any]]]:
    """(noun, record): every vocabulary and term, then every service that is listed."""
    own = room.oruk.vocabulary
    yield from (("taxonomy", msgspec.to_builtins(each)) for each in vocabulary.list_taxonomies(session, own))
    yield from (("taxonomy_term", msgspec.to_builtins(each)) for each in vocabulary.list_terms(session, own))
    yield from (("service", each) for each in whole_services(session, room))
