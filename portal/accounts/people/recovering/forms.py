"""The forms of helping somebody to sign in again: whom, what happened, and how it is known that it is really them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from wtforms import Form, RadioField, StringField, ValidationError
from wtforms.validators import InputRequired

from portal.accounts.addresses import LONGEST, normal
from portal.accounts.people.recovering.operations import Reason
from portal.i18n.text import gettext, marked
from portal.i18n.text import lazy_gettext as _
from portal.typed import one_line
from portal.ui.choices import SelectChoice

WHAT: Final[Mapping[str, str]] = {
    "lost": marked("Their phone or computer is lost"),
    "broken": marked("Their phone or computer is broken"),
    "stolen": marked("Their phone or computer was stolen"),
    "new": marked("They have a new phone or computer"),
    "other": marked("Something else"),
}
KNOWN_BY: Final[Mapping[str, str]] = {
    "met": marked("I spoke with them face to face"),
    "rang": marked("I rang them on a number that we had before"),
    "video": marked("I saw them in a video call"),
}


class WhomForm(Form):
    """Whose sign-in is lost."""

    email = StringField(
        _("Their e-mail address"),
        filters=[lambda typed: one_line(typed or "", 2 * LONGEST)],
        validators=[InputRequired(_("Write their e-mail address"))],
    )

    def validate_email(self, field: StringField) -> None:
        """It is an address. Raises `ValidationError` in words."""
        if not normal(field.data or ""):
            raise ValidationError(gettext("Write an e-mail address like name@example.com"))


class WhyForm(Form):
    """What happened, and how the colleague knows."""

    what = RadioField(
        _("What happened?"),
        choices=[SelectChoice(key, _(label)) for key, label in WHAT.items()],
        validators=[InputRequired(_("Choose what happened"))],
    )
    known_by = RadioField(
        _("How do you know that it is really them?"),
        description=_("An e-mail is not enough: somebody else may have written it."),
        choices=[SelectChoice(key, _(label)) for key, label in KNOWN_BY.items()],
        validators=[InputRequired(_("Choose how you know that it is really them"))],
    )

    @property
    def reason(self) -> Reason:
        """Why; of a valid form."""
        return Reason(self.what.data, self.known_by.data)
