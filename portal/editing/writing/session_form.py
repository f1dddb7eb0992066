"""One session, and one gap, as people fill them in: an entry of a record or what was posted in, the entry that it means out."""

from __future__ import annotations

from datetime import time
from typing import Final

import msgspec
from babel import Locale
from wtforms import Field, Form, HiddenField, SelectField, SelectMultipleField, ValidationError

from portal.directory.opening import WEEKDAYS
from portal.directory.record import ClosureEntry, SessionEntry
from portal.editing.writing.clock_words import read_span, read_time
from portal.editing.writing.fields import Day, line, plain, shown_day
from portal.editing.writing.rhythm import AS_IT_IS, BY_DATE, LABELS, LAST_DAY, Rhythm, rhythm_of, with_rhythm
from portal.editing.writing.rows import Posted
from portal.i18n.text import gettext, locale
from portal.i18n.text import lazy_gettext as _
from portal.ui.choices import SelectChoice
from portal.ui.filters import clock_time, short_date, weekday

LONGEST_NOTE: Final = 120
LONGEST_TIME: Final = 40
ENGLISH: Final = "en"


class SessionForm(Form):
    """When one session is. `before` is what it was, set by `session_form`; it keeps what this form does not ask for."""

    before: SessionEntry
    id = HiddenField()
    often = SelectField(_("How often?"), validate_choice=False, default="w1")
    days = SelectMultipleField(_("Which days?"), validate_choice=False)
    monthday = SelectField(_("Which date of the month?"), validate_choice=False, default="")
    opens = line(_("Starts"), LONGEST_TIME)
    closes = line(_("Ends"), LONGEST_TIME)
    start = Day(_("One date when it happens"), description=_("We count the weeks from it."))
    first = Day(_("The first date (optional)"), description=_("Only if it starts later."))
    last = Day(_("The last date (optional)"), description=_("Only if it will end."))
    note = line(_("Anything to add about this time? (optional)"), LONGEST_NOTE, _("Such as “term time only” or “beginners”."))

    @property
    def rhythm(self) -> Rhythm:
        """What was chosen of days and weeks; what was not on offer counts as every week."""
        often = self.often.data if self.often.data in LABELS else "w1"
        if often == AS_IT_IS:
            return rhythm_of(self.before)
        if often == BY_DATE:
            return Rhythm(often, (), str(self.monthday.data or ""))
        return Rhythm(often, tuple(day for day in WEEKDAYS if day in (self.days.data or ())))

    @property
    def is_empty(self) -> bool:
        """Whether nothing was filled in for a session that is new: it is left out."""
        written = (self.days.data, self.opens.data, self.closes.data, self.start.data, self.note.data)
        return self.before == SessionEntry() and not any(written) and self.rhythm.often != BY_DATE

    @property
    def has_more(self) -> bool:
        """Whether the less common fields hold anything."""
        return any((self.start.data, self.first.data, self.last.data, self.note.data, self.monthday.data))

    def validate_days(self, _field: Field) -> None:
        """Days where the rhythm has days; none for a session that is only words. Raises `ValidationError` in words."""
        if self.is_empty or self._is_only_words or self.rhythm.often in (AS_IT_IS, BY_DATE):
            return
        if not self.rhythm.days:
            raise ValidationError(gettext("Tick the days when it happens"))

    def validate_monthday(self, field: Field) -> None:
        """A date of the month where that was chosen. Raises `ValidationError` in words."""
        if self.rhythm.often == BY_DATE and field.data not in _MONTHDAYS:
            raise ValidationError(gettext("Choose the date of the month when it happens"))

    def validate_opens(self, field: Field) -> None:
        """Raises `ValidationError` in words for what is no time, or for an end without a beginning."""
        _check_time(field.data or "")
        if self.closes.data and not field.data:
            raise ValidationError(gettext("Write when it starts, such as 10am"))

    def validate_closes(self, field: Field) -> None:
        """Raises `ValidationError` in words for what is no time."""
        _check_time(field.data or "")

    def validate_start(self, field: Day) -> None:
        """A date on one of the days, where weeks are counted from it. Raises `ValidationError` in words."""
        if not self.rhythm.needs_a_start or not self.rhythm.days:
            return
        if not field.data:
            raise ValidationError(gettext("Write one date when it happens, so that we can count the weeks"))
        if field.day and WEEKDAYS[field.day.weekday()] not in self.rhythm.days:
            said = {"date": short_date(locale(), field.day), "day": weekday(locale(), field.day.weekday())}
            raise ValidationError(gettext("%(date)s is a %(day)s. Write a date on one of the days that you ticked.", **said))

    def validate_last(self, field: Day) -> None:
        """Raises `ValidationError` in words for an end before the beginning."""
        if field.day and self.first.day and field.day < self.first.day:
            raise ValidationError(gettext("The last date comes before the first one. Write a later date."))

    @property
    def _is_only_words(self) -> bool:
        return bool(self.note.data) and not self.opens.data and not self.closes.data

    def entry(self) -> SessionEntry:
        """The session that a valid form means; fields that say the same as before stay letter by letter."""
        opens, closes = read_span(self.opens.data or "", self.closes.data or "")
        session = with_rhythm(self.before, self.rhythm)
        start = self.start.day if self.rhythm.needs_a_start else self.start.day or self.before.start
        return msgspec.structs.replace(
            session,
            opens=self.before.opens if self.opens.data == shown_time(self.before.opens, locale()) else opens,
            closes=self.before.closes if self.closes.data == shown_time(self.before.closes, locale()) else closes,
            start=start,
            first=self.first.day,
            last=self.last.day,
            note=self.note.data or "",
        )


