"""The form with which residents say what is wrong with a listing: its shape and its messages."""

from __future__ import annotations

from wtforms import Form, RadioField, StringField, TextAreaField
from wtforms.validators import Email, InputRequired, Length, Optional

from portal.directory.reporting import Wrong
from portal.directory.reports import ListingReport
from portal.i18n.text import lazy_gettext as _
from portal.typed import lines, one_line
from portal.ui.choices import SelectChoice

LONGEST_MESSAGE = 1_000
LONGEST_REPLY_TO = 120

LABELS = {
    "closed": _("It has closed or moved"),
    "times": _("The days or times are wrong"),
    "phone": _("The phone number, e-mail or website is wrong"),
    "address": _("The address is wrong"),
    "cost": _("The cost is wrong"),
    "offensive": _("Something here should not be shown"),
    "other": _("Something else"),
}


class ReportForm(Form):
    """What is wrong, in words if they like, and where to answer if they want an answer."""

    kind = RadioField(
        _("What is wrong?"),
        choices=[SelectChoice(kind, LABELS[kind]) for kind in ListingReport.KINDS],
        validators=[InputRequired(_("Choose what is wrong"))],
    )
    message = TextAreaField(
        _("Tell us more (optional)"),
        description=_("What should it say? Please leave out private things about people."),
        filters=[lambda typed: lines(typed or "", 2 * LONGEST_MESSAGE)],
        validators=[Length(max=LONGEST_MESSAGE, message=_("Use 1,000 letters or fewer"))],
    )
    reply_to = StringField(
        _("Your e-mail, if you would like an answer (optional)"),
        description=_("We use it only to answer you."),
        filters=[lambda typed: one_line(typed or "", 2 * LONGEST_REPLY_TO)],
        validators=[
            Optional(),
            Length(max=LONGEST_REPLY_TO, message=_("That e-mail address is too long")),
            Email(_("Write an e-mail address like name@example.com, or leave it empty")),
        ],
    )

    def wrong(self, language: str) -> Wrong:
        """What a valid form says, on a page in `language`."""
        return Wrong(self.kind.data or "", self.message.data or "", self.reply_to.data or "", language)
