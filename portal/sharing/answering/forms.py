"""The form with which a recipient answers: a posted form in, a `Reply` or messages in words out."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from werkzeug.datastructures import MultiDict
from wtforms import DateField, Form, RadioField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from portal import clock
from portal.i18n.text import gettext
from portal.i18n.text import lazy_gettext as _
from portal.sharing.asking.reply import CONTACT, FULL, NOT_US, Reply
from portal.typed import lines, one_line
from portal.ui.choices import SelectChoice

LONGEST_MESSAGE: Final = 400
LONGEST_INSTEAD: Final = 200
FURTHEST: Final = timedelta(days=366)
_LABELS: Final = {
    CONTACT: _("We will get in touch"),
    NOT_US: _("This is not for us"),
    FULL: _("We are full just now"),
}


class DayField(DateField):
    """A day, from a browser's calendar or typed as people in Britain do."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """A date, or none. Raises `ValueError`, which WTForms makes a message, in words."""
        if not valuelist or not valuelist[0].strip():
            self.data = None
            return
        try:
            super().process_formdata([valuelist[0].strip()])
        except ValueError as error:
            raise ValueError(gettext("Write the day like 24/11/2026.")) from error


class ReplyForm(Form):
    """One of three answers; a day for the first and the last, a hint for the second, a message for any."""

    kind = RadioField(
        _("What is your answer?"),
        choices=[SelectChoice(kind, label) for kind, label in _LABELS.items()],
        validators=[InputRequired(_("Choose an answer"))],
    )
    on = DayField(
        _("Which day?"),
        description=_("The day by which you get in touch, or until which you are full."),
        format=["%Y-%m-%d", "%d/%m/%Y"],
    )
    instead = StringField(
        _("If it is not for you: who else could help?"),
        filters=[lambda typed: one_line(typed or "", 2 * LONGEST_INSTEAD)],
        validators=[Length(max=LONGEST_INSTEAD, message=_("Use 200 letters or fewer"))],
    )
    message = TextAreaField(
        _("A short message (optional)"),
        description=_("They read it on this site. Up to 400 letters."),
        filters=[lambda typed: lines(typed or "", 4 * LONGEST_MESSAGE)],
        validators=[Length(max=LONGEST_MESSAGE, message=_("Use 400 letters or fewer"))],
    )

    def validate_on(self, field: DayField) -> None:
        """A day from today, where one is needed. Raises `ValidationError` in words."""
        if self.kind.data not in (CONTACT, FULL) or field.process_errors:
            return
        if field.data is None:
            raise ValidationError(gettext("Choose the day."))
        if not clock.today() <= field.data <= clock.today() + FURTHEST:
            raise ValidationError(gettext("Choose a day from today on, within a year."))

    def reply(self) -> Reply:
        """What a valid form says."""
        kind = self.kind.data
        on: date | None = self.on.data if kind != NOT_US else None
        instead = (self.instead.data or "") if kind == NOT_US else ""
        return Reply(kind, on, instead, self.message.data or "")


def reply_form(before: Reply | None = None, posted: MultiDict[str, str] | None = None) -> ReplyForm:
    """The form as posted, or with what was answered before."""
    given = {"kind": before.kind, "on": before.on, "instead": before.instead, "message": before.message} if before else {}
    return ReplyForm(posted, data=given)
