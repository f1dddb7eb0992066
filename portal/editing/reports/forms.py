"""The form with which a report is answered: a posted form in, what was done or messages in words out."""

from __future__ import annotations

from typing import Final

from wtforms import Form, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.editing.reports.letters import PUT_RIGHT, RIGHT
from portal.editing.reports.operations import Done
from portal.i18n.text import lazy_gettext as _
from portal.typed import lines
from portal.ui.choices import SelectChoice

LONGEST_WORDS: Final = 400


class DoneForm(Form):
    """What was done, and words for whoever reported it."""

    outcome = RadioField(
        _("What did you do?"),
        choices=[
            SelectChoice(PUT_RIGHT, _("We have put it right")),
            SelectChoice(RIGHT, _("It is right as it is")),
        ],
        validators=[InputRequired(_("Choose what you did"))],
    )
    words = TextAreaField(
        _("A few words for them (optional)"),
        description=_("We send them on if they left an e-mail address. Up to 400 letters."),
        filters=[lambda typed: lines(typed or "", 2 * LONGEST_WORDS)],
        validators=[Length(max=LONGEST_WORDS, message=_("Use 400 letters or fewer"))],
    )

    def done(self) -> Done:
        """What a valid form says."""
        return Done(self.outcome.data or "", self.words.data or "")
