"""All times of a service on one page: a record, or what was posted about it, in; the record with its new times out.

Times belong to the places where it happens, and to the service itself where it has no place, or has times beside them.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import msgspec
from markupsafe import Markup
from wtforms import BooleanField, Form, SelectMultipleField

from portal.directory.gaps import MONTHS, gaps_of, with_bank_holidays, with_months
from portal.directory.opening import Opening, openings_from
from portal.directory.record import ClosureEntry, ServiceRecord, SessionEntry
from portal.directory.spoken import hours_of_record, month_name, next_dates, say
from portal.editing.writing.fields import plain
from portal.editing.writing.page import Offer, Writing
from portal.editing.writing.rows import MOST_ROWS, Posted, next_number, posted_id, prefixes, without_row
from portal.editing.writing.session_form import ClosureForm, SessionForm, closure_form, session_form
from portal.i18n.text import gettext, locale
from portal.i18n.text import lazy_gettext as _
from portal.ui.choices import SelectChoice

YEAR: Final = timedelta(days=366)
OWN: Final = "s"  # the service's own times; places are v0, v1 …
_Owner = tuple[str, tuple[SessionEntry, ...], tuple[ClosureEntry, ...]]


class GapsForm(Form):
    """Months and bank holidays when it does not happen."""

    months = SelectMultipleField(_("Not in these months"), validate_choice=False)
    bank = BooleanField(_("Not on bank holidays"))


@dataclass
class Rows:
    """The times of one place, or of the service itself: `key` for its fields, `name` of the place."""

    key: str
    name: str
    sessions: list[SessionForm]
    gaps: GapsForm
    closures: list[ClosureForm]
    before: tuple[ClosureEntry, ...]
    kept: tuple[ClosureEntry, ...]  # gaps that are over: nobody is asked about them
    saved: tuple[tuple[SessionEntry, ...], tuple[ClosureEntry, ...]]  # what is drafted, or live

    @property
    def forms(self) -> Iterator[Form]:
        """Every form on the page, in its order."""
        yield from self.sessions
        yield self.gaps
        yield from self.closures

    def entries(self, today: date) -> tuple[tuple[SessionEntry, ...], tuple[ClosureEntry, ...]]:
        """What valid forms mean."""
        sessions = tuple(form.entry() for form in self.sessions if not form.is_empty)
        gaps = gaps_of(self.before, today)
        meant = [entry for form in self.closures if (entry := form.entry())]
        general = [closure for closure in self.before if closure not in gaps.others and closure not in self.kept]
        chosen = {int(month) for month in self.gaps.months.data or () if month in _MONTH_KEYS}
        closures = with_months((*self.kept, *general, *meant), chosen, today)
        if not self.gaps.bank.data and not gaps.is_shut_on_bank_holidays:
            return sessions, _in_order_of(self.before, closures)
        days = _days_of(sessions, today) if self.gaps.bank.data else ()
        return sessions, _in_order_of(self.before, with_bank_holidays(closures, days, today, is_shut=bool(self.gaps.bank.data)))


class TimesForm(Writing):
    """The whole page: rows of each place, and of the service itself where it has times of its own."""

    def __init__(self, record: ServiceRecord, offer: Offer, posted: Posted | None = None) -> None:
        super().__init__(record, offer, posted)
        self.today = offer.today
        self.rows = [_rows(key, owner, offer.today, posted) for key, owner in _owners(record)]

    @property
    def forms(self) -> Iterator[Form]:
        """Every form on the page, in its order."""
        return (form for rows in self.rows for form in rows.forms)

    def result(self) -> ServiceRecord:
        """The record with the times of valid forms."""
        record, venues = self.record, list(self.record.venues)
        for rows in self.rows:
            sessions, closures = rows.entries(self.today)
            if rows.key == OWN:
                record = msgspec.structs.replace(record, sessions=sessions, closures=closures)
            else:
                number = int(rows.key.removeprefix("v"))
                venues[number] = msgspec.structs.replace(venues[number], sessions=sessions, closures=closures)
        return msgspec.structs.replace(record, venues=tuple(venues))

    def do(self, act: str) -> None:
        """Add or take away a row: "add-v0", "gap-v0", "remove-v0-2" (the third session), "open-v0-1" (the second gap)."""
        what, _dash, rest = act.partition("-")
        key, _dash, number = rest.partition("-")
        for rows in (rows for rows in self.rows if rows.key == key):
            if what == "add" and len(rows.sessions) < MOST_ROWS:
                rows.sessions.append(session_form(SessionEntry(), f"{key}-{next_number(rows.sessions)}-"))
            if what == "gap" and len(rows.closures) < MOST_ROWS:
                rows.closures.append(closure_form(None, f"{key}-g{next_number(rows.closures)}-"))
            if what == "remove":
                rows.sessions = without_row(rows.sessions, number)
            if what == "open":
                rows.closures = without_row(rows.closures, number)


@dataclass(frozen=True)
class Preview:
    """What a session says: its sentence, and the next dates of all."""

    sentences: tuple[Markup, ...]
    dates: tuple[Opening, ...]


def preview(sessions: Sequence[SessionEntry], closures: Sequence[ClosureEntry], moment: datetime) -> Preview:
    """Each session in a sentence, and the next five dates of them together."""
    sentences = tuple(say(session, closures, locale(), moment.date()) for session in sessions)
    return Preview(sentences, next_dates(sessions, closures, moment))


def _owners(record: ServiceRecord) -> Iterator[tuple[str, _Owner]]:
    if record.sessions or record.closures or not record.venues:
        yield OWN, ("", record.sessions, record.closures)
    for number, venue in enumerate(record.venues):
        name = plain(gettext("A confidential address")) if venue.is_confidential else venue.name or venue.address
        yield f"v{number}", (name, venue.sessions, venue.closures)


def _rows(key: str, owner: _Owner, today: date, posted: Posted | None) -> Rows:
    name, sessions, closures = owner
    gaps = gaps_of(closures, today)
    ticked = {"months": [str(month) for month in gaps.months], "bank": gaps.is_shut_on_bank_holidays}
    form = GapsForm(posted, prefix=f"{key}-", data=ticked)
    form.months.choices = [SelectChoice(str(month), month_name(locale(), month)) for month in MONTHS]
    if posted is None:
        forms = [session_form(each, f"{key}-{number}-") for number, each in enumerate(sessions or (SessionEntry(),))]
        shut = [closure_form(each, f"{key}-g{number}-") for number, each in enumerate(gaps.others)]
    else:
        known: dict[uuid.UUID | None, SessionEntry] = {each.id: each for each in sessions if each.id}
        gone: dict[uuid.UUID | None, ClosureEntry] = {each.id: each for each in gaps.others if each.id}
        forms = [session_form(known.get(posted_id(posted, at), SessionEntry()), at, posted) for at in prefixes(posted, key)]
        shut = [closure_form(gone.get(posted_id(posted, at)), at, posted) for at in prefixes(posted, key, "g")]
    kept = tuple(closure for closure in closures if closure.last < today)
    return Rows(key, name, forms, form, shut, closures, kept, (sessions, closures))


def _in_order_of(before: Sequence[ClosureEntry], closures: Sequence[ClosureEntry]) -> tuple[ClosureEntry, ...]:
    """Closures by their first day, as the directory keeps them; just as they were where they are the same."""
    if set(before) == set(closures) and len(before) == len(closures):
        return tuple(before)
    return tuple(sorted(closures, key=lambda closure: (closure.first, closure.last)))


def _days_of(sessions: Sequence[SessionEntry], today: date) -> list[date]:
    """The days of a year on which it would happen."""
    hours = hours_of_record(sessions, ())
    found = []
    for opening in openings_from(hours, datetime.combine(today, datetime.min.time())):
        if opening.day > today + YEAR:
            break
        found.append(opening.day)
    return found


_MONTH_KEYS: Final = frozenset(str(month) for month in MONTHS)