class ClosureForm(Form):
    """Days on which it is closed. `before` is what it was."""

    before: ClosureEntry | None
    id = HiddenField()
    first = Day(_("First day closed"))
    last = Day(_("Last day closed"), description=_("Leave it empty for one day."))
    note = line(_("Why? (optional)"), LONGEST_NOTE)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was filled in: such a gap is left out."""
        return not (self.first.data or self.last.data or self.note.data)

    def validate_first(self, field: Day) -> None:
        """Raises `ValidationError` in words where a day is missing."""
        if not field.data and not self.is_empty:
            raise ValidationError(gettext("Write the first day when it is closed"))

    def validate_last(self, field: Day) -> None:
        """Raises `ValidationError` in words for an end before the beginning."""
        if field.day and self.first.day and field.day < self.first.day:
            raise ValidationError(gettext("The last day comes before the first one. Write a later day."))

    def entry(self) -> ClosureEntry | None:
        """The gap that a valid form means; nothing where it is empty."""
        if self.first.day is None:
            return None
        last = self.last.day or self.first.day
        if self.before is None:
            return ClosureEntry(self.first.day, last, note=self.note.data or "")
        return msgspec.structs.replace(self.before, first=self.first.day, last=last, note=self.note.data or "")


def session_form(before: SessionEntry, prefix: str, posted: Posted | None = None) -> SessionForm:
    """The form of one session, as it is or as posted. `prefix` tells its fields from those of others."""
    speaks, rhythm = locale(), rhythm_of(before)
    values = {
        "id": str(before.id or ""),
        "often": rhythm.often,
        "days": list(rhythm.days),
        "monthday": rhythm.monthday,
        "opens": shown_time(before.opens, speaks),
        "closes": shown_time(before.closes, speaks),
        "start": shown_day(before.start) if rhythm.needs_a_start else "",
        "first": shown_day(before.first),
        "last": shown_day(before.last),
        "note": before.note,
    }
    form = SessionForm(posted, prefix=prefix, data=values)
    form.before = before
    form.often.choices = [SelectChoice(key, label) for key, label in LABELS.items() if key != AS_IT_IS or rhythm.often == AS_IT_IS]
    form.days.choices = [SelectChoice(day, weekday(speaks, number)) for number, day in enumerate(WEEKDAYS)]
    form.monthday.choices = [SelectChoice("", gettext("On no date")), *(SelectChoice(each, _monthday(each)) for each in _MONTHDAYS)]
    return form


def closure_form(before: ClosureEntry | None, prefix: str, posted: Posted | None = None) -> ClosureForm:
    """The form of one gap, as it is or as posted."""
    values = {"id": str(before.id or ""), "first": shown_day(before.first), "note": before.note} if before else {}
    if before and before.last != before.first:
        values["last"] = shown_day(before.last)
    form = ClosureForm(posted, prefix=prefix, data=values)
    form.before = before
    return form


def shown_time(moment: time | None, speaks: Locale) -> str:
    """A time as it stands in its box: "10.30am" in English, "10:30" elsewhere."""
    if moment is None:
        return ""
    return str(clock_time(speaks, moment).striptags()) if speaks.language == ENGLISH else moment.strftime("%H:%M")


_MONTHDAYS: Final = (*(str(day) for day in range(1, 32)), LAST_DAY)


def _monthday(value: str) -> str:
    return plain(gettext("The last day")) if value == LAST_DAY else value


def _check_time(typed: str) -> None:
    if typed and read_time(typed) is None:
        raise ValidationError(gettext("Write a time like 10am, 2.30pm or 12 noon"))
