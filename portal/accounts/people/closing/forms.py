"""The form with which somebody closes their own account: posted or empty in, a tick or a message in words out."""

from __future__ import annotations

from wtforms import BooleanField, Form, ValidationError

from portal.i18n.text import gettext
from portal.i18n.text import lazy_gettext as _


class CloseForm(Form):
    """Are they sure?"""

    is_sure = BooleanField(_("Yes, close my account"))

    def validate_is_sure(self, field: BooleanField) -> None:
        """It is ticked. Raises `ValidationError` in words."""
        if not field.data:
            raise ValidationError(gettext("Tick the box if you want to close your account"))
