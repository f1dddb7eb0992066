"""The form with which somebody is asked to help: what was typed in, an `Invitee` or words out. No database, no network."""

from __future__ import annotations

import re
from typing import Final

from werkzeug.datastructures import MultiDict
from wtforms import Form, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired

from portal.accounts.addresses import LONGEST, normal
from portal.accounts.people.offers import Invitee
from portal.i18n.languages import LANGUAGES
from portal.i18n.text import gettext
from portal.i18n.text import lazy_gettext as _
from portal.typed import one_line
from portal.ui.choices import SelectChoice

LONGEST_NAME: Final = 80
_NO_NAME: Final = re.compile(r"[/@<>\\]|www\.", re.IGNORECASE)  # names go where addresses would be pressed


class InviteForm(Form):
    """Who is asked, and in which language we write to them."""

    email = StringField(
        _("E-mail address"),
        description=_("We write to them there. They sign in with this address, without a password."),
        filters=[lambda typed: one_line(typed or "", 2 * LONGEST)],
        validators=[InputRequired(_("Write their e-mail address"))],
    )
    name = StringField(
        _("Name (optional)"),
        description=_("Colleagues see it."),
        filters=[lambda typed: one_line(typed or "", 2 * LONGEST_NAME)],
    )
    language = SelectField(_("Language that we write to them in"), validate_choice=False)

    def validate_email(self, field: StringField) -> None:
        """It is an address. Raises `ValidationError` in words."""
        if not normal(field.data or ""):
            raise ValidationError(gettext("Write an e-mail address like name@example.com"))

    def validate_name(self, field: StringField) -> None:
        """It is short, and a name. Raises `ValidationError` in words."""
        if len(field.data or "") > LONGEST_NAME:
            raise ValidationError(gettext("Use %(most)s letters or fewer for the name", most=LONGEST_NAME))
        if _NO_NAME.search(field.data or ""):
            raise ValidationError(gettext("Write a name only, without an address"))

    @property
    def invitee(self) -> Invitee:
        """Who is asked; of a valid form."""
        return Invitee(normal(self.email.data or ""), self.name.data or "", self.language.data)


def offer_languages(field: SelectField, offered: tuple[str, ...], likely: str) -> None:
    """Let one of the site's languages be chosen: the likely one where nothing, or none of them, was."""
    field.choices = [SelectChoice(code, LANGUAGES[code].name) for code in offered]
    if field.data not in offered:
        field.data = likely


def invite_form(offered: tuple[str, ...], likely: str, posted: MultiDict[str, str] | None = None) -> InviteForm:
    """The form, as posted or empty. `offered` are the site's languages, `likely` the one of whoever asks."""
    form = InviteForm(posted)
    offer_languages(form.language, offered, likely)
    return form
