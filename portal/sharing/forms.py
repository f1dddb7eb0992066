"""What the forms of my list may hold: a posted form in, services, a note and a way back out, or messages in words."""

from __future__ import annotations

import re
import uuid
from typing import Final

from werkzeug.datastructures import MultiDict
from wtforms import Field, Form, HiddenField, TextAreaField, ValidationError

from portal.i18n.text import gettext, lazy_gettext, ngettext
from portal.sharing.my_list import LONGEST_NOTE, MOST_SERVICES, clean_note

# A path and nothing that a browser could read as the beginning of another site's address: it takes "\" for "/" and drops tabs.
_OWN_PATH: Final = re.compile(r"/(?:(?!/)[!-\[\]-~]{1,2000})?")


def own_path(text: str | None) -> str:
    """`text` if it is a path of this site, else nothing."""
    return text if text and _OWN_PATH.fullmatch(text) else ""


class ServicesField(Field):
    """One or more service ids under one name, as many as a list holds."""

    data: tuple[uuid.UUID, ...]

    def process_formdata(self, valuelist: list[str]) -> None:
        """Ids from text. Raises `ValueError`, which WTForms makes a message, for what is not an id."""
        if not 1 <= len(valuelist) <= MOST_SERVICES:
            raise ValueError(gettext("Choose a service."))
        self.data = tuple(dict.fromkeys(uuid.UUID(value) for value in valuelist))


class KeepForm(Form):
    """Services to keep or to drop, and the path to go back to."""

    service = ServicesField(default=())
    back = HiddenField(filters=[own_path])


class NoteForm(Form):
    """A note to self about one service."""

    service = ServicesField(default=())
    note = TextAreaField(
        lazy_gettext("My note"),
        description=lazy_gettext("Up to 140 letters. To take a note away, leave this empty."),
        filters=[clean_note],
    )

    def validate_note(self, field: TextAreaField) -> None:
        """A note fits on a line or two. Raises `ValidationError` in words."""
        length = len(field.data or "")
        if length > LONGEST_NOTE:
            raise ValidationError(
                ngettext(
                    "Your note has %(num)s letter. Use %(most)s or fewer.",
                    "Your note has %(num)s letters. Use %(most)s or fewer.",
                    length,
                    most=LONGEST_NOTE,
                )
            )


def note_form(service_id: uuid.UUID, note: str = "", posted: MultiDict[str, str] | None = None) -> NoteForm:
    """The form for one service's note, as posted or as kept; its field has an id of its own on the page."""
    form = NoteForm(posted, note=note)
    form.note.id = f"note-{service_id}"
    return form
