"""The parts of a service, written: rows that are there and entries as they should be in, the same rows brought to what the entries say out.

A part keeps its row: found by its id, else by what it says. Ids are looked for among the service's own rows only, so that nobody
reaches another's by naming it.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy.orm import Session

from portal.db import Base
from portal.directory.entries import area_entry, closure_entry, cost_entry, language_entry, phone_entry, session_entry, translation_entry
from portal.directory.models import CostOption, Language, RequiredDocument
from portal.directory.places import Accessibility, Phone, ServiceArea
from portal.directory.record import (
    AreaEntry,
    ClosureEntry,
    CostEntry,
    LanguageEntry,
    PhoneEntry,
    SessionEntry,
    TranslationEntry,
    bare,
)
from portal.directory.terms import ServiceTranslation
from portal.directory.times import HolidaySchedule, Schedule

R = TypeVar("R", bound=Base)
E = TypeVar("E")


@dataclass(frozen=True)
class Part(Generic[R, E]):
    """How one kind of part is read from its row and written into it."""

    table: type[R]
    read: Callable[[R], E]
    write: Callable[[R, E], None]


def reconcile(session: Session, part: Part[R, E], rows: Sequence[R], entries: Iterable[E], owner: dict[str, Any]) -> list[R]:
    """Change, add and delete rows until they say what `entries` say; the rows in that order. `owner` are columns of new ones."""
    pairs = matched(rows, list(entries), part.read)
    found = {id(row) for row, _ in pairs if row is not None}
    for row in rows:
        if id(row) not in found:
            session.delete(row)
    ordered = []
    for place, (known, entry) in enumerate(pairs):
        row = known if known is not None else part.table(id=uuid.uuid4(), **owner)
        if known is None or bare(part.read(known)) != bare(entry):
            part.write(row, entry)
        row.position = place  # type: ignore[attr-defined] # every part has one
        session.add(row)
        ordered.append(row)
    return ordered


def matched(rows: Sequence[R], entries: Sequence[E], read: Callable[[R], E]) -> list[tuple[R | None, E]]:
    """Each entry with the row that it is about, if there is one; a row is used once."""
    by_id: dict[uuid.UUID, R] = {row.id: row for row in rows}  # type: ignore[attr-defined] # every part has one
    named = [by_id.pop(key, None) if (key := getattr(entry, "id", None)) else None for entry in entries]
    left = [(bare(read(row)), row) for row in rows if row.id in by_id]  # type: ignore[attr-defined]
    pairs: list[tuple[R | None, E]] = []
    for row, entry in zip(named, entries, strict=True):
        if row is None and (same := next((each for each in left if each[0] == bare(entry)), None)):
            left.remove(same)
            row = same[1]  # noqa: PLW2901 - found by what it says
        pairs.append((row, entry))
    return pairs


def _write_phone(row: Phone, entry: PhoneEntry) -> None:
    row.number, row.description, row.extension = entry.number, entry.description or None, entry.extension or None


def _write_session(row: Schedule, entry: SessionEntry) -> None:
    if entry.last != session_entry(row).last:
        row.valid_to, row.until = entry.last, None
    row.freq, row.interval, row.byday, row.bymonthday = entry.freq or None, entry.interval, entry.byday or None, entry.bymonthday or None
    row.opens_at, row.closes_at, row.dtstart, row.valid_from = entry.opens, entry.closes, entry.start, entry.first
    row.description = entry.note or None


def _write_closure(row: HolidaySchedule, entry: ClosureEntry) -> None:
    row.start_date, row.end_date, row.description = entry.first, entry.last, entry.note or None
    row.closed, row.opens_at, row.closes_at = entry.opens is None and entry.closes is None, entry.opens, entry.closes


def _write_area(row: ServiceArea, entry: AreaEntry) -> None:
    row.extent, row.name = entry.extent or None, entry.name or None
    row.extent_type = row.uri = row.description = None  # they spoke of the area that it was


def _write_cost(row: CostOption, entry: CostEntry) -> None:
    row.amount, row.option, row.amount_description = entry.amount, entry.option or None, entry.description or None
    row.currency = row.currency or "GBP"


def _write_document(row: RequiredDocument, entry: str) -> None:
    row.document = entry


def _write_language(row: Language, entry: LanguageEntry) -> None:
    row.code, row.name = entry.code or None, entry.name or None


def _write_translation(row: ServiceTranslation, entry: TranslationEntry) -> None:
    row.language, row.name, row.summary = entry.language or None, entry.name or None, entry.summary or None


def _write_access(row: Accessibility, entry: str) -> None:
    row.description = entry or None


PHONES = Part(Phone, phone_entry, _write_phone)
SESSIONS = Part(Schedule, session_entry, _write_session)
CLOSURES = Part(HolidaySchedule, closure_entry, _write_closure)
AREAS = Part(ServiceArea, area_entry, _write_area)
COSTS = Part(CostOption, cost_entry, _write_cost)
DOCUMENTS = Part(RequiredDocument, lambda row: row.document, _write_document)
LANGUAGES = Part(Language, language_entry, _write_language)
TRANSLATIONS = Part(ServiceTranslation, translation_entry, _write_translation)
ACCESS = Part(Accessibility, lambda row: row.description or "", _write_access)
