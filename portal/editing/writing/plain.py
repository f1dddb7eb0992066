"""The pages that are one plain form each: what it is called and does, and who can use it."""

from __future__ import annotations

from typing import Final

import msgspec
from wtforms import Field, Form, SelectMultipleField, StringField, ValidationError

from portal.directory.record import ServiceRecord
from portal.editing.writing.fields import line, one_line_of, paragraphs
from portal.editing.writing.page import Offer, Writing
from portal.editing.writing.rows import Posted
from portal.i18n.text import gettext
from portal.i18n.text import lazy_gettext as _
from portal.ui.choices import SelectChoice

LONGEST_NAME: Final = 100
LONGEST_DESCRIPTION: Final = 2_000
LONGEST_WHO: Final = 500
OLDEST: Final = 120


class AboutForm(Form):
    """What it is called and what it does."""

    name = line(
        _("What is it called?"),
        LONGEST_NAME,
        _("The name that people know, such as “Knit and natter”. Up to 100 letters."),
        _("Write what it is called"),
    )
    description = paragraphs(
        _("What happens there, and how does it help?"),
        LONGEST_DESCRIPTION,
        _("Write as you would tell a neighbour, in short sentences. The first two are shown in search. Up to 2,000 letters."),
        _("Write what it does, in a sentence or two"),
    )


class WhoForm(Form):
    """Who can use it."""

    who_for = SelectMultipleField(
        _("Who is it for? (optional)"), description=_("Tick nothing if it is for everybody."), validate_choice=False
    )
    minimum_age = StringField(_("Youngest age (optional)"), description=_("In years, such as 18."), filters=[one_line_of])
    maximum_age = StringField(_("Oldest age (optional)"), filters=[one_line_of])
    eligibility = paragraphs(
        _("Who can use it, in your words (optional)"),
        LONGEST_WHO,
        _("Such as “You can come if you live in Eastmoor and are over 60.” Up to 500 letters."),
    )

    def validate_minimum_age(self, field: Field) -> None:
        """Raises `ValidationError` in words for what is no age."""
        if field.data and age_of(field.data) is None:
            raise ValidationError(gettext("Write an age in years, such as 18, or leave it empty"))

    def validate_maximum_age(self, field: Field) -> None:
        """Raises `ValidationError` in words for what is no age, or is younger than the youngest."""
        self.validate_minimum_age(field)
        youngest, oldest = age_of(self.minimum_age.data or ""), age_of(field.data or "")
        if youngest is not None and oldest is not None and oldest < youngest:
            raise ValidationError(gettext("The oldest age is lower than the youngest. Write a higher one."))


class AboutPage(Writing):
    """Name and description."""

    def __init__(self, record: ServiceRecord, offer: Offer, posted: Posted | None = None) -> None:
        super().__init__(record, offer, posted)
        self.form = AboutForm(posted, data={"name": record.name, "description": record.description})

    @property
    def forms(self) -> tuple[Form, ...]:
        """The one form."""
        return (self.form,)

    def result(self) -> ServiceRecord:
        """The record with its name and description."""
        return msgspec.structs.replace(self.record, name=self.form.name.data, description=self.form.description.data)


class WhoPage(Writing):
    """Whom it is for."""

    def __init__(self, record: ServiceRecord, offer: Offer, posted: Posted | None = None) -> None:
        super().__init__(record, offer, posted)
        ages = {"minimum_age": shown_age(record.minimum_age), "maximum_age": shown_age(record.maximum_age)}
        self.form = WhoForm(posted, data={"who_for": list(record.who_for), "eligibility": record.eligibility, **ages})
        self.form.who_for.choices = [SelectChoice(it.id, gettext(it.label)) for it in offer.taxonomy.audiences.values()]

    @property
    def forms(self) -> tuple[Form, ...]:
        """The one form."""
        return (self.form,)

    def result(self) -> ServiceRecord:
        """The record with whom it is for."""
        chosen = set(self.form.who_for.data or ())
        same = chosen == set(self.record.who_for)
        return msgspec.structs.replace(
            self.record,
            who_for=self.record.who_for if same else tuple(each for each in self.offer.taxonomy.audiences if each in chosen),
            minimum_age=age_of(self.form.minimum_age.data or ""),
            maximum_age=age_of(self.form.maximum_age.data or ""),
            eligibility=self.form.eligibility.data,
        )


def age_of(typed: str) -> float | None:
    """Years, of what was typed; None for what is none. Half years count, as playgroups have them."""
    plain = typed.replace(",", ".")
    try:
        years = float(plain) if len(plain) <= len("12.25") and not plain.startswith("+") else -1.0
    except ValueError:
        return None
    return years if 0 <= years <= OLDEST else None


def shown_age(years: float | None) -> str:
    """An age as it stands in its box."""
    return "" if years is None else f"{years:g}"
