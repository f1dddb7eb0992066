"""Whether it is open: as usual, closed for a while with words for residents, or ended."""

from __future__ import annotations

from typing import Final

import msgspec
from wtforms import Field, Form, RadioField, ValidationError
from wtforms.validators import InputRequired

from portal.directory.models import Status
from portal.directory.record import ServiceRecord
from portal.editing.writing.fields import paragraphs
from portal.editing.writing.page import Offer, Writing
from portal.editing.writing.rows import Posted
from portal.i18n.text import gettext
from portal.i18n.text import lazy_gettext as _
from portal.ui.choices import SelectChoice

LONGEST_NOTICE: Final = 300
ENDED: Final = Status.INACTIVE.value
CHOICES: Final = {
    Status.ACTIVE.value: _("It is open as usual"),
    Status.TEMPORARILY_CLOSED.value: _("It is closed for a while"),
    ENDED: _("It has ended, or it will not start again"),
}


class OpenForm(Form):
    """Open, paused or over."""

    status = RadioField(
        _("How is it?"),
        choices=[SelectChoice(key, label) for key, label in CHOICES.items()],
        validators=[InputRequired(_("Choose how it is"))],
    )
    alert = paragraphs(
        _("What should people know?"),
        LONGEST_NOTICE,
        _("It stands at the top of the page, such as “Closed until 11 January while the hall is painted.” Up to 300 letters."),
    )

    def validate_alert(self, field: Field) -> None:
        """Raises `ValidationError` in words for a pause without a word about it."""
        if self.status.data == Status.TEMPORARILY_CLOSED and not field.data:
            raise ValidationError(gettext("Say why it is closed, and when it opens again if you know"))


class OpenPage(Writing):
    """Whether it is open."""

    def __init__(self, record: ServiceRecord, offer: Offer, posted: Posted | None = None) -> None:
        super().__init__(record, offer, posted)
        self.form = OpenForm(posted, data={"status": record.status, "alert": record.alert})

    @property
    def forms(self) -> tuple[Form, ...]:
        """The one form."""
        return (self.form,)

    @property
    def is_ending(self) -> bool:
        """Whether it is said to have ended."""
        return bool(self.form.status.data == ENDED)

    def result(self) -> ServiceRecord:
        """The record open, paused or ended."""
        return msgspec.structs.replace(self.record, status=self.form.status.data, alert=self.form.alert.data or "")
