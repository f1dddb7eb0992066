"""Reads of what the council wrote: a session in; entries, their versions, and all that counts now out."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.council.banners import Banner, State
from portal.council.content import Amount, Check, Content, LineWords, PlaceWords, pack, unpack
from portal.council.facts import FRONT_DOOR, Facts
from portal.council.models import CouncilEntry, Kind
from portal.errors import NotFound
from portal.history import HistoryLine


@dataclass(frozen=True)
class Entry:
    """One thing that the council wrote. `version` is what an edit of it is based on."""

    id: uuid.UUID
    kind: Kind
    name: str
    version: int
    content: Content
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True)
class Version:
    """An entry after one act, the newest with `is_now`. `before` is None where there was nothing."""

    line_id: int
    act: str
    acted_by: str
    acted_at: datetime
    before: Content | None
    after: Content
    is_now: bool


@dataclass(frozen=True)
class Words:
    """All that counts for pages now, whatever the day: banners that are up and not over, facts, and localities by slug."""

    banners: tuple[Banner, ...] = ()
    facts: Facts = field(default_factory=Facts)
    places: Mapping[str, PlaceWords] = field(default_factory=dict)


def find_entry(session: Session, kind: Kind, name: str) -> Entry | None:
    """The entry of this kind and name, if the council wrote one."""
    row = session.scalar(select(CouncilEntry).where(CouncilEntry.kind == kind, CouncilEntry.name == name))
    return _entry(row) if row else None


def get_entry(session: Session, entry_id: uuid.UUID) -> Entry:
    """An entry by id. Raises `NotFound`."""
    row = session.get(CouncilEntry, entry_id)
    if row is None:
        raise NotFound(f"the council wrote nothing with the id {entry_id}")
    return _entry(row)


def get_banner(session: Session, entry_id: uuid.UUID) -> tuple[Entry, Banner]:
    """A banner and its entry. Raises `NotFound`."""
    entry = get_entry(session, entry_id)
    if not isinstance(entry.content, Banner):
        raise NotFound(f"{entry_id} is no banner")
    return entry, entry.content


def list_entries(session: Session, *kinds: Kind) -> list[Entry]:
    """Every entry of these kinds, the last changed first."""
    query = select(CouncilEntry).where(CouncilEntry.kind.in_(kinds)).order_by(CouncilEntry.changed_at.desc(), CouncilEntry.id)
    return [_entry(row) for row in session.scalars(query)]


def list_versions(session: Session, entry: Entry) -> list[Version]:
    """Every version of an entry, the newest first."""
    about = (HistoryLine.resource_type == CouncilEntry.__tablename__, HistoryLine.resource_id == entry.id)
    now = pack(entry.content)
    found: list[Version] = []
    for line in session.scalars(select(HistoryLine).where(*about).order_by(HistoryLine.id.desc())):
        before = {**now, **{name: was for name, (was, _is) in line.changes.items()}}
        earlier = None if line.action == "add" else unpack(entry.kind, before)
        found.append(Version(line.id, line.action, line.acted_by, line.acted_at, earlier, unpack(entry.kind, now), is_now=not found))
        now = before
    return found


def read_words(session: Session, today: date) -> Words:
    """All that counts for pages from `today` on, in one statement."""
    return words_of(list_entries(session, *Kind), today)


def words_of(entries: list[Entry], today: date) -> Words:
    """All that counts of these entries. Pure."""
    banners: list[Banner] = []
    amounts: dict[tuple[int, str], str] = {}
    checks: dict[str, date] = {}
    places: dict[str, PlaceWords] = {}
    front_door: LineWords | None = None
    for entry in entries:
        match entry.content:
            case Banner() as banner if banner.state is State.UP and not banner.is_over(today):
                banners.append(banner)
            case Amount(amount=amount) if amount:
                year, _, name = entry.name.partition("/")
                amounts[int(year), name] = amount
            case LineWords() as words if entry.name == FRONT_DOOR:
                front_door = words
            case Check(checked_on=day):
                checks[entry.name] = day
            case PlaceWords() as place:
                places[entry.name] = place
    return Words(tuple(banners), Facts(tuple(sorted(amounts.items())), front_door, tuple(sorted(checks.items()))), places)


def _entry(row: CouncilEntry) -> Entry:
    kind = Kind(row.kind)
    return Entry(row.id, kind, row.name, row.version, unpack(kind, row.content), row.changed_by, row.changed_at)
