"""What would become of a table: its rows and the services as they are in, row by row what is new, changed or wrong out. Pure.

A cell that says what the service says already is left alone, whatever else there is to the part it stands for. What the file does not
speak of stays as it is; nothing is ever deleted by leaving a row out. A file of ours says which version of a service it was taken
from: what others changed since is only written over where the file says something else than it said then.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Final

from markupsafe import Markup

from portal.directory.record import ServiceRecord, changed_fields
from portal.directory.records import Recorded
from portal.editing.spreadsheet.columns import BY_KEY, COLUMNS, ID, ID_HEADING, VERSION
from portal.editing.spreadsheet.kinds import Column
from portal.editing.spreadsheet.places import PARTS, PLACES, line_of
from portal.editing.spreadsheet.plan import Choices, Difference, Fate, Mistake, Plan, PlannedRow
from portal.editing.spreadsheet.table import Row, Table, Unclear, folded
from portal.editing.spreadsheet.words import Words
from portal.i18n.text import gettext, marked
from portal.typed import lines, uuid_in

LONGEST_TEXT: Final = 32_000  # letters that a cell of a workbook holds
EMPTY: Final = ServiceRecord(name="")
_NEEDED: Final = {"name": marked("Write a name."), "description": marked("Write what the service does.")}


Earlier = Mapping[tuple[uuid.UUID, int], ServiceRecord]  # what services said in versions that are not theirs any more


def cell_of(column: Column, record: ServiceRecord, words: Words) -> str:
    """What a cell of ours says, as it goes into a file and is compared."""
    text = column.write(record, words)
    return lines(text, LONGEST_TEXT) if text else ""  # most are empty, of tens of thousands


def plan(table: Table, choices: Choices, services: Sequence[Recorded], words: Words, earlier: Earlier | None = None) -> Plan:
    """What becomes of the rows of `table`; `services` are all of the organization's, `earlier` those that the file was taken from."""
    known = _Known(services, earlier or {})
    names = Counter(folded(row.cells[choices.keys.index("name")]) for row in table.rows) if "name" in choices.keys else Counter[str]()
    reading = _Reading(table, choices, words, names)
    planned = [_plan_row(row, reading, known) for row in table.rows]
    taken = Counter(row.service_id for row in planned if row.service_id)
    return Plan(tuple(_wrong(row, ID_HEADING, _twice()) if row.service_id and taken[row.service_id] > 1 else row for row in planned))


def versions_told(table: Table, choices: Choices, services: Sequence[Recorded]) -> set[tuple[uuid.UUID, int]]:
    """The services and versions that a file was taken from, where they are not those of today."""
    if not {ID, VERSION} <= set(choices.keys):
        return set()
    live = {each.service_id: each.version for each in services}
    at_id, at_version = choices.keys.index(ID), choices.keys.index(VERSION)
    told = {(_uuid(row.cells[at_id]), number_of(row.cells[at_version])) for row in table.rows}
    return {(key, number) for key, number in told if number is not None and live.get(key, number) != number}


@dataclass(frozen=True)
class _Reading:
    """What a row is read with. `names` counts folded names over the whole file."""

    table: Table
    choices: Choices
    words: Words
    names: Mapping[str, int]

    def text(self, row: Row, key: str) -> str:
        """The cell of a row in the column that was chosen for `key`; empty where there is none. Raises `Unclear` for no place."""
        text = row.cells[self.choices.keys.index(key)] if key in self.choices.keys else ""
        return line_of(text, {part.key: self.text(row, part.key) for part in PARTS}) if key == PLACES else text

    @cached_property
    def keys(self) -> frozenset[str]:
        """The keys that the file tells of."""
        return frozenset(self.choices.keys) | ({PLACES} if any(part.key in self.choices.keys for part in PARTS) else frozenset())

    def heading(self, key: str) -> str:
        """How the file calls that column."""
        theirs = self.table.headings[self.choices.keys.index(key)] if key in self.choices.keys else ""
        return theirs or (BY_KEY[key].heading if key in BY_KEY else ID_HEADING)


class _Known:
    """The organization's services, by id and by name, and what some of them said before."""

    def __init__(self, services: Sequence[Recorded], earlier: Earlier) -> None:
        self.by_id = {each.service_id: each for each in services}
        self.earlier = earlier
        self.by_name: dict[str, list[Recorded]] = {}
        for each in services:
            self.by_name.setdefault(folded(each.record.name), []).append(each)


@dataclass(frozen=True)
class _Base:
    """What a row starts from: the service as it is `now`, and as the file was taken from it (`then`, None where nobody knows)."""

    now: ServiceRecord
    then: ServiceRecord | None = None
    is_new: bool = False

    def said(self, column: Column, words: Words) -> set[str]:
        """What a cell that nobody has touched may say."""
        now = cell_of(column, self.now, words)
        return {now} if self.then is None or self.then is self.now else {now, cell_of(column, self.then, words)}

    @property
    def has_moved(self) -> bool:
        """Whether the places are not those any more by whose numbers the file speaks."""
        return self.then is not None and [venue.id for venue in self.then.venues] != [venue.id for venue in self.now.venues]


