"""Kinds of columns: how each writes one part of a record as text and reads it back. Records and words in and out. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from portal.directory.record import ClosureEntry, ServiceRecord, SessionEntry, VenueEntry
from portal.editing.spreadsheet import by_place, cells, kept, parts
from portal.editing.spreadsheet.by_place import NOWHERE
from portal.editing.spreadsheet.closures import read_closure, write_closure
from portal.editing.spreadsheet.timetable import read_session, split_sessions, write_session
from portal.editing.spreadsheet.words import Words

Write = Callable[[ServiceRecord, Words], str]
Read = Callable[[str, ServiceRecord, Words], ServiceRecord]


@dataclass(frozen=True)
class Column:
    """One column. `hint` says how to fill it in; `also` are other headings that people give it. `is_by_place`: one line for each place.

    `read` gives the record with what the text says, and raises `Unclear` for what nobody can understand.
    """

    key: str
    heading: str
    hint: str
    write: Write
    read: Read
    also: tuple[str, ...] = ()
    is_by_place: bool = False


def words_in(field: str) -> tuple[Write, Read]:
    """A field that is plain words."""

    def write(record: ServiceRecord, _words: Words) -> str:
        return str(getattr(record, field))

    def read(text: str, record: ServiceRecord, _words: Words) -> ServiceRecord:
        return _with(record, field, text)

    return write, read


def checked(field: str, check: Callable[[str], str]) -> tuple[Write, Read]:
    """A field of one line whose shape is checked."""
    write, _ = words_in(field)

    def read(text: str, record: ServiceRecord, _words: Words) -> ServiceRecord:
        return _with(record, field, check(text))

    return write, read


def chosen(field: str, which: str) -> tuple[Write, Read]:
    """A field of choices from a list: `which` of the words."""

    def write(record: ServiceRecord, words: Words) -> str:
        return str(getattr(words, which).write(getattr(record, field)))

    def read(text: str, record: ServiceRecord, words: Words) -> ServiceRecord:
        return _with(record, field, getattr(words, which).read(text))

    return write, read


def listed(
    field: str, write_one: Callable[[Any, Words], str], read_one: Callable[[str, Words], Sequence[Any]], between: str = "\n"
) -> tuple[Write, Read]:
    """A field of several entries, one a line."""

    def write(record: ServiceRecord, words: Words) -> str:
        return between.join(write_one(entry, words) for entry in getattr(record, field))

    def read(text: str, record: ServiceRecord, words: Words) -> ServiceRecord:
        lines = _lines(text if between == "\n" else text.replace(between.strip(), "\n"))
        return _with(
            record,
            field,
            kept.read_kept(lines, getattr(record, field), lambda entry: write_one(entry, words), lambda line: read_one(line, words)),
        )

    return write, read


def _with(record: ServiceRecord, field: str, value: Any) -> ServiceRecord:
    return msgspec.structs.replace(record, **{field: value})


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def write_status(record: ServiceRecord, words: Words) -> str:
    """The state, in words."""
    return words.states.write([record.status])


def read_status(text: str, record: ServiceRecord, words: Words) -> ServiceRecord:
    """The record in the state that is said."""
    return _with(record, "status", next(iter(words.states.read(text)), "active"))


def write_ages(record: ServiceRecord, _words: Words) -> str:
    """Ages as words."""
    return cells.write_ages(record.minimum_age, record.maximum_age)


def read_ages(text: str, record: ServiceRecord, _words: Words) -> ServiceRecord:
    """The record with these ages."""
    least, most = cells.read_ages(text)
    return msgspec.structs.replace(record, minimum_age=least, maximum_age=most)


def write_venues(record: ServiceRecord, _words: Words) -> str:
    """Places, one a line."""
    return "\n".join(parts.write_venue(venue) for venue in record.venues)


def read_venues(text: str, record: ServiceRecord, _words: Words) -> ServiceRecord:
    """The record at these places; places that were there keep what is known of them."""
    told = [parts.read_venue(line) for line in _lines(text)]
    return _with(record, "venues", kept.venues_kept(told, record.venues))


def write_times(record: ServiceRecord, _words: Words) -> str:
    """Sessions of each place and of none, one a line."""
    return by_place.write_lines([map(write_session, venue.sessions) for venue in record.venues], map(write_session, record.sessions))


def read_times(text: str, record: ServiceRecord, _words: Words) -> ServiceRecord:
    """The record with these sessions."""

    def read(line: str) -> list[SessionEntry]:
        return [read_session(part) for part in split_sessions(line)]

    lines = by_place.read_lines(text, len(record.venues))
    told = {index: kept.read_kept(some, _at(record, index).sessions, write_session, read) for index, some in lines.items()}
    return by_place.with_sessions(record, told)


def write_closures(record: ServiceRecord, _words: Words) -> str:
    """Closed days of each place and of none, one a line."""
    return by_place.write_lines([map(write_closure, venue.closures) for venue in record.venues], map(write_closure, record.closures))


def read_closures(text: str, record: ServiceRecord, _words: Words) -> ServiceRecord:
    """The record with these closed days."""

    def read(line: str) -> list[ClosureEntry]:
        return [read_closure(line)]

    lines = by_place.read_lines(text, len(record.venues))
    told = {index: kept.read_kept(some, _at(record, index).closures, write_closure, read) for index, some in lines.items()}
    return by_place.with_closures(record, told)


def _at(record: ServiceRecord, index: int) -> VenueEntry | ServiceRecord:
    return record if index == NOWHERE else record.venues[index]


def write_access(record: ServiceRecord, _words: Words) -> str:
    """What makes each place easier to use."""
    return by_place.write_lines([["; ".join(venue.access)] if venue.access else [] for venue in record.venues])


def read_access(text: str, record: ServiceRecord, _words: Words) -> ServiceRecord:
    """The record whose places have this."""
    lines = by_place.read_lines(text, len(record.venues), is_of_places=True)
    told = {index: tuple(part.strip() for line in some for part in line.split(";") if part.strip()) for index, some in lines.items()}
    return by_place.with_venues(record, lambda index, venue: msgspec.structs.replace(venue, access=told[index]))


def of_venues(field: str) -> tuple[Write, Read]:
    """Words about each place."""

    def write(record: ServiceRecord, _words: Words) -> str:
        said = [" ".join(str(getattr(venue, field)).split()) for venue in record.venues]
        return by_place.write_lines([[words] if words else [] for words in said])

    def read(text: str, record: ServiceRecord, _words: Words) -> ServiceRecord:
        lines = by_place.read_lines(text, len(record.venues), is_of_places=True)
        return by_place.with_venues(record, lambda index, venue: msgspec.structs.replace(venue, **{field: " ".join(lines[index])}))

    return write, read


def write_documents(record: ServiceRecord, _words: Words) -> str:
    """What to bring, one thing a line."""
    return "\n".join(record.documents)


def read_documents(text: str, record: ServiceRecord, _words: Words) -> ServiceRecord:
    """The record with these things to bring."""
    return _with(record, "documents", tuple(_lines(text)))
