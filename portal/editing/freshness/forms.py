"""Forms of freshness: what is posted in, answers about services, a call or a number out, or messages in words.

Nothing is ever chosen beforehand: what is confirmed was chosen by a person.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Form, RadioField, StringField, TextAreaField, ValidationError
from wtforms.form import BaseForm
from wtforms.validators import InputRequired, Length

from portal.editing.freshness.operations import Answers
from portal.i18n.text import gettext
from portal.i18n.text import lazy_gettext as _
from portal.signposting.advising.texting import mobile_number
from portal.typed import lines, one_line
from portal.ui.choices import SelectChoice

RIGHT: Final = "right"
CHANGED: Final = "changed"
CLOSED: Final = "closed"
RANG: Final = "rang"
NOBODY: Final = "nobody"
LONGEST_NOTE: Final = 300
LONGEST_NUMBER: Final = 40
_ALL: Final = "all"
_ANSWERS: Final = {
    RIGHT: _("Yes, all of this is right"),
    CHANGED: _("Something has changed"),
    CLOSED: _("It has closed"),
}


class AnswersForm(BaseForm):
    """One question for each service, and a tick for all of them."""

    def __init__(self, names: Mapping[uuid.UUID, str], posted: MultiDict[str, str] | None = None) -> None:
        fields: dict[str, Any] = {_ALL: BooleanField(_("All of the listings below are right"))} if len(names) > 1 else {}
        fields |= {_field(service_id): _question(name) for service_id, name in names.items()}
        super().__init__(fields)
        self._ids = tuple(names)
        self.process(posted)

    @property
    def chosen(self) -> Mapping[uuid.UUID, str]:
        """What was answered, by service; an answer of its own counts before the tick for all."""
        everything = RIGHT if _ALL in self and self[_ALL].data else ""
        own = {service_id: self[_field(service_id)].data for service_id in self._ids}
        said = {service_id: answer if answer in _ANSWERS else everything for service_id, answer in own.items()}
        return {service_id: answer for service_id, answer in said.items() if answer}

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Whether anything was answered."""
        del extra_validators
        if not self.chosen and self._ids:
            self[_field(self._ids[0])].errors = [gettext("Choose an answer for at least one of them.")]
        return bool(self.chosen)

    def answers(self) -> Answers:
        """What of it can be done now."""
        chosen = self.chosen.items()
        return Answers(frozenset(one for one, it in chosen if it == RIGHT), frozenset(one for one, it in chosen if it == CLOSED))

    @property
    def wants_to_change(self) -> bool:
        """Whether something has changed: that is written after signing in."""
        return CHANGED in self.chosen.values()

    def question(self, service_id: uuid.UUID) -> Any:
        """The field of one service."""
        return self[_field(service_id)]


def _field(service_id: uuid.UUID) -> str:
    return f"service-{service_id}"


def _question(name: str) -> RadioField:
    choices = [SelectChoice(value, label) for value, label in _ANSWERS.items()]
    return RadioField(gettext("%(name)s: is it right?", name=name), choices=choices, validate_choice=False)


class CallForm(Form):
    """What came of a call."""

    outcome = RadioField(
        _("What came of it?"),
        choices=[
            SelectChoice(RANG, _("I rang them today: all of it is right")),
            SelectChoice(NOBODY, _("I could not reach them")),
        ],
        validators=[InputRequired(_("Choose what came of it"))],
    )
    note = TextAreaField(
        _("A note for your colleagues (optional)"),
        description=_("Up to 300 letters. Please leave out private things about people."),
        filters=[lambda typed: lines(typed or "", 2 * LONGEST_NOTE)],
        validators=[Length(max=LONGEST_NOTE, message=_("Use 300 letters or fewer"))],
    )


class MobileForm(Form):
    """A number for text messages; none to have none."""

    number = StringField(
        _("Your mobile number"),
        description=_("Leave it empty to get no text messages."),
        filters=[lambda typed: one_line(typed or "", LONGEST_NUMBER)],
    )

    def validate_number(self, field: StringField) -> None:
        """A mobile number, if any. Raises `ValidationError` in words."""
        if field.data and not mobile_number(field.data):
            raise ValidationError(gettext("Write a mobile number like 07700 900123."))
