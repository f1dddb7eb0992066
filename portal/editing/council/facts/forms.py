"""Forms of facts: an amount of money, and the front door's number and hours. What was typed in, facts or messages in words out."""

from __future__ import annotations

from typing import Any, Final

from wtforms import DateField, Form, StringField, ValidationError

from portal import clock
from portal.council.content import Amount, LineWords
from portal.editing.council.amounts import as_pounds
from portal.editing.council.fields import DayField, not_empty, not_turning, number_field, url_field, version_field, words_field
from portal.i18n.text import gettext
from portal.i18n.text import lazy_gettext as _
from portal.pack import Line
from portal.typed import one_line
from portal.ui.filters import dialable

LONGEST_HOURS: Final = 120


class AmountForm(Form):
    """An amount with where and when it was read; left empty, the amount of the site's own file counts again."""

    version = version_field()
    amount = StringField(
        _("Amount in pounds"),
        description=_("For example 86.45. Leave it empty to go back to the amount in the site's own table."),
        filters=[lambda typed: one_line(typed or "", 80)],
        validators=[not_turning],
    )
    source = url_field(_("Where did you read it?"), hint=_("An official page, or that of a national charity. Begins with https://"))
    read_on = DayField(_("When did you read it?"))

    def validate_amount(self, field: StringField) -> None:
        """Pounds, or nothing. Raises `ValidationError` in words."""
        if field.data and not as_pounds(field.data):
            raise ValidationError(gettext("Write an amount like 86.45 or 23,250."))

    def validate_source(self, field: StringField) -> None:
        """Where there is an amount. Raises `ValidationError` in words."""
        if self.amount.data and not field.data:
            raise ValidationError(gettext("Write the address of the page where you read it."))

    def validate_read_on(self, field: DateField) -> None:
        """Where there is an amount, and not in the future. Raises `ValidationError` in words."""
        if self.amount.data and field.data is None:
            raise ValidationError(gettext("Write the day on which you read it."))
        if field.data and field.data > clock.today():
            raise ValidationError(gettext("This day is still to come. Write the day on which you read it."))

    @property
    def fact(self) -> Amount:
        """The amount of a valid form."""
        amount = as_pounds(self.amount.data or "")
        return Amount(amount, self.source.data or "", self.read_on.data) if amount else Amount("")


class LineForm(Form):
    """The front door's number, typed twice where it changes, and its hours. `shown` is what pages say now."""

    shown: Line
    version = version_field()
    number = number_field(_("Phone number"), not_empty(_("Write the number.")))
    again = StringField(
        _("The same number once more"),
        description=_("Only if you change it. Look at the letter or the screen again, and type it from there."),
        filters=[lambda typed: one_line(typed or "", 160)],
        validators=[not_turning],
    )
    hours = words_field(_("When is it open?"), LONGEST_HOURS, not_empty(_("Write when it is open.")))

    def validate_again(self, field: StringField) -> None:
        """The same digits, where they are others than now. Raises `ValidationError` in words."""
        typed, again = dialable(self.number.data or ""), dialable(field.data or "")
        if typed != dialable(self.shown.number) and typed != again:
            raise ValidationError(gettext("The two numbers are not the same. Type the new number in both boxes."))

    def words(self, door: Line) -> LineWords:
        """The words of a valid form, in place of those that the pack's `door` has."""
        return LineWords(self.number.data or "", self.hours.data or "", door.number, door.hours)


def line_form(shown: Line, posted: Any = None) -> LineForm:
    """The form, filled from what was posted, else from what pages say now."""
    form = LineForm(posted, data={"number": shown.number, "hours": shown.hours})
    form.shown = shown
    return form
