"""The form with which somebody asks: what they may choose from and what was posted in, a draft or messages in words out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import phonenumbers
from phonenumbers import PhoneNumberFormat
from werkzeug.datastructures import MultiDict
from wtforms import Form, RadioField, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.validators import Email, InputRequired, Length

from portal.i18n.text import gettext
from portal.i18n.text import lazy_gettext as _
from portal.sharing.asking.draft import MOST_IN_A_DAY, MOST_RECIPIENTS, Draft
from portal.sharing.asking.recipients import Recipient
from portal.sharing.asking.shared import ANSWERS, GOOD, SERVICES, STEPS, Told
from portal.signposting.counting import locality_of
from portal.typed import lines, one_line
from portal.ui.choices import SelectChoice

LONGEST_MESSAGE: Final = 400
LONGEST_LINE: Final = 120
NO_CALLS: Final = "no-calls"
SECTION_LABELS: Final = {
    ANSWERS: _("What I told you: my answers"),
    GOOD: _("What is already good"),
    STEPS: _("My small steps"),
    SERVICES: _("Which services are on my plan"),
}
UNTIL_LABELS: Final = {30: _("30 days"), 90: _("90 days")}


@dataclass(frozen=True)
class Offer:
    """What there is to choose from. `asked` are recipients who have been asked and have not answered; `left` requests today."""

    recipients: tuple[Recipient, ...]
    told: Told
    left: int
    language: str
    asked: tuple[str, ...] = ()

    @property
    def wants_no_calls(self) -> bool:
        """Whether somebody said that they do not want to be telephoned."""
        return NO_CALLS in self.told.answers.ways


class AskForm(Form):
    """Whom to ask, how to be reached, what they may see and until when. `offer` is set by `ask_form`."""

    offer: Offer
    to = SelectMultipleField(_("Who should get in touch?"), validate_choice=False)
    name = StringField(_("Your name (optional)"), filters=[lambda typed: one_line(typed or "", LONGEST_LINE)])
    phone = StringField(
        _("Your phone number"),
        description=_("One on which it is safe to ring you."),
        filters=[lambda typed: one_line(typed or "", LONGEST_LINE)],
    )
    email = StringField(
        _("Your e-mail"),
        description=_("One that only you read. We write to it when there is an answer."),
        filters=[lambda typed: one_line(typed or "", 2 * LONGEST_LINE)],
    )
    share = SelectMultipleField(_("What else may they see?"), validate_choice=False)
    until = RadioField(
        _("How long may they see it?"),
        choices=[SelectChoice(str(days), label) for days, label in UNTIL_LABELS.items()],
        default="30",
        validators=[InputRequired(_("Choose how long they may see it"))],
    )
    message = TextAreaField(
        _("Anything to add? (optional)"),
        description=_("Up to 400 letters."),
        filters=[lambda typed: lines(typed or "", 4 * LONGEST_MESSAGE)],
        validators=[Length(max=LONGEST_MESSAGE, message=_("Use 400 letters or fewer"))],
    )

    def validate_to(self, _field: SelectMultipleField) -> None:
        """Somebody, not too many, and not too often. Raises `ValidationError` in words."""
        number = len(self.chosen)
        if not number:
            raise ValidationError(gettext("Choose who should get in touch."))
        if number > MOST_RECIPIENTS:
            raise ValidationError(gettext("Choose %(most)s at most.", most=MOST_RECIPIENTS))
        if number > self.offer.left:
            raise ValidationError(gettext("You can ask %(most)s in a day. Ask the others tomorrow, or ring us.", most=MOST_IN_A_DAY))

    def validate_phone(self, field: StringField) -> None:
        """A number, if any; some way to be reached. Raises `ValidationError` in words."""
        if field.data and not phone_number(field.data):
            raise ValidationError(gettext("Write a phone number like 07700 900123."))
        if not field.data and not self.email.data and not self.offer.wants_no_calls:
            raise ValidationError(gettext("Write a phone number or an e-mail address, so that they can reach you."))

    def validate_email(self, field: StringField) -> None:
        """An address, if any; there must be one for somebody who is not to be telephoned. Raises `ValidationError` in words."""
        if field.data:
            Length(max=LONGEST_LINE, message=gettext("That e-mail address is too long"))(self, field)
            Email(gettext("Write an e-mail address like name@example.com, or leave it empty"))(self, field)
        elif self.offer.wants_no_calls:
            raise ValidationError(gettext("You asked for no phone calls. Write an e-mail address, so that they can reach you."))

    @property
    def chosen(self) -> tuple[Recipient, ...]:
        """Recipients that are ticked and on offer."""
        return tuple(one for one in self.offer.recipients if one.key in (self.to.data or ()))

    def draft(self, today: date) -> Draft:
        """What would be sent today; of a valid form."""
        told = self.offer.told
        reach = told.reach(self.name.data or "", phone_number(self.phone.data or ""), self.email.data or "", self.offer.language)
        shared = told.share(reach, self.message.data or "", tuple(self.share.data or ()))
        return Draft(self.chosen, shared, today + timedelta(days=int(self.until.data)), locality_of(self.offer.told.plan.here))


def ask_form(offer: Offer, posted: MultiDict[str, str] | None = None) -> AskForm:
    """The form for what is on offer, as posted or empty."""
    form = AskForm(posted)
    form.offer = offer
    form.share.choices = [SelectChoice(section, SECTION_LABELS[section]) for section in offer.told.sections()]
    if offer.wants_no_calls:
        form.phone.description = gettext("You asked for no phone calls. They will see that.")
    form.to.choices = [SelectChoice(one.key, one.name) for one in offer.recipients]
    return form


def phone_number(typed: str) -> str:
    """A number as it is written in Britain, or with its country's code; empty for what is none. Drama numbers count."""
    try:
        number = phonenumbers.parse(typed, "GB")
    except phonenumbers.NumberParseException:
        return ""
    form = PhoneNumberFormat.NATIONAL if number.country_code == 44 else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, form) if phonenumbers.is_possible_number(number) else ""
