"""The forms of what if: what was typed in, an imagined service or messages in words out. No database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

from werkzeug.datastructures import MultiDict
from wtforms import Form, RadioField, SelectField, SelectMultipleField, StringField, ValidationError

from portal.i18n.text import gettext, marked
from portal.i18n.text import lazy_gettext as _
from portal.insight.what_if import HOURS_A_WEEK, Imagined
from portal.taxonomy.terms import Taxonomy
from portal.typed import one_line
from portal.ui.choices import SelectChoice

EVERYWHERE: Final = "all"  # instead of a locality; it can be none's slug, for that page is another
LONGEST_NUMBER: Final = 20
LONGEST_NAME: Final = 200


class How(StrEnum):
    """How people have the imagined service."""

    PLACE = "place"
    REMOTE = "remote"


TICKS: Final[Mapping[str, str]] = {
    "free": marked("It is free"),
    "step_free": marked("It is step-free"),
    "evening": marked("It is open in the evening, after 5.30pm"),
    "weekend": marked("It is open at the weekend"),
}


class AddForm(Form):
    """A service that there is not. Make one with `add_form`, which says what is offered."""

    needs: frozenset[str] = frozenset()
    localities: tuple[str, ...] = ()
    codes: frozenset[str] = frozenset()
    need = SelectField(_("Which kind of help would it give?"), validate_choice=False)
    also = SelectField(_("Would it give another kind too? (optional)"), validate_choice=False)
    where = SelectField(_("Which area would it be for?"), validate_choice=False)
    how = RadioField(_("How would people have it?"), validate_choice=False)
    hours = StringField(
        _("How many hours a week would it be open?"),
        description=_("Only for a place that people go to, such as 3 or 7.5."),
        filters=[lambda typed: one_line(typed or "", LONGEST_NUMBER)],
    )
    ticks = SelectMultipleField(_("What else? (optional)"), validate_choice=False)
    speaks = SelectMultipleField(_("In which languages, besides English? (optional)"), validate_choice=False)

    def validate_need(self, field: SelectField) -> None:
        """One that there is. Raises `ValidationError` in words."""
        if field.data not in self.needs:
            raise ValidationError(gettext("Choose which kind of help it would give."))

    def validate_also(self, field: SelectField) -> None:
        """One that there is, or none. Raises `ValidationError` in words."""
        if field.data and field.data not in self.needs:
            raise ValidationError(gettext("Choose one from the list, or leave it empty."))

    def validate_where(self, field: SelectField) -> None:
        """A locality, or all. Raises `ValidationError` in words."""
        if field.data not in (EVERYWHERE, *self.localities):
            raise ValidationError(gettext("Choose which area it would be for."))

    def validate_how(self, field: RadioField) -> None:
        """One way or the other. Raises `ValidationError` in words."""
        if field.data not in set(How):
            raise ValidationError(gettext("Choose how people would have it."))

    def validate_hours(self, field: StringField) -> None:
        """Hours of a place in a week. Raises `ValidationError` in words."""
        if self.how.data == How.PLACE and not 0 < (hours_in(field.data or "") or 0) <= HOURS_A_WEEK:
            raise ValidationError(gettext("Write how many hours a week, as a number up to %(most)s, such as 7.5.", most=HOURS_A_WEEK))

    def validate_ticks(self, field: SelectMultipleField) -> None:
        """Only what is offered. Raises `ValidationError` in words."""
        if not set(field.data or ()) <= set(TICKS):
            raise ValidationError(gettext("Tick only what is in the list."))

    def validate_speaks(self, field: SelectMultipleField) -> None:
        """Only what is offered. Raises `ValidationError` in words."""
        if not set(field.data or ()) <= self.codes:
            raise ValidationError(gettext("Tick only what is in the list."))

    @property
    def imagined(self) -> Imagined:
        """The service of a valid form. One for all areas that people go to has a place in each."""
        is_place, is_everywhere = self.how.data == How.PLACE, self.where.data == EVERYWHERE
        there = self.localities if is_everywhere else (str(self.where.data),)
        return Imagined(
            needs=frozenset(filter(None, (self.need.data, self.also.data))),
            named=frozenset() if is_everywhere else frozenset(there),
            places=dict.fromkeys(there, 1) if is_place else {},
            hours=hours_in(self.hours.data or "") or 0.0 if is_place else 0.0,
            remote=not is_place,
            languages=frozenset(self.speaks.data or ()),
            **{name: name in (self.ticks.data or ()) for name in TICKS},
        )


class RemoveForm(Form):
    """A service that there is, by its name or the address of its page."""

    service = StringField(
        _("Which service?"),
        description=_("Write its name, or copy the address of its page here."),
        filters=[lambda typed: one_line(typed or "", LONGEST_NAME)],
    )

    def validate_service(self, field: StringField) -> None:
        """Something. Raises `ValidationError` in words."""
        if not field.data:
            raise ValidationError(gettext("Write the name of a service, or copy the address of its page."))

    def refuse(self) -> None:
        """Say that no service that is counted is called that."""
        self.service.errors = [gettext("We count no service of this name. Check how it is written, or copy the address of its page.")]


def add_form(taxonomy: Taxonomy, localities: Mapping[str, str], languages: Mapping[str, str], asked: MultiDict[str, str] | None) -> AddForm:
    """The form for these localities (names by slug) and languages (names by code), filled from what was asked."""
    form = AddForm(asked, data={"how": How.PLACE.value})
    form.needs, form.localities, form.codes = frozenset(taxonomy.needs), tuple(localities), frozenset(languages)
    needs = [SelectChoice(key, label) for key, label in _needs(taxonomy)]
    form.need.choices = [SelectChoice("", _("Choose one")), *needs]
    form.also.choices = [SelectChoice("", _("No other kind")), *needs]
    areas = [SelectChoice(slug, name) for slug, name in localities.items()]
    form.where.choices = [SelectChoice("", _("Choose one")), *areas, SelectChoice(EVERYWHERE, _("Every area"))]
    form.how.choices = [
        SelectChoice(How.PLACE.value, _("They go to a place in that area")),
        SelectChoice(How.REMOTE.value, _("It comes to their home, or is by phone or online")),
    ]
    form.ticks.choices = [SelectChoice(name, _(label)) for name, label in TICKS.items()]
    form.speaks.choices = [SelectChoice(code, name) for code, name in languages.items()]
    return form


def hours_in(typed: str) -> float | None:
    """The number of hours that was typed, whole or with a decimal point or comma; None for anything else."""
    text = typed.replace(",", ".")
    whole, _point, part = text.partition(".")
    is_number = text.isascii() and whole.isdecimal() and (part.isdecimal() or not part)
    return float(text) if is_number else None


def _needs(taxonomy: Taxonomy) -> Iterable[tuple[str, str]]:
    """Every need after the name of its group, in the order of the taxonomy."""
    for group, needs in taxonomy.needs_by_group.items():
        for need in needs:
            yield need.id, gettext("%(group)s: %(need)s", group=gettext(taxonomy.groups[group].label), need=gettext(need.label))
