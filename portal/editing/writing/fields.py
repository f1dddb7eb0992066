"""Fields that people write in, the same everywhere: what is typed is made safe, kept whatever is wrong with it, and bounded in words."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import regex
from markupsafe import Markup
from wtforms import Field, Form, StringField, TextAreaField, ValidationError
from wtforms.form import BaseForm

from portal.editing.writing.date_words import read_date
from portal.i18n.text import LazyString, gettext, ngettext
from portal.typed import lines, one_line

KEPT: Final = 20_000  # letters of one field that come back when something is wrong with it
_TURNING: Final = regex.compile(r"[\u202a-\u202e\u2066-\u2069]")


class Written:
    """A check of what is written: nothing hidden in it, not too long, there where it is needed (`needed` says so in words)."""

    def __init__(self, longest: int, needed: Any = "") -> None:
        self.longest, self.needed = longest, needed

    def __call__(self, _form: Form, field: Field) -> None:
        """Raises `ValidationError` in words."""
        if any(_TURNING.search(str(raw)) for raw in field.raw_data or ()):
            raise ValidationError(gettext("We took out hidden signs that turn words around. Read this and save it again."))
        if not field.data and self.needed:
            raise ValidationError(self.needed)
        if len(field.data or "") > self.longest:
            over = len(field.data) - self.longest
            raise ValidationError(ngettext("Make it shorter by %(num)s letter", "Make it shorter by %(num)s letters", over))


def line(label: LazyString, longest: int, hint: LazyString | str = "", needed: LazyString | str = "") -> Any:
    """A field of one line."""
    return StringField(label, description=str_or_lazy(hint), filters=[one_line_of], validators=[Written(longest, needed)])


def paragraphs(label: LazyString, longest: int, hint: LazyString | str = "", needed: LazyString | str = "") -> Any:
    """A field of several lines."""
    return TextAreaField(label, description=str_or_lazy(hint), filters=[lines_of], validators=[Written(longest, needed)])


def str_or_lazy(text: LazyString | str) -> Any:
    """Words that are looked up when they are shown; wtforms takes them as its strings."""
    return text


def plain(message: Markup) -> str:
    """A message as plain text, for places that escape it again."""
    return message.striptags()


class Day(StringField):
    """A day of the calendar, as a date picker sends it or as people type it. `day` is None where it is none or nothing was typed."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """What was typed, on one line."""
        self.data = one_line(valuelist[0], KEPT) if valuelist else ""

    @property
    def day(self) -> date | None:
        """The day that was typed."""
        return read_date(self.data or "")

    def pre_validate(self, form: BaseForm) -> None:
        """Raises `ValidationError` for what is no day, in words."""
        del form
        if self.data and self.day is None:
            raise ValidationError(gettext("Write a date like 5 January 2027"))


def shown_day(day: date | None) -> str:
    """A day as a date picker takes it."""
    return day.isoformat() if day else ""


def one_line_of(typed: str | None) -> str:
    """What was typed, safe and on one line; however long, so that nothing is lost before somebody has been told."""
    return one_line(typed or "", KEPT)


def lines_of(typed: str | None) -> str:
    """What was typed, safe, with its lines."""
    return lines(typed or "", KEPT)
