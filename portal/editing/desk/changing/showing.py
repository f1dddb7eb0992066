"""What the pages of changing show: a subject in, its differences, its checks and its steps as frozen rows out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.directory.record import ServiceRecord
from portal.directory.spoken import next_dates, say_date
from portal.editing.checks.whole import Checked, Surroundings, check
from portal.editing.desk.queries import list_neighbours
from portal.editing.desk.room import DeskRoom
from portal.editing.desk.subject import Subject
from portal.editing.differences import Marked, compare
from portal.editing.saying import LABELS, Speech, filled_fields, say_field
from portal.editing.writing.places import position_of
from portal.editing.writing.steps import CLOSING, STEPS, Step
from portal.i18n.languages import SOURCE
from portal.i18n.request import page_language
from portal.i18n.text import locale
from portal.taxonomy.terms import Taxonomy


@dataclass(frozen=True)
class Row:
    """One field in words: what stays, goes and comes."""

    field: str
    label: Any
    lines: tuple[Marked, ...]
    is_changed: bool


@dataclass(frozen=True)
class Section:
    """One step with its rows."""

    step: Step
    rows: tuple[Row, ...]

    @property
    def is_changed(self) -> bool:
        """Whether anything in it would change."""
        return any(row.is_changed for row in self.rows)


def sections(subject: Subject, taxonomy: Taxonomy, moment: datetime) -> tuple[Section, ...]:
    """The whole listing as it will be, step by step; steps that say nothing are there too, so that they can be filled in."""
    speech = Speech(taxonomy, locale(), moment.date())
    changed = subject.changed
    records = [record for record in (subject.live, subject.record) if record]
    filled = filled_fields(records)
    steps = STEPS if subject.is_new else (*STEPS, CLOSING)
    return tuple(
        Section(step, tuple(_row(subject, name, speech, is_changed=name in changed) for name in step.fields if name in filled))
        for step in steps
    )


def _row(subject: Subject, name: str, speech: Speech, *, is_changed: bool) -> Row:
    after = say_field(subject.record, name, speech)
    before = say_field(subject.live, name, speech) if subject.live else ()
    return Row(name, LABELS[name], compare(before if subject.live and is_changed else after, after), is_changed)


def checked(session: Session, room: DeskRoom, subject: Subject) -> Checked:
    """What the checks say of a subject."""
    language, record = page_language().code, subject.record
    offer = room.offer(language)
    around = Surroundings(
        neighbours=list_neighbours(session, subject.organization_id, subject.service_id, record),
        questions=room.questions.get(language) or room.questions.get(SOURCE, {}),
        suggested=room.hears(f"{record.name}. {record.description}", SOURCE),
        hears=lambda question: room.hears(question, language),
        knows_postcode=lambda postcode: position_of(postcode, offer)[0] is not None,
    )
    return check(record, subject.live, around)


def coming(record: ServiceRecord, moment: datetime) -> tuple[Markup, ...]:
    """The next five dates of all its places together, in words."""
    owners: Sequence[tuple[Any, Any]] = [(record.sessions, record.closures), *((it.sessions, it.closures) for it in record.venues)]
    found = [opening for sessions, closures in owners for opening in next_dates(sessions, closures, moment)]
    ordered = sorted(dict.fromkeys(found), key=lambda opening: opening.starts_at)
    return tuple(say_date(opening, locale()) for opening in ordered[:5])
