"""Forms of signing in and of one's own account: posted or empty in, values or messages in words out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from werkzeug.datastructures import MultiDict
from wtforms import Form, HiddenField, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired

from portal.accounts.addresses import LONGEST, normal
from portal.accounts.signing.codes import read_digits
from portal.i18n.languages import LANGUAGES
from portal.i18n.text import gettext
from portal.i18n.text import lazy_gettext as _
from portal.typed import one_line
from portal.ui.choices import SelectChoice

LONGEST_NAME: Final = 80
LONGEST_TYPED: Final = 300


class AddressForm(Form):
    """Whose link to send, by address."""

    email = StringField(
        _("Your e-mail address"),
        description=_("The one that you keep listings with, or that you were invited by."),
        filters=[lambda typed: one_line(typed or "", LONGEST_TYPED)],
    )

    def validate_email(self, field: StringField) -> None:
        """It has the shape of an address. Raises `ValidationError` in words."""
        if len(field.data or "") > LONGEST or not normal(field.data or ""):
            raise ValidationError(gettext("Write an e-mail address like name@example.com"))


class DigitsForm(Form):
    """Six digits, however they are spaced."""

    digits = StringField(_("The six digits"), filters=[lambda typed: one_line(typed or "", LONGEST_TYPED)])

    def validate_digits(self, field: StringField) -> None:
        """They are six digits. Raises `ValidationError` in words."""
        if not read_digits(field.data or ""):
            raise ValidationError(gettext("Type six digits, such as 123 456"))

    @property
    def read(self) -> str:
        """The digits, plainly; of a valid form."""
        return read_digits(self.digits.data or "")


class AppForm(DigitsForm):
    """The first code of a new app. `sealed` is its secret, which only we can open."""

    sealed = HiddenField()


class DetailsForm(Form):
    """What somebody is called, and the language of mail to them. `offered`, the site's languages, is set by `details_form`."""

    offered: Sequence[str] = ()
    name = StringField(
        _("Your name"),
        description=_("Your colleagues and the council see it."),
        filters=[lambda typed: one_line(typed or "", LONGEST_TYPED)],
        validators=[InputRequired(_("Type your name"))],
    )
    language = SelectField(_("Language of e-mails to you"), validate_choice=False)

    def validate_name(self, field: StringField) -> None:
        """It is no longer than names are. Raises `ValidationError` in words."""
        if len(field.data or "") > LONGEST_NAME:
            raise ValidationError(gettext("Use 80 letters or fewer"))

    def validate_language(self, field: SelectField) -> None:
        """It is one of this site's. Raises `ValidationError` in words."""
        if field.data not in self.offered:
            raise ValidationError(gettext("Choose a language"))


def details_form(languages: Sequence[str], posted: MultiDict[str, str] | None = None, **now: str) -> DetailsForm:
    """The form with the languages of this site: as posted, or with `name` and `language` as they are now."""
    form = DetailsForm(posted, data=now)
    form.offered = languages
    form.language.choices = [SelectChoice(code, LANGUAGES[code].name) for code in languages]
    return form