def _plan_row(row: Row, reading: _Reading, known: _Known) -> PlannedRow:
    name = reading.text(row, "name")
    found = _match(row, reading, known)
    if isinstance(found, Mistake):
        return PlannedRow(row.number, name, Fate.WRONG, mistakes=(found,))
    base = _base(row, reading, known, found)
    record, mistakes = _read(row, reading, base)
    service_id = found.service_id if found else None
    if mistakes:
        return PlannedRow(row.number, record.name or name, Fate.WRONG, service_id, mistakes=mistakes)
    if not changed_fields(base.now, record):
        return PlannedRow(row.number, record.name, Fate.SAME, service_id, record)
    compare = partial(_differences, base, record, reading.words)
    return PlannedRow(row.number, record.name, Fate.CHANGED if found else Fate.NEW, service_id, record, compare)


def _base(row: Row, reading: _Reading, known: _Known, found: Recorded | None) -> _Base:
    if found is None:
        return _Base(EMPTY, EMPTY, is_new=True)
    version = number_of(reading.text(row, VERSION))
    if version in (None, found.version):
        return _Base(found.record, found.record)
    return _Base(found.record, known.earlier.get((found.service_id, version or 0)))


def number_of(text: str) -> int | None:
    """The version that a cell names."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _match(row: Row, reading: _Reading, known: _Known) -> Recorded | Mistake | None:
    """The service that a row is about, None for a new one."""
    said, name = reading.text(row, ID), folded(reading.text(row, "name"))
    if said:
        service = known.by_id.get(_uuid(said))
        return service or Mistake(reading.heading(ID), gettext("We do not know this id here. Leave the cell empty for a new service."))
    namesakes = known.by_name.get(name, []) if name else []
    if len(namesakes) > 1:
        return Mistake(
            reading.heading("name"),
            gettext("You have more than one service of this name. Download your listings, and put the id in this row."),
        )
    if not namesakes and name and reading.names[name] > 1:
        return Mistake(reading.heading("name"), gettext("This name is in more than one row. Give each new service a name of its own."))
    return namesakes[0] if namesakes else None


def _uuid(text: str) -> uuid.UUID:
    return uuid_in(text) or uuid.UUID(int=0)


def _read(row: Row, reading: _Reading, base: _Base) -> tuple[ServiceRecord, tuple[Mistake, ...]]:
    """The record that a row makes of its base, and what is wrong with it."""
    record, mistakes = base.now, []
    for column in COLUMNS:
        if column.key not in reading.keys:
            continue
        try:
            text = reading.text(row, column.key)
            if not _is_told(text, reading, column, (base, record)):
                continue
            _refuse_broken_letters(text)
            if column.is_by_place and base.has_moved:
                raise Unclear(gettext("The places of this service have changed since you took the file. Take it again, then change this."))
            record = column.read(text, record, reading.words)
        except Unclear as error:
            mistakes.append(Mistake(reading.heading(column.key), error.sentence))
    if base.is_new:
        mistakes += _missing(record, reading, mistakes)
    return record, tuple(mistakes)


def _is_told(text: str, reading: _Reading, column: Column, so_far: tuple[_Base, ServiceRecord]) -> bool:
    """Whether a cell says something that the service does not say already; `so_far`: what the row starts from, and the record as read."""
    base, record = so_far
    if not text and not reading.choices.empties:
        return False
    if lines(text, LONGEST_TEXT) not in base.said(column, reading.words):
        return True
    return column.is_by_place and bool(text) and _is_renumbered(base.now, record)


def _is_renumbered(base: ServiceRecord, record: ServiceRecord) -> bool:
    """Whether "Place 2" is another place than it was."""
    return [venue.id for venue in record.venues[: len(base.venues)]] != [venue.id for venue in base.venues]


def _missing(record: ServiceRecord, reading: _Reading, mistakes: Sequence[Mistake]) -> list[Mistake]:
    """What a new service has to have."""
    said = {mistake.heading for mistake in mistakes}
    needed = [key for key in _NEEDED if not getattr(record, key) and reading.heading(key) not in said]
    return [Mistake(reading.heading(key), gettext(_NEEDED[key])) for key in needed]


def _differences(base: _Base, record: ServiceRecord, words: Words) -> Iterator[Difference]:
    for column in COLUMNS:
        was, now = cell_of(column, base.now, words), cell_of(column, record, words)
        if was != now:
            yield Difference(column, was, now, base.then is None or cell_of(column, base.then, words) != was)


def _refuse_broken_letters(text: str) -> None:
    """Letters that were read in the wrong way somewhere on their way: "CafÃ©". Raises `Unclear`."""
    for word in text.split():
        if word.isascii():
            continue
        try:
            word.encode("cp1252").decode("utf-8")
        except UnicodeError:
            if "\ufffd" not in word:
                continue
        raise Unclear(
            gettext("The letters in “%(word)s” are broken. Write them again, or save your file as “CSV UTF-8” or XLSX.", word=word[:40])
        )


def _wrong(row: PlannedRow, heading: str, sentence: Markup) -> PlannedRow:
    return PlannedRow(row.number, row.name, Fate.WRONG, row.service_id, mistakes=(*row.mistakes, Mistake(heading, sentence)))


def _twice() -> Markup:
    return gettext("Another row is about the same service. Keep one of them.")
