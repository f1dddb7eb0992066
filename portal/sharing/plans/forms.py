"""Forms about a plan: for how long to keep it, its code, and where to send it. Posted forms in, values or messages in words out."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from wtforms import Form, HiddenField, RadioField, StringField, ValidationError
from wtforms.validators import Email, InputRequired

from portal.i18n.text import gettext
from portal.i18n.text import lazy_gettext as _
from portal.sealing import new_token
from portal.sharing.plans.kept import read_code
from portal.signposting.advising.texting import mobile_number
from portal.typed import one_line
from portal.ui.choices import SelectChoice

LASTS: Final = {"7": timedelta(days=7), "30": timedelta(days=30), "90": timedelta(days=90)}
LONGEST_TYPED: Final = 200


class KeepForm(Form):
    """For how long."""

    days = RadioField(
        _("For how long?"),
        choices=[SelectChoice("7", _("7 days")), SelectChoice("30", _("30 days")), SelectChoice("90", _("90 days"))],
        default="30",
        validators=[InputRequired(_("Choose for how long"))],
    )


class CodeForm(Form):
    """A code, however it is spaced."""

    code = StringField(
        _("Your code"),
        description=_("16 letters and numbers. Capitals, spaces and dashes do not matter."),
        filters=[lambda typed: one_line(typed or "", LONGEST_TYPED)],
    )

    def validate_code(self, field: StringField) -> None:
        """It has the shape of a code. Raises `ValidationError` in words."""
        if not read_code(field.data or ""):
            raise ValidationError(gettext("A code has 16 letters and numbers. Check it, and type it again."))


class SendForm(Form):
    """An e-mail address or a mobile number, whichever is typed. `once` marks one form, so that a second tap sends nothing more."""

    once = HiddenField(default=new_token)
    to = StringField(
        _("E-mail address or mobile number"),
        description=_("We use it once, to send this plan, and do not keep it."),
        filters=[lambda typed: one_line(typed or "", LONGEST_TYPED)],
        validators=[InputRequired(_("Type an e-mail address or a mobile number"))],
    )

    def validate_to(self, field: StringField) -> None:
        """It can be sent to. Raises `ValidationError` in words."""
        if "@" in (field.data or ""):
            Email(gettext("Write an e-mail address like name@example.com"))(self, field)
        elif not mobile_number(field.data or ""):
            raise ValidationError(gettext("Write a mobile number like 07700 900123, or an e-mail address"))
